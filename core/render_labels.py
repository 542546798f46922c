"""Direct labels in matplotlib: each curve's name at its end, instead of a legend.

Names of curves that run into the right edge stand in the margin beside it, moved apart just as
far as they must be; all others stand inside the panel, near what they name, where they cover the
least.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from zoetrope.core.figure import Panel
from zoetrope.core.items import (
    Anchor,
    Arrows,
    Band,
    Bars,
    Curve,
    HeatMap,
    Item,
    Label,
    Region,
    Role,
    Rule,
    Scatter,
    Segments,
)
from zoetrope.core.label_layout import CUT, Box, Points, Room, around, sampled, spread
from zoetrope.core.render_items import Look
from zoetrope.core.render_measure import Ruler

# For each side of a text that touches its point, how far its lower left corner is from there.
ANCHORS: dict[Anchor, tuple[float, float]] = {
    "left": (0.0, 0.5),
    "right": (1.0, 0.5),
    "top": (0.5, 1.0),
    "bottom": (0.5, 0.0),
    "center": (0.5, 0.5),
}
SIZE = 0.95  # of a direct label, in units of the font size
NEAR_EDGE = 0.12  # a curve that ends in this last share of the panel is named in the margin
WIDEST = 0.3  # of the panel's width, for a name in the margin
SHIFTS = (0.0, 1.0, -1.0)  # heights by which a label makes way for another
MOST_DOTS = 60  # of a scatter, for labels to keep clear of each of them
ALONG = (0.0, -0.12, 0.12, -0.25, 0.25, -0.5, 0.5, -0.75)  # where else on the curve a name may be


@dataclass(frozen=True, slots=True)
class Name:
    """A label to be placed: its words, colour, and the item that it names."""

    text: str
    role: Role
    item: Item


def names(panel: Panel) -> list[Name]:
    """Return the labels that have to find a place, each text of a colour once."""
    found: dict[tuple[str, Role], Name] = {}
    for item in panel.drawn():
        kinds = (Curve, Segments, Band, Scatter, Bars, Arrows, Rule, Region)
        at_bar = isinstance(item, Scatter) and item.bar and item.values is not None
        if item.label and isinstance(item, kinds) and not at_bar:
            found.setdefault((item.label, item.role), Name(item.label, item.role, item))
    return list(found.values())


class Labeller:
    """Places the names of one panel in its axes."""

    def __init__(self, axes: Any, panel: Panel, look: Look, ruler: Ruler, margin: float) -> None:
        self._axes = axes
        self._look = look
        self._size = look.words(SIZE)
        self._ruler = ruler
        self._margin = margin  # pixels to the right of the axes that are free for names
        self._panel = panel
        extent = axes.get_window_extent(ruler.renderer)
        self._frame = Box(extent.x0, extent.y0, extent.width, extent.height)
        self._gap = 0.4 * look.font_size * ruler.point
        self._room = Room(self._frame)

    def place(self) -> list[Any]:
        """Write the lab's own labels and every name; return the artists."""
        points = [outline(item, self) for item in self._panel.items]
        self._room.drawn = np.concatenate([np.empty((0, 2)), *points])
        self._room.dots += [dot for item in self._panel.items for dot in self._dots(item)]
        artists: list[Any] = []
        for item in self._panel.drawn():
            if isinstance(item, Label):
                artists += self._fixed(item)
        outside: list[tuple[Name, float, float]] = []
        inside: list[Name] = []
        for name in names(self._panel):
            end = self.margin_end(name)
            width, height = self.measure(name.text)
            if end is not None and width + self._gap <= self._margin:
                outside.append((name, end, height))
            else:
                inside.append(name)
        artists += self._in_margin(outside)
        for name in inside:
            artists += self._inside(name)
        return artists

    def pixels(self, x: Any, y: Any) -> tuple[Points, Points]:
        """Return data coordinates in pixels; what the axes cannot show becomes NaN."""
        with np.errstate(all="ignore"):
            moved = self._axes.transData.transform(np.column_stack([x, y]).astype(np.float64))
        moved[~np.isfinite(moved).all(axis=1)] = np.nan
        return moved[:, 0], moved[:, 1]

    def measure(self, text: str, size: float | None = None) -> tuple[float, float]:
        """Return a text's width and height in pixels."""
        return self._ruler.measure(text, size or self._size)

    def margin_end(self, name: Name) -> float | None:
        """Return the height in pixels at which a curve meets the right edge, if it does."""
        item = name.item
        if not isinstance(item, (Curve, Band)) or not self._panel.x.visible:
            return None
        line = self._line(item)
        if len(line) == 0 or getattr(item, "label_at", 1.0) != 1.0:
            return None
        x, y = line[-1]
        near = x >= self._frame.x + (1 - NEAR_EDGE) * self._frame.width
        return float(y) if near else None

    def _line(self, item: Curve | Band) -> Points:
        """Return the visible points of a curve, or of the middle of a band, in pixels."""
        height = item.y if isinstance(item, Curve) else (item.low + item.high) / 2
        x, y = self.pixels(item.x, height)
        frame = self._frame
        seen = (x >= frame.x - 1) & (x <= frame.x + frame.width + 1)
        seen &= (y >= frame.y - 1) & (y <= frame.y + frame.height + 1)
        return np.column_stack([x, y])[seen]

    def _dots(self, item: Item) -> list[Box]:
        """Return the boxes of an item's dots, if they are few enough to matter one by one."""
        if not isinstance(item, Scatter) or len(item.x) > MOST_DOTS:
            return []
        side = self._look.line(item.size) * self._ruler.point
        centres = _finite(np.column_stack(self.pixels(item.x, item.y)))
        return [Box(x - side / 2, y - side / 2, side, side) for x, y in centres.tolist()]

    def _in_margin(self, ends: list[tuple[Name, float, float]]) -> list[Any]:
        """Write names beside the right edge, spread so that none covers another."""
        if not ends:
            return []
        size = max(height for _, _, height in ends) * 1.05
        low, high = self._frame.y, self._frame.y + self._frame.height
        places = spread([end for _, end, _ in ends], size, low, high)
        artists: list[Any] = []
        for (name, _, _), y in zip(ends, places, strict=True):
            x = self._frame.x + self._frame.width + self._gap
            artists += self._write(name.text, name.role, self._size, x, y, margin=True)
        return artists

    def _inside(self, name: Name) -> list[Any]:
        """Write a name in the panel near its item, or nowhere if it would be illegible."""
        box = self._room.place(self._boxes(name))
        if box is None:
            return []
        return self._write(name.text, name.role, self._size, *box.centre)

    def _boxes(self, name: Name) -> list[Box]:
        """Return the places for a name, from the most wanted on."""
        width, height = self.measure(name.text)
        item = name.item
        if isinstance(item, (Rule, Region)):
            return self._along_frame(item, width, height)
        boxes: list[Box] = []
        for x, y in self._anchors(item):
            boxes += around(float(x), float(y), width, height, self._gap)
        return boxes or [Box(self._frame.x - 2 * width, self._frame.y, width, height)]

    def _anchors(self, item: Item) -> Points:
        """Return points in pixels that a name may stand beside, from the most wanted on."""
        if isinstance(item, (Curve, Band)):
            line = self._line(item)
            at = item.label_at if isinstance(item, Curve) else 1.0
            steps = np.array(ALONG) + at
            steps = steps[(steps >= 0) & (steps <= 1)]
            return line[np.round(steps * (len(line) - 1)).astype(int)] if len(line) else line
        if isinstance(item, Segments):
            x, y = self.pixels(np.append(item.x1, item.x0), np.append(item.y1, item.y0))
        elif isinstance(item, Arrows):
            x, y = self.pixels(item.x + item.dx, item.y + item.dy)
        elif isinstance(item, Bars):
            x, y = self.pixels(item.x, item.base + item.height)
        else:
            assert isinstance(item, Scatter)
            x, y = self.pixels(item.x, item.y)
        points = np.column_stack([x, y])
        points = points[np.isfinite(points).all(axis=1)]
        if len(points) == 0:
            return points
        # The last, the highest, the rightmost, the lowest and the leftmost point.
        by_x, by_y = np.argsort(points[:, 0]), np.argsort(points[:, 1])
        first = by_y[-1] if isinstance(item, Bars) else len(points) - 1
        return points[[first, by_y[-1], by_x[-1], by_y[0], by_x[0]]]

    def _along_frame(self, item: Rule | Region, width: float, height: float) -> list[Box]:
        """Return places beside a rule, or in a strip, at either end of it."""
        frame, gap = self._frame, self._gap * 0.6
        values = (item.value,) * 2 if isinstance(item, Rule) else (item.low, item.high)
        low, high = (self._across(item.axis, value) for value in values)
        strip = isinstance(item, Region)
        if item.axis == "x":
            beside = [high + gap, low - gap - width]
            xs = [(low + high - width) / 2, *beside] if strip else beside
            ys = [frame.y + frame.height - gap - height, frame.y + gap]
            return [Box(x, y, width, height) for y in ys for x in xs]
        above = [high + gap / 2, low - gap / 2 - height]
        ys = [(low + high - height) / 2, *above] if strip else above
        xs = [frame.x + frame.width - gap - width, frame.x + gap]
        return [Box(x, y, width, height) for x in xs for y in ys]

    def rule(self, item: Rule) -> Points:
        """Return points a pixel apart along a rule, in pixels."""
        place, frame = self._across(item.axis, item.value), self._frame
        if item.axis == "x":
            ends = [place, place], [frame.y, frame.y + frame.height]
        else:
            ends = [frame.x, frame.x + frame.width], [place, place]
        return sampled(np.array(ends[0]), np.array(ends[1]))

    def _across(self, axis: str, value: float) -> float:
        """Return where an axis has a value, in pixels."""
        somewhere = self._axes.get_ylim()[0] if axis == "x" else self._axes.get_xlim()[0]
        x, y = (
            self.pixels([value], [somewhere]) if axis == "x" else self.pixels([somewhere], [value])
        )
        return float(x[0] if axis == "x" else y[0])

    def _fixed(self, item: Label) -> list[Any]:
        """Write a label where the lab has put it, moved into the panel if it would be cut."""
        size = self._look.text(item.size)
        width, height = self.measure(item.label, size)
        (x,), (y,) = self.pixels([item.x], [item.y])
        frame = self._frame
        if not frame.reaches(x, y, self._gap):
            return []
        across, along = ANCHORS[item.anchor]
        left = np.clip(x - across * width, frame.x, frame.x + max(frame.width - width, 0.0))
        low = np.clip(y - along * height, frame.y, frame.y + max(frame.height - height, 0.0))
        places = [Box(float(left), float(low) + step * height, width, height) for step in SHIFTS]
        inside = [box for box in places if frame.overlap(box) >= (1 - CUT) * box.area]
        free = [box for box in inside if not self._room.crowded(box)]
        if not free:
            return []
        box = free[0]
        self._room.taken.append(box)
        return self._write(item.label, item.role, size, *box.centre)

    def _write(
        self, text: str, role: Role, size: float, x: float, y: float, *, margin: bool = False
    ) -> list[Any]:
        """Write a text centred at a place in pixels over a halo in the panel's colour.

        On a heat map, dark here and bright there, it stands on a plate of that colour instead. In
        the `margin` it starts there and has neither. The halo is a text of its own: an effect on
        the text itself would make matplotlib write it as outlines, and text must stay text in SVG
        and PDF files.
        """
        from matplotlib.patheffects import Stroke

        # Places are kept as shares of the axes, which hold at every resolution.
        fx, fy = self._axes.transAxes.inverted().transform((x, y))
        how = {"transform": self._axes.transAxes, "ha": "left" if margin else "center"}
        how |= {"va": "center", "zorder": 20, "fontsize": size, "parse_math": False}
        artists: list[Any] = []
        ground = self._look.theme.panel
        if margin or self._look.transparent:
            pass
        elif any(isinstance(item, HeatMap) for item in self._panel.items):
            how["bbox"] = {"boxstyle": "round,pad=0.2", "fc": ground, "ec": "none", "alpha": 0.8}
        else:
            artists.append(self._axes.text(fx, fy, text, color=ground, **how))
            artists[0].set_path_effects([Stroke(linewidth=0.28 * size, foreground=ground)])
        artists.append(self._axes.text(fx, fy, text, color=self._look.colour(role), **how))
        for artist in artists:
            artist.set_in_layout(False)
        return artists


def outline(item: Item, labeller: Labeller) -> Points:
    """Return points about a pixel apart along whatever an item draws, in pixels."""
    if isinstance(item, (Curve, Scatter)):
        stride = max(1, len(item.x) // 4000)
        x, y = labeller.pixels(item.x[::stride], item.y[::stride])
        return sampled(x, y) if isinstance(item, Curve) else _finite(np.column_stack([x, y]))
    if isinstance(item, (Segments, Arrows)):
        x1 = item.x1 if isinstance(item, Segments) else item.x + item.dx
        y1 = item.y1 if isinstance(item, Segments) else item.y + item.dy
        x0, y0 = (item.x0, item.y0) if isinstance(item, Segments) else (item.x, item.y)
        gaps = np.full_like(x0, np.nan)
        x = np.stack([x0, x1, gaps], axis=1).ravel()
        y = np.stack([y0, y1, gaps], axis=1).ravel()
        return sampled(*labeller.pixels(x, y))
    if isinstance(item, Bars):
        return _finite(np.column_stack(labeller.pixels(item.x, item.base + item.height)))
    if isinstance(item, Rule):
        return labeller.rule(item)
    return np.empty((0, 2))


def _finite(points: Points) -> Points:
    return points[np.isfinite(points).all(axis=1)]
