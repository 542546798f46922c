"""The papers' estimates of a flow's log-determinant beside the exact one, without sampling."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from zoetrope.core.iresnet.block_maps import determinant
from zoetrope.core.iresnet.series import (
    estimate_variance,
    roulette_variance,
    series_matrices,
    trace_series,
    truncation_bound,
)
from zoetrope.core.stepping import Steps


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """Estimates at N points for series of 1..n terms, summed over the blocks; float64, nats.

    exact [N]: the sum of log |det(I + J)|. series [n, N]: the cut power series with exact traces.
    bias [n]: its mean error; max_error [n]: its largest; bound [n]: what no error exceeds by the
    blocks' Lipschitz bounds. gaussian_std, rademacher_std [n, N]: the standard deviation when one
    random vector a block stands in for the trace. roulette_std [N]: of the random-length series
    with two sure terms and stopping chance 1/2.
    """

    exact: Tensor
    series: Tensor
    bias: Tensor
    max_error: Tensor
    bound: Tensor
    gaussian_std: Tensor
    rademacher_std: Tensor
    roulette_std: Tensor


def estimates_steps(jacobians: Tensor, bounds: Tensor, terms: int) -> Steps[Estimates]:
    """Return the estimates from all Jacobians [K, 4, N] and the Lipschitz bounds [K], in steps of
    a block.
    """
    k, _, n = jacobians.shape
    exact, series = jacobians.new_zeros(n), jacobians.new_zeros(terms, n)
    variances = {name: jacobians.new_zeros(terms, n) for name in ("gaussian", "rademacher")}
    roulette, bound = jacobians.new_zeros(n), jacobians.new_zeros(terms)
    for block in range(k):
        exact += determinant(jacobians[block]).abs().log()
        series += trace_series(jacobians[block], terms)
        matrices = series_matrices(jacobians[block], torch.ones(terms))
        for name, total in variances.items():
            total += estimate_variance(matrices, name)
        roulette += roulette_variance(jacobians[block], 2, 0.5)
        tails = [truncation_bound(float(bounds[block]), m) for m in range(1, terms + 1)]
        bound += torch.tensor(tails, dtype=torch.float64)
        yield (block + 1) / k
    errors = series - exact
    return Estimates(
        exact,
        series,
        errors.mean(1),
        errors.abs().amax(1),
        bound,
        variances["gaussian"].sqrt(),
        variances["rademacher"].sqrt(),
        roulette.sqrt(),
    )
