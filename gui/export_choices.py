"""What the export dialog remembers: what was chosen, and the options that it comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from zoetrope.core.export_options import CAPTIONS
from zoetrope.gui.export_formats import kind_of
from zoetrope.gui.language import say

if TYPE_CHECKING:
    from zoetrope.core.export_options import ExportOptions

MM_PER_INCH = 25.4
SCREEN_DPI = 96.0


@cache
def sizes() -> Mapping[str, str]:
    """Return the sizes on offer in words: the styles, as large as on the screen, and any other."""
    from zoetrope.core.print_styles import STYLES  # the first paint can spare it

    styles = {key: style.name for key, style in STYLES.items()}
    return {**styles, **OTHER_SIZES}


THEMES = {"print": "Print (white, black text)", "light": "Light", "dark": "Dark"}
OTHER_SIZES = {"screen": "As on the screen", "own": "Own size"}
FONTS = {"sans": "DejaVu Sans", "helvetica": "Arial or Helvetica", "times": "Times New Roman"}


@dataclass(frozen=True, slots=True)
class Choices:
    """What is chosen in the dialog. `hidden` names the panels that are left out.

    A height of 0 follows from the panels. `caption` is the form in which the caption is shown and
    copied, and with `caption_file` written to a file of its own.
    """

    format: str = "svg"
    size: str = "page"
    width: float = 170.0
    height: float = 105.0
    unit: str = "mm"
    dpi: float = 300.0
    film_dpi: float = 150.0  # of animations, which have hundreds of pictures
    font: str = "sans"
    font_size: float = 8.0
    least_text: float = 6.0
    theme: str = "print"
    letters: bool = True  # titles are left to the caption
    hidden: tuple[str, ...] = ()
    transparent: bool = False
    caption: str = "txt"
    caption_file: bool = False
    fps: float = 25.0
    speed: float = 0.2  # of real time
    seconds: float = 0.0  # 0 is one round of the playhead
    animate: str = ""  # the number that moves, as `parse_animated` reads it; LAST_DRAG; KEY_FRAMES
    folder: str = ""

    def plain(self) -> dict[str, Any]:
        """Return the choices for the session."""
        return {**asdict(self), "hidden": list(self.hidden)}

    @classmethod
    def adapt(cls, values: Mapping[str, Any]) -> Self:
        """Build choices from the session's; what does not fit takes its default.

        Which formats there are depends on what is exported, see `Subject.choices`.
        """
        default = cls()
        kept: dict[str, Any] = {}
        for known in fields(cls):
            value, usual = values.get(known.name), getattr(default, known.name)
            if known.name == "hidden" and isinstance(value, (list, tuple)):
                kept["hidden"] = tuple(str(name) for name in value)
            elif isinstance(usual, float) and isinstance(value, (int, float)):
                low, high = LIMITS[known.name]
                kept[known.name] = min(max(float(value), low), high)
            elif isinstance(usual, (str, bool)) and type(value) is type(usual):
                kept[known.name] = value
        made = cls(**kept)
        checks = {
            "size": sizes(), "theme": THEMES, "font": FONTS, "caption": CAPTIONS,
            "unit": ("mm", "px"),
        }  # fmt: skip
        wrong = {name for name, legal in checks.items() if getattr(made, name) not in legal}
        return replace(made, **{name: getattr(default, name) for name in wrong})

    @property
    def resolution(self) -> float:
        """The dots per inch of the format that is chosen."""
        return self.film_dpi if kind_of(self.format) == "animation" else self.dpi

    @property
    def tallest(self) -> float:
        """How high in mm the style lets a figure be; 0 where it does not say."""
        from zoetrope.core.print_styles import STYLES

        return STYLES[self.size].tallest if self.size in STYLES else 0.0

    @property
    def size_mm(self) -> tuple[float, float]:
        """The size on paper; pixels are those of a screen."""
        scale = MM_PER_INCH / SCREEN_DPI if self.unit == "px" else 1.0
        return self.width * scale, self.height * scale

    @property
    def size_px(self) -> tuple[int, int]:
        """The size in pixels of a picture."""
        if self.unit == "px":
            return round(self.width), round(self.height)
        return (
            round(self.width / MM_PER_INCH * self.resolution),
            round(self.height / MM_PER_INCH * self.resolution),
        )

    def options(self, panels: Sequence[str]) -> ExportOptions:
        """Return the options of an export of a figure that has these panels."""
        from zoetrope.core.export_options import ExportOptions

        shown = tuple(name for name in panels if name not in self.hidden)
        height = f"x{self.height:g}" if self.height else ""
        return ExportOptions(
            size=f"{self.width:g}{height}{self.unit}",
            tallest=self.tallest,
            dpi=self.resolution,
            theme=self.theme,
            font=self.font,  # type: ignore[arg-type]  # checked by `adapt` and by the options
            font_size=self.font_size,
            least_text=self.least_text,
            panels=shown if 0 < len(shown) < len(panels) else None,
            transparent=self.transparent,
            letters=self.letters,
            caption=self.caption if self.caption_file else "",
            fps=self.fps,
            seconds=self.seconds or None,
            speed=self.speed,
            animate=self.animate,
        )

    def preview_options(self, panels: Sequence[str], room: tuple[int, int]) -> ExportOptions:
        """Return the options of a picture of the same layout that fits `room` in pixels."""
        width, height = self.size_mm
        dpi = MM_PER_INCH * min(room[0] / width, room[1] / (height or width / 2))
        return replace(
            self.options(panels),
            size=f"{width:.6g}x{height:.6g}mm" if height else f"{width:.6g}mm",
            caption="",
            dpi=min(max(dpi, LIMITS["dpi"][0]), LIMITS["dpi"][1]),
        )

    def describe(self) -> str:
        """Return the size in words, as "170 × 105 mm, 2008 × 1240 pixels"."""
        kind = kind_of(self.format)
        if kind == "own":
            return say("Written by the lab, as it stands.")
        if kind == "data":
            return say("The numbers behind the figure, all digits.")
        width, height = self.size_mm
        if self.height:
            paper = say("{width:.4g} × {height:.4g} mm", width=width, height=height)
            pixels = say("{width} × {height} pixels", width=self.size_px[0], height=self.size_px[1])
        else:
            paper = say("{width:.4g} mm wide, as high as its panels need", width=width)
            pixels = say("{width} pixels wide", width=self.size_px[0])
        if kind == "drawing":
            return say("{paper}, text {font_size:g} pt", paper=paper, font_size=self.font_size)
        return pixels if self.unit == "px" else say("{paper}, {pixels}", paper=paper, pixels=pixels)


# What may be typed, lowest and highest.
LIMITS: Mapping[str, tuple[float, float]] = {
    "width": (10.0, 8000.0),
    "height": (0.0, 8000.0),
    "dpi": (50.0, 1200.0),
    "film_dpi": (50.0, 1200.0),
    "font_size": (4.0, 96.0),
    "least_text": (4.0, 96.0),
    "fps": (1.0, 60.0),
    "speed": (0.01, 10.0),
    "seconds": (0.0, 120.0),
}
