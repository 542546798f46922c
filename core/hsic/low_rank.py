"""Pivoted incomplete Cholesky factors of a centred Gram matrix, without forming the matrix.

Fine & Scheinberg 2001, Bach & Jordan 2002. A smooth kernel's Gram matrix has a rank of tens: a
permuted statistic is then one product of an r by n with an n by r matrix.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from zoetrope.core.hsic.gram_matrix import Block
from zoetrope.core.hsic.stepping import Steps
from zoetrope.core.stepping import finish

RELATIVE_TRACE = 1e-11  # what the factor leaves out, as a part of the trace
SINGLE_TRACE = 1e-6  # in single precision


@dataclass(frozen=True)
class LowRank:
    """Kc = F F' + rest: `factor` F [n, r] with centred columns, `rest` what is left of `trace`.

    `pivots` are the rows of `block` that span the features, `origin` the row that stands for zero,
    and `triangle` [r, r] turns kernel values at the pivots into features.
    """

    block: Block
    factor: Tensor
    rest: float
    trace: float
    pivots: Tensor
    origin: int
    triangle: Tensor
    mean: Tensor

    def features(self, points: Tensor) -> Tensor:
        """The r features of new points [m, p], centred by the sample's mean, as [m, r]."""
        origin = torch.tensor([self.origin], device=self.pivots.device)
        few = self.block.of_rows(torch.cat([self.pivots, origin]))
        to_points = few.contrast_to(points)
        own = few.contrast_to(self.block.values[origin])[:-1]
        values = to_points[:-1] - to_points[-1] - own
        solved = torch.linalg.solve_triangular(self.triangle, values, upper=False)
        found: Tensor = solved.T - self.mean
        return found


def incomplete_cholesky(rows: Block, max_rank: int) -> LowRank | None:
    """Factors of rank at most `max_rank`, or None if more is needed; O(n r²)."""
    return finish(incomplete_cholesky_steps(rows, max_rank))


def incomplete_cholesky_steps(rows: Block, max_rank: int) -> Steps[LowRank | None]:
    """As `incomplete_cholesky`, yielding after every column."""
    thin = yield from factor_steps(rows, max_rank)
    return thin if thin.rest <= 1.01 * _least(rows, RELATIVE_TRACE) * thin.trace else None


def _least(rows: Block, left_out: float) -> float:
    return max(left_out, RELATIVE_TRACE if rows.values.dtype == torch.float64 else SINGLE_TRACE)


def factor_steps(rows: Block, max_rank: int, left_out: float = RELATIVE_TRACE) -> Steps[LowRank]:
    """Factors that leave out that part of the trace, or more where the rank would pass `max_rank`.

    The kernel is taken about a row o in the middle of the data, k(x,x') - k(x,o) - k(o,x') +
    k(o,o): centring undoes that, and wide kernels keep their digits.
    """
    origin = _middle(rows)
    from_origin = rows.contrast_between(torch.tensor([origin], device=rows.values.device))[:, 0]
    left = -2 * from_origin
    total = float(left.sum())
    limit = min(max_rank, rows.n - 1)
    factor = torch.empty((rows.n, limit), dtype=left.dtype, device=left.device)
    pivots: list[int] = []
    rest = total
    least = _least(rows, left_out) * total
    while rest > least and len(pivots) < limit:
        r = len(pivots)
        yield
        pivot = int(left.argmax())
        height = float(left[pivot])
        if height <= 0:
            break
        column = rows.contrast_between(torch.tensor([pivot], device=left.device))[:, 0]
        column = column - from_origin - from_origin[pivot]
        column -= factor[:, :r] @ factor[pivot, :r]
        column /= height**0.5
        factor[:, r] = column
        left = (left - column.square()).clamp_(min=0)
        left[pivot] = 0
        pivots.append(pivot)
        rest = float(left.sum())
    if limit == rows.n - 1 and len(pivots) == limit:
        rest = 0.0  # the centred matrix has no larger rank
    chosen = torch.tensor(pivots, dtype=torch.long, device=left.device)
    kept = factor[:, : len(pivots)]
    mean = kept.mean(0)
    triangle = torch.tril(kept[chosen])
    return LowRank(rows, kept - mean, rest, total, chosen, origin, triangle, mean)


def _middle(rows: Block) -> int:
    """The row nearest to the median of the columns: an outlier would inflate the trace."""
    if rows.kernel.name == "precomputed":
        return 0
    away = rows.values - rows.values.median(dim=0).values
    return int(away.abs().sum(1).argmin())
