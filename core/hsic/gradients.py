"""How HSIC changes when a point moves or a width turns, in closed form."""

import math
from dataclasses import dataclass
from typing import Any, Unpack

import numpy as np
from torch import Tensor

from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.hsic.gram_matrix import Block, off_diagonal
from zoetrope.core.hsic.kernels import radial_forms
from zoetrope.core.hsic.pairing import PairOptions, pair
from zoetrope.core.hsic.results import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Gradient:
    """HSIC_b and its derivatives: by the rows `x` [n, p] and `y` [n, q] (in HSIC per unit of the
    data), and by the logarithm of each width (NaN for a kernel without one).
    """

    value: float
    x: Floats
    y: Floats
    log_width_x: float
    log_width_y: float


def gradient(
    x: Any,
    y: Any,
    **options: Unpack[PairOptions],
) -> Gradient:
    """The gradient of HSIC_b with the widths held where they are.

    ∂HSIC/∂x_i = (2/n²) Σ_j Lc_ij ∂k(x_i, x_j)/∂x_i and ∂HSIC/∂log σ = (1/n²) Σ_ij Lc_ij ∂k/∂log σ.
    Where k has a kink, between equal rows of a Laplace or distance kernel, the pair counts 0.
    HsicError for a kernel without derivative: delta, precomputed, or joined column by column.
    """
    bx, by = pair(x, y, **options)
    kc, lc = off_diagonal(bx).centred(), off_diagonal(by).centred()
    by_x, log_x = _one_side(bx, lc, "x")
    by_y, log_y = _one_side(by, kc, "y")
    return Gradient(float((kc * lc).sum()) / bx.n**2, by_x, by_y, log_x, log_y)


def _one_side(side: Block, other: Tensor, name: str) -> tuple[Floats, float]:
    kernel, n = side.kernel, side.n
    if kernel.columns != "joint" or kernel.name in ("delta", "precomputed"):
        raise HsicError(
            "undefined",
            f"The {kernel.name} kernel of {name} has no gradient by its rows; choose a smooth "
            "kernel on whole rows.",
            f"kernel_{name}",
        )
    values = side.values - side.values.mean(0) if kernel.name != "polynomial" else side.values
    log_width = math.nan
    if kernel.name in ("linear", "polynomial"):
        factor = other
        if kernel.name == "polynomial":
            power = kernel.degree - 1
            factor = kernel.degree * other * (kernel.offset + values @ values.T) ** power
        moved = factor @ values
    else:
        pull = _slope(side) * other
        moved = pull.sum(1, keepdim=True) * values - pull @ values
        if isinstance(side.width, float):
            squares = side.separations[0].square() / side.width**2
            log_width = -float((pull * squares).sum()) * side.width**2 / n**2
    found: Floats = (moved * (2 / n**2)).double().cpu().numpy()
    return np.ascontiguousarray(found), log_width


def _slope(side: Block) -> Tensor:
    """s with ∂k(x, x')/∂x = s (x - x')."""
    distance = side.separations[0]
    if isinstance(side.width, float):
        slope: Tensor = radial_forms(side.kernel).slope(distance / side.width) / side.width**2
        return slope
    power = side.kernel.exponent
    kinked = (-power / 2) * distance.clamp(min=1e-300).pow(power - 2)
    return kinked * (distance > 0)
