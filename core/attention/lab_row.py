"""The keys of one query, by distance: at once where rows are known, else key by key in steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from zoetrope.core.attention.lab_words import keys_words
from zoetrope.core.attention.patterns import Pattern
from zoetrope.core.attention.row import Stretch
from zoetrope.core.attention.runs import Floats, Ints

LISTED = 1 << 18  # tokens up to which a row without a short form is listed key by key
ASKED = 1 << 20  # keys asked in one step
PLACES = 160  # distances at which a row is added up


@dataclass(frozen=True, eq=False)
class RowSeen:
    """What query q sees.

    `within`: distances D >= 1. `back`, `ahead`: how many keys lie fewer than D tokens back (the
    query itself among them) and fewer than D ahead. `words`: the keys as people read them.
    """

    q: int
    within: Floats
    back: Floats
    ahead: Floats
    words: str

    @property
    def keys(self) -> int:
        """How many keys there are."""
        return int(self.back[-1] + self.ahead[-1])


def row_steps(pattern: Pattern, q: int) -> Iterator[RowSeen | None]:
    """Yield None between steps, then the row."""
    n = pattern.n
    within = distances_up_to(n)
    if n <= LISTED or pattern.structure.plain:
        stretches = pattern.row(q)
        back, ahead = _of_stretches(stretches, q, within)
        yield RowSeen(q, within, back, ahead, keys_words(stretches))
        return
    back, ahead = np.zeros(len(within)), np.zeros(len(within))
    first: list[int] = []
    last = 0
    for start in range(0, n, ASKED):
        asked = np.arange(start, min(start + ASKED, n))
        keys = asked[pattern.mask(q, asked)]
        if len(keys):
            first += keys[: 4 - len(first)].tolist() if len(first) < 4 else []
            last = int(keys[-1])
            more = _of_keys(keys, q, within)
            back, ahead = back + more[0], ahead + more[1]
        yield None
    words = ", ".join(f"{key:,}" for key in first) or "none"
    if first and last > first[-1]:
        words += f" … {last:,}"
    yield RowSeen(q, within, back, ahead, words)


def distances_up_to(n: int) -> Floats:
    """Whole distances from 1 to n, evenly over their decades, float64 [d]."""
    return np.unique(np.rint(np.geomspace(1, n, PLACES)))


def _of_stretches(stretches: Sequence[Stretch], q: int, within: Floats) -> tuple[Floats, Floats]:
    back, ahead = np.zeros(len(within)), np.zeros(len(within))
    if not stretches:
        return back, ahead
    start, stop, step = (
        np.array(part, dtype=np.int64)[:, None] for part in zip(*stretches, strict=True)
    )
    for begin in range(0, len(start), 4096):
        one = slice(begin, begin + 4096)
        a, b, s = start[one], stop[one], step[one]
        limit = within.astype(np.int64)[None, :]
        # keys in (q - D, q] and in (q, q + D)
        back += _between(a, b, s, q - limit + 1, q + 1).sum(axis=0)
        ahead += _between(a, b, s, q + 1, q + limit).sum(axis=0)
    return back, ahead


def _between(start: Ints, stop: Ints, step: Ints, low: Ints | int, high: Ints | int) -> Ints:
    """How many of start, start + step, ... < stop lie in low ... high - 1."""

    def below(end: Ints | int) -> Ints:
        found: Ints = np.maximum(-(-(np.minimum(end, stop) - start) // step), 0)
        return found

    found: Ints = np.maximum(below(high) - below(low), 0)
    return found


def _of_keys(keys: Ints, q: int, within: Floats) -> tuple[Floats, Floats]:
    behind = np.sort(q - keys[keys <= q])
    before = np.sort(keys[keys > q] - q)
    back = np.searchsorted(behind, within, "left").astype(np.float64)
    return back, np.searchsorted(before, within, "left").astype(np.float64)
