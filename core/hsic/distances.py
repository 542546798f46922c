"""Euclidean distances between rows, by direct differences.

The identity |a-b|² = |a|² + |b|² - 2<a,b> is faster for many columns but loses every digit for
data far from the origin, so it is not used.
"""

import math

import torch
from torch import Tensor


def distances(a: Tensor, b: Tensor) -> Tensor:
    """|a_i - b_j| for a [n, p] and b [m, p], as [n, m]; distances of equal rows are exactly 0."""
    if a.shape[1] == 1:
        return (a - b.T).abs_()
    scale = _power_of_two(max(float(a.abs().max()), float(b.abs().max())))
    mode = "donot_use_mm_for_euclid_dist"
    return torch.cdist(a / scale, b / scale, compute_mode=mode).mul_(scale)


def _power_of_two(largest: float) -> float:
    """An exact scale that keeps squares of values up to `largest` inside the number range."""
    if largest == 0 or not math.isfinite(largest):
        return 1.0
    return 2.0 ** (math.frexp(largest)[1] - 1)
