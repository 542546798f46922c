"""What the engine made, on a page: a frame with all that belongs to it, or a failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtWidgets import QWidget

from zoetrope.core.failure import Failure
from zoetrope.core.figure import Figure
from zoetrope.core.items import Handle
from zoetrope.core.lab import Frame, Notice
from zoetrope.core.parameters import Parameters
from zoetrope.gui.language import said_frame, say_all
from zoetrope.gui.message import Severity
from zoetrope.gui.row import Row

if TYPE_CHECKING:
    from zoetrope.gui.lab_page import LabPage

_WEIGHT = {"info": 0, "warning": 1, "error": 2}


class FrameView:
    """Holds the newest frame of a page and hands it to the page's parts.

    `frame` is as the lab made it, `shown` with the ghosts of what is pinned, `parameters` are what
    it belongs to; all are None before the first. `failure` is why there is no newer one. `linked`
    are the values that follow in it.
    """

    def __init__(self, page: LabPage) -> None:
        self._page = page
        self.frame: Frame | None = None
        self.shown: Frame | None = None
        self.parameters: Parameters | None = None
        self.failure: Failure | None = None
        self.linked: dict[str, float] = {}
        self._stops: list[tuple[str, str]] = []  # panels and handles, as they were put in order
        self._failed: tuple[Row, str, str] | None = None  # the row of a failure, words, details
        self._later = QTimer(page)  # when what was unfolded has its place
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._look_for_row)

    def show(self, frame: Frame, parameters: Parameters) -> None:
        """Show a frame that belongs to some parameters; one without a picture leaves the old."""
        if not frame.figure.panels:
            return
        page = self._page
        self.frame, self.parameters, self.failure = frame, parameters, None
        page.pins.follow()
        self.shown = page.pins.under(frame, parameters)
        self._hand_out(said_frame(self.shown))
        self._show_pins()
        if parameters != page.parameters:
            page.canvas.set_stale(True)

    def show_ghosts(self) -> None:
        """Show the picture with the ghosts that there are now."""
        if self.frame is not None and self.parameters is not None:
            self.shown = self._page.pins.under(self.frame, self.parameters)
            self._draw(said_frame(self.shown).figure)
        self._show_pins()

    def say_anew(self) -> None:
        """Show the same in the words of another language."""
        if self.shown is not None:
            self._hand_out(said_frame(self.shown))
            if self.failure is not None:
                self.fail(self.failure)

    def fail(self, failure: Failure) -> None:
        """Say why there is no frame: under the parameter concerned, or above the picture before,
        which stays.
        """
        page = self._page
        self.failure = failure
        page.canvas.set_stale(True)
        page.readouts.set_stale(True)
        text = say_all((failure.sentence, failure.hint), " ")
        row = page.form.rows.get(failure.parameter or "")
        if row is None or row.isHidden():  # a folded row is unfolded for a failure
            page.form.set_notices({})
            page.banner.say(text, "error", failure.details)
        else:
            page.form.set_notices({row.name: (text, "error")})
            page.banner.say("")
            self._failed = (row, text, failure.details)
            self._later.start(0)

    def _hand_out(self, frame: Frame) -> None:
        page = self._page
        page.canvas.set_stale(False)
        self._draw(frame.figure)
        page.readouts.set_readouts(frame.readouts)
        page.readouts.set_stale(False)
        self.linked = dict(frame.linked)
        page.form.set_linked(frame.linked)
        page.form.set_options(frame.options)
        page.form.set_marks(frame.marks)
        page.form.set_idle(frame.idle)
        page.form.set_unfolded(frame.unfolded)
        page.actions_box.set_actions(frame.actions)
        self._show_notices(frame.notices)

    def _draw(self, figure: Figure) -> None:
        self._page.canvas.show_figure(figure)
        self._order_stops(figure)

    def _show_pins(self) -> None:
        page = self._page
        room = page.pins.room and self.frame is not None
        page.pin_buttons.show_pins(page.pins.words(), room=room)

    def _look_for_row(self) -> None:
        """Say it above the picture too where the row is scrolled out of sight."""
        assert self._failed is not None
        row, text, details = self._failed
        said = row.message is not None and row.message.text() == text and self._page.isVisible()
        if said and row.visibleRegion().isEmpty():
            self._page.banner.say(text, "error", details)

    def _order_stops(self, figure: Figure) -> None:
        """Let the tab key come to panels and handles, which are made late, before the transport."""
        stops = [(p.name, i.key) for p in figure.panels for i in p.items if isinstance(i, Handle)]
        stops += [(panel.name, "") for panel in figure.panels]
        if stops != self._stops:
            self._stops = stops
            before: QWidget = self._page.progress.cancel_button
            for stop in self._page.canvas.findChildren(QWidget):
                if stop.focusPolicy() & Qt.FocusPolicy.TabFocus and stop.focusProxy() is None:
                    QWidget.setTabOrder(before, stop)
                    before = stop

    def _show_notices(self, notices: tuple[Notice, ...]) -> None:
        rows: dict[str, tuple[str, Severity]] = {}
        above: list[str] = []
        weight: Severity = "info"
        for notice in notices:
            row = self._row_in_sight(notice.parameter)
            if row is None:
                above.append(notice.text)
                weight = max(weight, notice.severity, key=_WEIGHT.__getitem__)
            else:
                text, severity = rows.get(row.name, ("", notice.severity))
                severity = max(severity, notice.severity, key=_WEIGHT.__getitem__)
                rows[row.name] = (f"{text} {notice.text}".strip(), severity)
        self._page.form.set_notices(rows)
        self._page.banner.say(" ".join(above), weight)

    def _row_in_sight(self, name: str | None) -> Row | None:
        """The row of a parameter, unless it is folded away or belongs to another page."""
        row = self._page.form.rows.get(name or "")
        return row if row is not None and row.isVisibleTo(self._page.form) else None
