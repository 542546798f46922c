"""Bands, bars, regions and heat maps."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QPainterPath

from zoetrope.core.figure import Band, Bars, HeatMap, Region
from zoetrope.gui import pens
from zoetrope.gui.colour_maps import coloured_image
from zoetrope.gui.drawn import Drawn, Filled, last_seen, polygon
from zoetrope.gui.geometry import Geometry, Look

COLOURS = (0, 255)  # what an image's channels run over, also where it is thinned to averages


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
            self._image.setImage(coloured_image(item.z, item.levels, item.colours), levels=COLOURS)
            self._shown = item
        rows, columns = item.z.shape
        many = rows > 2 * geometry.height or columns > 2 * geometry.width
        if self._image.autoDownsample != many:
            self._image.setAutoDownsample(many)
        self._image.setRect(QRectF(x[0], y[0], x[1] - x[0], y[1] - y[0]))
