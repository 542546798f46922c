"""What the panels of losses have in common: means, the axis, and words before a training."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from zoetrope.core.items import Array, Label

SMOOTHED = 25  # steps that a curve of losses is averaged over
UNBEGUN = 50.0  # steps on the axis of a training that has taken fewer


def smoothed(losses: Array) -> Array:
    """Return the mean of the last 25 losses at every step [step], of fewer at the first."""
    total = np.concatenate([[0.0], np.cumsum(losses)])
    end = np.arange(1, len(losses) + 1)
    begin = np.maximum(end - SMOOTHED, 0)
    mean: Array = (total[end] - total[begin]) / (end - begin)
    return mean


def nll_range(seen: Collection[float]) -> tuple[float, float]:
    """Return the ends of an axis of likelihoods (nats) with room about those that are seen; above
    a single one, as an entropy before any training, there is a nat.
    """
    low = min(seen, default=0.0)
    high = max(seen) if len(seen) > 1 else low + 1.0
    room = 0.12 * max(high - low, 0.1)
    return low - room, high + room


def how_to_begin(ends: tuple[float, float]) -> Label:
    """Return what stands in an empty panel over such an axis."""
    return instruction("Press play to train", UNBEGUN / 2, sum(ends) / 2)


def instruction(words: str, x: float = 0.0, y: float = 0.0) -> Label:
    """Return what a person is to do, in the middle of an empty panel."""
    return Label(key="how", label=words, x=x, y=y, anchor="center", size=12.0, layer=1)
