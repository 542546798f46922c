"""p-values of one width without permutations: exact moments, and two older rules beside them."""

import math
from collections.abc import Generator
from typing import Any

import numpy as np
import torch

from zoetrope.core.hsic import arguments
from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.hsic.estimators import biased, pair
from zoetrope.core.hsic.gram_matrix import Block, off_diagonal
from zoetrope.core.hsic.kernels import Kernel
from zoetrope.core.hsic.low_rank import LowRank, incomplete_cholesky
from zoetrope.core.hsic.low_rank_moments import low_rank_moments_steps
from zoetrope.core.hsic.moments import (
    LEAST_N,
    SideMoments,
    finish,
    log10,
    permutation_moments,
    side_moments_steps,
)
from zoetrope.core.hsic.pearson3 import log_gamma_upper
from zoetrope.core.hsic.permutations import classes
from zoetrope.core.hsic.permuted_statistic import LARGEST_DENSE, LowRankStatistic
from zoetrope.core.hsic.results import TestResult

DENSE_UP_TO = 400  # rows for which n³ is nothing
FEW_DISTINCT = 6  # distinct rows under which the null is too discrete for a smooth curve
SPECTRAL_DRAWS = 100_000


def moment_test(
    x: Any,
    y: Any,
    *,
    width_x: Any = "median",
    width_y: Any = "median",
    kernel_x: str | Kernel = "gaussian",
    kernel_y: str | Kernel = "gaussian",
    device: str = "cpu",
) -> TestResult:
    """The instant p: a Pearson III curve through the exact permutation mean, variance, skewness.

    Needs n >= 6. Its size at a nominal 5 % was 4.5 to 5.3 % in every configuration measured; with
    fewer than 6 distinct rows, which a note points out, a permutation test is the right one.
    """
    bx, by = pair(x, y, width_x, width_y, kernel_x, kernel_y, device)
    arguments.at_least(bx.n, LEAST_N, "The moment test")
    thin = [thin_factors(side) for side in (bx, by)]
    sides = [
        finish(block_moments_steps(side, factor))
        for side, factor in zip((bx, by), thin, strict=True)
    ]
    statistic, engine, error = _statistic(bx, by, *thin)
    moments = permutation_moments(*sides)
    log_p = float(moments.log_p(torch.tensor([statistic * bx.n**2], dtype=torch.float64)))
    scale = bx.n**2
    return _result(
        bx,
        by,
        "moment",
        statistic,
        log_p,
        mean=float(moments.mean) / scale,
        variance=float(moments.variance) / scale**2,
        skewness=float(moments.skewness),
        engine=engine,
        error_bound=error,
        notes=tuple(note for side, name in ((bx, "x"), (by, "y")) for note in _few(side, name)),
    )


def block_moments(side: Block) -> SideMoments:
    """The exact moments' sums of one block, through thin factors where it has them."""
    return finish(block_moments_steps(side, thin_factors(side)))


def block_moments_steps(side: Block, thin: LowRank | None) -> Generator[None, None, SideMoments]:
    """As `block_moments` from thin factors already at hand (or None), yielding every 30 ms."""
    if thin is not None:
        return (yield from low_rank_moments_steps(thin))
    if side.n > LARGEST_DENSE:
        raise HsicError(
            "too_large",
            f"{side.n} rows with a kernel this narrow would fill the memory; use a wider kernel, "
            "fewer rows or width_grid.",
            "x",
        )
    return (yield from side_moments_steps(off_diagonal(side)))


def gamma_test(
    x: Any,
    y: Any,
    *,
    width_x: Any = "median",
    width_y: Any = "median",
    kernel_x: str | Kernel = "gaussian",
    kernel_y: str | Kernel = "gaussian",
    device: str = "cpu",
) -> TestResult:
    """Gretton et al. 2007: n HSIC_b against a gamma law of approximate mean and variance.

    For comparison only: its true size at a nominal 5 % ranges from 1 to 12 %, and with one outlier
    in x it gives 5e-16 where the exact p is 1/11. Needs n >= 6 and kernels with k(x, x) = 1.
    """
    bx, by = pair(x, y, width_x, width_y, kernel_x, kernel_y, device)
    _needs_unit_diagonal(bx, by, "The gamma test")
    arguments.at_least(bx.n, LEAST_N, "The gamma test")
    n = bx.n
    grams = [off_diagonal(side) for side in (bx, by)]
    kc, lc = (gram.centred().double() for gram in grams)
    statistic = float((kc * lc).sum()) / n**2
    # 1 - mean off-diagonal kernel value, from whichever form was kept
    away = [gram.ridge - float(gram.matrix.double().sum()) / (n * (n - 1)) for gram in grams]
    mean = away[0] * away[1] / n
    product = (kc * lc).fill_diagonal_(0)
    variance = float(product.square().sum()) / (n * (n - 1))
    variance *= 2 * (n - 4) * (n - 5) / (n * (n - 1) * (n - 2) * (n - 3))
    if mean == 0 or variance == 0:
        log_p = 0.0
    else:
        shape, scale = mean**2 / variance, n * variance / mean
        log_p = float(
            log_gamma_upper(
                torch.tensor([shape], dtype=torch.float64),
                torch.tensor([n * statistic / scale], dtype=torch.float64),
            )
        )
    return _result(bx, by, "gamma", statistic, log_p, mean=mean, variance=variance)


def spectral_test(
    x: Any,
    y: Any,
    *,
    width_x: Any = "median",
    width_y: Any = "median",
    kernel_x: str | Kernel = "gaussian",
    kernel_y: str | Kernel = "gaussian",
    seed: int = 0,
    device: str = "cpu",
) -> TestResult:
    """n HSIC_b against Σ λ_i μ_j z_ij² with the Gram matrices' eigenvalues (Zhang et al. 2011).

    100,000 draws from `seed`; `null` holds them in units of HSIC_b. Needs n >= 6.
    """
    bx, by = pair(x, y, width_x, width_y, kernel_x, kernel_y, device)
    arguments.at_least(bx.n, LEAST_N, "The spectral test")
    arguments.whole(seed, "seed", 0)
    n = bx.n
    spectra = []
    for side in (bx, by):
        values = torch.linalg.eigvalsh(off_diagonal(side).centred()).double().cpu().numpy() / n
        spectra.append(values[values > 1e-4 * max(values.max(), 1e-300)])
    weights = np.outer(*spectra).ravel()
    statistic = biased(bx, by)
    generator = np.random.default_rng(seed)
    null = np.concatenate(
        [generator.standard_normal((1000, len(weights))) ** 2 @ weights for _ in range(100)]
    )
    exceeding = int((null >= n * statistic * (1 - 1e-9)).sum())
    p = (1 + exceeding) / (1 + len(null))
    return _result(
        bx, by, "spectral", statistic, math.log(p), null=null / n, n_perm=len(null), seed=seed
    )


def thin_factors(side: Block) -> LowRank | None:
    """Thin factors, where whole matrices would take longer and the rank is small."""
    if side.n <= DENSE_UP_TO:
        return None
    return incomplete_cholesky(side, int(4 * side.n**0.5))


def _statistic(
    x: Block, y: Block, thin_x: LowRank | None, thin_y: LowRank | None
) -> tuple[float, str, float]:
    """HSIC_b, how it was computed and its error."""
    if thin_x is None or thin_y is None:
        return biased(x, y), "dense", 0.0
    thin = LowRankStatistic(thin_x, thin_y)
    return thin.observed / x.n**2, thin.engine, thin.error / x.n**2


def _needs_unit_diagonal(x: Block, y: Block, what: str) -> None:
    for side, name in ((x, "x"), (y, "y")):
        if not side.kernel.unit_diagonal:
            raise HsicError(
                "undefined",
                f"{what} is defined for kernels with k(x, x) = 1, not for the "
                f"{side.kernel.name} kernel; use moment_test.",
                f"kernel_{name}",
            )


def _few(side: Block, name: str) -> list[str]:
    distinct = int(classes(side).max()) + 1
    if distinct >= FEW_DISTINCT:
        return []
    rows = "distinct row" if distinct == 1 else "distinct rows"
    return [
        f"{name} has only {distinct} {rows}: HSIC takes few values under permutation and a smooth "
        "curve fits them badly; use permutation_test."
    ]


def _result(
    x: Block, y: Block, method: str, statistic: float, log_p: float, **rest: Any
) -> TestResult:
    rest["notes"] = x.notes + y.notes + rest.pop("notes", ())
    return TestResult(
        statistic=statistic,
        p_value=max(math.exp(log_p), 5e-324),
        log10_p=log10(log_p),
        method=method,
        n=x.n,
        width_x=x.width,
        width_y=y.width,
        **rest,
    )
