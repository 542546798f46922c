"""Choosing a width without fooling oneself: by rule, by the map's honest p, or by power on a half.

Maximising HSIC itself is not offered: it picks a tiny width even for independent data.
"""

import math
from dataclasses import dataclass
from typing import Any, Unpack

import numpy as np
import torch
from numpy.typing import NDArray

from zoetrope.core.hsic import arguments
from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.hsic.gram_matrix import Block, off_diagonal, u_centre
from zoetrope.core.hsic.null_formulas import moment_steps, moment_test
from zoetrope.core.hsic.pairing import KernelOptions, pair
from zoetrope.core.hsic.results import Floats, TestResult
from zoetrope.core.hsic.stepping import Steps
from zoetrope.core.hsic.width_map import FACTORS, width_grid
from zoetrope.core.stepping import finish

METHODS = ("median", "minp", "power")
LEAST_FOR_SPLIT = 12


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """The widths chosen and the p-value, with its decimal logarithm, that is valid after this.

    `criterion` [Sx, Sy] is what was maximised: J of the training half for "power", -log10 p for
    "minp", None for "median". `rows` are those the test used.
    """

    width_x: float
    width_y: float
    p_value: float
    log10_p: float
    method: str
    criterion: Floats | None
    rows: NDArray[np.int64]
    seed: int


def select_widths(
    x: Any,
    y: Any,
    method: str = "minp",
    *,
    widths_x: Any = None,
    widths_y: Any = None,
    n_perm: int = 199,
    seed: int = 0,
    **options: Unpack[KernelOptions],
) -> Selection:
    """Widths by "median" (the rule), "minp" (the smallest p of the map, with the honest global p)
    or "power" (the best J on a random half, tested by exact moments on the other half).
    """
    arguments.choice(method, "method", METHODS)
    bx, by = pair(x, y, **options)
    if not (isinstance(bx.width, float) and isinstance(by.width, float)):
        raise HsicError("undefined", "Only kernels with one width each can be selected.", "x")
    if method == "median":
        result = moment_test(x, y, **options)
        every = np.arange(bx.n)
        p, log10_p = result.p_value, result.log10_p
        return Selection(bx.width, by.width, p, log10_p, method, None, every, seed)
    grid_x = bx.width * np.array(FACTORS) if widths_x is None else np.array(widths_x, float)
    grid_y = by.width * np.array(FACTORS) if widths_y is None else np.array(widths_y, float)
    if method == "minp":
        found = width_grid(x, y, grid_x, grid_y, n_perm=n_perm, seed=seed, **options)
        if found.best is None or found.p_global is None or found.log10_p_moment is None:
            raise HsicError("too_few", "The honest p needs at least 6 rows.", "x")
        i, j = found.best
        return Selection(
            float(grid_x[i]),
            float(grid_y[j]),
            found.p_global,
            math.log10(found.p_global),
            method,
            -found.log10_p_moment,
            np.arange(bx.n),
            seed,
        )
    return finish(by_power_steps(bx, by, grid_x, grid_y, seed))


def by_power_steps(
    x: Block, y: Block, grid_x: Floats, grid_y: Floats, seed: int
) -> Steps[Selection]:
    """As `select_widths` by "power" for blocks and widths [Sx], [Sy] in units of the data."""
    arguments.at_least(x.n, LEAST_FOR_SPLIT, "A split into two halves")
    order = np.random.default_rng(seed).permutation(x.n)
    train = torch.from_numpy(order[: x.n // 2]).to(x.values.device)
    test = torch.from_numpy(np.sort(order[x.n // 2 :])).to(x.values.device)
    halves = x.of_rows(train), y.of_rows(train)
    criterion = yield from power_criterion_steps(*halves, grid_x, grid_y)
    i, j = np.unravel_index(int(np.argmax(criterion)), criterion.shape)
    width_x, width_y = float(grid_x[i]), float(grid_y[j])
    result: TestResult | None = None
    for step in moment_steps(
        x.values[test],
        y.values[test],
        width_x=width_x,
        width_y=width_y,
        kernel_x=x.kernel,
        kernel_y=y.kernel,
        **x.where,
    ):
        result = step
        yield
    assert result is not None  # the last step is the result
    p, log10_p = result.p_value, result.log10_p
    return Selection(width_x, width_y, p, log10_p, "power", criterion, test.cpu().numpy(), seed)


def power_criterion_steps(x: Block, y: Block, grid_x: Floats, grid_y: Floats) -> Steps[Floats]:
    """J = HSIC_u/σ_H1 at every pair of widths, as [Sx, Sy]; n >= 4. Yields after every matrix.

    σ_H1² = 16 (mean g² - HSIC_u²) is the variance of √n HSIC_u under dependence, with g_i the mean
    of the U-statistic's kernel over all 4-tuples that hold row i (Song et al. 2012, Thm 5).
    """
    centred_y = []
    for width in grid_y:
        centred_y.append(u_centre(off_diagonal(y.with_width(float(width))).matrix))
        yield
    found = np.empty((len(grid_x), len(grid_y)))
    for i, width in enumerate(grid_x):
        u = u_centre(off_diagonal(x.with_width(float(width))).matrix)
        yield
        for j, v in enumerate(centred_y):
            value, deviation = hsic_and_deviation(u, v)
            found[i, j] = value / deviation if deviation > 0 else 0.0
            yield
    return found


def hsic_and_deviation(u: torch.Tensor, v: torch.Tensor) -> tuple[float, float]:
    """HSIC_u and σ_H1 from two U-centred Gram matrices [n, n].

    Song's h is (n-2)² p_i + (n-2) Σ p for p_i = Σ_j U_ij V_ij: all other
    terms are row sums, which are 0.
    """
    n = len(u)
    p = (u * v).sum(1)
    total = float(p.sum())
    g = ((n - 2) * p + total) / (2 * (n - 1) * (n - 3))
    value = total / (n * (n - 3))
    variance = 16 * (float(g.square().mean()) - value**2)
    return value, max(variance, 0.0) ** 0.5
