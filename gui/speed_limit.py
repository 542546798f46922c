"""How fast a playhead that the lab drives may go: a few speeds, and none of them at the end."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QWidget

from zoetrope.gui.language import say, worded
from zoetrope.gui.quantities import number_format, with_unit
from zoetrope.gui.slider import Slider

STOPS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0)  # units of the playhead a second


class SpeedLimit(QWidget):
    """A slider over `STOPS` whose right end is no limit, which is the value 0.

    `chosen` carries a limit that a person asks for.
    """

    chosen = pyqtSignal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value = 0.0
        self._unit = ""
        self.slider = Slider(len(STOPS), parent=self)
        self.slider.setAccessibleName(say("Speed limit"))
        self.slider.setFixedWidth(84)
        self.label = QLabel(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.slider)
        row.addWidget(self.label)
        self.slider.valueChanged.connect(self._slid)
        self.slider.stepped.connect(self._step)

    def set_unit(self, unit: str) -> None:
        """Say what the playhead counts."""
        self._unit = unit
        self.show_value(self._value)

    def show_anew(self) -> None:
        """Write the limit anew, as after a change of how numbers are written."""
        self.show_value(self._value)

    def show_value(self, value: float) -> None:
        """Show a limit that is in force."""
        self._value = value
        self.slider.show_position(_position(value))
        self.label.setText(self._words(value))
        widest = max((0.0, *STOPS), key=lambda stop: len(self._words(stop)))
        width = self.label.fontMetrics().horizontalAdvance(self._words(widest))
        self.label.setMinimumWidth(width)
        tip = say("Speed limit: {limit}", limit=self._words(value))
        self.slider.setToolTip(tip)
        self.label.setToolTip(tip)
        self.slider.setAccessibleDescription(tip)

    def _words(self, value: float) -> str:
        if not value:
            return say("no limit")
        number = number_format().marked(f"{value:g}")
        return f"{with_unit(number, worded(self._unit))}/s"

    def _slid(self, position: int) -> None:
        self.chosen.emit(STOPS[position] if position < len(STOPS) else 0.0)

    def _step(self, steps: int) -> None:
        self.slider.setValue(self.slider.value() + steps)


def _position(value: float) -> int:
    """The stop nearest to a limit from below; the right end for none."""
    if not value:
        return len(STOPS)
    return max(sum(stop <= value for stop in STOPS) - 1, 0)
