"""The window of key frames: states of a lab in order, and the film that passes through them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QCloseEvent
from PyQt6.QtWidgets import (
    QDialog,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from zoetrope.core.caption import value_in_words
from zoetrope.core.key_frames import LONGEST, MOST, SHORTEST, KeyFrame
from zoetrope.core.on_the_way import EASINGS
from zoetrope.core.parameters import ParameterError, Parameters
from zoetrope.gui.dialog_buttons import DialogButtons
from zoetrope.gui.lab_page import LabPage
from zoetrope.gui.language import later, say
from zoetrope.gui.option_box import option_box
from zoetrope.gui.slider import Slider

TICKS = 1000  # of the slider over the film
TICK_MS = 33
MOST_CHANGES = 3  # that a line of the list names
HOW = "Set the lab as the film begins and add that; then set it anew and add again."


class KeyFramesDialog(QDialog):
    """Edits the key frames of a lab's page; the lab itself shows what the slider is at.

    `changed` comes when there are other key frames; `export_asked` when the film is to be written.
    """

    changed = pyqtSignal()
    export_asked = pyqtSignal()

    def __init__(
        self,
        page: LabPage,
        title: str,
        parent: QWidget | None = None,
        *,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("key_frames")
        self.setWindowTitle(say("Key frames of {title}", title=title))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._page, self._clock = page, clock
        self._began = 0.0
        self._before: Parameters | None = None  # what was shown before the film was looked at
        self._seen: Parameters | None = None  # what of the film was shown last
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._build()
        self._list(0)
        self.resize(560, 430)

    # -- building --------------------------------------------------------------------------------

    def _build(self) -> None:
        self.frames = QListWidget()
        self.frames.setAccessibleName(say("Key frames"))
        self.frames.setWordWrap(True)
        self.frames.setSpacing(3)
        self.frames.currentRowChanged.connect(self._chosen)
        self.frames.itemActivated.connect(lambda _item: self._jump())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(10)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(self.frames, 1)
        middle.addLayout(self._edits())
        layout.addLayout(middle, 1)
        layout.addLayout(self._passing())
        layout.addLayout(self._scrubbing())
        self.message = QLabel()
        self.message.setWordWrap(True)
        layout.addWidget(self.message)
        buttons = DialogButtons(say("Progress"))
        buttons.add(say("Close"), self.reject)
        self.export = buttons.add(
            say("&Export the film…"),
            self._export,
            tip=say("As GIF, WebP, APNG, MP4 or PNG frames"),
            default=True,
        )
        layout.addLayout(buttons)

    def _edits(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(6)
        self.add = self._button(
            say("&Add this state"), self._add, say("The lab as it stands, behind the one chosen")
        )
        self.replace = self._button(
            say("&Set to this state"), self._replace, say("Let the one chosen be the lab as it is")
        )
        self.up = self._button(say("&Up"), lambda: self._move(-1), say("Earlier in the film"))
        self.down = self._button(say("&Down"), lambda: self._move(1), say("Later in the film"))
        self.remove = self._button(say("&Remove"), self._remove, say("Take it out of the film"))
        for button in (self.add, self.replace, self.up, self.down, self.remove):
            column.addWidget(button)
        column.addStretch(1)
        return column

    def _button(self, words: str, do: Callable[[], object], tip: str) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.setToolTip(tip)
        button.clicked.connect(lambda: do())
        return button

    def _passing(self) -> QGridLayout:
        """Return how the key frame that is chosen passes into the next."""
        self.seconds = QDoubleSpinBox()
        self.seconds.setRange(SHORTEST, LONGEST)
        self.seconds.setDecimals(1)
        self.seconds.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        self.seconds.setSuffix(" s")
        self.seconds.setKeyboardTracking(False)
        self.seconds.setAccessibleName(say("Seconds to the next key frame"))
        self.seconds.valueChanged.connect(lambda s: self._edit(lambda f: replace(f, seconds=s)))
        self.easing = option_box(say("How it passes"), {k: w for k, (w, _) in EASINGS.items()})
        self.easing.currentIndexChanged.connect(
            lambda _: self._edit(lambda f: replace(f, easing=self.easing.currentData()))
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        for column, (words, widget) in enumerate(
            ((say("To the ne&xt"), self.seconds), (say("&Passing"), self.easing))
        ):
            label = QLabel(words)
            label.setBuddy(widget)
            grid.addWidget(label, 0, 2 * column)
            grid.addWidget(widget, 0, 2 * column + 1)
        grid.setColumnStretch(3, 1)
        return grid

    def _scrubbing(self) -> QHBoxLayout:
        self.play = self._button(say("P&lay"), self._toggle, say("Show the film in the lab"))
        self.scrubber = Slider(TICKS, parent=self)
        self.scrubber.setAccessibleName(say("Place in the film"))
        self.scrubber.valueChanged.connect(self._scrubbed)
        self.scrubber.stepped.connect(
            lambda steps: self._show(self._second + steps * TICK_MS / 1000)
        )
        self.time = QLabel()
        row = QHBoxLayout()
        for widget, stretch in ((self.play, 0), (self.scrubber, 1), (self.time, 0)):
            row.addWidget(widget, stretch)
        return row

    # -- the list --------------------------------------------------------------------------------

    def _list(self, row: int) -> None:
        """List the key frames, each with what it changes, and choose one."""
        self._pause()
        frames = self._page.key_frames
        self.frames.blockSignals(True)
        self.frames.clear()
        before: Parameters | None = None
        for number, frame in enumerate(frames, 1):
            self.frames.addItem(f"{number}. {changes_in_words(before, frame.parameters)}")
            before = frame.parameters
        self.frames.setCurrentRow(min(max(row, 0), len(frames) - 1))
        self.frames.blockSignals(False)
        self._second = 0.0
        self._chosen()

    @property
    def _row(self) -> int:
        return self.frames.currentRow()

    def _chosen(self) -> None:
        """Show what can be done with the key frame that is chosen."""
        frames, row = self._page.key_frames, self._row
        film = self._page.film
        self.add.setEnabled(len(frames) < MOST)
        for widget, on in (
            (self.replace, row >= 0),
            (self.remove, row >= 0),
            (self.up, row > 0),
            (self.down, 0 <= row < len(frames) - 1),
            (self.seconds, 0 <= row < len(frames) - 1),
            (self.easing, 0 <= row < len(frames) - 1),
            (self.play, film is not None),
            (self.scrubber, film is not None),
            (self.export, film is not None),
        ):
            widget.setEnabled(on)
        if row >= 0:
            for control in (self.seconds, self.easing):
                control.blockSignals(True)
            self.seconds.setValue(frames[row].seconds)
            self.easing.setCurrentIndex(self.easing.findData(frames[row].easing))
            for control in (self.seconds, self.easing):
                control.blockSignals(False)
        self._say("" if film is not None else say(HOW))
        self._show_time()

    def _put(self, frames: list[KeyFrame], row: int) -> None:
        if self._page.parameters != self._seen:
            self._before = None  # the lab was set anew, and stays so
        self._page.key_frames = tuple(frames)
        self._list(row)
        self.changed.emit()

    def _add(self) -> None:
        frames = list(self._page.key_frames)
        frames.insert(self._row + 1, KeyFrame(self._page.parameters))
        self._put(frames, self._row + 1)

    def _replace(self) -> None:
        self._edit(lambda frame: replace(frame, parameters=self._page.parameters))

    def _edit(self, change: Callable[[KeyFrame], KeyFrame]) -> None:
        frames, row = list(self._page.key_frames), self._row
        if row >= 0:
            frames[row] = change(frames[row])
            self._put(frames, row)

    def _remove(self) -> None:
        frames, row = list(self._page.key_frames), self._row
        del frames[row]
        self._put(frames, row)

    def _move(self, by: int) -> None:
        frames, row = list(self._page.key_frames), self._row
        frames.insert(row + by, frames.pop(row))
        self._put(frames, row + by)

    # -- looking at the film ---------------------------------------------------------------------

    def _jump(self) -> None:
        """Show the key frame that is chosen in the lab."""
        film = self._page.film
        if film is not None:
            self._show(film.starts[self._row])

    def _toggle(self) -> None:
        if self._timer.isActive():
            self._pause()
            return
        film = self._page.film
        if film is None:
            return
        self._began = self._clock() - (self._second if self._second < film.duration else 0.0)
        self.play.setText(say("Pa&use"))
        self._timer.start()

    def _pause(self) -> None:
        self._timer.stop()
        self.play.setText(say("P&lay"))

    def _tick(self) -> None:
        film = self._page.film
        seconds = self._clock() - self._began
        self._show(seconds)
        if film is None or seconds >= film.duration:
            self._pause()

    def _scrubbed(self, tick: int) -> None:
        film = self._page.film
        self._pause()
        if film is not None:
            self._show(film.duration * tick / TICKS)

    def _show(self, seconds: float) -> None:
        """Show a moment of the film in the lab; it is no step of undo."""
        film = self._page.film
        if film is None:
            return
        self._second = min(max(seconds, 0.0), film.duration)
        if self._before is None or self._page.parameters != self._seen:
            self._before = self._page.parameters
        try:
            shown = film.at(self._second)
        except ParameterError as error:
            self._say(say(str(error)))
            self._pause()
        else:
            self._page.set_parameters(shown, later("Key frames"), undoable=False)
            self._seen = shown
        self.scrubber.show_position(round(TICKS * self._second / film.duration))
        self._show_time()

    def _show_time(self) -> None:
        film = self._page.film
        whole = 0.0 if film is None else film.duration
        text = say("{second:.1f} of {whole:.1f} s", second=self._second, whole=whole)
        self.time.setText(text)

    def _say(self, text: str) -> None:
        self.message.setText(text)
        self.message.setVisible(bool(text))

    # -- the end ---------------------------------------------------------------------------------

    def _export(self) -> None:
        self._pause()
        self.export_asked.emit()

    def done(self, result: int) -> None:
        """Stop, and leave the lab as it was before the film was looked at, or as it was set."""
        self._pause()
        if self._before is not None and self._page.parameters == self._seen:
            self._page.set_parameters(self._before, later("Key frames"), undoable=False)
        self._before = None
        super().done(result)

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Closing by the window's cross is the same as Close."""
        self.done(0)
        super().closeEvent(event)


def changes_in_words(before: Parameters | None, parameters: Parameters) -> str:
    """Say what a key frame changes, as "L = 2 m, d = 1 m"; the first one changes the defaults."""
    since = type(parameters)() if before is None else before
    declarations = parameters.declarations()
    words = [
        say(value_in_words(declarations[name], getattr(parameters, name), brief=True))
        for name in parameters.changes(since)
    ]
    if not words:
        return say("The defaults") if before is None else say("No change")
    more = len(words) - MOST_CHANGES
    rest = [say("{count} more", count=more)] if more > 0 else []
    return ", ".join([*words[:MOST_CHANGES], *rest])
