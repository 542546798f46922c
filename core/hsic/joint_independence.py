"""dHSIC: whether any number of variables are jointly independent (Pfister et al. 2018).

Pairwise independent variables can determine each other: in the XOR of two coins every pair is
independent and the three are not.
"""

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Unpack

import numpy as np
import torch
from torch import Tensor

from zoetrope.core.hsic import arguments
from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.hsic.gram_matrix import Block, block
from zoetrope.core.hsic.kernels import Kernel
from zoetrope.core.hsic.permutations import draw
from zoetrope.core.hsic.results import TestResult
from zoetrope.core.hsic.stepping import Steps, last
from zoetrope.core.hsic.where import Where
from zoetrope.core.stepping import finish

SLICE_SECONDS = 0.025
STEP_ENTRIES = 250_000  # of a matrix from which each is a step of its own
LARGEST_N = 5000


def dhsic(
    variables: Sequence[Any],
    *,
    widths: Any = "median",
    kernels: Any = "gaussian",
    **where: Unpack[Where],
) -> float:
    """mean Π_j K^j + Π_j mean K^j - 2 mean_i Π_j rowmean_i K^j for d >= 2 variables of n rows.

    `widths` and `kernels` are one for all or a list of d. For two variables it is HSIC_b. Needs
    n >= 2d rows, and kernels with k(x, x) = 1.
    """
    blocks = _blocks(variables, widths, kernels, where)
    return finish(_value_steps(rows.contrast() for rows in blocks))


def dhsic_test(
    variables: Sequence[Any],
    *,
    n_perm: int = 1000,
    seed: int = 0,
    block_length: int = 1,
    widths: Any = "median",
    kernels: Any = "gaussian",
    **where: Unpack[Where],
) -> TestResult:
    """Test joint independence: every variable but the first is permuted on its own, in blocks of
    `block_length` rows.
    """
    return last(
        dhsic_steps(
            variables,
            n_perm=n_perm,
            seed=seed,
            block_length=block_length,
            widths=widths,
            kernels=kernels,
            **where,
        )
    )


def dhsic_steps(
    variables: Sequence[Any],
    *,
    n_perm: int = 1000,
    seed: int = 0,
    block_length: int = 1,
    widths: Any = "median",
    kernels: Any = "gaussian",
    **where: Unpack[Where],
) -> Iterator[TestResult | None]:
    """As `dhsic_test`, yielding the result so far about every 25 ms, and None before the first and
    while a single permutation takes longer.
    """
    blocks = _blocks(variables, widths, kernels, where)
    arguments.whole(n_perm, "n_perm", 1)
    arguments.whole(seed, "seed", 0)
    arguments.whole(block_length, "block_length", 1)
    grams: list[Tensor] = []
    for rows in blocks:
        grams.append(rows.contrast())
        yield None
    observed = yield from _value_steps(grams)
    n = blocks[0].n
    rounding = 1e-13 if grams[0].dtype == torch.float64 else 1e-5
    stream = draw(n, seed, block_length)
    null: list[float] = []
    began = time.perf_counter()
    scale = float(np.prod([float(gram.abs().mean()) for gram in grams[:2]]))
    threshold = observed - rounding * max(1.0, n / 50) * scale
    while len(null) < n_perm:
        value = yield from _value_steps(_permuted(grams, stream))
        null.append(value)
        if time.perf_counter() - began > SLICE_SECONDS or len(null) == n_perm:
            exceeding = sum(one >= threshold for one in null)
            p = (1 + exceeding) / (1 + len(null))
            yield TestResult(
                statistic=observed,
                p_value=p,
                log10_p=math.log10(p),
                method="permutation",
                n=n,
                n_perm=len(null),
                exceeding=exceeding,
                seed=seed,
                block_length=block_length,
                null=np.array(null),
                width_x=tuple(rows.width for rows in blocks),
                notes=tuple(note for rows in blocks for note in rows.notes),
            )
            began = time.perf_counter()


def _blocks(variables: Sequence[Any], widths: Any, kernels: Any, where: Where) -> list[Block]:
    count = len(variables)
    if count < 2:
        raise HsicError("too_few", "Joint independence needs at least 2 variables.", "variables")
    lists = []
    for given, name in ((widths, "widths"), (kernels, "kernels")):
        single = given is None or isinstance(given, str | Kernel | int | float)
        listed = [given] * count if single else list(given)
        if len(listed) != count:
            raise HsicError(
                "length_mismatch",
                f"{name} lists {len(listed)} values for {count} variables; give one for each.",
                name,
            )
        lists.append(listed)
    blocks = [
        block(values, width, kernel, f"variable {i + 1}", **where)
        for i, (values, width, kernel) in enumerate(zip(variables, *lists, strict=True))
    ]
    for i, rows in enumerate(blocks):
        arguments.same_length(blocks[0].n, rows.n, f"variable {i + 1}", "variable 1")
        if not rows.kernel.unit_diagonal:
            raise HsicError(
                "undefined",
                f"dHSIC needs kernels with k(x, x) = 1, not the {rows.kernel.name} kernel.",
                "kernels",
            )
    arguments.at_least(blocks[0].n, 2 * count, f"dHSIC of {count} variables")
    if blocks[0].n > LARGEST_N:
        raise HsicError(
            "too_large", f"dHSIC holds whole Gram matrices; use at most {LARGEST_N} rows.", "x"
        )
    return blocks


def _permuted(grams: Sequence[Tensor], stream: Iterator[Tensor]) -> Iterator[Tensor]:
    """The matrices, every one but the first in an order of its own."""
    yield grams[0]
    for gram in grams[1:]:
        order = next(stream).to(gram.device)
        yield gram.index_select(0, order).index_select(1, order)


def _value_steps(grams: Iterable[Tensor]) -> Steps[float]:
    """dHSIC from matrices K - 1, one at a time, keeping digits when all kernels are wide.

    With Π(1 + M_j) = 1 + Σ M_j + rest, the 1 and the Σ M_j cancel between the three terms and only
    the rests are formed.
    """
    rows: list[Tensor] = []

    def noted() -> Iterator[Tensor]:
        for gram in grams:
            rows.append(gram.mean(1))
            yield gram

    whole = yield from _rest_steps(noted())
    of_means = yield from _rest_steps(row.mean() for row in rows)
    of_rows = yield from _rest_steps(rows)
    return float(whole.mean() + of_means - 2 * of_rows.mean())


def _rest_steps(parts: Iterable[Tensor]) -> Steps[Tensor]:
    """Π(1 + m_j) - 1 - Σ m_j."""
    rest = torch.zeros(())
    product = torch.zeros(())  # Π(1 + m_j) - 1
    for part in parts:
        both = product * part
        rest = rest + both
        product = product + part + both
        if part.numel() >= STEP_ENTRIES:
            yield
    return rest
