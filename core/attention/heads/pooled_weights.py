"""A head's weights as a small picture, never all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from zoetrope.core.attention.heads.captured import Head
from zoetrope.core.attention.heads.content import RowMask
from zoetrope.core.attention.runs import Floats

FAINTEST = -4.0  # log10 of the weight that has the last colour


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some of a head's weights: `z` log10 of the heaviest in each pixel, NaN where there is none,
    float64 [side, side]; `mass` the share of all that they hold; `pairs` how many they are.
    """

    z: Floats
    mass: float
    pairs: int


def parts_steps(
    head: Head, masks: Mapping[str, RowMask], side: int
) -> Iterator[dict[str, Part] | None]:
    """Yield None between steps, then the weights that each mask leaves, `side` pixels square."""
    side = min(side, head.n)
    sums = {name: _Sums(torch.zeros((side, side))) for name in masks}
    for rows in head.row_slices():
        weights = head.weights(rows)
        places = torch.arange(rows.start, rows.stop) * side // head.n
        for name, mask in masks.items():
            sums[name].add(weights, mask(rows), places)
        yield None
    yield {
        name: Part(faded(one.heaviest.double().numpy()), one.mass / head.n, one.pairs)
        for name, one in sums.items()
    }


@dataclass(slots=True)
class _Sums:
    """What is gathered of one part, slice by slice of rows."""

    heaviest: Tensor
    mass: float = 0.0
    pairs: int = 0

    def add(self, weights: Tensor, seen: Tensor, places: Tensor) -> None:
        """Add rows of weights [r, n] that lie in these rows of pixels [r]."""
        left = weights * seen
        columns = functional.adaptive_max_pool1d(left[None], self.heaviest.shape[1])[0]
        self.heaviest.scatter_reduce_(0, places[:, None].expand_as(columns), columns, "amax")
        self.mass += float(left.double().sum())
        self.pairs += int(seen.sum())


def faded(weights: Floats) -> Floats:
    """Return log10 of weights, at least `FAINTEST`; NaN where there is none at all."""
    with np.errstate(divide="ignore"):
        found = np.log10(weights)
    return np.where(np.isfinite(found), np.maximum(found, FAINTEST), np.nan)
