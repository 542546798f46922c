"""What every engine for a map over widths can do: T = <Kc, Lc[pi]> for all pairs of widths."""

from typing import Protocol

import torch
from torch import Tensor

from zoetrope.core.hsic.gram_matrix import Block
from zoetrope.core.hsic.moments import SideMoments
from zoetrope.core.hsic.stepping import Steps

Preparation = Steps[None]
Moments = Steps[tuple[SideMoments, SideMoments]]


def precision(rows: Block) -> float:
    """The accuracy of T of single precision rows; 0 for double."""
    return 0.0 if rows.values.dtype == torch.float64 else 1e-5


class MapEngine(Protocol):
    """A map engine holds both variables at all their widths. Maps are float64 [Sx, Sy] on the CPU.

    Steps are at most 50 ms or so. `error` bounds |T error| relative to |Kc| |Lc|, `accuracy` says
    down to which part of that the order of permuted T can be trusted (0: to rounding), and
    `ranked` is the T that permuted ones are compared with (the data's own, rounded the same way).
    """

    name: str
    n: int
    error: float
    accuracy: float

    def prepare(self) -> Preparation:
        """Do what comes before the first T."""
        ...

    def observed(self) -> Tensor:
        """T of the data."""
        ...

    def ranked(self) -> Tensor:
        """T of the data by the same arithmetic as `permuted`; asked for once, before that."""
        ...

    def permuted(self, order: Tensor) -> Steps[Tensor]:
        """T with the rows of y in another order [n]."""
        ...

    def moments(self) -> Moments:
        """Both sides' sums for the exact moments, all widths."""
        ...

    def diagonal_products(self) -> Tensor:
        """Σ_i d_i d*_i for d = diag Kc - its mean: what HSIC_u needs beside T."""
        ...
