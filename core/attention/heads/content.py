"""Patterns that look at the queries and keys of a head before they choose.

Each gives the mask of some rows of one head, bool [r, n]. Everywhere the larger score comes first,
and of equal scores the smaller key. Nothing a causal head may not see is ever chosen.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from zoetrope.core.attention.heads.captured import Head
from zoetrope.core.attention.heads.errors import HeadsError
from zoetrope.core.attention.minference import HeadChoice

MINFERENCE_BLOCK, MINFERENCE_BLOCKS = 32, 100  # of its block-sparse heads
RowMask = Callable[[slice], Tensor]  # rows -> bool [r, n]


def first_of(scores: Tensor, count: int | Tensor) -> Tensor:
    """Return the mask of the `count` largest of each row (an int, or one a row), -inf never.

    Of equal scores those of smaller index come first.
    """
    order = scores.sort(dim=-1, descending=True, stable=True).indices
    place = torch.arange(scores.shape[-1])
    wanted = place < (count if isinstance(count, int) else count[:, None])
    found = torch.zeros(scores.shape, dtype=torch.bool)
    found.scatter_(-1, order, wanted.expand(scores.shape))
    return found & (scores > -math.inf)


def topk(head: Head, k: int) -> RowMask:
    """The k keys of most weight: the oracle of every budget."""
    return lambda rows: first_of(head.scores(rows), k)


def topk_of_each(head: Head, counts: Tensor) -> RowMask:
    """The counts[q] keys of most weight: the oracle at a pattern's own budget for each row."""
    return lambda rows: first_of(head.scores(rows), counts[rows])


def topp(head: Head, p: float) -> RowMask:
    """The fewest keys that hold the share p of the mass, 0 < p <= 1."""

    def mask(rows: slice) -> Tensor:
        weights = head.weights(rows).double()
        held = weights.sort(dim=-1, descending=True, stable=True).values.cumsum(dim=-1)
        return first_of(head.scores(rows), 1 + (held < p - 1e-12).sum(dim=-1))

    return mask


def threshold(head: Head, eps: float) -> RowMask:
    """The keys with at least the weight eps."""
    return lambda rows: head.weights(rows) >= eps


def vertical_slash(
    head: Head, v: int, s: int, last_q: int = 64, keep_first: int = 30, keep_diag: int = 100
) -> RowMask:
    """The v columns and s diagonals that the last `last_q` queries weigh most.

    Jiang et al. 2024 (MInference), arXiv:2407.02490; microsoft/MInference@fb56c91: the first
    `keep_first` columns and last `keep_diag` diagonals come before all others. A head that looks
    both ways has diagonals on both sides.
    """
    n = head.n
    last = slice(max(0, n - last_q), n)
    weights = head.weights(last).double()
    columns = weights.sum(dim=0)
    columns[:keep_first] = math.inf
    place = torch.arange(n)[last, None] - torch.arange(n) + (n - 1)  # of the diagonal q - k
    diagonals = torch.zeros(2 * n - 1, dtype=torch.float64)
    diagonals.scatter_add_(0, place.flatten(), weights.flatten())
    diagonals[n - 1 : n - 1 + keep_diag] = math.inf
    if head.causal:
        diagonals[: n - 1] = -math.inf
    # of equal diagonals the nearer to the query comes first, as the smaller key of columns does
    nearer = torch.argsort((torch.arange(2 * n - 1) - (n - 1)).abs(), stable=True)
    slashes = torch.zeros(2 * n - 1, dtype=torch.bool)
    slashes[nearer] = first_of(diagonals[nearer][None], s)[0]
    chosen = first_of(columns[None], v)[0]

    def mask(rows: slice) -> Tensor:
        apart = torch.arange(n)[rows, None] - torch.arange(n) + (n - 1)
        return (chosen | slashes[apart]) & head.allowed(rows)

    return mask


def configured(head: Head, choice: HeadChoice) -> RowMask:
    """What a configuration of MInference gives a head; HeadsError for an encoder's."""
    if not head.causal:
        raise HeadsError("candidate", "Configurations of MInference are for causal heads.")
    if choice.kind == "block_sparse":
        return block_topk(head, MINFERENCE_BLOCK, MINFERENCE_BLOCKS)
    if choice.kind == "vertical_and_slash":
        return vertical_slash(head, choice.vertical, choice.slash)

    def a_shape(rows: slice) -> Tensor:
        apart = torch.arange(head.n)[rows, None] - torch.arange(head.n)
        return (apart >= 0) & ((torch.arange(head.n) < choice.vertical) | (apart <= choice.slash))

    return a_shape


def block_topk(head: Head, block: int, k: int) -> RowMask:
    """The query's own block, and the k blocks of most score by mean queries and keys.

    MInference's block_sparse@fb56c91.
    """
    q, keys = head.needs_vectors("Block top-k")
    scores = _means(q, block) @ _means(keys, block).T
    m = len(scores)
    if head.causal:
        scores.masked_fill_(torch.arange(m) > torch.arange(m)[:, None], -math.inf)
    chosen = first_of(scores, k) | torch.eye(m, dtype=torch.bool)
    return _of_blocks(head, chosen, block)


def quest(head: Head, page: int = 16, budget: int = 64) -> RowMask:
    """The pages whose keys could score most: sum_i max(q_i min_i, q_i max_i) bounds them.

    Tang et al. 2024 (Quest), arXiv:2406.10774; at least 3 pages.
    """
    q, keys = head.needs_vectors("Quest")
    padded = _padded(keys, page, math.inf)
    low = padded.amin(dim=1)
    high = torch.where(padded.isinf(), -math.inf, padded).amax(dim=1)
    pages = len(low)

    def mask(rows: slice) -> Tensor:
        one = q[rows]
        bound = torch.clamp(one, min=0) @ high.T + torch.clamp(one, max=0) @ low.T
        if head.causal:
            begins = torch.arange(pages) * page
            bound.masked_fill_(begins > torch.arange(head.n)[rows, None], -math.inf)
        chosen = first_of(bound, max(3, budget // page))
        return chosen.repeat_interleave(page, dim=1)[:, : head.n] & head.allowed(rows)

    return mask


@dataclass(frozen=True, slots=True)
class NsaBranches:
    """The three branches of native sparse attention, whose outputs are gated and added.

    `compressed`: keys whose block's mean is seen; `selected` blocks; `sliding` window.
    """

    compressed: RowMask
    selected: RowMask
    sliding: RowMask

    def union(self, rows: slice) -> Tensor:
        """Return the keys that any branch sees, bool [r, n]."""
        return self.compressed(rows) | self.selected(rows) | self.sliding(rows)


def nsa(group: Sequence[Head], block: int = 64, select: int = 16, window: int = 512) -> NsaBranches:
    """Native sparse attention of the heads that share keys and values.

    Yuan et al. 2025, arXiv:2502.11089: a block's mean is seen once the block has ended; the
    `select` blocks of most compressed attention, summed over the group, are seen key by key, the
    query's own block among them; and the last `window` keys.
    """
    n = group[0].n
    place = torch.arange(n) // block
    means = [_means(head.needs_vectors("NSA")[1], block) for head in group]
    count = len(means[0])
    ends = torch.clamp((torch.arange(count) + 1) * block, max=n) - 1

    def selected(rows: slice) -> Tensor:
        queries = torch.arange(n)[rows, None]
        total = torch.zeros((len(queries), count))
        for head, mean in zip(group, means, strict=True):
            q = head.needs_vectors("NSA")[0][rows]
            scores = q @ mean.T / math.sqrt(q.shape[-1])
            scores.masked_fill_(ends > queries, -math.inf)
            total += scores.softmax(dim=-1).nan_to_num(0.0)  # no block has ended yet
        own = place[rows, None]
        total.masked_fill_(torch.arange(count) > own, -math.inf)
        chosen = first_of(total.scatter(1, own, math.inf), select)
        return chosen[:, place] & (torch.arange(n) <= queries)

    def compressed(rows: slice) -> Tensor:
        return ends[place] <= torch.arange(n)[rows, None]

    def sliding(rows: slice) -> Tensor:
        apart = torch.arange(n)[rows, None] - torch.arange(n)
        return (apart >= 0) & (apart < window)

    return NsaBranches(compressed, selected, sliding)


def lsh(head: Head, bucket: int = 64, rounds: int = 8, seed: int = 0) -> RowMask:
    """Keys that fall near the query when both are sorted by their hash, in any round.

    Kitaev et al. 2020 (Reformer), arXiv:2001.04451: h = argmax [xR; -xR] with n / bucket values,
    sorted by (h, position); chunks of `bucket` see themselves and the chunk before, round the end.
    Queries and keys, one and the same there, are hashed alike here.
    """
    q, keys = head.needs_vectors("LSH attention")
    n = head.n
    if bucket < 1 or n % (2 * bucket):
        raise HeadsError(
            "candidate", f"LSH attention needs tokens in pairs of chunks: {n:,} is no multiple of "
            f"{2 * bucket:,}.",
        )  # fmt: skip
    generator = torch.Generator().manual_seed(seed)
    chunks = n // bucket
    places = []  # of each round: the chunks in which queries and keys lie, int64 [n] each
    for _ in range(rounds):
        turn = torch.randn((q.shape[1], max(1, chunks // 2)), generator=generator)
        sorted_ = (_hashed(one, turn).argsort(stable=True) for one in (q, keys))
        places.append([order.argsort() // bucket for order in sorted_])

    def mask(rows: slice) -> Tensor:
        own = torch.arange(n)[rows, None] == torch.arange(n)
        seen = torch.zeros_like(own)
        for queries, others in places:
            seen |= (queries[rows, None] - others) % chunks <= 1
        found = seen & head.allowed(rows) & ~own
        return torch.where(found.any(dim=1, keepdim=True), found, own)

    return mask


def _hashed(x: Tensor, turn: Tensor) -> Tensor:
    turned = torch.nn.functional.normalize(x, dim=-1) @ turn
    return torch.cat((turned, -turned), dim=-1).argmax(dim=-1)


def routing(head: Head, clusters: int = 8, w: int = 32, seed: int = 0, turns: int = 8) -> RowMask:
    """Each centroid's w nearest queries see its w nearest keys.

    Roy et al. 2021 (Routing Transformer), arXiv:2003.05997; the centroids, learnt there, are those
    of spherical k-means on the queries and keys themselves.
    """
    q, keys = (torch.nn.functional.normalize(one, dim=-1) for one in head.needs_vectors("Routing"))
    points = torch.cat((q, keys))
    generator = torch.Generator().manual_seed(seed)
    centres = points[torch.randperm(len(points), generator=generator)[:clusters]]
    for _ in range(turns):
        member = torch.nn.functional.one_hot((points @ centres.T).argmax(dim=1), len(centres))
        centres = torch.nn.functional.normalize(member.T.to(points.dtype) @ points, dim=-1)
    near = [first_of((one @ centres.T).T, w).T for one in (q, keys)]
    return lambda rows: (near[0][rows].float() @ near[1].float().T > 0) & head.allowed(rows)


def _means(x: Tensor, block: int) -> Tensor:
    """Return the mean of each block of rows; the last may be short."""
    padded = _padded(x, block, 0.0)
    counts = torch.full((len(padded), 1), float(block))
    counts[-1] = len(x) - (len(padded) - 1) * block
    return padded.sum(dim=1) / counts


def _padded(x: Tensor, block: int, value: float) -> Tensor:
    """Return [blocks, block, d]."""
    spare = -len(x) % block
    filled: Tensor = torch.nn.functional.pad(x, (0, 0, 0, spare), value=value)
    return filled.view(-1, block, x.shape[1])


def _of_blocks(head: Head, chosen: Tensor, block: int) -> RowMask:
    place = torch.arange(head.n) // block

    def mask(rows: slice) -> Tensor:
        return chosen[place[rows]][:, place] & head.allowed(rows)

    return mask
