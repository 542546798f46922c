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
LARGE_SHAPE = 1e4  # from here far tails come from Temme's expansion: torch's lose digits


def log_upper_tail(z: Tensor, skewness: Tensor) -> Tensor:
    """log P(Z >= z) for standardised Z; -inf beyond the end of a distribution of skewness < 0.

    `z` and `skewness` are float64 and broadcast. Relative error of the tail itself: below 1e-7.
    """
    z, skewness = z + 0 * skewness, skewness + 0 * z
    log_p: Tensor = torch.special.log_ndtr(-z)
    for side, tail in ((1, log_gamma_upper), (-1, log_gamma_lower)):
        skewed = side * skewness >= NORMAL_BELOW
        if skewed.any():
            a = 4 / skewness[skewed].square()
            log_p[skewed] = tail(a, a + side * z[skewed] * a.sqrt())
    return log_p


def log_gamma_upper(a: Tensor, x: Tensor) -> Tensor:
    """log Q(a, x), the regularised upper incomplete gamma function; 0 for x <= 0."""
    tail = torch.special.gammaincc(a, x.clamp(min=0))
    value = torch.log(tail)
    far = (tail < UNDERFLOW) & (x > a)
    if far.any():
        value[far] = _far_upper(a[far], x[far])
    far = (a > LARGE_SHAPE) & (x > a + 4 * a.sqrt())
    if far.any():
        value[far] = _temme(a[far], x[far], 1)
    return value


def log_gamma_lower(a: Tensor, x: Tensor) -> Tensor:
    """log P(a, x), the regularised lower incomplete gamma function; -inf for x <= 0."""
    tail = torch.special.gammainc(a, x.clamp(min=0))
    value = torch.log(tail)
    far = (tail < UNDERFLOW) & (x > 0)
    if far.any():
        value[far] = _far_lower(a[far], x[far])
    far = (a > LARGE_SHAPE) & (x < a - 4 * a.sqrt()) & (x > 0)
    if far.any():
        value[far] = _temme(a[far], x[far], -1)
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


def _temme(a: Tensor, x: Tensor, side: int) -> Tensor:
    """The uniform expansion for large a (Temme 1979, two terms): upper tail for side 1, else lower.

    With mu = x/a - 1 and eta²/2 = mu - log(1 + mu): erfc(±eta √(a/2))/2 ± e^(-a eta²/2) (c0 +
    c1/a)/√(2πa). Relative error below 1e-10 for a > 1e4.
    """
    mu = x / a - 1
    half = mu - torch.log1p(mu)
    eta = side * torch.sqrt(2 * half)
    c0 = 1 / mu - 1 / eta
    c1 = 1 / eta**3 - 1 / mu**3 - 1 / mu**2 - 1 / (12 * mu)
    rest = (c0 + c1 / a) / torch.sqrt(2 * math.pi * a)
    return -a * half + torch.log(
        torch.special.erfcx(side * eta * torch.sqrt(a / 2)) / 2 + side * rest
    )


def _log_density(a: Tensor, x: Tensor) -> Tensor:
    """log x^a e^-x / Γ(a)."""
    return a * torch.log(x) - x - torch.lgamma(a)


def log_smallest_p(n: int) -> float:
    """log 1/n!: no permutation p-value of n rows can be smaller."""
    return -math.lgamma(n + 1)
