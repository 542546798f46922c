"""T = <Kc, Lc[pi][:, pi]> for many permutations, by whichever way costs least.

With factors Kc = F F', Lc = G G' it is |F' G[pi]|², a product of thin matrices; a kernel whose
matrix has no small rank is gathered entry by entry.
"""

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from zoetrope.core.hsic.block_moments import LARGEST_DENSE
from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.hsic.gram_matrix import Block, off_diagonal_steps
from zoetrope.core.hsic.low_rank import LowRank, incomplete_cholesky_steps
from zoetrope.core.hsic.stepping import Steps

DENSE_UP_TO = 48  # rows for which whole matrices are quickest, and exact to the last digit
RANK_PER_ROOT = 5.0  # ranks up to this times √n beat gathering the matrix
BATCH_ENTRIES = 1_500_000
GATHERED_A_STEP = 2_000_000
PRODUCTS_A_STEP = 200_000_000


class PermutedStatistic(Protocol):
    """T of the data and of permuted data. `tolerance` is how close two values count as a tie."""

    engine: str
    observed: float
    error: float
    tolerance: float
    batch: int

    def of(self, permutations: Tensor) -> Steps[Tensor]:
        """T [b] for permutations [b, n] of the rows of y, yielding every 50 ms or so."""
        ...


@dataclass
class DenseStatistic:
    """T from whole centred Gram matrices [n, n]."""

    kc: Tensor
    lc: Tensor
    engine: str = "dense"
    error: float = 0.0

    def __post_init__(self) -> None:
        """Compute T of the data."""
        self.observed = float(torch.vdot(self.kc.reshape(-1), self.lc.reshape(-1)))
        self.tolerance = tie_tolerance(len(self.kc), self.kc, self.lc)
        self.batch = max(1, BATCH_ENTRIES // self.kc.numel())

    def of(self, permutations: Tensor) -> Steps[Tensor]:
        """T [b]."""
        permutations = permutations.to(self.lc.device)
        if self.batch > 1:
            permuted = self.lc[permutations[:, :, None], permutations[:, None, :]]
            return permuted.reshape(len(permutations), -1) @ self.kc.reshape(-1)
        found = permutations.new_empty(len(permutations), dtype=self.lc.dtype)
        for b, order in enumerate(permutations):
            found[b] = yield from self._one(order)
        return found

    def _one(self, order: Tensor) -> Steps[Tensor]:
        n = len(order)
        step = max(1, GATHERED_A_STEP // n)
        total = self.kc.new_zeros(())
        for start in range(0, n, step):
            rows = slice(start, start + step)
            permuted = self.lc.index_select(0, order[rows]).index_select(1, order)
            total += torch.vdot(self.kc[rows].reshape(-1), permuted.reshape(-1))
            if step < n:
                yield
        return total


@dataclass
class LowRankStatistic:
    """T from the factors of both sides."""

    x: LowRank
    y: LowRank
    engine: str = "incomplete Cholesky"

    def __post_init__(self) -> None:
        """Compute T of the data and how far it may be off."""
        f, g = self.x.factor, self.y.factor
        gram_x, gram_y = f.T @ f, g.T @ g
        self.error = self.x.rest * float(gram_y.norm()) + self.y.rest * float(gram_x.norm())
        self.error += self.x.rest * self.y.rest
        self.observed = float((f.T @ g).square().sum())
        self.tolerance = tie_tolerance(len(f), gram_x, gram_y) + 2 * self.error
        work = len(f) * max(1, f.shape[1]) * max(1, g.shape[1])
        self.batch = max(1, min(BATCH_ENTRIES // max(1, g.numel()), PRODUCTS_A_STEP // work))
        self._step = max(1, PRODUCTS_A_STEP * len(f) // work)

    def of(self, permutations: Tensor) -> Steps[Tensor]:
        """T [b]."""
        f, g = self.x.factor, self.y.factor
        count, n = permutations.shape
        orders = permutations.T.to(g.device)
        product = f.new_zeros((f.shape[1], count * g.shape[1]))
        for start in range(0, n, self._step):
            rows = slice(start, start + self._step)
            product += f[rows].T @ g[orders[rows]].reshape(len(f[rows]), -1)
            if self._step < n:
                yield
        return product.reshape(f.shape[1], count, g.shape[1]).square().sum((0, 2))


def tie_tolerance(n: int, x: Tensor, y: Tensor) -> float:
    """How far below the observed T of n rows a permuted one still ties with it: rounding only.

    Without it ties are lost: for 8 binary pairs with exact p 34/70 a strict comparison in single
    precision finds 0.371.
    """
    rounding = 1e-13 if x.dtype == torch.float64 else 1e-6
    return rounding * max(1.0, n / 50) * float(x.norm()) * float(y.norm())


def choose_statistic_steps(x: Block, y: Block) -> Steps[PermutedStatistic]:
    """The cheaper of the two ways for these blocks."""
    if x.n > DENSE_UP_TO:
        limit = int(RANK_PER_ROOT * x.n**0.5)
        thin_x = yield from incomplete_cholesky_steps(x, limit)
        if thin_x is not None:
            thin_y = yield from incomplete_cholesky_steps(y, limit)
            if thin_y is not None:
                return LowRankStatistic(thin_x, thin_y)
    if x.n > LARGEST_DENSE:
        raise HsicError(
            "too_large",
            f"{x.n} rows with kernels this narrow would fill the memory; use wider kernels, fewer "
            "rows, or width_grid, which needs no Gram matrix for one column a side.",
            "x",
        )
    gram_x = yield from off_diagonal_steps(x)
    kc = gram_x.centred()
    yield
    gram_y = yield from off_diagonal_steps(y)
    return DenseStatistic(kc, gram_y.centred())
