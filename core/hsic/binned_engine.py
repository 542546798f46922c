"""Many rows: the map over widths of two columns from their two-dimensional histogram.

Each row is shared among the four nearest nodes of a grid (linear binning); between nodes any kernel
of the distance is a convolution. Sharing multiplies the characteristic function by sinc²(ωh/2),
which is divided out. Permuted rows are rounded to the nearest node instead, and so are the rows
they are compared with: a permutation test of rounded data is still exact. Rows are counted on the
CPU, where permutations are drawn; the grids are transformed on the device.
"""

import numpy as np
import torch
from torch import Tensor

from zoetrope.core.hsic.fourier_engine import unit_interval
from zoetrope.core.hsic.gram_matrix import Block
from zoetrope.core.hsic.lattice import Lattice, halved, node_moments, power_steps
from zoetrope.core.hsic.map_engine import Moments, Preparation
from zoetrope.core.hsic.moments import SideMoments, stack_sides
from zoetrope.core.hsic.results import Floats
from zoetrope.core.hsic.stepping import Steps
from zoetrope.core.hsic.widths import Width

FINE_BINS = 1025  # odd, so that every other node makes the grid of half the resolution
ROUNDED_BINS = 513
SAFETY = 3.0  # times the change from half as many nodes: the error of this many, and more
CHUNK = 100_000  # rows binned between two yields


class BinnedEngine:
    """Kernels of the distance on one column a side, hundreds to millions of rows."""

    name = "binned convolution"

    def __init__(self, x: Block, y: Block, widths_x: list[Width], widths_y: list[Width]):
        self.n = x.n
        self.error = self.accuracy = 0.0
        self._device = x.values.device
        self._sides = [
            Lattice(block, widths, float(block.values.max() - block.values.min()))
            for block, widths in ((x, widths_x), (y, widths_y))
        ]

    def prepare(self) -> Preparation:
        """Bin the rows and transform."""
        units: list[Floats] = []
        for side in self._sides:
            units.append(unit_interval(side.block.values[:, 0].double().cpu().numpy()))
            yield
        fine = yield from _linear_histogram(units[0], units[1], FINE_BINS)
        joint = torch.from_numpy(fine).to(self._device)
        self._observed = yield from self._map_of(joint)
        self._joint = halved(halved(joint).T).T.contiguous()
        yield
        self._coarser = yield from self._map_of(self._joint)
        self._codes = [np.rint(t * (ROUNDED_BINS - 1)).astype(np.int32) for t in units]
        self._codes[0] *= ROUNDED_BINS
        yield
        self._transforms = [side.transforms(ROUNDED_BINS) for side in self._sides]
        yield
        self._ranked = yield from self.permuted(torch.arange(self.n))

    def _map_of(self, joint: Tensor) -> Steps[Tensor]:
        """T from a linearly binned histogram [g, g]."""
        joint = joint - joint.sum(1, keepdim=True) @ joint.sum(0, keepdim=True) / self.n
        power = yield from power_steps(joint)
        kx, ky = (side.transforms(len(joint), sharpen=True) for side in self._sides)
        yield
        return (kx.T @ power @ ky).cpu()

    def observed(self) -> Tensor:
        """T of the data."""
        return self._observed

    def ranked(self) -> Tensor:
        """T of the data rounded to the grid on which rows are permuted."""
        return self._ranked

    def permuted(self, order: Tensor) -> Steps[Tensor]:
        """T of rounded data with y permuted."""
        cells = np.bincount(
            self._codes[0] + self._codes[1][order.numpy()], minlength=ROUNDED_BINS**2
        )
        counts = torch.from_numpy(cells.reshape(ROUNDED_BINS, ROUNDED_BINS))
        counts = counts.to(self._device, torch.float64)
        counts -= counts.sum(1, keepdim=True) @ counts.sum(0, keepdim=True) / self.n
        kx, ky = self._transforms
        power = yield from power_steps(counts)
        return (kx.T @ power @ ky).cpu()

    def moments(self) -> Moments:
        """Both sides' sums, from the marginal counts."""
        found: list[SideMoments] = []
        self._own: list[Tensor] = []
        for axis, side in enumerate(self._sides):
            counts = self._joint.sum(1 - axis)
            parts, own = [], []
            for width in side.widths:
                parts.append(node_moments(side, counts, width))
                own.append(side.own(counts, width))
                yield
            found.append(stack_sides(parts))
            self._own.append(torch.stack(own, 1))
        x, y = found
        norms = (x.facing(1).norm_squared * y.facing(0).norm_squared).clamp(min=1e-300).sqrt()
        self.error = SAFETY * float(((self._observed - self._coarser).abs() / norms).max())
        return x, y

    def diagonal_products(self) -> Tensor:
        """Σ d_x d_y, as [Sx, Sy]."""
        dx, dy = (
            own - self._joint.sum(1 - axis) @ own / self.n for axis, own in enumerate(self._own)
        )
        return (dx.T @ self._joint @ dy).cpu()


def _linear_histogram(x: Floats, y: Floats, bins: int) -> Steps[Floats]:
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
