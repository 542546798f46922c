"""Profiles of a whole pattern: keys of every query, queries of every key, pairs by distance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from zoetrope.core.attention import sums
from zoetrope.core.attention.lab_study import Study
from zoetrope.core.attention.patterns import Pattern
from zoetrope.core.attention.progressions import Distances
from zoetrope.core.attention.runs import Floats, Ints
from zoetrope.core.long_work import Job

PARTS = 256  # of the sequence, for which one mean is drawn
PLACES = 96  # distances at which pairs are counted, on each side
ALL_PAIRS = 1024  # tokens up to which every pair is asked
SAMPLES = 2048  # pairs asked at each place of longer patterns
ASKED = 1 << 17  # pairs in one step


@dataclass(frozen=True, eq=False)
class Counted:
    """Counts of tokens, in `PARTS` stretches or fewer: places, means and extremes [parts]."""

    at: Floats
    mean: Floats
    least: Floats
    most: Floats
    median: float


@dataclass(frozen=True, eq=False)
class ByDistance:
    """The share of pairs that are kept, q - k = d within a place; back d >= 0, ahead d < 0.

    `edges` [places + 1] are distances from 0; `exact` is false where pairs were drawn.
    """

    edges: Ints
    back: Floats
    ahead: Floats
    exact: bool


def counted(values: Floats) -> Counted:
    """Return a profile of counts, float64 [n]."""
    n = len(values)
    edges = np.unique(np.linspace(0, n, min(PARTS, n) + 1).astype(np.int64))
    starts = edges[:-1]
    sizes = np.diff(edges)
    return Counted(
        starts + (sizes - 1) / 2,
        np.add.reduceat(values, starts) / sizes,
        np.minimum.reduceat(values, starts),
        np.maximum.reduceat(values, starts),
        float(np.median(values)),
    )


def queries_job(study: Study) -> Job[Counted]:
    """How many keys each query sees; nothing where rows cannot be counted."""

    def steps() -> Iterator[Counted | None]:
        count = study.count()
        if count.result is not None and count.result.rows is not None:
            yield counted(count.result.rows)

    return study.jobs.get("queries", study.count().done, steps)


def keys_job(study: Study) -> Job[Counted]:
    """How many queries see each key; nothing where rows cannot be gone through."""

    def steps() -> Iterator[Counted | None]:
        if not study.countable:
            return
        structure = study.pattern.structure
        if structure.distances is not None:
            structure = structure.transposed()
            totals = sums.row_totals(structure)
        else:
            totals = sums.column_totals(structure)
        for found in totals:
            yield None if found is None else counted(found)

    return study.jobs.get("keys of all", None, steps)


def distances_job(study: Study) -> Job[ByDistance]:
    """Which share of pairs is kept at each distance."""
    return study.jobs.get("distances", None, lambda: distance_steps(study.pattern))


def places(n: int) -> Ints:
    """Return the ends of places 0, 1, 2, ..., wider and wider, up to n, int64 [places + 1]."""
    ends = np.rint(np.geomspace(1, n, PLACES)).astype(np.int64)
    return np.unique(np.concatenate(([0], ends)))


def distance_steps(pattern: Pattern, seed: int = 0) -> Iterator[ByDistance | None]:
    """Yield None between steps, then the share of pairs kept at each distance.

    Exact where only distances matter or tokens are few; else of pairs drawn evenly, a fixed number
    at each place.
    """
    edges = places(pattern.n)
    if pattern.structure.distances is not None:
        back, ahead = _of_distances(pattern.structure.distances, edges)
        yield ByDistance(edges, back, ahead, True)
    elif pattern.n <= ALL_PAIRS:
        back, ahead = _of_all(pattern, edges)
        yield ByDistance(edges, back, ahead, True)
    else:
        rng = np.random.default_rng(seed)
        sides: list[Floats] = []
        for sign in (1, -1):
            shares = np.zeros(len(edges) - 1)
            many = max(1, ASKED // SAMPLES)
            for first in range(0, len(shares), many):
                part = slice(first, min(first + many, len(shares)))
                low, high = edges[part][:, None], edges[part.start + 1 : part.stop + 1][:, None]
                if sign < 0:  # no token is ahead of itself
                    low, high = np.maximum(low, 1), np.maximum(high, 2)
                d = rng.integers(low, high, (len(low), SAMPLES))
                later = rng.integers(d, pattern.n)
                q, k = (later, later - d) if sign > 0 else (later - d, later)
                shares[part] = pattern.mask(q, k).mean(axis=1)
                yield None
            sides.append(shares)
        yield ByDistance(edges, sides[0], _without_own(edges, sides[1]), False)


def _of_distances(distances: Distances, edges: Ints) -> tuple[Floats, Floats]:
    def side(of: Distances) -> Floats:
        # over e <= x, the sum of n - e is (n - x - 1) F(x) + G(x)
        x = edges - 1
        pairs = (of.n - x - 1) * of.up_to(x) + of.corner(x)
        return np.diff(pairs) / _pairs(of.n, edges)

    back = side(distances)
    return back, _without_own(edges, side(distances.transposed()))


def _of_all(pattern: Pattern, edges: Ints) -> tuple[Floats, Floats]:
    dense, n = pattern.dense(), pattern.n
    at = np.array([np.diagonal(dense, -d).sum() for d in range(n)], dtype=np.float64)
    over = np.array([np.diagonal(dense, d).sum() for d in range(n)], dtype=np.float64)
    total = _pairs(n, edges)
    back, ahead = (np.add.reduceat(part, edges[:-1]) / total for part in (at, over))
    return back, _without_own(edges, ahead)


def _without_own(edges: Ints, ahead: Floats) -> Floats:
    """A token is not ahead of itself."""
    return np.where(edges[:-1] == 0, np.nan, ahead)


def _pairs(n: int, edges: Ints) -> Floats:
    """Return how many pairs have distances of each place, float64 [places]."""
    low, high = edges[:-1].astype(np.float64), edges[1:].astype(np.float64)
    found: Floats = (high - low) * n - (high * (high - 1) - low * (low - 1)) / 2
    return found
