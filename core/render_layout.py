"""The axes of a figure with nothing in them yet: each in its place, with words that fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from zoetrope.core import render_axes
from zoetrope.core.figure import Figure, Panel, barred, fit_equal, panel_letters, panel_limits
from zoetrope.core.items import Label
from zoetrope.core.label_layout import Box
from zoetrope.core.render_grid import Grid, Margins
from zoetrope.core.render_items import Look
from zoetrope.core.render_labels import WIDEST, Labeller, names
from zoetrope.core.render_measure import Ruler, margins

PAD = 0.03  # inches at the edges of the picture and between panels
BETWEEN = 0.9  # more of it between panels, in units of the font size
FITS = 5  # passes: broken words move the panels, so that words break anew
LEAST_WIDTH, LEAST_HEIGHT = 8.0, 4.0  # of a frame, in units of the font size
FEW_LABELS = 4  # up to here they can make way for each other
LEAST_BESIDE = 12.0  # the least width of frames that stand side by side
Limits = tuple[float, float, float, float]


class Layout:
    """The axes of some panels of a figure, which `arrange` puts in their places.

    `axes` holds them by panel, `bars` the colour bars, `margins` the pixels to the right of the
    axes that are free for the names of curves, `look` how all is drawn: its text may be smaller
    than what was wanted.
    """

    def __init__(
        self, picture: Any, ruler: Ruler, figure: Figure, panels: Sequence[Panel], look: Look
    ) -> None:
        self._picture = picture
        self._ruler = ruler
        self._figure = figure
        self._panels = panels
        self._wanted_size = look.font_size
        self._letters = panel_letters(panels) if look.letters else {}
        self._frames: dict[str, Box] = {}
        self.look = look
        self._make_axes()

    def arrange(
        self, *, font_size: float, stacked: bool, limits: Mapping[str, Limits] | None = None
    ) -> bool:
        """Put the axes in their places, with text of a size; return whether all words have room.

        `stacked` puts one panel below the other. `limits` are ranges of axes by panel, where they
        are not to follow the items.
        """
        if font_size != self.look.font_size:
            self.look = replace(self.look, font_size=font_size)
            self._make_axes()
        self._grid = Grid.of(self._figure, self._panels, stacked=stacked)
        self.margins = dict.fromkeys(self.axes, 0.0)
        self._fit(limits)
        return self._roomy()

    def _make_axes(self) -> None:
        self._picture.clear()
        self.axes: dict[str, Any] = {}
        self.bars: dict[str, Any] = {}
        for panel in self._panels:
            axes = self._picture.add_axes((0.0, 0.0, 1.0, 1.0), label=panel.name)
            self.axes[panel.name] = axes
            render_axes.prepare(axes, panel, self.look, self._letters.get(panel.name, ""))
            explained = barred(panel)
            if explained is not None:
                self.bars[panel.name] = render_axes.add_bar(axes, explained, self.look)

    def needs(self) -> tuple[float, float]:
        """Return the size in inches of a picture in which these words leave the frames room."""
        width, height = self._grid.needs(self._words, self._least(), self._gap())
        dpi = self._picture.dpi
        return width / dpi, height / dpi

    def _roomy(self) -> bool:
        """Return whether every frame is large enough and no title is cut."""
        least, frames = self._least(), self._frames
        large = (frames[n].width > w and frames[n].height > h for n, (w, h) in least.items())
        return all(large) and not self._cut()

    def limits(self, panel: Panel, given: Mapping[str, Limits] | None) -> Limits:
        """Return the ranges of a panel's axes, with links and equal units seen to."""
        given = given or {}
        x0, x1, y0, y1 = given.get(panel.name) or panel_limits(panel)
        if panel.link_x:
            x0, x1 = self._leader(panel.link_x, given)[:2]
        if panel.link_y:
            y0, y1 = self._leader(panel.link_y, given)[2:]
        if panel.equal and not (panel.x.log or panel.y.log):
            return fit_equal((x0, x1, y0, y1), self._aspect(panel.name))
        return x0, x1, y0, y1

    def _leader(self, name: str, given: Mapping[str, Limits]) -> Limits:
        panel = self._figure.panel(name)
        limits = given.get(name) or panel_limits(panel)
        return fit_equal(limits, self._aspect(name)) if panel.equal else limits

    def _aspect(self, name: str) -> float:
        frame = self._frames.get(name)
        return 1.0 if frame is None else frame.width / max(frame.height, 1.0)

    def _fit(self, limits: Mapping[str, Limits] | None) -> None:
        """Find the place of each panel, break words and choose ticks to fit."""
        self._words = dict.fromkeys(self.axes, Margins())
        self._place()
        for step in range(FITS):
            # At first no one knows how much room the words of the other panels will leave.
            self._fit_words(limits, broken=step > 0)
            before, self._words = self._words, {p.name: self._measure(p) for p in self._panels}
            self._place()
            if step and _close(before, self._words):
                break
        for panel in self._panels:
            render_axes.set_limits(self.axes[panel.name], panel, self.limits(panel, limits))
        cells = self._grid.cells
        for name in self._letters:  # in line at the outer edge of the words beside the axes
            column = cells[name].column
            left = max(w.left for n, w in self._words.items() if cells[n].column == column)
            self.axes[name]._left_title.set_x(-left / max(self._frames[name].width, 1.0))

    def _fit_words(self, limits: Mapping[str, Limits] | None, *, broken: bool) -> None:
        """Choose limits and ticks, and break words, for the frames as they are."""
        for panel in self._panels:
            axes = self.axes[panel.name]
            render_axes.set_limits(axes, panel, self.limits(panel, limits))
            render_axes.set_ticks(axes, panel, self._ruler, self.look)
            if broken:
                margin = self.margins[panel.name]
                render_axes.break_words(axes, panel, self._ruler, margin, self.look)
            self._reserve(panel)
        for name, bar in self.bars.items():
            render_axes.fit_bar(bar, self.axes[name], self._ruler, self.look)

    def _place(self) -> None:
        """Put the axes where the words leave room for them."""
        width, height = self._picture.bbox.width, self._picture.bbox.height
        frames = self._grid.frames(self._words, width, height, self._gap())
        for panel in self._panels:
            frame = frames[panel.name]
            side = min(frame.width, frame.height)
            if panel.square:  # at the top left, where the title is
                frames[panel.name] = Box(frame.x, frame.y + frame.height - side, side, side)
        self._frames = frames
        for name, frame in self._frames.items():
            # Frames without room get one all the same, so that words can be measured.
            size = max(frame.width, 2.0) / width, max(frame.height, 2.0) / height
            self.axes[name].set_position((frame.x / width, frame.y / height, *size))

    def _gap(self) -> float:
        return PAD * self.look.growth * float(self._picture.dpi)

    def _reserve(self, panel: Panel) -> None:
        """Keep room in the margin for the names of curves that run into the right edge."""
        if panel.name in self.bars:
            return
        axes = self.axes[panel.name]
        labeller = Labeller(axes, panel, self.look, self._ruler, 0.0)
        ending = [name.text for name in names(panel) if labeller.margin_end(name) is not None]
        room = WIDEST * self._frames[panel.name].width
        fitting = [width for text in ending if (width := labeller.measure(text)[0]) <= room]
        self.margins[panel.name] = max(fitting) + 0.4 * self._em() + 1.0 if fitting else 0.0

    def _measure(self, panel: Panel) -> Margins:
        """Return how far the words of a panel reach beyond its frame, with room to neighbours."""
        found = margins(
            self.axes[panel.name],
            panel,
            self.bars.get(panel.name),
            self.look,
            self._ruler,
            beside=self.margins[panel.name],
        )
        if len(self.axes) == 1:
            return found
        between = BETWEEN * self._em()
        return replace(found, left=found.left + between, bottom=found.bottom + between)

    def _em(self) -> float:
        return float(self.look.font_size * self._ruler.point)

    def _least(self) -> dict[str, tuple[float, float]]:
        """Return the least width and height of each frame in pixels."""
        em = self._em()
        beside = len(self._grid.widths) > 1
        # Smaller type is no reason for narrower columns: those are stacked.
        wide = LEAST_BESIDE * self._wanted_size * self._ruler.point
        width = wide if beside else LEAST_WIDTH * em
        return {p.name: (width, max(LEAST_HEIGHT * em, self._listed(p))) for p in self._panels}

    def _listed(self, panel: Panel) -> float:
        """Return how high a frame must be for the labels that the lab has put below one another."""
        listed = [item for item in panel.items if isinstance(item, Label)]
        if len(listed) < FEW_LABELS:
            return 0.0
        axes, frame = self.axes[panel.name], self._frames[panel.name]
        x, y = axes.transData.transform([(item.x, item.y) for item in listed]).T
        sizes = [self._ruler.measure(i.label, self.look.text(i.size)) for i in listed]
        order = np.argsort(y)
        least = 0.0
        for low, high in pairwise(order):
            gap, height = y[high] - y[low], min(sizes[low][1], sizes[high][1])
            near = abs(x[high] - x[low]) < min(sizes[low][0], sizes[high][0])
            if near and gap > 0.01 * frame.height:
                least = max(least, frame.height * height / gap)
        return float(least)

    def _cut(self) -> bool:
        """Say whether a title is cut at the edge of the picture, across which it is broken."""
        sheet = self._picture.bbox
        for name, frame in self._frames.items():
            axes, bar = self.axes[name], self.bars.get(name)
            names = [axes.yaxis.label] if bar is None else [axes.yaxis.label, bar.ax.yaxis.label]
            upright = max(self._length(text) for text in names)
            across, title = self._length(axes.xaxis.label), self._length(axes._left_title)
            x, y = frame.centre
            cut = x - across / 2 < -1 or x + across / 2 > sheet.width + 1
            cut = cut or y - upright / 2 < -1 or y + upright / 2 > sheet.height + 1
            if cut or frame.x + title > sheet.width + 1:
                return True
        return False

    def _length(self, text: Any) -> float:
        """Return how long the lines of a title are in pixels."""
        shown = text.get_text() if text.get_visible() else ""
        return self._ruler.measure(shown, self.look.font_size)[0]


def _close(a: Mapping[str, Margins], b: Mapping[str, Margins]) -> bool:
    """Say whether margins differ by less than half a pixel."""
    return all(
        np.allclose(
            (a[n].left, a[n].right, a[n].bottom, a[n].top),
            (b[n].left, b[n].right, b[n].bottom, b[n].top),
            atol=0.5,
        )
        for n in a
    )
