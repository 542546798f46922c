"""What a head loses when it may only see the keys of a pattern.

The kept weights are normalised anew. Of one query with the share m of its mass kept, the
Kullback-Leibler divergence of the sparse from the dense weights is -ln m.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from zoetrope.core.attention.final import final
from zoetrope.core.attention.heads.captured import Head
from zoetrope.core.attention.heads.content import RowMask


@dataclass(frozen=True, slots=True, eq=False)
class Tolerance:
    """What is left of one head under one pattern.

    `pairs` allowed; `kept` float64 [n]: the share of each query's mass; `error` =
    ||O_sparse - O|| / ||O|| over the whole output (NaN without values); `row_error` [n] the same
    query by query; `divergence` in nats, the mean of -ln kept over the queries that keep anything.
    `chance` and `oracle`: the mass that as many random keys of each query keep on average, and as
    many of the heaviest.
    """

    pairs: int
    kept: Tensor
    error: float
    row_error: Tensor
    divergence: float
    chance: float
    oracle: float

    @property
    def mass(self) -> float:
        """The mean share of the mass that is kept."""
        return float(self.kept.mean())

    @property
    def efficiency(self) -> float:
        """Where the kept mass lies between as many random keys (0) and the heaviest (1)."""
        room = self.oracle - self.chance
        return (self.mass - self.chance) / room if room > 1e-12 else math.nan

    @property
    def worst_row(self) -> int:
        """The query that keeps the least."""
        return int(self.kept.argmin())


def tolerance(head: Head, masks: Mapping[str, RowMask]) -> dict[str, Tolerance]:
    """Return what each pattern leaves of a head, by name."""
    return final(tolerance_steps(head, masks))


def tolerance_steps(
    head: Head, masks: Mapping[str, RowMask]
) -> Iterator[dict[str, Tolerance] | None]:
    """Yield None between steps, then what each pattern leaves of the head."""
    found = {name: _Rows.of(head) for name in masks}
    size = torch.zeros(head.n, dtype=torch.float64)  # squared lengths of the whole outputs
    for rows in head.row_slices():
        weights = head.weights(rows)
        whole = None if head.v is None else torch.matmul(weights, head.v)
        if whole is not None:
            size[rows] = whole.double().square().sum(dim=1)
        heaviest = weights.sort(dim=1, descending=True).values.double().cumsum(dim=1)
        allowed = head.allowed(rows).sum(dim=1)
        yield None
        for name, mask in masks.items():
            one, seen = found[name], mask(rows)
            left = weights * seen
            share, count = left.sum(dim=1), seen.sum(dim=1)
            one.counts[rows] = count
            one.kept[rows] = share.double()
            one.chance[rows] = (count / allowed).double()
            most = heaviest.gather(1, (count - 1).clamp_min(0)[:, None])[:, 0]
            one.oracle[rows] = most * (count > 0)
            if whole is not None:
                assert head.v is not None
                sparse = torch.matmul(left, head.v) / share.clamp_min(1e-30)[:, None]
                one.wrong[rows] = (sparse - whole).double().square().sum(dim=1)
            yield None
    yield {name: one.tolerance(None if head.v is None else size) for name, one in found.items()}


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """What is gathered of one pattern, row by row [n].

    Made whole at once: small results kept between large ones that are given back, slice by slice,
    would leave memory in pieces too small for the next large one.
    """

    counts: Tensor
    kept: Tensor
    chance: Tensor
    oracle: Tensor
    wrong: Tensor

    @classmethod
    def of(cls, head: Head) -> _Rows:
        """Return rows yet to be filled."""
        floats = (torch.zeros(head.n, dtype=torch.float64) for _ in range(4))
        return cls(torch.zeros(head.n, dtype=torch.int64), *floats)

    def tolerance(self, size: Tensor | None) -> Tolerance:
        """Return the measures; `size` [n] are the squared lengths of the whole outputs."""
        alive = self.kept[self.kept > 0]
        error, row_error = math.nan, torch.full_like(self.kept, math.nan)
        if size is not None:
            error = math.sqrt(float(self.wrong.sum() / size.sum()))
            row_error = (self.wrong / size.clamp_min(1e-30)).sqrt()
        return Tolerance(
            pairs=int(self.counts.sum()),
            kept=self.kept,
            error=error,
            row_error=row_error,
            divergence=float(-alive.log().mean()) if len(alive) else math.nan,
            chance=float(self.chance.mean()),
            oracle=float(self.oracle.mean()),
        )
