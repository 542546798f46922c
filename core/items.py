"""What is drawn in a panel, as plain data: curves, points, heat maps, words and handles.

Coordinates are data coordinates; colours are roles (see `theme.py`); widths and sizes are in points
(1/72 inch). Arrays are taken as float64, copied if they could still be written to elsewhere, and
made read-only. All items are equal by value. NaN in a curve is a gap.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from zoetrope.core.edits import Edit, TableEdit, View

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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Places(Item):
    """Where points stand that a person can mark, `x` and `y` of shape [n]; it draws nothing.

    Places of one key are of the same points, row by row, in every panel of every page: what is
    marked in one is in all. The key of points that a table holds is the table's parameter.
    """

    x: Any
    y: Any

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        self._freeze("x", "y")


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
