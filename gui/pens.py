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

from zoetrope.core.items import Dash
from zoetrope.gui.geometry import Look

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

SMOOTH_POINTS = 1000
# How far a line may travel, in panel heights and widths, measured at 700 pixels:
SMOOTH_TRAVEL = 4.0  # drawn whole in 2 ms
WAVY_TRAVEL = 8.0  # drawn whole in 4 ms, where segments will not do
NOISE_TRAVEL = 30.0  # drawn in segments in 4 ms
_HAIRLINE = 1.35  # device pixels; one pixel looks the same and is drawn five times as fast
FAINT = 0.34  # opacity up to which a line may be drawn in segments that meet end to end
_OFF = 0.05  # pixels by which a chord may miss the dense smooth curve that it stands for
_LONGEST = 24.0  # pixels, of a chord
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


def cosmetic_pen(
    look: Look, colour: QColor, width: float, dash: Dash = "solid", *, flat: bool = False
) -> QPen:
    """Return a pen `width` points wide, whatever the zoom; with `flat` lines end where they end.

    Cosmetic pens are measured in device pixels, hence the ratio. A width of 0 is one such pixel.
    """
    pixels = max(1.0, width * look.point * look.theme.line_scale) * look.pen_ratio
    if width == 0 or pixels < _HAIRLINE:
        pixels = 1.0
    pen = QPen(colour, pixels)
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)  # round ones cost a quarter more
    pattern = _DASHES[dash]
    flat = flat or pattern is not None
    pen.setCapStyle(Qt.PenCapStyle.FlatCap if flat else Qt.PenCapStyle.SquareCap)
    if pattern is not None:
        pen.setDashPattern(pattern)
    return pen


def thin_pen(look: Look, colour: QColor, dash: Dash = "solid") -> QPen:
    """Return a pen one pixel of the device wide: the only one that stays fast on a noisy line."""
    return cosmetic_pen(look, colour, 0.0, dash)


def travel(x: Array, y: Array, width: float, height: float) -> float:
    """Return the length of a line given in pixels, in panel widths and heights.

    What is farther away than the panel is large does not count.
    """
    if x.size < 2:
        return 0.0
    x = np.minimum(np.maximum(x, -width), 2 * width)
    y = np.minimum(np.maximum(y, -height), 2 * height)
    steps = np.abs(x[1:] - x[:-1]) / width + np.abs(y[1:] - y[:-1]) / height
    return float(np.add.reduce(steps, where=steps == steps))  # all but those at a gap


def choose_stroke(
    points: int, length: float, dash: Dash, opacity: float = 1.0, *, corners: bool = True
) -> Stroke:
    """Choose how to draw a line of so many points and so much `travel`.

    A dashed line in segments would lose its dashes, and a translucent one shows its joints; but
    not a faint one without corners, whose ends meet, and which Qt takes ten times as long to draw
    whole.
    """
    faint = opacity <= FAINT and not corners
    segmented = dash == "solid" and (faint or (length > SMOOTH_TRAVEL and opacity >= 1))
    longest = NOISE_TRAVEL if segmented else WAVY_TRAVEL
    if points > SMOOTH_POINTS or length > longest:
        return Stroke(thin=True, antialias=length <= NOISE_TRAVEL, segmented=False)
    return Stroke(thin=False, antialias=True, segmented=segmented)


def visible_part(x: Array, low: float, high: float) -> slice:
    """Return the part of ascending `x` between two values, with a point more on each side."""
    first = int(np.searchsorted(x, low)) - 1
    last = int(np.searchsorted(x, high, side="right")) + 1
    return slice(max(first, 0), max(last, 0))


def cut_to(
    limits: tuple[float, float, float, float], x0: Array, y0: Array, x1: Array, y1: Array
) -> tuple[Array, Array, Array, Array]:
    """Return what lies within limits of separate segments, none of those that do not meet them.

    Qt follows a line to its ends: hundreds that end far beyond the view took seconds to draw.
    Liang and Barsky 1984.
    """
    begin, end = np.zeros(x0.size), np.ones(x0.size)
    low_x, high_x, low_y, high_y = limits
    for start, far, low, high in ((x0, x1, low_x, high_x), (y0, y1, low_y, high_y)):
        with np.errstate(divide="ignore", invalid="ignore"):
            first, second = (low - start) / (far - start), (high - start) / (far - start)
        still = far == start
        outside = still & ((start < low) | (start > high))
        begin = np.maximum(begin, np.where(still, 0.0, np.minimum(first, second)))
        end = np.minimum(
            end, np.where(still, np.where(outside, -1.0, 1.0), np.maximum(first, second))
        )
    seen = begin <= end
    x0, y0, x1, y1 = x0[seen], y0[seen], x1[seen], y1[seen]
    begin, end = begin[seen], end[seen]
    return (
        x0 + begin * (x1 - x0), y0 + begin * (y1 - y0), x0 + end * (x1 - x0), y0 + end * (y1 - y0)
    )  # fmt: skip


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


def thinned(x: Array, y: Array) -> tuple[Mask, bool]:
    """Return which points of a dense smooth line must stay, and whether there are corners in it.

    `x` and `y` are pixels. Between the points that stay the line is straight to a fraction of a
    pixel; corners, ends and the edges of gaps stay.
    """
    keep = np.ones(x.size, dtype=bool)
    if x.size < 3:
        return keep, False
    across, down = x[1:] - x[:-1], y[1:] - y[:-1]
    turn = np.abs(across[:-1] * down[1:] - across[1:] * down[:-1])
    straight = across[:-1] * across[1:] + down[:-1] * down[1:]
    steps = np.sqrt(across * across + down * down)
    corner = ~(turn <= _CORNER * straight)  # NaN, the edge of a gap, counts as one
    # The chord of an arc of length s that turns by an angle a misses it by s a / 8.
    near = (steps[:-1] + steps[1:]) / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        chords = np.sqrt(near * turn / straight / (8 * _OFF)) + near / _LONGEST
    chords[~np.isfinite(chords)] = 0.0
    passed = np.floor(np.cumsum(np.concatenate([[0.0], chords])))
    keep[1:-1] = corner | (passed[1:] > passed[:-1])
    return keep, bool(corner.any())
