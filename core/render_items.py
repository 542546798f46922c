"""One matplotlib artist (or two) for each kind of item of a figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from zoetrope.core.cell_outline import cell_edges
from zoetrope.core.figure import Panel
from zoetrope.core.items import (
    Arrows,
    Band,
    Bars,
    Curve,
    Dash,
    HeatMap,
    Item,
    Marker,
    Rectangle,
    Region,
    Role,
    Rule,
    Scatter,
    Segments,
)
from zoetrope.core.number_format import AS_USUAL, NumberFormat
from zoetrope.core.sheet import Sheet
from zoetrope.core.theme import COLOUR_MAPS, Theme

SCREEN_FONT_SIZE = 9.0  # the size of text for which labs choose their sizes
LARGEST_ON_A_PAGE = 9.0  # points of text; from there on lines grow with it
MANY_POINTS = 5000  # from here on a vector file holds them as a picture
MARKERS: dict[Marker, str] = {
    "circle": "o",
    "ring": "o",
    "square": "s",
    "triangle": "^",
    "diamond": "D",
    "cross": "x",
}
OUTLINED: tuple[Marker, ...] = ("cross", "ring")  # a quarter of their size thick


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a figure is drawn: the theme, the text size in points, and whether there is a ground.

    With `letters` the titles are left to the caption, and several panels have letters instead. No
    text is smaller than `least_text` points.
    """

    theme: Theme
    font_size: float
    least_text: float = 0.0
    transparent: bool = False
    letters: bool = False
    numbers: NumberFormat = AS_USUAL

    def colour(self, role: Role) -> str:
        """Return the colour of a role."""
        return self.theme.roles[role]

    def line(self, width: float) -> float:
        """Return a line's width, or a marker's size, in points."""
        return width * self.theme.line_scale * self.growth

    @property
    def growth(self) -> float:
        """How much larger than on a page lines are, to go with the large text of a poster."""
        return max(1.0, self.font_size / LARGEST_ON_A_PAGE)

    def words(self, share: float) -> float:
        """Return a text's size in points, which is `share` of the usual size or the least."""
        return max(share * self.font_size, self.least_text)

    def text(self, size: float) -> float:
        """Return the size in points of a text for which the lab has chosen a size."""
        return self.words(size / SCREEN_FONT_SIZE)

    def dash(self, dash: Dash) -> Any:
        """Return matplotlib's line style; dashes are in units of the line's width."""
        return {"solid": "-", "dash": (0, (4.0, 2.5)), "dot": (0, (0.1, 2.0))}[dash]

    def line_style(self, item: Curve | Segments | Rule) -> dict[str, Any]:
        """Return the arguments that all lines share."""
        return {
            "color": self.colour(item.role),
            "linewidth": self.line(item.width),
            "linestyle": self.dash(item.dash),
        }


def look_of(sheet: Sheet) -> Look:
    """Return the look of what is drawn on a sheet."""
    return Look(
        theme=sheet.colours,
        font_size=sheet.font_size,
        least_text=sheet.least,
        transparent=sheet.transparent,
        letters=sheet.letters,
        numbers=sheet.numbers,
    )


def draw_item(axes: Any, panel: Panel, item: Item, look: Look, order: float) -> list[Any]:
    """Draw one item; return its artists.

    Words are not drawn here: they are placed when all else is drawn.
    """
    draw = DRAW.get(type(item))
    if draw is None:  # handles are for the screen
        return []
    artists = draw(axes, panel, item, look)
    for artist in artists:
        artist.set_zorder(order)
    return artists


def _curve(axes: Any, _panel: Panel, item: Curve, look: Look) -> list[Any]:
    rounded = {
        "solid_capstyle": "round",
        "dash_capstyle": "round" if item.dash == "dot" else "butt",
    }
    style = look.line_style(item)
    return list(axes.plot(item.x, item.y, alpha=item.opacity, **style, **rounded))


def _segments(axes: Any, _panel: Panel, item: Segments, look: Look) -> list[Any]:
    from matplotlib.collections import LineCollection

    ends: Any = np.stack([item.x0, item.y0, item.x1, item.y1], axis=1).reshape(-1, 2, 2)
    cap = "butt" if item.dash == "dash" else "round"
    style = look.line_style(item)
    lines = LineCollection(ends, alpha=item.opacity, capstyle=cap, **style)
    return [axes.add_collection(lines, autolim=False)]


def _band(axes: Any, _panel: Panel, item: Band, look: Look) -> list[Any]:
    colour = look.colour(item.role)
    filled = axes.fill_between(
        item.x, item.low, item.high, color=colour, alpha=item.opacity, linewidth=0
    )
    return [filled]


def _scatter(axes: Any, _panel: Panel, item: Scatter, look: Look) -> list[Any]:
    size, colour = look.line(item.size), look.colour(item.role)
    stroke = size / 4 if item.marker in OUTLINED else 0.0
    if item.values is None:
        artist = axes.plot(
            item.x,
            item.y,
            linestyle="none",
            marker=MARKERS[item.marker],
            markersize=size,
            color=colour,
            markerfacecolor="none" if item.marker == "ring" else colour,
            markeredgewidth=stroke,
            alpha=item.opacity,
        )[0]
    else:
        low, high = item.levels or (0.0, 1.0)
        artist = axes.scatter(
            item.x,
            item.y,
            s=size**2,
            c=item.values,
            marker=MARKERS[item.marker],
            linewidths=stroke,
            alpha=item.opacity,
            cmap=COLOUR_MAPS[item.colours],
            vmin=low,
            vmax=high,
        )
        if item.marker == "ring":
            artist.set_facecolor("none")
    artist.set_rasterized(len(item.x) > MANY_POINTS)
    return [artist]


def _heat_map(axes: Any, panel: Panel, item: HeatMap, _look: Look) -> list[Any]:
    low, high = item.levels or (0.0, 1.0)
    colours: dict[str, Any] = {"cmap": COLOUR_MAPS[item.colours], "vmin": low, "vmax": high}
    if panel.x.log or panel.y.log:
        rows, columns = item.z.shape
        x = cell_edges(item.extent[0], item.extent[1], columns, panel.x.log)
        y = cell_edges(item.extent[2], item.extent[3], rows, panel.y.log)
        masked = np.ma.masked_invalid(item.z)
        return [axes.pcolormesh(x, y, masked, rasterized=True, **colours)]
    image = axes.imshow(
        item.z,
        extent=item.extent,
        origin="lower",
        aspect="auto",
        interpolation="nearest",
        **colours,
    )
    return [image]


def _bars(axes: Any, _panel: Panel, item: Bars, look: Look) -> list[Any]:
    from matplotlib.collections import PolyCollection

    left, right = item.x - item.width / 2, item.x + item.width / 2
    base, top = np.full_like(item.height, item.base), item.base + item.height
    corners: Any = np.stack([left, base, left, top, right, top, right, base], axis=1)
    colour = look.colour(item.role)
    bars = PolyCollection(
        corners.reshape(-1, 4, 2), facecolors=colour, alpha=item.opacity, linewidth=0
    )
    return [axes.add_collection(bars, autolim=False)]


def _arrows(axes: Any, _panel: Panel, item: Arrows, look: Look) -> list[Any]:
    quiver = axes.quiver(
        item.x,
        item.y,
        item.dx,
        item.dy,
        angles="xy",
        scale_units="xy",
        scale=1.0,
        units="inches",
        width=look.line(item.width) / 72,
        headwidth=5.0,
        headlength=6.0,
        headaxislength=5.0,
        minlength=0.0,
        color=look.colour(item.role),
        alpha=item.opacity,
    )
    return [quiver]


def _rule(axes: Any, _panel: Panel, item: Rule, look: Look) -> list[Any]:
    line = axes.axvline if item.axis == "x" else axes.axhline
    return [line(item.value, **look.line_style(item))]


def _region(axes: Any, _panel: Panel, item: Region, look: Look) -> list[Any]:
    strip = axes.axvspan if item.axis == "x" else axes.axhspan
    colour = look.colour(item.role)
    return [strip(item.low, item.high, color=colour, alpha=item.opacity, linewidth=0)]


def _rectangle(axes: Any, _panel: Panel, item: Rectangle, look: Look) -> list[Any]:
    from matplotlib.patches import Rectangle as Patch

    corner, size = (item.x[0], item.y[0]), (item.x[1] - item.x[0], item.y[1] - item.y[0])
    colour = look.colour(item.role)
    fill = Patch(corner, *size, facecolor=colour, alpha=item.opacity, linewidth=0)
    frame = Patch(corner, *size, fill=False, edgecolor=colour, linewidth=look.line(item.width))
    return [axes.add_patch(fill), axes.add_patch(frame)]


DRAW: dict[type[Item], Callable[[Any, Panel, Any, Look], list[Any]]] = {
    Curve: _curve,
    Segments: _segments,
    Band: _band,
    Scatter: _scatter,
    HeatMap: _heat_map,
    Bars: _bars,
    Arrows: _arrows,
    Rule: _rule,
    Region: _region,
    Rectangle: _rectangle,
}
