"""One pair of widths for many rows: HSIC, its exact moments and its shuffles without n² numbers.

A map of a single cell, so that the engines for maps serve: Fourier features, binned ones from
20,000 rows, thin factors where a kernel has no Fourier form.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from torch import Tensor

from zoetrope.core.hsic.at_widths import ROUNDING, AtWidths
from zoetrope.core.hsic.choose_engine import choose_engine
from zoetrope.core.hsic.gram_matrix import Block
from zoetrope.core.hsic.map_engine import MapEngine
from zoetrope.core.hsic.moments import SideMoments, log10, permutation_moments
from zoetrope.core.hsic.permutations import draw
from zoetrope.core.hsic.results import Floats, TestResult

Widths = tuple[float | None, float | None]
SLICE_SECONDS = 0.025
TIE = 1e-12  # as for maps


@dataclass(frozen=True, eq=False)
class ManyRows:
    """An engine that is ready, and the moments' sums of both sides, each for one width."""

    engine: MapEngine
    sides: tuple[SideMoments, SideMoments]
    total: Tensor  # <Kc, Lc>, [1, 1]
    norm: float  # |Kc| |Lc|

    @property
    def error_bound(self) -> float:
        """What HSIC may be off by, at most."""
        return self.engine.error * self.norm / self.engine.n**2


def many_rows_steps(x: Block, y: Block, widths: Widths) -> Iterator[ManyRows | None]:
    """Prepare an engine; yields None until it is ready."""
    grids = [np.array([math.nan if width is None else width]) for width in widths]
    engine = choose_engine(x, y, grids[0], grids[1])
    for _ in engine.prepare():
        yield None
    steps = engine.moments()
    while True:
        try:
            next(steps)
            yield None
        except StopIteration as end:
            a, b = end.value
            break
    norm = float((a.norm_squared * b.norm_squared).sqrt())
    yield ManyRows(engine, (a, b), engine.observed(), norm)


def at_many(found: ManyRows, widths: Widths) -> AtWidths:
    """Everything about these widths."""
    n = found.engine.n
    a, b = found.sides
    total = float(found.total)
    unbiased = total - float(a.trace * b.trace) / (n - 1)
    unbiased -= n / (n - 2) * float(found.engine.diagonal_products())
    norm_u = float((a.unbiased_norm_squared * b.unbiased_norm_squared).sqrt())
    moments = permutation_moments(a, b)
    spread = float(moments.unit * moments.spread)
    log_p = float(moments.log_p(found.total.reshape(1)))
    if not spread > ROUNDING * found.norm:
        log_p = 0.0
    at = AtWidths(
        *widths, total / n**2, unbiased / (n * (n - 3)),
        total / found.norm if found.norm else math.nan, unbiased / norm_u if norm_u else math.nan,
    )  # fmt: skip
    return replace(
        at, p_value=max(math.exp(log_p), 5e-324), log10_p=log10(log_p),
        mean=float(moments.mean) / n**2, variance=(spread / n**2) ** 2,
        skewness=float(moments.skewness),
    )  # fmt: skip


def null_of_many(
    found: ManyRows, widths: Widths, n_perm: int, seed: int, block_length: int = 1
) -> Iterator[TestResult | None]:
    """The permutation test, its `null` growing about every 25 ms.

    Its p is that of `width_grid` with this one cell, the same permutations and seed.
    """
    engine = found.engine
    ranked = float(engine.ranked())
    threshold = ranked - TIE * max(1.0, engine.n / 50) * found.norm
    done: list[float] = []
    began = time.perf_counter()
    for order in islice(draw(engine.n, seed, block_length), n_perm):
        permuted = yield from engine.permuted(order)
        done.append(float(permuted))
        if time.perf_counter() - began > SLICE_SECONDS:
            yield _result(found, widths, np.array(done), threshold, seed, block_length)
            began = time.perf_counter()
    yield _result(found, widths, np.array(done), threshold, seed, block_length)


def _result(
    found: ManyRows,
    widths: Widths,
    null: Floats,
    threshold: float,
    seed: int,
    block_length: int,
) -> TestResult:
    n = found.engine.n
    exceeding = int((null >= threshold).sum())
    p = (1 + exceeding) / (1 + len(null))
    return TestResult(
        statistic=float(found.total) / n**2, p_value=p, log10_p=math.log10(p),
        method="permutation", n=n, n_perm=len(null), exceeding=exceeding, seed=seed,
        null=null / n**2, width_x=widths[0], width_y=widths[1], engine=found.engine.name,
        error_bound=found.error_bound, block_length=block_length,
    )  # fmt: skip
