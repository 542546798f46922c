"""Attention to a band of keys, low <= i - j <= high, and to every r-th key of one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import torch
from torch import Tensor

from zoetrope.core.attention.heads.partial_softmax import Attended, bias_of
from zoetrope.core.attention.progressions import Progression

ROWS = 64  # queries worked on at once: a band is seen whole, and its corners are wasted
KEYS = 4096  # keys, at most
SCORES = 1 << 17  # numbers in one matrix of scores: half a megabyte stays near the processor


def add_progression(
    q: Tensor, k: Tensor, v: Tensor, distances: Progression, found: Attended
) -> Iterator[None]:
    """Merge the keys at these distances into `found`; yield between steps.

    `q`, `k` [b, n, d], `v` [b, n, e].
    """
    low, high, step = distances
    if step == 1:
        yield from _add_band(q, k, v, low, high, found)
        return
    # Queries of residue c see keys of residue c - low: with those lined up, again a band.
    n = q.shape[1]
    whole, over = divmod(low, step)
    most = (high - low) // step
    rest = n % step
    cuts = sorted({0, over, rest, (rest + over) % step, step})
    for first, last in pairwise(cuts):
        wraps = first < over
        shift = step - over if wraps else -over
        queries = _places(first, last, step, n, q.device)
        keys = _places(first + shift, last + shift, step, n, q.device)
        if not queries.numel() or not keys.numel():
            continue
        rows = Attended(
            found.out[:, queries].flatten(0, 1), found.lse[:, queries].flatten(0, 1), found.scale
        )
        near = whole + (1 if wraps else 0)
        yield from _add_band(
            q[:, queries].flatten(0, 1), k[:, keys].flatten(0, 1), v[:, keys].flatten(0, 1),
            near, near + most, rows,
        )  # fmt: skip
        found.out[:, queries] = rows.out.view(q.shape[0], *queries.shape, -1)
        found.lse[:, queries] = rows.lse.view(q.shape[0], *queries.shape)


def _places(first: int, last: int, step: int, n: int, device: torch.device) -> Tensor:
    """Return the tokens of residues first ... last - 1, int64 [residues, -(-(n - first) // step)].

    All of these residues must have as many tokens.
    """
    each = max(0, -(-(n - first) // step))
    classes = torch.arange(first, last, device=device)
    return classes[:, None] + step * torch.arange(each, device=device)


def _add_band(
    q: Tensor, k: Tensor, v: Tensor, low: int, high: int, found: Attended
) -> Iterator[None]:
    """Merge the keys low <= i - j <= high, block by block of queries."""
    batch, queries = q.shape[:2]
    inside = _inner_blocks(queries, k.shape[1], low, high)
    yield from _add_inner_blocks(q, k, v, low, high, inside, found)
    for begin in range(0, queries, ROWS):
        if begin // ROWS in inside:
            continue
        rows = slice(begin, min(begin + ROWS, queries))
        first, last = max(0, begin - high), min(k.shape[1], rows.stop - low)
        for left in range(first, last, KEYS):
            keys = slice(left, min(left + KEYS, last))
            edge = _bias(begin - left, rows.stop - begin, keys.stop - left, low, high, q)
            each = max(1, SCORES // edge.numel())
            for start in range(0, batch, each):
                part = slice(start, start + each)
                found.part(part, rows).add(q[part, rows], k[part, keys], v[part, keys], edge)
                yield


def _inner_blocks(queries: int, keys: int, low: int, high: int) -> range:
    """Return the blocks of queries that are whole, and whose keys all exist."""
    if ROWS + high - low > KEYS:
        return range(0)
    return range(-(-max(0, high) // ROWS), min(queries, keys + low) // ROWS)


def _add_inner_blocks(
    q: Tensor, k: Tensor, v: Tensor, low: int, high: int, inside: range, found: Attended
) -> Iterator[None]:
    """Merge the band of these blocks, several at once: their windows of keys overlap in memory."""
    if not inside:
        return
    width = ROWS + high - low
    bias = _bias(high, ROWS, width, low, high, q)
    together = max(1, SCORES // bias.numel())
    for one in range(q.shape[0]):
        for first in range(inside.start, inside.stop, together):
            many = min(together, inside.stop - first)
            rows = slice(first * ROWS, (first + many) * ROWS)
            queries = q[one, rows].view(-1, ROWS, q.shape[-1])
            begin = rows.start - high
            keys = k[one, begin:].unfold(0, width, ROWS)[:many]
            values = v[one, begin:].unfold(0, width, ROWS)[:many]
            found.blocks(one, rows, ROWS).add(queries, keys.mT, values.mT, bias)
            yield


def _bias(apart: int, rows: int, keys: int, low: int, high: int, like: Tensor) -> Tensor:
    """Return the bias of a band, [1, rows, keys]; `apart` is i - j at the first of both."""
    distance = apart + torch.arange(rows, device=like.device)[:, None]
    distance = distance - torch.arange(keys, device=like.device)
    outside = (distance < low) | (distance > high)
    return bias_of(outside, like)
