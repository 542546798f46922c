"""One query's keys, as a person reads them: disjoint runs in order."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from zoetrope.core.attention.rule import Rule
from zoetrope.core.attention.runs import Ints, Term
from zoetrope.core.attention.structure import Structure


class Stretch(NamedTuple):
    """The keys start, start + step, ... below stop; stop is one past the last key."""

    start: int
    stop: int
    step: int


def stretches_of(structure: Structure, rule: Rule, q: int) -> list[Stretch]:
    """Return the keys of query q, sorted by their starts."""
    if not structure.plain:
        return _of_keys(np.flatnonzero(rule.mask(q, np.arange(structure.n))))
    found: list[Stretch] = []
    for term in structure.terms:
        found += _of_term(term, q)
    return _merged(sorted(found))


def _of_term(term: Term, q: int) -> list[Stretch]:
    runs = term.at(np.array([q]))
    ends = zip(runs.start.tolist(), runs.stop.tolist(), strict=True)
    return [_tidy(start, stop, term.step) for start, stop in ends]


def _tidy(start: int, stop: int, step: int) -> Stretch:
    last = start + (stop - 1 - start) // step * step
    return Stretch(start, last + 1, step if last > start else 1)


def _merged(found: list[Stretch]) -> list[Stretch]:
    """Join intervals that touch."""
    joined: list[Stretch] = []
    for one in found:
        before = joined[-1] if joined else None
        if before and before.step == one.step == 1 and before.stop == one.start:
            joined[-1] = Stretch(before.start, one.stop, 1)
        else:
            joined.append(one)
    return joined


def _of_keys(keys: Ints) -> list[Stretch]:
    """Return sorted keys as intervals, and as equal steps where three or more follow."""
    if not len(keys):
        return []
    cuts = np.flatnonzero(np.diff(keys) != 1) + 1
    starts = keys[np.concatenate(([0], cuts))]
    stops = keys[np.concatenate((cuts - 1, [len(keys) - 1]))] + 1
    found: list[Stretch] = []
    at = 0
    single = stops - starts == 1
    gaps = np.diff(starts)
    # where each stretch of equal gaps between single keys ends
    same = np.concatenate(
        (single[:-2] & single[1:-1] & single[2:] & (gaps[:-1] == gaps[1:]), [False])
    )
    breaks = np.append(np.flatnonzero(~same), len(starts))
    while at < len(starts):
        if at < len(same) and same[at]:
            end = int(breaks[np.searchsorted(breaks, at)]) + 1
            found.append(Stretch(int(starts[at]), int(stops[end]), int(gaps[at])))
            at = end + 1
        else:
            found.append(Stretch(int(starts[at]), int(stops[at]), 1))
            at += 1
    return found
