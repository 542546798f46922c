"""The labels of a panel's items, written where they are: at the end of a curve, on a rule.

A curve that ends at the panel's right edge has its label in the margin beside it; all others
find a place near their item that hides as little as possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, QSizeF
from PyQt6.QtGui import QColor, QFontMetricsF
from PyQt6.QtWidgets import QGraphicsItem

from zoetrope.core.figure import Panel
from zoetrope.core.items import (
    Band,
    Curve,
    Handle,
    HeatMap,
    Item,
    Label,
    Rectangle,
    Region,
    Rule,
    Scatter,
)
from zoetrope.core.label_layout import Box, Room, around, sampled, spread
from zoetrope.gui import pens
from zoetrope.gui.axes_item import colour_bar
from zoetrope.gui.drawn import Drawn
from zoetrope.gui.drawn_lines import DrawnCurve
from zoetrope.gui.drawn_points import DrawnLabel
from zoetrope.gui.geometry import Geometry, Limits, Look, to_view
from zoetrope.gui.handle_ring import SIZE as HANDLE_SIZE
from zoetrope.gui.text_mark import TextMark
from zoetrope.gui.theme import figure_font

LABEL_SIZE = 9.0  # points
MARGIN_GAP = 8.0  # pixels between the axes and the labels beside them
_GAP = 4.0
_PAD = 3.0  # at the sides of a label, so that two in a row do not read as one
_AT_EDGE = 0.93  # share of the width from which a curve's end counts as at the edge
_WIDEST = 0.3  # share of the cell that labels in the margin may take
_MARKER_WEIGHT = 30
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
            key: QRectF(mark.pos(), QSizeF(*mark.size))
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
        self._forget({item.key for item in labelled})
        halo = QColor(look.theme.panel)
        halo.setAlpha(200)
        font = figure_font(LABEL_SIZE * look.text_scale)
        for item in labelled:
            mark = self._marks.get(item.key)
            if mark is None:
                mark = self._marks[item.key] = TextMark(self._root)
            role = getattr(item, "role", "text")
            mark.write(item.label, font, pens.role_colour(look, role), halo, on_plate=look.over_map)
        margin_keys = {curve.key for curve in in_margin}
        margin = [item for item in labelled if item.key in margin_keys]
        if margin:
            self._place_margin(margin, drawn, geometry)
        inside = [item for item in labelled if item.key not in margin_keys]
        if inside:
            self._place_inside(inside, panel, drawn, geometry)

    def remove(self) -> None:
        """Take all labels away."""
        self._forget(set())

    def _forget(self, wanted: set[str]) -> None:
        for key in [key for key in self._marks if key not in wanted]:
            mark = self._marks.pop(key)
            self._choices.pop(key, None)
            mark.setParentItem(None)
            scene = mark.scene()
            if scene is not None:
                scene.removeItem(mark)

    def _place_margin(self, items: list[Item], drawn: Drawings, geometry: Geometry) -> None:
        anchors = [drawn[item.key, type(item)].anchor(geometry) for item in items]
        height = self._marks[items[0].key].size[1]
        wanted = [anchor[1] if anchor else 0.0 for anchor in anchors]
        places = spread(wanted, 0.92 * height, 0.0, geometry.height)
        for item, place in zip(items, places, strict=True):
            mark = self._marks[item.key]
            mark.setVisible(True)
            mark.setPos(QPointF(geometry.width + MARGIN_GAP, place - height / 2))

    def _place_inside(
        self, items: list[Item], panel: Panel, drawn: Drawings, geometry: Geometry
    ) -> None:
        room = self._room(panel, drawn, geometry)
        for item in items:
            mark = self._marks[item.key]
            width, height = mark.size
            size = (width + 2 * _PAD, height)
            boxes = _places(drawn[item.key, type(item)], size, geometry)
            box = self._stay(item.key, boxes, room) or (room.place(boxes) if boxes else None)
            mark.setVisible(box is not None)
            if box is None:
                self._choices.pop(item.key, None)
                continue
            if box in boxes:
                self._choices[item.key] = boxes.index(box)
            mark.setPos(QPointF(box.x + _PAD, geometry.height - box.y - box.height))

    def _stay(self, key: str, boxes: list[Box], room: Room) -> Box | None:
        """Return the place that a label had in the last frame, if it is still a good one."""
        choice = self._choices.get(key)
        if choice is None or choice >= len(boxes):
            return None
        box = boxes[choice]
        if room.cost(box) > _KEEP:
            return None
        room.taken.append(box)
        return box

    def _room(self, panel: Panel, drawn: Drawings, geometry: Geometry) -> Room:
        """Return the panel as the labels find it: curves, points, words and handles."""
        points = []
        taken = []
        for item in panel.items:
            if isinstance(item, Handle):
                at_x, at_y = (float(value) for value in geometry.pixels(item.x, item.y))
                if np.isfinite(at_x) and np.isfinite(at_y):
                    corner = (at_x - HANDLE_SIZE / 2, geometry.height - at_y - HANDLE_SIZE / 2)
                    taken.append(Box(*corner, HANDLE_SIZE, HANDLE_SIZE))
                continue
            drawing = drawn[item.key, type(item)]
            if isinstance(drawing, DrawnLabel):
                rectangle = drawing.rectangle
                if not rectangle.isEmpty():
                    low = geometry.height - rectangle.bottom()
                    taken.append(Box(rectangle.x(), low, rectangle.width(), rectangle.height()))
                continue
            x, y = drawing.outline(geometry)
            if x.size == 0:
                continue
            y = geometry.height - y
            # As dense as a line sampled at every pixel; a marker hides more of a word than a line.
            if isinstance(item, Curve):
                points.append(np.repeat(sampled(x, y, 4.0), 4, axis=0))
            else:
                points.append(np.repeat(np.column_stack([x, y]), _MARKER_WEIGHT, axis=0))
        drawn_points = np.concatenate(points) if points else None
        room = Room(Box(2, 2, geometry.width - 4, geometry.height - 4), taken=taken)
        if drawn_points is not None:
            room.drawn = drawn_points
        return room


def _labelled(panel: Panel) -> list[Item]:
    """Return the items whose labels must find a place; the same words in a colour stand once."""
    found: dict[tuple[str, str], Item] = {}
    for item in panel.drawn():
        if item.label and not _explained_elsewhere(item):
            found.setdefault((item.label, getattr(item, "role", "text")), item)
    return list(found.values())


def _explained_elsewhere(item: Item) -> bool:
    """Return whether the label stands at a colour bar, in a tooltip, or is the item itself."""
    barred = isinstance(item, Scatter) and item.bar and item.values is not None
    return barred or isinstance(item, HeatMap | Label | Handle | Rectangle)


def _places(drawing: Drawn[Any], size: tuple[float, float], geometry: Geometry) -> list[Box]:
    """Return places for an item's label, the most wanted first, y upwards."""
    item = drawing.item
    width, height = size
    if isinstance(drawing, DrawnCurve):
        boxes = []
        for share in _SHARES:
            at = item.label_at + share if item.label_at + share >= 0 else item.label_at - share
            point = drawing.point_at(geometry, at)
            if point is not None:
                boxes += around(point[0], geometry.height - point[1], width, height, _GAP)
        return boxes
    anchor = drawing.anchor(geometry)
    if anchor is None:
        return []
    x, y = anchor[0], geometry.height - anchor[1]
    if isinstance(item, Rule) and item.axis == "x":
        return [
            Box(left, y - height - down, width, height)
            for down in (0.0, height, 2 * height, 4 * height)
            for left in (x + _GAP, x - _GAP - width)
        ]
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
