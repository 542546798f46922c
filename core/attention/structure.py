"""A pattern's normal form, and its algebra.

A `Structure` is a signed sum of terms (see `runs`), or the transpose of one. `sums` and `tile` read
everything off it; here the forms of `&`, `|`, `~` and `.T` are made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from math import gcd

import numpy as np

from zoetrope.core.attention.progressions import Distances, Progression
from zoetrope.core.attention.rule import Rule
from zoetrope.core.attention.runs import Bools, Ints, Term, product, scaled
from zoetrope.core.attention.scanned import stretches

CHUNK = 1 << 16  # runs worked on in one step: about 20 ms
MOST_TERMS = 64


@dataclass(frozen=True, eq=False)
class Structure:
    """The normal form of a pattern of n tokens.

    `granule`: rows q with equal q // granule have equal keys. `distances` is there where only
    q - k matters. `scanned` says that a row costs a pass over all keys, because no better form is
    known; tiles are then sampled first. `flipped` means that the terms describe the transpose.
    """

    n: int
    terms: tuple[Term, ...]
    granule: int = 1
    distances: Distances | None = None
    scanned: bool = False
    flipped: bool = False

    @cached_property
    def runs_per_row(self) -> float:
        """How many runs a row has, about; from at most 32 rows spread over the sequence."""
        if self.scanned:
            return self.n / self.granule / 8
        rows = np.unique(np.linspace(0, self.n - 1, min(32, self.n)).astype(np.int64))
        return 1 + sum(len(term.at(rows).row) for term in self.terms) / len(rows)

    @property
    def plain(self) -> bool:
        """Whether a row's keys are its terms' runs as they stand, disjoint."""
        straight = not self.flipped and not self.scanned
        return straight and all(t.weight == 1 and t.columns is None for t in self.terms)

    @property
    def work(self) -> float:
        """Runs (or an eighth of the cells, for a scanned form) that all rows together take."""
        return self.n / self.granule * self.runs_per_row

    def slices(self, wanted: Bools | None = None) -> Iterator[Ints]:
        """Yield all rows (or those wanted, bool [n]) in slices fit for one step."""
        rows = np.arange(self.n) if wanted is None else np.flatnonzero(wanted)
        step = max(self.granule, int(CHUNK / self.runs_per_row))
        for begin in range(0, len(rows), step):
            yield rows[begin : begin + step]

    def transposed(self) -> Structure:
        """Return the structure of the mirrored mask."""
        if self.distances is not None:
            return from_distances(self.distances.transposed())
        return replace(self, flipped=not self.flipped)


def from_distances(distances: Distances) -> Structure:
    """Return the structure of a pattern of distances."""
    n = distances.n
    terms = distances.terms()
    if terms is not None:
        return Structure(n, terms, 1, distances)

    def rule(rows: Ints, keys: Ints) -> Bools:
        found: Bools = distances.allowed[rows - keys + (n - 1)]
        return found

    return Structure(n, (stretches(rule, n),), 1, distances, scanned=True)


def scanned(rule: Rule, granule: int) -> Structure:
    """Return the structure of a rule whose rows are found key by key."""
    return Structure(rule.n, (stretches(rule.mask, rule.n, granule),), granule, scanned=True)


def everything(n: int) -> Structure:
    """Return the structure of full attention."""
    return from_distances(Distances(n, [Progression(1 - n, n - 1, 1)]))


def intersection(first: Structure, second: Structure) -> Structure | None:
    """Return the structure of both at once, or None where it takes too many terms."""
    a, b = first.distances, second.distances
    if a is not None and b is not None:
        return from_distances(Distances(first.n, allowed=lambda: a.allowed & b.allowed))
    if not _composable(first, second) or len(first.terms) * len(second.terms) > MOST_TERMS:
        return None
    terms = [product(s, t, first.n) for s in first.terms for t in second.terms]
    return Structure(first.n, tuple(terms), gcd(first.granule, second.granule))


def complement(one: Structure) -> Structure | None:
    """Return the structure of the pairs outside: 1 - 1(a)."""
    distances = one.distances
    if distances is not None:
        return from_distances(Distances(one.n, allowed=lambda: ~distances.allowed))
    if not _composable(one, one):
        return None
    terms = everything(one.n).terms + tuple(scaled(term, -1) for term in one.terms)
    return Structure(one.n, terms, one.granule)


def union(first: Structure, second: Structure) -> Structure | None:
    """Return the structure of either: 1(a or b) = 1(a) + 1(b) - 1(a) 1(b)."""
    a, b = first.distances, second.distances
    if a is not None and b is not None:
        return from_distances(Distances(first.n, allowed=lambda: a.allowed | b.allowed))
    both = intersection(first, second)
    if both is None:
        return None
    terms = (*first.terms, *second.terms, *(scaled(term, -1) for term in both.terms))
    if len(terms) > MOST_TERMS:
        return None
    return Structure(first.n, terms, both.granule)


def _composable(first: Structure, second: Structure) -> bool:
    return not (first.scanned or second.scanned or first.flipped or second.flipped)
