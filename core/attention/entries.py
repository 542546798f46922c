"""What an entry of the catalogue is, and the checks its numbers share."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from zoetrope.core.attention.errors import PatternError
from zoetrope.core.attention.runs import Ints
from zoetrope.core.attention.structure import Structure

LEAST, MOST = 4, 1 << 24
CATALOGUE: dict[str, Entry] = {}


@dataclass(frozen=True, eq=False)
class Definition:
    """A pattern of given numbers.

    `rule`: its predicate in the rules' language. `structure`: its normal form. `count`: its number
    of allowed pairs where a closed form is known. `symmetric`: mask(q, k) = mask(k, q).
    """

    rule: str
    structure: Structure
    numbers: Mapping[str, int] = field(default_factory=dict)
    tables: Mapping[str, Ints] = field(default_factory=dict)
    count: int | None = None
    symmetric: bool = False


@dataclass(frozen=True)
class Entry:
    """One pattern of the catalogue: how it is made, shown and where it is from."""

    name: str
    title: str
    group: str
    about: str
    source: str
    make: Callable[..., Definition]

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters' names and defaults (`inspect.Parameter.empty` where one is needed)."""
        found = list(inspect.signature(self.make).parameters.values())[1:]
        return {parameter.name: parameter.default for parameter in found}


def entry(
    title: str, group: str, about: str, source: str
) -> Callable[[Callable[..., Definition]], Callable[..., Definition]]:
    """Put a function (n, **numbers) -> Definition in the catalogue under its own name."""

    def keep(make: Callable[..., Definition]) -> Callable[..., Definition]:
        name = make.__name__
        CATALOGUE[name] = Entry(name, title, group, about, source, make)
        return make

    return keep


def whole(value: Any, field: str, low: int, high: int) -> int:
    """Return a whole number within low ... high; PatternError naming the field otherwise."""
    good = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not good or not low <= value <= high:
        raise PatternError(
            field, f"{field} must be a whole number from {low:,} to {high:,}, not {value!r}."
        )
    return int(value)


def wholes(values: Any, field: str, low: int, high: int, most: int = MOST) -> Ints:
    """Return a list of whole numbers as int64 [m]; the offenders are named."""
    if isinstance(values, str) or not isinstance(values, (Sequence, np.ndarray)):
        raise PatternError(field, f"{field} must be a list of whole numbers, not {values!r}.")
    if len(values) > most:
        raise PatternError(
            field, f"{field} holds {len(values):,} numbers, and at most {most:,} do."
        )
    kept = [v for v in values if isinstance(v, (int, np.integer)) and low <= v <= high]
    if len(kept) < len(values):
        bad = [
            repr(v) for v in values if not isinstance(v, (int, np.integer)) or not low <= v <= high
        ]
        shown = ", ".join(bad[:5]) + (", …" if len(bad) > 5 else "")
        raise PatternError(
            field, f"{field} must lie from {low:,} to {high:,}; these do not: {shown}."
        )
    return np.asarray(values, dtype=np.int64).reshape(-1)


def triangle(m: int) -> int:
    """Return 1 + 2 + ... + m."""
    return m * (m + 1) // 2


def area(height: int, width: int, n: int) -> None:
    """Refuse a height and width that are no whole numbers, or whose product is not n."""
    if whole(height, "height", 1, MOST) * whole(width, "width", 1, MOST) != n:
        raise PatternError(
            "height", f"height x width is {height * width:,}, and n is {n:,}; make them equal."
        )
