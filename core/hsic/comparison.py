"""One pair of variables under every measure of dependence, side by side."""

import math
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any, Unpack

import torch
from torch import Tensor

from zoetrope.core.hsic import arguments
from zoetrope.core.hsic.block_moments import block_moments_steps, thin_factors_steps
from zoetrope.core.hsic.coefficients import (
    Coefficient,
    chatterjee_xi,
    kendall,
    mutual_information_steps,
    pearson,
    spearman,
)
from zoetrope.core.hsic.estimators import biased_steps, unbiased_steps
from zoetrope.core.hsic.gram_matrix import Block
from zoetrope.core.hsic.kernels import Kernel
from zoetrope.core.hsic.moments import LEAST_N, permutation_moments
from zoetrope.core.hsic.pairing import PairOptions, pair
from zoetrope.core.hsic.permutation_sample import permutation_test
from zoetrope.core.hsic.permutations import draw
from zoetrope.core.hsic.results import SMALLEST_P, Floats

EXACT_BELOW = 8  # rows under which HSIC and distance correlation get their exact p
PERMUTED_MI_UP_TO = 2000  # rows
DISTANCE = Kernel("distance")
SLICE_SECONDS = 0.025


def compare(
    x: Any,
    y: Any,
    *,
    n_perm: int = 99,
    seed: int = 0,
    **options: Unpack[PairOptions],
) -> dict[str, Coefficient]:
    """Every measure by name, with its p-value.

    "pearson", "spearman", "kendall", "dcor" (distance correlation), "dcor_u" (its bias-corrected
    square, which may be negative), "xi_xy", "xi_yx", "hsic", "cka" and "mi_ksg".

    Blocks of several columns have "dcor", "dcor_u", "hsic" and "cka" alone. Distance correlation
    and HSIC have exact-moment p-values, exact ones for n < 8. Mutual information has no null law:
    its p comes from `n_perm` permutations (0, or n > 2000, leaves it None). Needs n >= 4.
    """
    *_, found = compare_steps(
        x,
        y,
        n_perm=n_perm,
        seed=seed,
        **options,
    )
    return found


def compare_steps(
    x: Any,
    y: Any,
    *,
    n_perm: int = 99,
    seed: int = 0,
    **options: Unpack[PairOptions],
) -> Iterator[dict[str, Coefficient]]:
    """As `compare`, yielding what is known so far, about every 25 ms."""
    arguments.whole(n_perm, "n_perm", 0)
    arguments.whole(seed, "seed", 0)
    bx, by = pair(x, y, **options)
    arguments.at_least(bx.n, 4, "A comparison")
    plain = "precomputed" not in (bx.kernel.name, by.kernel.name)
    found: dict[str, Coefficient] = {}
    single = plain and bx.values.shape[1] == 1 and by.values.shape[1] == 1
    if single:
        a, b = (side.values[:, 0].double().cpu().numpy() for side in (bx, by))
        for name, measure in (("pearson", pearson), ("spearman", spearman), ("kendall", kendall)):
            found[name] = measure(a, b)
            yield found.copy()
        found["xi_xy"], found["xi_yx"] = chatterjee_xi(a, b, seed), chatterjee_xi(b, a, seed)
    if plain:
        distances = [
            replace(side, values=side.values / largest(side.values), kernel=DISTANCE, width=None)
            for side in (bx, by)  # distance correlation has no scale
        ]
        for partial in _alignment(distances[0], distances[1]):
            if partial is not None:
                value, p = partial["cka"], partial["hsic"].p_value
                root = math.sqrt(max(value.value, 0.0)) if not math.isnan(value.value) else math.nan
                found["dcor"] = Coefficient(root, p, value.method)
                found["dcor_u"] = Coefficient(partial["cka_u"].value, p, value.method)
            yield found.copy()
    for partial in _alignment(bx, by):
        if partial is not None:
            found["hsic"], found["cka"] = partial["hsic"], partial["cka"]
        yield found.copy()
    if single:
        for information in _information(a, b, n_perm, seed, bx.where["device"]):
            if information is not None:
                found["mi_ksg"] = information
            yield found.copy()


def largest(values: Tensor) -> float:
    """The largest absolute value, 1 where all are 0."""
    return float(values.abs().max()) or 1.0


def _alignment(x: Block, y: Block) -> Iterator[dict[str, Coefficient] | None]:
    """HSIC, CKA and unbiased CKA with one p; None while at work."""
    if x.constant or y.constant:
        yield {
            "hsic": Coefficient(0.0, 1.0, "constant"),
            "cka": Coefficient(math.nan, 1.0, "constant"),
            "cka_u": Coefficient(math.nan, 1.0, "constant"),
        }
        return
    sides = []
    for side in (x, y):
        thin = yield from thin_factors_steps(side)
        moments = yield from block_moments_steps(side, thin)
        sides.append(moments)
    value = yield from biased_steps(x, y)
    value *= x.n**2
    value_u = yield from unbiased_steps(x, y)
    value_u *= x.n * (x.n - 3)
    norm = math.sqrt(float(sides[0].norm_squared) * float(sides[1].norm_squared))
    norm_u = math.sqrt(
        float(sides[0].unbiased_norm_squared) * float(sides[1].unbiased_norm_squared)
    )
    p, method = _p_value(x, y, sides, value)
    yield {
        "hsic": Coefficient(value / x.n**2, p, method),
        "cka": Coefficient(value / norm if norm > 0 else math.nan, p, method),
        "cka_u": Coefficient(value_u / norm_u if norm_u > 0 else math.nan, p, method),
    }


def _p_value(x: Block, y: Block, sides: list[Any], statistic: float) -> tuple[float, str]:
    if x.n < max(EXACT_BELOW, LEAST_N):
        exact = permutation_test(
            x.values,
            y.values,
            n_perm="exact",
            width_x=x.width,
            width_y=y.width,
            kernel_x=x.kernel,
            kernel_y=y.kernel,
            **x.where,
        )
        return exact.p_value, "exact"
    moments = permutation_moments(*sides)
    log_p = moments.log_p(torch.tensor([statistic], dtype=torch.float64))
    return max(float(log_p.exp()), SMALLEST_P), "moment"


def _information(
    x: Floats, y: Floats, n_perm: int, seed: int, device: str
) -> Iterator[Coefficient | None]:
    """Mutual information with ever more permutations; None while at work."""
    value = yield from mutual_information_steps(x, y, seed=seed, device=device)
    if n_perm == 0 or len(x) > PERMUTED_MI_UP_TO or math.isnan(value):
        p = 1.0 if math.isnan(value) else None
        yield Coefficient(value, p, "none")
        return
    began = time.perf_counter()
    exceeding = 0
    for done, order in enumerate(islice(draw(len(x), seed), n_perm), 1):
        permuted = yield from mutual_information_steps(
            x, y[order.numpy()], seed=seed, device=device
        )
        exceeding += permuted >= value - 1e-12
        if done == n_perm or time.perf_counter() - began > SLICE_SECONDS:
            yield Coefficient(value, (1 + exceeding) / (1 + done), f"{done} permutations")
            began = time.perf_counter()
