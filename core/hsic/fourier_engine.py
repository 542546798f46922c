"""The whole map over widths of two columns at once, from Fourier features.

T = Σ_mm' w_m w*_m' |cross-covariance of mode m of x with mode m' of y|²: with G the matrix of
those squares the map is W_x' G W_y, and a permutation only permutes the features of y. Permuted
maps, and the data's that they are compared with, leave out modes of next to no weight.
"""

import numpy as np
import torch
from torch import Tensor

from zoetrope.core.hsic.fourier_side import (
    FourierSide,
    fourier_side_steps,
    fourier_weights,
    moments_at,
    product_steps,
)
from zoetrope.core.hsic.gram_matrix import Block
from zoetrope.core.hsic.lattice import Lattice
from zoetrope.core.hsic.map_engine import Moments, Preparation
from zoetrope.core.hsic.moments import SideMoments, stack_sides
from zoetrope.core.hsic.results import Floats
from zoetrope.core.hsic.stepping import Steps

PERMUTED = 1e-5  # of the greatest weight: a kernel without the modes below differs by 2e-6
NODES = 513  # of the grid on which the sum of cubes, the one over n² pairs, is a convolution


class FourierEngine:
    """Gaussian kernels on one column a side; error below 1e-8 of the map's scale."""

    name = "Fourier"

    def __init__(self, x: Block, y: Block, widths_x: Floats, widths_y: Floats):
        self.n = x.n
        self.error = self.accuracy = 0.0
        self._columns = [side.values[:, 0].double().cpu().numpy() for side in (x, y)]
        self._lattices = [
            Lattice(side, widths.tolist(), float(np.ptp(column)))
            for side, widths, column in zip(
                (x, y), (widths_x, widths_y), self._columns, strict=True
            )
        ]
        self._device = x.values.device
        self._sides: list[FourierSide] = []
        self._own: list[Tensor] = []

    def prepare(self) -> Preparation:
        """Form the features."""
        for column, lattice in zip(self._columns, self._lattices, strict=True):
            basis = fourier_weights(np.array(lattice.widths) / lattice.extent)
            yield
            t = torch.from_numpy(unit_interval(column)).to(self._device)
            side = yield from fourier_side_steps(t, basis)
            self._sides.append(side)
            yield
            self._own.append(self._sides[-1].own())
            yield
        x, y = self._sides
        cross = yield from product_steps(x.flat(), y.flat())
        self._observed = _map(cross, x, y)
        yield

    def observed(self) -> Tensor:
        """T of the data."""
        return self._observed

    def ranked(self) -> Tensor:
        """T of the data by the modes that permuted rows are compared by, which are found here."""
        x, y = self._sides
        self._shuffled = (x.leading(PERMUTED), y.leading(PERMUTED))
        self._left, self._right = (side.flat() for side in self._shuffled)
        return _map(self._left.T @ self._right, *self._shuffled)

    def permuted(self, order: Tensor) -> Steps[Tensor]:
        """T with y permuted; one step, as only columns short enough for that come here."""
        yield from ()
        right = self._right.index_select(0, order.to(self._device))
        return _map(self._left.T @ right, *self._shuffled)

    def moments(self) -> Moments:
        """Both sides' sums; yields after every width."""
        found: list[SideMoments] = []
        error = 0.0
        for side, own, lattice in zip(self._sides, self._own, self._lattices, strict=True):
            nodes = shared_counts(side.t, NODES)
            cubes = lattice.cubes(nodes, lattice.widths, own.sum(0) / (self.n - 1))
            yield
            waves = yield from side.waves_steps(own - own.mean(0))
            gram = yield from side.gram_steps()
            parts = []
            for s in range(len(lattice.widths)):
                parts.append(moments_at(side, s, own, gram, waves, float(cubes[s])))
                yield
            found.append(stack_sides(parts))
            error += relative_error(side, found[-1])
        self.error = error
        return found[0], found[1]

    def diagonal_products(self) -> Tensor:
        """Σ d_x d_y, as [Sx, Sy]."""
        x, y = (own - own.mean(0) for own in self._own)
        return (x.T @ y).cpu()


def _map(cross: Tensor, x: FourierSide, y: FourierSide) -> Tensor:
    """W_x' G W_y from cross-covariances [2Mx, 2My] of cos and sin features."""
    found: Tensor = x.weights.repeat(2, 1).T @ cross.square() @ y.weights.repeat(2, 1)
    return found.cpu()


def unit_interval(column: Floats) -> Floats:
    """The column moved and scaled onto [0, 1]."""
    low = column.min()
    unit: Floats = (column - low) / (column.max() - low)
    return unit


def shared_counts(t: Tensor, nodes: int) -> Tensor:
    """Counts at the nodes of a grid on [0, 1], every row shared by its nearest two."""
    place = t * (nodes - 1)
    left = place.long().clamp(max=nodes - 2)
    part = place - left
    counts = torch.bincount(left, 1 - part, nodes)
    return counts + torch.bincount(left + 1, part, nodes)


def relative_error(side: FourierSide, moments: SideMoments) -> float:
    """The greatest |K error|_F/|Kc| over the widths."""
    norms = moments.norm_squared.clamp(min=1e-300).sqrt()
    return float((side.n * side.error / norms).max())
