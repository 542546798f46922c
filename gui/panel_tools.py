"""All that a person can do on the panels besides zooming and panning, and who does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from PyQt6.QtCore import QObject, QPointF, pyqtSignal

from zoetrope.core.figure import Panel
from zoetrope.gui.cell_edits import CellEdits
from zoetrope.gui.geometry import Look
from zoetrope.gui.handle_ring import HandleRing
from zoetrope.gui.marked_points import MarkedPoints
from zoetrope.gui.mini_map import MiniMap
from zoetrope.gui.panel_edits import PanelEdits
from zoetrope.gui.panel_marks import Marks
from zoetrope.gui.panel_pointer import PanelPointer
from zoetrope.gui.panel_surface import PanelSurface
from zoetrope.gui.point_edits import PointEdits
from zoetrope.gui.point_picks import PointPicks
from zoetrope.gui.point_spray import PointSpray
from zoetrope.gui.tool import Tool

if TYPE_CHECKING:
    from zoetrope.gui.panel_view import PanelView


class PanelTools(QObject):
    """Hands gestures on `panels` to what they concern, and gathers what comes of them.

    `edited`, between `started` and `finished`, and `hovered` carry parameter values; `touched`
    names a panel whose marks or cells changed; `view_edited` says that what is seen has.
    """

    edited = pyqtSignal(dict)
    hovered = pyqtSignal(dict)
    started = pyqtSignal()
    finished = pyqtSignal()
    touched = pyqtSignal(str)
    view_edited = pyqtSignal()

    def __init__(
        self,
        parent: QObject,
        panels: Mapping[str, PanelView],
        value: Callable[[str], float] | None,
        state: Callable[[str], Any] | None,
    ) -> None:
        super().__init__(parent)
        self._panels = panels
        self.edits = PanelEdits(self, panels, value)
        self.points = PointEdits(self, panels, state)
        self.cells = CellEdits(self, panels, state)
        self.spray = PointSpray(self, panels, state)
        self.picks = PointPicks(self, panels, value)
        self.marked = MarkedPoints(self, panels)
        self.map = MiniMap(self, panels, value)
        self.pointer = PanelPointer(self, panels)
        for part in (self.edits, self.points, self.cells, self.spray, self.picks, self.map):
            part.started.connect(self.started)
            part.edited.connect(self.edited)
            part.finished.connect(self.finished)
        for marked in (self.points, self.cells, self.spray, self.picks, self.marked):
            marked.touched.connect(self.touched)
        self.points.touched.connect(self._mark_selected)
        self.map.edited.connect(self.view_edited)  # after the values have come into force
        self.picks.hovered.connect(self.hovered)
        self.pointer.moved.connect(self.hovered)

    @property
    def value(self) -> Callable[[str], float] | None:
        """Return what tells a number's present value."""
        return self.edits.parameter_value

    @value.setter
    def value(self, value: Callable[[str], float] | None) -> None:
        self.edits.parameter_value = value
        self.picks.parameter_value = value
        self.map.parameter_value = value

    @property
    def state(self) -> Callable[[str], Any] | None:
        """Return what tells any parameter's present value."""
        return self.points.state

    @state.setter
    def state(self, state: Callable[[str], Any] | None) -> None:
        self.points.state = state
        self.cells.state = state
        self.spray.state = state

    # Panels come, change and go

    def listen(self, surface: PanelSurface) -> None:
        """Take the gestures of a panel that is new. Bound methods only: others keep it alive."""
        surface.turned.connect(self.edits.turn)
        surface.picked.connect(self._pick)

    def listen_to_ring(self, ring: HandleRing) -> None:
        """Take the gestures on a handle that is new."""
        ring.dragged.connect(self.edits.drag)
        ring.nudged.connect(self.edits.nudge)

    def follow(self, panel: Panel) -> None:
        """Take in a panel's new description."""
        surface = self._panels[panel.name].surface
        tool = self._tool(panel)
        if surface.tool is not tool:
            if surface.tool is not None:
                surface.tool.forget(panel.name)
            surface.tool = tool
        if tool is not None:
            tool.follow(panel.name)

    def _tool(self, panel: Panel) -> Tool | None:
        if self.map.frame(panel.name) is not None:
            return self.map
        if self.cells.matrix(panel.name) is not None:
            return self.cells
        if panel.brush is not None or self.points.scatter(panel.name) is not None:
            return self.points
        if panel.spray is not None:
            return self.spray
        if panel.places:
            return self.marked
        return self.picks if self.picks.points(panel.name) else None

    def follow_views(self) -> None:
        """Draw the frames of mini-maps where the parameters in force put them."""
        for name in self._panels:
            self.map.follow(name)

    def forget(self, name: str) -> None:
        """End what is done on a panel that goes away."""
        tools = (self.points, self.cells, self.spray, self.picks, self.marked, self.map)
        for tool in (*tools, self.pointer):
            tool.forget(name)

    # What the person does

    def zoom(self, name: str, factor: float, place: QPointF) -> bool:
        """Let a tool take a zoom; False if it is the panel's."""
        tool = self._panels[name].surface.tool
        return tool is not None and tool.zoom(name, factor, place)

    def _pick(self, name: str, place: QPointF) -> None:
        if not self.picks.pick(name, place):
            self.edits.pick(name, place)

    def hover(self, name: str, place: QPointF) -> list[str]:
        """Follow the mouse; return the panels whose crosshair moves."""
        if self.picks.points(name):
            self.picks.hover(name, place)
        self.marked.hover(name, place)
        return [*self.spray.hover(name, place), *self.pointer.hover(name, place)]

    def leave(self, name: str) -> list[str]:
        """Note that the mouse has left a panel; return the panels that lose their crosshair."""
        self.picks.hover(name, None)
        self.marked.leave()
        return [*self.spray.hover(name, None), *self.pointer.leave(name)]

    def _mark_selected(self, name: str) -> None:
        """Mark the points that are selected to be edited wherever else they are shown."""
        points = self.points.scatter(name)
        if points is not None and points.edits is not None:
            self.marked.choose(points.edits.parameter, np.array(self.points.selected(name), int))

    def marks(self, name: str, look: Look) -> Marks:
        """Return what lies over a panel: selection, lasso, cursor, crosshair and words."""
        points = self.points.scatter(name)
        x, y = self.points.marks(name)
        cross, words = self.pointer.cross(name)
        point, name_of_it = self.picks.mark(name)
        return Marks(
            x,
            y,
            points.size * look.point if points is not None else 0.0,
            self.points.lasso(name) or self.marked.lasso(name),
            cross,
            words,
            self.cells.mark(name),
            point,
            name_of_it,
            self.marked.marks(name),
            self.marked.rings(name),
            self.spray.fresh(name),
            self.spray.gone(name),
            self.spray.brush(name),
        )
