"""Tiles of a rule that has no normal form: proved where intervals prove, sampled elsewhere.

Interval arithmetic goes down a pyramid of boxes, so that large full or empty regions cost little;
the pixels it leaves open are asked at 1, 4, 16 and 64 jittered pairs each, and then exactly if the
viewport has few enough pairs.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from zoetrope.core.attention.axis import Axis
from zoetrope.core.attention.expression_interval import Interval
from zoetrope.core.attention.rule import Rule
from zoetrope.core.attention.runs import Floats, Ints
from zoetrope.core.attention.tile import Tile, finished

CELLS = 1 << 18  # pairs asked in one step: under 50 ms for most rules
EXACT_CELLS = 1 << 31  # larger viewports stay sampled
ROUNDS = (1, 4, 16, 64)
SHRINK = 8  # boxes at each level of the pyramid are this much finer


def from_rule(rule: Rule, granule: int, q: Axis, k: Axis, seed: int) -> Iterator[Tile]:
    """Yield better and better tiles; the last is exact unless the viewport is too large.

    `granule` says that the rule is constant on granule x granule blocks.
    """
    pairs = (q.length // granule + q.cells) * (k.length // granule + k.cells)
    if pairs <= 4 * CELLS:
        yield from _exact(rule, granule, q, k, np.zeros((q.cells, k.cells)))
        return
    density, open_q, open_k = _proved(rule, q, k)
    if len(open_q):
        generator = np.random.default_rng(seed)
        hits = np.zeros(len(open_q))
        asked = 0
        for samples in ROUNDS:
            for _ in range(samples - asked):
                for low in range(0, len(open_q), CELLS):
                    part = slice(low, low + CELLS)
                    hits[part] += _asked(rule, q, k, open_q[part], open_k[part], generator)
                    if asked:  # the first picture is made in one go
                        yield finished(density, q, k, False, 0.0, asked)
            asked = samples
            density = density.copy()
            density[open_q, open_k] = hits / asked
            yield finished(density, q, k, exact=False, done=0.0, samples=asked)
        if pairs <= EXACT_CELLS:
            yield from _exact(rule, granule, q, k, density)
        return
    yield finished(density, q, k, exact=True)


def _asked(
    rule: Rule, q: Axis, k: Axis, at_q: Ints, at_k: Ints, generator: np.random.Generator
) -> Floats:
    rows = q.edges[at_q] + (generator.random(len(at_q), np.float32) * q.sizes[at_q]).astype(np.int64)
    keys = k.edges[at_k] + (generator.random(len(at_k), np.float32) * k.sizes[at_k]).astype(np.int64)
    last_row, last_key = q.start + q.length - 1, k.start + k.length - 1
    found = rule.mask(np.minimum(rows, last_row), np.minimum(keys, last_key))
    return found.astype(np.float64)


def _proved(rule: Rule, q: Axis, k: Axis) -> tuple[Floats, Ints, Ints]:
    """Return the density of the proved pixels [q.cells, k.cells], and the open pixels' places."""
    density = np.zeros((q.cells, k.cells))
    at_q, at_k = np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
    size = 1
    while size < max(q.cells, k.cells):
        size *= SHRINK
    while True:
        q_end, k_end = np.minimum(at_q + size, q.cells), np.minimum(at_k + size, k.cells)
        found = rule.bounds(
            Interval(q.edges[at_q], q.edges[q_end] - 1), Interval(k.edges[at_k], k.edges[k_end] - 1)
        )
        for box in np.flatnonzero(found.low == 1) if size > 1 else ():
            density[at_q[box] : q_end[box], at_k[box] : k_end[box]] = 1
        if size == 1:
            density[at_q, at_k] = found.low
        unknown = found.low < found.high
        at_q, at_k = at_q[unknown], at_k[unknown]
        if size == 1:
            return density, at_q, at_k
        if size == SHRINK and len(at_q) * SHRINK**2 > 0.9 * q.cells * k.cells and not _worth(rule):
            return density, *_children(at_q, at_k, size, 1, q, k)
        size //= SHRINK
        at_q, at_k = _children(at_q, at_k, size * SHRINK, size, q, k)


def _worth(rule: Rule) -> bool:
    """Say whether boxes of single pixels can be settled when hardly any larger one was."""
    return len(rule.tables) == 0 and not _hashed(rule)


def _hashed(rule: Rule) -> bool:
    stack = [rule.node]
    while stack:
        node = stack.pop()
        if node.op == "rand":
            return True
        stack += node.args
    return False


def _children(
    at_q: Ints, at_k: Ints, size: int, smaller: int, q: Axis, k: Axis
) -> tuple[Ints, Ints]:
    inside = np.arange(0, size, smaller)
    down, across = (part.ravel() for part in np.meshgrid(inside, inside, indexing="ij"))
    new_q = (at_q[:, None] + down).ravel()
    new_k = (at_k[:, None] + across).ravel()
    kept = (new_q < q.cells) & (new_k < k.cells)
    return new_q[kept], new_k[kept]


def _exact(rule: Rule, granule: int, q: Axis, k: Axis, density: Floats) -> Iterator[Tile]:
    """Ask every pair, or every block on which the rule is constant."""
    rows, tall, begin = q.segments(granule)
    keys, wide, begin_k = k.segments(granule)
    area = np.multiply.outer(q.sizes, k.sizes)
    density = density.copy()
    ends = np.append(begin, len(rows))
    high = max(1, CELLS // len(keys))
    for cell in range(q.cells):
        line = np.zeros(k.cells)
        for low in range(ends[cell], ends[cell + 1], high):
            part = slice(low, min(low + high, ends[cell + 1]))
            mask = rule.mask(rows[part, None], keys[None, :])
            by_key = tall[part] @ mask if granule > 1 else mask.sum(axis=0)
            line += np.add.reduceat(by_key * wide, begin_k)
            if (cell or low > ends[cell]) and (low + high >= ends[cell + 1]) and cell % 8 == 0:
                yield finished(density, q, k, exact=False, done=cell / q.cells)
        density[cell] = line / area[cell]
    yield finished(density, q, k, exact=True)
