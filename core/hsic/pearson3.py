"""Tail of the Pearson type III distribution: a gamma distribution with a given skewness.

For skewness g > 0 and a = 4/g², P(Z >= z) = Q(a, a + z√a); for g < 0 it is P(a, a - z√a), which
ends at z = 2/|g|. The logarithm is returned, because a strong dependence has a tail far below what
double precision can hold.
"""

import math

import torch
from torch import Tensor

NORMAL_BELOW = 1e-3  # |skewness| under which the normal tail is closer than 1e-4 of itself
UNDERFLOW = 1e-280


def log_upper_tail(z: Tensor, skewness: Tensor) -> Tensor:
    """log P(Z >= z) for standardised Z; -inf beyond the end of a distribution of skewness < 0.

    `z` and `skewness` are float64 and broadcast. Relative error of the tail itself: 1e-9 or less.
    """
    z, skewness = torch.broadcast_tensors(z, skewness)
    normal = torch.special.log_ndtr(-z)
    skewed = skewness.abs() >= NORMAL_BELOW
    a = 4 / torch.where(skewed, skewness, torch.ones_like(skewness)).square()
    right = log_gamma_upper(a, a + z * a.sqrt())
    left = log_gamma_lower(a, a - z * a.sqrt())
    return torch.where(skewed, torch.where(skewness > 0, right, left), normal)


def log_gamma_upper(a: Tensor, x: Tensor) -> Tensor:
    """log Q(a, x), the regularised upper incomplete gamma function; 0 for x <= 0."""
    tail = torch.special.gammaincc(a, x.clamp(min=0))
    value = torch.log(tail)
    far = (tail < UNDERFLOW) & (x > a)
    if far.any():
        value[far] = _far_upper(a[far], x[far])
    return value


def log_gamma_lower(a: Tensor, x: Tensor) -> Tensor:
    """log P(a, x), the regularised lower incomplete gamma function; -inf for x <= 0."""
    tail = torch.special.gammainc(a, x.clamp(min=0))
    value = torch.log(tail)
    far = (tail < UNDERFLOW) & (x > 0)
    if far.any():
        value[far] = _far_lower(a[far], x[far])
    return value


def _far_upper(a: Tensor, x: Tensor) -> Tensor:
    """Legendre's continued fraction by the modified Lentz method; x well above a."""
    tiny = 1e-300
    b = x + 1 - a
    c = torch.full_like(x, 1 / tiny)
    d = 1 / b
    h = d.clone()
    for i in range(1, 5000):
        term = -i * (i - a)
        b = b + 2
        d = 1 / (term * d + b)
        c = b + term / c
        step = c * d
        h = h * step
        if bool(((step - 1).abs() < 1e-15).all()):
            break
    return _log_density(a, x) + torch.log(h)


def _far_lower(a: Tensor, x: Tensor) -> Tensor:
    """The series Σ x^k/((a+1)...(a+k)); x well below a."""
    term = torch.ones_like(x)
    total = torch.ones_like(x)
    for k in range(1, 5000):
        term = term * x / (a + k)
        total = total + term
        if bool((term < 1e-16 * total).all()):
            break
    return _log_density(a, x) + torch.log(total / a)


def _log_density(a: Tensor, x: Tensor) -> Tensor:
    """log x^a e^-x / Γ(a)."""
    return a * torch.log(x) - x - torch.lgamma(a)


def log_smallest_p(n: int) -> float:
    """log 1/n!: no permutation p-value of n rows can be smaller."""
    return -math.lgamma(n + 1)
