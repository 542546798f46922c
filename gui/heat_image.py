"""A matrix as a picture in a panel: one pixel a cell, drawn as large as the cell is now."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QImage, QPainter, qRgba
from PyQt6.QtWidgets import QGraphicsItem

from zoetrope.core.items import ColourMap
from zoetrope.gui.colour_maps import colour_table

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.uint8]
_COLOURS = 255  # and one entry of the table for nothing


def cell_indices(z: Array, levels: tuple[float, float]) -> Indices:
    """Return the entry of the colour table for each cell: 1 to 255, 0 where there is no number."""
    low, high = levels
    scale = _COLOURS / (high - low) if high != low else 0.0
    with np.errstate(invalid="ignore", over="ignore"):
        place = z - low
        place *= scale
        place += 1.0
        np.maximum(place, 1.0, out=place)
        np.minimum(place, _COLOURS, out=place)
        np.fmax(place, 0.0, out=place)  # the larger number: NaN is none
        return place.astype(np.uint8)


def thinned(z: Array, rows: int, columns: int) -> Array:
    """Return the means of blocks of so many rows and columns; the last ones may be smaller.

    Cells without a number count for nothing; a block of such has none.
    """
    if rows == 1 and columns == 1:
        return z
    there = np.isfinite(z)
    total = _summed(np.where(there, z, 0.0), rows, columns)
    with np.errstate(invalid="ignore"):
        mean: Array = total / _summed(there.astype(np.float64), rows, columns)
    return mean


def _summed(part: Array, rows: int, columns: int) -> Array:
    """Return the sums over blocks: strided slices are added, which is much faster than reduceat."""
    high = part[::rows].copy()
    for k in range(1, rows):
        more = part[k::rows]
        high[: len(more)] += more
    wide = high[:, ::columns].copy()
    for k in range(1, columns):
        across = high[:, k::columns]
        wide[:, : across.shape[1]] += across
    return wide


@cache
def _palette(name: ColourMap) -> list[int]:
    table = colour_table(name)
    rows = np.rint(np.linspace(0, len(table) - 1, _COLOURS)).astype(int)
    return [0, *(qRgba(*colour) for colour in table[rows].tolist())]


class HeatImage(QGraphicsItem):
    """Draws a matrix over a rectangle of the view, its first row at the rectangle's low end.

    Only the cells in sight are drawn, so that a zoom into few of many stays exact and fast.
    """

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self._cells: Indices = np.empty((0, 0), dtype=np.uint8)
        self._place = QRectF()
        self._seen = QRectF()

    def show_cells(self, cells: Indices, colours: ColourMap) -> None:
        """Draw these entries of a colour table from now on."""
        self._cells = np.ascontiguousarray(cells)  # the image looks at this memory
        rows, columns = cells.shape
        indexed = QImage(self._cells.data, columns, rows, columns, QImage.Format.Format_Indexed8)  # type: ignore[call-overload]
        indexed.setColorTable(_palette(colours))
        self._image = indexed.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
        self.update()

    def stand(self, place: QRectF, seen: QRectF) -> None:
        """Fill a place of the view, of which a part is seen."""
        if place != self._place:
            self.prepareGeometryChange()
        self._place, self._seen = place, seen
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the place."""
        return QRectF(self._place).normalized()

    def paint(self, painter: QPainter | None, option: Any, widget: Any = None) -> None:
        """Draw the cells in sight."""
        columns, rows = self._image.width(), self._image.height()
        if painter is None or columns == 0 or rows == 0:
            return
        place, seen = self._place, self._seen
        across, up = place.width() / columns, place.height() / rows
        if across == 0.0 or up == 0.0:
            return
        left, right = _in_sight(seen.left(), seen.right(), place.left(), across, columns)
        low, high = _in_sight(seen.top(), seen.bottom(), place.top(), up, rows)
        if left >= right or low >= high:
            return
        target = QRectF(
            place.left() + left * across,
            place.top() + low * up,
            (right - left) * across,
            (high - low) * up,
        )
        painter.drawImage(target, self._image, QRectF(left, low, right - left, high - low))


def _in_sight(first: float, last: float, start: float, size: float, count: int) -> tuple[int, int]:
    """Return which cells of so many, from `start` on, lie between two places; a half-open range."""
    ends = sorted(((first - start) / size, (last - start) / size))
    return max(math.floor(ends[0]), 0), min(math.ceil(ends[1]), count)
