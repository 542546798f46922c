"""How far a query sees through layers: reach, depth and influence.

One layer takes the set of reached queries to the union of their keys. Counting, for every key, the
reached rows that see it is linear in the mask, so a layer is one pass of `sums` and exact even for
composed patterns. Layers cycle through a list of patterns (Swin's shifts, local and global heads).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from zoetrope.core.attention import sums
from zoetrope.core.attention.errors import PatternError
from zoetrope.core.attention.final import final
from zoetrope.core.attention.runs import Bools, Floats

if TYPE_CHECKING:
    from zoetrope.core.attention.patterns import Pattern

MOST_LAYERS = 128
LEAST_SHARE = 1e-15  # smaller shares of influence are nothing


def reach(schedule: Sequence[Pattern], q: int, layers: int) -> list[int]:
    """Return how many tokens query q has reached after each layer, itself among them."""
    steps = reach_steps(schedule, q, layers)
    return [int(reached.sum()) for reached in steps if reached is not None]


def reach_steps(schedule: Sequence[Pattern], q: int, layers: int) -> Iterator[Bools | None]:
    """Yield None between steps and, after each layer, the reached tokens, bool [n].

    Layer i from the input uses schedule[i mod its length]; the output's layer is followed first.
    """
    n = _checked(schedule, q, layers)
    reached = np.zeros(n, dtype=bool)
    reached[q] = True
    new = reached
    for layer in range(layers):
        pattern = schedule[(layers - 1 - layer) % len(schedule)]
        # what was reached before stays (the residual); with one pattern only new rows add keys
        rows = new if len(schedule) == 1 else reached
        counts: Floats | None = None
        for counts in sums.column_totals(pattern.structure, rows.astype(np.float64)):
            if counts is None:
                yield None
        assert counts is not None
        grown = reached | (counts > 0.5)
        new, reached = grown & ~reached, grown
        yield reached


def influence(schedule: Sequence[Pattern], q: int, layers: int, alpha: float) -> Floats:
    """Return each token's share in query q's output, float64 [n], summing to 1.

    v <- alpha v + (1 - alpha) v P with P uniform over each row's keys (attention rollout, Abnar and
    Zuidema 2020, arXiv:2005.00928). A row without keys passes on its residual alone.
    """
    return final(influence_steps(schedule, q, layers, alpha))


def influence_steps(
    schedule: Sequence[Pattern], q: int, layers: int, alpha: float
) -> Iterator[Floats | None]:
    """Yield None between steps and, after each layer, the shares, float64 [n]."""
    n = _checked(schedule, q, layers)
    if not 0 <= alpha <= 1:
        raise PatternError("alpha", f"The residual share must be from 0 to 1, not {alpha}.")
    rows: list[Floats] = []
    for pattern in schedule:
        for counted in pattern.row_count_steps():
            if counted is None:
                yield None
            else:
                rows.append(counted)
        yield None
    shares = np.zeros(n)
    shares[q] = 1.0
    for layer in range(layers):
        at = (layers - 1 - layer) % len(schedule)
        each = np.divide(shares, rows[at], out=np.zeros(n), where=rows[at] > 0)
        spread: Floats | None = None
        for spread in sums.column_totals(schedule[at].structure, each):
            if spread is None:
                yield None
        assert spread is not None
        spread[spread < LEAST_SHARE] = 0.0  # what differences of sums leave behind
        kept = np.where(rows[at] > 0, alpha, 1.0) * shares
        shares = kept + (1 - alpha) * spread
        yield shares


def band(shares: Floats, q: int, share: float) -> int:
    """Return the smallest distance within which `share` of the influence on query q lies."""
    distance = np.abs(np.arange(len(shares)) - q)
    order = np.cumsum(np.bincount(distance, shares))
    return int(np.searchsorted(order, share * order[-1]))


def path(schedule: Sequence[Pattern], q: int, k: int, layers: int) -> list[int] | None:
    """Return a shortest chain q, ..., k of attended tokens, or None if it takes more layers.

    With a schedule of one pattern residual steps are left out; otherwise they appear as repeats.
    """
    return final(path_steps(schedule, q, k, layers)) or None


def path_steps(
    schedule: Sequence[Pattern], q: int, k: int, layers: int
) -> Iterator[list[int] | None]:
    """Yield None between steps, then the chain of `path`, or [] where it takes more layers."""
    n = _checked(schedule, q, layers)
    if not 0 <= k < n:
        raise PatternError("k", f"k must be from 0 to {n - 1:,}, not {k}.")
    level = np.full(n, -1)
    level[q] = 0
    layer = 0
    for reached in reach_steps(schedule, q, layers):
        yield None
        if reached is not None:
            layer += 1
            level[reached & (level < 0)] = layer
            if level[k] >= 0:
                break
    if level[k] < 0:
        yield []
        return
    chain = [k]
    for layer in range(int(level[k]), 0, -1):
        pattern = schedule[(layers - layer) % len(schedule)]
        earlier = np.flatnonzero((level >= 0) & (level < layer))
        seen = pattern.mask(earlier, chain[-1]) | (earlier == chain[-1])
        chain.append(int(earlier[seen][0]))
        yield None
    yield chain[::-1]


def _checked(schedule: Sequence[Pattern], q: int, layers: int) -> int:
    """Return the common number of tokens."""
    if not schedule:
        raise PatternError("schedule", "A schedule needs at least one pattern.")
    n = schedule[0].n
    if any(pattern.n != n for pattern in schedule):
        raise PatternError("schedule", "All patterns of a schedule need the same n.")
    if not 0 <= q < n:
        raise PatternError("q", f"q must be from 0 to {n - 1:,}, not {q}.")
    if not 1 <= layers <= MOST_LAYERS:
        raise PatternError("layers", f"The layers must be from 1 to {MOST_LAYERS}, not {layers}.")
    return n
