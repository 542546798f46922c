"""Where a panel's data lie on the screen, and how things on the screen are measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from zoetrope.core.figure import Axis
from zoetrope.core.theme import Theme

Array = npt.NDArray[np.float64]
Pair = tuple[float, float]
Limits = tuple[float, float, float, float]
_REACH = 1000.0  # panel sizes beyond which nothing is told apart


def to_view(values: Any, axis: Axis) -> Array:
    """Return data as the view has them: logarithms on a log axis, NaN where there is none."""
    array = np.asarray(values, dtype=np.float64)
    if not axis.log:
        return array
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(array > 0, np.log10(np.where(array > 0, array, 1.0)), np.nan)


def from_view(value: float, axis: Axis) -> float:
    """Return the data value at a coordinate of the view."""
    return float(np.power(10.0, value)) if axis.log else float(value)


def in_view(first: float, last: float, axis: Axis) -> Pair:
    """Return two ends of an axis in view coordinates."""
    low, high = to_view([first, last], axis)
    return float(low), float(high)


def _within_reach(values: Any, axis: Axis, limits: tuple[float, float]) -> Array:
    low, high = min(limits), max(limits)
    reach = _REACH * (high - low)
    view = to_view(values, axis)
    if axis.log:
        view = np.where(np.asarray(values) <= 0, low - reach, view)
    return np.clip(view, low - reach, high + reach)


@dataclass(frozen=True, slots=True)
class Geometry:
    """The visible `limits` (x0, x1, y0, y1 in view coordinates) of a panel of so many pixels."""

    limits: Limits
    width: float
    height: float
    x_axis: Axis
    y_axis: Axis

    def view(self, x: Any, y: Any) -> tuple[Array, Array]:
        """Return data in view coordinates."""
        return to_view(x, self.x_axis), to_view(y, self.y_axis)

    def lines(self, x: Any, y: Any) -> tuple[Array, Array]:
        """Return data in view coordinates for a line or an area.

        What a log axis cannot show lies far below it, so that a line through zero falls off the
        panel; what is far beyond the panel is brought nearer, since Qt draws in whole numbers.
        """
        return (
            _within_reach(x, self.x_axis, self.limits[:2]),
            _within_reach(y, self.y_axis, self.limits[2:]),
        )

    def view_to_pixels(self, x: Any, y: Any) -> tuple[Array, Array]:
        """Return view coordinates in pixels from the panel's upper left corner."""
        x0, x1, y0, y1 = self.limits
        return (
            (np.asarray(x) - x0) * (self.width / (x1 - x0)),
            (y1 - np.asarray(y)) * (self.height / (y1 - y0)),
        )

    def pixels(self, x: Any, y: Any) -> tuple[Array, Array]:
        """Return data in pixels from the panel's upper left corner."""
        return self.view_to_pixels(*self.view(x, y))

    def pixels_to_view(self, x: float, y: float) -> tuple[float, float]:
        """Return the view coordinates of a pixel."""
        x0, x1, y0, y1 = self.limits
        return x0 + x * (x1 - x0) / self.width, y1 - y * (y1 - y0) / self.height

    def data(self, x: float, y: float) -> tuple[float, float]:
        """Return the data coordinates of a pixel."""
        view_x, view_y = self.pixels_to_view(x, y)
        return from_view(view_x, self.x_axis), from_view(view_y, self.y_axis)

    @property
    def pixel(self) -> tuple[float, float]:
        """Return the size of a pixel in view coordinates (negative on a reversed axis)."""
        x0, x1, y0, y1 = self.limits
        return (x1 - x0) / self.width, (y1 - y0) / self.height


@dataclass(frozen=True, slots=True)
class Look:
    """What every drawn thing needs to know about the screen.

    `point` is a point (1/72 inch) in pixels; `pen_ratio` is the number of device pixels in a
    pixel, by which cosmetic pens must be multiplied; `text_scale` follows the system's font size.
    `over_map` says that the panel holds a heat map, where words need a plate to be read.
    """

    theme: Theme
    point: float = 4 / 3
    pen_ratio: float = 1.0
    text_scale: float = 1.0
    over_map: bool = False
