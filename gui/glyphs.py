"""Small symbols, drawn."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF


def _polygon(*points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
    path.closeSubpath()
    return path


def _play() -> tuple[QPainterPath, bool]:
    return _polygon((4.5, 2.5), (13.5, 8), (4.5, 13.5)), True


def _pause() -> tuple[QPainterPath, bool]:
    path = QPainterPath()
    path.addRect(4, 3, 3, 10)
    path.addRect(9, 3, 3, 10)
    return path, True


def _forward() -> tuple[QPainterPath, bool]:
    path = _polygon((4, 3.5), (10.5, 8), (4, 12.5))
    path.addRect(11, 3.5, 1.8, 9)
    return path, True


def _back() -> tuple[QPainterPath, bool]:
    path = _polygon((12, 3.5), (5.5, 8), (12, 12.5))
    path.addRect(3.2, 3.5, 1.8, 9)
    return path, True


def _loop() -> tuple[QPainterPath, bool]:
    path = QPainterPath()
    path.moveTo(2.5, 9)
    path.lineTo(2.5, 7.5)
    path.quadTo(2.5, 5, 5, 5)
    path.lineTo(13, 5)
    path.moveTo(10.8, 2.6)
    path.lineTo(13.2, 5)
    path.lineTo(10.8, 7.4)
    path.moveTo(13.5, 8)
    path.lineTo(13.5, 8.5)
    path.quadTo(13.5, 11, 11, 11)
    path.lineTo(3, 11)
    path.moveTo(5.2, 8.6)
    path.lineTo(2.8, 11)
    path.lineTo(5.2, 13.4)
    return path, False


def _lock(shackle_lifted: float) -> tuple[QPainterPath, bool]:
    path = QPainterPath()
    path.addRoundedRect(QRectF(3.5, 7.5, 9, 6), 1.2, 1.2)
    left = 5.5
    path.moveTo(left, 7.5)
    path.lineTo(left, 5.2 - shackle_lifted)
    path.arcTo(QRectF(left, 2.7 - shackle_lifted, 5, 5), 180, -180)
    path.lineTo(10.5, 7.5 - 2.5 * shackle_lifted)
    return path, False


def _dice() -> tuple[QPainterPath, bool]:
    path = QPainterPath()
    path.addRoundedRect(QRectF(2.5, 2.5, 11, 11), 2.2, 2.2)
    for x, y in ((5.5, 5.5), (8, 8), (10.5, 10.5), (10.5, 5.5), (5.5, 10.5)):
        path.addEllipse(QPointF(x, y), 0.55, 0.55)
    return path, False


def _copy() -> tuple[QPainterPath, bool]:
    path = QPainterPath()
    path.addRoundedRect(QRectF(5.5, 5.5, 8, 8), 1.4, 1.4)
    path.moveTo(3.6, 10.5)
    path.lineTo(2.5, 10.5)
    path.lineTo(2.5, 2.5)
    path.lineTo(10.5, 2.5)
    path.lineTo(10.5, 3.6)
    return path, False


def _reset() -> tuple[QPainterPath, bool]:
    path = QPainterPath()
    path.arcMoveTo(QRectF(3, 3, 10, 10), 140)
    path.arcTo(QRectF(3, 3, 10, 10), 140, -290)
    path.moveTo(6.8, 5.2)
    path.lineTo(3.6, 5.0)
    path.lineTo(3.4, 1.8)
    return path, False


def _tick() -> tuple[QPainterPath, bool]:
    path = QPainterPath()
    path.moveTo(3, 8.5)
    path.lineTo(6.5, 12)
    path.lineTo(13, 4.5)
    return path, False


def _cross() -> tuple[QPainterPath, bool]:
    path = QPainterPath()
    path.moveTo(4, 4)
    path.lineTo(12, 12)
    path.moveTo(12, 4)
    path.lineTo(4, 12)
    return path, False


def _more() -> tuple[QPainterPath, bool]:
    path = QPainterPath()
    path.moveTo(5, 6.2)
    path.lineTo(8, 9.6)
    path.lineTo(11, 6.2)
    return path, False


def _less() -> tuple[QPainterPath, bool]:
    path = QPainterPath()
    path.moveTo(5, 9.6)
    path.lineTo(8, 6.2)
    path.lineTo(11, 9.6)
    return path, False


def _open() -> tuple[QPainterPath, bool]:
    path = QPainterPath()
    path.moveTo(2.5, 12.5)
    path.lineTo(2.5, 3.5)
    path.lineTo(6.5, 3.5)
    path.lineTo(8, 5.5)
    path.lineTo(12.5, 5.5)
    path.lineTo(12.5, 7.5)
    path.moveTo(2.5, 12.5)
    path.lineTo(4.8, 7.5)
    path.lineTo(14, 7.5)
    path.lineTo(11.7, 12.5)
    path.closeSubpath()
    return path, False


def _pin(struck: bool) -> tuple[QPainterPath, bool]:
    path = QPainterPath()
    path.moveTo(5.5, 2.5)
    path.lineTo(10.5, 2.5)
    path.lineTo(10, 6.5)
    path.quadTo(12.2, 7.6, 12.2, 9.6)
    path.lineTo(3.8, 9.6)
    path.quadTo(3.8, 7.6, 6, 6.5)
    path.closeSubpath()
    path.moveTo(8, 9.6)
    path.lineTo(8, 14)
    if struck:
        path.moveTo(2.2, 2.2)
        path.lineTo(13.8, 13.8)
    return path, False


# Each glyph is a path on a field of 16 x 16 and whether it is filled.
_GLYPHS: dict[str, Callable[[], tuple[QPainterPath, bool]]] = {
    "play": _play,
    "pause": _pause,
    "forward": _forward,
    "back": _back,
    "loop": _loop,
    "held": lambda: _lock(0.0),
    "free": lambda: _lock(1.0),
    "dice": _dice,
    "copy": _copy,
    "reset": _reset,
    "tick": _tick,
    "cross": _cross,
    "more": _more,
    "less": _less,
    "open": _open,
    "pin": lambda: _pin(False),
    "unpin": lambda: _pin(True),
}


def draw_glyph(painter: QPainter, name: str, field: QRectF, colour: QColor) -> None:
    """Draw a glyph in the middle of `field`, as large as fits."""
    path, filled = _GLYPHS[name]()
    size = min(field.width(), field.height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(field.center())
    painter.scale(size / 16, size / 16)
    painter.translate(-8, -8)
    if filled:
        painter.fillPath(path, colour)
    else:
        pen = QPen(colour, 2.0 if name in ("tick", "cross") else 1.3)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, pen)
    painter.restore()
