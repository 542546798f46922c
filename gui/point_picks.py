"""Points that are picked with a click and say what they are under the mouse."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QObject, QPointF, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent

from zoetrope.core.items import Scatter
from zoetrope.gui.language import say
from zoetrope.gui.point_edits import REACH
from zoetrope.gui.tool import Tool

if TYPE_CHECKING:
    from zoetrope.gui.panel_view import PanelView

_WORDS = "Click a point to choose it; with the keyboard Page Down and Page Up choose the next."


class PointPicks(Tool):
    """Turns clicks on points of `panels`, and the mouse over them, into parameter values.

    `parameter_value` tells which point is chosen now; `touched` names a panel whose marks changed.
    """

    hovered = pyqtSignal(dict)

    def __init__(
        self,
        parent: QObject,
        panels: Mapping[str, PanelView],
        parameter_value: Callable[[str], float] | None,
    ) -> None:
        super().__init__(parent, panels)
        self.parameter_value = parameter_value
        self._over: dict[str, tuple[str, int]] = {}  # key and index of the point under the mouse

    def points(self, name: str) -> list[Scatter]:
        """Return the points of a panel that can be picked or say something."""
        return [
            item
            for item in self._panels[name].panel.items
            if isinstance(item, Scatter) and (item.pick or item.hover or item.words)
        ]

    def at(self, name: str, place: QPointF) -> tuple[Scatter, int] | None:
        """Return the point at a pixel of a panel: the nearest within reach."""
        nearest, found = REACH, None
        geometry = self._panels[name].geometry
        for item in self.points(name):
            if item.x.size == 0:
                continue
            x, y = geometry.pixels(item.x, item.y)
            away = np.hypot(x - place.x(), y - place.y())
            away[~np.isfinite(away)] = np.inf
            index = int(np.argmin(away))
            if away[index] <= nearest:
                nearest, found = float(away[index]), (item, index)
        return found

    def pick(self, name: str, place: QPointF) -> bool:
        """Choose the point at a pixel; False if there is none to choose."""
        found = self.at(name, place)
        if found is None or found[0].pick is None:
            return False
        self._choose(*found)
        return True

    def _choose(self, item: Scatter, index: int) -> None:
        assert item.pick is not None
        self.started.emit()
        self.edited.emit({item.pick.parameter: item.pick.value(index)})
        self.finished.emit()

    def hover(self, name: str, place: QPointF | None) -> None:
        """Follow the mouse over a panel; None when it has left."""
        found = self.at(name, place) if place is not None and name in self._panels else None
        before = self._over.get(name)
        now = (found[0].key, found[1]) if found is not None else None
        if now == before:
            return
        if now is None:
            self._over.pop(name, None)
        else:
            self._over[name] = now
        if name not in self._panels:
            return
        values = {}
        for item in self.points(name):
            was, is_now = before and before[0] == item.key, now and now[0] == item.key
            if item.hover is not None and (was or is_now):
                index = now[1] if now is not None and is_now else -1
                values[item.hover.parameter] = item.hover.value(index)
        if values:
            self.hovered.emit(values)
        self.touched.emit(name)

    def mark(self, name: str) -> tuple[QPointF | None, str]:
        """Return where the point under the mouse is, in the panel's pixels, and its words."""
        over = self._over.get(name)
        item = next((i for i in self.points(name) if over and i.key == over[0]), None)
        if over is None or item is None or over[1] >= item.x.size:
            return None, ""
        index = over[1]
        x, y = self._panels[name].geometry.pixels(item.x[index], item.y[index])
        return QPointF(float(x), float(y)), item.words[index] if item.words else ""

    # As a tool: only the cursor and the keys; a drag that begins on a point is the panel's.

    def words(self, name: str) -> str:
        """Say how points are chosen."""
        return say(_WORDS) if any(item.pick for item in self.points(name)) else ""

    def cursor(self, name: str, place: QPointF) -> Qt.CursorShape | None:
        """Return a hand over a point that can be chosen."""
        found = self.at(name, place)
        chooses = found is not None and found[0].pick is not None
        return Qt.CursorShape.PointingHandCursor if chooses else None

    def double_click(self, name: str, place: QPointF) -> bool:
        """Take a double click on a point for the two clicks that it is."""
        found = self.at(name, place)
        return found is not None and found[0].pick is not None

    def key(self, name: str, event: QKeyEvent) -> bool:
        """Choose the next point or the one before."""
        steps = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}
        by = steps.get(Qt.Key(event.key()))
        item = next((i for i in self.points(name) if i.pick is not None and i.x.size), None)
        if by is None or item is None or item.pick is None:
            return False
        now = -1 if by > 0 else 0
        if self.parameter_value is not None:
            value = self.parameter_value(item.pick.parameter)
            now = round(item.pick.coordinate(value)) if np.isfinite(value) else now
        self._choose(item, (now + by) % item.x.size)
        return True

    def forget(self, name: str) -> None:
        """Forget the point under the mouse on a panel that goes away."""
        self._over.pop(name, None)
