"""Draws figures with matplotlib, for files: vectors, pictures, and the frames of animations.

Figure objects only, never pyplot, and no global state is left changed. Text stays text. The same
figure drawn twice with the same options gives the same bytes.
"""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from zoetrope.core import render_axes
from zoetrope.core.figure import (
    Cell,
    Figure,
    HeatMap,
    Panel,
    Scatter,
    barred,
    fit_equal,
    panel_limits,
)
from zoetrope.core.render_items import Look, draw_item
from zoetrope.core.render_labels import SIZE, WIDEST, Labeller, names
from zoetrope.core.theme import FONT_FAMILIES, THEMES, Theme

MM_PER_INCH = 25.4
PAD = 0.03  # inches round each panel
MOST_FITS = 5
LEAST_WIDTH, LEAST_HEIGHT = 8.0, 4.0  # of a panel, in units of the font size
LEAST_BESIDE = 12.0  # the least width of panels that stand side by side
SMALLER = (1.0, 0.85, 0.75)  # shares of the font size, tried until all panels have room
LEAST_TEXT = 6.0  # points; smaller text only where it is asked for
TALLEST = 1.5  # how much higher than the lowest panel a panel of a stack may be
PROBE_DPI = 72.0  # for looking for the size that a figure needs
STEP_MM = 5.0  # that size is rounded up to this
PROBES = 14  # widths tried, each a quarter larger
Limits = tuple[float, float, float, float]
# Says who made the file, and neither when nor with which versions of the libraries.
METADATA: Mapping[str, dict[str, str | None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": "Zoetrope"},
    "pdf": {"CreationDate": None, "ModDate": None, "Creator": "Zoetrope", "Producer": None},
}


def render(
    figure: Figure,
    *,
    width_mm: float = 170.0,
    height_mm: float = 105.0,
    dpi: float = 300.0,
    theme: Theme | str = "print",
    font_size: float = 8.0,
    panels: Sequence[str] | None = None,
    transparent: bool = False,
) -> Any:
    """Return `figure` as a matplotlib Figure of the given size.

    `panels` names the panels to draw, all of them by default; raises KeyError for one that is not
    there. `transparent` leaves the ground out. Write the result with `encode`.
    """
    return Drawing(
        figure,
        width_mm=width_mm,
        height_mm=height_mm,
        dpi=dpi,
        theme=theme,
        font_size=font_size,
        panels=panels,
        transparent=transparent,
    ).picture


def encode(picture: Any, file_format: str, *, metadata: Mapping[str, str] | None = None) -> bytes:
    """Return a rendered figure as a file: "png", "svg" or "pdf", with `metadata` in its words."""
    buffer = io.BytesIO()
    with _settings():
        picture.savefig(
            buffer,
            format=file_format,
            dpi=picture.dpi,
            metadata={**METADATA[file_format], **(metadata or {})},
        )
    return buffer.getvalue()


def least_size(
    figure: Figure, *, width_mm: float, font_size: float, panels: Sequence[str] | None = None
) -> tuple[float, float] | None:
    """Return a size in mm at which the figure has room at the full font size.

    It is as wide as asked if that is possible, and as low as can be. None if there is none.
    """
    drawing = Drawing(
        figure,
        width_mm=width_mm,
        height_mm=width_mm,
        dpi=PROBE_DPI,
        theme="print",
        font_size=font_size,
        panels=panels,
    )
    return drawing.least_size(width_mm)


class Drawing:
    """A figure drawn once, whose items can be replaced while its axes stay where they are.

    Where the columns of the figure would be too narrow its panels stand one below the other.
    `fits` says whether all words have room; the text is never smaller than `LEAST_TEXT`, nor than
    the last of `SMALLER`.
    """

    def __init__(
        self,
        figure: Figure,
        *,
        width_mm: float,
        height_mm: float,
        dpi: float,
        theme: Theme | str,
        font_size: float,
        panels: Sequence[str] | None = None,
        transparent: bool = False,
    ) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure as Picture

        theme = THEMES[theme] if isinstance(theme, str) else theme
        self._look = Look(theme=theme, font_size=font_size, transparent=transparent)
        self._figure = figure
        self._font_size = font_size
        self._wanted = tuple(panels) if panels is not None else None
        with _settings():
            # A thousandth of a pixel keeps a whole number of pixels from being rounded down.
            size = ((width_mm / MM_PER_INCH) + 1e-3 / dpi, (height_mm / MM_PER_INCH) + 1e-3 / dpi)
            ground = "none" if transparent else theme.background
            self.picture: Any = Picture(figsize=size, dpi=dpi, facecolor=ground)
            self._canvas: Any = FigureCanvasAgg(self.picture)
            self._start(figure)

    def update(self, figure: Figure, limits: Mapping[str, Limits] | None = None) -> None:
        """Draw another figure in place of this one.

        `limits` are the ranges of the axes by panel name, where they are not to follow the items
        of this one figure. Panels, titles and axes that changed are laid out anew.
        """
        with _settings():
            if _layout(figure) != _layout(self._figure):
                self._start(figure, limits)
                return
            self._figure = figure
            for panel in self._panels():
                for artist in self._artists.pop(panel.name):
                    artist.remove()
                axes = self._axes[panel.name]
                render_axes.set_limits(axes, panel, self._limits(panel, limits))
                self._draw_items(axes, panel)
            self._place_names()

    def pixels(self) -> npt.NDArray[np.uint8]:
        """Return the picture as [rows, columns, 4] red, green, blue and opacity, not premultiplied.

        The array is overwritten by the next call.
        """
        with _settings():
            self._canvas.draw()
        return np.asarray(self._canvas.buffer_rgba())

    def least_size(self, width_mm: float) -> tuple[float, float] | None:
        """Return the size that `least_size` looks for; the drawing is of no use afterwards."""
        arrangements = [False, True] if len(self._panels()) > 1 else [False]
        em = self._font_size / 72 * MM_PER_INCH
        if width_mm < LEAST_WIDTH * em:
            width_mm = float(STEP_MM * np.ceil(LEAST_WIDTH * em / STEP_MM))
        with _settings():
            for _ in range(PROBES):
                found = [self._least_height(width_mm, stacked) for stacked in arrangements]
                heights = [height for height in found if height is not None]
                if heights:
                    return width_mm, min(heights)
                width_mm = STEP_MM * np.ceil(1.25 * width_mm / STEP_MM)
        return None

    def _least_height(self, width_mm: float, stacked: bool) -> float | None:
        """Return the least height in mm, in steps, at which the figure has room."""
        em = self._font_size / 72 * MM_PER_INCH
        high = STEP_MM * np.ceil((20 * em * len(self._panels()) + 2 * width_mm) / STEP_MM)
        if not self._tried(width_mm, high, stacked):
            return None
        low = 0.0
        while high - low > STEP_MM:
            middle = STEP_MM * round((low + high) / 2 / STEP_MM)
            if self._tried(width_mm, middle, stacked):
                high = middle
            else:
                low = middle
        return float(high)

    def _tried(self, width_mm: float, height_mm: float, stacked: bool) -> bool:
        self.picture.set_size_inches(width_mm / MM_PER_INCH, 0.98 * height_mm / MM_PER_INCH)
        return self._arrange(self._figure, None, self._font_size, stacked)

    def _start(self, figure: Figure, limits: Mapping[str, Limits] | None = None) -> None:
        """Draw a figure from nothing: stacked, and in smaller type, where it would have no room."""
        self._figure = figure
        several = len({panel.cell.column for panel in self._panels()}) > 1
        least = min(self._font_size, LEAST_TEXT)
        sizes = sorted({max(self._font_size * share, least) for share in SMALLER}, reverse=True)
        tries = [(size, stacked) for size in sizes for stacked in (False, True)[: 1 + several]]
        self.fits = any(self._arrange(figure, limits, *one) for one in tries)
        if not self.fits and self._stacked:
            self._arrange(figure, limits, sizes[-1], False)
        for panel in self._panels():
            render_axes.set_limits(self._axes[panel.name], panel, self._limits(panel, limits))
        self._place_names()

    def _arrange(
        self, figure: Figure, limits: Mapping[str, Limits] | None, size: float, stacked: bool
    ) -> bool:
        """Draw a figure from nothing in one arrangement; return whether it has room."""
        self.picture.clear()
        self._look = replace(self._look, font_size=size)
        self._stacked = stacked
        self._build(figure, limits)
        return self._lay_out(limits)

    def _build(self, figure: Figure, limits: Mapping[str, Limits] | None) -> None:
        """Make the axes and draw the items."""
        self._axes: dict[str, Any] = {}
        self._artists: dict[str, list[Any]] = {}
        self._bars: dict[tuple[str, str], Any] = {}
        self._margins: dict[str, float] = {}
        chosen = self._panels()
        cells = _stack(chosen) if self._stacked else {p.name: p.cell for p in chosen}
        rows, columns, heights, widths = _grid(figure, list(cells.values()))
        if self._stacked:
            heights, widths = _stack_heights(figure, chosen), [1.0]
        grid = self.picture.add_gridspec(
            len(rows), len(columns), height_ratios=heights, width_ratios=widths
        )
        for panel in chosen:
            cell = cells[panel.name]
            top, left = rows.index(cell.row), columns.index(cell.column)
            bottom = sum(row < cell.row + cell.row_span for row in rows)
            right = sum(column < cell.column + cell.column_span for column in columns)
            axes = self.picture.add_subplot(grid[top:bottom, left:right], label=panel.name)
            self._axes[panel.name] = axes
            render_axes.prepare(axes, panel, self._look)
            render_axes.set_limits(axes, panel, self._limits(panel, limits))
            self._draw_items(axes, panel)

    def _panels(self) -> list[Panel]:
        """Return the panels to draw."""
        if self._wanted is None:
            return list(self._figure.panels)
        return [self._figure.panel(name) for name in self._wanted]

    def _limits(self, panel: Panel, limits: Mapping[str, Limits] | None) -> Limits:
        """Return the ranges of a panel's axes, with links and equal units seen to."""
        given = limits or {}
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
        if name not in self._axes:
            return 1.0
        box = self._axes[name].get_window_extent()
        return float(box.width / max(box.height, 1.0))

    def _draw_items(self, axes: Any, panel: Panel) -> None:
        """Draw the items of a panel, and the bar that explains their colours."""
        drawn: list[Any] = []
        explained = barred(panel)
        for rank, item in enumerate(panel.drawn()):
            artists = draw_item(axes, panel, item, self._look, 2.0 + rank * 1e-3)
            drawn += artists
            if explained is not None and item is explained:
                self._explain(axes, panel, explained, artists[0])
        self._artists[panel.name] = drawn

    def _explain(self, axes: Any, panel: Panel, item: HeatMap | Scatter, artist: Any) -> None:
        key = (panel.name, item.key)
        if key in self._bars:
            bar = self._bars[key]
            bar.update_normal(render_axes.colours_of(artist))  # which forgets its ticks
            render_axes.fit_bar(bar, axes, self._canvas.get_renderer(), self._look)
            return
        self._bars[key] = render_axes.add_bar(axes, item, artist, self._look)

    def _lay_out(self, limits: Mapping[str, Limits] | None) -> bool:
        """Find the place of each panel, break words and choose ticks to fit, then hold it.

        Returns False where the words leave some panel no room.
        """
        from matplotlib.layout_engine import ConstrainedLayoutEngine

        renderer = self._canvas.get_renderer()
        engine = ConstrainedLayoutEngine(w_pad=PAD, h_pad=PAD, wspace=0.03, hspace=0.03)
        spacers: list[Any] = []
        with warnings.catch_warnings():
            warnings.filterwarnings("error", "constrained_layout not applied")
            try:
                engine.execute(self.picture)
                spacers += [self._reserve(panel, renderer) for panel in self._panels()]
                for _ in range(MOST_FITS):  # broken words move the panels: words break anew
                    before = [axes.get_position().bounds for axes in self._axes.values()]
                    self._fit(renderer, limits)
                    engine.execute(self.picture)
                    after = [axes.get_position().bounds for axes in self._axes.values()]
                    if np.allclose(before, after, atol=1e-4):
                        break
            except UserWarning:
                return False
            finally:
                for spacer in filter(None, spacers):
                    spacer.remove()
        em = self._look.font_size * renderer.points_to_pixels(1.0)
        boxes = [axes.get_window_extent(renderer) for axes in self._axes.values()]
        beside = not self._stacked and len({panel.cell.column for panel in self._panels()}) > 1
        width = LEAST_WIDTH * em
        if beside:  # smaller type is no reason for narrower columns: those are stacked
            width = LEAST_BESIDE * self._font_size * renderer.points_to_pixels(1.0)
        roomy = all(b.width > width and b.height > LEAST_HEIGHT * em for b in boxes)
        return roomy and not self._cut(renderer)

    def _cut(self, renderer: Any) -> bool:
        """Say whether a title is cut at the edge of the picture."""
        sheet = self.picture.bbox
        for axes in [*self._axes.values(), *(bar.ax for bar in self._bars.values())]:
            for text in (axes.xaxis.label, axes.yaxis.label, axes._left_title):
                if not (text.get_text() and text.get_visible()):
                    continue
                box = text.get_window_extent(renderer)
                if box.x0 < -1 or box.y0 < -1 or box.x1 > sheet.x1 + 1 or box.y1 > sheet.y1 + 1:
                    return True
        return False

    def _fit(self, renderer: Any, limits: Mapping[str, Limits] | None) -> None:
        """Break words and choose ticks and limits for the size that each panel has got."""
        for panel in self._panels():
            axes = self._axes[panel.name]
            render_axes.break_words(axes, panel, renderer, self._margins[panel.name])
            render_axes.set_limits(axes, panel, self._limits(panel, limits))
            render_axes.set_ticks(axes, panel, renderer, self._look)
        for (name, _), bar in self._bars.items():
            render_axes.fit_bar(bar, self._axes[name], renderer, self._look)

    def _reserve(self, panel: Panel, renderer: Any) -> Any:
        """Keep room in the margin for the names of curves that run into the right edge.

        Returns the artist that keeps it, or None.
        """
        axes = self._axes[panel.name]
        self._margins[panel.name] = 0.0
        if any(name == panel.name for name, _ in self._bars):
            return None
        labeller = Labeller(axes, panel, self._look, renderer, 0.0)
        room = WIDEST * axes.get_window_extent(renderer).width
        ending = [name.text for name in names(panel) if labeller.margin_end(name) is not None]
        widths = {labeller.measure(text)[0]: text for text in ending}
        fitting = [width for width in widths if width <= room]
        if not fitting:
            return None
        gap = 0.4 * self._look.font_size
        self._margins[panel.name] = max(fitting) + gap * renderer.points_to_pixels(1.0) + 1.0
        return axes.annotate(
            widths[max(fitting)],
            (1.0, 0.5),
            xycoords="axes fraction",
            xytext=(gap, 0.0),
            textcoords="offset points",
            fontsize=SIZE * self._look.font_size,
            parse_math=False,
        )

    def _place_names(self) -> None:
        renderer = self._canvas.get_renderer()
        for panel in self._panels():
            margin = self._margins.get(panel.name, 0.0)
            labeller = Labeller(self._axes[panel.name], panel, self._look, renderer, margin)
            self._artists[panel.name] += labeller.place()


def _stack(panels: Sequence[Panel]) -> dict[str, Cell]:
    """Return a place for each panel in one column, in the order of reading."""
    ordered = sorted(panels, key=lambda panel: (panel.cell.row, panel.cell.column))
    return {panel.name: Cell(row, 0) for row, panel in enumerate(ordered)}


def _stack_heights(figure: Figure, panels: Sequence[Panel]) -> list[float]:
    """Return the relative heights of stacked panels: much as they are, but none towers."""
    heights: list[float] = []
    for panel in sorted(panels, key=lambda panel: (panel.cell.row, panel.cell.column)):
        rows = range(panel.cell.row, panel.cell.row + panel.cell.row_span)
        heights.append(sum(figure.heights[r] if r < len(figure.heights) else 1.0 for r in rows))
    return [min(height, TALLEST * min(heights)) for height in heights]


def _grid(
    figure: Figure, cells: Sequence[Cell]
) -> tuple[list[int], list[int], list[float], list[float]]:
    """Return the rows and columns that the panels need, and their relative sizes."""

    def used(starts_and_spans: Iterator[tuple[int, int]], sizes: tuple[float, ...]) -> Any:
        places = sorted({s + i for s, span in starts_and_spans for i in range(span)}) or [0]
        return places, [sizes[place] if place < len(sizes) else 1.0 for place in places]

    rows, heights = used(((c.row, c.row_span) for c in cells), figure.heights)
    columns, widths = used(((c.column, c.column_span) for c in cells), figure.widths)
    return rows, columns, heights, widths


def _layout(figure: Figure) -> object:
    """Return what decides where things stand: all but the items, of which bars count."""
    bars = tuple(
        (panel.name, item.key, item.label)
        for panel in figure.panels
        if (item := barred(panel)) is not None
    )
    bare = tuple(replace(panel, items=(), summary="") for panel in figure.panels)
    return bare, figure.widths, figure.heights, bars


@contextmanager
def _settings() -> Iterator[None]:
    """Set matplotlib's global settings for the time of drawing."""
    import matplotlib

    with matplotlib.rc_context(
        {
            "font.family": list(_fonts()),
            "mathtext.fontset": "dejavusans",
            "axes.unicode_minus": True,
            "svg.fonttype": "none",
            "svg.hashsalt": "zoetrope",
            "pdf.fonttype": 42,
            "path.simplify": True,
            "agg.path.chunksize": 20_000,
            "savefig.bbox": None,
            "savefig.facecolor": "auto",
            "savefig.transparent": False,
        }
    ):
        yield


@cache
def _fonts() -> tuple[str, ...]:
    """Return the families of `FONT_FAMILIES` that are installed; matplotlib brings the first."""
    from matplotlib.font_manager import fontManager

    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    installed = set(fontManager.get_font_names())
    return tuple(family for family in FONT_FAMILIES if family in installed)
