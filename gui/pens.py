"""How a line is drawn so that it looks well and never freezes the window.

Qt strokes thick antialiased lines by polygon outlines: seconds for a noisy curve of 2000 points.
So smooth curves of up to a thousand points are thick, antialiased and drawn segment by segment;
all others are one pixel wide and reduced to what the pixels can show.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QPen

from zoetrope.core.figure import Dash
from zoetrope.gui.geometry import Look

Array = npt.NDArray[np.float64]

SMOOTH_POINTS = 1000
NOISE_TRAVEL = 30.0  # panel heights and widths that a smooth line may travel in all
_SPACING = 1.5  # pixels between the points that remain of a long smooth curve

_DASHES: dict[Dash, list[float] | None] = {"solid": None, "dash": [5.0, 3.5], "dot": [1.2, 2.4]}


@dataclass(frozen=True, slots=True)
class Stroke:
    """How to draw a line: one pixel wide or as wide as asked, antialiased, in segments."""

    thin: bool
    antialias: bool
    segmented: bool


def role_colour(look: Look, role: str, opacity: float = 1.0) -> QColor:
    """Return a role's colour in the theme."""
    colour = QColor(look.theme.roles[role])  # type: ignore[index]
    colour.setAlphaF(min(max(opacity, 0.0), 1.0))
    return colour


def cosmetic_pen(look: Look, colour: QColor, width: float, dash: Dash = "solid") -> QPen:
    """Return a pen `width` points wide, whatever the zoom.

    Cosmetic pens are measured in device pixels, hence the ratio.
    """
    pixels = max(1.0, width * look.point * look.theme.line_scale) * look.pen_ratio
    pen = QPen(colour, pixels)
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pattern = _DASHES[dash]
    if pattern is None:
        pen.setCapStyle(Qt.PenCapStyle.SquareCap)
    else:
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern(pattern)
    return pen


def thin_pen(look: Look, colour: QColor, dash: Dash = "solid") -> QPen:
    """Return a pen one pixel wide: the only one that stays fast on a noisy line."""
    return cosmetic_pen(look, colour, 0.0, dash)


def travel(x: Array, y: Array, width: float, height: float) -> float:
    """Return the length of a line given in pixels, in panel widths and heights."""
    if x.size < 2:
        return 0.0
    with np.errstate(invalid="ignore", over="ignore"):
        return float(np.nansum(np.abs(np.diff(x))) / width + np.nansum(np.abs(np.diff(y))) / height)


def choose_stroke(points: int, length: float, dash: Dash, opaque: bool = True) -> Stroke:
    """Choose how to draw a line of so many points and so much `travel`.

    A dashed line in segments would lose its dashes, and a translucent one shows its joints.
    """
    if points > SMOOTH_POINTS or length > NOISE_TRAVEL:
        return Stroke(thin=True, antialias=length <= NOISE_TRAVEL, segmented=False)
    return Stroke(thin=False, antialias=True, segmented=dash == "solid" and opaque)


def visible_part(x: Array, low: float, high: float) -> slice:
    """Return the part of ascending `x` between two values, with a point more on each side."""
    first = int(np.searchsorted(x, low)) - 1
    last = int(np.searchsorted(x, high, side="right")) + 1
    return slice(max(first, 0), max(last, 0))


def min_max_per_column(x: Array, y: Array, columns: int) -> tuple[Array, Array]:
    """Reduce ascending `x`, `y` to the first, lowest, highest and last point of each column.

    What is drawn one pixel wide stays the same to the pixel; gaps (NaN) stay gaps.
    """
    size = x.size
    if size <= 4 * columns or size < 2:
        return x, y
    edges = np.searchsorted(x, np.linspace(x[0], x[-1], columns + 1)[1:-1])
    starts = np.unique(np.concatenate([[0], edges]))
    starts = starts[starts < size]
    ends = np.concatenate([starts[1:], [size]]) - 1
    finite = np.isfinite(y)
    lowest = np.minimum.reduceat(np.where(finite, y, np.inf), starts)
    highest = np.maximum.reduceat(np.where(finite, y, -np.inf), starts)
    empty = lowest > highest
    lowest[empty] = highest[empty] = np.nan
    middle = (x[starts] + x[ends]) / 2
    new_x = np.stack([x[starts], middle, middle, x[ends]], axis=1).ravel()
    new_y = np.stack([y[starts], lowest, highest, y[ends]], axis=1).ravel()
    return new_x, new_y


def thinned(x: Array, y: Array, pixel_x: Array, pixel_y: Array) -> tuple[Array, Array]:
    """Reduce a long smooth curve to points a pixel and a half apart; gaps and ends stay."""
    steps = np.hypot(np.diff(pixel_x), np.diff(pixel_y))
    gaps = ~np.isfinite(steps)
    along = np.concatenate([[0.0], np.cumsum(np.where(gaps, 0.0, steps))])
    keep = np.empty(x.size, dtype=bool)
    keep[0] = keep[-1] = True
    keep[1:] |= np.diff(np.floor(along / _SPACING)) > 0
    keep[1:-1] = np.diff(np.floor(along / _SPACING))[:-1] > 0
    keep[:-1] |= gaps
    keep[1:] |= gaps
    return x[keep], y[keep]
