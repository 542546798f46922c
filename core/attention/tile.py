"""Density tiles: the share of allowed pairs in every pixel of a viewport, in steps.

Three ways, by what is known of the pattern: second differences of G for patterns of distances
(exact at once); run ends counted per pixel for structured rows (a few jittered rows first, then all
of them); and samples of the rule, bounded by interval arithmetic, where nothing else is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from zoetrope.core.attention.axis import Axis
from zoetrope.core.attention.progressions import Distances
from zoetrope.core.attention.runs import Floats, Ints
from zoetrope.core.attention.structure import Structure
from zoetrope.core.attention.tile_counter import Counter

FIRST_RUNS = 1 << 15  # runs behind the first picture: a few ms beside its million pixels
STEP_RUNS = 1 << 16  # runs in one step of the refinement: about 25 ms
JITTERED = 16  # sampled rows per pixel row, at most


@dataclass(frozen=True, eq=False)
class Tile:
    """One picture of a viewport.

    `density`: float64 [rows, cols] in 0 ... 1. `exact`: every pixel is exact. `done`: the share
    that is. `samples`: pairs asked per uncertain pixel where pixels were sampled, else 0.
    """

    density: Floats
    exact: bool
    done: float = 1.0
    samples: int = 0


def from_distances(distances: Distances, q: Axis, k: Axis) -> Tile:
    """Return the exact tile of a pattern of distances."""
    if q.uniform and q.uniform == k.uniform:
        offsets = np.arange(-k.cells, q.cells + 1) * q.uniform
        line = distances.corner(offsets + (q.start - k.start - 1))
        flat = np.diff(line, 2)  # at i - j = 1 - cells, ..., cells - 1
        view = np.lib.stride_tricks.sliding_window_view(flat, k.cells)
        count = view[:, ::-1]
    else:
        grid = distances.corner(q.edges[:, None] - k.edges[None, :] - 1)
        count = -np.diff(np.diff(grid, axis=0), axis=1)
    return finished(count / _area(q, k), q, k, exact=True)


def from_rows(structure: Structure, q: Axis, k: Axis, seed: int) -> Iterator[Tile]:
    """Yield a first tile from a few rows per pixel, then exact ones growing downwards."""
    counter = Counter(structure, k)
    per_row = counter.runs_per_row(q)
    area = _area(q, k)
    density = np.zeros((q.cells, k.cells))
    pieces = -(-q.length // structure.granule)
    if pieces * per_row > FIRST_RUNS:
        some = int(np.clip(FIRST_RUNS / (q.cells * per_row), 1, JITTERED))
        picked = _jittered(q, some, seed)
        share = np.repeat(q.sizes / some, some)
        at = np.repeat(np.arange(q.cells), some)
        density = counter.count(picked, share, at, q.cells)
        density /= area
        np.clip(density, 0.0, 1.0, out=density)  # shares of rows are no whole numbers
        yield finished(density, q, k, exact=False, done=0.0)
        density = density.copy()
    rows, weight, begin = q.segments(structure.granule)
    ends = np.append(begin, len(rows))
    first = 0
    while first < q.cells:
        # as many pixel rows as a step allows, one at least
        room = begin[first] + STEP_RUNS / per_row
        end = int(np.clip(np.searchsorted(ends, room, "right") - 1, first + 1, q.cells))
        yield from _pause(density, q, k, first)
        part = slice(begin[first], ends[end])
        total = np.zeros((end - first, k.cells))
        at = np.repeat(np.arange(end - first), np.diff(ends[first : end + 1]))
        step = max(1, int(STEP_RUNS / per_row))
        for low in range(0, len(at), step):
            if low:
                yield from _pause(density, q, k, first)
            chunk = slice(part.start + low, min(part.stop, part.start + low + step))
            mine = at[low : low + step]
            total += counter.count(rows[chunk], weight[chunk].astype(float), mine, end - first)
        density[first:end] = total / area[first:end]
        first = end
    yield finished(density, q, k, exact=True)


def _pause(density: Floats, q: Axis, k: Axis, first: int) -> Iterator[Tile]:
    if first:
        yield finished(density.copy(), q, k, exact=False, done=first / q.cells)


def finished(
    density: Floats, q: Axis, k: Axis, exact: bool, done: float = 1.0, samples: int = 0
) -> Tile:
    """Return the tile of a density per cell [q.cells, k.cells]."""
    if q.expand is not None:
        density = density[q.expand]
    if k.expand is not None:
        density = density[:, k.expand]
    return Tile(density, exact, done, samples)


def _area(q: Axis, k: Axis) -> Ints:
    """Return the pairs in each cell, [q.cells, 1] where all columns are equally wide."""
    return q.sizes[:, None] * (k.uniform or k.sizes[None, :])


def _jittered(q: Axis, some: int, seed: int) -> Ints:
    """Return `some` rows of each cell, one in each of its equal parts, [cells * some]."""
    shares = np.random.default_rng(seed).random((q.cells, some)) + np.arange(some)
    rows = q.edges[:-1, None] + (shares * (q.sizes[:, None] / some)).astype(np.int64)
    return np.minimum(rows, q.edges[1:, None] - 1).ravel()
