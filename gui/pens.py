"""How a line is drawn so that it looks well and never freezes the window.

Qt strokes a thick antialiased line as the outline of one polygon: clean, but the time grows with
the square of what crosses itself (seconds for 2000 points of noise). Drawn segment by segment it
takes a tenth of that, yet looks rough where segments are short. So smooth curves are drawn whole,
wavy ones in segments, and noise one pixel wide and reduced to what the pixels can show.
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
# How far a line may travel, in panel heights and widths, measured at 700 pixels:
SMOOTH_TRAVEL = 4.0  # drawn whole in 2 ms
WAVY_TRAVEL = 8.0  # drawn whole in 4 ms, where segments will not do
NOISE_TRAVEL = 30.0  # drawn in segments in 4 ms
_HAIRLINE = 1.35  # device pixels; one pixel looks the same and is drawn five times as fast
_SPACING = 2.5  # pixels between the points that remain of a dense smooth curve
_CORNER = 0.15  # radians: a point where the curve turns by more is a corner, and stays

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
    if pixels < _HAIRLINE:
        pixels = 1.0
    pen = QPen(colour, pixels)
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)  # round ones cost a quarter more
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
    """Return the length of a line given in pixels, in panel widths and heights.

    What is farther away than the panel is large does not count.
    """
    if x.size < 2:
        return 0.0
    x, y = np.clip(x, -width, 2 * width), np.clip(y, -height, 2 * height)
    with np.errstate(invalid="ignore", over="ignore"):
        return float(np.nansum(np.abs(np.diff(x))) / width + np.nansum(np.abs(np.diff(y))) / height)


def choose_stroke(points: int, length: float, dash: Dash, opaque: bool = True) -> Stroke:
    """Choose how to draw a line of so many points and so much `travel`.

    A dashed line in segments would lose its dashes, and a translucent one shows its joints.
    """
    segmented = length > SMOOTH_TRAVEL and dash == "solid" and opaque
    longest = NOISE_TRAVEL if segmented else WAVY_TRAVEL
    if points > SMOOTH_POINTS or length > longest:
        return Stroke(thin=True, antialias=length <= NOISE_TRAVEL, segmented=False)
    return Stroke(thin=False, antialias=True, segmented=segmented)


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
    """Reduce a dense smooth curve to points a few pixels apart; corners, gaps and ends stay."""
    if x.size < 3:
        return x, y
    across, down = np.diff(pixel_x), np.diff(pixel_y)
    steps = np.hypot(across, down)
    gaps = ~np.isfinite(steps)
    along = np.cumsum(np.where(gaps, 0.0, steps))
    turn = across[:-1] * down[1:] - across[1:] * down[:-1]
    straight = across[:-1] * across[1:] + down[:-1] * down[1:]
    with np.errstate(invalid="ignore"):
        corner = ~(np.abs(turn) <= _CORNER * straight)  # NaN, the edge of a gap, counts as one
    keep = np.ones(x.size, dtype=bool)
    keep[1:-1] = corner | (np.diff(np.floor(along / _SPACING)) > 0)
    return x[keep], y[keep]
