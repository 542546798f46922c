"""The labels of a panel's items, written where they are: at the end of a curve, on a rule.

A curve that ends at the panel's right edge has its label in the margin beside it; all others
find a place near their item that hides as little as possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QFontMetricsF
from PyQt6.QtWidgets import QGraphicsItem

from zoetrope.core.figure import (
    Band,
    Curve,
    Handle,
    HeatMap,
    Item,
    Label,
    Panel,
    Region,
    Rule,
    Scatter,
)
from zoetrope.core.label_layout import Box, Room, around, sampled, spread
from zoetrope.gui import pens
from zoetrope.gui.axes_item import colour_bar
from zoetrope.gui.drawn_items import Drawn, DrawnCurve, DrawnLabel
from zoetrope.gui.geometry import Geometry, Limits, Look, to_view
from zoetrope.gui.handle_ring import SIZE as HANDLE_SIZE
from zoetrope.gui.text_mark import TextMark
from zoetrope.gui.theme import figure_font

LABEL_SIZE = 9.0  # points
MARGIN_GAP = 8.0  # pixels between the axes and the labels beside them
_GAP = 5.0
_AT_EDGE = 0.93  # share of the width from which a curve's end counts as at the edge
_WIDEST = 0.3  # share of the cell that labels in the margin may take
_KEEP = 0.3  # how much worse than the best a place may be before a label leaves it
_SHARES = (0.0, -0.08, -0.18, -0.3, -0.45, -0.6)  # other places along a curve, from `label_at`

Drawings = Mapping[Any, Drawn[Any]]


@lru_cache(maxsize=16)
def _metrics(points: float) -> QFontMetricsF:
    return QFontMetricsF(figure_font(points))


def beside(panel: Panel, limits: Limits, width: float, look: Look) -> tuple[list[Curve], float]:
    """Return the curves whose labels stand in the right margin, and the margin's width."""
    if colour_bar(panel) is not None:
        return [], 0.0
    x0, x1, y0, y1 = limits
    curves = []
    for item in panel.items:
        if not (isinstance(item, Curve) and item.label and item.label_at >= 1):
            continue
        x, y = to_view(item.x, panel.x), to_view(item.y, panel.y)
        seen = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        if seen.size == 0:
            continue
        end_x, end_y = x[seen[-1]], y[seen[-1]]
        at = (end_x - x0) / (x1 - x0)
        if _AT_EDGE <= at <= 1.001 and min(y0, y1) <= end_y <= max(y0, y1):
            curves.append(item)
    if not curves:
        return [], 0.0
    metrics = _metrics(LABEL_SIZE * look.text_scale)
    widest = max(metrics.horizontalAdvance(curve.label) for curve in curves)
    if widest > _WIDEST * width:
        return [], 0.0
    return curves, widest + MARGIN_GAP


class PanelLabels:
    """The text marks of one panel's items, kept by key."""

    def __init__(self, root: QGraphicsItem) -> None:
        self._root = root
        self._marks: dict[str, TextMark] = {}
        self._choices: dict[str, int] = {}

    @property
    def marks(self) -> Mapping[str, TextMark]:
        """Return the text written for each key."""
        return self._marks

    def rectangles(self) -> dict[str, QRectF]:
        """Return where each visible label stands, in the panel's pixels."""
        return {
            key: QRectF(mark.pos(), mark.boundingRect().adjusted(2, 2, -2, -2).size())
            for key, mark in self._marks.items()
            if mark.isVisible()
        }

    def layout(
        self,
        panel: Panel,
        drawn: Drawings,
        in_margin: Iterable[Curve],
        geometry: Geometry,
        look: Look,
    ) -> None:
        """Write and place all labels."""
        labelled = _labelled(panel)

    if isinstance(item, Rule):
        return [
            Box(x - width - across, low, width, height)
            for across in (0.0, width, geometry.width - width - 4)
            for low in (y + 1, y - height - 1)
        ]
    if isinstance(item, Region) and item.axis == "x":
        return [Box(x - width / 2, y - height - down * height, width, height) for down in range(4)]
    if isinstance(item, Region | Band):
        return [Box(x - width - 2, y - height / 2, width, height), *around(x, y, width, height, 3)]
    return around(x, y, width, height, _GAP)
