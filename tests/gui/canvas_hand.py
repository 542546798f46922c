"""What a test does on a canvas: finds its parts, moves the mouse there, counts its colours."""

from __future__ import annotations

import numpy as np
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QColor, QImage, QMouseEvent, QWheelEvent
from PyQt6.QtWidgets import QApplication

from zoetrope.gui.canvas import Canvas
from zoetrope.gui.handle_ring import HandleRing
from zoetrope.gui.panel_surface import PanelSurface


def ring(canvas: Canvas, index: int = 0) -> HandleRing:
    return canvas.findChildren(HandleRing)[index]


def surface(canvas: Canvas, index: int = 0) -> PanelSurface:
    return canvas.findChildren(PanelSurface)[index]


def middle(widget) -> QPoint:
    return widget.rect().center()


def wheel(widget, at: QPoint, notches: int) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(widget.mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def hover(widget, at: QPoint) -> None:
    """Move the mouse over a widget, wherever the system's pointer is and no button is pressed."""
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(at),
        QPointF(widget.mapToGlobal(at)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(widget, event)


def drag(qtbot, widget, start: QPoint, *steps: QPoint) -> None:
    qtbot.mousePress(widget, Qt.MouseButton.LeftButton, pos=start)
    for step in steps:
        qtbot.mouseMove(widget, step)
    qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=steps[-1])


def count(image: QImage, colour: str, tolerance: int = 3) -> int:
    """Return how many pixels of an image have a colour."""
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    pixels = np.frombuffer(image.constBits().asarray(image.sizeInBytes()), dtype=np.uint8)
    wanted = np.array(QColor(colour).getRgb()[:3])
    pixels = pixels.reshape(-1, 4)[:, :3].astype(int)
    return int((np.abs(pixels - wanted).max(axis=1) <= tolerance).sum())
