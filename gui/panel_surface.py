"""What a person does to a panel: an invisible widget over its axes that takes mouse and keys."""

from __future__ import annotations

import weakref
from collections.abc import Callable

from PyQt6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PyQt6.QtWidgets import QApplication, QWidget

from zoetrope.core.figure import Panel
from zoetrope.gui.geometry import Look
from zoetrope.gui.handle_ring import direction
from zoetrope.gui.language import say
from zoetrope.gui.painting import painting
from zoetrope.gui.panel_marks import Marks, paint_box, paint_marks
from zoetrope.gui.tool import Tool

_ZOOM = 1.2  # a notch of the wheel
_TURN = 5.0  # degrees for an arrow key
_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


_VIEWING = "The arrows move the view, plus and minus zoom, Home shows all."


class PanelSurface(QWidget):
    """Takes the gestures on one panel and says what they mean, in shares of its size.

    Its signals begin with the panel's name, so that one slot serves all panels.
    """

    hovered = pyqtSignal(str, QPointF)  # over a point in pixels, no button pressed
    left = pyqtSignal(str)

    zoomed = pyqtSignal(str, float, QPointF)  # by a factor, about a point in pixels
    panned = pyqtSignal(str, float, float)  # by shares of the width (right) and height (down)
    reset = pyqtSignal(str)
    boxed = pyqtSignal(str, QRectF)  # a box was drawn, in pixels
    picked = pyqtSignal(str, QPointF)
    turned = pyqtSignal(str, float, float)  # degrees of azimuth and elevation since the start
    gesture_started = pyqtSignal(str)  # a drag, or a row of keys that turn
    gesture_finished = pyqtSignal(str)
    menu_asked = pyqtSignal(str, QPoint)  # at a place on the screen

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent)
        self.name = name
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._panel: Panel | None = None
        self._look: Look | None = None
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._moved = False
        self._keys: tuple[float, float] | None = None
        self._shows_focus = False
        self._button = Qt.MouseButton.NoButton
        self._by_tool = False  # the gesture is the tool's
        self._boxes = False  # the drag draws a box
        self._tool: Callable[[], Tool | None] | None = None
        self.marks = Marks()
        self.veiled = False  # nothing is painted: left out of a picture

    @property
    def tool(self) -> Tool | None:
        """Return what has the first say. It is not kept alive: it knows the canvas."""
        return self._tool() if self._tool is not None else None

    @tool.setter
    def tool(self, tool: Tool | None) -> None:
        self._tool = weakref.ref(tool) if tool is not None else None

    def describe(self, panel: Panel, look: Look) -> None:
        """Take words and cursor from the description."""
        self._panel, self._look = panel, look
        hovers = panel.hover_x is not None or panel.hover_y is not None
        self.setMouseTracking(self.tool is not None or hovers or bool(panel.crosshair))
        name = panel.heading or panel.name
        if self.accessibleName() != name:
            self.setAccessibleName(name)
        words = (
            panel.summary,
            self.tool.words(self.name) if self.tool is not None else "",
            say(_VIEWING) * (panel.view_x is not None or panel.view_y is not None),
        )
        summary = " ".join(filter(None, words))
        if self.accessibleDescription() != summary:
            self.setAccessibleDescription(summary)
        shape = self._own_cursor()
        over = self.tool is not None and self.underMouse()  # then the mouse has set it
        if self._pressed is None and not over and self.cursor().shape() != shape:
            self.setCursor(shape)

    def _own_cursor(self) -> Qt.CursorShape:
        panel = self._panel
        if panel is not None and panel.orbit is not None:
            return Qt.CursorShape.OpenHandCursor
        if panel is not None and (panel.brush or panel.pick_x or panel.pick_y):
            return Qt.CursorShape.CrossCursor
        return Qt.CursorShape.ArrowCursor

    def _show_cursor(self, place: QPointF) -> None:
        over = self.tool.cursor(self.name, place) if self.tool is not None else None
        shape = self._own_cursor() if over is None else over
        if self.cursor().shape() != shape:
            self.setCursor(shape)

    @property
    def busy(self) -> bool:
        """Return whether a gesture has begun that has not ended."""
        dragged = self._pressed is not None and self._moved and not self._boxes
        return dragged or self._keys is not None

    @property
    def _orbits(self) -> bool:
        return self._panel is not None and self._panel.orbit is not None

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Begin a click or a drag; the middle button always pans."""
        if event is None or self._button != Qt.MouseButton.NoButton:
            return
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return
        self._end_keys()
        self.left.emit(self.name)
        self._button = event.button()
        self._pressed = self._last = event.position()
        self._moved = False
        self._by_tool = (
            self._button == Qt.MouseButton.LeftButton
            and self.tool is not None
            and self.tool.press(self.name, event.position(), event.modifiers())
        )
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        left = self._button == Qt.MouseButton.LeftButton
        self._boxes = shift and left and not self._by_tool and not self._orbits

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Turn, pan or draw a box, once the pointer has moved far enough to mean it."""
        if event is None:
            return
        place = event.position()
        if self._pressed is None:
            self._hover(place)
            return
        if self._by_tool and self.tool is not None:
            self.tool.move(self.name, place)
            return
        if not self._moved:
            if (place - self._pressed).manhattanLength() < QApplication.startDragDistance():
                return
            self._moved = True
            if not self._boxes:
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
                self.gesture_started.emit(self.name)
        if self._boxes:
            self.update()
        elif self._orbits:
            across = (place.x() - self._pressed.x()) / max(self.width(), 1)
            down = (place.y() - self._pressed.y()) / max(self.height(), 1)
            self.turned.emit(self.name, -180.0 * across, 90.0 * down)
        else:
            step = place - self._last
            self.panned.emit(
                self.name, step.x() / max(self.width(), 1), step.y() / max(self.height(), 1)
            )
        self._last = place

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        """End a drag, or pick where a click was."""
        if event is None or self._pressed is None or event.button() != self._button:
            return
        button, self._button = self._button, Qt.MouseButton.NoButton
        box, self._pressed = self._box(), None
        if self._by_tool and self.tool is not None:
            if not self.tool.release(self.name, event.position()):
                self.picked.emit(self.name, event.position())
        elif box is not None:
            self.update()
            self.boxed.emit(self.name, box)
        elif self._moved:
            self.gesture_finished.emit(self.name)
        elif button == Qt.MouseButton.LeftButton:
            self.picked.emit(self.name, event.position())
        self._show_cursor(event.position())  # as it was

    def _box(self) -> QRectF | None:
        """Return the box that is being drawn, if one is."""
        if self._pressed is None or not (self._boxes and self._moved):
            return None
        box = QRectF(self._pressed, self._last).normalized()
        return box.intersected(QRectF(self.rect()))

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """Add a point where that can be; else go back to the automatic view."""
        if event is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if self.tool is None or not self.tool.double_click(self.name, event.position()):
            self.reset.emit(self.name)

    def leaveEvent(self, event: QEvent | None) -> None:
        """Take the crosshair away."""
        super().leaveEvent(event)
        self.left.emit(self.name)

    def _hover(self, place: QPointF) -> None:
        self.hovered.emit(self.name, place)
        self._show_cursor(place)

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Zoom about the pointer."""
        if event is None:
            return
        notches = event.angleDelta().y() / 120
        if notches and not self._orbits:
            self.zoomed.emit(self.name, _ZOOM ** (-notches), event.position())
        event.accept()

    def event(self, event: QEvent | None) -> bool:
        """Zoom with a pinch of two fingers on a touch pad."""
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
            and not self._orbits
        ):
            self.zoomed.emit(self.name, 1 / max(1 + event.value(), 0.1), event.position())
            return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        """Ask for the menu."""
        if event is not None:
            self.menu_asked.emit(self.name, event.globalPos())

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Turn or pan with the arrows, zoom with + and -, Home goes back."""
        if event is None:
            return
        step = direction(event)
        if self.tool is not None and self.tool.key(self.name, event):
            return
        if step is not None and self._orbits:
            if self._keys is None:
                self._keys = (0.0, 0.0)
                self.gesture_started.emit(self.name)
            self._keys = (self._keys[0] - _TURN * step[0], self._keys[1] - _TURN * step[1])
            self.turned.emit(self.name, *self._keys)
        elif step is not None:
            self.panned.emit(self.name, -0.1 * step[0], 0.1 * step[1])
        elif event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal) and not self._orbits:
            self.zoomed.emit(self.name, 1 / _ZOOM, QRectF(self.rect()).center())
        elif event.key() == Qt.Key.Key_Minus and not self._orbits:
            self.zoomed.emit(self.name, _ZOOM, QRectF(self.rect()).center())
        elif event.key() == Qt.Key.Key_Home:
            self.reset.emit(self.name)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent | None) -> None:
        """End turning by keys."""
        if event is None:
            return
        if direction(event) is None:
            super().keyReleaseEvent(event)
        elif not event.isAutoRepeat():
            self._end_keys()

    def _end_keys(self) -> None:
        if self.tool is not None:
            self.tool.end_keys(self.name)
        if self._keys is not None:
            self._keys = None
            self.gesture_finished.emit(self.name)

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        """Show the focus where it came by the keyboard."""
        super().focusInEvent(event)
        self._shows_focus = event is not None and event.reason() in _KEYBOARD
        self.update()

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        """End what was begun with the keys."""
        super().focusOutEvent(event)
        self._end_keys()
        self._shows_focus = False
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw the marks, the box and the focus frame, if any; the picture is below."""
        box = self._box()
        shown = self._shows_focus or self.marks.any or box is not None
        if self._look is None or self.veiled or not shown:
            return
        with painting(self) as painter:
            if box is not None:
                paint_box(painter, box, self._look)
            if self.marks.any:
                paint_marks(painter, self.marks, QRectF(self.rect()), self._look)
            if self._shows_focus:
                self._paint_focus(painter, self._look)

    def _paint_focus(self, painter: QPainter, look: Look) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(look.theme.roles["accent"]), 2.0))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
