"""Many rows, any kernel: thin factors of every width, held in one common basis.

With Kc_a = Q B_a B_a' Q' and Lc_b = R D_b D_b' R', T = |B_a' (Q' R[pi]) D_b|²: a permutation costs
one product of the two thin bases and then only small ones.
"""

import torch
from torch import Tensor

from zoetrope.core.hsic.gram_matrix import Block
from zoetrope.core.hsic.low_rank import LowRank, incomplete_cholesky_steps
from zoetrope.core.hsic.low_rank_moments import low_rank_moments_steps
from zoetrope.core.hsic.map_engine import Moments, Preparation
from zoetrope.core.hsic.moments import SideMoments, stack_sides
from zoetrope.core.hsic.widths import Width

MOST_RANK = 600
BASIS_TOLERANCE = 1e-8  # of a factor's norm


class _Stack:
    """One block at all its widths: the basis [n, r], the small factors [r, r_a] side by side."""

    def __init__(self, block: Block, widths: list[Width]):
        self.block = block
        self.widths = widths
        self.thin: list[LowRank] = []
        self.error = 0.0

    def prepare(self) -> Preparation:
        """Factor every width; directions that the basis lacks are added to it."""
        basis = torch.empty((self.block.n, 0), dtype=self.block.values.dtype)
        basis = basis.to(self.block.values.device)
        for width in self.widths:
            rows = self.block.with_width(width)
            thin = yield from incomplete_cholesky_steps(rows, MOST_RANK)
            self.thin.append(thin)
            norm = float((thin.factor.T @ thin.factor).norm())
            if norm > 0:
                self.error = max(self.error, thin.rest / norm)
            rest = thin.factor - basis @ (basis.T @ thin.factor)
            rest = rest - basis @ (basis.T @ rest)
            yield
            if thin.factor.shape[1]:
                left, sizes, _ = torch.linalg.svd(rest, full_matrices=False)
                new = left[:, sizes > BASIS_TOLERANCE * float(thin.factor.norm())]
                basis = torch.cat([basis, new], 1)
            yield
        self.basis = basis
        self.small = torch.cat([basis.T @ thin.factor for thin in self.thin], 1)
        ranks = [thin.factor.shape[1] for thin in self.thin]
        self.width_of = torch.repeat_interleave(torch.arange(len(ranks)), torch.tensor(ranks))
        self.own = torch.stack([thin.factor.square().sum(1) for thin in self.thin], 1)


class StackedEngine:
    """For more rows than whole Gram matrices can serve."""

    name = "stacked incomplete Cholesky"

    def __init__(self, x: Block, y: Block, widths_x: list[Width], widths_y: list[Width]):
        self.n = x.n
        self.error = 0.0
        self._x, self._y = _Stack(x, widths_x), _Stack(y, widths_y)

    def prepare(self) -> Preparation:
        """Factor both sides."""
        yield from self._x.prepare()
        yield from self._y.prepare()
        ex, ey = self._x.error, self._y.error
        self.error = ex + ey + ex * ey

    def observed(self) -> Tensor:
        """T of the data."""
        return self._map(self._y.basis)

    ranked = observed

    def permuted(self, order: Tensor) -> Tensor:
        """T with y permuted."""
        return self._map(self._y.basis.index_select(0, order.to(self._y.basis.device)))

    def _map(self, basis_y: Tensor) -> Tensor:
        squares = (self._x.small.T @ (self._x.basis.T @ basis_y) @ self._y.small).square()
        shape = (len(self._x.widths), len(self._y.widths))
        by_x = torch.zeros((shape[0], squares.shape[1]), dtype=squares.dtype, device=squares.device)
        by_x.index_add_(0, self._x.width_of.to(squares.device), squares)
        found = torch.zeros(shape, dtype=squares.dtype, device=squares.device)
        found.index_add_(1, self._y.width_of.to(squares.device), by_x)
        return found.cpu()

    def moments(self) -> Moments:
        """Both sides' sums."""
        found: list[SideMoments] = []
        for side in (self._x, self._y):
            parts: list[SideMoments] = []
            for thin in side.thin:
                sums = yield from low_rank_moments_steps(thin)
                parts.append(sums)
            found.append(stack_sides(parts))
        return found[0], found[1]

    def diagonal_products(self) -> Tensor:
        """Σ d_x d_y, as [Sx, Sy]."""
        x, y = (side.own - side.own.mean(0) for side in (self._x, self._y))
        return (x.T @ y).cpu()
