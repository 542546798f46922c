"""The graphics of a line: a curve, or separate segments, as one path or segment by segment.

pyqtgraph's own curve works out its bounds in every paint and listens to every change of the view.
On a panel of two dozen curves that took as long as painting them, so only its way of making paths
from arrays is used here.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QPainter, QPainterPath, QPen
from PyQt6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget
from pyqtgraph.graphicsItems.PlotCurveItem import arrayToLineSegments

from zoetrope.gui.geometry import Limits

Array = npt.NDArray[np.float64]


class LineItem(QGraphicsItem):
    """Paints what `draw` was given last."""

    def __init__(self) -> None:
        super().__init__()
        self._reach = QRectF()
        self._pen = QPen()
        self._antialias = False
        self._path = QPainterPath()
        self._segments: Any = None  # pyqtgraph's array of QLineF, in place of the path
        self._ends: tuple[Array, Array, Literal["finite", "pairs"]] | None = None  # of segments

    def draw(
        self,
        x: Array,
        y: Array,
        connect: Literal["finite", "pairs"],
        pen: QPen,
        *,
        limits: Limits,
        antialias: bool,
        segmented: bool,
    ) -> None:
        """Take points in view coordinates; with "pairs" every second one begins a new line.

        `limits` are those of the view: what lies beyond them is not seen.
        """
        x0, x1, y0, y1 = limits
        reach = QRectF(x0, y0, x1 - x0, y1 - y0).normalized()
        if reach != self._reach:
            self.prepareGeometryChange()
            self._reach = reach
        self._pen, self._antialias = pen, antialias
        if segmented:
            self._ends = (x, y, connect)
        else:
            self._ends = None
            self._path = pg.arrayToQPath(x, y, connect=connect)
        self.update()

    def boundingRect(self) -> QRectF:
        """Return all that is seen of the view."""
        return self._reach

    def paint(
        self,
        painter: QPainter | None,
        option: QStyleOptionGraphicsItem | None,
        widget: QWidget | None = None,
    ) -> None:
        """Draw the line."""
        if painter is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self._antialias)
        painter.setPen(self._pen)
        if self._ends is None:
            painter.drawPath(self._path)
            return
        # In pixels: through a transformation Qt makes one path of the lines, and that of a few
        # hundred that cross takes seconds where pixels are small.
        x, y, connect = self._ends
        to_pixels = painter.worldTransform()
        x, y = to_pixels.m11() * x + to_pixels.dx(), to_pixels.m22() * y + to_pixels.dy()
        self._segments = arrayToLineSegments(x, y, connect, True, self._segments)
        painter.save()
        painter.resetTransform()
        painter.drawLines(*self._segments.drawargs())
        painter.restore()
