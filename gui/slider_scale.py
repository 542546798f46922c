"""How a number's values lie along its slider, and what a step of it is."""

from __future__ import annotations

import math

from zoetrope.core.declarations import Number
from zoetrope.gui.quantities import nice_step
from zoetrope.gui.slider import TICKS


class Scale:
    """How a number's values lie along a slider: evenly, in decades, or finest about one of them.

    What a position stands for is rounded to be read.
    """

    def __init__(self, declaration: Number) -> None:
        self.low, self.high = declaration.travel
        self.log = declaration.log
        self.finest = declaration.finest
        self.integer = declaration.integer
        span = self.high - self.low
        few = self.integer and not self.log and span <= TICKS
        self.ticks = int(span) if few else TICKS
        self._start, self._stop = self._along(self.low), self._along(self.high)

    def position(self, value: float) -> int:
        """Return the slider's position nearest to a value."""
        at = self._along(min(max(value, self.low), self.high))
        return round((at - self._start) / (self._stop - self._start) * self.ticks)

    def value(self, position: int) -> float | int:
        """Return the value at a position: to four digits, to a thousandth of the travel, or to the
        decimal that is seen to move.
        """
        at = self._start + position / self.ticks * (self._stop - self._start)
        if self.log:
            value = float(f"{math.exp(at):.4g}")
        elif self.finest is not None:
            middle, reach = self.finest
            apart = reach * math.cosh(at) * (self._stop - self._start) / self.ticks
            value = round(middle + reach * math.sinh(at), -math.ceil(math.log10(apart)))
        else:
            value = round(at, max(0, -math.floor(math.log10((self.high - self.low) / TICKS))))
        value = min(max(value, self.low), self.high)
        return round(value) if self.integer else float(value)

    def _along(self, value: float) -> float:
        """Return what grows evenly along the slider."""
        if self.log:
            return math.log(value)
        if self.finest is not None:
            middle, reach = self.finest
            return math.asinh((value - middle) / reach)
        return value


def stepped(declaration: Number, value: float, steps: int) -> float | int:
    """Return the value `steps` steps away, within the legal range."""
    if declaration.log:
        factor = math.pow(1.0 + (declaration.step or 0.1), steps)
        moved = float(f"{value * factor:.6g}")
        if declaration.integer and round(moved) == value:
            moved = value + math.copysign(1, steps)
    else:
        step = declaration.step or (1 if declaration.integer else nice_step(*declaration.travel))
        moved = float(f"{value + steps * step:.12g}")
    moved = min(max(moved, declaration.low), declaration.high)
    return round(moved) if declaration.integer else moved
