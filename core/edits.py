"""What a gesture on a picture makes of a parameter: a place, a table's points, a visible range."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np


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
class Spray:
    """A round brush that scatters points into a table while it is held, or takes them out.

    `radius` (in the units of the axes), `rate` (points a second) and the switch `erases` name
    parameters. Rows are (x, y), at most so many, on the `ground` (x0, x1, y0, y1). While a
    parameter of the table's `also` says something else, a stroke begins with none.
    """

    table: TableEdit
    radius: str
    rate: str
    erases: str
    ground: tuple[float, float, float, float]
    most: int


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


@dataclass(frozen=True, slots=True)
class Orbit:
    """Dragging anywhere in the panel turns a camera: degrees per panel width and height."""

    azimuth: Edit
    elevation: Edit
