"""Adding up the keys of many rows per pixel, from the ends of their runs."""

from __future__ import annotations

import numpy as np

from zoetrope.core.attention.axis import Axis
from zoetrope.core.attention.runs import Columns, Floats, Ints, Runs, Term, counted
from zoetrope.core.attention.structure import Structure

Part = tuple[Ints, Floats]  # where to add, and what
FEW_COLUMNS = 16  # pixel columns with members, below which they are looked at one by one


class Counter:
    """Counts weighted keys per pixel.

    A run is known by its two end pixels: what it holds there is counted, and between them every
    pixel holds the same (its width over the step), or its share of the columns. So a run is four
    entries of a difference along the keys, and one cumulative sum makes the picture. Counts are
    whole numbers throughout: a pixel that is full or empty is exactly so.
    """

    def __init__(self, structure: Structure, k: Axis) -> None:
        self.structure, self.k = structure, k

    def runs_per_row(self, q: Axis) -> float:
        """How many runs, or pieces of runs cut at pixels, a row takes, about."""
        few = np.linspace(q.start, q.start + q.length - 1, min(32, q.length))
        probe = np.unique(few.astype(np.int64))
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
        single: list[Part] = []
        equal: list[Part] = []
        spans: dict[int, tuple[Columns, list[Part]]] = {}
        for term in self.structure.terms:
            runs = self._visible(term, rows)
            if not len(runs.row):
                continue
            weights = term.weight * weight[runs.row]
            line = at[runs.row] * (self.k.cells + 1)
            if self._whole(term):
                between = equal
                if term.columns is not None and not self._share(term):
                    between = spans.setdefault(id(term.columns), (term.columns, []))[1]
                self._ends(term, runs, weights, line, single, between)
            else:
                single.append(self._cut(term, runs, weights, line))
        # where pixels are equally wide one cumulative sum serves spans and ends alike
        if self.k.uniform:
            for place, value in single:
                equal += [(place, value), (place + 1, -value)]
            total = self._summed(equal, height)
        else:
            total = self._added(single, height)[:, :-1]
            total += self._summed(equal, height) * self.k.sizes
        for columns, parts in spans.values():
            self._add_columns(columns, parts, total)
        return total

    def _add_columns(self, columns: Columns, parts: list[Part], total: Floats) -> None:
        """Add the members of a column set within the spans that cover whole pixels."""
        held = np.diff(columns.below[self.k.edges])
        some = np.flatnonzero(held)
        if len(some) > FEW_COLUMNS:
            inside = self._summed(parts, len(total))
            inside *= held
            total += inside
            return
        places = np.concatenate([place for place, _ in parts])
        values = np.concatenate([value for _, value in parts])
        line, at = np.divmod(places, self.k.cells + 1)
        for cell in some:
            covering = np.bincount(line, values * (at <= cell), len(total))
            total[:, cell] += held[cell] * covering

    def _added(self, parts: list[Part], height: int) -> Floats:
        if not parts:
            return np.zeros((height, self.k.cells + 1))
        places = np.concatenate([place for place, _ in parts])
        values = np.concatenate([value for _, value in parts])
        width = self.k.cells + 1
        found = np.bincount(places, values, height * width).astype(np.float64, copy=False)
        return found.reshape(height, width)

    def _summed(self, parts: list[Part], height: int) -> Floats:
        found = self._added(parts, height)
        np.cumsum(found, axis=1, out=found)
        return found[:, :-1]

    def _whole(self, term: Term) -> bool:
        """Say whether every pixel that a run spans holds equally many of its keys."""
        if term.step == 1:
            return True
        return term.columns is None and self.k.uniform > 0 and self.k.uniform % term.step == 0

    def _share(self, term: Term) -> int:
        """Return how many keys of a run every pixel within it holds, or 0 where they differ."""
        if not self.k.uniform:
            return 0
        if term.columns is None:
            return self.k.uniform // term.step
        held = np.diff(term.columns.below[self.k.edges])
        return int(held[0]) if np.all(held == held[0]) else 0

    def _visible(self, term: Term, rows: Ints) -> Runs:
        runs = term.at(rows)
        low, high = self.k.start, self.k.start + self.k.length
        start, stop = runs.start, runs.stop
        if low:
            behind = np.maximum(low - start, 0)
            start = start + -(-behind // term.step) * term.step
        if high < self.structure.n or term.step > 1:
            stop = np.minimum(stop, high)
        if start is runs.start and stop is runs.stop:
            return runs
        seen = stop > start
        return Runs(runs.row[seen], start[seen], stop[seen])

    def _ends(
        self, term: Term, runs: Runs, weights: Floats, line: Ints, single: list[Part],
        spans: list[Part],
    ) -> None:  # fmt: skip
        """Add the end pixels of runs one by one, and what lies between as differences."""
        k, step = self.k, term.step
        start, stop = runs.start, runs.stop
        if step > 1:
            stop = start + (stop - 1 - start) // step * step + 1
        left, right = k.cell(start), k.cell(stop - 1)
        first, last = line + left, line + right
        if term.columns is not None:
            below = term.columns.below
            in_left = below[k.edges[left + 1]] - below[start]
            in_right = below[stop] - below[k.edges[right]]
        else:
            in_left, in_right = k.edges[left + 1] - start, stop - k.edges[right]
            if step > 1:
                in_left, in_right = -(-in_left // step), (in_right - 1) // step + 1
        each = weights * (self._share(term) or 1)
        single += [(first, in_left * weights), (last, in_right * weights)]
        spans += [(first + 1, each), (last, -each)]

    def _cut(self, term: Term, runs: Runs, weights: Floats, line: Ints) -> Part:
        """Return runs key by key, or pixel by pixel where that is fewer."""
        k, step = self.k, term.step
        if term.columns is not None or step * k.cells >= k.length:
            each = (runs.stop - runs.start + (step - 1)) // step
            run = np.repeat(np.arange(len(each)), each)
            keys = runs.start[run] + counted(each) * step
            held = 1.0 if term.columns is None else term.columns.member[keys]
            return line[run] + k.cell(keys), weights[run] * held
        left = k.cell(runs.start)
        each = k.cell(runs.stop - 1) - left + 1
        run = np.repeat(np.arange(len(each)), each)
        cells = left[run] + counted(each)
        start, stop = runs.start[run], runs.stop[run]
        low, high = np.maximum(k.edges[cells], start), np.minimum(k.edges[cells + 1], stop)
        held = (high - start + (step - 1)) // step - (low - start + (step - 1)) // step
        return line[run] + cells, held * weights[run]
