"""Rows of a pattern as runs: the keys start, start + step, ... below stop.

Every structured pattern is a signed sum of *terms*. A term gives, for any set of query rows, a
ragged list of runs of one common step, optionally kept only at certain key columns. The indicator
of the pattern is the weighted sum of its terms' indicators, so everything linear in the mask (row
and column counts, density tiles, block counts, averages) is a sum over terms and needs no array
of n x n. Products of terms are terms again (the Chinese remainder theorem for steps), which is
what makes `&`, `|` and `~` exact.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import gcd
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


class Runs(NamedTuple):
    """Runs of rows, int64 [m] each, sorted by `row`, an index into the rows asked for."""

    row: Ints
    start: Ints
    stop: Ints


class Columns:
    """A set of key columns, evaluated when first needed. `make()` returns bool [n]."""

    def __init__(self, make: Callable[[], Bools]) -> None:
        self._make = make

    @cached_property
    def member(self) -> Bools:
        """Whether each key belongs, bool [n]."""
        return self._make()

    @cached_property
    def below(self) -> NDArray[np.int32]:
        """How many members are smaller than x, int32 [n + 1]."""
        return np.concatenate(([0], np.cumsum(self.member, dtype=np.int32)), dtype=np.int32)

    def __and__(self, other: Columns) -> Columns:
        """Return the keys in both."""
        return Columns(lambda: self.member & other.member)


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """One signed part of a pattern: `runs(rows)` for int64 rows, all of one `step`."""

    runs: Callable[[Ints], Runs]
    step: int = 1
    columns: Columns | None = None
    weight: int = 1

    def at(self, rows: Ints) -> Runs:
        """Return the runs of these rows, int64 [r], without the empty ones."""
        runs = self.runs(rows)
        full = runs.stop > runs.start
        if full.all():
            return runs
        return Runs(runs.row[full], runs.start[full], runs.stop[full])


def one_per_row(bounds: Callable[[Ints], tuple[Any, Any]], **more: Any) -> Term:
    """Return the term whose row q is [start, stop), `bounds(rows)` giving both ends."""

    def runs(rows: Ints) -> Runs:
        start, stop = bounds(rows)
        shape = rows.shape
        return Runs(
            np.arange(len(rows)), np.broadcast_to(start, shape), np.broadcast_to(stop, shape)
        )

    return Term(runs, **more)


def some_per_row(bounds: Callable[[Ints], tuple[Any, Any]], **more: Any) -> Term:
    """Return the term with several runs a row; `bounds(rows)` gives ends broadcast to [r, m]."""

    def runs(rows: Ints) -> Runs:
        start, stop = np.broadcast_arrays(*bounds(rows))
        row = np.repeat(np.arange(len(rows)), start.shape[1])
        return Runs(row, start.ravel(), stop.ravel())

    return Term(runs, **more)


def listed(offsets: Ints, start: Ints, stop: Ints, group: Callable[[Ints], Ints]) -> Term:
    """Return the term whose row q has the runs offsets[g] ... offsets[g + 1] - 1, g = group(q)."""

    def runs(rows: Ints) -> Runs:
        groups = group(rows)
        first, length = offsets[groups], offsets[groups + 1] - offsets[groups]
        at = counted(length) + np.repeat(first, length)
        return Runs(np.repeat(np.arange(len(rows)), length), start[at], stop[at])

    return Term(runs)


def counted(lengths: Ints) -> Ints:
    """Return 0, 1, ..., length-1 for each of the lengths, one after the other."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) - np.repeat(ends - lengths, lengths)


def scaled(term: Term, weight: int) -> Term:
    """Return the term with its weight multiplied."""
    return Term(term.runs, term.step, term.columns, term.weight * weight)


def product(first: Term, second: Term, n: int) -> Term:
    """Return the term whose indicator is the product of both."""
    common = gcd(first.step, second.step)
    step = first.step // common * second.step
    inverse = pow(first.step // common, -1, second.step // common)
    alone = step >= n  # at most one key is left of each run

    def runs(rows: Ints) -> Runs:
        a, b = first.at(rows), second.at(rows)
        i, j = _pairs(a.row, b.row, len(rows))
        low = np.maximum(a.start[i], b.start[j])
        stop = np.minimum(a.stop[i], b.stop[j])
        start = low
        if step > 1:
            apart = b.start[j] - a.start[i]
            turns = apart // common % (second.step // common) * inverse
            start = a.start[i] + first.step * (turns % (second.step // common))
            start = start - (start - low) // step * step
            start = np.where(apart % common == 0, start, stop)
            if alone:
                stop = np.minimum(stop, start + 1)
        return Runs(a.row[i], start, stop)

    if first.columns is None or second.columns is None:
        columns = first.columns or second.columns
    else:
        columns = first.columns & second.columns
    return Term(runs, min(step, n), columns, first.weight * second.weight)


def _pairs(first: Ints, second: Ints, rows: int) -> tuple[Ints, Ints]:
    """Return index pairs of equal row, both inputs sorted."""
    in_first = np.bincount(first, minlength=rows)
    in_second = np.bincount(second, minlength=rows)
    each = in_first * in_second
    local = counted(each)
    width = np.repeat(in_second, each)
    begin_first = np.cumsum(in_first) - in_first
    begin_second = np.cumsum(in_second) - in_second
    i = np.repeat(begin_first, each) + local // width
    j = np.repeat(begin_second, each) + local % width
    return i, j
