"""The p-values that a person can ask for, each as a job: formulas, and widths chosen on a half."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from zoetrope.core.hsic.lab_words import p_words, tail_words
from zoetrope.core.long_work import FINISHED, Job

if TYPE_CHECKING:
    from zoetrope.core.hsic.at_widths import AtWidths
    from zoetrope.core.hsic.lab_study import Study
    from zoetrope.core.hsic.results import TestResult, WidthGrid

LEAST = 6
LEAST_FOR_SPLIT = 12
MOST_SPECTRAL = 2000  # rows whose eigenvalues are found while a person waits
MOST_SPLIT = 2000


@dataclass(frozen=True)
class Split:
    """Widths chosen by power on one half, and the p of the other half at them."""

    factors: tuple[float, float]
    p_value: float
    log10_p: float
    rows: int


def laws_defined(study: Study) -> bool:
    """Whether the gamma and spectral laws are meant for these kernels."""
    return (
        LEAST <= study.n <= MOST_SPECTRAL
        and not study.constant
        and all(b.kernel.unit_diagonal for b in study.blocks)
    )


def gamma(study: Study, factors: tuple[float, float]) -> Job[TestResult]:
    """Gretton's gamma law."""

    def steps() -> Iterator[TestResult | None]:
        from zoetrope.core.hsic import gamma_steps

        return gamma_steps(study.data.x, study.data.y, **study.pair_options(factors))

    return study.jobs.get("gamma", factors, steps)


def spectral(study: Study, factors: tuple[float, float]) -> Job[TestResult]:
    """The law of n HSIC in the limit of many rows."""
    key = (*study.key, "spectral", study.seed, factors)

    def steps() -> Iterator[TestResult | None]:
        from zoetrope.core.hsic import spectral_steps

        return spectral_steps(
            study.data.x, study.data.y, seed=study.seed, **study.pair_options(factors)
        )

    return study.jobs.get(
        "spectral", factors, lambda: FINISHED.steps(key, steps, lambda found: 8 * len(found.null))
    )


def split_defined(study: Study) -> bool:
    """Whether there are two widths to choose and two halves to do it with."""
    return (
        LEAST_FOR_SPLIT <= study.n <= MOST_SPLIT
        and study.has_widths
        and not study.constant
        and all(kernel.columns == "joint" for kernel in study.kernels)
    )


def split(study: Study) -> Job[Split]:
    """Widths by the power criterion on a random half of the rows, tested on the other half.

    The same as `select_widths(x, y, "power", ...)`.
    """
    cells = study.factors[0]
    key = (*study.key, "split", study.seed)

    def steps() -> Iterator[Split | None]:
        from zoetrope.core.hsic.selection import by_power_steps

        x, y = study.units
        chosen = yield from by_power_steps(*study.blocks, cells * x, cells * y, study.seed)
        factors = (chosen.width_x / x, chosen.width_y / y)
        yield Split(factors, chosen.p_value, chosen.log10_p, len(chosen.rows))

    return study.jobs.get("split", None, lambda: FINISHED.steps(key, steps, lambda _: 100))


def forced(study: Study, test: str, at: AtWidths | None) -> str:
    """The test that is run: permutations where smooth laws do not fit the few values of HSIC, or
    know nothing of blocks.
    """
    narrow = at is not None and at.discrete
    rough = study.few or narrow or study.n < LEAST or study.block_length > 1
    return "permutation" if rough and test in ("moment", "gamma", "spectral") else test


@dataclass(frozen=True)
class Answer:
    """A p-value with the words for what it holds for."""

    p: float
    words: str


def answer(
    test: str,
    at: AtWidths | None,
    null: TestResult | None,
    grid: WidthGrid | None,
    others: dict[str, Any],
) -> Answer | None:
    """The p of the test that is chosen, once it is known."""
    if at is not None and at.dragging:
        test = "moment"
    if test == "honest" and grid is not None and grid.p_global is not None:
        return Answer(grid.p_global, f"{p_words(grid.p_global)}, whole map")
    if test == "moment" and at is not None and at.p_value is not None:
        return Answer(at.p_value, f"{p_words(at.p_value, at.log10_p)} at these widths")
    if test == "permutation" and null is not None:
        words = tail_words(null.exceeding, null.n_perm, null.method == "exact")
        return Answer(null.p_value, f"{words.split(',')[0]} at these widths, by shuffling")
    found = others.get(test)
    if test in ("gamma", "spectral") and found is not None:
        words = p_words(found.p_value, found.log10_p)
        return Answer(found.p_value, f"{words} at these widths, by the {test} law")
    if test == "split" and found is not None:
        words = p_words(found.p_value, found.log10_p)
        return Answer(found.p_value, f"{words}, widths from the other half")
    return None


def law_curve(values: Any, cells: int = 160) -> tuple[Any, Any]:
    """The density of many draws as a smooth curve, from the lowest to where little is left."""
    top = float(np.quantile(values, 0.999))
    low = float(values.min())
    if not top > low:
        return np.empty(0), np.empty(0)
    counts, edges = np.histogram(values, cells, (low, top))
    width = edges[1] - edges[0]
    bell = np.exp(-0.5 * (np.arange(-6, 7) / 2.0) ** 2)
    padded = np.concatenate([np.zeros(6), counts, np.zeros(6)])
    smooth = np.convolve(padded, bell / bell.sum(), "valid")
    return (edges[1:] + edges[:-1]) / 2, smooth / (len(values) * width)


def skewness_of(result: TestResult) -> float:
    """The skewness of a gamma law from its mean and variance."""
    if not result.variance or not result.mean or result.mean <= 0:
        return 0.0
    return 2 * math.sqrt(result.variance) / result.mean
