"""Draws figures with matplotlib, for files: vectors, pictures, and the frames of animations.

Figure objects only, never pyplot, and no global state is left changed. Text stays text. The same
figure drawn twice with the same options gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from zoetrope.core import render_axes
from zoetrope.core.figure import Figure, barred
from zoetrope.core.render_items import draw_item, look_of
from zoetrope.core.render_labels import Labeller
from zoetrope.core.render_layout import Layout, Limits
from zoetrope.core.render_measure import Ruler
from zoetrope.core.render_picture import MM_PER_INCH, chosen, empty_picture, settings
from zoetrope.core.sheet import Font, Sheet

SMALLER = (1.0, 0.85, 0.75)  # shares of the font size, tried until all panels have room
# Says who made the file, and neither when nor with which versions of the libraries.
METADATA: Mapping[str, dict[str, str | None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": "Zoetrope"},
    "pdf": {"CreationDate": None, "ModDate": None, "Creator": "Zoetrope", "Producer": None},
}


def render(figure: Figure, **how: Any) -> Any:
    """Return `figure` as a matplotlib Figure, on a sheet that `how` makes (see `Sheet`).

    Raises KeyError for a panel that is not there. Write the result with `encode`.
    """
    return Drawing(figure, Sheet(**how)).picture


def encode(
    picture: Any,
    file_format: str,
    *,
    font: Font = "sans",
    metadata: Mapping[str, str] | None = None,
) -> bytes:
    """Return a rendered figure as a file: "png", "svg" or "pdf", with `metadata` in its words.

    `font` is that of its sheet: numbers at the axes are made as they are drawn.
    """
    buffer = io.BytesIO()
    with settings(font):
        picture.savefig(
            buffer,
            format=file_format,
            dpi=picture.dpi,
            metadata={**METADATA[file_format], **(metadata or {})},
        )
    return buffer.getvalue()


class Drawing:
    """A figure drawn once, whose items can be replaced while its axes stay where they are.

    Where the columns of the figure would be too narrow its panels stand one below the other.
    `fits` says whether all words have room; the text is never smaller than the sheet's least, nor
    than the last of `SMALLER`.
    """

    def __init__(self, figure: Figure, sheet: Sheet) -> None:
        self._sheet = sheet
        self._look = look_of(sheet)
        self._figure = figure
        self._layout: Layout
        with settings(sheet.font):
            # A thousandth of a pixel keeps a whole number of pixels from being rounded down.
            sides = sheet.width_mm, sheet.height_mm
            width, height = (side / MM_PER_INCH + 1e-3 / sheet.dpi for side in sides)
            ground = "none" if sheet.transparent else sheet.colours.background
            self.picture, self._canvas = empty_picture((width, height), sheet.dpi, ground)
            self._ruler = Ruler(self.picture, self._canvas.get_renderer())
            self._start(figure, None)

    def update(self, figure: Figure, limits: Mapping[str, Limits] | None = None) -> None:
        """Draw another figure in place of this one.

        `limits` are the ranges of the axes by panel name, where they are not to follow the items
        of this one figure. Panels, titles and axes that changed are laid out anew, and all is where
        the ranges are others than before.
        """
        with settings(self._sheet.font):
            if limits != self._limits or _bare(figure) != _bare(self._figure):
                self._start(figure, limits)
                return
            self._figure = figure
            for panel in chosen(figure, self._sheet.panels):
                for artist in self._artists[panel.name]:
                    artist.remove()
                axes = self._layout.axes[panel.name]
                render_axes.set_limits(axes, panel, self._layout.limits(panel, limits))
                explained = barred(panel)
                if explained is not None:
                    bar = self._layout.bars[panel.name]
                    bar.update_normal(render_axes.colours_of(explained))  # which forgets its ticks
                    render_axes.fit_bar(bar, axes, self._ruler, self._layout.look)
            self._draw()

    def pixels(self) -> npt.NDArray[np.uint8]:
        """Return the picture as [rows, columns, 4] red, green, blue and opacity, not premultiplied.

        The array is overwritten by the next call.
        """
        with settings(self._sheet.font):
            self._canvas.draw()
        return np.asarray(self._canvas.buffer_rgba())

    def _start(self, figure: Figure, limits: Mapping[str, Limits] | None) -> None:
        """Draw a figure from nothing: stacked, and in smaller type, where it would have no room."""
        self._figure, self._limits = figure, limits
        panels = chosen(figure, self._sheet.panels)
        several = len({panel.cell.column for panel in panels}) > 1
        wanted, least = self._sheet.font_size, self._sheet.least
        sizes = sorted({max(wanted * share, least) for share in SMALLER}, reverse=True)
        ways = (False, True) if several else (False,)
        tries = [(size, stacked) for size in sizes for stacked in ways]
        self._layout = Layout(self.picture, self._ruler, figure, panels, self._look)
        arrange = partial(self._layout.arrange, limits=limits)
        self.fits = any(arrange(font_size=size, stacked=stacked) for size, stacked in tries)
        if not self.fits and several:
            arrange(font_size=sizes[-1], stacked=False)
        self._draw()

    def _draw(self) -> None:
        """Draw the items in the axes, and then their names where they cover the least."""
        self._artists: dict[str, list[Any]] = {}
        look = self._layout.look
        for panel in chosen(self._figure, self._sheet.panels):
            axes, drawn = self._layout.axes[panel.name], []
            for rank, item in enumerate(panel.drawn()):
                drawn += draw_item(axes, panel, item, look, 2.0 + rank * 1e-3)
            margin = self._layout.margins[panel.name]
            drawn += Labeller(axes, panel, look, self._ruler, margin).place()
            self._artists[panel.name] = drawn


def _bare(figure: Figure) -> object:
    """Return what decides where things stand: all but the items, of which bars count."""
    bars = tuple(
        (panel.name, item.key, item.label)
        for panel in figure.panels
        if (item := barred(panel)) is not None
    )
    bare = tuple(replace(panel, items=(), summary="") for panel in figure.panels)
    return bare, figure.widths, figure.heights, bars
