"""The window that shows parameter sets of a lab side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from PyQt6.QtCore import QEvent, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from zoetrope.core.comparison import Compared, Comparison
from zoetrope.core.differences import told_apart
from zoetrope.core.engine import Engine
from zoetrope.core.lab import Frame, Lab
from zoetrope.core.parameters import ParameterError, Parameters
from zoetrope.core.side_by_side import (
    CHOSEN,
    MOST_SETS,
    ComparisonError,
    frames_side_by_side,
    letters,
)
from zoetrope.gui.beside import PicturesBeside
from zoetrope.gui.canvas import Canvas
from zoetrope.gui.compare_form import CompareForm, Entry
from zoetrope.gui.dialog_message import DialogMessage
from zoetrope.gui.export_dialog import ExportDialog
from zoetrope.gui.exporting import Exporter, Subject
from zoetrope.gui.language import later, said_frame, say
from zoetrope.gui.theme import appearance, current_theme

SIDE_WIDTH = 280
SIZE = (1180, 660)
SETTLED_MS = 250  # after the last change, before anything is computed
EMPTY = "The pictures appear here side by side."
_serial = count(1)


class CompareDialog(QDialog):
    """Shows 2 to 4 parameter sets of a lab side by side.

    `chosen` carries the parameters of the picture that is clicked, to go on from, and what a step
    of undo is called then; `exported` the path and the options of an export.
    """

    chosen = pyqtSignal(object, str)
    exported = pyqtSignal(object, object)

    def __init__(
        self,
        lab: Lab[Any],
        present: Parameters,
        pinned: Sequence[Parameters],
        frame: Frame,
        engine: Engine,
        exporter: Exporter,
        *,
        comparison: Comparison | None = None,
        remembered: Mapping[str, Any] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("compare")
        self.setWindowTitle(say("Compare {lab} side by side", lab=lab.title))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._lab, self._engine, self._exporter = lab, engine, exporter
        self._remembered = dict(remembered or {})
        self._sets: list[Parameters] = []
        self._shown: tuple[list[Parameters], Comparison, Frame] | None = None
        self.pictures = PicturesBeside(lab.id, f"compare{next(_serial)}", MOST_SETS, engine, self)
        self.pictures.arrived.connect(self._show)
        entries, checked = _entries(lab, present, pinned, comparison)
        panels = [(panel.name, panel.title or panel.name) for panel in frame.figure.panels]
        self.form = CompareForm(lab, present, entries, checked, panels)
        self._build()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(SETTLED_MS)
        self._later.timeout.connect(self._ask)
        self.form.changed.connect(self._later.start)
        self._ask()
        room = parent.size() if parent is not None else QSize(*SIZE)
        self.resize(QSize(*SIZE).boundedTo(room))

    # -- building --------------------------------------------------------------------------------

    def _build(self) -> None:
        self.canvas = Canvas(theme=current_theme(), empty_text=say(EMPTY))
        self.canvas.setAccessibleName(say("Pictures side by side"))
        self.canvas.edited.connect(self._clicked)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            appearance(app).changed.connect(self.canvas.set_theme)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.form)
        scroll.setFixedWidth(SIDE_WIDTH)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        upper = QHBoxLayout()
        upper.setSpacing(14)
        upper.addWidget(scroll)
        upper.addWidget(self.canvas, 1)
        self.message = DialogMessage()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(10)
        layout.addLayout(upper, 1)
        layout.addWidget(self.message)
        layout.addLayout(self._buttons())

    def _buttons(self) -> QLayout:
        self.progress = QProgressBar()
        self.progress.setAccessibleName(say("Progress of the pictures"))
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(160)
        self.progress.hide()
        self.stop = self._button(say("&Stop"), say("Stop computing these pictures"), self._stop)
        self.stop.hide()
        self._go_on = QLabel(say("Go on from"))
        row = QHBoxLayout()
        row.addWidget(self._go_on)
        self.choices = [
            self._button(f"({letter})", "", lambda number=number: self._choose(number))
            for number, letter in enumerate(letters(MOST_SETS))
        ]
        for button in self.choices:
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.progress)
        row.addWidget(self.stop)
        self.export = self._button(
            say("&Export…"), say("Write the figure or its numbers to a file"), self._export
        )
        self.export.setEnabled(False)
        row.addWidget(self.export)
        row.addWidget(self._button(say("Close"), "", self.reject))
        return row

    def _button(self, words: str, tip: str, do: Any) -> QPushButton:
        button = QPushButton(words)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: do())
        return button

    # -- pictures --------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Ask for the pictures that the form says, or say what is wrong with it."""
        try:
            self._sets = self.form.wanted()
        except (ComparisonError, ParameterError) as error:
            self._later.stop()
            self.pictures.cancel()
            self.message.tell(str(error), warn=True)
            self._show_progress()
            return
        self.message.tell("")
        self.pictures.want(self._sets)
        self._show()

    def _show(self) -> None:
        """Show the pictures once all are there; until then those before stay."""
        self._show_progress()
        named = letters(len(self._sets))
        there = list(zip(named, self._sets, self.pictures.pictures, strict=False))
        for letter, wanted, picture in there:
            if picture.failure is not None and picture.wanted == wanted:
                sentence = say(picture.failure.sentence)
                self.message.tell(
                    say("({letter}) {sentence}", letter=letter, sentence=sentence), warn=True
                )
        frames = [
            picture.frame
            for _, wanted, picture in there
            if picture.frame is not None and picture.parameters == wanted
        ]
        if not frames or len(frames) < len(self._sets):
            return
        headings = told_apart(self._lab, self._sets)
        panels = self.form.wanted_panels()
        try:
            frame = frames_side_by_side(frames, headings, panels)
        except ComparisonError as error:
            self.message.tell(str(error), warn=True)
            return
        self._shown = self._sets, Comparison.beside(self._sets, panels), frame
        self.canvas.show_figure(said_frame(frame).figure)
        self.export.setEnabled(True)
        self._go_on.show()
        for number, button in enumerate(self.choices):
            button.setVisible(number < len(headings))
            if number < len(headings):
                words = say("Go on from {heading}", heading=headings[number])
                button.setToolTip(words)
                button.setAccessibleName(words)

    def _show_progress(self) -> None:
        busy = not self.pictures.settled
        self.progress.setVisible(busy)
        self.stop.setVisible(busy)
        self.progress.setValue(round(1000 * self.pictures.progress))
        self.canvas.set_stale(busy and self._shown is not None)

    def _stop(self) -> None:
        self.pictures.cancel()
        self._show_progress()
        self.message.tell(say("Stopped. Change something to compute the pictures."))

    # -- what is done with them ------------------------------------------------------------------

    def _clicked(self, values: Mapping[str, float]) -> None:
        if CHOSEN in values:
            self._choose(round(values[CHOSEN]))

    def _choose(self, number: int) -> None:
        """Go on in the lab from one of the pictures."""
        if self._shown is not None and number < len(self._shown[0]):
            sets = self._shown[0]
            heading = told_apart(self._lab, sets)[number]
            self.chosen.emit(sets[number], later("Go on from {heading}", heading=heading))
            self.message.tell(say("The lab goes on from {heading}.", heading=heading))

    def _export(self) -> None:
        if self._shown is None:
            return
        sets, comparison, frame = self._shown
        canvas = self.canvas
        subject = Subject(
            Compared(self._lab, comparison), sets[0], frame, (canvas.width(), canvas.height()),
            canvas.theme.name, canvas.grab_image, self._engine.status().device or "cpu",
        )  # fmt: skip
        dialog = ExportDialog(self._exporter, subject, self._remembered, self)
        dialog.exported.connect(self.exported)
        dialog.open()

    def changeEvent(self, event: QEvent | None) -> None:
        """Show the pictures in the words of another language."""
        super().changeEvent(event)
        changed = event is not None and event.type() == QEvent.Type.LanguageChange
        shown = getattr(self, "_shown", None)  # Qt may tell of changes while the window is built
        if changed and shown is not None:
            self.canvas.show_figure(said_frame(shown[2]).figure)

    def done(self, result: int) -> None:
        """Close, however it comes; nothing is computed for it any more."""
        self._later.stop()
        self.pictures.cancel()
        super().done(result)


def _entries(
    lab: Lab[Any],
    present: Parameters,
    pinned: Sequence[Parameters],
    comparison: Comparison | None,
) -> tuple[list[Entry], int]:
    """Return the sets that can be chosen, and how many of them are at first."""
    first = [present, *(comparison.others(present) if comparison is not None else pinned)]
    told = told_apart(lab, first)
    names = [say("Now: {values}", values=told[0])]
    if comparison is not None:
        names += [say(words) for words in told[1:]]
    else:
        names += [say("Pinned: {values}", values=words) for words in told[1:]]
    entries = list(zip(names, first, strict=True))
    presets = [(say(preset.label), lab.parameters.make(preset.values)) for preset in lab.presets]
    return [*entries, *presets], len(first)
