"""What a head loses when it may only see the keys of a pattern.

The kept weights are normalised anew. Of one query with the share m of its mass kept, the
Kullback-Leibler divergence of the sparse from the dense weights is -ln m.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

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
    found = {name: _Sums() for name in masks}
    sizes: list[Tensor] = []
    for rows in head.row_slices():
        weights = head.weights(rows)
        whole = None if head.v is None else torch.matmul(weights, head.v)
        if whole is not None:
            sizes.append(whole.double().square().sum(dim=1))
        heaviest = weights.sort(dim=1, descending=True).values.double().cumsum(dim=1)
        allowed = head.allowed(rows).sum(dim=1)
        yield None
        for name, mask in masks.items():
            sums, seen = found[name], mask(rows)
            left = weights * seen
            share, count = left.sum(dim=1), seen.sum(dim=1)
            sums.counts.append(count)
            sums.kept.append(share.double())
            sums.chance.append(count / allowed)
            most = heaviest.gather(1, (count - 1).clamp_min(0)[:, None])[:, 0]
            sums.oracle.append(most * (count > 0))
            if whole is not None:
                assert head.v is not None
                sparse = torch.matmul(left, head.v) / share.clamp_min(1e-30)[:, None]
                sums.wrong.append((sparse - whole).double().square().sum(dim=1))
            yield None
    size = torch.cat(sizes) if sizes else None
    yield {name: sums.tolerance(size) for name, sums in found.items()}


@dataclass(slots=True)
class _Sums:
    """What is gathered of one pattern, slice by slice of rows."""

    counts: list[Tensor] = field(default_factory=list)
    kept: list[Tensor] = field(default_factory=list)
    chance: list[Tensor] = field(default_factory=list)
    oracle: list[Tensor] = field(default_factory=list)
    wrong: list[Tensor] = field(default_factory=list)

    def tolerance(self, size: Tensor | None) -> Tolerance:
        """Return the measures; `size` [n] are the squared lengths of the whole outputs."""
        kept = torch.cat(self.kept)
        alive = kept[kept > 0]
        error, row_error = math.nan, torch.full_like(kept, math.nan)
        if size is not None:
            wrong = torch.cat(self.wrong)
            error = math.sqrt(float(wrong.sum() / size.sum()))
            row_error = (wrong / size.clamp_min(1e-30)).sqrt()
        return Tolerance(
            pairs=int(torch.cat(self.counts).sum()),
            kept=kept,
            error=error,
            row_error=row_error,
            divergence=float(-alive.log().mean()) if len(alive) else math.nan,
            chance=float(torch.cat(self.chance).double().mean()),
            oracle=float(torch.cat(self.oracle).mean()),
        )
