"""The ring that a person drags: a widget over the picture, reachable by mouse and keyboard."""

from __future__ import annotations

import math
from functools import lru_cache

from PyQt6.QtCore import QPointF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PyQt6.QtWidgets import QWidget

from zoetrope.core.items import Handle
from zoetrope.gui.geometry import Look
from zoetrope.gui.painting import painting

SIZE = 28  # pixels of the target; the ring itself is half as wide
_DIRECTIONS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, 1.0),
    Qt.Key.Key_Down: (0.0, -1.0),
}


def direction(event: QKeyEvent) -> tuple[float, float] | None:
    """Return the direction of an arrow key, a tenth as long with Shift; else None."""
    found = _DIRECTIONS.get(Qt.Key(event.key()))
    if found is None:
        return None
    size = 0.1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
    return found[0] * size, found[1] * size


class HandleRing(QWidget):
    """One handle. It says what the person does to it; where it stands is told by `centre_at`.

    Its signals begin with the names of its panel and of itself, so that one slot serves all.
    """

    grabbed = pyqtSignal(str, str)
    dragged = pyqtSignal(str, str, QPointF)  # where its centre should go, in the parent's pixels
    nudged = pyqtSignal(str, str, float, float)  # steps to the right and up
    dropped = pyqtSignal(str, str)

    def __init__(self, parent: QWidget, panel: str, key: str) -> None:
        super().__init__(parent)
        self.panel, self.key = panel, key
        self.setFixedSize(QSize(SIZE, SIZE))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._look: Look | None = None
        self._role = "accent"
        self._hovered = False
        self._grip: QPointF | None = None
        self._keys = False
        self._centre = QPointF()
        self.veiled = False  # not painted: left out of a picture without losing the focus

    @property
    def held(self) -> bool:
        """Return whether a drag or a row of key presses is going on."""
        return self._grip is not None or self._keys

    @property
    def centre(self) -> QPointF:
        """Return where its centre stands, in the parent's pixels."""
        return self._centre

    def describe(self, item: Handle, look: Look) -> None:
        """Take role, words and cursor from the description."""
        if self._look is not look or self._role != item.role:
            self._look, self._role = look, item.role
            self.update()
        if self.toolTip() != item.label:
            self.setToolTip(item.label)
        name = item.label or item.key
        if self.accessibleName() != name:
            self.setAccessibleName(name)
        if item.x_edit and item.y_edit:
            shape = Qt.CursorShape.SizeAllCursor
        elif item.x_edit:
            shape = Qt.CursorShape.SizeHorCursor
        else:
            shape = Qt.CursorShape.SizeVerCursor
        if self.cursor().shape() != shape:
            self.setCursor(shape)

    def centre_at(self, place: QPointF) -> None:
        """Move its centre, in the parent's pixels."""
        self._centre = place
        corner = QPointF(place.x() - SIZE / 2, place.y() - SIZE / 2).toPoint()
        if corner != self.pos():
            self.move(corner)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Take hold of the ring where it was pressed, so that it does not jump."""
        if event is None or event.button() != Qt.MouseButton.LeftButton:
            if event is not None:
                event.ignore()
            return
        self._end_keys()
        self._grip = self.mapToParent(event.position()) - self._centre
        self.update()
        self.grabbed.emit(self.panel, self.key)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Follow the pointer."""
        if event is not None and self._grip is not None:
            self.dragged.emit(self.panel, self.key, self.mapToParent(event.position()) - self._grip)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        """Let go."""
        if event is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if self._grip is not None:
            self._grip = None
            self.update()
            self.dropped.emit(self.panel, self.key)

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """Treat a double click as a press: it must not reset the view below."""
        self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Nudge with the arrow keys."""
        if event is None:
            return
        step = direction(event)
        if step is None:
            super().keyPressEvent(event)
            return
        if not self._keys:
            self._keys = True
            self.grabbed.emit(self.panel, self.key)
        self.nudged.emit(self.panel, self.key, *step)

    def keyReleaseEvent(self, event: QKeyEvent | None) -> None:
        """End a row of nudges."""
        if event is None:
            return
        if direction(event) is None:
            super().keyReleaseEvent(event)
        elif not event.isAutoRepeat():
            self._end_keys()

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        """End what was begun with the keys."""
        super().focusOutEvent(event)
        self._end_keys()
        self.update()

    def _end_keys(self) -> None:
        if self._keys:
            self._keys = False
            self.dropped.emit(self.panel, self.key)

    def enterEvent(self, event: QEnterEvent | None) -> None:
        """Light up under the pointer."""
        super().enterEvent(event)
        self._hovered = True
        self.update()

    def leaveEvent(self, event: object) -> None:
        """Go dim again."""
        self._hovered = False
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw the ring: filled while held, with a second ring when it has the focus."""
        if self._look is None or self.veiled:
            return
        with painting(self) as painter:
            device = painter.device()
            picture = _picture(
                self._look.theme.roles[self._role],  # type: ignore[index]
                self._look.theme.panel,
                self._hovered,
                self.hasFocus(),
                self.held,
                device.devicePixelRatioF() if device is not None else 1.0,
            )
            painter.drawPixmap(0, 0, picture)


@lru_cache(maxsize=64)
def _picture(
    colour_name: str, ground: str, hovered: bool, focused: bool, held: bool, ratio: float
) -> QPixmap:
    """Return the ring as a picture: drawn once, since many handles move in every frame."""
    colour = QColor(colour_name)
    picture = QPixmap(math.ceil(SIZE * ratio), math.ceil(SIZE * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    with painting(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(SIZE / 2, SIZE / 2)
        if hovered or focused:
            glow = QColor(colour)
            glow.setAlphaF(0.25)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(glow)
            painter.drawEllipse(middle, SIZE / 2 - 1.0, SIZE / 2 - 1.0)
        if focused:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour, 1.5))
            painter.drawEllipse(middle, SIZE / 2 - 1.5, SIZE / 2 - 1.5)
        painter.setPen(QPen(colour, 2.5))
        painter.setBrush(colour if held else QColor(ground))
        painter.drawEllipse(middle, SIZE / 4, SIZE / 4)
    return picture
