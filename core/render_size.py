"""How large a picture must be for a figure's words to have room."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from zoetrope.core.figure import Figure
from zoetrope.core.render import Drawing
from zoetrope.core.render_items import look_of
from zoetrope.core.render_layout import Layout
from zoetrope.core.render_measure import Ruler
from zoetrope.core.render_picture import MM_PER_INCH, chosen, empty_picture, settings
from zoetrope.core.sheet import Sheet

PROBE_DPI = 72.0
STEP_MM = 5.0  # sizes are rounded up to this
SPARE = 0.98  # of the size, since text is not equally wide at every resolution
TRIES = 12
FLAT = 105 / 170  # of a page's figure: its height over its width
NARROW_MM = 110.0  # up to this width a figure is a column
PANEL_MM = 50.0  # height of each panel in a column
TALL = 4.0  # times the width: so high that only the width can be wanting


def fitting_height(figure: Figure, sheet: Sheet, tallest: float = 0.0) -> float:
    """Return the height in mm that suits a figure on a sheet as wide as this one.

    Wide figures are as flat as a page's, and the panels of narrow ones stand one below the other;
    where their words need more they get it, but for `tallest` mm (unless that is 0).
    """
    count = len(chosen(figure, sheet.panels))
    wide = sheet.width_mm > NARROW_MM
    height = sheet.width_mm * FLAT if wide else max(PANEL_MM * count, sheet.width_mm * FLAT)
    if not Drawing(figure, replace(sheet, height_mm=height, dpi=PROBE_DPI)).fits:
        size = least_size(figure, sheet)
        height = height if size is None else max(height, size[1])
    return min(height, tallest) if tallest else height


def least_size(figure: Figure, sheet: Sheet) -> tuple[float, float] | None:
    """Return a size in mm at which a figure has room at the sheet's full font size.

    It is as wide as the sheet if that is possible, and about as low as can be. None if there is
    none.
    """
    drawn = chosen(figure, sheet.panels)
    several = len({panel.cell.column for panel in drawn}) > 1
    with settings(sheet.font):
        picture, canvas = empty_picture((1.0, 1.0), PROBE_DPI, "none")
        ruler = Ruler(picture, canvas.get_renderer())
        layout = Layout(picture, ruler, figure, drawn, look_of(sheet))
        found = [
            _grown(picture, layout, sheet.width_mm, stacked)
            for stacked in (False, True)[: 1 + several]
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
