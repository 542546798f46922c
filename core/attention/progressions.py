"""Patterns that know only the distance d = q - k: arithmetic progressions of d.

The mask is a Toeplitz matrix. With F(x) the number of allowed distances up to x and G(x) the sum of
F up to x, the number of allowed pairs in any rectangle is a second difference of G, so a density
tile of any size is exact and costs one evaluation per pixel corner.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from zoetrope.core.attention.runs import Bools, Ints, Term, one_per_row

CLOSED = 4  # more progressions than this are summed by a table
LISTED = 48  # more than this and rows are not written as progressions at all


class Progression(NamedTuple):
    """The distances low, low + step, ..., high; high - low is a multiple of step."""

    low: int
    high: int
    step: int


class Distances:
    """Which distances d in (-n, n) are allowed: progressions, or an array made on demand."""

    def __init__(
        self,
        n: int,
        progressions: Sequence[Progression] | None = None,
        allowed: Callable[[], Bools] | None = None,
    ) -> None:
        self.n = n
        self._given = None if progressions is None else tuple(progressions)
        self._allowed = allowed

    @cached_property
    def allowed(self) -> Bools:
        """Whether d = i - (n - 1) is allowed, bool [2n - 1]."""
        if self._given is None:
            assert self._allowed is not None
            return self._allowed()
        found = np.zeros(2 * self.n - 1, dtype=bool)
        for low, high, step in self._given:
            found[low + self.n - 1 : high + self.n : step] = True
        return found

    @cached_property
    def progressions(self) -> tuple[Progression, ...] | None:
        """The progressions, disjoint; None where there are more than 48."""
        return self._given if self._given is not None else _found(self.allowed, self.n)

    @cached_property
    def _sums(self) -> tuple[Ints, Ints]:
        first = np.cumsum(self.allowed, dtype=np.int64)
        return first, np.cumsum(first)

    def _few(self, x: Ints) -> bool:
        """Say whether closed forms at x take less than a table of all distances."""
        assert self._given is not None
        return len(self._given) <= CLOSED or x.size * len(self._given) < self.n

    def up_to(self, x: Ints) -> Ints:
        """F: how many allowed distances are <= x, for int64 x in [-n, n)."""
        if self._given is not None and self._few(x):
            total = np.zeros_like(x)
            for low, high, step in self._given:
                total += np.maximum((np.minimum(x, high) - low) // step + 1, 0)
            return total
        return np.where(x <= -self.n, 0, self._sums[0][np.maximum(x + self.n - 1, 0)])

    def corner(self, x: Ints) -> Ints:
        """G: the sum of F(y) over y <= x, for int64 x in [-n, n)."""
        if self._given is not None and self._few(x):
            total = np.zeros_like(x)
            for low, high, step in self._given:
                terms = (np.minimum(x, high) - low) // step + 1
                np.maximum(terms, 0, out=terms)
                total += terms * (x - (low - 1)) - step * (terms * (terms - 1) // 2)
            return total
        return np.where(x <= -self.n, 0, self._sums[1][np.maximum(x + self.n - 1, 0)])

    def transposed(self) -> Distances:
        """Return the distances of the mirrored mask, -d."""
        if self._given is None:
            return Distances(self.n, allowed=lambda: self.allowed[::-1])
        return Distances(self.n, [Progression(-high, -low, s) for low, high, s in self._given])

    def terms(self) -> tuple[Term, ...] | None:
        """Return the rows as terms, one per progression, or None where there are too many."""
        if self.progressions is None:
            return None
        return tuple(_term(progression, self.n) for progression in self.progressions)


def _term(progression: Progression, n: int) -> Term:
    low, high, step = progression

    def bounds(rows: Ints) -> tuple[Ints, Ints]:
        start = rows - high
        start = np.maximum(start, 0) if step == 1 else np.where(start < 0, start % step, start)
        return start, np.minimum(rows - (low - 1), n)

    return one_per_row(bounds, step=min(step, n))


def _found(allowed: Bools, n: int) -> tuple[Progression, ...] | None:
    """Return few disjoint progressions that cover the allowed distances, or None."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], allowed, [False]))))
    starts, lengths = edges[::2] - (n - 1), edges[1::2] - edges[::2]
    found: list[Progression] = []
    at = 0
    while at < len(starts):
        first, length = int(starts[at]), int(lengths[at])
        if at + 2 >= len(starts):
            found.append(Progression(first, first + length - 1, 1))
            at += 1
        else:
            # how far do equal stretches follow each other at one distance?
            gap = int(starts[at + 1]) - first
            same = (lengths[at + 1 :] == length) & (np.diff(starts[at:]) == gap)
            more = int(np.argmin(same)) if not same.all() else len(same)
            if more < 2 or length > LISTED:
                found.append(Progression(first, first + length - 1, 1))
                at += 1
            else:
                last = int(starts[at + more])
                found += [Progression(first + i, last + i, gap) for i in range(length)]
                at += more + 1
        if len(found) > LISTED:
            return None
    return tuple(found)
