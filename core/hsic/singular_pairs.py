"""The pairs of functions f(x), g(y) that covary most: the singular values of C_xy.

Their squares sum to HSIC_b and the largest is COCO (Gretton et al. 2005).
"""

from dataclasses import dataclass
from typing import Any, Unpack

import numpy as np
import torch

from zoetrope.core.hsic import arguments
from zoetrope.core.hsic.low_rank import factor_steps
from zoetrope.core.hsic.pairing import PairOptions, pair
from zoetrope.core.hsic.results import Floats
from zoetrope.core.stepping import finish

MOST_RANK = 500


@dataclass(frozen=True, slots=True, eq=False)
class SingularFunctions:
    """`values` [r] descending; the first `count` functions at the rows, `f` and `g` [n, count],
    and at the grids, `f_grid` [len(grid_x), count] and `g_grid` (None without grids).

    Functions have unit norm in their kernel's space; signs make f and g covary positively and f
    rise with the first column of x. `left_out` bounds HSIC_b - sum of the squared values.
    """

    values: Floats
    f: Floats
    g: Floats
    f_grid: Floats | None
    g_grid: Floats | None
    left_out: float


def singular_functions(
    x: Any,
    y: Any,
    *,
    count: int = 3,
    grid_x: Any = None,
    grid_y: Any = None,
    **options: Unpack[PairOptions],
) -> SingularFunctions:
    """The singular value decomposition of the empirical cross-covariance operator."""
    arguments.whole(count, "count", 1)
    bx, by = pair(x, y, **options)
    limit = min(MOST_RANK, max(1, bx.n - 1))
    thin = [finish(factor_steps(side, limit)) for side in (bx, by)]
    factors = [side.factor for side in thin]
    left, values, right = torch.linalg.svd(factors[0].T @ factors[1] / bx.n, full_matrices=False)
    kept = min(count, len(values))
    u, v = left[:, :kept], right[:kept].T
    f = factors[0] @ u
    order = bx.values[:, :1] - bx.values[:, :1].mean()
    sign = torch.where((f * order).sum(0) < 0, -1.0, 1.0).to(f)
    u, v = u * sign, v * sign
    grids: list[Floats | None] = []
    for side, weights, grid, name in ((thin[0], u, grid_x, "x"), (thin[1], v, grid_y, "y")):
        if grid is None:
            grids.append(None)
            continue
        points = side.block.place(arguments.rows(grid, f"grid_{name}"))
        grids.append((side.features(points) @ weights).cpu().numpy())
    norms = [float((factor.T @ factor).norm()) for factor in factors]
    left_out = thin[0].rest * norms[1] + thin[1].rest * norms[0] + thin[0].rest * thin[1].rest
    return SingularFunctions(
        values=np.asarray(values.cpu().numpy()),
        f=(factors[0] @ u).cpu().numpy(),
        g=(factors[1] @ v).cpu().numpy(),
        f_grid=grids[0],
        g_grid=grids[1],
        left_out=left_out / bx.n**2,
    )
