"""Dragging the rectangle or strip that stands for what another panel shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QPointF, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QApplication

from zoetrope.core.edits import View
from zoetrope.core.figure import Axis
from zoetrope.core.items import Rectangle, Region
from zoetrope.gui.geometry import Pair, from_view, in_view
from zoetrope.gui.handle_ring import direction
from zoetrope.gui.language import say
from zoetrope.gui.tool import Tool

if TYPE_CHECKING:
    from zoetrope.gui.panel_view import PanelView

_REACH = 6.0  # pixels from which an edge is taken hold of
_STEP = 0.1  # of what is seen, for an arrow key
_ZOOM = 1.2
_WORDS = "Drag the frame to move what is seen, its edges to change how much; so do arrows, + and −."
_CURSORS = {
    (0, 0): Qt.CursorShape.SizeAllCursor,
    (1, 0): Qt.CursorShape.SizeHorCursor,
    (0, 1): Qt.CursorShape.SizeVerCursor,
    (1, 1): Qt.CursorShape.SizeFDiagCursor,
    (1, -1): Qt.CursorShape.SizeBDiagCursor,
}


@dataclass(slots=True)
class _Hand:
    """What is being dragged: which edge of each axis (-1 the lower, 1 the upper), or the whole."""

    edges: tuple[int, int]
    pressed: QPointF
    start: tuple[Pair, Pair]  # the ranges then, in view coordinates
    begun: bool = False


class MiniMap(Tool):
    """Turns gestures on the frame of a mini-map into the parameters of a view.

    `parameter_value` tells their present values: the frame is drawn there, whatever the picture.
    """

    def __init__(
        self,
        parent: QObject,
        panels: Mapping[str, PanelView],
        parameter_value: Callable[[str], float] | None,
    ) -> None:
        super().__init__(parent, panels)
        self.parameter_value = parameter_value
        self._hands: dict[str, _Hand] = {}

    def frame(self, name: str) -> Rectangle | Region | None:
        """Return what can be dragged on a panel, as it was described."""
        for item in self._panels[name].panel.items:
            if isinstance(item, (Rectangle, Region)) and any(_views(item)):
                return item
        return None

    def words(self, name: str) -> str:
        """Say how it is dragged."""
        return say(_WORDS)

    def cursor(self, name: str, place: QPointF) -> Qt.CursorShape | None:
        """Return arrows where the frame moves or is made larger."""
        edges = self._grip(name, place)
        if edges is None:
            return Qt.CursorShape.CrossCursor
        x, y = edges
        return _CURSORS[(x * x, x * y) if x and y else (abs(x), abs(y))]

    # The mouse

    def press(self, name: str, place: QPointF, modifiers: Qt.KeyboardModifier) -> bool:
        """Take hold of the frame; beside it, bring it there."""
        self.end(name)
        edges = self._grip(name, place)
        self._hands[name] = _Hand(edges or (0, 0), place, self._ranges(name))
        if edges is None:
            self._begin(name)
            at = self._panels[name].geometry.pixels_to_view(place.x(), place.y())
            start = self._ranges(name)
            moves = [c - (low + high) / 2 for c, (low, high) in zip(at, start, strict=True)]
            self._set(name, [(r[0] + m, r[1] + m) for r, m in zip(start, moves, strict=True)])
            if name in self._hands:
                self._hands[name].start = self._ranges(name)
        return True

    def move(self, name: str, place: QPointF) -> None:
        """Move the frame, or the edge in hand."""
        hand = self._hands.get(name)
        if hand is None:
            return
        if not hand.begun:
            if (place - hand.pressed).manhattanLength() < QApplication.startDragDistance():
                return
            self._begin(name)
        geometry = self._panels[name].geometry
        then = geometry.pixels_to_view(hand.pressed.x(), hand.pressed.y())
        now = geometry.pixels_to_view(place.x(), place.y())
        ranges = []
        for index, (low, high) in enumerate(hand.start):
            by, edge = now[index] - then[index], hand.edges[index]
            if edge:
                ranges.append(self._stretched(name, index, (low, high), edge, by))
            else:
                still = any(hand.edges)
                ranges.append((low, high) if still else (low + by, high + by))
        self._set(name, ranges)

    def release(self, name: str, place: QPointF) -> bool:
        """Let go."""
        self.end(name)
        return True

    def double_click(self, name: str, place: QPointF) -> bool:
        """Show all that there is."""
        self._once(name, self._whole(name))
        return True

    def zoom(self, name: str, factor: float, place: QPointF) -> bool:
        """Make the frame larger or smaller, about its middle."""
        ranges = []
        for low, high in self._ranges(name):
            middle, half = (low + high) / 2, (high - low) / 2 * factor
            ranges.append((middle - half, middle + half))
        self._set(name, ranges)
        return True

    # The keys

    def key(self, name: str, event: QKeyEvent) -> bool:
        """Do what a key means to the frame; False if it means nothing."""
        step, key = direction(event), event.key()
        if step is not None:
            steps = (step[0] * self._sign(name, 0), step[1] * self._sign(name, 1))
            self._set(
                name,
                [
                    (low + _STEP * way * (high - low), high + _STEP * way * (high - low))
                    for way, (low, high) in zip(steps, self._ranges(name), strict=True)
                ],
            )
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(name, 1 / _ZOOM, QPointF())
        elif key == Qt.Key.Key_Minus:
            self.zoom(name, _ZOOM, QPointF())
        elif key == Qt.Key.Key_Home:
            self._once(name, self._whole(name))
        else:
            return False
        return True

    def end(self, name: str) -> None:
        """Let go of what is in hand on a panel."""
        hand = self._hands.pop(name, None)
        if hand is not None and hand.begun:
            self.finished.emit()

    # What follows

    def follow(self, name: str) -> None:
        """Draw the frame where the parameters in force put it."""
        item = self.frame(name)
        if item is None:
            return
        x, y = self._data_ranges(name, item)
        drawing = self._panels[name].drawn[item.key, type(item)]
        if isinstance(item, Rectangle):
            drawing.item = replace(item, x=x, y=y)
        else:
            low, high = x if item.axis == "x" else y
            drawing.item = replace(item, low=low, high=high)

    def _begin(self, name: str) -> None:
        self._hands[name].begun = True
        self.started.emit()

    def _axes(self, name: str) -> tuple[Axis, Axis]:
        panel = self._panels[name].panel
        return panel.x, panel.y

    def _sign(self, name: str, index: int) -> int:
        limits = self._panels[name].geometry.limits
        return 1 if limits[2 * index] <= limits[2 * index + 1] else -1

    def _data_ranges(self, name: str, item: Rectangle | Region) -> tuple[Pair, Pair]:
        """Return where the frame stands: what the parameters say, else what was described."""
        ranges = []
        if isinstance(item, Rectangle):
            drawn = (item.x, item.y)
        else:
            drawn = ((item.low, item.high), (item.low, item.high))
        for view, axis, pair in zip(_views(item), self._axes(name), drawn, strict=True):
            if view is not None and self.parameter_value is not None:
                value = self.parameter_value
                ends = (edit.coordinate(value(edit.parameter)) for edit in (view.low, view.high))
                pair = view.fit(*sorted(ends), log=axis.log)
            ranges.append((min(pair), max(pair)))
        return ranges[0], ranges[1]

    def _ranges(self, name: str) -> tuple[Pair, Pair]:
        """Return where the frame stands in view coordinates, rising."""
        item = self.frame(name)
        if item is None:
            return (0.0, 1.0), (0.0, 1.0)
        x, y = self._data_ranges(name, item)
        x_axis, y_axis = self._axes(name)
        return in_view(*x, x_axis), in_view(*y, y_axis)

    def _grip(self, name: str, place: QPointF) -> tuple[int, int] | None:
        """Return which edges a pixel takes hold of, (0, 0) for the whole; None beside the frame."""
        item = self.frame(name)
        if item is None:
            return None
        geometry, edges = self._panels[name].geometry, []
        x, y = geometry.view_to_pixels(*self._ranges(name))
        for view, ends, at in zip(_views(item), (x, y), (place.x(), place.y()), strict=True):
            if view is None:
                edges.append(0)
                continue
            low, high = (float(end) for end in ends)
            inside = min(_REACH, abs(high - low) / 4)
            way = 1 if high >= low else -1
            from_low, from_high = way * (at - low), way * (high - at)
            if min(from_low, from_high) < -_REACH:
                return None
            edges.append(-1 if from_low < inside else 1 if from_high < inside else 0)
        return edges[0], edges[1]

    def _stretched(self, name: str, index: int, pair: Pair, edge: int, by: float) -> Pair:
        """Return a range with one edge moved: never beyond the limits, nor past the other edge."""
        item = self.frame(name)
        view = _views(item)[index] if item is not None else None
        if view is None:
            return pair
        least, most = in_view(*view.limits, self._axes(name)[index])
        low, high = pair
        if edge < 0:
            return max(min(low + by, high - view.narrowest), least), high
        return low, min(max(high + by, low + view.narrowest), most)

    def _whole(self, name: str) -> list[Pair]:
        item = self.frame(name)
        ranges = list(self._ranges(name))
        for index, view in enumerate(_views(item) if item is not None else ()):
            if view is not None:
                ranges[index] = in_view(*view.limits, self._axes(name)[index])
        return ranges

    def _once(self, name: str, ranges: list[Pair]) -> None:
        self.started.emit()
        self._set(name, ranges)
        self.finished.emit()

    def _set(self, name: str, ranges: list[Pair]) -> None:
        """Ask for ranges, given in view coordinates."""
        item = self.frame(name)
        values: dict[str, float] = {}
        for view, axis, pair in zip(
            _views(item) if item is not None else (), self._axes(name), ranges, strict=False
        ):
            if view is not None:
                low, high = (from_view(end, axis) for end in pair)
                values |= view.values(*view.fit(low, high, log=axis.log))
        if values:
            self.edited.emit(values)


def _views(item: Rectangle | Region) -> tuple[View | None, View | None]:
    if isinstance(item, Rectangle):
        return item.view_x, item.view_y
    return (item.view, None) if item.axis == "x" else (None, item.view)
