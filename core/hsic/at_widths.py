"""Everything about two variables at one pair of widths, from their centred Gram matrices."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    from zoetrope.core.hsic.gram_matrix import Block, OffDiagonal
    from zoetrope.core.hsic.moments import SideMoments
    from zoetrope.core.hsic.stepping import Steps


@dataclass(frozen=True, eq=False)
class Side:
    """One variable at one width."""

    block: Block
    gram: OffDiagonal
    centred: Tensor
    moments: SideMoments | None


@dataclass(frozen=True, eq=False)
class AtWidths:
    """Everything about one pair of widths, in units of the data; None for a kernel without one.

    `p_value` and `log10_p` are those of the exact moments (None under 6 rows), with the `mean`,
    `variance` and `skewness` that HSIC_b has under permutation; they are rough where it is
    `discrete`, taking few values.
    """

    width_x: float | None
    width_y: float | None
    hsic: float
    hsic_u: float
    cka_b: float
    cka_u: float
    p_value: float | None = None
    log10_p: float | None = None
    mean: float = math.nan
    variance: float = math.nan
    skewness: float = math.nan
    discrete: bool = False
    nocco: float | None = None
    dragging: bool = False


def moments_steps(rows: Block, gram: OffDiagonal) -> Steps[SideMoments]:
    """The exact moments' sums, through thin factors where whole matrices would take longer."""
    from zoetrope.core.hsic.block_moments import block_moments_steps, thin_factors_steps

    thin = yield from thin_factors_steps(rows)
    return (yield from block_moments_steps(rows, thin, gram))


def together(x: Side, y: Side, widths: tuple[float | None, float | None]) -> AtWidths:
    """HSIC, CKA and the exact-moment p of two sides."""
    import torch

    from zoetrope.core.hsic.estimators import undefined
    from zoetrope.core.hsic.gram_matrix import u_centre
    from zoetrope.core.hsic.moments import log10, permutation_moments
    from zoetrope.core.hsic.results import SMALLEST_P

    n = x.block.n
    if x.block.constant or y.block.constant:
        return AtWidths(*widths, 0.0, 0.0, math.nan, math.nan, 1.0, 0.0)
    total = float((x.centred * y.centred).sum())
    u = [u_centre(side.gram.matrix) for side in (x, y)]
    total_u = float((u[0] * u[1]).sum())
    alive = [not undefined(s.centred, s.gram.matrix) or bool(s.gram.ridge) for s in (x, y)]
    alive_u = [not undefined(c, s.gram.matrix) for c, s in zip(u, (x, y), strict=True)]
    norm = math.prod(float(s.centred.norm()) for s in (x, y)) if all(alive) else math.nan
    norm_u = math.prod(float(c.norm()) for c in u) if all(alive_u) else math.nan
    found = AtWidths(
        *widths, total / n**2, total_u / (n * (n - 3)) if n > 3 else math.nan,
        total / norm if norm else math.nan, total_u / norm_u if norm_u else math.nan,
    )  # fmt: skip
    if x.moments is None or y.moments is None:
        return found
    moments = permutation_moments(x.moments, y.moments)
    spread = float(moments.unit * moments.spread)
    log_p = float(moments.log_p(torch.tensor([total], dtype=torch.float64)))
    return replace(
        found,
        p_value=max(math.exp(log_p), SMALLEST_P),
        log10_p=log10(log_p),
        mean=float(moments.mean) / n**2,
        variance=(spread / n**2) ** 2,
        skewness=float(moments.skewness),
        discrete=bool(moments.discrete),
    )
