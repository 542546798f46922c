"""Empty pictures to draw in, and matplotlib set up to draw them alike everywhere."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from zoetrope.core.figure import Figure, Panel
from zoetrope.core.sheet import FONTS, MATHEMATICS, Font, fonts_of_the_program
from zoetrope.core.theme import FONT_FAMILIES

MM_PER_INCH = 25.4


def empty_picture(size: tuple[float, float], dpi: float, ground: str) -> tuple[Any, Any]:
    """Return a matplotlib Figure of a size in inches, and its canvas."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Picture

    picture = Picture(figsize=size, dpi=dpi, facecolor=ground)
    return picture, FigureCanvasAgg(picture)


@contextmanager
def settings(font: Font = "sans") -> Iterator[None]:
    """Set matplotlib's global settings for the time of drawing."""
    import matplotlib

    with matplotlib.rc_context(
        {
            "font.family": list(_families(font)),
            "mathtext.fontset": MATHEMATICS[font],
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
def _families(font: Font) -> tuple[str, ...]:
    """Return the families of a choice that are installed, and those of `FONT_FAMILIES`, which have
    the letters that it lacks; matplotlib brings the first of these.
    """
    from matplotlib.font_manager import fontManager

    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    for file in fonts_of_the_program():
        fontManager.addfont(file)
    installed = set(fontManager.get_font_names())
    return tuple(family for family in (*FONTS[font], *FONT_FAMILIES) if family in installed)


def chosen(figure: Figure, names: Sequence[str] | None) -> list[Panel]:
    """Return the panels of those names, all by default; raises KeyError for one not there."""
    return list(figure.panels) if names is None else [figure.panel(name) for name in names]
