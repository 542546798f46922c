"""Points that are the same wherever they are shown: marked in one panel, they are in all.

The point under the mouse and a set drawn round with Ctrl+drag are ringed in every panel that has
them, on every page. Nothing is computed for it, and no picture changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QObject, QPointF, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QApplication

from zoetrope.core.items import Places
from zoetrope.gui.language import say
from zoetrope.gui.point_edits import REACH, Indices
from zoetrope.gui.point_places import within
from zoetrope.gui.tool import Tool

if TYPE_CHECKING:
    from zoetrope.gui.panel_view import PanelView

_WORDS = (
    "The point under the mouse is ringed wherever it is shown. Ctrl+drag round points marks them "
    "on all pages, and Esc lets them go."
)
_NONE: Indices = np.empty(0, dtype=np.intp)


@dataclass(slots=True)
class _Lasso:
    """A loop that is being drawn."""

    name: str
    corners: list[QPointF] = field(default_factory=list)


class MarkedPoints(Tool):
    """Knows which of the points that `panels` share are marked, by the keys of their places."""

    def __init__(self, parent: QObject, panels: Mapping[str, PanelView]) -> None:
        super().__init__(parent, panels)
        self._over: tuple[str, int] | None = None  # key and row of the point under the mouse
        self._chosen: dict[str, Indices] = {}
        self._lasso: _Lasso | None = None

    def chosen(self, key: str) -> tuple[int, ...]:
        """Return the rows that are marked of some points."""
        return tuple(self._chosen.get(key, _NONE).tolist())

    def choose(self, key: str, rows: Indices) -> None:
        """Mark these rows, and no others of their points."""
        if not np.array_equal(rows, self._chosen.get(key, _NONE)):
            self._chosen[key] = rows
            self._touch(key)

    def hover(self, name: str, place: QPointF) -> None:
        """Follow the mouse over a panel."""
        self._look_at(self._at(name, place))

    def leave(self) -> None:
        """Note that the mouse is over no panel."""
        self._look_at(None)

    def _look_at(self, now: tuple[str, int] | None) -> None:
        before, self._over = self._over, now
        if now != before:
            for key in {found[0] for found in (before, now) if found is not None}:
                self._touch(key)

    def _at(self, name: str, place: QPointF) -> tuple[str, int] | None:
        """The point at a pixel of a panel: the nearest within reach."""
        nearest, found = REACH, None
        geometry = self._panels[name].geometry
        for places in self._panels[name].panel.places:
            if places.x.size == 0:
                continue
            x, y = geometry.pixels(places.x, places.y)
            away = np.hypot(x - place.x(), y - place.y())
            away[~np.isfinite(away)] = np.inf
            row = int(np.argmin(away))
            if away[row] <= nearest:
                nearest, found = float(away[row]), (places.key, row)
        return found

    def _touch(self, key: str) -> None:
        for name, view in list(self._panels.items()):
            if any(places.key == key for places in view.panel.places):
                self.touched.emit(name)

    # What lies over a panel

    def rings(self, name: str) -> list[QPointF]:
        """Return where the point under the mouse of any panel is on this one, in its pixels."""
        if self._over is None:
            return []
        key, row = self._over
        here = np.array([row])
        return [place for p in self._of(name, key) for place in self._pixels(name, p, here)]

    def marks(self, name: str) -> list[QPointF]:
        """Return where the marked points are on a panel, in its pixels."""
        return [
            place
            for key, rows in self._chosen.items()
            for places in self._of(name, key)
            for place in self._pixels(name, places, rows)
        ]

    def lasso(self, name: str) -> list[QPointF]:
        """Return the loop that is being drawn, in the panel's pixels."""
        return self._lasso.corners if self._lasso is not None and self._lasso.name == name else []

    def _pixels(self, name: str, places: Places, rows: Indices) -> list[QPointF]:
        """Where those of the rows that a panel has stand on it."""
        there = rows[rows < places.x.size]
        x, y = self._panels[name].geometry.pixels(places.x[there], places.y[there])
        return [QPointF(*at) for at in zip(x.tolist(), y.tolist(), strict=True)]

    def _of(self, name: str, key: str) -> list[Places]:
        return [places for places in self._panels[name].panel.places if places.key == key]

    # The mouse and the keys

    def words(self, name: str) -> str:
        """Say how points are marked."""
        return say(_WORDS)

    def press(self, name: str, place: QPointF, modifiers: Qt.KeyboardModifier) -> bool:
        """Begin a loop, with Ctrl; else the panel does what it does."""
        self.end(name)
        if modifiers != Qt.KeyboardModifier.ControlModifier:
            return False
        self._lasso = _Lasso(name, [place])
        return True

    def move(self, name: str, place: QPointF) -> None:
        """Draw the loop."""
        if self._lasso is not None:
            self._lasso.corners.append(place)
            self.touched.emit(name)

    def release(self, name: str, place: QPointF) -> bool:
        """Mark what the loop holds; one too small to hold anything lets all go."""
        lasso, self._lasso = self._lasso, None
        if lasso is not None:
            for places in self._panels[name].panel.places:
                self.choose(places.key, self._inside(name, places, lasso.corners))
            self.touched.emit(name)
        return True

    def _inside(self, name: str, places: Places, corners: list[QPointF]) -> Indices:
        across = max((corner - corners[0]).manhattanLength() for corner in corners)
        if across < QApplication.startDragDistance():
            return _NONE
        x, y = self._panels[name].geometry.pixels(places.x, places.y)
        return np.flatnonzero(within(x, y, [(at.x(), at.y()) for at in corners]))

    def key(self, name: str, event: QKeyEvent) -> bool:
        """Let the panel's marked points go; False if there are none."""
        keys = [p.key for p in self._panels[name].panel.places if self.chosen(p.key)]
        if event.key() != Qt.Key.Key_Escape or not keys:
            return False
        for key in keys:
            self.choose(key, _NONE)
        return True

    def end(self, name: str) -> None:
        """Drop a loop that is being drawn."""
        if self._lasso is not None and self._lasso.name == name:
            self._lasso = None
            self.touched.emit(name)
