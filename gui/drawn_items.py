"""How each kind of item is drawn with pyqtgraph, and updated in place.

A `Drawn` owns the graphics of one item. `show` gives it new data, `refresh` a new geometry (zoom,
size) or look (theme, screen). pyqtgraph is used here and in `panel_view.py` only.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QBrush, QColor, QPainterPath, QPen
from PyQt6.QtWidgets import QGraphicsPathItem

from zoetrope.core.figure import (
    Arrows,
    Band,
    Bars,
    Curve,
    Dash,
    HeatMap,
    Item,
    Label,
    Marker,
    Region,
    Rule,
    Scatter,
    Segments,
)
from zoetrope.gui import pens
from zoetrope.gui.colour_maps import colour_indices, colour_table, coloured_image
from zoetrope.gui.geometry import Geometry, Look, to_view
from zoetrope.gui.text_mark import TextMark
from zoetrope.gui.theme import figure_font

Array = npt.NDArray[np.float64]
I = TypeVar("I", bound=Item)  # noqa: E741

DENSE_POINTS = 20_000
_MARKERS: dict[Marker, str] = {
    "circle": "o",
    "square": "s",
    "triangle": "t1",
    "diamond": "d",
    "cross": "x",
}
_MARKER_COLOURS = 64  # so many brushes serve a scatter coloured by values
_GAP = 2.0  # pixels between a point and the words that begin or end there
_HEAD_LENGTH, _HEAD_WIDTH = 6.0, 4.2  # of an arrow, in points


class Drawn(ABC, Generic[I]):
    """The graphics of one item in one panel's view."""

    def __init__(self, view_box: Any, item: I) -> None:
        self._view_box = view_box
        self.item = item
        self.graphics: list[Any] = []
        self._build()

    def _add(self, graphic: Any) -> Any:
        self._view_box.addItem(graphic, ignoreBounds=True)
        self.graphics.append(graphic)
        return graphic

    def set_order(self, order: int) -> None:
        """Put the graphics at a place in the panel's drawing order."""
        for graphic in self.graphics:
            if graphic.zValue() != order:
                graphic.setZValue(order)

    def remove(self) -> None:
        """Take the graphics off the panel."""
        for graphic in self.graphics:
            self._view_box.removeItem(graphic)
        self.graphics.clear()

    @abstractmethod
    def _build(self) -> None: ...

    @abstractmethod
    def refresh(self, geometry: Geometry, look: Look) -> None:
        """Draw the item as it is now."""

    def anchor(self, geometry: Geometry) -> tuple[float, float] | None:
        """Return the pixel at which the item's label should stand, if it has one to stand at."""
        return None

    def outline(self, geometry: Geometry) -> tuple[Array, Array]:
        """Return pixels that labels should keep clear of."""
        return np.empty(0), np.empty(0)


class _Lines:
    """A pyqtgraph curve that is only told what has changed."""

    def __init__(self, graphic: Any) -> None:
        self.graphic = graphic

    def draw(
        self,
        x: Array,
        y: Array,
        connect: str,
        stroke: pens.Stroke,
        pen: QPen,
    ) -> None:
        options = self.graphic.opts
        mode = "on" if stroke.segmented else "off"
        if options["segmentedLineMode"] != mode:
            self.graphic.setSegmentedLineMode(mode)
        options["antialias"] = stroke.antialias
        if options["pen"] != pen:
            self.graphic.setPen(pen)
        self.graphic.setData(x, y, connect=connect)


def _pen(
    look: Look, stroke: pens.Stroke, role: str, width: float, dash: Dash, opacity: float
) -> QPen:
    colour = pens.role_colour(look, role, opacity)
    if stroke.thin:
        return pens.thin_pen(look, colour, dash)
    return pens.cosmetic_pen(look, colour, width, dash)


class DrawnCurve(Drawn[Curve]):
    """A curve, thick and smooth where that is affordable, else reduced to what pixels can show."""

    def _build(self) -> None:
        self._lines = _Lines(self._add(pg.PlotCurveItem()))

    def refresh(self, geometry: Geometry, look: Look) -> None:
        """Draw the curve."""
        item = self.item
        x, y = geometry.lines(item.x, item.y)
        pixel_x, pixel_y = geometry.view_to_pixels(x, y)
        if x.size > pens.SMOOTH_POINTS:
            x, y, pixel_x, pixel_y = _reduced(x, y, geometry)
        length = pens.travel(pixel_x, pixel_y, geometry.width, geometry.height)
        if length <= pens.NOISE_TRAVEL:
            x, y = pens.thinned(x, y, pixel_x, pixel_y)
        stroke = pens.choose_stroke(x.size, length, item.dash, item.opacity >= 1)
        pen = _pen(look, stroke, item.role, item.width, item.dash, item.opacity)
        self._lines.draw(x, y, "finite", stroke, pen)

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
            x, y = pens.thinned(x, y, pixel_x, pixel_y)
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
        self._lines = _Lines(self._add(pg.PlotCurveItem()))

    def refresh(self, geometry: Geometry, look: Look) -> None:
        """Draw the segments."""
        item = self.item
        x0, y0 = geometry.lines(item.x0, item.y0)
        x1, y1 = geometry.lines(item.x1, item.y1)
        x = np.stack([x0, x1], axis=1).ravel()
        y = np.stack([y0, y1], axis=1).ravel()
        stroke = pens.choose_stroke(x0.size, 0.0, item.dash)
        pen = _pen(look, stroke, item.role, item.width, item.dash, item.opacity)
        self._lines.draw(x, y, "pairs", stroke, pen)

    def anchor(self, geometry: Geometry) -> tuple[float, float] | None:
        """Return the end of the last segment."""
        return _last(*geometry.pixels(self.item.x1, self.item.y1))


def _last(x: Array, y: Array) -> tuple[float, float] | None:
    seen = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    return (float(x[seen[-1]]), float(y[seen[-1]])) if seen.size else None


class _Filled(Drawn[I]):
    """An area without an outline."""

    def _build(self) -> None:
        self._path: QGraphicsPathItem = self._add(QGraphicsPathItem())
        self._path.setPen(QPen(Qt.PenStyle.NoPen))

    def _fill(self, path: QPainterPath, colour: QColor) -> None:
        self._path.setPath(path)
        self._path.setBrush(QBrush(colour))


def _polygon(x: Array, y: Array) -> QPainterPath:
    path: QPainterPath = pg.arrayToQPath(x, y, connect="all")
    path.closeSubpath()
    return path


class DrawnBand(_Filled[Band]):
    """A band; where an edge is missing, a gap."""

    def refresh(self, geometry: Geometry, look: Look) -> None:
        """Draw the band."""
        item = self.item
        x, low = geometry.lines(item.x, item.low)
        _, high = geometry.lines(item.x, item.high)
        seen = np.isfinite(x) & np.isfinite(low) & np.isfinite(high)
        path = QPainterPath()
        for start, stop in _runs(seen):
            if stop - start > 1:
                part = slice(start, stop)
                path.addPath(
                    _polygon(
                        np.concatenate([x[part], x[part][::-1]]),
                        np.concatenate([low[part], high[part][::-1]]),
                    )
                )
        path.setFillRule(Qt.FillRule.WindingFill)
        self._fill(path, pens.role_colour(look, item.role, item.opacity))

    def anchor(self, geometry: Geometry) -> tuple[float, float] | None:
        """Return the middle of the band's end."""
        x, low = geometry.pixels(self.item.x, self.item.low)
        _, high = geometry.pixels(self.item.x, self.item.high)
        return _last(x, (low + high) / 2)


def _runs(seen: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return where the runs of true values start and stop."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], seen, [False]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


class DrawnBars(_Filled[Bars]):
    """All bars as one path."""

    def refresh(self, geometry: Geometry, look: Look) -> None:
        """Draw the bars; on a log axis those from zero stand on the panel's lower edge."""
        item = self.item
        left, _ = geometry.lines(item.x - item.width / 2, item.height)
        right, top = geometry.lines(item.x + item.width / 2, item.base + item.height)
        base = float(geometry.lines(1.0, item.base)[1])
        path = QPainterPath()
        for x0, x1, y in zip(left.tolist(), right.tolist(), top.tolist(), strict=True):
            if np.isfinite(x0) and np.isfinite(x1) and np.isfinite(y):
                path.addRect(QRectF(x0, min(base, y), x1 - x0, abs(y - base)))
        self._fill(path, pens.role_colour(look, item.role, item.opacity))

    def anchor(self, geometry: Geometry) -> tuple[float, float] | None:
        """Return the top of the highest bar."""
        item = self.item
        x, y = geometry.pixels(item.x, item.base + item.height)
        if not np.isfinite(y).any():
            return None
        index = int(np.nanargmin(y))
        return float(x[index]), float(y[index])


class DrawnRegion(_Filled[Region]):
    """A strip across the panel."""

    def refresh(self, geometry: Geometry, look: Look) -> None:
        """Draw the strip."""
        item = self.item
        x0, x1, y0, y1 = geometry.limits
        across = item.axis == "x"
        ends = geometry.lines([item.low, item.high], [item.low, item.high])
        low, high = (float(value) for value in ends[0 if across else 1])
        path = QPainterPath()
        if np.isfinite(low) and np.isfinite(high):
            corners = (low, y0, high, y1) if across else (x0, low, x1, high)
            path.addRect(QRectF(QPointF(*corners[:2]), QPointF(*corners[2:])).normalized())
        self._fill(path, pens.role_colour(look, item.role, item.opacity))

    def anchor(self, geometry: Geometry) -> tuple[float, float] | None:
        """Return the middle of the strip at the panel's upper or right edge."""
        item = self.item
        if item.axis == "x":
            x, _ = geometry.pixels([item.low, item.high], [1.0, 1.0])
            return (float(np.nanmean(x)), 2.0) if np.isfinite(x).any() else None
        _, y = geometry.pixels([1.0, 1.0], [item.low, item.high])
        return (geometry.width - 2.0, float(np.nanmean(y))) if np.isfinite(y).any() else None


class DrawnRule(Drawn[Rule]):
    """A line across the panel."""

    def _build(self) -> None:
        self._lines = _Lines(self._add(pg.PlotCurveItem()))

    def refresh(self, geometry: Geometry, look: Look) -> None:
        """Draw the line from edge to edge."""
        item = self.item
        x0, x1, y0, y1 = geometry.limits
        axis = geometry.x_axis if item.axis == "x" else geometry.y_axis
        at = float(to_view(item.value, axis))
        x, y = ([at, at], [y0, y1]) if item.axis == "x" else ([x0, x1], [at, at])
        stroke = pens.Stroke(thin=False, antialias=False, segmented=False)
        pen = _pen(look, stroke, item.role, item.width, item.dash, 1.0)
        self._lines.draw(np.array(x), np.array(y), "finite", stroke, pen)

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
        self._lines = _Lines(self._add(pg.PlotCurveItem()))
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
        self._lines.draw(
            *_pixels_to_view(
                geometry,
                np.stack([x0, neck_x], axis=1).ravel(),
                np.stack([y0, neck_y], axis=1).ravel(),
            ),
            "pairs",
            pens.Stroke(thin=False, antialias=True, segmented=True),
            pens.cosmetic_pen(look, pens.role_colour(look, item.role, item.opacity), item.width),
        )
        path = QPainterPath()
        for x, y in zip(*_pixels_to_view(geometry, corners_x, corners_y), strict=True):
            path.addPath(_polygon(x, y))
        path.setFillRule(Qt.FillRule.WindingFill)
        self._heads.setPath(path)
        self._heads.setBrush(QBrush(pens.role_colour(look, item.role, item.opacity)))

    def anchor(self, geometry: Geometry) -> tuple[float, float] | None:
        """Return the last arrow's tip."""
        item = self.item
        return _last(*geometry.pixels(item.x + item.dx, item.y + item.dy))


def _pixels_to_view(geometry: Geometry, x: Array, y: Array) -> tuple[Array, Array]:
    size_x, size_y = geometry.pixel
    return geometry.limits[0] + x * size_x, geometry.limits[3] - y * size_y


class DrawnScatter(Drawn[Scatter]):
    """Points; more than 20,000 as a picture of their density."""

    def _build(self) -> None:
        self._points = self._add(pg.ScatterPlotItem(pxMode=True, antialias=True))
        self._density = self._add(pg.ImageItem(axisOrder="row-major"))

    def refresh(self, geometry: Geometry, look: Look) -> None:
        """Draw the points or their density."""
        dense = self.item.x.size > DENSE_POINTS
        self._points.setVisible(not dense)
        self._density.setVisible(dense)
        if dense:
            self._draw_density(geometry, look)
        else:
            self._draw_points(geometry, look)

    def _draw_points(self, geometry: Geometry, look: Look) -> None:
        item = self.item
        x, y = geometry.view(item.x, item.y)
        seen = np.isfinite(x) & np.isfinite(y)
        brush: QBrush | list[QBrush]
        if item.values is None:
            brush = QBrush(pens.role_colour(look, item.role, item.opacity))
        else:
            seen &= np.isfinite(item.values)
            assert item.levels is not None  # the description fills them in
            rows = colour_indices(item.values[seen], item.levels) // (256 // _MARKER_COLOURS)
            table = colour_table(item.colours)
            brushes = [
                QBrush(QColor(red, green, blue, round(255 * item.opacity)))
                for red, green, blue in table[2 :: 256 // _MARKER_COLOURS, :3].tolist()
            ]
            brush = [brushes[row] for row in rows]
        size = item.size * look.point
        self._points.setData(
            x[seen], y[seen], size=size, symbol=_MARKERS[item.marker], brush=brush, pen=None
        )

    def _draw_density(self, geometry: Geometry, look: Look) -> None:
        item = self.item
        x, y = geometry.view(item.x, item.y)
        x0, x1, y0, y1 = geometry.limits
        left, right, bottom, top = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
        bins = [max(int(geometry.height / 2), 1), max(int(geometry.width / 2), 1)]
        where = [[bottom, top], [left, right]]
        seen = np.isfinite(x) & np.isfinite(y)
        count, _, _ = np.histogram2d(y[seen], x[seen], bins=bins, range=where)
        if item.values is None:
            colour = pens.role_colour(look, item.role)
            image = np.empty((*count.shape, 4), dtype=np.uint8)
            image[..., :3] = (colour.red(), colour.green(), colour.blue())
            most = max(float(count.max()), 1.0)
            share = np.log1p(count) / np.log1p(most)
            image[..., 3] = np.where(count > 0, 255 * item.opacity * (0.25 + 0.75 * share), 0)
        else:
            assert item.levels is not None
            weights = np.nan_to_num(item.values[seen])
            total, _, _ = np.histogram2d(y[seen], x[seen], bins=bins, range=where, weights=weights)
            with np.errstate(invalid="ignore"):
                image = coloured_image(total / count, item.levels, item.colours)
        self._density.setImage(image, autoLevels=False)
        self._density.setRect(QRectF(left, bottom, right - left, top - bottom))

    def anchor(self, geometry: Geometry) -> tuple[float, float] | None:
        """Return the rightmost point."""
        x, y = geometry.pixels(self.item.x, self.item.y)
        x = np.where(np.isfinite(y), x, np.nan)
        if not np.isfinite(x).any():
            return None
        index = int(np.nanargmax(x))
        return float(x[index]), float(y[index])

    def outline(self, geometry: Geometry) -> tuple[Array, Array]:
        """Return some of the points."""
        step = max(1, self.item.x.size // 200)
        x, y = geometry.pixels(self.item.x[::step], self.item.y[::step])
        seen = np.isfinite(x) & np.isfinite(y)
        return x[seen], y[seen]


class DrawnHeatMap(Drawn[HeatMap]):
    """A matrix as an image; its cells are evenly spaced on the axes as drawn."""

    def _build(self) -> None:
        self._image = self._add(pg.ImageItem(axisOrder="row-major"))
        self._shown: object = None

    def refresh(self, geometry: Geometry, look: Look) -> None:
        """Draw the image at its extent; nothing where a log axis cannot show the extent."""
        item = self.item
        x0, x1, y0, y1 = item.extent
        x, y = geometry.view([x0, x1], [y0, y1])
        placed = bool(np.isfinite(x).all() and np.isfinite(y).all() and item.z.size)
        self._image.setVisible(placed)
        if not placed:
            return
        if self._shown is not item:
            assert item.levels is not None
            self._image.setImage(coloured_image(item.z, item.levels, item.colours), levels=None)
            self._shown = item
        rows, columns = item.z.shape
        many = rows > 2 * geometry.height or columns > 2 * geometry.width
        if self._image.autoDownsample != many:
            self._image.setAutoDownsample(many)
        self._image.setRect(QRectF(x[0], y[0], x[1] - x[0], y[1] - y[0]))


class DrawnLabel(Drawn[Label]):
    """Words at a point, moved inward where the panel's edge would cut them."""

    def _build(self) -> None:
        self._mark: TextMark = self._add(TextMark(self._view_box.childGroup, fixed_size=True))

    def refresh(self, geometry: Geometry, look: Look) -> None:
        """Write the words."""
        item = self.item
        x, y = geometry.view(item.x, item.y)
        placed = bool(np.isfinite(x) and np.isfinite(y))
        self._mark.setVisible(placed)
        if not placed:
            return
        self._mark.setPos(float(x), float(y))
        halo = QColor(look.theme.panel)
        halo.setAlpha(150)
        font = figure_font(item.size * look.text_scale)
        self._mark.write(item.label, font, pens.role_colour(look, item.role), halo)
        width, height = self._mark.size
        dx, dy = {
            "left": (_GAP, -height / 2),
            "right": (-width - _GAP, -height / 2),
            "top": (-width / 2, 0.0),
            "bottom": (-width / 2, -height),
            "center": (-width / 2, -height / 2),
        }[item.anchor]
        at_x, at_y = (float(v) for v in geometry.view_to_pixels(x, y))
        if 0 <= at_x <= geometry.width and 0 <= at_y <= geometry.height:
            dx += _inward(at_x + dx, width, geometry.width)
            dy += _inward(at_y + dy, height, geometry.height)
        self._mark.place(QPointF(dx, dy))
        self.rectangle = QRectF(at_x + dx, at_y + dy, width, height)

    rectangle: QRectF = QRectF()


def _inward(start: float, size: float, room: float) -> float:
    """Return how far to move something of a size so that it lies within 0 and `room`."""
    if start < 2:
        return 2 - start
    if start + size > room - 2:
        return room - 2 - start - size if size < room else 0.0
    return 0.0


class DrawnNothing(Drawn[Item]):
    """An item that this renderer does not draw in the panel itself (a handle is a widget)."""

    def _build(self) -> None:
        pass

    def refresh(self, geometry: Geometry, look: Look) -> None:
        """Draw nothing."""


_DRAWN: dict[type[Item], type[Drawn[Any]]] = {
    Curve: DrawnCurve,
    Segments: DrawnSegments,
    Band: DrawnBand,
    Bars: DrawnBars,
    Region: DrawnRegion,
    Rule: DrawnRule,
    Arrows: DrawnArrows,
    Scatter: DrawnScatter,
    HeatMap: DrawnHeatMap,
    Label: DrawnLabel,
}


def draw(view_box: Any, item: Item) -> Drawn[Any]:
    """Return the graphics of an item, on the panel but not drawn yet."""
    return _DRAWN.get(type(item), DrawnNothing)(view_box, item)
