"""How large a picture must be for a figure's words to have room."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from zoetrope.core.figure import Figure
from zoetrope.core.render_items import Look
from zoetrope.core.render_layout import Layout
from zoetrope.core.render_measure import Ruler
from zoetrope.core.render_picture import MM_PER_INCH, chosen, empty_picture, settings
from zoetrope.core.theme import PRINT

PROBE_DPI = 72.0
STEP_MM = 5.0  # sizes are rounded up to this
SPARE = 0.98  # of the size, since text is not equally wide at every resolution
TRIES = 12
TALL = 4.0  # times the width: so high that only the width can be wanting


def least_size(
    figure: Figure,
    *,
    width_mm: float,
    font_size: float,
    panels: Sequence[str] | None = None,
    letters: bool = False,
) -> tuple[float, float] | None:
    """Return a size in mm at which the figure has room at the full font size.

    It is as wide as asked if that is possible, and about as low as can be. None if there is none.
    """
    drawn = chosen(figure, panels)
    several = len({panel.cell.column for panel in drawn}) > 1
    with settings():
        picture, canvas = empty_picture((1.0, 1.0), PROBE_DPI, "none")
        ruler = Ruler(picture, canvas.get_renderer())
        look = Look(theme=PRINT, font_size=font_size, letters=letters)
        layout = Layout(picture, ruler, figure, drawn, look)
        found = [
            _grown(picture, layout, width_mm, stacked) for stacked in (False, True)[: 1 + several]
        ]
    return min((size for size in found if size is not None), default=None)


def _grown(picture: Any, layout: Layout, width: float, stacked: bool) -> tuple[float, float] | None:
    """Return the size in mm that one arrangement needs: wide enough first, then high enough."""
    height, settled = TALL * width, False
    for _ in range(TRIES):
        picture.set_size_inches(SPARE * width / MM_PER_INCH, SPARE * height / MM_PER_INCH)
        roomy = layout.arrange(font_size=layout.look.font_size, stacked=stacked)
        if settled and roomy:
            return width, height
        wide, high = (_rounded_up(inches * MM_PER_INCH / SPARE) for inches in layout.needs())
        if wide > _rounded_up(width):
            width, height, settled = wide, TALL * wide, False
        else:
            height = max(high, height + STEP_MM) if settled else high
            settled = True
    return None


def _rounded_up(size: float) -> float:
    return STEP_MM * math.ceil(size / STEP_MM - 1e-6)
