"""The exact moments' sums from thin factors: all but one cost O(n r²)."""

from collections.abc import Generator

from torch import Tensor

from zoetrope.core.hsic.low_rank import LowRank
from zoetrope.core.hsic.moments import SideMoments, finish, stack_sums

SLICE_ENTRIES = 1_000_000


def low_rank_moments(thin: LowRank) -> SideMoments:
    """As `side_moments` for Kc = F F'; the sum of cubes alone goes through all n² entries."""
    return finish(low_rank_moments_steps(thin))


def low_rank_moments_steps(thin: LowRank) -> Generator[None, None, SideMoments]:
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


def _cubes(factor: Tensor, alpha: float) -> Generator[None, None, float]:
    """Σ_ij A_ij³ for A = F F' - alpha H."""
    n = len(factor)
    step = max(1, SLICE_ENTRIES // n)
    total = 0.0
    for start in range(0, n, step):
        part = factor[start : start + step] @ factor.T
        part += alpha / n
        part.diagonal(start).sub_(alpha)
        total += float((part.square().mul_(part)).sum())
        yield
    return total
