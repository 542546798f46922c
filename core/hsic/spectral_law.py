"""The limit law of n HSIC_b under independence, Σ λ_i μ_j z_ij² (Zhang et al. 2011)."""

import math
from collections.abc import Iterator
from typing import Any, Unpack

import numpy as np
import torch

from zoetrope.core.hsic import arguments
from zoetrope.core.hsic.estimators import biased_steps
from zoetrope.core.hsic.gram_matrix import Block, off_diagonal
from zoetrope.core.hsic.low_rank import factor_steps
from zoetrope.core.hsic.moments import LEAST_N
from zoetrope.core.hsic.pairing import PairOptions, pair_steps
from zoetrope.core.hsic.results import Floats, TestResult, formula_result
from zoetrope.core.hsic.stepping import Steps, last

DRAWS = 100_000
DRAWS_A_STEP = 4_000
LARGEST_WEIGHTS = 250  # products of eigenvalues drawn one by one
WHOLE_UP_TO = 600  # rows whose Gram matrix is decomposed whole
MOST_RANK = 600


def spectral_test(x: Any, y: Any, *, seed: int = 0, **options: Unpack[PairOptions]) -> TestResult:
    """n HSIC_b against Σ λ_i μ_j z_ij² with the eigenvalues λ, μ of Kc/n and Lc/n. Needs n >= 6.

    100,000 draws from `seed`; `null` holds them in units of HSIC_b. The 250 largest products are
    drawn one by one, the many small ones as one gamma variable of their mean and variance
    (Satterthwaite 1946). Above 600 rows the eigenvalues are those of factors of rank 600 at most,
    and what these leave counts as spread evenly.
    """
    return last(spectral_steps(x, y, seed=seed, **options))


def spectral_steps(
    x: Any, y: Any, *, seed: int = 0, **options: Unpack[PairOptions]
) -> Iterator[TestResult | None]:
    """As `spectral_test`: None while the spectra are found, then the result as its `null` grows."""
    bx, by = yield from pair_steps(x, y, **options)
    arguments.at_least(bx.n, LEAST_N, "The spectral test")
    arguments.whole(seed, "seed", 0)
    n = bx.n
    first = yield from _spectrum(bx)
    second = yield from _spectrum(by)
    statistic = yield from biased_steps(bx, by)
    weights = np.sort(np.outer(first, second).ravel())[::-1]
    yield None
    large, rest = weights[:LARGEST_WEIGHTS], weights[LARGEST_WEIGHTS:]
    mean, variance = float(rest.sum()), 2 * float((rest**2).sum())
    generator = np.random.default_rng(seed)
    null: Floats = np.empty(0)
    while len(null) < DRAWS:
        drawn = generator.standard_normal((DRAWS_A_STEP, len(large))) ** 2 @ large
        if variance > 0:
            drawn += generator.gamma(mean**2 / variance, variance / mean, DRAWS_A_STEP)
        null = np.concatenate([null, drawn / n])
        exceeding = int((null >= statistic * (1 - 1e-9)).sum())
        log_p = math.log((1 + exceeding) / (1 + len(null)))
        yield formula_result(
            bx, by, "spectral", statistic, log_p, null=null, n_perm=len(null),
            exceeding=exceeding, seed=seed,
        )  # fmt: skip


def _spectrum(side: Block) -> Steps[Floats]:
    """The positive eigenvalues of Kc/n."""
    if side.n <= WHOLE_UP_TO:
        values = torch.linalg.eigvalsh(off_diagonal(side).centred().double())
    else:
        thin = yield from factor_steps(side, MOST_RANK)
        values = torch.linalg.eigvalsh((thin.factor.T @ thin.factor).double())
        missing = side.n - 1 - len(values)
        if thin.rest > 1e-9 * thin.trace and missing > 0:
            # what the factor leaves is nearly flat, or pivots would have found its peaks
            flat = values.new_full((missing,), thin.rest / missing)
            values = torch.cat([flat, values])
    yield
    found: Floats = values.cpu().numpy() / side.n
    noise = 1e-12 if side.values.dtype == torch.float64 else 1e-5
    return found[found > noise * max(float(found.max()), 1e-300)]
