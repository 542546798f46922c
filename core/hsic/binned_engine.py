"""A million rows: the map over widths of two columns from their two-dimensional histogram.

Each row is shared among the four nearest nodes of a grid (linear binning). That multiplies the
characteristic function by sinc²(ωh/2), which is divided out; the rest is the Fourier engine on the
grid. Permuted rows are rounded to the nearest node instead, and so are the rows they are compared
with: a permutation test of rounded data is still exact.
"""

from collections.abc import Generator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from zoetrope.core.hsic.fourier_engine import relative_error, unit_interval, weighted_map
from zoetrope.core.hsic.fourier_side import (
    FourierSide,
    FourierWeights,
    fourier_side,
    fourier_weights,
    moments_at,
)
from zoetrope.core.hsic.map_engine import Moments, Preparation
from zoetrope.core.hsic.moments import SideMoments, stack_sides
from zoetrope.core.hsic.results import Floats

FINE_BINS = 1025  # odd, so that every other node makes the grid of half the resolution
ROUNDED_BINS = 513
MOMENT_BINS = 513
CHUNK = 200_000  # rows binned between two yields


class BinnedEngine:
    """Gaussian kernels on one column a side, tens of thousands to millions of rows."""

    name = "binned Fourier"

    def __init__(self, x: Floats, y: Floats, widths_x: Floats, widths_y: Floats, device: str):
        self.n = len(x)
        self.error = 0.0
        self._columns = (x, y)
        self._widths = (widths_x, widths_y)
        self._device = device
        self._bases: list[FourierWeights] = []

    def prepare(self) -> Preparation:
        """Bin the rows and form the grid's features."""
        units: list[Floats] = []
        for column, widths in zip(self._columns, self._widths, strict=True):
            units.append(unit_interval(column))
            yield
            self._bases.append(fourier_weights(widths / float(np.ptp(column))))
            yield
        fine = yield from _linear_histogram(units[0], units[1], FINE_BINS)
        coarse = _halved(fine)
        self._observed = self._map_of(fine)
        yield
        x, y = yield from self._prepare_moments(fine)
        norms = (x.facing(1).norm_squared * y.facing(0).norm_squared).clamp(min=1e-300).sqrt()
        change = (self._observed - self._map_of(coarse)).abs() / norms
        self._binning_error = float(change.max())
        yield
        self._codes = [np.rint(t * (ROUNDED_BINS - 1)).astype(np.int32) for t in units]
        self._codes[0] *= ROUNDED_BINS
        self._rounded = [
            grid_side(basis, ROUNDED_BINS, None, self._device).features.reshape(ROUNDED_BINS, -1)
            for basis in self._bases
        ]
        self._rounded[0] = self._rounded[0].T.contiguous()
        yield

    def _map_of(self, joint: Floats) -> Tensor:
        """T from a linearly binned histogram [g, g]."""
        bins = len(joint)
        counts = torch.from_numpy(joint).to(self._device)
        x, y = (
            grid_side(basis, bins, counts.sum(1 - axis), self._device, sharpen=True)
            for axis, basis in enumerate(self._bases)
        )
        flat_x, flat_y = x.features.reshape(bins, -1), y.features.reshape(bins, -1)
        return weighted_map(flat_x.T @ (counts @ flat_y), x.weights, y.weights).cpu()

    def _prepare_moments(self, fine: Floats) -> Moments:
        """The marginals' sides and sums, from nodes without sharpening."""
        joint = fine
        while len(joint) > MOMENT_BINS:
            joint = _halved(joint)
        self._joint = torch.from_numpy(joint).to(self._device)
        self._sides: list[FourierSide] = []
        self._own: list[Tensor] = []
        found: list[SideMoments] = []
        for axis, basis in enumerate(self._bases):
            side = grid_side(basis, len(joint), self._joint.sum(1 - axis), self._device)
            own = side.own()
            parts = []
            for width in range(len(side.modes)):
                parts.append(moments_at(side, width, own, side))
                yield
            self._sides.append(side)
            self._own.append(own)
            found.append(stack_sides(parts))
        self._found = (found[0], found[1])
        return self._found

    def observed(self) -> Tensor:
        """T of the data."""
        return self._observed

    def ranked(self) -> Tensor:
        """T of the data rounded to the grid on which rows are permuted."""
        return self._rounded_map(self._codes[1])

    def permuted(self, order: Tensor) -> Tensor:
        """T of rounded data with y permuted."""
        return self._rounded_map(self._codes[1][order.numpy()])

    def _rounded_map(self, codes_y: NDArray[np.int32]) -> Tensor:
        cells = np.bincount(self._codes[0] + codes_y, minlength=ROUNDED_BINS**2)
        counts = torch.from_numpy(cells.reshape(ROUNDED_BINS, ROUNDED_BINS))
        counts = counts.to(self._device, torch.float64)
        # centring the counts does what centring every feature over the rows would do
        counts -= counts.sum(1, keepdim=True) @ counts.sum(0, keepdim=True) / self.n
        cross = self._rounded[0] @ (counts @ self._rounded[1])
        weights = [basis.weights.to(self._device) for basis in self._bases]
        return weighted_map(cross, weights[0], weights[1]).cpu()

    def moments(self) -> Moments:
        """Both sides' sums."""
        yield
        x, y = self._found
        fourier = sum(relative_error(s, m) for s, m in zip(self._sides, (x, y), strict=True))
        self.error = self._binning_error + fourier
        return x, y

    def diagonal_products(self) -> Tensor:
        """Σ d_x d_y, as [Sx, Sy]."""
        dx, dy = (
            own - side.counts @ own / self.n
            for own, side in zip(self._own, self._sides, strict=True)
        )
        return (dx.T @ self._joint @ dy).cpu()


def grid_side(
    basis: FourierWeights,
    bins: int,
    counts: Tensor | None,
    device: str,
    *,
    sharpen: bool = False,
) -> FourierSide:
    """Features at the nodes of a grid; `sharpen` divides out the blur of linear binning."""
    nodes = torch.linspace(0, 1, bins, dtype=torch.float64, device=device)
    if counts is None:
        counts = torch.ones_like(nodes)
    blur = None
    if sharpen:
        blur = torch.sinc(basis.frequencies / (bins - 1) / (2 * torch.pi)).square()
    return fourier_side(nodes, counts, basis, blur)


def _linear_histogram(x: Floats, y: Floats, bins: int) -> Generator[None, None, Floats]:
    """Counts [bins, bins] with every row shared among its four nearest nodes."""
    total = np.zeros(bins * bins)
    for start in range(0, len(x), CHUNK):
        tx, ty = x[start : start + CHUNK] * (bins - 1), y[start : start + CHUNK] * (bins - 1)
        ix = np.minimum(tx.astype(np.int64), bins - 2)
        iy = np.minimum(ty.astype(np.int64), bins - 2)
        fx, fy = tx - ix, ty - iy
        cell = ix * bins + iy
        for offset, weight in (
            (0, (1 - fx) * (1 - fy)),
            (1, (1 - fx) * fy),
            (bins, fx * (1 - fy)),
            (bins + 1, fx * fy),
        ):
            total += np.bincount(cell + offset, weight, bins * bins)
        yield
    return total.reshape(bins, bins)


def _halved(joint: Floats) -> Floats:
    """The same rows linearly binned on every other node of the grid [2g - 1, 2g - 1]."""
    for _ in range(2):
        odd = joint[1::2] / 2
        joint = joint[::2].copy()
        joint[:-1] += odd
        joint[1:] += odd
        joint = joint.T
    return np.ascontiguousarray(joint)
