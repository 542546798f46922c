"""Attention of any pattern: the keys that some query of a block sees are gathered and masked."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from zoetrope.core.attention.heads.band_pass import KEYS, SCORES
from zoetrope.core.attention.heads.partial_softmax import Attended, bias_of
from zoetrope.core.attention.patterns import Pattern
from zoetrope.core.attention.runs import Ints
from zoetrope.core.attention.structure import Structure

ROWS = 128  # queries worked on at once: fewer would gather the same keys more often


def add_pattern(
    q: Tensor, k: Tensor, v: Tensor, pattern: Pattern, found: Attended
) -> Iterator[None]:
    """Merge all keys of the pattern into `found`, block by block of queries; yield between steps.

    `q`, `k` [b, n, d], `v` [b, n, e].
    """
    batch = q.shape[0]
    for begin in range(0, pattern.n, ROWS):
        rows = slice(begin, min(begin + ROWS, pattern.n))
        queries = np.arange(rows.start, rows.stop)
        union = union_of_keys(pattern.structure, queries)
        for left in range(0, len(union), KEYS):
            keys = union[left : left + KEYS]
            unseen = ~pattern.mask(queries[:, None], keys[None, :])
            bias = bias_of(torch.from_numpy(unseen).to(q.device), q)
            columns = torch.from_numpy(keys).to(q.device)
            each = max(1, SCORES // unseen.size)
            for start in range(0, batch, each):
                part = slice(start, start + each)
                near, values = (one[part].index_select(1, columns) for one in (k, v))
                found.part(part, rows).add(q[part, rows], near, values, bias)
                yield


def union_of_keys(structure: Structure, queries: Ints) -> Ints:
    """Return the keys that any of the queries may see, int64 [m] in order (perhaps some more)."""
    n = structure.n
    if structure.scanned or structure.flipped:
        return np.arange(n)
    parts = [np.arange(0)]
    for term in structure.terms:
        if term.weight < 0:
            continue  # it only takes away
        runs = term.at(queries)
        ends = np.unique(np.stack((runs.start, runs.stop), axis=1), axis=0)
        inside = np.zeros(n, dtype=bool)
        for start, stop in ends.tolist():
            inside[start : stop : term.step] = True
        if term.columns is not None:
            inside &= term.columns.member
        parts.append(np.flatnonzero(inside))
    return np.unique(np.concatenate(parts))
