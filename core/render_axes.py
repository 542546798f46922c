"""Axes of a panel in matplotlib: scales, ticks and their numbers, titles that are never cut."""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Any

import numpy as np

from zoetrope.core.figure import Axis, Panel
from zoetrope.core.items import HeatMap, Scatter
from zoetrope.core.label_layout import wrap
from zoetrope.core.number_format import (
    AS_USUAL,
    NumberFormat,
    power_of_ten,
    superscript,
    with_thousands,
)
from zoetrope.core.render_items import Look
from zoetrope.core.render_measure import (
    BAR_GAP,
    LABEL_PAD,
    NUMBERS,
    TICK,
    TICK_PAD,
    TITLE_PAD,
    Ruler,
)
from zoetrope.core.theme import COLOUR_MAPS
from zoetrope.core.tick_words import grouped_numbers

Limits = tuple[float, float, float, float]
HAIRLINE = 0.6  # points
OVERHANG = 1.2  # how long the title of an upright axis may be, in units of the axis


def prepare(axes: Any, panel: Panel, look: Look, letter: str) -> None:
    """Give the axes of a panel their scales, spines, grid and words."""
    theme = look.theme
    axes.set_autoscale_on(False)
    axes.set_facecolor("none" if look.transparent else theme.panel)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for name, axis, spine in (("x", panel.x, "bottom"), ("y", panel.y, "left")):
        drawn = axes.xaxis if name == "x" else axes.yaxis
        if axis.log:
            (axes.set_xscale if name == "x" else axes.set_yscale)("log")
        axes.spines[spine].set_visible(axis.visible)
        axes.spines[spine].set(color=theme.muted, linewidth=HAIRLINE * look.growth)
        drawn.set_visible(axis.visible)
        axes.tick_params(
            name,
            which="both",
            color=theme.muted,
            labelcolor=theme.muted,
            labelsize=look.words(NUMBERS),
            width=HAIRLINE * look.growth,
            length=TICK,
            pad=TICK_PAD,
        )
        axes.tick_params(name, which="minor", length=1.2, width=HAIRLINE * look.growth / 2)
        drawn.get_offset_text().set(color=theme.muted, fontsize=look.words(NUMBERS))
    axes.set_axisbelow(True)
    if panel.grid:
        axes.grid(True, which="major", color=theme.grid, linewidth=HAIRLINE * look.growth)
    words = {"fontsize": look.font_size, "color": theme.foreground, "parse_math": False}
    axes.set_xlabel(panel.x.title, labelpad=LABEL_PAD, **words)
    axes.set_ylabel(panel.y.title, labelpad=LABEL_PAD, **words)
    lettered = look.letters and not panel.letter
    title, weight = (letter, "bold") if lettered else (panel.heading, "normal")
    axes.set_title(title, loc="left", pad=TITLE_PAD, weight=weight, va="bottom", **words)


def break_words(axes: Any, panel: Panel, ruler: Ruler, margin: float, look: Look) -> None:
    """Break the titles into lines that are no longer than the axes they stand at.

    The panel's title may also stand above the `margin` (pixels) to the right of the axes.
    """
    box = axes.get_window_extent(ruler.renderer)
    title = axes._left_title
    overhang = 1.0 if look.letters else OVERHANG  # a letter stands where the words would end
    for text, words, room in (
        (axes.xaxis.label, panel.x.title, box.width),
        (axes.yaxis.label, panel.y.title, overhang * box.height),
        (title, title.get_text(), box.width + margin),
    ):
        text.set_text(broken(words, room, look.font_size, ruler))


def broken(words: str, room: float, size: float, ruler: Ruler) -> str:
    """Return words of `size` points in lines that fit into `room` pixels."""
    parts = words.split()
    widths = [ruler.measure(part, size)[0] for part in parts]
    space = ruler.measure("n n", size)[0] - ruler.measure("nn", size)[0]
    return wrap(parts, widths, space, room) if parts else ""


def set_limits(axes: Any, panel: Panel, limits: Limits) -> None:
    """Set the ranges of both axes; what a scale cannot show is mended."""
    axes.set_xlim(*_legal(limits[0], limits[1], panel.x.log))
    axes.set_ylim(*_legal(limits[2], limits[3], panel.y.log))


def _legal(low: float, high: float, log: bool) -> tuple[float, float]:
    if log:
        high = high if high > 0 else 1.0
        low = low if low > 0 else high * 1e-6
    if low == high:
        return (low / 2, high * 2) if log else (low - 0.5, high + 0.5)
    return low, high


def set_ticks(axes: Any, panel: Panel, ruler: Ruler, look: Look) -> None:
    """Choose ticks for the size that the axes have got: four to six where there is room."""
    box = axes.get_window_extent(ruler.renderer)
    em = look.font_size * ruler.point
    across, along = box.width / (3.6 * em), box.height / (2.5 * em)
    for drawn, axis, limits, most in (
        (axes.xaxis, panel.x, axes.get_xlim(), across),
        (axes.yaxis, panel.y, axes.get_ylim(), along),
    ):
        if axis.words:
            named = axis.words_between(limits[0], limits[1], int(most))
            drawn.set_ticks([place for place, _ in named], [word for _, word in named])
        else:
            few = int(np.clip(most, 1 if axis is panel.x else 2, 6))
            _ticks(drawn, axis, limits, few, look.numbers)


def _ticks(
    drawn: Any, axis: Axis, limits: tuple[float, float], most: int, written: NumberFormat
) -> None:
    from matplotlib import ticker

    if not axis.log:
        locator, numbers = linear_ticks(most, written)
        drawn.set_major_locator(locator)
        drawn.set_major_formatter(numbers)
        return
    decades = abs(np.log10(limits[1] / limits[0]))
    if decades >= 2.0:
        drawn.set_major_locator(ticker.LogLocator(numticks=most + 1))
        few = decades <= most + 1  # so that there is room for marks between the powers of ten
        minor = ticker.LogLocator(subs=range(2, 10), numticks=12) if few else ticker.NullLocator()
        drawn.set_minor_locator(minor)
        drawn.set_major_formatter(ticker.FuncFormatter(_power))
    else:  # too few powers of ten: plain numbers between them
        subs = (1.0, 2.0, 5.0) if decades > 0.7 else tuple(np.arange(1.0, 10.0))
        drawn.set_major_locator(ticker.LogLocator(subs=subs, numticks=12))
        drawn.set_minor_locator(ticker.NullLocator())
        drawn.set_major_formatter(
            ticker.FuncFormatter(lambda value, _: written.marked(f"{value:g}"))
        )
    drawn.set_minor_formatter(ticker.NullFormatter())


def linear_ticks(most: int, written: NumberFormat = AS_USUAL) -> tuple[Any, Any]:
    """Return a locator of at most `most` intervals and a formatter that typesets powers of ten."""
    from matplotlib import ticker

    numbers = _number_formatter()(written)
    return ticker.MaxNLocator(
        nbins=most, steps=[1, 2, 2.5, 5, 10], min_n_ticks=min(most, 3)
    ), numbers


@cache
def _number_formatter() -> type[Any]:
    from matplotlib.ticker import ScalarFormatter

    class Numbers(ScalarFormatter):
        """Plain numbers, and "×10⁵" in the corner; close whole numbers as "699,960".

        matplotlib's own typesetting would make a formula of every number, which is slow and tears
        the text in SVG files apart.
        """

        def __init__(self, written: NumberFormat) -> None:
            super().__init__()
            self.set_powerlimits((-3, written.power))
            self._number_format = written
            self._written: dict[float, str] = {}

        def set_locs(self, locs: Any) -> None:
            super().set_locs(locs)
            places = [float(place) for place in locs]
            self._written = dict(zip(places, grouped_numbers(places) or (), strict=False))

        def __call__(self, x: float, pos: int | None = None) -> str:
            text = self._written.get(float(x)) or with_thousands(str(super().__call__(x, pos)))
            return self._number_format.marked(text)

        def get_offset(self) -> str:
            return (
                "" if self._written else self._number_format.marked(typeset(super().get_offset()))
            )

    return Numbers


def typeset(number: str) -> str:
    """Return a number such as "1e5" or "2.5e−3" as "×10⁵" or "2.5×10⁻³"."""
    shown = re.sub(r"e\+?([-−]?)0*(\d+)", lambda m: f"×10{superscript(m[1] + m[2])}", number)
    return re.sub(r"(?<![\d.])1×", "×", shown)


def _power(value: float, _place: object = None) -> str:
    return power_of_ten(round(math.log10(value))) if value > 0 else ""


def colours_of(item: HeatMap | Scatter) -> Any:
    """Return the colours of an item for its bar, which is opaque whatever the item is."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    low, high = item.levels or (0.0, 1.0)
    return ScalarMappable(Normalize(low, high), COLOUR_MAPS[item.colours])


def add_bar(axes: Any, item: HeatMap | Scatter, look: Look) -> Any:
    """Draw the bar that explains an item's colours to the right of its axes; return it."""
    bar = axes.figure.colorbar(colours_of(item), cax=axes.inset_axes((1.02, 0.0, 0.04, 1.0)))
    theme = look.theme
    bar.ax.set_axes_locator(lambda _axes, _renderer: _beside(axes, look.font_size))
    bar.outline.set_visible(False)
    bar.ax.tick_params(
        color=theme.muted,
        labelcolor=theme.muted,
        labelsize=look.words(NUMBERS),
        width=HAIRLINE * look.growth,
        length=TICK,
        pad=TICK_PAD,
    )
    words = {"color": theme.foreground, "parse_math": False}
    bar.ax.set_ylabel(item.label, fontsize=look.font_size, labelpad=LABEL_PAD, **words)
    bar.ax.yaxis.get_offset_text().set(color=theme.muted, fontsize=look.words(NUMBERS))
    return bar


def _beside(axes: Any, font_size: float) -> Any:
    """Return the place of a colour bar in the figure: as wide as the text is high, at any size."""
    from matplotlib.transforms import Bbox

    place = axes.get_position()
    em = font_size / 72 / axes.figure.get_size_inches()[0]
    return Bbox.from_bounds(place.x1 + BAR_GAP * em, place.y0, em, place.height)


def fit_bar(bar: Any, axes: Any, ruler: Ruler, look: Look) -> None:
    """Put a colour bar beside its axes; choose its ticks and break its words for its height."""
    box = axes.get_window_extent(ruler.renderer)
    em = look.font_size * ruler.point
    height = box.height
    label = bar.ax.yaxis.label
    label.set_text(broken(label.get_text(), height, look.font_size, ruler))
    bar.locator, bar.formatter = linear_ticks(int(np.clip(height / (2.5 * em), 2, 6)), look.numbers)
    bar.update_ticks()
