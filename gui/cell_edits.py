"""Drawing and erasing the cells of a matrix on the picture.

What comes out are the rows of a table parameter: (row, column) of each cell that is drawn. While
the person draws, the cells are shown as they have them, whatever picture comes meanwhile.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from PyQt6.QtCore import QObject, QPointF, QRectF, Qt
from PyQt6.QtGui import QKeyEvent

from zoetrope.core.edits import TableEdit
from zoetrope.core.items import HeatMap
from zoetrope.core.parameters import Rows
from zoetrope.gui.handle_ring import direction
from zoetrope.gui.language import say_all
from zoetrope.gui.tool import Tool

if TYPE_CHECKING:
    from zoetrope.gui.panel_view import PanelView

Cells = npt.NDArray[np.bool_]
_WORDS = (
    "Click or drag to draw cells, or to erase them if the first is drawn. With the keyboard the "
    "space bar brings a cursor and draws or erases its cell; the arrows move it. Ctrl+drag draws a "
    "straight line."
)
_BROAD = "The wheel, or plus and minus, makes the brush wider."
_WIDEST = 6  # cells beside the middle one
_NOTCH = 1.2  # of the wheel, as a zoom: wider by a cell on each side


@dataclass(slots=True)
class _Hand:
    """What the person does on one panel: the stroke that is being drawn, and the keys' cursor."""

    cells: Cells | None = None  # that the picture may not show yet
    draws: bool = True
    last: tuple[int, int] | None = None  # of a stroke, as long as it goes on
    cursor: tuple[int, int] | None = None
    line: tuple[tuple[int, int], Cells] | None = None  # where a straight one begins, and on what
    reach: float = 0.0  # of the brush, cells beside the middle one
    over: tuple[int, int] | None = None  # where a broad brush is shown

    def touched(self, start: tuple[int, int], stop: tuple[int, int], shape: tuple[int, ...]) -> Any:
        """Return the indices of the cells that the brush touches on the line between two."""
        steps = max(abs(stop[0] - start[0]), abs(stop[1] - start[1]), 1)
        line = [np.rint(np.linspace(start[k], stop[k], steps + 1)).astype(int) for k in (0, 1)]
        reach = round(self.reach)
        beside = np.mgrid[-reach : reach + 1, -reach : reach + 1].reshape(2, -1)
        beside = beside[:, (beside**2).sum(0) <= (reach + 0.3) ** 2]
        at = (np.array(line)[:, :, None] + beside[:, None, :]).reshape(2, -1)
        inside = (at >= 0).all(0) & (at < np.array(shape)[:, None]).all(0)
        return tuple(at[:, inside])


class CellEdits(Tool):
    """Turns strokes over the cells of `panels` into rows.

    `state` tells a parameter's present value.
    """

    def __init__(
        self,
        parent: QObject,
        panels: Mapping[str, PanelView],
        state: Callable[[str], Any] | None,
    ) -> None:
        super().__init__(parent, panels)
        self.state = state
        self._hands: dict[str, _Hand] = {}

    def matrix(self, name: str) -> HeatMap | None:
        """Return the matrix of a panel whose cells can be drawn, as it was described."""
        for item in self._panels[name].panel.items:
            if isinstance(item, HeatMap) and item.edits is not None:
                return item
        return None

    def words(self, name: str) -> str:
        """Say how cells are drawn."""
        item = self.matrix(name)
        broad = item is not None and item.edits is not None and item.edits.broad
        return say_all((_WORDS, _BROAD if broad else ""), " ")

    def cursor(self, name: str, place: QPointF) -> Qt.CursorShape | None:
        """Return a cross over the cells."""
        return None if self.cell(name, place) is None else Qt.CursorShape.CrossCursor

    def cell(self, name: str, place: QPointF) -> tuple[int, int] | None:
        """Return the (row, column) at a pixel of a panel."""
        item = self.matrix(name)
        if item is None:
            return None
        x0, x1, y0, y1 = item.extent
        geometry = self._panels[name].geometry
        (left, right), (low, high) = geometry.view([x0, x1], [y0, y1])
        x, y = geometry.pixels_to_view(place.x(), place.y())
        rows, columns = item.z.shape
        row = np.floor((y - low) / (high - low) * rows)
        column = np.floor((x - left) / (right - left) * columns)
        if 0 <= row < rows and 0 <= column < columns:
            return int(row), int(column)
        return None

    # The mouse

    def press(self, name: str, place: QPointF, modifiers: Qt.KeyboardModifier) -> bool:
        """Begin a stroke; beside the cells, and with Shift, the panel does what it does."""
        self.end(name)
        at = self.cell(name, place)
        if at is None or modifiers & Qt.KeyboardModifier.ShiftModifier:
            return False
        hand = self._hands.setdefault(name, _Hand())
        hand.cells = self._cells(name)
        hand.draws, hand.last, hand.cursor, hand.over = not hand.cells[at], at, None, None
        straight = modifiers & Qt.KeyboardModifier.ControlModifier
        hand.line = (at, hand.cells) if straight else None
        self.started.emit()
        self._draw(name, at, at)
        return True

    def move(self, name: str, place: QPointF) -> None:
        """Draw the cells up to here, those that a fast hand has passed over among them."""
        hand, at = self._hands.get(name), self.cell(name, place)
        if hand is not None and hand.last is not None and at is not None and at != hand.last:
            before, hand.last = hand.last, at
            if hand.line is not None:
                before, hand.cells = hand.line
            self._draw(name, before, at)

    def release(self, name: str, place: QPointF) -> bool:
        """End the stroke."""
        self.end(name)
        return True

    def zoom(self, name: str, factor: float, place: QPointF) -> bool:
        """Make a broad brush wider or narrower, and show it where the mouse is."""
        item, at = self.matrix(name), self.cell(name, place)
        if item is None or item.edits is None or not item.edits.broad or at is None:
            return False
        hand = self._hands.setdefault(name, _Hand())
        wider = hand.reach - math.log(factor) / math.log(_NOTCH)  # as what is looked at does
        hand.reach, hand.over = min(max(wider, 0.0), float(_WIDEST)), at
        self.touched.emit(name)
        return True

    def double_click(self, name: str, place: QPointF) -> bool:
        """Two clicks are two strokes."""
        return self.press(name, place, Qt.KeyboardModifier.NoModifier)

    # The keys

    def key(self, name: str, event: QKeyEvent) -> bool:
        """Do what a key means to the cells; False if it means nothing to them."""
        item, hand = self.matrix(name), self._hands.setdefault(name, _Hand())
        if item is None:
            return False
        step, key = direction(event), event.key()
        if hand.cursor is not None and step is not None:
            self._step(name, item, hand, step)
        elif hand.cursor is not None and key in (Qt.Key.Key_Space, Qt.Key.Key_Return):
            hand.cells = self._cells(name)
            hand.draws = not hand.cells[hand.cursor]
            self.started.emit()
            self._draw(name, hand.cursor, hand.cursor)
            self.finished.emit()
        elif hand.cursor is not None and key == Qt.Key.Key_Escape:
            hand.cursor = None
        elif key == Qt.Key.Key_Space:
            plot = self._panels[name].plot
            middle = self.cell(name, QPointF(plot.width() / 2, plot.height() / 2))
            hand.cursor = middle or (0, 0)
        else:
            return False
        self.touched.emit(name)
        return True

    def _step(self, name: str, item: HeatMap, hand: _Hand, step: tuple[float, float]) -> None:
        """Move the cursor a cell to where the arrow points on the screen."""
        assert hand.cursor is not None
        x0, x1, y0, y1 = self._panels[name].geometry.limits
        right = round(np.sign(step[0]) * np.sign(x1 - x0))
        up = round(np.sign(step[1]) * np.sign(y1 - y0))
        rows, columns = item.z.shape
        row, column = hand.cursor[0] + up, hand.cursor[1] + right
        hand.cursor = min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)

    def end(self, name: str) -> None:
        """End a stroke as it is."""
        hand = self._hands.get(name)
        if hand is not None and hand.last is not None:
            hand.last = None
            self.finished.emit()

    def forget(self, name: str) -> None:
        """End and forget what was done on a panel that goes away."""
        super().forget(name)
        self._hands.pop(name, None)

    def mark(self, name: str) -> QRectF | None:
        """Return where the cursor's cell is, or a brush that was changed, in the panel's pixels."""
        hand, item = self._hands.get(name), self.matrix(name)
        at = None if hand is None else hand.cursor or hand.over
        if hand is None or at is None or item is None:
            return None
        x0, x1, y0, y1 = item.extent
        geometry = self._panels[name].geometry
        (left, right), (low, high) = geometry.view([x0, x1], [y0, y1])
        rows, columns = item.z.shape
        (row, column), reach = at, round(hand.reach)
        xs = [left + (right - left) * k / columns for k in (column - reach, column + reach + 1)]
        ys = [low + (high - low) * k / rows for k in (row - reach, row + reach + 1)]
        (a, b), (c, d) = geometry.view_to_pixels(xs, ys)
        return QRectF(QPointF(a, c), QPointF(b, d)).normalized()

    # What follows

    def follow(self, name: str) -> None:
        """Take in a new picture: show the cells in hand until it has caught up."""
        hand, item = self._hands.get(name), self.matrix(name)
        if hand is None or item is None or hand.cells is None:
            return
        caught_up = hand.cells.shape != item.z.shape or np.array_equal(hand.cells, item.z > 0)
        others = hand.last is None and not np.array_equal(hand.cells, self._cells(name))
        if caught_up or others:  # undone, or changed elsewhere
            hand.cells = hand.cells if hand.last is not None else None
        else:
            self._show(name, item, hand.cells)

    def _show(self, name: str, item: HeatMap, cells: Cells) -> None:
        """Draw cells in a picture that may be older: drawn ones in the colour of the most."""
        assert item.levels is not None
        z = np.where(cells & ~(item.z > 0), item.levels[1], item.z)
        z[~cells & (item.z > 0)] = np.nan if np.isnan(item.z).any() else 0.0
        self._panels[name].drawn[item.key, HeatMap].item = replace(item, z=z)

    def _cells(self, name: str) -> Cells:
        """Return the cells that a stroke changes: the table's, or those that are shown."""
        item = self.matrix(name)
        assert item is not None
        assert item.edits is not None
        if self.state is not None:
            rows: Rows = self.state(item.edits.parameter)
            ours = all(self.state(other) == value for other, value in item.edits.also)
            if ours and (rows or item.edits.also):
                cells = np.zeros(item.z.shape, dtype=np.bool_)
                at = np.array([row[:2] for row in rows], dtype=int).reshape(-1, 2)
                there = (at >= 0).all(axis=1) & (at < item.z.shape).all(axis=1)
                cells[tuple(at[there].T)] = True
                return cells
        with np.errstate(invalid="ignore"):
            shown: Cells = item.z > 0
        return shown

    def _draw(self, name: str, start: tuple[int, int], stop: tuple[int, int]) -> None:
        """Draw or erase the cells on the line between two, as broad as the brush is."""
        hand, item = self._hands[name], self.matrix(name)
        if hand.cells is None or item is None or item.edits is None:
            return
        cells = hand.cells.copy()
        cells[hand.touched(start, stop, cells.shape)] = hand.draws
        hand.cells = cells
        self._emit(name, item.edits, cells)

    def _emit(self, name: str, edit: TableEdit, cells: Cells) -> None:
        rows = tuple((float(i), float(j)) for i, j in np.argwhere(cells).tolist())
        self.edited.emit({edit.parameter: rows, **dict(edit.also)})
        if name in self._panels:  # the change may have brought another figure
            self.follow(name)
            self.touched.emit(name)
