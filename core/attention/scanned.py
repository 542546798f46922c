"""Rows found by asking a rule about every key: the form of patterns that have no better one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from zoetrope.core.attention.runs import Bools, Ints, Runs, Term, counted

Rule = Callable[[Ints, Ints], Bools]
CELLS = 1 << 18  # asked at once; keeps the working set within the cache


def stretches(rule: Rule, n: int, granule: int = 1) -> Term:
    """Return the term of maximal intervals on which rule(q [.., 1], k [.., n]) is true.

    `granule` says that the rule is constant on granule x granule blocks.
    """
    keys = np.arange(0, n, granule)

    def runs(rows: Ints) -> Runs:
        groups, member = np.unique(rows // granule, return_inverse=True)
        found = [
            edges(rule(part[:, None] * granule, keys[None, :]))
            for part in _parts(groups, len(keys))
        ]
        lengths = np.concatenate([length for length, _, _ in found])
        start = np.concatenate([begin for _, begin, _ in found]) * granule
        stop = np.minimum(np.concatenate([end for _, _, end in found]) * granule, n)
        first = np.cumsum(lengths) - lengths
        each = lengths[member]
        at = counted(each) + np.repeat(first[member], each)
        return Runs(np.repeat(np.arange(len(rows)), each), start[at], stop[at])

    return Term(runs)


def _parts(groups: Ints, width: int) -> list[Ints]:
    rows = max(1, CELLS // width)
    return [groups[begin : begin + rows] for begin in range(0, len(groups), rows)]


def edges(mask: Bools) -> tuple[Ints, Ints, Ints]:
    """Return how many stretches each row of a bool [r, m] has, their starts and stops [s]."""
    rows, width = mask.shape
    apart = np.zeros((rows, width + 1), dtype=bool)  # with a gap behind each row
    apart[:, :width] = mask
    flat = apart.ravel()
    change = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    if flat[0]:
        change = np.concatenate(([0], change))
    row = change[::2] // (width + 1)
    before = row * (width + 1)
    return np.bincount(row, minlength=rows), change[::2] - before, change[1::2] - before
