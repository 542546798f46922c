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
from zoetrope.core.attention.expression_tree import Node
from zoetrope.core.attention.rule import Rule
from zoetrope.core.attention.runs import Floats, Ints
from zoetrope.core.attention.tile import Tile, finished

CELLS = 1 << 18  # pairs asked in one step: under 50 ms for most rules
BOXES = 1 << 15  # boxes bounded in one step
EXACT_CELLS = 1 << 31  # larger viewports stay sampled
ROUNDS = (4, 16, 64)
STRIP = 1 << 15  # pairs whose intermediate numbers stay in the cache
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
    generator = np.random.default_rng(seed)
    hits = _first(rule, q, k, open_q, open_k, generator)
    yield finished(_written(density, open_q, open_k, hits), q, k, False, 0.0, samples=1)
    if not _opaque(rule.node):
        settled = np.zeros(len(open_q), dtype=bool)
        for low in range(0, len(open_q), BOXES):
            part = slice(low, low + BOXES)
            found = _bounds(rule, q, k, open_q[part], open_k[part], 1)
            settled[part] = found.low == found.high
            density[open_q[part], open_k[part]] = found.low
            yield finished(_written(density, open_q, open_k, hits), q, k, False, 0.0, samples=1)
        open_q, open_k, hits = open_q[~settled], open_k[~settled], hits[~settled]
        if not len(open_q):
            yield finished(density, q, k, exact=True)
            return
    asked = 1
    density = _written(density, open_q, open_k, hits)
    for samples in ROUNDS:
        for _ in range(samples - asked):
            for low in range(0, len(open_q), CELLS):
                part = slice(low, low + CELLS)
                hits[part] += _asked(rule, q, k, open_q[part], open_k[part], generator)
                yield finished(density, q, k, exact=False, done=0.0, samples=asked)
        asked = samples
        density = _written(density, open_q, open_k, hits / asked)
        yield finished(density, q, k, exact=False, done=0.0, samples=asked)
    if pairs <= EXACT_CELLS:
        yield from _exact(rule, granule, q, k, density)


def _written(density: Floats, open_q: Ints, open_k: Ints, values: Floats) -> Floats:
    if len(open_q) == density.size:
        return values.reshape(density.shape).copy()
    density = density.copy()
    density[open_q, open_k] = values
    return density


def _first(
    rule: Rule, q: Axis, k: Axis, open_q: Ints, open_k: Ints, generator: np.random.Generator
) -> Floats:
    """Ask one pair of each open pixel; where most are open, one query and one key for each line."""
    if len(open_q) < q.cells * k.cells // 2:
        return _asked(rule, q, k, open_q, open_k, generator)
    rows = _jittered(q, np.arange(q.cells), generator)
    keys = _jittered(k, np.arange(k.cells), generator)
    high = max(1, STRIP // k.cells)
    strips = [
        rule.mask(rows[low : low + high, None], keys[None, :]) for low in range(0, q.cells, high)
    ]
    found = np.concatenate(strips).astype(np.float64)
    return found.ravel() if len(open_q) == found.size else found[open_q, open_k]


def _asked(
    rule: Rule, q: Axis, k: Axis, at_q: Ints, at_k: Ints, generator: np.random.Generator
) -> Floats:
    rows, keys = _jittered(q, at_q, generator), _jittered(k, at_k, generator)
    return rule.mask(rows, keys).astype(np.float64)


def _jittered(axis: Axis, cells: Ints, generator: np.random.Generator) -> Ints:
    """Return one token of each cell."""
    within = (generator.random(len(cells)) * axis.sizes[cells]).astype(np.int64)
    found: Ints = axis.edges[cells] + within
    return found


def _proved(rule: Rule, q: Axis, k: Axis) -> tuple[Floats, Ints, Ints]:
    """Prove large boxes of pixels full or empty.

    Returns the density of the proved pixels [q.cells, k.cells], and the places of the others (row
    by row where that is all of them).
    """
    density = np.zeros((q.cells, k.cells))
    if _opaque(rule.node):
        down, across = np.indices(density.shape)
        return density, down.ravel(), across.ravel()
    at_q, at_k = np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
    size = SHRINK
    while size < max(q.cells, k.cells):
        size *= SHRINK
    while size > 1:
        found = _bounds(rule, q, k, at_q, at_k, size)
        for box in np.flatnonzero(found.low == 1):
            density[at_q[box] : at_q[box] + size, at_k[box] : at_k[box] + size] = 1
        unknown = found.low < found.high
        at_q, at_k = _children(at_q[unknown], at_k[unknown], size, size // SHRINK, q, k)
        size //= SHRINK
    if len(at_q) == density.size:
        at_q, at_k = (at.ravel() for at in np.indices(density.shape))
    return density, at_q, at_k


def _bounds(rule: Rule, q: Axis, k: Axis, at_q: Ints, at_k: Ints, size: int) -> Interval:
    """Return bounds of the rule over boxes of size x size pixels from these places on."""
    q_end, k_end = np.minimum(at_q + size, q.cells), np.minimum(at_k + size, k.cells)
    return rule.bounds(
        Interval(q.edges[at_q], q.edges[q_end] - 1), Interval(k.edges[at_k], k.edges[k_end] - 1)
    )


def _opaque(node: Node) -> bool:
    """Say whether intervals prove nothing of the rule: it draws or looks up every pair."""
    return node.op in ("rand", "table") or any(_opaque(arg) for arg in node.args)


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
    keys, wide, _ = k.segments(granule)
    area = np.multiply.outer(q.sizes, k.sizes)
    density = density.copy()
    ends = np.append(begin, len(rows))
    high = max(1, CELLS // len(keys))
    waiting = 0
    for cell in range(q.cells):
        line = np.zeros(k.cells)
        for low in range(ends[cell], ends[cell + 1], high):
            part = slice(low, min(low + high, ends[cell + 1]))
            for left in range(0, len(keys), CELLS):
                if waiting >= CELLS:
                    yield finished(density.copy(), q, k, exact=False, done=cell / q.cells)
                    waiting = 0
                across = slice(left, left + CELLS)
                mask = rule.mask(rows[part, None], keys[None, across])
                by_key = tall[part] @ mask if granule > 1 else mask.sum(axis=0)
                line += np.bincount(k.cell(keys[across]), by_key * wide[across], k.cells)
                waiting += mask.size
        density[cell] = line / area[cell]
    yield finished(density, q, k, exact=True)
