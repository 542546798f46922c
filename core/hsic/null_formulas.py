"""p-values of one width without permutations: exact moments, and Gretton's gamma law beside."""

from collections.abc import Iterator
from typing import Any, Unpack

import torch

from zoetrope.core.hsic import arguments
from zoetrope.core.hsic.block_moments import block_moments_steps, thin_factors_steps
from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.hsic.estimators import biased_steps
from zoetrope.core.hsic.gram_matrix import Block, off_diagonal_steps, own_values
from zoetrope.core.hsic.low_rank import LowRank
from zoetrope.core.hsic.moments import LEAST_N, permutation_moments
from zoetrope.core.hsic.pairing import PairOptions, pair_steps
from zoetrope.core.hsic.pearson3 import log_gamma_upper
from zoetrope.core.hsic.permutations import classes
from zoetrope.core.hsic.permuted_statistic import LowRankStatistic
from zoetrope.core.hsic.results import TestResult, formula_result
from zoetrope.core.hsic.stepping import Steps, last

FEW_DISTINCT = 6  # distinct rows under which the null is too discrete for a smooth curve


def moment_test(x: Any, y: Any, **options: Unpack[PairOptions]) -> TestResult:
    """The instant p: a Pearson III curve through the exact permutation mean, variance, skewness.

    Needs n >= 6. Its size at a nominal 5 % was 4.5 to 5.3 % in every configuration measured; with
    fewer than 6 distinct rows, or kernels so narrow that hardly any rows look alike, a permutation
    test is the right one, which a note says. Above
    3000 rows the skewness is that of a sample (`low_rank_moments`).
    """
    return last(moment_steps(x, y, **options))


def moment_steps(x: Any, y: Any, **options: Unpack[PairOptions]) -> Iterator[TestResult | None]:
    """As `moment_test` in steps: None until the result comes."""
    bx, by = yield from pair_steps(x, y, **options)
    arguments.at_least(bx.n, LEAST_N, "The moment test")
    thin_x = yield from thin_factors_steps(bx)
    thin_y = yield from thin_factors_steps(by)
    side_x = yield from block_moments_steps(bx, thin_x)
    side_y = yield from block_moments_steps(by, thin_y)
    statistic, engine, error = yield from _statistic(bx, by, thin_x, thin_y)
    moments = permutation_moments(side_x, side_y)
    log_p = float(moments.log_p(torch.tensor([statistic * bx.n**2], dtype=torch.float64)))
    scale = bx.n**2
    yield formula_result(
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
        notes=_rough(bx, by, bool(moments.discrete)),
    )


def gamma_test(x: Any, y: Any, **options: Unpack[PairOptions]) -> TestResult:
    """Gretton et al. 2007: n HSIC_b against a gamma law of approximate mean and variance.

    For comparison only: its true size at a nominal 5 % ranges from 1 to 12 %, and with one outlier
    in x it gives 5e-16 where the exact p is 1/11. Needs n >= 6 and kernels with k(x, x) = 1.
    """
    return last(gamma_steps(x, y, **options))


def gamma_steps(x: Any, y: Any, **options: Unpack[PairOptions]) -> Iterator[TestResult | None]:
    """As `gamma_test` in steps: None until the result comes."""
    bx, by = yield from pair_steps(x, y, **options)
    _needs_unit_diagonal(bx, by, "The gamma test")
    arguments.at_least(bx.n, LEAST_N, "The gamma test")
    n = bx.n
    grams, centred = [], []
    for side in (bx, by):
        gram = yield from off_diagonal_steps(side)
        grams.append(gram)
        centred.append(grams[-1].centred().double())
        yield None
    statistic = float((centred[0] * centred[1]).sum()) / n**2
    # 1 - mean off-diagonal kernel value, from whichever form was kept
    away = [gram.ridge - float(gram.matrix.double().sum()) / (n * (n - 1)) for gram in grams]
    mean = away[0] * away[1] / n
    yield None
    product = (centred[0] * centred[1]).fill_diagonal_(0)
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
    yield formula_result(bx, by, "gamma", statistic, log_p, mean=mean, variance=variance)


def _statistic(
    x: Block, y: Block, thin_x: LowRank | None, thin_y: LowRank | None
) -> Steps[tuple[float, str, float]]:
    """HSIC_b, how it was computed and its error."""
    if thin_x is None or thin_y is None:
        return (yield from biased_steps(x, y)), "dense", 0.0
    thin = LowRankStatistic(thin_x, thin_y)
    return thin.observed / x.n**2, thin.engine, thin.error / x.n**2


def _needs_unit_diagonal(x: Block, y: Block, what: str) -> None:
    for side, name in ((x, "x"), (y, "y")):
        if not bool((own_values(side) - 1).abs().max() < 1e-9):
            raise HsicError(
                "undefined",
                f"{what} is defined for kernels with k(x, x) = 1, not for the "
                f"{side.kernel.name} kernel; use moment_test.",
                f"kernel_{name}",
            )


def _rough(x: Block, y: Block, discrete: bool) -> tuple[str, ...]:
    """Why the smooth law fits badly, if it does."""
    notes = [*_few(x, "x"), *_few(y, "y")]
    if discrete and not notes:
        notes = [
            "These kernels are so narrow that hardly any rows look alike to them: HSIC takes few "
            "values under permutation and a smooth curve fits them badly; use permutation_test."
        ]
    return tuple(notes)


def _few(side: Block, name: str) -> list[str]:
    distinct = int(classes(side).max()) + 1
    if distinct >= FEW_DISTINCT:
        return []
    rows = "distinct row" if distinct == 1 else "distinct rows"
    return [
        f"{name} has only {distinct} {rows}: HSIC takes few values under permutation and a smooth "
        "curve fits them badly; use permutation_test."
    ]
