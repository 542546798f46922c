"""How many layers connect every pair: breadth-first from all queries, a few at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from zoetrope.core.attention.errors import PatternError
from zoetrope.core.attention.runs import Bools, Floats, Ints
from zoetrope.core.attention.structure import Structure, scanned
from zoetrope.core.attention.sums import Ordered, counts

if TYPE_CHECKING:
    from zoetrope.core.attention.patterns import Pattern

MOST_TOKENS = 4096
SOURCES = 64  # queries followed together


def depth(schedule: Sequence[Pattern], limit: int = 64) -> int | None:
    """Return the layers until every admissible pair is connected; None beyond `limit`, or never.

    Admissible pairs are all, or k <= q where no pattern looks ahead. Layer i uses
    schedule[i mod its length]; every token keeps itself (the residual). PatternError above 4,096
    tokens: the answer needs every pair.
    """
    return deque(depth_steps(schedule, limit), maxlen=1).pop()


def depth_steps(schedule: Sequence[Pattern], limit: int = 64) -> Iterator[int | None]:
    """Yield None between steps, then the depth, or None, as the last."""
    if not schedule or any(pattern.n != schedule[0].n for pattern in schedule):
        raise PatternError("schedule", "A schedule needs patterns of one n.")
    n = schedule[0].n
    if n > MOST_TOKENS:
        raise PatternError(
            "n", f"Depth asks about every pair, and is offered up to {MOST_TOKENS:,} tokens; "
            "reach and influence follow one query at any length.",
        )  # fmt: skip
    causal = not any(_looks_ahead(pattern) for pattern in schedule)
    structures = [_forward(pattern) for pattern in schedule]
    period = len(structures)
    best: int | None = None
    for top in range(period):
        # the layers seen from the output when that one is schedule[top]
        order = [structures[(top - j) % period] for j in range(period)]
        needed = 0
        for begin in range(0, n, SOURCES):
            yield None
            sources = np.arange(begin, min(begin + SOURCES, n))
            one = _layers(order, sources, causal, limit)
            needed = limit + period if one is None else max(needed, one)
            if one is None:
                break
        # so many layers, and one of them on top: L = top + 1 mod period
        total = needed + (top + 1 - needed) % period
        if total <= limit and (best is None or total < best):
            best = total
    yield best


def _forward(pattern: Pattern) -> Structure:
    return scanned(pattern.rule, 1) if pattern.structure.flipped else pattern.structure


def _looks_ahead(pattern: Pattern) -> bool:
    tokens = np.arange(pattern.n)
    return any(
        bool(np.any(pattern.mask(rows[:, None], tokens) & (tokens > rows[:, None])))
        for rows in np.array_split(tokens, -(-pattern.n // SOURCES))
    )


def _layers(order: Sequence[Structure], sources: Ints, causal: bool, limit: int) -> int | None:
    """Return the layers after which every one of the sources has reached what it may."""
    n = order[0].n
    reached = np.zeros((len(sources), n), dtype=bool)
    reached[np.arange(len(sources)), sources] = True
    wanted = np.ones((1, n), dtype=bool) if not causal else np.arange(n) <= sources[:, None]
    new, idle = reached, 0
    for layer in range(1, limit + 1):
        grown = reached | _seen(
            order[(layer - 1) % len(order)], new if len(order) == 1 else reached
        )
        if bool(np.all(grown >= wanted)):
            return layer
        new = grown & ~reached
        idle = 0 if new.any() else idle + 1
        if idle == len(order):
            return None
        reached = grown
    return None


def _seen(structure: Structure, reached: Bools) -> Bools:
    """Return the keys of the reached rows [s, n] of each source."""
    source, rows = np.nonzero(reached)
    total: Floats = np.zeros(reached.shape)
    for term in structure.terms:
        ordered = Ordered(structure.n, term.step)
        runs = term.at(rows)
        line = source[runs.row] * (ordered.size + 1)
        at = ordered.place(runs.start)
        end = at + counts(term, runs.start, runs.stop)
        size = len(reached) * (ordered.size + 1)
        covered = np.bincount(line + at, minlength=size) - np.bincount(line + end, minlength=size)
        covered = np.cumsum(covered.reshape(len(reached), -1), axis=1)
        found = covered[:, ordered.place(np.arange(structure.n))]
        if term.columns is not None:
            found = found * term.columns.member
        total += term.weight * found
    return total > 0.5
