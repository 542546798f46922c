"""Formulas drawn as mathematics: LaTeX to vector drawings (ziamath), and those to crisp pictures.

`draw` loads ziamath when first called and takes milliseconds a formula: call it on a worker thread.
"""

from __future__ import annotations

import math
import re
import threading
from dataclasses import dataclass
from functools import lru_cache

from PyQt6.QtCore import QByteArray, QRectF, Qt
from PyQt6.QtGui import QImage, QPainter
from PyQt6.QtSvg import QSvgRenderer

from zoetrope.gui.painting import painting

MARGIN = 1.0
AROUND = 1.6  # pixels, of the box under a symbol
TOGETHER = 3.0  # pixels between letters of one symbol
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Drawing:
    """A formula as SVG, with its size in pixels and how far it reaches above its baseline."""

    svg: bytes
    width: float
    height: float
    ascent: float


@lru_cache(maxsize=512)
def draw(
    latex: str, size: float, colour: str, display: bool = False, marked: str = ""
) -> Drawing | None:
    """Return the formula drawn in `colour` ("#rrggbb") at `size` pixels, or None if it is not
    understood.

    What stands in the colour `marked` is underlaid too, as not everyone tells colours apart.
    """
    with _lock:  # ziamath keeps its settings in globals
        import ziamath

        ziamath.config.svg2 = False  # type: ignore[attr-defined]  # Qt draws nothing for SVG 2's symbols
        try:
            formula = ziamath.Latex(  # type: ignore[attr-defined]
                latex, size=size, color=colour, inline=not display
            )
            svg = formula.svg()
        except Exception:  # ziamath raises whatever its parser stumbles on
            return None
        width, height = formula.getsize()
        below = MARGIN - formula.getyofst()
    if marked:
        svg = _underlaid(svg, marked)
    height += 2 * MARGIN
    return Drawing(svg.encode(), width + 2 * MARGIN, height, height - below)


def picture(drawing: Drawing, pixel_ratio: float, x_height: float | None = None) -> QImage:
    """Return the drawing as an image for screens of that pixel ratio.

    With `x_height` it is padded so that its baseline meets the line's when Qt centres the image on
    the middle of the small letters, the only alignment with a descent that Qt's rich text has.
    """
    top, height = 0.0, math.ceil(drawing.height)
    if x_height is not None:
        above, below = drawing.ascent, drawing.height - drawing.ascent
        height = math.ceil(max(2 * above - x_height / 2, 2 * below + x_height / 2))
        top = (height + x_height / 2) / 2 - above
    width = math.ceil(drawing.width)
    image = QImage(
        math.ceil(width * pixel_ratio),
        math.ceil(height * pixel_ratio),
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    image.setDevicePixelRatio(pixel_ratio)
    image.fill(Qt.GlobalColor.transparent)
    with painting(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        renderer = QSvgRenderer(QByteArray(drawing.svg))
        renderer.render(painter, QRectF(0, top, drawing.width, drawing.height))
    return image


def _underlaid(svg: str, colour: str) -> str:
    """Lay a pale box under what is drawn in a colour; parts of one symbol share a box."""
    boxes: list[list[float]] = []
    for outline in re.findall(rf'<path d="([^"]*)" fill="{colour}"', svg):
        numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", outline)]
        x, y = numbers[0::2], numbers[1::2]
        left, top, right, bottom = min(x), min(y), max(x), max(y)
        if boxes and 0 <= left - boxes[-1][2] < TOGETHER:
            before = boxes[-1]
            boxes[-1] = [before[0], min(before[1], top), right, max(before[3], bottom)]
        else:
            boxes.append([left, top, right, bottom])
    ground = "".join(
        f'<rect x="{left - AROUND}" y="{top - AROUND}" width="{right - left + 2 * AROUND}" '
        f'height="{bottom - top + 2 * AROUND}" rx="2" fill="{colour}" fill-opacity="0.2" />'
        for left, top, right, bottom in boxes
    )
    opening = svg.index(">", svg.index("<svg")) + 1
    return svg[:opening] + ground + svg[opening:]
