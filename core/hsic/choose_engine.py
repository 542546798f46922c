"""Which engine draws a map over widths: the cheapest that fits the data and the kernels."""

import math

from zoetrope.core.hsic.binned_engine import BinnedEngine
from zoetrope.core.hsic.family_engine import LARGEST_N, FamilyEngine
from zoetrope.core.hsic.fourier_engine import PERMUTED, FourierEngine
from zoetrope.core.hsic.fourier_side import CUTOFF, MOST_MODES, felt_at, modes_needed
from zoetrope.core.hsic.gram_matrix import Block
from zoetrope.core.hsic.low_rank import incomplete_cholesky
from zoetrope.core.hsic.map_engine import MapEngine
from zoetrope.core.hsic.results import Floats
from zoetrope.core.hsic.stacked_engine import StackedEngine
from zoetrope.core.hsic.widths import Width

FAMILY_DIRECTIONS = 20  # matrices a family typically spans
GATHER = 100.0  # cost of gathering one number, in multiplications of large matrices
BINNED_COST = 550e6  # of a permutation on the grid, in the same
BINNED_FROM = 300  # rows
FINEST = 0.002  # width, in units of the column's extent, that the grid still resolves
RANK_PER_ROOT = 4.0  # thin factors up to this times √n beat whole matrices
OF_DISTANCE = ("gaussian", "laplace", "matern32", "matern52", "rq", "imq", "linear", "distance")


def choose_engine(x: Block, y: Block, widths_x: Floats, widths_y: Floats) -> MapEngine:
    """Fourier features or bins for kernels of single columns, else families, else thin factors."""
    blocks, grids = (x, y), (widths_x, widths_y)
    lists = [as_widths(grid, block) for grid, block in zip(grids, blocks, strict=True)]
    shares = [_narrowest(block, grid) for block, grid in zip(blocks, grids, strict=True)]
    binned = x.n > BINNED_FROM and min(shares) >= FINEST
    cost = BINNED_COST if binned else _family_cost(x.n)
    if all(block.kernel.name == "gaussian" for block in blocks) and min(shares) > 1e-6:
        modes = [modes_needed(share) for share in shares]
        permuted = 4.0 * x.n * modes[0] * modes[1] * (felt_at(PERMUTED) / CUTOFF) ** 2
        if max(modes) <= MOST_MODES and permuted < cost:
            return FourierEngine(x, y, widths_x, widths_y)
    if binned:
        return BinnedEngine(x, y, lists[0], lists[1])
    if x.n > LARGEST_N or (x.n > BINNED_FROM and _thin(x, widths_x) and _thin(y, widths_y)):
        return StackedEngine(x, y, lists[0], lists[1])
    return FamilyEngine(x, y, lists[0], lists[1])


def as_widths(grid: Floats, block: Block) -> list[Width]:
    """The widths of a grid as a kernel takes them: the same for every column of a product."""
    if not block.kernel.has_width:
        return [None]
    if block.kernel.columns == "joint":
        return [float(width) for width in grid]
    columns = range(block.values.shape[1])
    return [
        tuple(float(width) if block.kernel.part(c).has_width else None for c in columns)
        for width in grid
    ]


def _narrowest(block: Block, grid: Floats) -> float:
    """The narrowest width over the extent of a column whose kernel is one of the distance, or 0."""
    kernel = block.kernel
    single = block.values.shape[1] == 1 and kernel.columns == "joint" and not block.constant
    if not single or kernel.name not in OF_DISTANCE:
        return 0.0
    if not kernel.has_width:
        return math.inf
    return float(grid.min()) / float(block.values.max() - block.values.min())


def _thin(block: Block, grid: Floats) -> bool:
    """Whether even the narrowest kernel has a small rank."""
    narrowest = block.with_width(as_widths(grid[[grid.argmin()]], block)[0])
    return incomplete_cholesky(narrowest, int(RANK_PER_ROOT * block.n**0.5)) is not None


def _family_cost(n: int) -> float:
    """Multiplications a permutation; more rows than a family takes are no choice."""
    if n > LARGEST_N:
        return math.inf
    return n * n / 2 * FAMILY_DIRECTIONS * (FAMILY_DIRECTIONS + GATHER)
