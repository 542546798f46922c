"""Where the free end of a whirling rope can be: shooting for the radius of its support."""

import math

import numpy as np

from zoetrope.core.rope.elliptic import FloatArray
from zoetrope.core.rope.hanging_series import integrate, support_radius
from zoetrope.core.stepping import Steps, within

MOST_ROUNDS = 60
SMALLEST_MISS = 4e-15  # of the support, in lengths, per root of the spin number: rounding


def free_tips(spin_number: float, support: float) -> Steps[FloatArray]:
    """The radii of the free end of all shapes, found where the radius of the support is met."""
    tips = _places(spin_number, support)
    missed = yield from within(_misses(spin_number, tips, support), 0, 0.3)
    for _ in range(2):
        extra = _near_turns(tips, missed)
        if not len(extra):
            break
        more = yield from within(_misses(spin_number, extra, support), 0.3, 0.5)
        order = np.argsort(np.concatenate([tips, extra]))
        tips = np.concatenate([tips, extra])[order]
        missed = np.concatenate([missed, more])[order]
    change = np.flatnonzero(missed[:-1] * missed[1:] < 0)
    return (
        yield from within(
            _roots(spin_number, support, tips[change], tips[change + 1], missed[change]), 0.5, 1
        )
    )


def _places(spin_number: float, support: float) -> FloatArray:
    """Radii of the free end to try: evenly spaced, and crowded at 0 and at the largest radius.

    The rope that stands out most has its end about 1/Λ² short of its length.
    """
    count = 400 + 40 * math.ceil(math.sqrt(spin_number))
    most = 1 + support
    small = np.geomspace(1e-9, 1e-2, 60)
    short = np.geomspace(1e-3 / (1 + spin_number) ** 2, 1e-2, 60)
    tips = np.concatenate([np.linspace(0, 1, count)[1:-1], small, 1 - short])
    tips = np.unique(tips) * most
    return tips if support == 0 else np.concatenate([-tips[::-1], tips])


def _misses(spin_number: float, tips: FloatArray, support: float) -> Steps[FloatArray]:
    """By how much the radius at the support is missed, over that of the free end if on the axis."""
    pieces = yield from integrate(spin_number, tips)
    missed = support_radius(spin_number, pieces) - support
    return missed / tips if support == 0 else missed


def _near_turns(tips: FloatArray, missed: FloatArray) -> FloatArray:
    """Places around those where the miss comes close to 0 and turns back: two roots may hide."""
    size = np.abs(missed)
    same = (missed[:-2] * missed[1:-1] > 0) & (missed[1:-1] * missed[2:] > 0)
    turns = np.flatnonzero(same & (size[1:-1] < size[:-2]) & (size[1:-1] < size[2:])) + 1
    inner = np.linspace(0, 1, 12)[1:-1]
    spots = [
        tips[i] + inner * (tips[j] - tips[i]) for k in turns for i, j in ((k - 1, k), (k, k + 1))
    ]
    return np.concatenate(spots) if spots else np.empty(0)


def _roots(
    spin_number: float, support: float, low: FloatArray, high: FloatArray, missed: FloatArray
) -> Steps[FloatArray]:
    """The roots between `low` and `high` [R], `missed` at `low`, all at once.

    The rule of Anderson and Björck: false position that weighs down an end kept twice.
    """
    at_low = missed
    at_high = yield from _misses(spin_number, high, support)
    best, rounding = high, SMALLEST_MISS * math.sqrt(1 + spin_number)
    for step in range(MOST_ROUNDS):
        steep = np.where(at_high == at_low, 1, at_high - at_low)
        best = high - at_high * (high - low) / steep
        best = np.clip(best, np.minimum(low, high), np.maximum(low, high))
        share = min(step / 20, 1.0)
        here = yield from within(_misses(spin_number, best, support), share, share)
        crossed = here * at_high < 0
        ratio = 1 - here / np.where(at_high == 0, 1, at_high)
        factor = np.where(ratio > 0, ratio, 0.5)
        low = np.where(crossed, high, low)
        at_low = np.where(crossed, at_high, at_low * factor)
        high, at_high = best, here
        narrow = np.abs(high - low) <= 4e-16 * np.abs(high)
        if np.all(narrow | (np.abs(here) < rounding)):
            break
    return best
