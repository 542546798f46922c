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
from zoetrope.core.attention.runs import Floats, Ints, Runs, Term, counted
from zoetrope.core.attention.structure import Structure

FIRST_RUNS = 1 << 14  # runs behind the first picture: about 10 ms
STEP_RUNS = 1 << 17  # runs in one step of the refinement: under 50 ms
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
    rows, weight, begin = q.segments(structure.granule)
    counter = _Counter(structure, k)
    per_row = counter.runs_per_row(rows)
    area = _area(q, k)
    density = np.zeros((q.cells, k.cells))
    if len(rows) * per_row > FIRST_RUNS:
        some = int(np.clip(FIRST_RUNS / (q.cells * per_row), 1, JITTERED))
        picked = _jittered(q, some, seed)
        share = np.repeat(q.sizes / some, some)
        at = np.repeat(np.arange(q.cells), some)
        density = counter.count(picked, share, at, q.cells) / area
        yield finished(np.clip(density, 0, 1), q, k, exact=False, done=0.0)
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


def _area(q: Axis, k: Axis) -> Ints | Floats:
    return np.multiply.outer(q.sizes, k.sizes)


def _jittered(q: Axis, some: int, seed: int) -> Ints:
    """Return `some` rows of each cell, one in each of its equal parts, [cells * some]."""
    shares = np.random.default_rng(seed).random((q.cells, some)) + np.arange(some)
    rows = q.edges[:-1, None] + (shares * (q.sizes[:, None] / some)).astype(np.int64)
    return np.minimum(rows, q.edges[1:, None] - 1).ravel()


class _Counter:
    """Adds up the keys of weighted rows per pixel."""

    def __init__(self, structure: Structure, k: Axis) -> None:
        self.structure, self.k = structure, k

    def runs_per_row(self, rows: Ints) -> float:
        """How many runs, or pieces of runs cut at pixels, a row takes, about."""
        probe = rows[np.unique(np.linspace(0, len(rows) - 1, min(32, len(rows))).astype(np.int64))]
        total = 0.0
        for term in self.structure.terms:
            runs = self._visible(term, probe)
            total += len(runs.row)
            if not self._whole(term):
                apart = term.step if term.columns else max(term.step, self.k.length / self.k.cells)
                total += float(np.sum(runs.stop - runs.start)) / apart
        return 1 + total / len(probe)

    def count(self, rows: Ints, weight: Floats, at: Ints, height: int) -> Floats:
        """Return the weighted keys [height, cells] of rows lying in the pixel rows `at`."""
        total = np.zeros((height, self.k.cells))
        for term in self.structure.terms:
            runs = self._visible(term, rows)
            if not len(runs.row):
                continue
            weights = term.weight * weight[runs.row]
            add = self._spanning if self._whole(term) else self._cut
            add(term, runs, weights, at[runs.row], total)
        return total

    def _whole(self, term: Term) -> bool:
        """Say whether every pixel that a run spans holds equally many of its keys."""
        if term.step == 1:
            return True
        return term.columns is None and self.k.uniform > 0 and self.k.uniform % term.step == 0

    def _visible(self, term: Term, rows: Ints) -> Runs:
        runs = term.at(rows)
        low, high = self.k.start, self.k.start + self.k.length
        start = runs.start
        if low:
            behind = np.maximum(low - start, 0)
            start = start + -(-behind // term.step) * term.step
        stop = np.minimum(runs.stop, high)
        seen = stop > start
        if seen.all():
            return Runs(runs.row, start, stop)
        return Runs(runs.row[seen], start[seen], stop[seen])

    def _below(self, term: Term, keys: Ints, start: Ints) -> Ints | Floats:
        """How many of a run's keys, or of its columns, are below each key (up to a constant)."""
        if term.columns is not None:
            return term.columns.below[keys]
        return keys if term.step == 1 else (keys - start + (term.step - 1)) // term.step

    def _spanning(
        self, term: Term, runs: Runs, weights: Floats, at: Ints, total: Floats
    ) -> None:
        """Count the end pixels of runs one by one, and those between by differences."""
        k, width = self.k, self.k.cells
        last = runs.stop - 1 if term.step == 1 else runs.stop - 1 - (
            (runs.stop - 1 - runs.start) % term.step
        )
        left, right = k.cell(runs.start), k.cell(last)
        row = at * (width + 1)
        start, stop = runs.start, last + 1
        in_left = self._below(term, k.edges[left + 1], start) - self._below(term, start, start)
        in_right = self._below(term, stop, start) - self._below(term, k.edges[right], start)
        size = total.shape[0] * (width + 1)
        ends = np.concatenate((row + left, row + right))
        inside = np.concatenate((in_left * weights, in_right * weights))
        found = np.bincount(ends, inside, size).reshape(-1, width + 1)[:, :width]
        turns = np.concatenate((row + left + 1, row + right))
        signs = np.concatenate((weights, -weights))
        spans = np.bincount(turns, signs, size).reshape(-1, width + 1)[:, :width]
        spans = np.cumsum(spans, axis=1)
        if term.columns is not None:
            spans *= np.diff(term.columns.below[k.edges])
        elif k.uniform:
            spans *= k.uniform // term.step
        else:
            spans *= k.sizes
        total += found
        total += spans

    def _cut(self, term: Term, runs: Runs, weights: Floats, at: Ints, total: Floats) -> None:
        """Count runs key by key, or pixel by pixel where that is fewer."""
        k, step = self.k, term.step
        if term.columns is not None or step * k.cells >= k.length:
            each = (runs.stop - runs.start + (step - 1)) // step
            run = np.repeat(np.arange(len(each)), each)
            keys = runs.start[run] + counted(each) * step
            values = weights[run] * (1.0 if term.columns is None else term.columns.member[keys])
            cells = k.cell(keys)
        else:
            left = k.cell(runs.start)
            each = k.cell(runs.stop - 1) - left + 1
            run = np.repeat(np.arange(len(each)), each)
            cells = left[run] + counted(each)
            start, stop = runs.start[run], runs.stop[run]
            low, high = np.maximum(k.edges[cells], start), np.minimum(k.edges[cells + 1], stop)
            held = (high - start + (step - 1)) // step - (low - start + (step - 1)) // step
            values = held * weights[run]
        place = at[run] * k.cells + cells
        total += np.bincount(place, values, total.size).reshape(total.shape)
