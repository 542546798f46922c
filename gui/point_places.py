"""Where points that are edited stand: the digits that a hand can mean, and which a loop holds."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from zoetrope.gui.geometry import Geometry, from_view

_FINER = 2  # decimal places that a point has beyond those that a pixel tells apart


def rounded_place(geometry: Geometry, x: float, y: float) -> tuple[float, float]:
    """Return data at a place of the view with the digits that a hand can mean."""
    axes = (geometry.x_axis, geometry.y_axis)
    values = []
    for place, axis, pixel in zip((x, y), axes, geometry.pixel, strict=True):
        value = from_view(place, axis)
        if axis.log:
            values.append(float(f"{value:.6g}"))
        else:
            size = abs(pixel)
            digits = _FINER - math.floor(math.log10(size)) if size > 0 else 15
            values.append(round(value, max(min(digits, 300), -300)))
    return values[0], values[1]


def within(x: Any, y: Any, corners: list[tuple[float, float]]) -> npt.NDArray[np.bool_]:
    """Return which points lie in a polygon (crossed an odd number of times on the way out)."""
    inside = np.zeros(np.shape(x), dtype=np.bool_)
    x0, y0 = corners[-1]
    for x1, y1 in corners:
        if y0 != y1:
            crosses = (y0 > y) != (y1 > y)
            inside ^= crosses & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
        x0, y0 = x1, y1
    return inside
