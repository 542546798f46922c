"""Bands, bars, regions and heat maps."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QPainterPath

from zoetrope.core.items import Band, Bars, HeatMap, Rectangle, Region
from zoetrope.gui import pens
from zoetrope.gui.drawn import Drawn, Filled, last_seen, polygon
from zoetrope.gui.geometry import Geometry, Look
from zoetrope.gui.heat_image import HeatImage, cell_indices, thinned


class DrawnBand(Filled[Band]):
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
                    polygon(
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
        return last_seen(x, (low + high) / 2)


def _runs(seen: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return where the runs of true values start and stop."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], seen, [False]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


class DrawnBars(Filled[Bars]):
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


class DrawnRegion(Filled[Region]):
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


class DrawnRectangle(Filled[Rectangle]):
    """A rectangle with an outline."""

    def refresh(self, geometry: Geometry, look: Look) -> None:
        """Draw the rectangle."""
        item = self.item
        (x0, x1), (y0, y1) = geometry.lines(item.x, item.y)
        path = QPainterPath()
        if np.isfinite([x0, x1, y0, y1]).all():
            path.addRect(QRectF(QPointF(x0, y0), QPointF(x1, y1)).normalized())
        self._fill(path, pens.role_colour(look, item.role, item.opacity))
        colour = pens.role_colour(look, item.role)
        self._path.setPen(pens.cosmetic_pen(look, colour, item.width))


class DrawnHeatMap(Drawn[HeatMap]):
    """A matrix as an image; its cells are evenly spaced on the axes as drawn.

    Where a pixel would show several cells, it shows their mean.
    """

    def _build(self) -> None:
        self._image: HeatImage = self._add(HeatImage())
        self._shown: HeatMap | None = None
        self._block = (1, 1)

    def refresh(self, geometry: Geometry, look: Look) -> None:
        """Draw the image at its extent; nothing where a log axis cannot show the extent."""
        item = self.item
        x0, x1, y0, y1 = item.extent
        x, y = geometry.view([x0, x1], [y0, y1])
        placed = bool(np.isfinite(x).all() and np.isfinite(y).all() and item.z.size)
        self._image.setVisible(placed)
        if not placed:
            return
        place = QRectF(x[0], y[0], x[1] - x[0], y[1] - y[0])
        rows, columns = item.z.shape
        wide, high = geometry.pixel
        columns_a_pixel = columns * abs(wide / place.width()) if place.width() else 1.0
        rows_a_pixel = rows * abs(high / place.height()) if place.height() else 1.0
        block = (_block(rows_a_pixel, rows), _block(columns_a_pixel, columns))
        if self._shown is not item or self._block != block:
            assert item.levels is not None
            cells = cell_indices(thinned(item.z, *block), item.levels)
            self._image.show_cells(cells, item.colours)
            self._shown, self._block = item, block
        left, right, low, top = geometry.limits
        self._image.stand(place, QRectF(QPointF(left, low), QPointF(right, top)))


def _block(cells_a_pixel: float, cells: int) -> int:
    """Return how many cells to draw as one: a power of two, so that a zoom seldom changes it."""
    if cells_a_pixel < 2.0:
        return 1
    return min(1 << (int(cells_a_pixel).bit_length() - 1), cells)
