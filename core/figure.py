"""A figure as plain data: panels of items that two renderers draw alike.

A lab describes its figure with these words, those of `items.py` and, for what a person may move in
it, those of `edits.py`; it never draws. `gui/canvas.py` draws them on the screen and keeps items by
key; `core/render.py` draws them into files. All descriptions are equal by value.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from zoetrope.core.edits import Edit, Orbit, Spray, TableEdit, View
from zoetrope.core.items import HeatMap, Item, Places, Scatter, finite_range


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis: its name in words, unit, scale, and range (None follows the items).

    `words` stand at 0, 1, 2, … in place of numbers: what is there has names, or no even scale.
    With `own` they are words of a person's or of a text, which stay as they are in any language.
    """

    label: str = ""
    unit: str = ""
    log: bool = False
    range: tuple[float, float] | None = None
    visible: bool = True
    words: tuple[str, ...] = ()
    own: bool = False

    @property
    def title(self) -> str:
        """Return the words beside the axis."""
        return f"{self.label} ({self.unit})" if self.unit else self.label

    @property
    def meaning(self) -> object:
        """Return what decides what a place on the axis means: equal for axes to be compared on."""
        return self.label, self.unit, self.log, self.words

    def words_between(self, low: float, high: float, most: int) -> list[tuple[int, str]]:
        """Return the places between two ends, at most so many and evenly, with their words."""
        first, last = math.ceil(min(low, high)), math.floor(max(low, high))
        inside = range(max(first, 0), min(last, len(self.words) - 1) + 1)
        stride = max(1, -(-len(inside) // max(most, 1)))
        return [(place, self.words[place]) for place in inside[::stride]]


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a panel stands in the figure's grid."""

    row: int = 0
    column: int = 0
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One pair of axes. `name` identifies it; `title` is a short statement.

    `equal`: one unit is as long on both axes. `square`: both axes are as long. `pick_x`, `pick_y`:
    a click sets these parameters. `orbit`: a drag turns a camera. `brush`: points of this table are
    added by a double click, selected by a lasso, moved together and removed. `spray`: a brush
    scatters points. `hover_x`, `hover_y`: the moving mouse sets these live parameters. `places`:
    points that can be marked, here and in all other panels that have them. Panels with the same
    `crosshair` show one at the same data coordinates.
    `letter`: stands in brackets before the title, which print then keeps: it tells panels apart.
    `link_x`, `link_y`: the panel whose axis this one follows. `view_x`, `view_y`: zooming and
    panning set parameters.
    `summary` says in a sentence what is seen, for those who cannot see it.
    """

    name: str
    title: str = ""
    items: tuple[Item, ...] = ()
    x: Axis = field(default_factory=Axis)
    y: Axis = field(default_factory=Axis)
    cell: Cell = field(default_factory=Cell)
    equal: bool = False
    square: bool = False
    grid: bool = True
    pick_x: Edit | None = None
    pick_y: Edit | None = None
    orbit: Orbit | None = None
    brush: TableEdit | None = None
    spray: Spray | None = None
    hover_x: Edit | None = None
    hover_y: Edit | None = None
    places: tuple[Places, ...] = ()
    crosshair: str = ""
    link_x: str = ""
    link_y: str = ""
    view_x: View | None = None
    view_y: View | None = None
    letter: str = ""
    summary: str = ""

    def __post_init__(self) -> None:
        """Refuse two items with one key, and gestures that could not be told apart."""
        keys = [item.key for item in self.items]
        if len(set(keys)) != len(keys):
            twice = sorted({key for key in keys if keys.count(key) > 1})
            raise ValueError(f"panel {self.name!r} has items with the same key: {twice}")
        edited = (i.edits for i in self.items if isinstance(i, (Scatter, HeatMap)))
        tables = {edits.parameter for edits in edited if edits}
        if self.brush is not None:
            tables.add(self.brush.parameter)
        if self.spray is not None:
            tables.add(self.spray.table.parameter)
        if len(tables) > 1:
            raise ValueError(f"panel {self.name!r} edits more than one table: {sorted(tables)}")
        if tables and self.orbit is not None:
            raise ValueError(f"panel {self.name!r} cannot both turn and edit a table")
        if self.orbit is not None and (self.view_x or self.view_y):
            raise ValueError(f"panel {self.name!r} cannot both turn and move its view")

    @property
    def heading(self) -> str:
        """Return the words above the panel."""
        return f"({self.letter}) {self.title}" if self.letter else self.title

    def drawn(self) -> Iterator[Item]:
        """Yield the items in the order in which they are drawn."""
        yield from sorted(self.items, key=lambda item: item.layer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Panels in a grid. `widths` and `heights` are the relative sizes of columns and rows.

    `even`: of frames in equal shares none gives way to its own words, as in files; what is compared
    by eye must be equally large.
    """

    panels: tuple[Panel, ...]
    widths: tuple[float, ...] = ()
    heights: tuple[float, ...] = ()
    even: bool = False

    def __post_init__(self) -> None:
        """Refuse panels of one name and links to panels that are not there."""
        names = [panel.name for panel in self.panels]
        if len(set(names)) != len(names):
            raise ValueError(f"panel names must differ: {names}")
        for panel in self.panels:
            for link in (panel.link_x, panel.link_y):
                if link and link not in names:
                    raise ValueError(f"panel {panel.name!r} is linked to {link!r}, which is absent")

    def panel(self, name: str) -> Panel:
        """Return the panel of that name; raises KeyError."""
        for panel in self.panels:
            if panel.name == name:
                return panel
        raise KeyError(name)


def reading_order(panels: Iterable[Panel]) -> list[Panel]:
    """Return panels row by row, each from the left."""
    return sorted(panels, key=lambda panel: (panel.cell.row, panel.cell.column))


def panel_letters(panels: Sequence[Panel]) -> dict[str, str]:
    """Return the letter that each of several panels bears in print, by name; one needs none.

    Where panels have letters of their own, the others have none.
    """
    own = {panel.name: panel.letter for panel in panels if panel.letter}
    if own:
        return own
    alphabet = "abcdefghijklmnopqrstuvwxyz" if len(panels) > 1 else ""
    named = zip(reading_order(panels), alphabet, strict=False)
    return {panel.name: letter for panel, letter in named}


def barred(panel: Panel) -> HeatMap | Scatter | None:
    """Return the item that a panel's one colour bar explains, if there is one."""
    for item in panel.items:
        if isinstance(item, HeatMap) and item.bar:
            return item
    for item in panel.items:
        if isinstance(item, Scatter) and item.bar and item.values is not None:
            return item
    return None


def panel_limits(panel: Panel, margin: float = 0.05) -> tuple[float, float, float, float]:
    """Return (x0, x1, y0, y1), the ranges of a panel's axes in data units.

    A declared range is taken as it is; otherwise the range holds all items with `margin` on each
    side (a share of the range; of the logarithm on a log axis, where only positive values count).
    A heat map fills its panel: it gets no margin.
    """
    limits: list[float] = []
    if any(isinstance(item, HeatMap) for item in panel.items):
        margin = 0.0
    for index, axis in enumerate((panel.x, panel.y)):
        if axis.range is not None:
            limits += [float(axis.range[0]), float(axis.range[1])]
            continue
        parts = [item.bounds()[index] for item in panel.items]
        values = np.concatenate(parts) if parts else np.empty(0)
        if axis.log:
            low, high = finite_range(np.log10(values[values > 0]))
            room = margin * (high - low)
            limits += [math.pow(10.0, max(low - room, -307)), math.pow(10.0, min(high + room, 308))]
        else:
            low, high = finite_range(values)
            room = margin * (high - low)
            limits += [low - room, high + room]
    return limits[0], limits[1], limits[2], limits[3]


def fit_equal(
    limits: tuple[float, float, float, float], aspect: float
) -> tuple[float, float, float, float]:
    """Return `limits` with one range widened about its centre until both units are equally long.

    `aspect` is the width of the panel over its height. A reversed range stays reversed.
    """
    x0, x1, y0, y1 = limits
    width, height = abs(x1 - x0), abs(y1 - y0)
    if width < height * aspect:
        room = math.copysign((height * aspect - width) / 2, x1 - x0)
        return x0 - room, x1 + room, y0, y1
    room = math.copysign((width / aspect - height) / 2, y1 - y0)
    return x0, x1, y0 - room, y1 + room
