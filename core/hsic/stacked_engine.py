"""Many rows, any kernel: thin factors of every width, held in one common basis.

With Kc_a = Q B_a B_a' Q' and Lc_b = R D_b D_b' R', T = |B_a' (Q' R[pi]) D_b|²: a permutation costs
one product of the two thin bases and then only small ones.
"""

import torch
from torch import Tensor

from zoetrope.core.hsic.gram_matrix import Block
from zoetrope.core.hsic.low_rank import LowRank, factor_steps
from zoetrope.core.hsic.low_rank_moments import low_rank_moments_steps
from zoetrope.core.hsic.map_engine import Moments, Preparation, precision
from zoetrope.core.hsic.moments import SideMoments, stack_sides
from zoetrope.core.hsic.stepping import Steps
from zoetrope.core.hsic.widths import Width

MOST_RANK = 600
LEFT_OUT = 1e-9  # of the trace
BASIS_TOLERANCE = 1e-8  # of a factor's norm
COLUMNS_A_STEP = 16  # taken into the basis at once
PRODUCTS_A_STEP = 250_000_000


class _Stack:
    """One block at all its widths: the basis [n, r] and the small factors [r, r_a]."""

    def __init__(self, block: Block, widths: list[Width]):
        self.block = block
        self.widths = widths
        self.thin: list[LowRank] = []
        self.error = 0.0

    def prepare(self) -> Preparation:
        """Factor every width; directions that the basis lacks are added to it."""
        self.basis = self.block.values.new_empty((self.block.n, 0))
        for width in self.widths:
            rows = self.block.with_width(width)
            thin = yield from factor_steps(rows, MOST_RANK, LEFT_OUT)
            self.thin.append(thin)
            norm = float((thin.factor.T @ thin.factor).norm())
            if norm > 0:
                self.error = max(self.error, thin.rest / norm)
            yield from self._extend(thin.factor)
        self.small: list[Tensor] = []
        for thin in self.thin:
            self.small.append((self.basis.T @ thin.factor).double())
            yield
        self.side_by_side = torch.cat(self.small, 1)
        ranks = torch.tensor([small.shape[1] for small in self.small], device=self.basis.device)
        self.width_of = torch.repeat_interleave(ranks)
        self.own = torch.stack([thin.factor.square().sum(1) for thin in self.thin], 1).double()

    def _extend(self, factor: Tensor) -> Preparation:
        """Block Gram-Schmidt, each block projected twice and then orthonormalised."""
        least = max(BASIS_TOLERANCE, precision(self.block)) * float(factor.norm())
        for start in range(0, factor.shape[1], COLUMNS_A_STEP):
            rest = factor[:, start : start + COLUMNS_A_STEP]
            for _ in range(2):  # twice is enough (Kahan)
                rest = rest - self.basis @ (self.basis.T @ rest)
                yield
            left, triangle = torch.linalg.qr(rest)
            turn, sizes, _ = torch.linalg.svd(triangle)
            new = left @ turn[:, sizes > least]
            if new.shape[1]:
                self.basis = torch.cat([self.basis, new], 1)
            yield


class StackedEngine:
    """For smooth kernels, and for more rows than whole Gram matrices can serve."""

    name = "stacked incomplete Cholesky"

    def __init__(self, x: Block, y: Block, widths_x: list[Width], widths_y: list[Width]):
        self.n = x.n
        self.error = self.accuracy = 0.0
        self._x, self._y = _Stack(x, widths_x), _Stack(y, widths_y)

    def prepare(self) -> Preparation:
        """Factor both sides."""
        yield from self._x.prepare()
        yield from self._y.prepare()
        ex, ey = self._x.error, self._y.error
        self.error = ex + ey + ex * ey
        self.accuracy = max(10 * BASIS_TOLERANCE, precision(self._x.block))
        self._observed = yield from self._map(self._y.basis)

    def observed(self) -> Tensor:
        """T of the data."""
        return self._observed

    ranked = observed

    def permuted(self, order: Tensor) -> Steps[Tensor]:
        """T with y permuted."""
        return self._map(self._y.basis, order.to(self._y.basis.device))

    def _map(self, basis_y: Tensor, order: Tensor | None = None) -> Steps[Tensor]:
        basis_x = self._x.basis
        cross = basis_x.new_zeros((basis_x.shape[1], basis_y.shape[1]))
        step = max(64, PRODUCTS_A_STEP // max(1, cross.numel()))
        for start in range(0, self.n, step):
            rows = slice(start, start + step)
            part = basis_y[rows] if order is None else basis_y.index_select(0, order[rows])
            cross += basis_x[rows].T @ part
            if step < self.n:
                yield
        cross = cross.double()
        found = cross.new_zeros((len(self._x.widths), len(self._y.widths)))
        for b, small in enumerate(self._y.small):
            products = self._x.side_by_side.T @ (cross @ small)
            found[:, b].index_add_(0, self._x.width_of, products.square().sum(1))
            if products.numel() * len(cross) > PRODUCTS_A_STEP // 10:
                yield
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
