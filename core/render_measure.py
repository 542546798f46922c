"""How much room words take: measured once each, and added up as matplotlib will place them.

matplotlib's own measuring of axes sets up every tick for it, which takes a hundred times as long,
and a layout is measured again and again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from zoetrope.core.figure import Panel
from zoetrope.core.render_grid import Margins
from zoetrope.core.render_items import Look

TICK, TICK_PAD = 2.5, 3.5  # points: the length of a tick, and from there to its number
LABEL_PAD, TITLE_PAD = 2.5, 3.5  # points, before the name of an axis and below a title
OFFSET_PAD = 3.0  # points, before the power of ten at the end of an axis
NUMBERS = 0.9  # their size, in units of the font size
BAR_GAP = 0.6  # from axes to their colour bar, in units of the font size; the bar is one wide


class Ruler:
    """Measures words for one renderer, each once."""

    def __init__(self, picture: Any, renderer: Any) -> None:
        self.renderer = renderer
        self._picture = picture
        self._known: dict[tuple[str, float, bool], tuple[float, float]] = {}

    @property
    def point(self) -> float:
        """The pixels of a point (1/72 inch)."""
        return float(self.renderer.points_to_pixels(1.0))

    def measure(self, text: str, size: float, bold: bool = False) -> tuple[float, float]:
        """Return the width and height in pixels of a text of `size` points; "" has none."""
        if not text:
            return 0.0, 0.0
        key = text, size, bold
        if key not in self._known:
            from matplotlib.text import Text

            weight = "bold" if bold else "normal"
            artist = Text(
                0, 0, text, fontsize=size, fontweight=weight, parse_math=False, figure=self._picture
            )
            extent = artist.get_window_extent(self.renderer)
            self._known[key] = float(extent.width), float(extent.height)
        return self._known[key]


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far the words of one axis reach, in pixels."""

    depth: float = 0.0  # from the frame outwards
    before: float = 0.0  # beyond the start of the axis
    after: float = 0.0  # beyond its end
    power: float = 0.0  # the power of ten at its end, with the room before it


def margins(
    axes: Any, panel: Panel, bar: Any, look: Look, ruler: Ruler, *, beside: float
) -> Margins:
    """Return how far the words of a panel reach beyond its frame, in pixels.

    `bar` is its colour bar or None; `beside` is kept free at the right for the names of curves.
    """
    frame = axes.get_window_extent(ruler.renderer)
    x = _reach(axes.xaxis, 0, frame.width, look, ruler) if panel.x.visible else _Reach()
    y = _reach(axes.yaxis, 1, frame.height, look, ruler) if panel.y.visible else _Reach()
    upright = _Reach() if bar is None else _reach(bar.ax.yaxis, 1, frame.height, look, ruler)
    over = 0.0 if bar is None else (BAR_GAP + 1.0) * look.font_size * ruler.point + upright.depth
    title = ruler.measure(axes._left_title.get_text(), look.font_size, look.letters)[1]
    heading = TITLE_PAD * ruler.point + title if title else 0.0
    if title and not look.letters:  # a letter stands clear of the power of ten, a title over it
        heading += y.power
    return Margins(
        left=max(y.depth, x.before),
        right=max(x.after, over, beside),
        bottom=max(x.depth, y.before, upright.before),
        top=max(heading, y.power, y.after, upright.power, upright.after),
    )


def _reach(drawn: Any, side: int, length: float, look: Look, ruler: Ruler) -> _Reach:
    """Return the reach of an axis: `side` 0 is one along x, 1 along y."""
    low, high = drawn.get_view_interval()
    slack = 1e-9 * abs(high - low)
    values = np.asarray(drawn.get_majorticklocs(), dtype=np.float64)
    values = values[(values >= min(low, high) - slack) & (values <= max(low, high) + slack)]
    numbers = drawn.get_major_formatter()
    size = look.words(NUMBERS)
    boxes = [ruler.measure(text, size) for text in numbers.format_ticks(values)]
    sizes = np.array(boxes, dtype=np.float64).reshape(-1, 2)
    power = ruler.measure(numbers.get_offset(), size)[1]
    power += OFFSET_PAD * ruler.point if power else 0.0
    name = ruler.measure(drawn.label.get_text(), look.font_size)[1]
    depth = TICK * ruler.point
    if len(sizes):
        depth += TICK_PAD * ruler.point + float(sizes[:, 1 - side].max())
    beyond = depth + (LABEL_PAD * ruler.point + name if name else 0.0)
    if side == 0:  # the power of ten stands below the numbers, as the name does
        beyond = max(beyond, depth + power)
    if not len(sizes):
        return _Reach(depth=beyond, power=power)
    scale = drawn.get_transform()
    start, end = scale.transform(np.array([low, high]))
    places = (scale.transform(values) - start) / (end - start) * length
    half = sizes[:, side] / 2
    before, after = np.max(half - places), np.max(places + half - length)
    return _Reach(beyond, max(float(before), 0.0), max(float(after), 0.0), power)
