"""A figure as plain data: panels of items that two renderers draw alike.

A lab describes its figure with these words and never draws. `gui/canvas.py` draws them on the
screen and keeps items by key; `core/render.py` draws them into files. Coordinates are data
coordinates; colours are roles (see `theme.py`); widths and sizes are in points (1/72 inch).
Arrays are taken as float64, copied if they could still be written to elsewhere, and made
read-only. All descriptions are equal by value. NaN in a curve is a gap.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Role = Literal[
    "data1", "data2", "data3", "data4", "data5", "data6", "data7", "accent", "guide", "warn", "text"
]
Dash = Literal["solid", "dash", "dot"]
Marker = Literal["circle", "ring", "square", "triangle", "diamond", "cross"]
Anchor = Literal["left", "right", "top", "bottom", "center"]
ColourMap = Literal["viridis", "cividis", "diverging", "grey"]


def frozen_array(values: Any, dimensions: int) -> Array:
    """Return `values` as a read-only float64 array with the given number of dimensions."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != dimensions:
        raise ValueError(f"expected {dimensions}-dimensional data, got shape {array.shape}")
    if array.flags.writeable:
        array = array.copy()
        array.flags.writeable = False
    return array


def _equal(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return np.array_equal(a, b, equal_nan=True)
    return bool(a == b)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Item:
    """Something drawn in a panel. `key` names it from frame to frame; `label` names it to people.

    Items are drawn in order of `layer`, then as listed. With `own` its label is a word of a
    person's or of a text, which stays as it is in any language.
    """

    key: str
    label: str = ""
    layer: int = 0
    own: bool = False

    def __eq__(self, other: object) -> bool:
        """Compare all fields by value; NaN equals NaN."""
        if type(self) is not type(other):
            return NotImplemented
        return all(_equal(getattr(self, f.name), getattr(other, f.name)) for f in fields(self))

    def __hash__(self) -> int:
        """Hash by type and key, which equal items share."""
        return hash((type(self), self.key))

    def bounds(self) -> tuple[Array, Array]:
        """Return the x and the y values that the axes should make room for."""
        return np.empty(0), np.empty(0)

    def _freeze(self, *names: str, dimensions: int = 1) -> None:
        sizes = set()
        for name in names:
            array = frozen_array(getattr(self, name), dimensions)
            object.__setattr__(self, name, array)
            sizes.add(array.shape)
        if len(sizes) > 1:
            raise ValueError(f"{', '.join(names)} of {self.key!r} differ in shape: {sizes}")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve(Item):
    """A line through points, `x` and `y` of shape [n]. The label is written at its end.

    `label_at` places the label along the curve: 0 at its first point, 1 at its last.
    """

    x: Any
    y: Any
    role: Role = "data1"
    width: float = 1.5
    dash: Dash = "solid"
    opacity: float = 1.0
    label_at: float = 1.0

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        self._freeze("x", "y")

    def bounds(self) -> tuple[Array, Array]:
        """Return its points."""
        return self.x, self.y


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Segments(Item):
    """Separate straight lines from (x0, y0) to (x1, y1), each of shape [n]."""

    x0: Any
    y0: Any
    x1: Any
    y1: Any
    role: Role = "data1"
    width: float = 1.0
    dash: Dash = "solid"
    opacity: float = 1.0

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        self._freeze("x0", "y0", "x1", "y1")

    def bounds(self) -> tuple[Array, Array]:
        """Return all end points."""
        return np.concatenate([self.x0, self.x1]), np.concatenate([self.y0, self.y1])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Band(Item):
    """The area between `low` and `high` over `x`, each of shape [n]."""

    x: Any
    low: Any
    high: Any
    role: Role = "data1"
    opacity: float = 0.25

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        self._freeze("x", "low", "high")

    def bounds(self) -> tuple[Array, Array]:
        """Return both edges."""
        return np.concatenate([self.x, self.x]), np.concatenate([self.low, self.high])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scatter(Item):
    """Points at `x`, `y` of shape [n]; coloured by `values` [n] through `colours` when given.

    `bar` draws a colour bar for the values, with the label at it. With `edits` the points can be
    dragged: point i is row i of a table parameter, its first two columns are x and y. A click on
    point i sets `pick`, the mouse over it sets the live `hover`, to what the edit makes of i (of -1
    where the mouse leaves it); `words[i]` is shown there.
    """

    x: Any
    y: Any
    role: Role = "data1"
    size: float = 5.0
    marker: Marker = "circle"
    opacity: float = 1.0
    values: Any = None
    colours: ColourMap = "viridis"
    levels: tuple[float, float] | None = None
    bar: bool = False
    edits: TableEdit | None = None
    pick: Edit | None = None
    hover: Edit | None = None
    words: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Freeze the arrays; levels default to the finite range of the values."""
        self._freeze("x", "y")
        if self.words and len(self.words) != self.x.size:
            raise ValueError(f"{self.key!r} has {self.x.size} points, {len(self.words)} words")
        if self.values is not None:
            self._freeze("x", "values")
            if self.levels is None:
                object.__setattr__(self, "levels", finite_range(self.values))

    def bounds(self) -> tuple[Array, Array]:
        """Return its points."""
        return self.x, self.y


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeatMap(Item):
    """`z` of shape [rows, columns], z[0, 0] at the lower left of `extent` = (x0, x1, y0, y1).

    `levels` are the values at the two ends of the colour map; `label` stands at the colour bar,
    which is drawn when `bar` is true. NaN is drawn transparent. With `edits` its cells can be drawn
    and erased: the rows of a table parameter are (row, column) of the cells where z > 0 (an empty
    table is an empty drawing where the edit also sets something, and that is set).
    """

    z: Any
    extent: tuple[float, float, float, float]
    levels: tuple[float, float] | None = None
    colours: ColourMap = "viridis"
    bar: bool = True
    edits: TableEdit | None = None

    def __post_init__(self) -> None:
        """Freeze the array; levels default to its finite range."""
        self._freeze("z", dimensions=2)
        if self.levels is None:
            object.__setattr__(self, "levels", finite_range(self.z))

    def bounds(self) -> tuple[Array, Array]:
        """Return the corners."""
        return np.array(self.extent[:2]), np.array(self.extent[2:])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bars(Item):
    """Upright bars at `x` of the given `height` [n], `width` wide, standing on `base`."""

    x: Any
    height: Any
    width: float
    base: float = 0.0
    role: Role = "data1"
    opacity: float = 0.9

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        self._freeze("x", "height")

    def bounds(self) -> tuple[Array, Array]:
        """Return the corners of all bars."""
        x = np.concatenate([self.x - self.width / 2, self.x + self.width / 2])
        return x, np.concatenate([np.full_like(self.height, self.base), self.base + self.height])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arrows(Item):
    """Arrows from (x, y) to (x + dx, y + dy), each of shape [n]."""

    x: Any
    y: Any
    dx: Any
    dy: Any
    role: Role = "data1"
    width: float = 1.2
    opacity: float = 1.0

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        self._freeze("x", "y", "dx", "dy")

    def bounds(self) -> tuple[Array, Array]:
        """Return feet and tips."""
        return (
            np.concatenate([self.x, self.x + self.dx]),
            np.concatenate([self.y, self.y + self.dy]),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Label(Item):
    """The words of `label` at (x, y). `anchor` is the side of the text that touches the point."""

    x: float
    y: float
    role: Role = "text"
    anchor: Anchor = "left"
    size: float = 9.0

    def bounds(self) -> tuple[Array, Array]:
        """Return the point."""
        return np.array([self.x]), np.array([self.y])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule(Item):
    """A line across the whole panel where the axis has `value`; its label stands on it."""

    axis: Literal["x", "y"]
    value: float
    role: Role = "guide"
    width: float = 1.0
    dash: Dash = "dash"

    def bounds(self) -> tuple[Array, Array]:
        """Return the value on its axis."""
        point, none = np.array([self.value]), np.empty(0)
        return (point, none) if self.axis == "x" else (none, point)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Region(Item):
    """A shaded strip across the whole panel from `low` to `high` on an axis.

    With `view` it is the range that another panel shows, and can be dragged.
    """

    axis: Literal["x", "y"]
    low: float
    high: float
    role: Role = "guide"
    opacity: float = 0.15
    view: View | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rectangle(Item):
    """An outline over the ranges `x` and `y`, lightly filled; its label is not drawn.

    With `view_x` and `view_y` it is what another panel shows, and can be dragged: a mini-map.
    """

    x: tuple[float, float]
    y: tuple[float, float]
    role: Role = "accent"
    width: float = 1.2
    opacity: float = 0.15
    view_x: View | None = None
    view_y: View | None = None

    def bounds(self) -> tuple[Array, Array]:
        """Return the corners."""
        return np.array(self.x, dtype=np.float64), np.array(self.y, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Edit:
    """A parameter that a place on the picture edits: value = scale * coordinate + offset.

    Where the relation is not a straight line, `knots` lists (coordinate, value) pairs with rising
    coordinates, and the value is interpolated between them.
    """

    parameter: str
    scale: float = 1.0
    offset: float = 0.0
    knots: tuple[tuple[float, float], ...] = ()

    def value(self, coordinate: float) -> float:
        """Return the parameter's value for a coordinate."""
        if self.knots:
            coordinates, values = np.array(self.knots, dtype=np.float64).T
            return float(np.interp(coordinate, coordinates, values))
        return self.scale * coordinate + self.offset

    def coordinate(self, value: float) -> float:
        """Return the coordinate for a value: where a handle belongs, or a turn begins.

        Raises ZeroDivisionError where every coordinate gives the same value.
        """
        if self.knots:
            coordinates, values = np.array(self.knots, dtype=np.float64).T
            order = np.argsort(values, kind="stable")
            return float(np.interp(value, values[order], coordinates[order]))
        return (value - self.offset) / self.scale


@dataclass(frozen=True, slots=True)
class TableEdit:
    """A table parameter that the points on the picture edit.

    Each edit also sets the parameters of `also` (such as source="drawn"). While the table is
    empty, or one of those says something else, the points shown are not the table's: the first
    edit copies them into it.

    `broad`: cells are drawn with a round brush that the wheel makes wider, and do not zoom.
    """

    parameter: str
    also: tuple[tuple[str, Any], ...] = ()
    broad: bool = False

    def __post_init__(self) -> None:
        """Refuse an edit of nothing, and one that says two things of one parameter."""
        names = [self.parameter, *(name for name, _ in self.also)]
        if not self.parameter or len(set(names)) < len(names):
            raise ValueError(f"a table edit must name each parameter once: {names}")


@dataclass(frozen=True, slots=True)
class View:
    """The visible range of one axis, held by two parameters that zooming and panning set.

    `limits` is the whole range, in the axis's units: nothing beyond it is shown, and Home goes back
    to it. A range is never narrower than `narrowest` (in decades on a log axis). The axis itself
    must be given the range that the parameters say: files are drawn from that alone.
    """

    low: Edit
    high: Edit
    limits: tuple[float, float]
    narrowest: float = 0.0

    def __post_init__(self) -> None:
        """Refuse limits that hold nothing, and two ends that are one parameter."""
        low, high = self.limits
        if not (math.isfinite(low) and math.isfinite(high) and low < high):
            raise ValueError(f"the limits of a view must rise: {self.limits}")
        if self.low.parameter == self.high.parameter:
            raise ValueError(f"the ends of a view must differ: {self.low.parameter!r}")

    def values(self, low: float, high: float) -> dict[str, float]:
        """Return what the parameters become when the range from `low` to `high` is seen."""
        return {self.low.parameter: self.low.value(low), self.high.parameter: self.high.value(high)}

    def fit(self, first: float, last: float, *, log: bool = False) -> tuple[float, float]:
        """Return the nearest range that may be seen, in the order given: as wide if that can be."""
        if log:
            within = View(self.low, self.high, _decades(self.limits), self.narrowest)
            low, high = within.fit(*_decades((first, last)))
            return math.pow(10.0, low), math.pow(10.0, high)
        least, most = self.limits
        middle, size = (first + last) / 2, max(abs(last - first), self.narrowest)
        if size >= most - least:
            low, high = least, most
        else:
            low = min(max(middle - size / 2, least), most - size)
            high = min(low + size, most)
        return (low, high) if first <= last else (high, low)


def _decades(ends: tuple[float, float]) -> tuple[float, float]:
    return math.log10(ends[0]), math.log10(ends[1])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Handle(Item):
    """A point that a person drags; `x_edit` and `y_edit` say which parameters follow.

    The label says what dragging does. Handles are not part of exported figures.
    """

    x: float
    y: float
    x_edit: Edit | None = None
    y_edit: Edit | None = None
    role: Role = "accent"

    def bounds(self) -> tuple[Array, Array]:
        """Return the point."""
        return np.array([self.x]), np.array([self.y])


@dataclass(frozen=True, slots=True)
class Orbit:
    """Dragging anywhere in the panel turns a camera: degrees per panel width and height."""

    azimuth: Edit
    elevation: Edit


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
    added by a double click, selected by a lasso, moved together and removed. `hover_x`, `hover_y`:
    the moving mouse sets these live parameters. Panels with the same `crosshair` show one at the
    same data coordinates.
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
    hover_x: Edit | None = None
    hover_y: Edit | None = None
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


def finite_range(values: Iterable[Any] | Array) -> tuple[float, float]:
    """Return the smallest and largest finite value, widened where they coincide; else (0, 1)."""
    array = np.asarray(values, dtype=np.float64).ravel()
    finite = array[np.isfinite(array)]
    if finite.size == 0:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    if low == high:
        room = abs(low) * 0.5 or 0.5
        return low - room, high + room
    return low, high


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
