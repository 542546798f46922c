"""Whole numbers at the ticks of an axis that shows a short stretch of large numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

_LEAST, _MOST = 1e5, 1e8  # smaller ones need no groups, larger ones no longer fit


def grouped_numbers(positions: Sequence[float]) -> tuple[str, ...] | None:
    """Return "699,960", "699,980", ... for close whole numbers; else None: a power of ten fits.

    They are as Python writes them, for `NumberFormat.marked`.

    They are close where the second digit of the largest already stays the same from tick to tick,
    so that with a shared power of ten each would need two decimals or more.
    """
    largest = max((abs(value) for value in positions), default=0.0)
    if len(positions) < 2 or not _LEAST <= largest < _MOST:
        return None
    step = abs(positions[1] - positions[0])
    power = math.floor(math.log10(largest) + 1e-9)
    whole = all(abs(value - round(value)) < 1e-6 for value in positions)
    if not whole or step >= 0.999 * 10.0 ** (power - 1):
        return None
    return tuple(f"{round(value):,}" for value in positions)
