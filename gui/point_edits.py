"""Editing the points of a picture: select them, drag them, add and remove them.

What comes out are the rows of the table parameter that the points are. During a drag the points
stand where the person has them, whatever picture comes meanwhile.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from PyQt6.QtCore import QObject, QPointF, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QApplication

from zoetrope.core.edits import TableEdit
from zoetrope.core.items import Scatter
from zoetrope.core.parameters import Rows
from zoetrope.gui.handle_ring import direction
from zoetrope.gui.language import say_all
from zoetrope.gui.point_places import rounded_place, within
from zoetrope.gui.tool import Tool

if TYPE_CHECKING:
    from zoetrope.gui.panel_view import PanelView

Indices = npt.NDArray[np.intp]
State = Callable[[str], Any]
REACH = 10.0  # pixels from which a point is taken hold of
_NUDGE = 0.01  # of the visible range, for an arrow key
_MORE = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
_NONE: Indices = np.empty(0, dtype=np.intp)
_EDITING = (
    "Drag a point to move it; with the keyboard Page Down selects the next point and the arrows "
    "move it."
)
_BRUSHING = (
    "Double-click or Insert adds a point, a loop drawn round points selects them, Delete removes "
    "them."
)


@dataclass(slots=True)
class _Hand:
    """What the person has in hand on one panel."""

    selected: Indices = field(default_factory=lambda: _NONE)
    count: int = 0  # of the points, when they were selected
    doing: str = ""  # "", "press", "drag", "lasso" or "keys"
    pressed: QPointF = field(default_factory=QPointF)
    on_point: bool = False
    more: bool = False  # add to what is selected
    fresh: bool = False  # the press itself has selected the point
    base: Rows = ()  # the rows when it began
    grip: tuple[float, float] = (0.0, 0.0)  # in view coordinates
    moved: tuple[float, float] = (0.0, 0.0)  # by keys, in pixels
    lasso: list[QPointF] = field(default_factory=list)
    shown: Rows | None = None  # rows that the picture does not show yet


class PointEdits(Tool):
    """Turns gestures on the points of `panels` into rows.

    `state` tells a parameter's present value.
    """

    def __init__(
        self, parent: QObject, panels: Mapping[str, PanelView], state: State | None
    ) -> None:
        super().__init__(parent, panels)
        self.state = state
        self._hands: dict[str, _Hand] = {}

    # What there is

    def scatter(self, name: str) -> Scatter | None:
        """Return the points of a panel that can be edited, as they are drawn now."""
        view = self._panels[name]
        for item in view.panel.items:
            if isinstance(item, Scatter) and item.edits is not None:
                shown: Scatter = view.drawn[item.key, Scatter].item
                return shown
        return None

    def selected(self, name: str) -> tuple[int, ...]:
        """Return the rows that are selected on a panel."""
        return tuple(self._hand(name).selected.tolist())

    def lasso(self, name: str) -> list[QPointF]:
        """Return the lasso that is being drawn, in the panel's pixels."""
        hand = self._hand(name)
        return hand.lasso if hand.doing == "lasso" else []

    def busy(self, name: str) -> bool:
        """Say whether the person has something in hand on a panel."""
        return self._hand(name).doing != ""

    def _hand(self, name: str) -> _Hand:
        return self._hands.setdefault(name, _Hand())

    def _edit(self, name: str) -> TableEdit | None:
        points = self.scatter(name)
        return points.edits if points is not None else self._panels[name].panel.brush

    def _rows(self, name: str, edit: TableEdit) -> Rows:
        """Return the rows that an edit changes: the table's, or the points that are shown."""
        if self.state is not None:
            rows: Rows = self.state(edit.parameter)
            if rows and all(self.state(other) == value for other, value in edit.also):
                return rows
        points = self.scatter(name)
        if points is None:
            return ()
        return tuple(zip(points.x.tolist(), points.y.tolist(), strict=True))

    def marks(self, name: str) -> tuple[Any, Any]:
        """Return where the selected points stand, in the panel's pixels."""
        points = self.scatter(name)
        chosen = self._hand(name).selected
        if points is None:
            return np.empty(0), np.empty(0)
        seen = chosen[chosen < points.x.size]
        return self._panels[name].geometry.pixels(points.x[seen], points.y[seen])

    # The mouse

    def words(self, name: str) -> str:
        """Say how the points are edited."""
        brushed = self._panels[name].panel.brush is not None
        return say_all((_EDITING, _BRUSHING if brushed else ""), " ")

    def cursor(self, name: str, place: QPointF) -> Qt.CursorShape | None:
        """Return a hand over a point."""
        return None if self.at(name, place) is None else Qt.CursorShape.PointingHandCursor

    def at(self, name: str, place: QPointF) -> int | None:
        """Return the point at a pixel of a panel: the nearest within reach."""
        points = self.scatter(name)
        if points is None or points.x.size == 0:
            return None
        x, y = self._panels[name].geometry.pixels(points.x, points.y)
        away = np.hypot(x - place.x(), y - place.y())
        away[~np.isfinite(away)] = np.inf
        nearest = int(np.argmin(away))
        return nearest if away[nearest] <= REACH else None

    def press(self, name: str, place: QPointF, modifiers: Qt.KeyboardModifier) -> bool:
        """Begin with a press of the mouse; False if it means nothing to the points."""
        edit = self._edit(name)
        if edit is None:
            return False
        self.end(name)
        hand, point = self._hand(name), self.at(name, place)
        if point is None and self._panels[name].panel.brush is None:
            return False
        hand.doing, hand.pressed, hand.on_point = "press", place, point is not None
        hand.more = bool(modifiers & _MORE)
        hand.fresh = False
        if point is not None and point not in hand.selected:
            hand.fresh = True
            kept = hand.selected if hand.more else _NONE
            self._select(name, np.append(kept, point))
        return True

    def move(self, name: str, place: QPointF) -> None:
        """Drag the selected points, or draw the lasso."""
        hand = self._hand(name)
        if hand.doing == "press":
            if (place - hand.pressed).manhattanLength() < QApplication.startDragDistance():
                return
            if hand.on_point:
                self._begin(name, "drag")
                hand.grip = self._panels[name].geometry.pixels_to_view(
                    hand.pressed.x(), hand.pressed.y()
                )
            else:
                hand.doing, hand.lasso = "lasso", [hand.pressed]
        if hand.doing == "drag":
            at = self._panels[name].geometry.pixels_to_view(place.x(), place.y())
            self._shift(name, at[0] - hand.grip[0], at[1] - hand.grip[1])
        elif hand.doing == "lasso":
            hand.lasso.append(place)
            self.touched.emit(name)

    def release(self, name: str, place: QPointF) -> bool:
        """End it; False if it was a click beside all points."""
        hand = self._hand(name)
        doing, hand.doing = hand.doing, ""
        if doing == "drag":
            self.finished.emit()
        elif doing == "lasso":
            inside = self._inside(name, hand.lasso)
            hand.lasso = []
            self._select(name, np.union1d(hand.selected, inside) if hand.more else inside)
        elif doing == "press" and hand.on_point:
            point = self.at(name, place)
            if point is not None and not hand.fresh:
                rest = hand.selected[hand.selected != point]
                self._select(name, rest if hand.more else np.array([point]))
        elif doing == "press":
            self._select(name, _NONE)
            return False
        return True

    def double_click(self, name: str, place: QPointF) -> bool:
        """Add a point beside all others; False if the panel has no brush."""
        if self._panels[name].panel.brush is None:
            return self._edit(name) is not None and self.at(name, place) is not None
        if self.at(name, place) is None:
            self.add(name, place)
        return True

    def add(self, name: str, place: QPointF) -> None:
        """Add a point at a pixel of a panel and select it."""
        view = self._panels[name]
        brush = view.panel.brush
        if brush is None:
            return
        rows = self._rows(name, brush)
        point = rounded_place(view.geometry, *view.geometry.pixels_to_view(place.x(), place.y()))
        self._once(name, brush, (*rows, point))
        if len(self._rows(name, brush)) == len(rows) + 1 or self.state is None:
            self._hand(name).count = len(rows) + 1
            self._select(name, np.array([len(rows)]))

    def remove(self, name: str) -> None:
        """Remove the selected points."""
        brush, hand = self._panels[name].panel.brush, self._hand(name)
        if brush is None or hand.selected.size == 0:
            return
        gone = set(hand.selected.tolist())
        rows = self._rows(name, brush)
        self._select(name, _NONE)
        self._once(name, brush, tuple(row for i, row in enumerate(rows) if i not in gone))

    # The keys

    def key(self, name: str, event: QKeyEvent) -> bool:
        """Do what a key means to the points; False if it means nothing to them."""
        edit, hand = self._edit(name), self._hand(name)
        if edit is None:
            return False
        step, key = direction(event), event.key()
        brush = self._panels[name].panel.brush
        if step is not None and hand.selected.size and hand.doing in ("", "keys"):
            self._nudge(name, *step)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and brush and hand.selected.size:
            self.end(name)
            self.remove(name)
        elif key == Qt.Key.Key_Escape and (hand.doing or hand.selected.size):
            self._escape(name)
        elif key == Qt.Key.Key_Insert and brush:
            plot = self._panels[name].plot
            self.add(name, QPointF(plot.width() / 2, plot.height() / 2))
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self._step(name, 1 if key == Qt.Key.Key_PageDown else -1)
        elif key == Qt.Key.Key_A and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self._select(name, np.arange(self._count(name)))
        else:
            return False
        return True

    def end(self, name: str) -> None:
        """End what is in hand on a panel, as it is."""
        hand = self._hand(name)
        doing, hand.doing, hand.lasso = hand.doing, "", []
        if doing in ("drag", "keys"):
            self.finished.emit()
        if doing == "lasso":
            self.touched.emit(name)

    def end_keys(self, name: str) -> None:
        """End a row of arrow keys."""
        if self._hand(name).doing == "keys":
            self.end(name)

    def forget(self, name: str) -> None:
        """End and forget what was done on a panel that goes away."""
        super().forget(name)
        self._hands.pop(name, None)

    def _nudge(self, name: str, right: float, up: float) -> None:
        hand, view = self._hand(name), self._panels[name]
        if hand.doing != "keys":
            self._begin(name, "keys")
            hand.moved = (0.0, 0.0)
        x0, x1, y0, y1 = view.geometry.limits
        hand.moved = (
            hand.moved[0] + _NUDGE * right * (x1 - x0),
            hand.moved[1] + _NUDGE * up * (y1 - y0),
        )
        self._shift(name, *hand.moved)

    def _escape(self, name: str) -> None:
        hand = self._hand(name)
        edit = self._edit(name)
        if hand.doing in ("drag", "keys") and edit is not None:
            self._emit(name, edit, hand.base)
        if hand.doing:
            self.end(name)
        else:
            self._select(name, _NONE)

    def _step(self, name: str, by: int) -> None:
        count, hand = self._count(name), self._hand(name)
        if count:
            last = int(hand.selected[-1]) if hand.selected.size else (-1 if by > 0 else count)
            self._select(name, np.array([(last + by) % count]))

    # What follows

    def follow(self, name: str) -> None:
        """Take in a new picture: keep what is in hand where it is, drop what is no more."""
        hand = self._hands.get(name)
        points = self.scatter(name)
        if hand is None:
            return
        edit = self._edit(name)
        if edit is None:
            self.forget(name)
            return
        if hand.selected.size and self._count(name) != hand.count:
            self.end(name)
            hand.selected = _NONE
        if hand.shown is not None and points is not None:
            if hand.doing == "" and self._rows(name, edit) is not hand.shown:
                hand.shown = None  # undone, or changed elsewhere
            else:
                self._show(name, points, hand)

    def _show(self, name: str, points: Scatter, hand: _Hand) -> None:
        """Draw the points in hand where they are, in a picture that may be older."""
        rows = hand.shown
        if rows is None or len(rows) != points.x.size:
            return
        chosen = hand.selected
        wanted = np.array([rows[i][:2] for i in chosen], dtype=np.float64).reshape(-1, 2)
        there = np.column_stack([points.x[chosen], points.y[chosen]])
        if np.array_equal(there, wanted):
            if hand.doing == "":
                hand.shown = None  # the picture has caught up
            return
        x, y = points.x.copy(), points.y.copy()
        x[chosen], y[chosen] = wanted.T
        self._panels[name].drawn[points.key, Scatter].item = replace(points, x=x, y=y)

    def _count(self, name: str) -> int:
        edit = self._edit(name)
        return len(self._rows(name, edit)) if edit is not None else 0

    def _select(self, name: str, chosen: Indices) -> None:
        hand = self._hand(name)
        hand.selected = np.asarray(chosen, dtype=np.intp)
        hand.count = self._count(name)
        self.touched.emit(name)

    def _inside(self, name: str, lasso: list[QPointF]) -> Indices:
        points = self.scatter(name)
        if points is None or len(lasso) < 3:
            return _NONE
        x, y = self._panels[name].geometry.pixels(points.x, points.y)
        return np.flatnonzero(within(x, y, [(at.x(), at.y()) for at in lasso]))

    def _begin(self, name: str, doing: str) -> None:
        hand, edit = self._hand(name), self._edit(name)
        assert edit is not None
        hand.doing, hand.base = doing, self._rows(name, edit)
        hand.selected = hand.selected[hand.selected < len(hand.base)]
        self.started.emit()

    def _shift(self, name: str, right: float, up: float) -> None:
        """Put the selected points so far from where they were, in view coordinates."""
        hand, view, edit = self._hand(name), self._panels[name], self._edit(name)
        if edit is None:
            return
        geometry = view.geometry
        rows = list(hand.base)
        for index in hand.selected.tolist():
            x, y, *rest = rows[index]
            view_x, view_y = geometry.view(x, y)
            new = rounded_place(geometry, float(view_x) + right, float(view_y) + up)
            if math.isfinite(new[0]) and math.isfinite(new[1]):
                rows[index] = (*new, *rest)
        self._emit(name, edit, tuple(rows))

    def _once(self, name: str, edit: TableEdit, rows: Rows) -> None:
        self.started.emit()
        self._emit(name, edit, rows)
        self.finished.emit()

    def _emit(self, name: str, edit: TableEdit, rows: Rows) -> None:
        hand = self._hand(name)
        self.edited.emit({edit.parameter: rows, **dict(edit.also)})
        if name not in self._panels:  # the change may have brought another figure
            return
        now = self._rows(name, edit) if self.state is not None else rows
        hand.shown = now
        points = self.scatter(name)
        if points is not None and hand.doing:
            self._show(name, points, hand)
        self.touched.emit(name)
