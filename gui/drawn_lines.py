"""Curves, segments, rules and arrows with pyqtgraph."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import numpy.typing as npt
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QBrush, QPainterPath, QPen
from PyQt6.QtWidgets import QGraphicsPathItem

from zoetrope.core.items import Arrows, Curve, Dash, Rule, Segments
from zoetrope.gui import pens
from zoetrope.gui.drawn import Drawn, last_seen, polygon
from zoetrope.gui.geometry import Geometry, Limits, Look, to_view
from zoetrope.gui.line_item import LineItem

Array = npt.NDArray[np.float64]

_HEAD_LENGTH, _HEAD_WIDTH = 6.0, 4.2  # of an arrow, in points


def _pen(
    look: Look, stroke: pens.Stroke, role: str, width: float, dash: Dash, opacity: float
) -> QPen:
    colour = pens.role_colour(look, role, opacity)
    if stroke.thin:
        return pens.thin_pen(look, colour, dash)
    # Where segments are seen through, their ends must meet and not overlap.
    return pens.cosmetic_pen(look, colour, width, dash, flat=stroke.segmented and opacity < 1)


def _draw(
    line: LineItem,
    x: Array,
    y: Array,
    connect: Literal["finite", "pairs"],
    stroke: pens.Stroke,
    pen: QPen,
    geometry: Geometry,
) -> None:
    line.draw(
        x, y, connect, pen,
        limits=geometry.limits, antialias=stroke.antialias, segmented=stroke.segmented,
    )  # fmt: skip


class DrawnCurve(Drawn[Curve]):
    """A curve, thick and smooth where that is affordable, else reduced to what pixels can show."""

    def _build(self) -> None:
        self._line: LineItem = self._add(LineItem())

    def refresh(self, geometry: Geometry, look: Look) -> None:
        """Draw the curve."""
        item = self.item
        x, y = geometry.lines(item.x, item.y)
        pixel_x, pixel_y = geometry.view_to_pixels(x, y)
        if x.size > pens.SMOOTH_POINTS:
            x, y, pixel_x, pixel_y = _reduced(x, y, geometry)
        length = pens.travel(pixel_x, pixel_y, geometry.width, geometry.height)
        corners = True
        if length <= pens.NOISE_TRAVEL:
            keep, corners = pens.thinned(pixel_x, pixel_y)
            x, y = x[keep], y[keep]
        stroke = pens.choose_stroke(x.size, length, item.dash, item.opacity, corners=corners)
        pen = _pen(look, stroke, item.role, item.width, item.dash, item.opacity)
        _draw(self._line, x, y, "finite", stroke, pen, geometry)

    def anchor(self, geometry: Geometry) -> tuple[float, float] | None:
        """Return the point at `label_at` along the curve."""
        return self.point_at(geometry, self.item.label_at)

    def point_at(self, geometry: Geometry, share: float) -> tuple[float, float] | None:
        """Return the pixel at a share of the way along the curve's points."""
        x, y = geometry.pixels(self.item.x, self.item.y)
        seen = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        if seen.size == 0:
            return None
        index = seen[round(min(max(share, 0.0), 1.0) * (seen.size - 1))]
        return float(x[index]), float(y[index])

    def outline(self, geometry: Geometry) -> tuple[Array, Array]:
        """Return points along the curve a few pixels apart."""
        x, y = geometry.pixels(self.item.x, self.item.y)
        return _spaced(x, y, geometry)


def _reduced(x: Array, y: Array, geometry: Geometry) -> tuple[Array, Array, Array, Array]:
    """Return a long curve with no more points than are seen, and the same in pixels."""
    low, high = sorted(geometry.limits[:2])
    ascending = bool(np.all(np.diff(x) > 0))
    if ascending:
        part = pens.visible_part(x, low, high)
        x, y = x[part], y[part]
    pixel_x, pixel_y = geometry.view_to_pixels(x, y)
    length = pens.travel(pixel_x, pixel_y, geometry.width, geometry.height)
    if x.size > pens.SMOOTH_POINTS:
        if ascending and length > pens.NOISE_TRAVEL:
            x, y = pens.min_max_per_column(x, y, max(int(geometry.width), 1))
        else:
            keep, _ = pens.thinned(pixel_x, pixel_y)
            x, y = x[keep], y[keep]
        pixel_x, pixel_y = geometry.view_to_pixels(x, y)
    return x, y, pixel_x, pixel_y


def _spaced(x: Array, y: Array, geometry: Geometry, spacing: float = 8.0) -> tuple[Array, Array]:
    seen = np.isfinite(x) & np.isfinite(y)
    x, y = x[seen], y[seen]
    if x.size < 2:
        return x, y
    x = np.clip(x, -geometry.width, 2 * geometry.width)
    y = np.clip(y, -geometry.height, 2 * geometry.height)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    places = np.linspace(0.0, along[-1], min(int(along[-1] / spacing) + 2, 400))
    return np.interp(places, along, x), np.interp(places, along, y)


class DrawnSegments(Drawn[Segments]):
    """All segments as one graphic of separate pairs of points."""

    def _build(self) -> None:
        self._line: LineItem = self._add(LineItem())

    def refresh(self, geometry: Geometry, look: Look) -> None:
        """Draw the segments."""
        item = self.item
        x0, y0 = geometry.lines(item.x0, item.y0)
        x1, y1 = geometry.lines(item.x1, item.y1)
        x0, y0, x1, y1 = pens.cut_to(_roomy(geometry.limits), x0, y0, x1, y1)
        x = np.stack([x0, x1], axis=1).ravel()
        y = np.stack([y0, y1], axis=1).ravel()
        # One by one: as one path, a few hundred that cross took seconds where pixels are small.
        stroke = replace(pens.choose_stroke(x0.size, 0.0, item.dash), segmented=True)
        pen = _pen(look, stroke, item.role, item.width, item.dash, item.opacity)
        _draw(self._line, x, y, "pairs", stroke, pen, geometry)

    def anchor(self, geometry: Geometry) -> tuple[float, float] | None:
        """Return the end of the last segment."""
        return last_seen(*geometry.pixels(self.item.x1, self.item.y1))


def _roomy(limits: Limits) -> Limits:
    """Return limits a quarter of the panel farther out, where no end of a line is seen."""
    x0, x1, y0, y1 = limits
    return (
        x0 - 0.25 * (x1 - x0), x1 + 0.25 * (x1 - x0), y0 - 0.25 * (y1 - y0), y1 + 0.25 * (y1 - y0)
    )  # fmt: skip


class DrawnRule(Drawn[Rule]):
    """A line across the panel."""

    def _build(self) -> None:
        self._line: LineItem = self._add(LineItem())

    def refresh(self, geometry: Geometry, look: Look) -> None:
        """Draw the line from edge to edge."""
        item = self.item
        x0, x1, y0, y1 = geometry.limits
        axis = geometry.x_axis if item.axis == "x" else geometry.y_axis
        at = float(to_view(item.value, axis))
        x, y = ([at, at], [y0, y1]) if item.axis == "x" else ([x0, x1], [at, at])
        stroke = pens.Stroke(thin=False, antialias=False, segmented=False)
        pen = _pen(look, stroke, item.role, item.width, item.dash, 1.0)
        _draw(self._line, np.array(x), np.array(y), "finite", stroke, pen, geometry)

    def anchor(self, geometry: Geometry) -> tuple[float, float] | None:
        """Return the line's upper or right end."""
        item = self.item
        if item.axis == "x":
            x, _ = geometry.pixels(item.value, 1.0)
            return (float(x), 2.0) if np.isfinite(x) else None
        _, y = geometry.pixels(1.0, item.value)
        return (geometry.width - 2.0, float(y)) if np.isfinite(y) else None


class DrawnArrows(Drawn[Arrows]):
    """Shafts as one line graphic, heads of constant size as one path."""

    def _build(self) -> None:
        self._line: LineItem = self._add(LineItem())
        self._heads: QGraphicsPathItem = self._add(QGraphicsPathItem())
        self._heads.setPen(QPen(Qt.PenStyle.NoPen))

    def refresh(self, geometry: Geometry, look: Look) -> None:
        """Draw shafts up to the heads, and the heads in the direction seen on the screen."""
        item = self.item
        x0, y0 = geometry.pixels(item.x, item.y)
        x1, y1 = geometry.pixels(item.x + item.dx, item.y + item.dy)
        length = np.hypot(x1 - x0, y1 - y0)
        seen = np.isfinite(length) & (length > 0)
        x0, y0, x1, y1, length = (values[seen] for values in (x0, y0, x1, y1, length))
        along_x, along_y = (x1 - x0) / length, (y1 - y0) / length
        scale = look.point * max(1.0, item.width * look.theme.line_scale / 1.2)
        head = np.minimum(_HEAD_LENGTH * scale, 0.6 * length)
        half = head * (_HEAD_WIDTH / _HEAD_LENGTH / 2)
        neck_x, neck_y = x1 - head * along_x, y1 - head * along_y
        corners_x = np.stack([x1, neck_x - half * along_y, neck_x + half * along_y], axis=1)
        corners_y = np.stack([y1, neck_y + half * along_x, neck_y - half * along_x], axis=1)
        shaft_x, shaft_y = _pixels_to_view(
            geometry,
            np.stack([x0, neck_x], axis=1).ravel(),
            np.stack([y0, neck_y], axis=1).ravel(),
        )
        stroke = pens.Stroke(thin=False, antialias=True, segmented=True)
        pen = pens.cosmetic_pen(look, pens.role_colour(look, item.role, item.opacity), item.width)
        _draw(self._line, shaft_x, shaft_y, "pairs", stroke, pen, geometry)
        path = QPainterPath()
        for x, y in zip(*_pixels_to_view(geometry, corners_x, corners_y), strict=True):
            path.addPath(polygon(x, y))
        path.setFillRule(Qt.FillRule.WindingFill)
        self._heads.setPath(path)
        self._heads.setBrush(QBrush(pens.role_colour(look, item.role, item.opacity)))

    def anchor(self, geometry: Geometry) -> tuple[float, float] | None:
        """Return the last arrow's tip."""
        item = self.item
        return last_seen(*geometry.pixels(item.x + item.dx, item.y + item.dy))


def _pixels_to_view(geometry: Geometry, x: Array, y: Array) -> tuple[Array, Array]:
    size_x, size_y = geometry.pixel
    return geometry.limits[0] + x * size_x, geometry.limits[3] - y * size_y
