"""One panel on the screen: its axes, its items, its labels, its handles, and what is visible."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPointF, QRectF, QSizeF
from PyQt6.QtWidgets import QGraphicsItem, QGraphicsScene, QWidget

from zoetrope.core.edits import View
from zoetrope.core.figure import Axis, Panel, fit_equal, panel_limits
from zoetrope.core.items import Curve, Handle, HeatMap, Scatter
from zoetrope.gui.axes_item import AxesItem
from zoetrope.gui.drawn import Drawn
from zoetrope.gui.drawn_items import draw
from zoetrope.gui.geometry import Geometry, Limits, Look, Pair, from_view, in_view
from zoetrope.gui.handle_ring import HandleRing
from zoetrope.gui.panel_grid import Margins
from zoetrope.gui.panel_labels import PanelLabels, beside
from zoetrope.gui.panel_marks import Marks
from zoetrope.gui.panel_surface import PanelSurface

Views = tuple[View | None, View | None]  # of the x and the y axis
_FEWEST_DIGITS = 1e-10  # the narrowest range, as a share of the largest number in it


def automatic_limits(panel: Panel) -> Limits:
    """Return the limits that a panel's description asks for, in view coordinates."""
    x0, x1, y0, y1 = panel_limits(panel)
    return _legal(x0, x1, panel.x) + _legal(y0, y1, panel.y)


def _legal(low: float, high: float, axis: Axis) -> Pair:
    """Return a range as the view can show it, whatever was declared."""
    if axis.log:
        high = high if math.isfinite(high) and high > 0 else 1.0
        low = low if math.isfinite(low) and low > 0 else high * 1e-6
        low, high = math.log10(low), math.log10(high)
    if not (math.isfinite(low) and math.isfinite(high)):
        return 0.0, 1.0
    if abs(high - low) <= _FEWEST_DIGITS * max(abs(low), abs(high), 1e-280):
        room = max(abs(low), abs(high)) * 0.5 or 0.5
        return low - room, high + room
    return low, high


def union(first: Pair, second: Pair) -> Pair:
    """Return the range that holds both, in the direction of the first."""
    low, high = min(*first, *second), max(*first, *second)
    return (low, high) if first[0] <= first[1] else (high, low)


def widened(pair: Pair, factor: float) -> Pair:
    """Return a range made longer about its middle."""
    middle, half = (pair[0] + pair[1]) / 2, (pair[1] - pair[0]) / 2 * factor
    return middle - half, middle + half


class PanelView:
    """Draws one panel. The canvas says where it stands and when to draw; see `Canvas`."""

    def __init__(self, scene: QGraphicsScene, parent: QWidget, panel: Panel) -> None:
        self.panel = panel
        self._scene = scene
        self._parent = parent
        self.axes = AxesItem()
        self.axes.setZValue(0)
        scene.addItem(self.axes)
        self.view_box: Any = pg.ViewBox(enableMenu=False, enableMouse=False)
        self.view_box.disableAutoRange()
        self.view_box.setZValue(1)
        scene.addItem(self.view_box)
        self._label_root = _Root()
        self._label_root.setZValue(2)
        scene.addItem(self._label_root)
        self.labels = PanelLabels(self._label_root)
        self.surface = PanelSurface(parent, panel.name)
        self.surface.show()
        self.drawn: dict[tuple[str, type], Drawn[Any]] = {}
        self.rings: dict[str, HandleRing] = {}
        self.plot = QRectF()
        self.cell = QRectF()
        self.goal: Limits | None = None  # where the visible range is going
        self.shown: Limits | None = None  # where it is
        self.manual: list[Pair | None] = [None, None]  # what the person chose, x and y
        self.held: list[Pair | None] = [None, None]  # what parameters say
        self._in_view: tuple[Limits, QRectF] | None = None
        self._measured: tuple[Panel, object, Margins] | None = None
        self._arranged: tuple[Panel, object] | None = None  # how the words stand
        self._in_margin: list[Curve] = []
        self._margins = Margins()

    def describe(self, panel: Panel) -> tuple[list[HandleRing], bool]:
        """Take a new description; return new rings, and whether the words must be measured."""
        changed = panel.heading != self.panel.heading or panel.x != self.panel.x
        changed = changed or panel.y != self.panel.y
        if (panel.x.log, panel.y.log) != (self.panel.x.log, self.panel.y.log):
            self.goal = self.shown = None
            self.manual = [None, None]
        self.panel = panel
        wanted = set()
        new_rings = []
        for order, item in enumerate(panel.drawn()):
            if isinstance(item, Handle):
                if item.key not in self.rings:
                    ring = self.rings[item.key] = HandleRing(self._parent, panel.name, item.key)
                    new_rings.append(ring)
                continue
            key = (item.key, type(item))
            wanted.add(key)
            drawing = self.drawn.get(key)
            if drawing is None:
                drawing = self.drawn[key] = draw(self.view_box, item)
            drawing.item = item
            drawing.set_order(order)
        for key in [key for key in self.drawn if key not in wanted]:
            self.drawn.pop(key).remove()
        handles = {item.key for item in panel.items if isinstance(item, Handle)}
        for name in [name for name in self.rings if name not in handles]:
            self._drop(self.rings.pop(name))
        return new_rings, changed

    def _drop(self, ring: HandleRing) -> None:
        if ring.held:
            ring.dropped.emit(ring.panel, ring.key)
        ring.hide()
        ring.setParent(None)
        ring.deleteLater()

    def rest(self) -> None:
        """Be seen no more, until `wake`; what the person had in hand ends."""
        if self.surface.busy:
            self.surface.gesture_finished.emit(self.panel.name)
        for ring in self.rings.values():
            self._drop(ring)
        self.rings.clear()
        for item in (self.axes, self.view_box, self._label_root):
            item.setVisible(False)
        self.surface.tool, self.surface.marks = None, Marks()
        self.surface.hide()
        self.goal = self.shown = None
        self.manual = [None, None]

    def wake(self) -> None:
        """Be seen again."""
        for item in (self.axes, self.view_box, self._label_root):
            item.setVisible(True)
        self.surface.show()

    def remove(self) -> None:
        """Take the panel off the canvas."""
        self.rest()
        for drawing in self.drawn.values():
            drawing.remove()
        self.drawn.clear()
        self.labels.remove()
        for item in (self.axes, self.view_box, self._label_root):
            self._scene.removeItem(item)
        self.view_box.close()
        self.surface.setParent(None)
        self.surface.deleteLater()

    # The visible range

    def wanted_limits(self, growing: bool) -> Limits:
        """Return the limits to go to: the person's, else the parameters' or the description's.

        While something is dragged (`growing`) a range that follows the items never shrinks.
        """
        auto = automatic_limits(self.panel)
        pairs = [auto[:2], auto[2:]]
        goals = (self.goal[:2], self.goal[2:]) if self.goal is not None else pairs
        for index, axis in enumerate((self.panel.x, self.panel.y)):
            chosen = self.manual[index] or self.held[index]
            if chosen is not None:
                pairs[index] = chosen
            elif growing and axis.range is None:
                pairs[index] = union(pairs[index], goals[index])
        return pairs[0] + pairs[1]

    def with_equal_scales(self, limits: Limits, keep: str = "") -> Limits:
        """Return limits in which one unit is as long on both axes; `keep` names one to leave."""
        if not self.panel.equal or self.plot.isEmpty():
            return limits
        aspect = self.plot.width() / self.plot.height()
        if not keep:
            return fit_equal(limits, aspect)
        x, y = limits[:2], limits[2:]
        ratio = abs(x[1] - x[0]) / abs(y[1] - y[0]) / aspect
        return x + widened(y, ratio) if keep == "x" else widened(x, 1 / ratio) + y

    # Where it stands

    def measure(self, cell: QRectF, look: Look) -> Margins:
        """Return the margins that the panel's words need."""
        limits = self.goal or automatic_limits(self.panel)
        asked = (limits, cell, look)
        if self._measured is not None and self._measured[0] is self.panel:
            _, known, margins = self._measured
            if known == asked:
                return margins
        margins = self.axes.measure(self.panel, limits, cell, look)
        self._in_margin, beside_width = beside(self.panel, limits, cell.width(), look)
        if beside_width:
            right = -(-max(margins.right, beside_width) // 6) * 6.0
            margins = Margins(margins.left, margins.top, right, margins.bottom)
        self._measured = self.panel, asked, margins
        return margins

    def place(self, cell: QRectF, margins: Margins) -> None:
        """Stand in a cell of the canvas, the axes within the margins."""
        plot = cell.adjusted(margins.left, margins.top, -margins.right, -margins.bottom)
        plot.setWidth(max(plot.width(), 20.0))
        plot.setHeight(max(plot.height(), 20.0))
        if self.panel.square:
            plot.setSize(QSizeF(1.0, 1.0) * min(plot.width(), plot.height()))
        self.cell = cell
        plot = QRectF(
            round(plot.left()), round(plot.top()), round(plot.width()), round(plot.height())
        )
        if plot == self.plot:
            return
        self.plot = plot
        self.view_box.setGeometry(plot)
        self._label_root.setPos(plot.topLeft())
        self.surface.setGeometry(plot.toRect())

    @property
    def geometry(self) -> Geometry:
        """Return how data map to pixels now."""
        limits = self.shown or self.goal or automatic_limits(self.panel)
        return Geometry(limits, self.plot.width(), self.plot.height(), self.panel.x, self.panel.y)

    def refresh(self, look: Look) -> None:
        """Draw everything as it is now; words stay where neither panel nor place is new."""
        geometry, look = self.geometry, self._here(look)
        self._show_limits(geometry.limits)
        for drawing in self.drawn.values():
            drawing.keep_up(geometry, look)
        place = (geometry, look, self.cell, self.plot)
        if (
            self._arranged is None
            or self._arranged[0] is not self.panel
            or (self._arranged[1] != place)
        ):
            self.axes.arrange(self.panel, geometry.limits, self.cell, self.plot, look)
            self.labels.layout(self.panel, self.drawn, self._in_margin, geometry, look)
            self._arranged = self.panel, place
        self.surface.describe(self.panel, look)
        self._place_rings(geometry, look)

    def _here(self, look: Look) -> Look:
        return replace(look, over_map=any(isinstance(item, HeatMap) for item in self.panel.items))

    def _show_limits(self, limits: Limits) -> None:
        """Let the view show a range; it does much for one that it shows already."""
        if (limits, self.plot) == self._in_view:
            return
        self._in_view = (limits, QRectF(self.plot))
        x0, x1, y0, y1 = limits
        box = self.view_box
        box.invertX(x0 > x1)
        box.invertY(y0 > y1)
        box.setRange(xRange=(x0, x1), yRange=(y0, y1), padding=0, disableAutoRange=False)
        box.updateMatrix()

    def refresh_edited(self, look: Look) -> None:
        """Draw the points and cells that can be edited as they are now; all else stays."""
        geometry, look = self.geometry, self._here(look)
        for drawing in self.drawn.values():
            if isinstance(drawing.item, (Scatter, HeatMap)) and drawing.item.edits is not None:
                drawing.keep_up(geometry, look)

    def _place_rings(self, geometry: Geometry, look: Look) -> None:
        for item in self.panel.items:
            if not isinstance(item, Handle):
                continue
            ring = self.rings[item.key]
            ring.describe(item, look)
            x, y = (float(value) for value in geometry.pixels(item.x, item.y))
            inside = -1 <= x <= geometry.width + 1 and -1 <= y <= geometry.height + 1
            if ring.held:  # the person says where it is along what it edits
                held = ring.centre - self.plot.topLeft()
                x = held.x() if item.x_edit is not None else x
                y = held.y() if item.y_edit is not None else y
            ring.setVisible(inside or ring.held)
            if np.isfinite(x) and np.isfinite(y):
                ring.centre_at(self.plot.topLeft() + QPointF(x, y))

    # What the person does

    def zoom(self, factor: float, place: QPointF, views: Views) -> None:
        """Change the visible range by a factor about a pixel."""
        limits = self.geometry.limits
        at = self.geometry.pixels_to_view(place.x(), place.y())
        for index, centre in enumerate(at):
            low, high = limits[2 * index], limits[2 * index + 1]
            by, view = factor, views[index]
            if view is not None:  # at the narrowest the pointer must not draw it along
                by = max(by, min(view.narrowest / abs(high - low), 1.0))
            pair = (centre + (low - centre) * by, centre + (high - centre) * by)
            self._choose(index, pair, views)

    def zoom_to(self, box: QRectF, views: Views) -> None:
        """Show what is in a box of pixels."""
        x0, y1 = self.geometry.pixels_to_view(box.left(), box.top())
        x1, y0 = self.geometry.pixels_to_view(box.right(), box.bottom())
        self._choose(0, (x0, x1), views)
        self._choose(1, (y0, y1), views)

    def pan(self, right: float, down: float, views: Views) -> None:
        """Move what is seen by shares of the panel's width and height."""
        x0, x1, y0, y1 = self.geometry.limits
        dx, dy = -right * (x1 - x0), down * (y1 - y0)
        self._choose(0, (x0 + dx, x1 + dx), views)
        self._choose(1, (y0 + dy, y1 + dy), views)

    def _choose(self, index: int, pair: Pair, views: Views) -> None:
        """Show a range on an axis if it can be told apart, as near as its view allows."""
        axis, view = (self.panel.x, self.panel.y)[index], views[index]
        if view is not None:
            first, last = view.fit(*(from_view(end, axis) for end in pair), log=axis.log)
            pair = in_view(first, last, axis)
        size, largest = abs(pair[1] - pair[0]), max(abs(pair[0]), abs(pair[1]))
        if _FEWEST_DIGITS * largest < size < 1e300:
            self.manual[index] = pair

    def visible_range(self) -> Limits:
        """Return (x0, x1, y0, y1) in data units as shown."""
        x0, x1, y0, y1 = self.geometry.limits
        x, y = self.panel.x, self.panel.y
        return from_view(x0, x), from_view(x1, x), from_view(y0, y), from_view(y1, y)


class _Root(QGraphicsItem):
    """An empty item that others hang on."""

    def boundingRect(self) -> QRectF:
        return QRectF()

    def paint(self, painter: Any, option: Any, widget: Any = None) -> None:
        pass
