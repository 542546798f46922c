"""Sums over the keys of each row, and over the rows of each key, of any structure.

Row counts, reach, influence and caches follow from these two; both take O(terms) passes over
arrays of length n. Whole numbers stay exact below 2**53.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from zoetrope.core.attention.runs import Columns, Floats, Ints, Term
from zoetrope.core.attention.structure import Structure


class Ordered:
    """Keys sorted by (key mod step, key): a run of that step becomes one interval of places."""

    def __init__(self, n: int, step: int) -> None:
        self.n, self.step = n, step
        self._each = n // step + 2  # a spare place at the end of each class
        self.size = n + 1 if step == 1 else step * self._each

    def place(self, keys: Ints) -> Ints:
        """Return the places of int64 keys."""
        return keys if self.step == 1 else keys % self.step * self._each + keys // self.step

    def below(self, values: Floats) -> Floats:
        """Return the sums of `values` [n] over all earlier places, [size + 1]."""
        at = np.zeros(self.size)
        at[self.place(np.arange(self.n))] = values
        return np.concatenate(([0.0], np.cumsum(at)))


class RowSums:
    """Sums of values over the keys of chosen rows; the sums of each term's keys are made once."""

    def __init__(self, structure: Structure, values: Floats | None = None) -> None:
        self.structure = structure
        self._below = [self._sums(term, values) for term in structure.terms]

    def _sums(self, term: Term, values: Floats | None) -> Floats | None:
        if values is None and term.columns is None:
            return None
        weights = np.ones(self.structure.n) if values is None else values
        if term.columns is not None:
            weights = weights * term.columns.member
        return Ordered(self.structure.n, term.step).below(weights)

    def of(self, rows: Ints) -> Floats:
        """Return the sum over the keys of each row, float64 [r]."""
        total = np.zeros(len(rows))
        for term, below in zip(self.structure.terms, self._below, strict=True):
            runs = term.at(rows)
            count = counts(term, runs.start, runs.stop)
            if below is not None:
                at = Ordered(self.structure.n, term.step).place(runs.start)
                count = below[at + count] - below[at]
            total += term.weight * np.bincount(runs.row, count, len(rows))
        return total


class KeySums:
    """Sums of values over rows, for every key, gathered slice by slice."""

    def __init__(self, structure: Structure) -> None:
        self.structure = structure
        self._covered: dict[tuple[int, int], tuple[Ordered, Columns | None, Floats]] = {}

    def add(self, rows: Ints, values: Floats | None = None) -> None:
        """Add rows with their values [r] (ones by default)."""
        for term in self.structure.terms:
            runs = term.at(rows)
            ordered, _, covered = self._of(term)
            at = ordered.place(runs.start)
            end = at + counts(term, runs.start, runs.stop)
            if values is None:
                np.add.at(covered, at, float(term.weight))
                np.add.at(covered, end, -float(term.weight))
            else:
                weights = term.weight * values[runs.row]
                np.add.at(covered, at, weights)
                np.subtract.at(covered, end, weights)

    def result(self) -> Floats:
        """Return the sum for every key, float64 [n]."""
        total = np.zeros(self.structure.n)
        for ordered, columns, covered in self._covered.values():
            found = np.cumsum(covered)[ordered.place(np.arange(self.structure.n))]
            total += found if columns is None else found * columns.member
        return total

    def _of(self, term: Term) -> tuple[Ordered, Columns | None, Floats]:
        key = (term.step, id(term.columns))
        if key not in self._covered:
            ordered = Ordered(self.structure.n, term.step)
            self._covered[key] = (ordered, term.columns, np.zeros(ordered.size))
        return self._covered[key]


def counts(term: Term, start: Ints, stop: Ints) -> Ints:
    """Return how many keys runs of this term have, before columns are asked."""
    return stop - start if term.step == 1 else (stop - start + (term.step - 1)) // term.step


def row_totals(structure: Structure, values: Floats | None = None) -> Iterator[Floats | None]:
    """Yield None between steps, then the sum of values [n] over the keys of all rows, [n]."""
    if values is None and structure.distances is not None:
        distances = structure.distances
        rows = np.arange(structure.n)
        yield (distances.up_to(rows) - distances.up_to(rows - structure.n)).astype(np.float64)
    elif structure.flipped:
        yield from column_totals(replace(structure, flipped=False), values)
    else:
        sums = RowSums(structure, values)
        total = np.zeros(structure.n)
        for rows in structure.slices():
            yield None
            total[rows] = sums.of(rows)
        yield total


def column_totals(structure: Structure, values: Floats | None = None) -> Iterator[Floats | None]:
    """Yield None between steps, then the sum of values [n] over all rows of each key, [n]."""
    if structure.flipped:
        yield from row_totals(replace(structure, flipped=False), values)
        return
    sums = KeySums(structure)
    for rows in structure.slices(None if values is None else values != 0):
        yield None
        sums.add(rows, None if values is None else values[rows])
    yield sums.result()
