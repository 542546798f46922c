"""A few exclusive buttons in one frame, for choices short enough to be seen at once."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtCore import QPoint, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QSizePolicy, QWidget

from zoetrope.gui.glyph_button import TARGET
from zoetrope.gui.inks import inks, mixed
from zoetrope.gui.language import say
from zoetrope.gui.painting import painting


class Segment(QRadioButton):
    """One of two or three exclusive buttons in a strip."""

    def sizeHint(self) -> QSize:
        """Return room for the words."""
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self.text()) + 18
        return QSize(width, max(TARGET + 2, metrics.height() + 8))

    def minimumSizeHint(self) -> QSize:
        """Return the size hint: words are not cut."""
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        """Take a press anywhere on the segment."""
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        """Draw the chosen one raised, the others plain."""
        ink = inks()
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            body = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
            if self.isChecked():
                painter.setBrush(mixed(ink.window, ink.accent, 0.16))
                painter.setPen(QPen(mixed(ink.window, ink.accent, 0.65), 1))
                painter.drawRoundedRect(body, 4, 4)
            elif self.underMouse() and self.isEnabled():
                painter.setBrush(mixed(ink.window, ink.text, 0.05))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.drawRoundedRect(body, 4, 4)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(ink.accent, 2))
                painter.drawRoundedRect(body, 4, 4)
            painter.setPen(ink.text if self.isChecked() and self.isEnabled() else ink.muted)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())


class Segments(QWidget):
    """Exclusive buttons in one frame. `chosen` carries the value a person picked."""

    chosen = pyqtSignal(str)

    def __init__(self, options: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        strip = QHBoxLayout(self)
        strip.setContentsMargins(1, 1, 1, 1)
        strip.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, Segment] = {}
        self.pressed: Segment | None = None
        for value, words in options.items():
            button = Segment(say(words), self)
            button.clicked.connect(lambda _checked, value=value: self.chosen.emit(value))
            strip.addWidget(button, 1)
            self._group.addButton(button)
            self.buttons[value] = button

    def show_value(self, value: str) -> None:
        """Press the button of `value` without telling anyone; the tab key stops at it alone."""
        self.buttons[value].setChecked(True)
        self.pressed = self.buttons[value]
        for button in self.buttons.values():
            stops = button is self.pressed
            policy = Qt.FocusPolicy.StrongFocus if stops else Qt.FocusPolicy.ClickFocus
            button.setFocusPolicy(policy)

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        """Draw the frame."""
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(inks().edge, 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
