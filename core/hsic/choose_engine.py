"""Which engine draws a map over widths: the cheapest that fits the data and the kernels."""

from zoetrope.core.hsic.binned_engine import BinnedEngine
from zoetrope.core.hsic.family_engine import LARGEST_N, FamilyEngine
from zoetrope.core.hsic.fourier_engine import FourierEngine, fits_fourier
from zoetrope.core.hsic.fourier_side import MOST_MODES, modes_needed
from zoetrope.core.hsic.gram_matrix import Block
from zoetrope.core.hsic.map_engine import MapEngine
from zoetrope.core.hsic.results import Floats
from zoetrope.core.hsic.stacked_engine import StackedEngine
from zoetrope.core.hsic.widths import Width

BINNED_FROM = 20_000  # rows
FAMILY_DIRECTIONS = 20  # matrices a family typically spans
GATHER = 8.0  # cost of gathering one number, in multiplications


def choose_engine(x: Block, y: Block, widths_x: Floats, widths_y: Floats, device: str) -> MapEngine:
    """Fourier features for Gaussian kernels of single columns, else families, else thin factors."""
    blocks, grids = (x, y), (widths_x, widths_y)
    gaussian = all(
        b.kernel.name == "gaussian" and b.values.shape[1] == 1 and not b.constant for b in blocks
    )
    if gaussian:
        columns = (x.values[:, 0].cpu().numpy(), y.values[:, 0].cpu().numpy())
        fits = fits_fourier(columns, grids, MOST_MODES)
        if fits and x.n >= BINNED_FROM:
            return BinnedEngine(*columns, *grids, device)
        if fits and (x.n > LARGEST_N or _fourier_cost(columns, grids) < _family_cost(x.n)):
            return FourierEngine(*columns, *grids, device)
    lists = [as_widths(grid, block) for grid, block in zip(grids, blocks, strict=True)]
    if x.n <= LARGEST_N:
        return FamilyEngine(x, y, lists[0], lists[1])
    return StackedEngine(x, y, lists[0], lists[1])


def as_widths(grid: Floats, block: Block) -> list[Width]:
    """The widths of a grid as a kernel takes them: the same for every column of a product."""
    if not block.kernel.has_width:
        return [None]
    if block.kernel.columns == "joint":
        return [float(width) for width in grid]
    return [(float(width),) * block.values.shape[1] for width in grid]


def _fourier_cost(columns: tuple[Floats, Floats], grids: tuple[Floats, Floats]) -> float:
    """Multiplications a permutation."""
    modes = [
        modes_needed(float(g.min()) / float(c.max() - c.min()))
        for c, g in zip(columns, grids, strict=True)
    ]
    return 4.0 * len(columns[0]) * modes[0] * modes[1]


def _family_cost(n: int) -> float:
    return n * n / 2 * FAMILY_DIRECTIONS * (FAMILY_DIRECTIONS + GATHER)
