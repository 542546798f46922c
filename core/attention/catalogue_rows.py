"""Patterns of one or two intervals a row: sinks, blocks, prefixes, documents, summaries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from zoetrope.core.attention.catalogue_distance import CHILD
from zoetrope.core.attention.entries import Definition, entry, triangle, whole, wholes
from zoetrope.core.attention.errors import PatternError
from zoetrope.core.attention.runs import Bools, Columns, Ints, one_per_row, some_per_row
from zoetrope.core.attention.structure import Structure

GYM = "meta-pytorch/attention-gym"
MINFERENCE = "Jiang et al. 2024, arXiv:2407.02490; microsoft/MInference@fb56c91"


def _sinks(n: int, sinks: int, window: int) -> Structure:
    def bounds(rows: Ints) -> tuple[Ints, Ints]:
        near = np.maximum(rows - window + 1, 0)
        zero = np.zeros_like(rows)
        return (
            np.stack((zero, near), axis=1),
            np.stack((np.minimum(sinks, near), rows + 1), axis=1),
        )

    return Structure(n, (some_per_row(bounds),))


@entry(
    "Attention sinks", "Global and local", "The first S keys and the last W.",
    "Xiao et al. 2023 (StreamingLLM), arXiv:2309.17453",
)  # fmt: skip
def sinks(n: int, sinks: int = 4, window: int = 128) -> Definition:
    """d >= 0 and (k < S or d < W)."""
    s, w = whole(sinks, "sinks", 0, n), whole(window, "window", 1, n)
    # row q has min(q + 1, W) near keys and min(S, max(0, q + 1 - W)) sinks
    few = min(s, n - w)
    count = n * w - triangle(w - 1) + triangle(few) + s * (n - w - few)
    return Definition(
        "d >= 0 and (k < sinks or d < window)", _sinks(n, s, w), {"sinks": s, "window": w},
        count=count,
    )  # fmt: skip


@entry("A-shape", "Global and local", "Initial keys and a slash of s + 1 keys.", MINFERENCE)
def a_shape(n: int, initial: int = 128, slash: int = 1024) -> Definition:
    """d >= 0 and (k < v or d <= s)."""
    v, s = whole(initial, "initial", 0, n), whole(slash, "slash", 0, n)
    return Definition(
        "d >= 0 and (k < initial or d <= slash)", _sinks(n, v, s + 1),
        {"initial": v, "slash": s}, count=sinks(n, v, min(s + 1, n)).count,
    )  # fmt: skip


@entry("Tri-shape", "Global and local", "A-shape, and the last rows in full.", MINFERENCE)
def tri_shape(n: int, initial: int = 128, slash: int = 1024, last: int = 100) -> Definition:
    """d >= 0 and (k < v or d <= s or q >= n - last)."""
    v, s = whole(initial, "initial", 0, n), whole(slash, "slash", 0, n)
    m = whole(last, "last", 0, n)

    def bounds(rows: Ints) -> tuple[Ints, Ints]:
        near = np.where(rows >= n - m, 0, np.maximum(rows - s, 0))
        zero = np.zeros_like(rows)
        return np.stack((zero, near), axis=1), np.stack((np.minimum(v, near), rows + 1), axis=1)

    return Definition(
        "d >= 0 and (k < initial or d <= slash or q >= n - last)",
        Structure(n, (some_per_row(bounds),)), {"initial": v, "slash": s, "last": m},
    )  # fmt: skip


@entry(
    "Initial keys and odd distances", "Global and local",
    "Initial keys, a dense window, then every odd distance.", MINFERENCE,
)  # fmt: skip
def initial_dilated(n: int, initial: int = 1024, dense: int = 0, reach: int = 8191) -> Definition:
    """d >= 0 and (k < initial or d < dense or d odd and d <= reach)."""
    v, near = whole(initial, "initial", 0, n), whole(dense, "dense", 0, n)
    far = whole(reach, "reach", 0, n)
    low, high = near | 1, far - 1 + far % 2  # the odd distances left

    def solid(rows: Ints) -> tuple[Ints, Ints]:
        zero = np.zeros_like(rows)
        begin = np.maximum(np.maximum(v, rows - near + 1), 0)
        end = np.stack((np.minimum(v, rows + 1), rows + 1), axis=1)
        return np.stack((zero, begin), axis=1), end

    def odd(rows: Ints) -> tuple[Ints, Ints]:
        begin = rows - high
        begin = np.where(begin < v, v + (begin - v) % 2, begin)
        return begin, rows - low + 1

    return Definition(
        "d >= 0 and (k < initial or d < dense or d % 2 == 1 and d <= reach)",
        Structure(n, (some_per_row(solid), one_per_row(odd, step=2))),
        {"initial": v, "dense": near, "reach": far},
    )  # fmt: skip


@entry("Block diagonal", "Blocks", "Every key of the query's own block.", "chunked attention")
def block(n: int, size: int = 64, causal: bool = False) -> Definition:
    """q // b = k // b."""
    b = whole(size, "size", 1, n)
    m, rest = divmod(n, b)
    if causal:
        term = one_per_row(lambda rows: (rows // b * b, rows + 1))
        return Definition(
            "d >= 0 and q // size == k // size", Structure(n, (term,)), {"size": b},
            count=m * triangle(b) + triangle(rest),
        )  # fmt: skip
    term = one_per_row(lambda rows: (rows // b * b, np.minimum(rows // b * b + b, n)))
    return Definition(
        "q // size == k // size", Structure(n, (term,), b), {"size": b},
        count=m * b * b + rest * rest, symmetric=True,
    )  # fmt: skip


def _summary(n: int, stride: int, kept: int) -> Columns:
    def member() -> Bools:
        found = np.zeros((-(-n // stride), stride), dtype=bool)
        found[:, stride - kept :] = True
        return found.ravel()[:n]

    return Columns(member)


@entry("Fixed", "Blocks", "The own block so far, and the last c keys of every block.", CHILD)
def fixed(n: int, stride: int, c: int = 1) -> Definition:
    """k <= q and (q // l = k // l or k mod l >= l - c)."""
    l = whole(stride, "stride", 1, n)  # noqa: E741 - the paper's letter
    c = whole(c, "c", 1, l)
    m, rest = divmod(n, l)
    own = one_per_row(lambda rows: (rows // l * l, rows + 1))
    before = one_per_row(lambda rows: (0, rows // l * l), columns=_summary(n, l, c))
    count = m * triangle(l) + triangle(rest) + c * (l * triangle(m - 1) + rest * m)
    return Definition(
        "k <= q and (q // stride == k // stride or k % stride >= stride - c)",
        Structure(n, (own, before)), {"stride": l, "c": c}, count=count,
    )  # fmt: skip


@entry("Fixed, local head", "Blocks", "The own block so far, of the fixed pattern.", CHILD)
def fixed_local(n: int, stride: int) -> Definition:
    """k <= q and q // l = k // l."""
    made = block(n, whole(stride, "stride", 1, n), causal=True)
    rule = "k <= q and q // stride == k // stride"
    return Definition(rule, made.structure, {"stride": stride}, count=made.count)


@entry("Fixed, summary head", "Blocks", "The last c keys of every block so far.", CHILD)
def fixed_summary(n: int, stride: int, c: int = 1) -> Definition:
    """k <= q and k mod l >= l - c."""
    l = whole(stride, "stride", 1, n)  # noqa: E741
    c = whole(c, "c", 1, l)
    term = one_per_row(lambda rows: (0, rows + 1), columns=_summary(n, l, c))
    return Definition(
        "k <= q and k % stride >= stride - c", Structure(n, (term,)), {"stride": l, "c": c}
    )


@entry("Prefix", "Blocks", "A prefix seen by all, causal after it.", f"UniLM; {GYM}")
def prefix(n: int, prefix: int) -> Definition:
    """k < p or k <= q."""
    p = whole(prefix, "prefix", 0, n)
    term = one_per_row(lambda rows: (0, np.maximum(rows + 1, p)))
    return Definition(
        "k < prefix or k <= q", Structure(n, (term,)), {"prefix": p},
        count=triangle(n) + p * (p - 1) // 2,
    )  # fmt: skip


def lengths_of(lengths: Any, n: int) -> Ints:
    """Return document lengths that fill n tokens, or say which entry does not fit."""
    found = wholes(lengths, "lengths", 1, n)
    if int(found.sum()) != n:
        raise PatternError(
            "lengths",
            f"The lengths add up to {int(found.sum()):,}, and n is {n:,}; make them equal.",
        )
    return found


@entry("Documents", "Blocks", "Packed documents that do not see each other.", GYM)
def document(n: int, lengths: Sequence[int], inner: str = "causal") -> Definition:
    """doc(q) = doc(k), causal within each (inner="causal") or full (inner="full")."""
    sizes = lengths_of(lengths, n)
    if inner not in ("causal", "full"):
        raise PatternError("inner", f"inner is “causal” or “full”, not {inner!r}.")
    of = np.repeat(np.arange(len(sizes)), sizes)
    ends = np.cumsum(sizes)
    begins = ends - sizes
    if inner == "causal":
        term = one_per_row(lambda rows: (begins[of[rows]], rows + 1))
        return Definition(
            "d >= 0 and document[q] == document[k]", Structure(n, (term,)),
            tables={"document": of}, count=sum(triangle(int(size)) for size in sizes),
        )  # fmt: skip
    term = one_per_row(lambda rows: (begins[of[rows]], ends[of[rows]]))
    return Definition(
        "document[q] == document[k]", Structure(n, (term,)), tables={"document": of},
        count=sum(int(size) ** 2 for size in sizes), symmetric=True,
    )  # fmt: skip


@entry("Shared prefix", "Blocks", "Continuations that share their prompt's keys.", GYM)
def shared_prefix(n: int, lengths: Sequence[int], prefix_of: Sequence[int]) -> Definition:
    """Own document causally, and all of the document it continues.

    `prefix_of` names, for each document, an earlier one (its own number or -1 for none).
    """
    sizes = lengths_of(lengths, n)
    parents = wholes(prefix_of, "prefix_of", -1, len(sizes) - 1)
    numbers = np.arange(len(sizes))
    if len(parents) != len(sizes) or np.any(parents > numbers):
        raise PatternError(
            "prefix_of",
            f"prefix_of needs one entry for each of the {len(sizes)} documents, "
            "none later than the document itself.",
        )
    ends = np.cumsum(sizes)
    begins = ends - sizes
    alone = (parents < 0) | (parents == numbers)
    low, high = np.where(alone, 0, begins[parents]), np.where(alone, 0, ends[parents])
    tables = {
        name: np.repeat(values, sizes)
        for name, values in (("begin", begins), ("low", low), ("high", high))
    }

    def bounds(rows: Ints) -> tuple[Ints, Ints]:
        return (
            np.stack((tables["low"][rows], tables["begin"][rows]), axis=1),
            np.stack((tables["high"][rows], rows + 1), axis=1),
        )

    count = sum(triangle(int(size)) for size in sizes) + int(np.sum(sizes * (high - low)))
    return Definition(
        "begin[q] <= k <= q or low[q] <= k < high[q]", Structure(n, (some_per_row(bounds),)),
        tables=tables, count=count,
    )  # fmt: skip


@entry(
    "Block diffusion", "Blocks", "Noised blocks, each seeing the clean blocks before it.",
    f"Arriola et al. 2025 (BD3-LM), arXiv:2503.09573; {GYM}",
)  # fmt: skip
def block_diffusion(n: int, block: int = 64) -> Definition:
    """The three-part rule on n/2 noised tokens followed by n/2 clean ones."""
    if n % 2:
        raise PatternError("n", f"n must be even, half noised and half clean, not {n:,}.")
    half = n // 2
    b = whole(block, "block", 1, half)

    def bounds(rows: Ints) -> tuple[Ints, Ints]:
        noised = rows < half
        begin = rows % half // b * b
        end = np.minimum(begin + b, half)
        own = np.where(noised, begin, half), np.where(noised, end, half + end)
        clean = np.full_like(rows, half), np.where(noised, half + begin, half)
        return np.stack((own[0], clean[0]), axis=1), np.stack((own[1], clean[1]), axis=1)

    m, rest = divmod(half, b)
    diagonal = m * b * b + rest * rest
    before = b * b * triangle(m - 1) + rest * m * b
    return Definition(
        "q < half and k < half and q // block == k // block"
        " or q < half and k >= half and q // block > (k - half) // block"
        " or q >= half and k >= half and (q - half) // block >= (k - half) // block",
        Structure(n, (some_per_row(bounds),), b if half % b == 0 else 1),
        {"half": half, "block": b}, count=2 * (diagonal + before),
    )  # fmt: skip
