"""How far one query sees through layers: what the reach page draws, layer by layer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from zoetrope.core.attention.patterns import Pattern
from zoetrope.core.attention.receptive_field import band, influence_steps, reach_steps
from zoetrope.core.attention.runs import Floats, Ints

BINS = 256
SHARES = (0.5, 0.9, 0.99)
MOST_TOKENS = 1 << 20
MOST_WORK = 1 << 26  # runs of all layers: seconds
MOST_SCANNED = 1 << 26


@dataclass(frozen=True)
class Reach:
    """After 0, 1, ... layers: tokens reached, and the first and the last of them."""

    count: Ints
    first: Ints
    last: Ints


@dataclass(frozen=True)
class Influence:
    """After 0, 1, ... layers: the distance within which each of `SHARES` lies [3, layers + 1], and
    each bin's share [layers + 1, bins] over `edges` [bins + 1].
    """

    bands: Floats
    shares: Floats
    edges: Floats


def affordable_layers(schedule: Sequence[Pattern], layers: int) -> int:
    """Return how many of the layers can be gone through in seconds; 0 where none can."""
    if schedule[0].n > MOST_TOKENS:
        return 0
    scanned = any(pattern.structure.scanned for pattern in schedule)
    work = max(pattern.structure.work for pattern in schedule)
    return min(layers, int((MOST_SCANNED if scanned else MOST_WORK) / max(work, 1)))


def reach_of(schedule: Sequence[Pattern], q: int, layers: int) -> Iterator[Reach | None]:
    """Yield what is reached, layer by layer."""
    count, first, last = [1], [q], [q]
    for reached in reach_steps(schedule, q, layers):
        if reached is None:
            yield None
            continue
        tokens = np.flatnonzero(reached)
        count.append(len(tokens))
        first.append(int(tokens[0]))
        last.append(int(tokens[-1]))
        yield Reach(np.array(count), np.array(first), np.array(last))


def influence_of(
    schedule: Sequence[Pattern], q: int, layers: int, alpha: float, seen: tuple[int, int]
) -> Iterator[Influence | None]:
    """Yield the shares of tokens in the query's output, binned over the tokens `seen`."""
    n = schedule[0].n
    bins = min(BINS, seen[1] - seen[0])
    edges = np.linspace(seen[0], seen[1], bins + 1)
    starts = np.ceil(edges[:-1]).astype(np.int64)
    alone = np.zeros(n)
    alone[q] = 1.0
    bands = [[0, 0, 0]]
    rows = [np.add.reduceat(alone[: seen[1]], starts)]
    for shares in influence_steps(schedule, q, layers, alpha):
        if shares is None:
            yield None
            continue
        bands.append([band(shares, q, share) for share in SHARES])
        rows.append(np.add.reduceat(shares[: seen[1]], starts))
        yield Influence(np.array(bands, dtype=float).T, np.array(rows), edges)
