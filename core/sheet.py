"""The sheet that a figure is drawn on: its size, its type and its colours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Literal

from zoetrope.core.number_format import AS_USUAL, NumberFormat
from zoetrope.core.theme import PRINT, THEMES, Theme

Font = Literal["sans", "helvetica", "times"]
LEAST_TEXT = 6.0  # points; smaller text only where it is asked for
# The families of each choice, the first that is installed first. What journals name comes before
# families of the same widths, which come with the program.
FONTS: Mapping[Font, tuple[str, ...]] = {
    "sans": (),
    "helvetica": ("Arial", "Helvetica", "Liberation Sans"),
    "times": ("Times New Roman", "Times", "Liberation Serif"),
}
# matplotlib's mathematics, which stands in numbers such as a power of ten.
MATHEMATICS: Mapping[Font, str] = {"sans": "dejavusans", "helvetica": "stixsans", "times": "stix"}


def fonts_of_the_program() -> Iterator[Path]:
    """Yield the files of the families that come with the program."""
    with as_file(files("zoetrope.assets") / "fonts") as folder:
        yield from sorted(folder.glob("*.ttf"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """How a figure is drawn on paper or in a picture.

    `panels` names the panels to draw, all of them by default. `transparent` leaves the ground out.
    `letters` leaves the titles out, for the caption, and puts letters on several panels. No text
    is smaller than `least_text` points, or than `font_size` where that is smaller. `numbers` is how
    the numbers at the axes are written.
    """

    width_mm: float = 170.0
    height_mm: float = 105.0
    dpi: float = 300.0
    theme: Theme | str = PRINT
    font: Font = "sans"
    font_size: float = 8.0
    least_text: float = LEAST_TEXT
    panels: tuple[str, ...] | None = None
    transparent: bool = False
    letters: bool = False
    numbers: NumberFormat = AS_USUAL

    @property
    def colours(self) -> Theme:
        """The theme, looked up where it is named."""
        return THEMES[self.theme] if isinstance(self.theme, str) else self.theme

    @property
    def least(self) -> float:
        """The least size of any text in points."""
        return min(self.font_size, self.least_text)
