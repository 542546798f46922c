"""One pair of widths for many rows: HSIC, its exact moments and its shuffles without n² numbers.

A map of a single cell, so that the engines for maps serve, and the counting for maps too.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from itertools import islice

import numpy as np

from zoetrope.core.hsic.at_widths import AtWidths
from zoetrope.core.hsic.choose_engine import choose_engine
from zoetrope.core.hsic.gram_matrix import Block
from zoetrope.core.hsic.map_count import MapCount
from zoetrope.core.hsic.moments import log10
from zoetrope.core.hsic.permutations import draw
from zoetrope.core.hsic.results import SMALLEST_P, Floats, TestResult

Widths = tuple[float | None, float | None]
SLICE_SECONDS = 0.025


def many_rows_steps(x: Block, y: Block, widths: Widths) -> Iterator[MapCount | None]:
    """Prepare an engine and both sides' sums; yields None until they are ready."""
    grids = [np.array([math.nan if width is None else width]) for width in widths]
    engine = choose_engine(x, y, grids[0], grids[1])
    yield from engine.prepare()
    count = MapCount(engine, grids[0], grids[1])
    sides = yield from engine.moments()
    count.set_moments(*sides)
    yield count


def error_bound(cell: MapCount) -> float:
    """What HSIC may be off by, at most."""
    return cell.engine.error * float(cell.norm) / cell.n**2


def at_many(cell: MapCount, widths: Widths) -> AtWidths:
    """Everything about these widths."""
    assert cell.moments is not None  # many rows have them
    assert cell.log_p is not None
    moments, log_p = cell.moments, float(cell.log_p)
    scale = cell.n**2
    value = {name: float(map_.item()) for name, map_ in cell.values.items()}
    return AtWidths(
        *widths,
        float(cell.statistic) / scale,
        value["hsic_u"],
        value["cka_b"],
        value["cka_u"],
        p_value=max(math.exp(log_p), SMALLEST_P),
        log10_p=log10(log_p),
        mean=float(moments.mean) / scale,
        variance=float(moments.variance) / scale**2,
        skewness=float(moments.skewness),
        discrete=bool(moments.discrete),
    )


def null_of_many(
    cell: MapCount, widths: Widths, n_perm: int, seed: int, block_length: int = 1
) -> Iterator[TestResult | None]:
    """The permutation test, its `null` growing about every 25 ms.

    Its p is that of `width_grid` with this one cell, the same permutations and seed.
    """
    cell.begin()
    yield None
    done: list[float] = []
    began = time.perf_counter()
    for order in islice(draw(cell.n, seed, block_length), n_perm):
        permuted = yield from cell.engine.permuted(order)
        done.append(float(permuted))
        if time.perf_counter() - began > SLICE_SECONDS:
            yield _result(cell, widths, np.array(done), seed, block_length)
            began = time.perf_counter()
    yield _result(cell, widths, np.array(done), seed, block_length)


def _result(
    cell: MapCount, widths: Widths, null: Floats, seed: int, block_length: int
) -> TestResult:
    exceeding = int((null >= float(cell.threshold)).sum())
    p = (1 + exceeding) / (1 + len(null))
    return TestResult(
        statistic=float(cell.statistic) / cell.n**2, p_value=p, log10_p=math.log10(p),
        method="permutation", n=cell.n, n_perm=len(null), exceeding=exceeding, seed=seed,
        null=null / cell.n**2, width_x=widths[0], width_y=widths[1], engine=cell.engine.name,
        error_bound=error_bound(cell), block_length=block_length,
    )  # fmt: skip
