"""The permutation test: the rows of one variable shuffled, the statistic counted.

p = (1 + #{T_b >= T_0})/(1 + B) for B drawn permutations, #{T_pi >= T_0}/n! for all of them.
"""

import math
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any, Literal, Unpack

import numpy as np
import torch

from zoetrope.core.hsic import arguments
from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.hsic.gram_matrix import Block
from zoetrope.core.hsic.pairing import PairOptions, pair_steps
from zoetrope.core.hsic.permutations import arrangements, classes, count_arrangements, draw
from zoetrope.core.hsic.permuted_statistic import PermutedStatistic, choose_statistic_steps
from zoetrope.core.hsic.results import Floats, TestResult
from zoetrope.core.hsic.stepping import last

MOST_ARRANGEMENTS = 1_000_000
SLICE_SECONDS = 0.025


def permutation_test(
    x: Any,
    y: Any,
    *,
    n_perm: int | Literal["exact"] = 1000,
    seed: int = 0,
    block_length: int = 1,
    **options: Unpack[PairOptions],
) -> TestResult:
    """Test independence of paired rows by `n_perm` permutations drawn from `seed`.

    "exact" goes through every distinct arrangement instead, up to a million (n = 9, or many more
    rows with few distinct values). Draws are made on the CPU: every device gives the same p.

    For series, whose rows are not exchangeable, `block_length` neighbours are kept together (see
    `serial_dependence`); n or more of them make random shifts of one series along the other.
    """
    steps = permutation_steps(
        x,
        y,
        n_perm=n_perm,
        seed=seed,
        block_length=block_length,
        **options,
    )
    return last(steps)


def permutation_steps(
    x: Any,
    y: Any,
    *,
    n_perm: int | Literal["exact"] = 1000,
    seed: int = 0,
    block_length: int = 1,
    **options: Unpack[PairOptions],
) -> Iterator[TestResult | None]:
    """As `permutation_test`, yielding the result so far (its `null` grows) about every 25 ms, and
    None before the first and while a single permutation takes longer.

    In a partial exact result p_value counts the arrangements seen so far.
    """
    bx, by = yield from pair_steps(x, y, **options)
    arguments.at_least(bx.n, 2, "A permutation test")
    exact = n_perm == "exact"
    count = 0 if exact else arguments.whole(n_perm, "n_perm", 1)
    arguments.whole(seed, "seed", 0)
    arguments.whole(block_length, "block_length", 1)
    if exact and block_length > 1:
        raise HsicError(
            "undefined", "Blocks are shuffled at random; give n_perm a number.", "block_length"
        )
    orders: Iterator[torch.Tensor]
    if exact:
        first, second = _fewer_arrangements(bx, by)
        statistic = yield from choose_statistic_steps(first, second)
        orders = iter(torch.tensor(order) for order in arrangements(classes(second)))
    else:
        statistic = yield from choose_statistic_steps(bx, by)
        orders = islice(draw(bx.n, seed, block_length), count)
    drawn: dict[str, Any] = (
        {"method": "exact"} if exact else {"method": "permutation", "seed": seed}
    )
    drawn["block_length"] = block_length
    for null in null_slices(statistic, orders):
        yield None if null is None else _result(statistic, null, bx, by, **drawn)


def null_slices(
    statistic: PermutedStatistic, orders: Iterator[torch.Tensor]
) -> Iterator[Floats | None]:
    """T for every permutation so far, in growing arrays, one about every 25 ms; None between."""
    done: list[Floats] = []
    began = time.perf_counter()
    while batch := list(islice(orders, statistic.batch)):
        values = yield from statistic.of(torch.stack(batch))
        done.append(values.double().cpu().numpy())
        if time.perf_counter() - began > SLICE_SECONDS:
            done = [np.concatenate(done)]
            yield done[0]
            began = time.perf_counter()
    yield np.concatenate(done)


def _fewer_arrangements(x: Block, y: Block) -> tuple[Block, Block]:
    """Both blocks, the one with fewer distinct arrangements last: permuting either is the same."""
    counts = [count_arrangements(classes(side)) for side in (x, y)]
    if min(counts) > MOST_ARRANGEMENTS:
        raise HsicError(
            "too_large",
            f"All {min(counts):.3g} distinct arrangements are too many to go through; give n_perm "
            "a number of permutations to draw.",
            "n_perm",
        )
    return (x, y) if counts[1] <= counts[0] else (y, x)


def _result(
    statistic: PermutedStatistic, null: Floats, x: Block, y: Block, method: str, **drawn: Any
) -> TestResult:
    exceeding = int((null >= statistic.observed - statistic.tolerance).sum())
    p = exceeding / len(null) if method == "exact" else (1 + exceeding) / (1 + len(null))
    return TestResult(
        statistic=statistic.observed / x.n**2,
        p_value=p,
        log10_p=math.log10(p),
        method=method,
        n=x.n,
        n_perm=len(null),
        exceeding=exceeding,
        null=null / x.n**2,
        width_x=x.width,
        width_y=y.width,
        engine=statistic.engine,
        error_bound=statistic.error / x.n**2,
        notes=x.notes + y.notes,
        **drawn,
    )
