"""The graphics of one item on one panel, made once and updated in place.

`refresh` draws the item as it is now: with new data, a new geometry (zoom, size) or a new look
(theme, screen). pyqtgraph is used in the `drawn_...` modules, in `line_item.py`, `colour_maps.py`
and `panel_view.py`, and nowhere else.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QBrush, QColor, QPainterPath, QPen
from PyQt6.QtWidgets import QGraphicsPathItem

from zoetrope.core.items import HeatMap, Item
from zoetrope.gui.geometry import Geometry, Look

Array = npt.NDArray[np.float64]
I = TypeVar("I", bound=Item)  # noqa: E741


class Drawn(ABC, Generic[I]):
    """The graphics of one item in one panel's view."""

    def __init__(self, view_box: Any, item: I) -> None:
        self._view_box = view_box
        self.item = item
        self.graphics: list[Any] = []
        self._drawn: tuple[I, Geometry, Look] | None = None  # what was drawn last, and how
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

    def keep_up(self, geometry: Geometry, look: Look) -> None:
        """Draw the item as it is now, unless that is how it was drawn last.

        A matrix is known by identity: comparing two takes as long as drawing one.
        """
        if self._drawn is not None:
            item, *how = self._drawn
            same = item is self.item or (not isinstance(item, HeatMap) and item == self.item)
            if same and how == [geometry, look]:
                return
        self.refresh(geometry, look)
        self._drawn = (self.item, geometry, look)

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


class Filled(Drawn[I]):
    """An area without an outline."""

    def _build(self) -> None:
        self._path: QGraphicsPathItem = self._add(QGraphicsPathItem())
        self._path.setPen(QPen(Qt.PenStyle.NoPen))

    def _fill(self, path: QPainterPath, colour: QColor) -> None:
        self._path.setPath(path)
        self._path.setBrush(QBrush(colour))


def polygon(x: Array, y: Array) -> QPainterPath:
    """Return a closed path through points."""
    path: QPainterPath = pg.arrayToQPath(x, y, connect="all")
    path.closeSubpath()
    return path


def last_seen(x: Array, y: Array) -> tuple[float, float] | None:
    """Return the last point that is anywhere, if there is one."""
    seen = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    return (float(x[seen[-1]]), float(y[seen[-1]])) if seen.size else None
