"""What lies over a panel while a person works on it: the selection, the lasso, the crosshair.

It is painted by the panel's surface and is no part of the picture that is copied or exported.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from zoetrope.core.figure import Axis
from zoetrope.gui.geometry import Geometry, Look
from zoetrope.gui.quantities import number_format
from zoetrope.gui.theme import figure_font

_GAP = 2.5  # pixels between a point and the ring that says it is selected
_MOST_RINGS = 2000  # more are drawn as dots
_LABEL_SIZE = 8.0  # points
_PAD = 4.0
_FRESH = 3.0  # pixels, of a point that is being drawn
_POINT_RING = 7.0  # pixels, of the ring round the point under the mouse


@dataclass(slots=True)
class Marks:
    """What to paint, in the panel's pixels."""

    x: Any = field(default_factory=lambda: np.empty(0))  # of the selected points
    y: Any = field(default_factory=lambda: np.empty(0))
    size: float = 5.0  # of a point
    lasso: list[QPointF] = field(default_factory=list)
    cross: tuple[float, float] | None = None
    words: str = ""  # at the crosshair
    cell: QRectF | None = None  # of the keys' cursor
    point: QPointF | None = None  # under the mouse
    point_words: str = ""
    chosen: list[QPointF] = field(default_factory=list)  # points marked on all panels
    rings: list[QPointF] = field(default_factory=list)  # the point under the mouse, anywhere
    fresh: list[QPointF] = field(default_factory=list)  # points that have just been scattered
    gone: list[QPointF] = field(default_factory=list)  # points that have just been taken out
    brush: tuple[QPointF, float, float] | None = None  # its middle, radius across and up

    @property
    def any(self) -> bool:
        """Say whether there is anything to paint."""
        single = (self.cross, self.cell, self.point, self.brush)
        several = len(self.x) or self.lasso or self.chosen or self.rings or self.fresh or self.gone
        return bool(several) or any(mark is not None for mark in single)


def paint_marks(painter: QPainter, marks: Marks, area: QRectF, look: Look) -> None:
    """Paint marks over a panel that is as large as `area`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(area)
    accent = QColor(look.theme.roles["accent"])
    if marks.cross is not None:
        _paint_cross(painter, marks.cross, marks.words, area, look)
    if len(marks.lasso) > 1:
        _dress_outline(painter, accent)
        painter.drawPolygon(QPolygonF(marks.lasso))
    if marks.cell is not None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(accent, 2.5))
        painter.drawRect(marks.cell)
    for places, ink, width in (
        (marks.gone, QColor(look.theme.panel), 2 * _FRESH),
        (marks.fresh, accent, _FRESH),
    ):
        if places:
            painter.setPen(QPen(ink, width, cap=Qt.PenCapStyle.RoundCap))
            painter.drawPoints(QPolygonF(places))
    if marks.brush is not None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(look.theme.muted), 1.5))
        painter.drawEllipse(*marks.brush)
    if marks.point is not None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(accent, 1.8))
        painter.drawEllipse(marks.point, _POINT_RING, _POINT_RING)
        if marks.point_words:
            _paint_words(painter, marks.point, marks.point_words, area, look)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    selected = [QPointF(*at) for at in zip(marks.x.tolist(), marks.y.tolist(), strict=True)]
    _paint_rings(painter, selected, marks.size, QPen(accent, 1.8))
    _paint_rings(painter, marks.chosen, 0.0, QPen(accent, 1.2))
    for place in _finite(marks.rings):  # on any ground: a light ring about a dark one
        for tone, wide in ((look.theme.panel, 4.6), (look.theme.foreground, 2.0)):
            painter.setPen(QPen(QColor(tone), wide))
            painter.drawEllipse(place, _POINT_RING, _POINT_RING)


def paint_box(painter: QPainter, box: QRectF, look: Look) -> None:
    """Paint a box that is being drawn to say what to zoom to."""
    _dress_outline(painter, QColor(look.theme.roles["accent"]))
    painter.drawRect(box)


def _dress_outline(painter: QPainter, accent: QColor) -> None:
    fill = QColor(accent)
    fill.setAlphaF(0.12)
    painter.setBrush(fill)
    painter.setPen(QPen(accent, 1.5, Qt.PenStyle.DashLine))


def _finite(places: list[QPointF]) -> list[QPointF]:
    return [at for at in places if math.isfinite(at.x()) and math.isfinite(at.y())]


def _paint_rings(painter: QPainter, places: list[QPointF], size: float, pen: QPen) -> None:
    """Ring points of a size; very many are drawn as dots."""
    places = _finite(places)
    if len(places) > _MOST_RINGS:
        painter.setPen(QPen(pen.color(), size + 2 * _GAP, cap=Qt.PenCapStyle.RoundCap))
        painter.setOpacity(0.5)
        painter.drawPoints(QPolygonF(places))
        painter.setOpacity(1.0)
        return
    radius = size / 2 + _GAP
    painter.setPen(pen)
    for place in places:
        painter.drawEllipse(place, radius, radius)


def _paint_cross(
    painter: QPainter, cross: tuple[float, float], words: str, area: QRectF, look: Look
) -> None:
    x, y = cross
    pen = QPen(QColor(look.theme.muted), 1.0)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(pen)
    lines = []
    if area.left() <= x <= area.right():
        lines.append(QLineF(round(x), area.top(), round(x), area.bottom()))
    if area.top() <= y <= area.bottom():
        lines.append(QLineF(area.left(), round(y), area.right(), round(y)))
    for line in lines:
        painter.drawLine(line)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if len(lines) < 2:
        return
    _paint_words(painter, QPointF(x, y), words, area, look)


def _paint_words(painter: QPainter, at: QPointF, words: str, area: QRectF, look: Look) -> None:
    """Write words beside a place, where the panel has room for them."""
    x, y = at.x(), at.y()
    font = figure_font(_LABEL_SIZE * look.text_scale)
    metrics = QFontMetricsF(font)
    box = QRectF(0, 0, metrics.horizontalAdvance(words) + 2 * _PAD, metrics.height() + 2)
    left = x + 8 if x + 8 + box.width() <= area.right() else x - 8 - box.width()
    top = y - 8 - box.height() if y - 8 - box.height() >= area.top() else y + 8
    box.moveTo(left, top)
    ground = QColor(look.theme.panel)
    ground.setAlphaF(0.85)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, 3, 3)
    painter.setFont(font)
    painter.setPen(QColor(look.theme.foreground))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def cross_words(geometry: Geometry, x: float, y: float) -> str:
    """Return the data under a crosshair with the digits that a pixel tells apart."""
    pixels = geometry.pixel
    return (
        f"{_digits(x, geometry.x_axis, abs(pixels[0]))}  "
        f"{_digits(y, geometry.y_axis, abs(pixels[1]))}"
    )


def _digits(value: float, axis: Axis, pixel: float) -> str:
    if not math.isfinite(value):
        return "–"
    if axis.log or pixel <= 0:
        text = f"{value:.3g}"
    else:
        places = -math.floor(math.log10(pixel))
        text = f"{value:.{places}f}" if 0 <= places <= 6 else f"{value:.4g}"
        if -6 < places < 0:
            text = f"{value:.0f}"
    return number_format().marked(text)
