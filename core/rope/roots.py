"""Safeguarded one-dimensional searches, on floats."""

import math
from collections.abc import Callable

GOLDEN = (math.sqrt(5) - 1) / 2


def crossing(
    function: Callable[[float], float],
    target: float,
    low: float,
    high: float,
    close: float = 0.0,
) -> float:
    """x in [low, high] with function(x) = target, to the last digits or within `close` of target.

    Chandrupatla's method (Adv. Eng. Softw. 28, 1997): inverse quadratic steps where they are safe,
    bisection elsewhere, always inside a bracket. Raises ValueError where the ends do not bracket
    the target.
    """
    a, b = low, high
    fa, fb = function(a) - target, function(b) - target
    if fa * fb > 0:
        raise ValueError(f"no sign change between {low:g} and {high:g}")
    c, fc, share = a, fa, 0.5
    for _ in range(200):
        best, smallest = (a, fa) if abs(fa) < abs(fb) else (b, fb)
        tolerance = 4e-16 * abs(best) + 1e-300
        width = abs(b - a)
        if abs(smallest) <= close or width <= 2 * tolerance:
            return best
        share = min(max(share, tolerance / width), 1 - tolerance / width)
        x = a + share * (b - a)
        fx = function(x) - target
        if (fx > 0) == (fa > 0):
            c, fc = a, fa
        else:
            c, b, fc, fb = b, a, fb, fa
        a, fa = x, fx
        share = _quadratic_share(a, b, c, fa, fb, fc)
    return best


def _quadratic_share(a: float, b: float, c: float, fa: float, fb: float, fc: float) -> float:
    """Where between a and b the inverse parabola through all three vanishes, or the middle."""
    if fb == fa or fc in (fa, fb) or c == b:
        return 0.5
    xi, phi = (a - b) / (c - b), (fa - fb) / (fc - fb)
    if not (phi * phi < xi and (1 - phi) ** 2 < 1 - xi):
        return 0.5
    return fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)


def least(
    function: Callable[[float], float], low: float, middle: float, high: float, tolerance: float
) -> float:
    """Where a function that is lower at `middle` than at `low` and `high` is least, or below 0.

    Brent's method (Algorithms for Minimization without Derivatives, 1973, chapter 5): parabolas
    where they are safe, golden sections elsewhere. It stops at the first value below 0, or where
    the place is known to `tolerance`.
    """
    x = w = v = middle
    fx = fw = fv = function(middle)
    step = before = 0.0
    while fx >= 0 and abs(x - (low + high) / 2) > 2 * tolerance - (high - low) / 2:
        r, q = (x - w) * (fx - fv), (x - v) * (fx - fw)
        p, q = (x - v) * q - (x - w) * r, 2 * (q - r)
        p, q = (-p, q) if q > 0 else (p, -q)
        if abs(p) < abs(q * before / 2) and q * (low - x) < p < q * (high - x):
            before, step = step, p / q
        else:
            before = (high if x < (low + high) / 2 else low) - x
            step = (1 - GOLDEN) * before
        u = x + (step if abs(step) >= tolerance else math.copysign(tolerance, step))
        fu = function(u)
        if fu <= fx:
            low, high = (x, high) if u >= x else (low, x)
            v, w, x, fv, fw, fx = w, x, u, fw, fx, fu
            continue
        low, high = (low, u) if u >= x else (u, high)
        if fu <= fw or w == x:
            v, w, fv, fw = w, u, fw, fu
        elif fu <= fv or v in (x, w):
            v, fv = u, fu
    return x
