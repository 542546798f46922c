"""Which range each panel shows, where it is going, and how it gets there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from zoetrope.core.edits import View
from zoetrope.core.figure import Axis, Panel
from zoetrope.gui.geometry import Limits, Pair, from_view, in_view

if TYPE_CHECKING:
    from zoetrope.gui.panel_view import PanelView, Views

_FRAME_MS = 16
_APPROACH = 0.35  # share of the way that a range goes in a frame: there within 150 ms
_ARRIVED = 2e-3


class PanelRanges(QObject):
    """Sets the goals of `panels` and moves what they show towards them.

    `moved` says that they show something else. While `growing`, ranges that follow the items only
    grow; with `still`, they jump. `parameter_value` tells what the parameters of a view say.
    """

    moved = pyqtSignal()

    def __init__(self, parent: QObject, panels: Mapping[str, PanelView]) -> None:
        super().__init__(parent)
        self._panels = panels
        self.parameter_value: Callable[[str], float] | None = None
        self.growing = False
        self.still = False
        self._motion = QTimer(self)
        self._motion.setInterval(_FRAME_MS)
        self._motion.timeout.connect(self._move)

    @property
    def moving(self) -> bool:
        """Return whether a range is on its way."""
        return self._motion.isActive()

    def stop(self) -> None:
        """Stay."""
        self._motion.stop()

    def set_goals(self, panels: Iterable[Panel], *, smooth: bool) -> None:
        """Take the ranges to go to from the person and the descriptions: at once, or `smooth`."""
        for view in self._panels.values():
            view.held = [self._held(view.panel.view_x, view.panel.x)]
            view.held.append(self._held(view.panel.view_y, view.panel.y))
            view.goal = view.with_equal_scales(view.wanted_limits(self.growing))
        for panel in panels:
            self._follow(panel)
        moving = False
        for view in self._panels.values():
            if smooth and not self.still and view.shown is not None:
                moving = moving or view.shown != view.goal
            else:
                view.shown = view.goal
        if not moving:
            self._motion.stop()
        elif not self._motion.isActive():
            self._motion.start()

    def _follow(self, panel: Panel) -> None:
        """Take the goal of a linked axis from the panel that it is linked to."""
        view = self._panels[panel.name]
        for link, axis in ((panel.link_x, "x"), (panel.link_y, "y")):
            leader = self._panels.get(link)
            if leader is None or leader.goal is None or view.goal is None:
                continue
            if axis == "x":
                view.goal = leader.goal[:2] + view.goal[2:]
            else:
                view.goal = view.goal[:2] + leader.goal[2:]
            view.goal = view.with_equal_scales(view.goal, keep=axis)

    def _move(self) -> None:
        """Bring each visible range a little nearer to its goal."""
        moving = False
        for view in self._panels.values():
            if view.shown is None or view.goal is None or view.shown == view.goal:
                continue
            view.shown = _nearer(view.shown, view.goal)
            moving = moving or view.shown != view.goal
        if not moving:
            self._motion.stop()
        self.moved.emit()

    def _held(self, view: View | None, axis: Axis) -> Pair | None:
        """Return the range that an axis' parameters say, in view coordinates."""
        value = self.parameter_value
        if view is None or value is None:
            return None
        ends = sorted(edit.coordinate(value(edit.parameter)) for edit in (view.low, view.high))
        pair = in_view(*view.fit(*ends, log=axis.log), axis)
        down = axis.range is not None and axis.range[0] > axis.range[1]
        return (pair[1], pair[0]) if down else pair

    def views(self, name: str) -> Views:
        """Return what rules the visible range of a panel's axes, linked ones included."""
        x, y = self._leaders(name)
        return x.panel.view_x, y.panel.view_y

    def chosen(self, name: str) -> dict[str, float]:
        """Hand the range that the person chose on a panel to what rules its axes.

        Those are the panels that it is linked with, or parameters: their values are returned.
        """
        view = self._panels[name]
        values: dict[str, float] = {}
        for index, leader in enumerate(self._leaders(name)):
            pair, view.manual[index] = view.manual[index], None
            ruled = self.views(name)[index]
            if ruled is None or pair is None or self.parameter_value is None:
                leader.manual[index] = pair
            else:
                axis = (leader.panel.x, leader.panel.y)[index]
                values |= ruled.values(*sorted(from_view(end, axis) for end in pair))
        return values

    def whole(self, name: str) -> dict[str, float]:
        """Return the values of the parameters at which a panel shows all that there is."""
        values: dict[str, float] = {}
        for ruled in self.views(name):
            if ruled is not None:
                values |= ruled.values(*ruled.limits)
        return values

    def forget_chosen(self, name: str) -> None:
        """Forget what the person chose for a panel and for those that rule its axes."""
        for view in (self._panels[name], *self._leaders(name)):
            view.manual = [None, None]

    def _leaders(self, name: str) -> tuple[PanelView, PanelView]:
        """Return the panels that rule a panel's x and y axis."""
        leaders = []
        for link in ("link_x", "link_y"):
            view, seen = self._panels[name], {name}
            while (other := getattr(view.panel, link)) in self._panels and other not in seen:
                seen.add(other)
                view = self._panels[other]
            leaders.append(view)
        return leaders[0], leaders[1]


def _nearer(shown: Limits, goal: Limits) -> Limits:
    left = max(
        abs(shown[i] - goal[i]) / max(abs(goal[i | 1] - goal[i & 2]), 1e-300) for i in range(4)
    )
    if left < _ARRIVED:
        return goal
    x0, x1, y0, y1 = (a + _APPROACH * (b - a) for a, b in zip(shown, goal, strict=True))
    return x0, x1, y0, y1
