"""The exact moments' sums from thin factors: all but one cost O(n r²)."""

import torch
from torch import Tensor

from zoetrope.core.hsic.low_rank import LowRank
from zoetrope.core.hsic.moments import SideMoments, stack_sums
from zoetrope.core.hsic.stepping import Steps
from zoetrope.core.stepping import finish

SLICE_OPERATIONS = 100_000_000
ALL_PAIRS_UP_TO = 3000  # rows for which the sum of cubes is whole
SAMPLED_ROWS = 1500


def low_rank_moments(thin: LowRank) -> SideMoments:
    """As `side_moments` for Kc = F F'; the sum of cubes alone goes through all n² entries.

    Above 3000 rows that sum, whose weight in the skewness is O(1/n), is estimated from the pairs
    of 1500 rows, always the same ones.
    """
    return finish(low_rank_moments_steps(thin))


def low_rank_moments_steps(thin: LowRank) -> Steps[SideMoments]:
    """As `low_rank_moments`, yielding about every 10 ms."""
    factor = thin.factor.double() if thin.factor.device.type != "mps" else thin.factor
    n = len(factor)
    inner = factor.T @ factor
    trace = float(inner.trace())
    alpha = trace / (n - 1)
    square = inner @ inner
    scale_squared = float(inner.square().sum()) - (n - 1) * alpha**2
    own = factor.square().sum(1)
    d = own - own.mean()
    rows = ((factor @ inner) * factor).sum(1) - 2 * alpha * own  # diag A², up to a constant
    scale = max(scale_squared, 0.0) ** 0.5
    cubic = float((square * inner).sum()) - 3 * alpha * float(inner.square().sum())
    if scale_squared <= 0:
        return stack_sums(n, trace, 0.0, (0.0,) * 6)
    cubes = yield from _cubes(factor, alpha)
    sums = (
        float(d.square().sum()) / scale**2,
        float((d / scale).pow(3).sum()),
        cubes / scale**3,
        (float((factor.T @ d).square().sum()) - alpha * float(d.square().sum())) / scale**3,
        float(d @ rows) / scale**3,
        (cubic + 2 * (n - 1) * alpha**3) / scale**3,
    )
    return stack_sums(n, trace, scale, sums)


def _cubes(factor: Tensor, alpha: float) -> Steps[float]:
    """Σ_ij A_ij³ for A = F F' - alpha H, by slices; of many rows those off the diagonal sampled."""
    n, rank = factor.shape
    own = (factor.square().sum(1) - alpha * (1 - 1 / n)).pow(3).sum()
    if n <= ALL_PAIRS_UP_TO:
        some = factor
    else:
        chosen = torch.randperm(n, generator=torch.Generator().manual_seed(0))[:SAMPLED_ROWS]
        some = factor[chosen.to(factor.device)]
    m = len(some)
    step = max(1, SLICE_OPERATIONS // (m * max(rank, 20)))
    total = 0.0
    for start in range(0, m, step):
        part = some[start : start + step] @ some.T
        part += alpha / n
        part.diagonal(start).zero_()
        total += float((part.square().mul_(part)).sum())
        yield
    return float(own) + total * (n * (n - 1)) / (m * (m - 1))
