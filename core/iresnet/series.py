"""log det(I + J) as the papers estimate it: the power series cut short, with random vectors in
place of the trace, or ended at random; their bias, spread and bounds in closed form.

Jacobians are rows J00, J01, J10, J11, [..., 4, N]. With A = sum_k (-1)^(k+1) w_k J^k / k the
estimate is tr A, or v^T A v with E v v^T = I.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

DIMENSION = 2


def trace_series(jacobians: Tensor, terms: int) -> Tensor:
    """Return the partial sums sum_{k<=n} (-1)^(k+1) tr J^k / k, n = 1..terms: [terms, ..., N].

    By Cayley and Hamilton tr J^k = tr J tr J^(k-1) - det J tr J^(k-2), so a term costs two
    products whatever its order.
    """
    j00, j01, j10, j11 = jacobians.unbind(-2)
    trace, determinant = j00 + j11, j00 * j11 - j01 * j10
    before, power = torch.full_like(trace, DIMENSION), trace
    total, sums = trace, [trace]
    for k in range(2, terms + 1):
        before, power = power, trace * power - determinant * before
        total = total + (-1) ** (k + 1) / k * power
        sums.append(total)
    return torch.stack(sums)


def quadratic_series(jacobians: Tensor, noise: Tensor, weights: Tensor) -> Tensor:
    """Return sum_k (-1)^(k+1) w_k v^T J^k v / k [..., N] for noise v [..., 2, N].

    weights [..., terms] belong to whole blocks; a weight of 0 ends a block's series early.
    """
    j00, j01, j10, j11 = jacobians.unbind(-2)
    v0, v1 = noise.unbind(-2)
    u0, u1 = v0, v1
    total = torch.zeros_like(j00)
    for k in range(1, weights.shape[-1] + 1):
        u0, u1 = j00 * u0 + j01 * u1, j10 * u0 + j11 * u1
        weight = weights[..., k - 1, None] * ((-1) ** (k + 1) / k)
        total = total + weight * (u0 * v0 + u1 * v1)
    return total


def truncation_bound(lipschitz: float, terms: int, dimension: int = DIMENSION) -> float:
    """Return the most that the series' tail can be: d (-ln(1 - L) - sum_{k<=n} L^k / k).

    Infinite for L >= 1. Source: Behrmann et al. (ICML 2019), theorem 3, before its last estimate.
    """
    if lipschitz >= 1:
        return math.inf
    # The tail summed itself: the difference of the formula loses all digits for many terms.
    if terms * -math.log(max(lipschitz, 1e-300)) > 1:
        tail, power, k = 0.0, lipschitz ** (terms + 1), terms + 1
        while power / k > 1e-17 * tail and power > 0:
            tail += power / k
            power *= lipschitz
            k += 1
        return dimension * tail
    head = math.fsum(lipschitz**k / k for k in range(1, terms + 1))
    return dimension * max(-math.log1p(-lipschitz) - head, 0.0)


def _products(left: Tensor, right: Tensor) -> Tensor:
    a, b, c, d = left.unbind(-2)
    e, f, g, h = right.unbind(-2)
    return torch.stack([a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h], -2)


def series_matrices(jacobians: Tensor, weights: Tensor) -> Tensor:
    """Return A [terms, ..., 4, N] after each of the terms; weights [terms] are numbers."""
    power, total, sums = jacobians, torch.zeros_like(jacobians), []
    for k, weight in enumerate(weights.tolist(), 1):
        total = total + (-1) ** (k + 1) / k * weight * power
        sums.append(total)
        power = _products(power, jacobians)
    return torch.stack(sums)


def estimate_variance(matrices: Tensor, noise: str) -> Tensor:
    """Return the variance of v^T A v [..., N] for one random vector v.

    With S = (A + A^T) / 2: "gaussian" 2 ||S||_F^2; "rademacher" (A01 + A10)^2.
    """
    a, b, c, d = matrices.unbind(-2)
    if noise == "rademacher":
        return (b + c) ** 2
    return 2 * a * a + 2 * d * d + (b + c) ** 2


def roulette_counts(count: int, n_exact: int, stop: float, generator: torch.Generator) -> Tensor:
    """Return numbers of terms [count]: n_exact plus a geometric number of at least one."""
    uniform = torch.rand(count, generator=generator, dtype=torch.float64)
    extra = torch.floor(torch.log1p(-uniform) / math.log1p(-stop)) + 1
    return n_exact + extra.to(torch.int64)


def roulette_weights(counts: Tensor, n_exact: int, stop: float) -> Tensor:
    """Return weights 1 / P(N >= k) [count, max N] for k <= N and 0 beyond (Chen et al. 2019).

    P(N >= k) is 1 up to n_exact + 1 and (1 - stop)^(k - n_exact - 1) after it.
    """
    k = torch.arange(1, max(counts.tolist(), default=1) + 1)
    weights = (1 - stop) ** -(k - n_exact - 1).clamp(min=0).to(torch.float64)
    return torch.where(k <= counts[:, None], weights, 0.0)


def roulette_variance(jacobians: Tensor, n_exact: int, stop: float, terms: int = 120) -> Tensor:
    """Return the variance of the roulette's estimate [..., N] with one Gaussian vector.

    By the law of total variance over the number of terms; it is finite for sure only where
    L^2 < 1 - stop, and the sum is cut after `terms`: beyond, it is a lower bound.
    """
    k = torch.arange(1, terms + 1, dtype=torch.float64)
    weights = (1 - stop) ** -(k - n_exact - 1).clamp(min=0)
    chances = torch.where(k > n_exact, stop * (1 - stop) ** (k - n_exact - 1), 0.0)
    second = torch.zeros_like(jacobians[..., 0, :])
    matrices = series_matrices(jacobians, weights)
    for chance, matrix in zip(chances.tolist(), matrices, strict=True):
        trace = matrix[..., 0, :] + matrix[..., 3, :]
        second = second + chance * (estimate_variance(matrix, "gaussian") + trace**2)
    mean = trace_series(jacobians, terms)[-1]
    return second - mean**2
