"""Where the joint distribution has more mass than independence would give it."""

from typing import Any, Unpack

from torch import Tensor

from zoetrope.core.hsic import arguments
from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.hsic.gram_matrix import Block, own_values
from zoetrope.core.hsic.pairing import PairOptions, pair
from zoetrope.core.hsic.results import Floats


def witness(
    x: Any,
    y: Any,
    grid_x: Any,
    grid_y: Any,
    **options: Unpack[PairOptions],
) -> Floats:
    """w at every pair of grid points, as [len(grid_x), len(grid_y)].

    w(a, b) = mean_i k(a, x_i) l(b, y_i) - mean_i k(a, x_i) mean_i l(b, y_i) (Gretton et al. 2012):
    positive where the pairs crowd more than independence has it. HSIC_b is the mean of w over the
    pairs (x_i, y_i) less its mean over all (x_i, y_j).
    """
    bx, by = pair(x, y, **options)
    fx, fy = (_sections(b, g, name) for b, g, name in ((bx, grid_x, "x"), (by, grid_y, "y")))
    found: Floats = ((fx.T @ fy) / bx.n).double().cpu().numpy()
    return found


def _sections(side: Block, grid: Any, name: str) -> Tensor:
    """k(x_i, a) less its mean over i, for grid points a, as [n, m]."""
    if side.kernel.name == "precomputed":
        raise HsicError(
            "undefined",
            "A precomputed Gram matrix says nothing about other points; choose a kernel.",
            f"kernel_{name}",
        )
    points = arguments.rows(grid, f"grid_{name}")
    if points.shape[1] != side.values.shape[1]:
        raise HsicError(
            "bad_shape",
            f"grid_{name} has {points.shape[1]} columns and {name} has {side.values.shape[1]}.",
            f"grid_{name}",
        )
    values = side.contrast_to(side.place(points))
    if not side.kernel.unit_diagonal:
        values = values + own_values(side)[:, None] / 2
    return values - values.mean(0)
