"""Safeguarded one-dimensional searches, on floats."""

import math
from collections.abc import Callable

GOLDEN = (math.sqrt(5) - 1) / 2


def crossing(function: Callable[[float], float], target: float, low: float, high: float) -> float:
    """x in [low, high] with function(x) = target, to the last digits.

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
        if smallest == 0 or width <= 2 * tolerance:
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


def golden_minimum(
    function: Callable[[float], float], low: float, high: float, tolerance: float
) -> float:
    """Where a function with one minimum in [low, high] is least, to `tolerance`."""
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    f_left, f_right = function(left), function(right)
    while high - low > tolerance:
        if f_left < f_right:
            high, right, f_right = right, left, f_left
            left = high - GOLDEN * (high - low)
            f_left = function(left)
        else:
            low, left, f_left = left, right, f_right
            right = low + GOLDEN * (high - low)
            f_right = function(right)
    return (low + high) / 2
