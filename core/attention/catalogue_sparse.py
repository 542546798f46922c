"""Patterns with scattered keys: globals, random blocks, butterflies, trees, dilated blocks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zoetrope.core.attention.catalogue_rows import GYM
from zoetrope.core.attention.entries import Definition, entry, triangle, whole, wholes
from zoetrope.core.attention.errors import PatternError
from zoetrope.core.attention.expression_tree import RANDOM_BITS
from zoetrope.core.attention.random_hash import pair_hash
from zoetrope.core.attention.runs import (
    Bools,
    Columns,
    Ints,
    Runs,
    Term,
    listed,
    one_per_row,
    some_per_row,
)
from zoetrope.core.attention.scanned import stretches
from zoetrope.core.attention.structure import Structure

MOST_GLOBALS = 4096
MOST_NODES = 1 << 17
MOST_ANCESTORS = 1 << 25
LARGEST_SEED = (1 << 31) - 1


@entry(
    "Longformer", "Global and local", "w keys on each side, and global tokens.",
    "Beltagy et al. 2020, arXiv:2004.05150; allenai/longformer",
)  # fmt: skip
def longformer(n: int, w: int = 128, globals: Sequence[int] = (0,)) -> Definition:
    """|d| <= w or q in G or k in G."""
    w = whole(w, "w", 0, n)
    chosen = np.unique(wholes(globals, "globals", 0, n - 1, MOST_GLOBALS))
    every = np.zeros(n, dtype=bool)
    every[chosen] = True

    def near(rows: Ints) -> tuple[Ints, Ints]:
        low, high = np.maximum(rows - w, 0), np.minimum(rows + w + 1, n)
        return np.where(every[rows], 0, low), np.where(every[rows], n, high)

    def far(rows: Ints) -> tuple[Ints, Ints]:
        low, high = near(rows)
        start = np.stack((np.zeros_like(low), high), axis=1)
        return start, np.stack((low, np.full_like(high, n)), axis=1)

    terms = (one_per_row(near), some_per_row(far, columns=Columns(lambda: every)))
    return Definition(
        "abs(d) <= w or is_global[q] == 1 or is_global[k] == 1", Structure(n, terms), {"w": w},
        {"is_global": every.view(np.int8)}, symmetric=True,
    )  # fmt: skip


@entry(
    "BigBird", "Global and local", "Blocks: a window, global ones, and random ones.",
    "Zaheer et al. 2020, arXiv:2007.14062; google-research/bigbird",
)  # fmt: skip
def bigbird(
    n: int, block: int = 64, window: int = 3, globals: int = 1, random: int = 3, seed: int = 0,
    ends: str = "first",
) -> Definition:  # fmt: skip
    """|bq - bk| <= w // 2, or a global block, or bk among the random blocks of bq.

    `globals` leading blocks are global; with ends="both" as many trailing ones too (as in Google's
    code). Random blocks exclude window and globals; a row with fewer left has fewer.
    """
    b = whole(block, "block", 1, n)
    blocks = -(-n // b)
    side = whole(window, "window", 1, 2 * blocks + 1) // 2
    first = whole(globals, "globals", 0, blocks)
    picks = whole(random, "random", 0, 64)
    seed = whole(seed, "seed", 0, LARGEST_SEED)
    if ends not in ("first", "both"):
        raise PatternError("ends", f"ends is “first” or “both”, not {ends!r}.")
    last = max(first, blocks - first) if ends == "both" else blocks
    rows = np.arange(blocks)
    low = np.clip(rows - side, first, last)
    high = np.clip(rows + side + 1, first, last)
    drawn = _drawn(rows, (low - first, high, last), first, picks, seed)
    every = (rows < first) | (rows >= last)

    def bounds(tokens: Ints) -> tuple[Ints, Ints]:
        mine = tokens // b
        whole_row = every[mine]
        start = np.column_stack(
            (np.zeros_like(mine), low[mine], np.full_like(mine, last), drawn[:, mine].T)
        )
        stop = np.column_stack(
            (
                np.full_like(mine, first),
                high[mine],
                np.full_like(mine, blocks),
                drawn[:, mine].T + 1,
            )
        )
        start, stop = np.maximum(start, 0) * b, np.minimum(stop * b, n)
        stop[whole_row, 1:] = 0
        stop[whole_row, 0] = n
        return start, stop

    random_rule = "".join(f" or k // block == random_{j}[q // block]" for j in range(picks))
    rule = "abs(q // block - k // block) <= side" + random_rule
    rule += " or q // block < first or k // block < first"
    if last < blocks:
        rule += " or q // block >= last or k // block >= last"
    return Definition(
        rule, Structure(n, (some_per_row(bounds),), b),
        {"block": b, "side": side, "first": first, "last": last},
        {f"random_{j}": drawn[j] for j in range(picks)}, symmetric=picks == 0,
    )  # fmt: skip


def _drawn(rows: Ints, spans: tuple[Ints, Ints, int], first: int, picks: int, seed: int) -> Ints:
    """Draw blocks without replacement outside window and globals, int64 [picks, blocks]; -1: none.

    The legal blocks of a row are first ... low - 1 and high ... last - 1.
    """
    before, high, last = spans
    legal = before + np.maximum(last - high, 0)
    ranks = np.full((picks, len(rows)), -1)
    for j in range(picks):
        left = legal - j
        rank = pair_hash(rows, np.full_like(rows, j), seed) % np.maximum(left, 1)
        # step over the ranks already taken, smallest first
        for taken in np.sort(ranks[:j], axis=0):
            rank = rank + (taken <= rank)
        ranks[j] = np.where(left > 0, rank, np.iinfo(np.int64).max)
    found = np.where(ranks < before, ranks + first, ranks - before + high)
    return np.where(ranks == np.iinfo(np.int64).max, -1, found)


@entry(
    "Dilated blocks (LongNet)", "Blocks", "Every r-th token of a block sees the same ones.",
    "Ding et al. 2023, arXiv:2307.02486",
)  # fmt: skip
def dilated_blocks(n: int, w: int = 64, r: int = 4, offset: int = 0) -> Definition:
    """q // w = k // w and q, k = offset mod r. Rows of other residues see nothing."""
    w, r = whole(w, "w", 1, n), whole(r, "r", 1, n)
    offset = whole(offset, "offset", 0, r - 1)

    def runs(rows: Ints) -> Runs:
        row = np.flatnonzero(rows % r == offset)
        begin = rows[row] // w * w
        return Runs(row, begin + (offset - begin) % r, np.minimum(begin + w, n))

    begins = np.arange(0, n, w)
    start, stop = begins + (offset - begins) % r, np.minimum(begins + w, n)
    each = np.maximum(-(-(stop - start) // r), 0)
    return Definition(
        "q // w == k // w and q % r == offset and k % r == offset",
        Structure(n, (Term(runs, min(r, n)),)), {"w": w, "r": r, "offset": offset},
        count=int(np.sum(each * each)), symmetric=True,
    )  # fmt: skip


@entry(
    "Butterfly", "Other", "The query and the key that differs in one bit.",
    "Dao et al. 2019, arXiv:1903.05895",
)  # fmt: skip
def butterfly(n: int, level: int = 0) -> Definition:
    """q = k or q xor k = 2^level."""
    level = whole(level, "level", 0, max(0, (n - 1).bit_length() - 1))
    bit = 1 << level

    def bounds(rows: Ints) -> tuple[Ints, Ints]:
        start = np.stack((np.minimum(rows, rows ^ bit), np.maximum(rows, rows ^ bit)), axis=1)
        return start, np.minimum(start + 1, n)

    pairs, rest = divmod(n, 2 * bit)  # a token has its partner in its own stretch of 2 bit
    paired = 2 * bit * pairs + 2 * max(0, rest - bit)
    return Definition(
        "q == k or q ^ k == bit", Structure(n, (some_per_row(bounds),)), {"bit": bit},
        count=n + paired, symmetric=True,
    )  # fmt: skip


@entry("Random", "Other", "Each pair, or block of pairs, with probability p.", "splitmix64")
def random(n: int, p: float = 0.01, block: int = 1, seed: int = 0) -> Definition:
    """splitmix64(seed, q // b, k // b) below p, to 31 bits."""
    if not isinstance(p, (int, float)) or isinstance(p, bool) or not 0 <= p <= 1:
        raise PatternError("p", f"p must be a number from 0 to 1, not {p!r}.")
    b, seed = whole(block, "block", 1, n), whole(seed, "seed", 0, LARGEST_SEED)
    threshold = round(p * (1 << RANDOM_BITS))

    def rule(q: Ints, k: Ints) -> Bools:
        found: Bools = pair_hash(q // b, k // b, seed) < threshold
        return found

    return Definition(
        "rand(q // block, k // block, seed) < threshold",
        Structure(n, (stretches(rule, n, b),), b, scanned=True),
        {"block": b, "seed": seed, "threshold": threshold},
    )


@entry("Tree", "Other", "A prefix, then a tree whose nodes see their ancestors.", GYM)
def tree(n: int, parents: Sequence[int], prefix: int = 0) -> Definition:
    """A causal prefix, then nodes that see the prefix, their ancestors and themselves.

    `parents`: for each node an earlier node, or -1 for a root. n = prefix + nodes.
    """
    before = whole(prefix, "prefix", 0, n)
    above = wholes(parents, "parents", -1, n, MOST_NODES)
    if len(above) + before != n or np.any(above >= np.arange(len(above))):
        raise PatternError(
            "parents",
            f"parents needs {n - before:,} entries (n less the prefix), each an earlier node's "
            "number or -1.",
        )
    levels, sizes = _levels(above.tolist())
    if int(levels.sum()) > MOST_ANCESTORS:
        raise PatternError(
            "parents",
            f"The tree has {int(levels.sum()):,} ancestors, and at most {MOST_ANCESTORS:,} fit.",
        )
    offsets = np.concatenate(([0, 0], np.cumsum(levels)))  # the prefix's rows share an empty list
    ancestors = np.zeros(int(offsets[-1]), dtype=np.int64)
    node, at = np.arange(len(above)), offsets[2:] - 1
    while len(node):
        ancestors[at] = node + before
        deeper = levels[node] > 1
        node, at = above[node[deeper]], at[deeper] - 1
    chain = one_per_row(lambda rows: (0, np.minimum(rows + 1, before)))
    nodes = listed(offsets, ancestors, ancestors + 1, lambda rows: np.maximum(rows - before + 1, 0))
    # a walk through the tree enters the prefix first, and leaves it last
    entered = _entered(above.tolist(), sizes)
    enter = np.concatenate((np.arange(before), entered + before))
    leave = np.concatenate((np.full(before, n), entered + before + sizes))
    return Definition(
        "enter[k] <= enter[q] < leave[k]", Structure(n, (chain, nodes)),
        tables={"enter": enter, "leave": leave},
        count=triangle(before) + before * len(above) + int(levels.sum()),
    )  # fmt: skip


def _levels(parents: list[int]) -> tuple[Ints, Ints]:
    """Return each node's depth (1 for a root) and the size of its subtree."""
    depth, size = [1] * len(parents), [1] * len(parents)
    for node, above in enumerate(parents):
        if above >= 0:
            depth[node] = depth[above] + 1
    for node in range(len(parents) - 1, -1, -1):
        if parents[node] >= 0:
            size[parents[node]] += size[node]
    return np.array(depth, dtype=np.int64), np.array(size, dtype=np.int64)


def _entered(parents: list[int], sizes: Ints) -> Ints:
    """Return when a walk, parents first, comes to each node."""
    enter = [0] * len(parents)
    used = [1] * len(parents) + [0]  # places taken below each node; the last for roots
    for node, (above, size) in enumerate(zip(parents, sizes.tolist(), strict=True)):
        enter[node] = used[above] + (enter[above] if above >= 0 else 0)
        used[above] += size
    return np.array(enter, dtype=np.int64)
