"""How a figure is exported, and what is wrong with that, said in one sentence."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from zoetrope.core.key_frames import KeyFrames
from zoetrope.core.number_format import AS_USUAL, NumberFormat
from zoetrope.core.recorded_drag import RecordedDrag
from zoetrope.core.sheet import FONTS, LEAST_TEXT, Font
from zoetrope.core.theme import THEMES
from zoetrope.core.translation import LANGUAGES

DRAWINGS = ("svg", "pdf", "png")
ANIMATIONS = ("gif", "webp", "apng", "mp4", "zip")  # the last holds a PNG for each frame
DATA = ("csv", "npz", "json")
OWN = ("py", "tex", "safetensors")  # what no one but a lab itself can write, see `Frame.files`
OPAQUE = ("gif", "mp4")  # formats that know no half-transparent edges

MM_PER = {"mm": 1.0, "cm": 10.0, "in": 25.4}
SCREEN_DPI = 96.0  # what a size in pixels is measured with
MOST_PIXELS = 20_000  # a side
MOST_AREA = 200_000_000  # pixels
LONGEST_SIDE = {"webp": 16_383, "mp4": 16_384}  # pixels, where a format knows no longer ones
LEAST_MM = 5.0
SIZE = re.compile(r"([0-9.]{1,20})\s*(?:[x×]\s*([0-9.]{1,20})\s*)?(mm|cm|in|px)")
CAPTIONS = {"txt": "Plain text", "md": "Markdown", "tex": "LaTeX"}


class ExportError(ValueError):
    """An export that cannot be made. The text is one sentence for people."""


class NoRoomError(ExportError):
    """A figure whose words do not fit into the size. `panels` names those it has."""

    def __init__(self, sentence: str, panels: tuple[str, ...]) -> None:
        super().__init__(sentence)
        self.panels = panels


class ExportCancelledError(Exception):
    """The export was cancelled; nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """How a figure is exported.

    `size` is such as "170x105mm", "7x4in" or "1200x800px"; in pixels it is that of a 96 dpi
    screen, and `dpi` counts for the others. In "89mm" the height follows from the panels; it is
    `tallest` mm at most where that is not 0. `font` is one of `sheet.FONTS`; text may shrink to
    `least_text` points where there is little room. `panels` names the panels to draw, all by
    default. `letters` leaves the titles to the caption and puts letters on several panels, as
    journals do; None is so in print only. `caption` is one of `CAPTIONS`, to write the caption to a
    file of its own beside the figure, "" to write none. `seconds` is the length of an animation, by
    default the playhead's own at `speed`. `animate` is such as "width=1..20:log", the number to
    animate in its stead, or a drag or key frames to play. `language` is one of
    `translation.LANGUAGES`: that of the words on a figure and of its caption. `numbers`
    is how the numbers at its axes are written.
    """

    size: str = "170x105mm"
    tallest: float = 0.0
    dpi: float = 300.0
    theme: str = "print"
    font: Font = "sans"
    font_size: float = 8.0
    least_text: float = LEAST_TEXT
    panels: tuple[str, ...] | None = None
    transparent: bool = False
    letters: bool | None = None
    caption: str = ""
    fps: float = 25.0
    seconds: float | None = None
    speed: float = 1.0
    animate: str | RecordedDrag | KeyFrames = ""
    language: str = "en"
    numbers: NumberFormat = AS_USUAL

    @property
    def lettered(self) -> bool:
        """Whether titles are left to the caption."""
        return self.theme == "print" if self.letters is None else self.letters

    def check(self) -> None:
        """Raise `ExportError` for a value that makes no sense."""
        self.layout()
        _one_of("The theme", self.theme, THEMES)
        _one_of("The font", self.font, FONTS)
        _one_of("The language", self.language, LANGUAGES)
        if self.caption:
            _one_of("The caption's format", self.caption, CAPTIONS)
        _within("The font size", self.font_size, 1, 200, "pt")
        _within("The least size of text", self.least_text, 1, 200, "pt")
        _within("The number of frames a second", self.fps, 0.1, 100)
        _within("The speed", self.speed, 0.001, 1000)
        if self.seconds is not None:
            _within("The length of the animation", self.seconds, 0.04, 3600, "s")

    def layout(self) -> tuple[float, float, float]:
        """Return width and height in mm, and the dots per inch; raises `ExportError`.

        The height is 0 where it follows from the panels.
        """
        match = SIZE.fullmatch(self.size.strip().lower())
        if match is None:
            raise ExportError(
                f"The size {self.size[:40]!r} is not understood: "
                "write 170x105mm, 7x4in, 1200x800px, or 89mm for a height that follows."
            )
        try:
            width, height = float(match[1]), float(match[2] or 0)
        except ValueError:
            raise ExportError(f"The size {self.size!r} does not hold two numbers.") from None
        _within("The resolution", self.dpi, 10, 2400, "dpi")
        unit = match[3]
        dpi = SCREEN_DPI if unit == "px" else self.dpi
        scale = 25.4 / dpi if unit == "px" else MM_PER[unit]
        width_mm, height_mm = width * scale, height * scale
        if min(width_mm, height_mm if match[2] else width_mm) < LEAST_MM:
            raise ExportError(f"The size {self.size} is too small: {LEAST_MM:g} mm are the least.")
        check_pixels(width_mm, height_mm, dpi)
        return width_mm, height_mm, dpi


def check_pixels(width_mm: float, height_mm: float, dpi: float) -> None:
    """Raise `ExportError` for a picture with more pixels than can be drawn."""
    sides = width_mm / 25.4 * dpi, height_mm / 25.4 * dpi
    if max(sides) > MOST_PIXELS or sides[0] * sides[1] > MOST_AREA:
        raise ExportError(
            f"The size {width_mm:.6g} × {height_mm:.6g} mm at {dpi:g} dpi comes to {sides[0]:.0f} "
            f"× {sides[1]:.0f} pixels, which is too large: {MOST_PIXELS} a side and "
            f"{MOST_AREA // 1_000_000} million in all are the most."
        )


def _one_of(what: str, value: str, known: Iterable[str]) -> None:
    if value not in known:
        raise ExportError(f"{what} is one of {', '.join(known)}, not {value!r}.")


def _within(what: str, value: float, low: float, high: float, unit: str = "") -> None:
    if not (math.isfinite(value) and low <= value <= high):
        raise ExportError(f"{what} must be {low:g} to {high:g} {unit}".rstrip() + f", not {value}.")
