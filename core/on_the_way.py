"""Numbers on their way from one value to another, and how the way is gone."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping


def on_the_way(start: float, stop: float, share: float, *, log: bool = False) -> float:
    """Return the number at a share of the way from 0 to 1: evenly, or with `log` by equal factors.

    Through zero there are no equal factors: such a way is gone evenly.
    """
    if share >= 1.0:
        return stop
    if log and min(start, stop) > 0:
        return start * math.pow(stop / start, share)
    return start + (stop - start) * share


def smooth(share: float) -> float:
    """Return how far along one is after a share of the time, at rest at both ends: 3s² - 2s³."""
    return share * share * (3.0 - 2.0 * share)


# The words of each easing, and how far along it is after a share of its time, both from 0 to 1.
EASINGS: Mapping[str, tuple[str, Callable[[float], float]]] = {
    "smooth": ("Slow at both ends", smooth),
    "even": ("Even", lambda s: s),
    "in": ("Slow at the start", lambda s: s * s),
    "out": ("Slow at the end", lambda s: s * (2.0 - s)),
    "jump": ("Stay, then jump", math.floor),
}
