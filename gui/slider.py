"""A slider that goes where it is pressed, steps as its owner says and marks values worth it."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PyQt6.QtWidgets import QSlider, QToolTip, QWidget

from zoetrope.gui.glyph_button import TARGET
from zoetrope.gui.inks import inks, mixed
from zoetrope.gui.painting import painting

TICKS = 1000
_KNOB = 6.5  # radius
_MARK_REACH = 4  # pixels around a tick
_BARS_APART = 5.0  # pixels, of a warning

_STEPS = {
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_PageUp: 10,
    Qt.Key.Key_PageDown: -10,
}


class Slider(QSlider):
    """A horizontal slider with `ticks` positions; `mark` is the one shown by a notch, and what lies
    from `warn_from` on is drawn as a warning.

    `stepped` says by how many steps an arrow key, a page key or the wheel wants to move: what a
    step is, the owner knows. The wheel counts only while the slider has the focus.
    """

    stepped = pyqtSignal(int)
    mark_pressed = pyqtSignal(int)

    def __init__(
        self,
        ticks: int = TICKS,
        mark: int | None = None,
        parent: QWidget | None = None,
        *,
        warn_from: int | None = None,
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, ticks)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._mark = mark
        self._warn_from = ticks + 1 if warn_from is None else warn_from
        self._marks: list[tuple[int, int, str]] = []
        self._grip = 0.0  # where on the knob it was taken
        self._wheel = 0
        self._quiet = False

    def show_position(self, position: int) -> None:
        """Move the knob without telling anyone."""
        if position != self.value():
            self.blockSignals(True)
            self.setValue(position)
            self.blockSignals(False)

    def set_marks(self, marks: list[tuple[int, int, str]]) -> None:
        """Draw ticks, each with a number for `mark_pressed`, a position and a name."""
        self._marks = marks
        self.update()

    def _mark_under(self, place: QPointF) -> tuple[int, int, str] | None:
        """The tick at a place below the groove, where the knob is not taken."""
        near = [m for m in self._marks if abs(self._x(m[1]) - place.x()) <= _MARK_REACH]
        if not near or place.y() < self.height() / 2 + 3:
            return None
        return min(near, key=lambda m: abs(self._x(m[1]) - place.x()))

    def event(self, event: QEvent | None) -> bool:
        """Name the tick under the pointer; elsewhere the row says what it is."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            mark = self._mark_under(QPointF(event.pos()))
            if mark is not None:
                QToolTip.showText(event.globalPos(), mark[2], self)
                return True
        return super().event(event)

    def set_quiet(self, quiet: bool) -> None:
        """Draw it fainter, for a value that follows others."""
        if quiet != self._quiet:
            self._quiet = quiet
            self.update()

    def sizeHint(self) -> QSize:
        """Return a hand's width and the height of a target."""
        return QSize(120, TARGET)

    def minimumSizeHint(self) -> QSize:
        """Return the least useful width."""
        return QSize(48, TARGET)

    def _span(self) -> tuple[float, float]:
        return _KNOB + 1.5, self.width() - _KNOB - 1.5

    def _x(self, position: int) -> float:
        left, right = self._span()
        return left + (right - left) * position / max(self.maximum(), 1)

    def _position(self, x: float) -> int:
        left, right = self._span()
        share = (x - left) / max(right - left, 1.0)
        return round(min(max(share, 0.0), 1.0) * self.maximum())

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Take the knob, or call it to where the press is."""
        assert event is not None
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        mark = self._mark_under(event.position())
        if mark is not None:
            self.mark_pressed.emit(mark[0])
            return
        x = event.position().x()
        off = x - self._x(self.value())
        self._grip = off if abs(off) <= _KNOB + 2 else 0.0
        self.setSliderDown(True)
        self.setSliderPosition(self._position(x - self._grip))
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Follow the pointer while the knob is held."""
        assert event is not None
        if self.isSliderDown():
            self.setSliderPosition(self._position(event.position().x() - self._grip))

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        """Let the knob go."""
        assert event is not None
        if event.button() == Qt.MouseButton.LeftButton and self.isSliderDown():
            self.setSliderDown(False)
            self.update()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Step with arrows and page keys, go to the ends with Home and End."""
        assert event is not None
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = Qt.Key(event.key())
        if plain and key in _STEPS:
            self.stepped.emit(_STEPS[key])
        elif plain and key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.setValue(self.minimum() if key == Qt.Key.Key_Home else self.maximum())
        else:
            event.ignore()

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Step once per notch, if the focus is here; otherwise let the page scroll."""
        assert event is not None
        if not self.hasFocus():
            event.ignore()
            return
        self._wheel += event.angleDelta().y() or event.angleDelta().x()
        notches = int(self._wheel / 120)
        self._wheel -= 120 * notches
        if notches:
            self.stepped.emit(notches)
        event.accept()

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        """Draw the groove, the way up to the knob, the ticks, and the knob."""
        ink = inks()
        place = self.sliderPosition()
        strong = ink.amber if place >= self._warn_from else ink.accent
        if self._quiet or not self.isEnabled():
            strong = mixed(ink.muted, ink.window, 0.45)
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            middle = self.height() / 2
            x = self._x(place)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink.edge)
            painter.drawRoundedRect(QRectF(2, middle - 1.5, self.width() - 4, 3), 1.5, 1.5)
            if self._mark is not None:
                painter.drawRect(QRectF(self._x(self._mark) - 0.5, middle + 4, 1, 4))
            for _, position, _ in self._marks:
                painter.drawRect(QRectF(self._x(position) - 0.75, middle + 5, 1.5, 6))
            painter.setBrush(strong)
            if place > self.minimum():
                painter.drawRoundedRect(QRectF(2, middle - 1.5, x - 2, 3), 1.5, 1.5)
            if self._warn_from <= self.maximum():
                self._draw_warning(painter, middle)
            radius = _KNOB if self.isSliderDown() or self.underMouse() else _KNOB - 0.5
            if self.hasFocus():
                ring = QColor(ink.accent)
                ring.setAlphaF(0.35)
                painter.setBrush(ring)
                painter.drawEllipse(QPointF(x, middle), radius + 3, radius + 3)
            painter.setBrush(ink.window if self._quiet else strong)
            painter.setPen(QPen(strong if self._quiet else ink.window, 1.5))
            painter.drawEllipse(QPointF(x, middle), radius, radius)

    def _draw_warning(self, painter: QPainter, middle: float) -> None:
        """Draw bars across the groove where values are legal and unwise: not by colour alone."""
        painter.setBrush(inks().amber)
        x, end = self._x(self._warn_from), self.width() - 2.0
        while x < end:
            painter.drawRect(QRectF(x - 1, middle - 3, 2, 6))
            x += _BARS_APART
