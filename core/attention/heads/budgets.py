"""The same budget for every pattern: the numbers with which each allows nearest to so many pairs.

The budget is a share of the pairs a head may use at all: all n^2, or the n (n + 1) / 2 of causal
attention. Content-based patterns are rounded to their own units; random keys at the same density
and the heaviest keys of every query bound what any pattern can keep.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import torch

from zoetrope.core.attention.errors import PatternError
from zoetrope.core.attention.final import final
from zoetrope.core.attention.heads.captured import Head
from zoetrope.core.attention.heads.content import (
    NsaBranches,
    RowMask,
    block_topk,
    configured,
    lsh,
    nsa,
    quest,
    routing,
    threshold,
    topk_of_each,
    topp,
    vertical_slash,
)
from zoetrope.core.attention.heads.errors import HeadsError
from zoetrope.core.attention.minference import HeadChoice
from zoetrope.core.attention.named import pattern
from zoetrope.core.attention.patterns import Pattern
from zoetrope.core.attention.runs import Ints
from zoetrope.core.long_work import FINISHED, Job

MOST_SIZES = 512  # tried of a family
SIZES_A_STEP = 16
MOST_SORTED = 1024  # tokens of a head whose weights are put in order in one step
Sized = Callable[[int, int], Pattern]  # n and a size -> the pattern
Chosen = Callable[[Head, float], RowMask]  # a head and the share of its pairs -> its mask


@dataclass(frozen=True)
class Candidate:
    """One family: `sized` patterns that allow more pairs with another size, or `chosen` keys."""

    title: str
    sized: Sized | None = None
    chosen: Chosen | None = None


def pairs_of(n: int, causal: bool) -> int:
    """Return how many pairs a head may use at all."""
    return n * (n + 1) // 2 if causal else n * n


def counts_steps(sized: Sized, n: int) -> Iterator[Ints | None]:
    """Yield None between steps, then the sizes that a family has and their pairs, int64 [m, 2]."""
    found = []
    for index, size in enumerate(_sizes(n)):
        if index % SIZES_A_STEP == 0:
            yield None
        with suppress(PatternError):  # this family has no such size
            found.append((size, sized(n, size).nnz()))
    yield np.array(found, dtype=np.int64)


def _sizes(n: int) -> list[int]:
    """Return 1 ... n, or as many as are tried where that are too many."""
    return (
        np.unique(np.rint(np.geomspace(1, n, MOST_SIZES)).astype(int)).tolist()
        if n > MOST_SIZES
        else list(range(1, n + 1))
    )


def nearest(sized: Sized, n: int, counts: Ints, budget: int) -> Pattern:
    """Return the family's pattern with pairs nearest to the budget; of two the smaller size."""
    return sized(n, int(counts[np.abs(counts[:, 1] - budget).argmin(), 0]))


def mask_of(made: Pattern) -> RowMask:
    """Return a pattern's rows as the masks of heads are given."""
    tokens = torch.arange(made.n).numpy()

    def mask(rows: slice) -> torch.Tensor:
        return torch.tensor(made.mask(tokens[rows, None], tokens[None, :]))

    return mask


def oracle(head: Head, share: float) -> RowMask:
    """The heaviest keys of every query, the same share of what each may see, rounded up."""
    allowed = torch.arange(1, head.n + 1) if head.causal else torch.full((head.n,), head.n)
    return topk_of_each(head, torch.ceil(share * allowed - 1e-9).long())


def random_keys(head: Head, share: float, seed: int = 0) -> RowMask:
    """The query itself, and every other key with the probability that gives the budget."""
    pairs = pairs_of(head.n, head.causal)
    p = max(0.0, (share * pairs - head.n) / (pairs - head.n))
    made = mask_of(pattern("random", head.n, p=p, seed=seed))

    def mask(rows: slice) -> torch.Tensor:
        own = torch.arange(head.n)[rows, None] == torch.arange(head.n)
        return (made(rows) | own) & head.allowed(rows)

    return mask


def _slashes(head: Head, share: float) -> RowMask:
    """A quarter of the budget in columns, the rest in diagonals, from the last queries."""
    columns = max(1, int(share * head.n / 4))
    diagonals = max(1, int(3 * share * head.n / 4))
    return vertical_slash(head, columns, diagonals, min(64, max(1, head.n // 4)), 0, 0)


def block_size(n: int) -> int:
    """Return the block of the block-wise patterns: a 32nd of the tokens, 4 to 64."""
    return min(64, max(4, n // 32))


def _blocks(head: Head, share: float) -> RowMask:
    block = block_size(head.n)
    return block_topk(head, block, max(1, int(share * head.n / block)))


def _pages(head: Head, share: float) -> RowMask:
    page = block_size(head.n)
    return quest(head, page, int(share * head.n))


def nsa_branches(head: Head, share: float) -> NsaBranches:
    """NSA of one head alone: half of the budget in the window, half in the selected blocks."""
    block = block_size(head.n)
    # the window of so many keys has the budget's pairs, causal or not
    keys = head.n * (1 - math.sqrt(1 - share) if head.causal else share)
    half = max(1, int(keys / 2))
    return nsa([head], block, max(1, half // block), half)


def _branches(head: Head, share: float) -> RowMask:
    """The keys that NSA sees one by one; block means, which are no keys, are not counted."""
    branches = nsa_branches(head, share)
    return lambda rows: branches.selected(rows) | branches.sliding(rows)


def _hashed(head: Head, share: float) -> RowMask:
    """Chunks as long as the budget and LSH attention's own rule allow, one round."""
    fits = [size for size in range(1, head.n // 2 + 1) if head.n % (2 * size) == 0]
    within = [size for size in fits if 2 * size <= share * head.n] or fits[:1] or [0]
    return lsh(head, within[-1], rounds=1)


def _routed(head: Head, share: float) -> RowMask:
    """As many centroids as squares of the budget's side fit beside each other."""
    clusters = max(1, round(1 / share))
    return routing(head, clusters, max(1, int(share * head.n)))


def _sortable(head: Head) -> None:
    if head.n > MOST_SORTED:
        raise HeadsError(
            "candidate", f"All weights of a head are put in order up to {MOST_SORTED:,} tokens; "
            "choose another restriction.",
        )  # fmt: skip


def heaviest_anywhere(head: Head, share: float) -> RowMask:
    """The heaviest weights of the whole head, as many as the budget has pairs: one threshold."""
    _sortable(head)
    weights = torch.cat([head.weights(rows) for rows in head.row_slices()]).flatten()
    budget = max(1, round(share * pairs_of(head.n, head.causal)))
    return threshold(head, float(weights.topk(budget).values[-1]))


def share_of_each(head: Head, share: float) -> RowMask:
    """Top-p with the share p of each query's mass that the budget allows."""
    _sortable(head)
    parts = [
        head.weights(rows).double().sort(dim=1, descending=True).values.cumsum(dim=1)
        for rows in head.row_slices()
    ]
    # a query takes one key more than those which together hold less than p
    spare = round(share * pairs_of(head.n, head.causal)) - head.n
    held = torch.cat(parts).flatten()
    return topp(head, float(held.kthvalue(min(max(1, spare), len(held))).values))


DYNAMIC = {
    "vertical_slash": Candidate("Vertical-slash (dynamic)", chosen=_slashes),
    "block_topk": Candidate("Block top-k (dynamic)", chosen=_blocks),
    "quest": Candidate("Quest pages (dynamic)", chosen=_pages),
    "nsa": Candidate("NSA (dynamic)", chosen=_branches),
    "routing": Candidate("Routing (dynamic)", chosen=_routed),
    "lsh": Candidate("LSH chunks (dynamic)", chosen=_hashed),
}
BOUNDS = {
    "random": Candidate("Random keys", chosen=random_keys),
    "oracle": Candidate("Heaviest keys (oracle)", chosen=oracle),
    "topp": Candidate("Top-p (oracle)", chosen=share_of_each),
    "threshold": Candidate("One threshold (oracle)", chosen=heaviest_anywhere),
}
CAUSAL: Mapping[str, Candidate] = {
    "window": Candidate("Sliding window", lambda n, w: pattern("sliding", n, window=w)),
    "first": Candidate("4 sinks and a window", lambda n, w: pattern("sinks", n, sinks=4, window=w)),
    "strided": Candidate("Strided", lambda n, s: pattern("strided", n, stride=s)),
    "atrous": Candidate("Atrous", lambda n, r: pattern("atrous", n, rate=r, causal=True)),
    "fixed": Candidate("Fixed", lambda n, s: pattern("fixed", n, stride=s, c=max(1, s // 8))),
    "block": Candidate("Blocks", lambda n, b: pattern("block", n, size=b, causal=True)),
    **DYNAMIC,
}
BOTH_WAYS: Mapping[str, Candidate] = {
    "window": Candidate("Window on both sides", lambda n, w: pattern("local", n, w=w)),
    "first": Candidate(
        "Window and first token", lambda n, w: pattern("longformer", n, w=w, globals=[0])
    ),
    "globals": Candidate(
        "Window and 8 global tokens",
        lambda n, w: pattern("longformer", n, w=w, globals=[n * i // 8 for i in range(8)]),
    ),
    "strided": Candidate("Sparse (local and atrous)", lambda n, r: pattern("sparse", n, rate=r)),
    "atrous": Candidate("Atrous", lambda n, r: pattern("atrous", n, rate=r)),
    "block": Candidate("Blocks", lambda n, b: pattern("block", n, size=b)),
    "natten1d": Candidate("Neighbours", lambda n, w: pattern("natten1d", n, window=w)),
    "bigbird": Candidate("BigBird", lambda n, b: pattern("bigbird", n, block=b)),
    **DYNAMIC,
}


def candidates(causal: bool) -> Mapping[str, Candidate]:
    """Return the families that are tried on a head."""
    return CAUSAL if causal else BOTH_WAYS


@dataclass(frozen=True, eq=False)
class AtBudget:
    """Every candidate at one budget for heads of one length.

    `configuration` says what each layer's heads take by a file of MInference, whatever the budget;
    heads that it does not name keep all their keys.
    """

    share: float
    patterns: Mapping[str, Pattern]
    causal: bool
    configuration: Sequence[Mapping[int, HeadChoice]] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every candidate, what a file says of each head, the bounds, and any other patterns."""
        listed = ("minference",) if self.configuration else ()
        known = (*candidates(self.causal), *listed, *BOUNDS)
        return (*known, *(name for name in self.patterns if name not in known))

    def mask(self, head: Head, name: str) -> RowMask:
        """Return one candidate's mask on a head; HeadsError where it needs more than there is."""
        if name in self.patterns:
            return mask_of(self.patterns[name])
        if name == "minference":
            choice = self.choice(head.place)
            return head.allowed if choice is None else configured(head, choice)
        chosen = {**candidates(self.causal), **BOUNDS}[name].chosen
        assert chosen is not None
        return chosen(head, self.share)

    def choice(self, place: tuple[int, int]) -> HeadChoice | None:
        """Return what the file says of the head at a place; None where it does not name it."""
        layer, index = place
        return self.configuration[layer].get(index) if layer < len(self.configuration) else None

    def masks(self, head: Head) -> dict[str, RowMask]:
        """Return every mask that the head allows, by name."""
        return final(self.masks_steps(head))

    def masks_steps(self, head: Head) -> Iterator[dict[str, RowMask] | None]:
        """Yield None between steps, then the masks."""
        found = {}
        for name in self.names:
            try:
                found[name] = self.mask(head, name)
            except HeadsError:  # this one needs other lengths, or queries and keys
                if name == "minference":  # which other heads may have
                    raise
            yield None
        yield found


def at_budget(n: int, causal: bool, share: float) -> AtBudget:
    """Return all candidates for heads of n tokens at a share of their pairs."""
    return final(at_budget_steps(n, causal, share))


def at_budget_steps(n: int, causal: bool, share: float) -> Iterator[AtBudget | None]:
    """Yield None between steps, then all candidates at a share of the pairs."""
    patterns = {}
    for name, candidate in candidates(causal).items():
        if candidate.sized is None:
            continue
        job = Job(_kept_counts(name, candidate.sized, n, causal))
        while not job.done:
            job.step()
            yield None
        assert job.result is not None
        budget = round(share * pairs_of(n, causal))
        patterns[name] = nearest(candidate.sized, n, job.result, budget)
    yield AtBudget(share, patterns, causal)


def _kept_counts(name: str, sized: Sized, n: int, causal: bool) -> Iterator[Ints | None]:
    key = ("sizes", name, n, causal)
    return FINISHED.steps(key, lambda: counts_steps(sized, n), lambda found: found.nbytes)
