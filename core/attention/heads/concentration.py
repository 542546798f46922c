"""How concentrated a head is: entropy, effective keys, keys for a share of the mass, distance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from zoetrope.core.attention.final import final
from zoetrope.core.attention.heads.captured import Head

SHARES = (0.5, 0.9, 0.95, 0.99)
TOPS = (1, 4, 8, 16, 32, 64)


@dataclass(frozen=True, slots=True)
class HeadStats:
    """Means over the queries of one head.

    `entropy` in nats; `support` = exp(entropy), and its lower median; `keys`: how many hold each of
    `SHARES` of the mass; `top`: the mass of the 1, 4, 8, ... `TOPS` heaviest; `distance` to the
    keys in tokens; `first`, `last`, `own`: the mass on the first token, the last and the query.
    """

    entropy: float
    support: float
    support_median: float
    keys: tuple[float, ...]
    top: tuple[float, ...]
    distance: float
    first: float
    last: float
    own: float

    @property
    def keys_90(self) -> float:
        """How many keys hold 90 % of the mass."""
        return self.keys[SHARES.index(0.9)]


def head_stats(head: Head, queries: Sequence[int] | None = None) -> HeadStats:
    """Return the measures over the given queries (all, unless given)."""
    return final(head_stats_steps(head, queries))


def head_stats_steps(
    head: Head, queries: Sequence[int] | None = None
) -> Iterator[HeadStats | None]:
    """Yield None between steps, then the measures over the given queries (all, unless given)."""
    rows = []
    wanted = torch.ones(head.n, dtype=torch.bool)
    if queries is not None:
        wanted[:] = False
        wanted[list(queries)] = True
    for part in head.row_slices():
        rows.append(_row_measures(head, part)[wanted[part]])
        yield None
    found = torch.cat(rows)
    mean = found.mean(dim=0).tolist()
    shares, tops = 2 + len(SHARES), 2 + len(SHARES) + len(TOPS)
    yield HeadStats(
        mean[0], mean[1], float(found[:, 1].median()), tuple(mean[2:shares]),
        tuple(mean[shares:tops]), *mean[tops:],
    )  # fmt: skip


def _row_measures(head: Head, rows: slice) -> Tensor:
    """Return one row of measures for each query, float64 [r, m]."""
    weights = head.weights(rows).double()
    n = head.n
    entropy = -torch.special.xlogy(weights, weights).sum(dim=1)
    held = weights.sort(dim=1, descending=True).values.cumsum(dim=1)
    keys = torch.stack([1 + (held < share).sum(dim=1) for share in SHARES], dim=1)
    tops = torch.stack([held[:, min(top, n) - 1] for top in TOPS], dim=1)
    tokens = torch.arange(n)
    apart = (tokens[rows, None] - tokens).abs()
    others = torch.stack(
        ((weights * apart).sum(dim=1), weights[:, 0], weights[:, -1],
         weights.gather(1, tokens[rows, None])[:, 0]), dim=1,
    )  # fmt: skip
    alone = torch.stack((entropy, entropy.exp()), dim=1)
    return torch.cat((alone, keys.double(), tops, others), dim=1)
