"""What an animation moves, as chosen in the export dialog: a list, and two ends for a number."""

from __future__ import annotations

from typing import Protocol

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from zoetrope.core.animated_number import AnimatedNumber, offered_by, parse_animated
from zoetrope.core.key_frames import KeyFrames
from zoetrope.core.lab import Frame
from zoetrope.core.parameters import Number, ParameterError, Parameters, Playhead, ViewEnd
from zoetrope.core.recorded_drag import LAST_DRAG, RecordedDrag
from zoetrope.gui.language import say

KEY_FRAMES = "key frames"  # what stands for them among choices, where a number's way has its text
# No parameter's name begins with a space.
PLAYHEAD, ACTION, DRAG, FRAMES = " playhead", " action", " drag", " key frames"


def animated_numbers(parameters: Parameters, frame: Frame) -> dict[str, Number]:
    """Return the numbers of the page that is shown which may be animated, in the form's order."""
    turner = parameters.page_name()
    page = getattr(parameters, turner) if turner else ""
    return {
        name: declared
        for name, declared in parameters.declarations().items()
        if isinstance(declared, Number)
        and not isinstance(declared, (Playhead, ViewEnd))
        and not (declared.hidden or declared.seed or name in frame.idle)
        and (not declared.pages or page in declared.pages)
    }


def shown_drag(
    drag: RecordedDrag | None, parameters: Parameters, frame: Frame
) -> RecordedDrag | None:
    """Return a drag that moves something on the page that is shown; None for another."""
    if drag is None:
        return None
    turner = parameters.page_name()
    page = getattr(parameters, turner) if turner else ""
    seen = any(
        name not in frame.idle and page in (declared.pages or (page,))
        for name, declared in parameters.declarations().items()
        if name in drag.names
    )
    try:
        drag.apply(parameters, 0, 2)
        drag.apply(parameters, 1, 2)
    except ParameterError:
        return None
    return drag if seen else None


class Movable(Protocol):
    """What can be animated: a lab's state with its picture, a drag, and key frames."""

    @property
    def parameters(self) -> Parameters:
        """The parameters in force."""

    @property
    def frame(self) -> Frame:
        """The picture."""

    @property
    def drag(self) -> RecordedDrag | None:
        """The last drag, where the page can show it."""

    @property
    def key_frames(self) -> KeyFrames | None:
        """The film through key frames, where there is one."""


def fitting(text: str, subject: Movable) -> str:
    """Return what is animated here where it was `text` before, as `parse_animated` reads it.

    That is the same where the page has its number, or again the last drag or the key frames; else
    what a film is by itself (""), and with neither playhead nor action the first number along its
    slider, as the form offers it, or the drag where there is no number.
    """
    parameters, frame, drag = subject.parameters, subject.frame, subject.drag
    if text == LAST_DRAG and drag is not None:
        return text
    if text == KEY_FRAMES and subject.key_frames is not None:
        return text
    numbers, offered = animated_numbers(parameters, frame), offered_by(parameters, frame.actions)
    try:
        moved = parse_animated(text, parameters)
    except ParameterError:
        pass
    else:
        if moved.parameter in numbers or (offered is not None and moved == offered[0]):
            return text
    if offered is not None or parameters.playhead_name() is not None:
        return ""
    if not numbers:
        return LAST_DRAG if drag is not None else KEY_FRAMES if subject.key_frames else ""
    name, declared = next(iter(numbers.items()))
    return _along(name, declared, *declared.travel).written()


def _along(name: str, declared: Number, start: float, stop: float) -> AnimatedNumber:
    """Return a number on its way between two ends, in the steps of its slider where it can."""
    return AnimatedNumber(name, start, stop, declared.log and min(start, stop) > 0)


class AnimateChoice(QWidget):
    """The playhead, what the lab's own action moves, the last drag, key frames, or any number
    between ends.
    """

    changed = pyqtSignal()

    def __init__(self, subject: Movable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        parameters, frame = subject.parameters, subject.frame
        self._drag, self._key_frames = subject.drag, subject.key_frames
        self._parameters = parameters
        self._numbers = animated_numbers(parameters, frame)
        offered = offered_by(parameters, frame.actions)
        self._action = None if offered is None else offered[0]
        self._plays = parameters.playhead_name()
        self._lay_out(frame)
        self._show_ends()
        self.what.currentIndexChanged.connect(self._choose)
        for end in (self.start, self.stop):
            end.editingFinished.connect(self.changed)

    def _lay_out(self, frame: Frame) -> None:
        self.what = QComboBox()
        self.what.setAccessibleName(say("What is animated"))
        self.what.setMinimumHeight(28)
        declarations = self._parameters.declarations()
        if self._plays is not None:
            self.what.addItem(
                say("{label} (playhead)", label=declarations[self._plays].label), PLAYHEAD
            )
        if self._action is not None:
            label = next(a.label for a in frame.actions if a.animate is not None and a.enabled)
            self.what.addItem(say(label), ACTION)
        if self._drag is not None:
            self.what.addItem(say("Your last drag"), DRAG)
        if self._key_frames is not None:
            count = len(self._key_frames.frames)
            self.what.addItem(say("Key frames ({count})", count=count), FRAMES)
        for name, declared in self._numbers.items():
            self.what.addItem(say(declared.label), name)
        self.start, self.stop = QLineEdit(), QLineEdit()
        self.start.setAccessibleName(say("Animate from"))
        self.stop.setAccessibleName(say("Animate to"))
        self._ends = QWidget()
        row = QHBoxLayout(self._ends)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (QLabel(say("from")), self.start, QLabel(say("to")), self.stop):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.what)
        column.addWidget(self._ends)

    @property
    def plays(self) -> bool:
        """Whether the playhead is chosen."""
        return bool(self.what.currentData() == PLAYHEAD)

    @property
    def problem(self) -> str:
        """Say in a sentence why what is typed cannot be animated; "" where it can."""
        try:
            self._typed()
        except ParameterError as error:
            return say(str(error))
        return ""

    def text(self) -> str:
        """Return what is chosen as `parse_animated` reads it, "" for what a film is by itself."""
        if self.what.currentData() == (ACTION if self._plays is None else PLAYHEAD):
            return ""
        for data, text in ((DRAG, LAST_DRAG), (FRAMES, KEY_FRAMES)):
            if self.what.currentData() == data:
                return text
        try:
            moved = self._typed()
        except ParameterError:
            return ""
        return "" if moved is None else moved.written()

    def choose(self, text: str) -> None:
        """Show what was chosen before; what does not fit this lab is left alone."""
        for data, stands_for in ((DRAG, LAST_DRAG), (FRAMES, KEY_FRAMES)):
            if text == stands_for and self.what.findData(data) >= 0:
                self.what.setCurrentIndex(self.what.findData(data))
                return
        try:
            moved = parse_animated(text, self._parameters)
        except ParameterError:
            return
        if moved == self._action:
            self.what.setCurrentIndex(self.what.findData(ACTION))
        elif moved.parameter in self._numbers:
            self.what.setCurrentIndex(self.what.findData(moved.parameter))
            self.start.setText(f"{moved.start:.12g}")
            self.stop.setText(f"{moved.stop:.12g}")

    def _typed(self) -> AnimatedNumber | None:
        """Return the number that moves, None for the playhead, the last drag and key frames.

        Raises `ParameterError`.
        """
        name = self.what.currentData()
        if name == ACTION:
            return self._action
        declared = self._numbers.get(name)
        if declared is None:
            return None
        start, stop = (float(declared.parse(name, e.text())) for e in (self.start, self.stop))
        return _along(name, declared, start, stop)

    def _choose(self) -> None:
        self._show_ends()
        self.changed.emit()

    def _show_ends(self) -> None:
        """Show the ends of the slider of the number that is chosen, to be typed over."""
        declared = self._numbers.get(self.what.currentData())
        self._ends.setVisible(declared is not None)
        if declared is not None:
            low, high = declared.travel
            self.start.setText(f"{low:.12g}")
            self.stop.setText(f"{high:.12g}")
            self._ends.setToolTip(
                say("{label}: {range}", label=declared.label, range=declared.describe())
            )
