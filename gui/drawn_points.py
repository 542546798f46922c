"""Points and words with pyqtgraph."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QBrush, QColor, QPen

from zoetrope.core.items import ColourMap, Label, Marker, Scatter
from zoetrope.core.label_layout import CUT
from zoetrope.gui import pens
from zoetrope.gui.colour_maps import colour_indices, colour_table, coloured_image
from zoetrope.gui.drawn import Drawn
from zoetrope.gui.geometry import Geometry, Look
from zoetrope.gui.text_mark import TextMark
from zoetrope.gui.theme import figure_font

Array = npt.NDArray[np.float64]

DENSE_POINTS = 20_000
_MARKERS: dict[Marker, str] = {
    "circle": "o",
    "ring": "o",
    "square": "s",
    "triangle": "t1",
    "diamond": "d",
    "cross": "x",
}
_MARKER_COLOURS = 64  # so many brushes serve a scatter coloured by values
_GAP = 2.0  # pixels between a point and the words that begin or end there


@lru_cache(maxsize=16)
def _brushes(colours: ColourMap, opacity: float) -> list[QBrush]:
    """Return the brushes of a colour map; the same ones again, or each would be drawn anew."""
    return [
        QBrush(QColor(red, green, blue, round(255 * opacity)))
        for red, green, blue in colour_table(colours)[2 :: 256 // _MARKER_COLOURS, :3].tolist()
    ]


def _stroke(brush: QBrush, width: float) -> QPen:
    pen = QPen(brush, width)
    pen.setCosmetic(True)  # or it is as many times wider as the marker
    return pen


class DrawnScatter(Drawn[Scatter]):
    """Points; more than 20,000 as a picture of their density."""

    def _build(self) -> None:
        self._points = self._add(pg.ScatterPlotItem(pxMode=True, antialias=True))
        self._density = self._add(pg.ImageItem(axisOrder="row-major"))
        self._style: object = None
        self._values: Array | None = None

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
        if item.values is not None:
            seen &= np.isfinite(item.values)
        x, y = x[seen], y[seen]
        size = item.size * look.point
        style = (item.role, item.opacity, item.colours, item.levels, size, item.marker, look.theme)
        if style == self._style and x.size == self._points.data.size and self._same_colours(seen):
            # Only the places differ, as in a drag: the rest takes five times as long.
            self._points.prepareGeometryChange()
            self._points.data["x"], self._points.data["y"] = x, y
            self._points.bounds = [None, None]
            self._points.update()
            return
        brush: QBrush | list[QBrush]
        if item.values is None:
            brush = QBrush(pens.role_colour(look, item.role, item.opacity))
        else:
            assert item.levels is not None  # the description fills them in
            rows = colour_indices(item.values[seen], item.levels) // (256 // _MARKER_COLOURS)
            brushes = _brushes(item.colours, item.opacity)
            brush = [brushes[row] for row in rows.tolist()]
        self._style = style
        self._values = None if item.values is None else item.values[seen]
        pen: QPen | list[QPen] | None = None
        if item.marker == "ring":
            width, size = size / 4, size * 3 / 4  # the stroke lies half outside
            if isinstance(brush, list):
                pen = [_stroke(each, width) for each in brush]
            else:
                pen = _stroke(brush, width)
            brush = QBrush()
        self._points.setData(x, y, size=size, symbol=_MARKERS[item.marker], brush=brush, pen=pen)

    def _same_colours(self, seen: npt.NDArray[np.bool_]) -> bool:
        if self.item.values is None or self._values is None:
            return self.item.values is None and self._values is None
        return np.array_equal(self.item.values[seen], self._values)

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


class DrawnLabel(Drawn[Label]):
    """Words at a point, moved inward where the panel's edge would cut them.

    Those that are too wide for the panel are not shown, as in files.
    """

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
        halo.setAlpha(200 if look.over_map else 150)
        font = figure_font(item.size * look.text_scale)
        colour = pens.role_colour(look, item.role)
        self._mark.write(item.label, font, colour, halo, on_plate=look.over_map)
        width, height = self._mark.size
        self._mark.setVisible((1 - CUT) * width <= geometry.width)
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
