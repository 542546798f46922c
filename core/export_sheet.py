"""The sheet that export options come to for a figure, and the drawing on it."""

from __future__ import annotations

from dataclasses import replace

from zoetrope.core.export_options import (
    LONGEST_SIDE,
    OPAQUE,
    ExportError,
    ExportOptions,
    NoRoomError,
    check_pixels,
)
from zoetrope.core.figure import Figure
from zoetrope.core.render import Drawing
from zoetrope.core.render_size import fitting_height, least_size
from zoetrope.core.sheet import Sheet


def check_panels(figure: Figure, options: ExportOptions) -> None:
    """Raise `ExportError` where the options name a panel that the figure has not."""
    names = [panel.name for panel in figure.panels]
    for name in options.panels or ():
        if name not in names:
            raise ExportError(
                f"There is no panel {name!r} in this figure; it has {', '.join(names)}."
            )


def sheet_for(figure: Figure, options: ExportOptions) -> Sheet:
    """Return the sheet for a figure; raises `ExportError`."""
    check_panels(figure, options)
    width_mm, height_mm, dpi = options.layout()
    sheet = Sheet(
        width_mm=width_mm,
        height_mm=height_mm,
        dpi=dpi,
        theme=options.theme,
        font=options.font,
        font_size=options.font_size,
        least_text=options.least_text,
        panels=options.panels or None,
        transparent=options.transparent,
        letters=options.lettered,
        numbers=options.numbers,
    )
    if not height_mm:
        sheet = replace(sheet, height_mm=fitting_height(figure, sheet, options.tallest))
        check_pixels(sheet.width_mm, sheet.height_mm, dpi)
    return sheet


def film_sheet(figure: Figure, options: ExportOptions, file_format: str) -> Sheet:
    """Return the sheet of a film's frames, whose sides are even, as video wants them.

    Raises `ExportError` where a side is longer than the format knows.
    """
    sheet = sheet_for(figure, options)
    sides = [
        max(2, round(mm / 25.4 * sheet.dpi / 2) * 2) for mm in (sheet.width_mm, sheet.height_mm)
    ]
    longest = LONGEST_SIDE.get(file_format, max(sides))
    if max(sides) > longest:
        raise ExportError(
            f"A side of {max(sides)} pixels is too long for {file_format}: {longest} are the "
            "most; choose a smaller size, fewer dots per inch, or APNG."
        )
    width_mm, height_mm = (side / sheet.dpi * 25.4 for side in sides)
    transparent = options.transparent and file_format not in OPAQUE
    return replace(sheet, width_mm=width_mm, height_mm=height_mm, transparent=transparent)


def drawing_on(figure: Figure, sheet: Sheet) -> Drawing:
    """Return the drawing; raises `NoRoomError` where its words do not fit."""
    drawing = Drawing(figure, sheet)
    if drawing.fits:
        return drawing
    shown = sheet.panels or tuple(panel.name for panel in figure.panels)
    fewer = ", or fewer panels" if len(shown) > 1 else ""
    size = least_size(figure, sheet)
    needed = "smaller text" if size is None else f"at least {size[0]:.0f} x {size[1]:.0f} mm"
    sentence = f"This page needs {needed} at {sheet.font_size:g} pt{fewer}."
    raise NoRoomError(sentence, shown)
