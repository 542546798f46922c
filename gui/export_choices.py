"""What the export dialog remembers and offers: formats, sizes, and the options they come to."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from zoetrope.core.export_paths import own_ending
from zoetrope.gui.language import say

if TYPE_CHECKING:
    from zoetrope.core.export_options import ExportOptions
    from zoetrope.core.lab import OwnFile

MM_PER_INCH = 25.4
SCREEN_DPI = 96.0


# What is in a file: "own" is what the lab itself has written.
Kind = Literal["drawing", "picture", "animation", "data", "own"]


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: its ending, its name in the list, and what can be chosen for it."""

    ending: str
    name: str
    kind: Kind
    transparent: bool = True

    @property
    def drawn(self) -> bool:
        """Whether the file holds the figure."""
        return self.kind not in ("data", "own")


FORMATS = (
    Format("svg", "SVG drawing", "drawing"),
    Format("pdf", "PDF drawing", "drawing"),
    Format("png", "PNG picture", "picture"),
    Format("gif", "GIF animation", "animation", transparent=False),
    Format("webp", "WebP animation", "animation"),
    Format("apng", "APNG animation", "animation"),
    Format("mp4", "MP4 film", "animation", transparent=False),
    Format("csv", "CSV table", "data"),
    Format("npz", "NPZ arrays", "data"),
    Format("json", "JSON numbers", "data"),
)


def offered(animated: bool, files: Mapping[str, OwnFile]) -> list[Format]:
    """Return the formats that work here: `animated` says whether there is something to play, and
    `files` are those of the lab.
    """
    film = importlib.util.find_spec("imageio_ffmpeg") is not None
    known = [
        known
        for known in FORMATS
        if (animated or known.kind != "animation") and (film or known.ending != "mp4")
    ]
    return known + [Format(ending, file.name, "own") for ending, file in files.items()]


_KINDS: Mapping[str, Kind] = {format_.ending: format_.kind for format_ in FORMATS}


def kind_of(ending: str) -> Kind:
    """Return what a file of that ending holds."""
    return _KINDS.get(ending, "own")


@dataclass(frozen=True, slots=True)
class Size:
    """A size worth a name, in mm or px."""

    name: str
    width: float
    height: float
    unit: Literal["mm", "px"] = "mm"


SIZES: Mapping[str, Size] = {
    "column": Size("Journal, single column", 85, 60),
    "page": Size("Journal, double column", 170, 105),
    "slide": Size("Slide", 254, 143),
    "square": Size("Square", 120, 120),
    "screen": Size("As on the screen", 1200, 800, "px"),
    "own": Size("Own size", 170, 105),
}
THEMES = {"print": "Print (white, black text)", "light": "Light", "dark": "Dark"}


@dataclass(frozen=True, slots=True)
class Choices:
    """What is chosen in the dialog. `hidden` names the panels that are left out."""

    format: str = "svg"
    size: str = "page"
    width: float = 170.0
    height: float = 105.0
    unit: str = "mm"
    dpi: float = 300.0
    film_dpi: float = 150.0  # of animations, which have hundreds of pictures
    font_size: float = 8.0
    theme: str = "print"
    letters: bool = True  # titles are left to the caption
    hidden: tuple[str, ...] = ()
    transparent: bool = False
    fps: float = 25.0
    speed: float = 0.2  # of real time
    seconds: float = 0.0  # 0 is one round of the playhead
    animate: str = ""  # the number that moves, as `parse_animated` reads it; or LAST_DRAG
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
        checks = {"size": SIZES, "theme": THEMES, "unit": ("mm", "px")}
        wrong = {name for name, legal in checks.items() if getattr(made, name) not in legal}
        return replace(made, **{name: getattr(default, name) for name in wrong})

    @property
    def resolution(self) -> float:
        """The dots per inch of the format that is chosen."""
        return self.film_dpi if kind_of(self.format) == "animation" else self.dpi

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
        return ExportOptions(
            size=f"{self.width:g}x{self.height:g}{self.unit}",
            dpi=self.resolution,
            theme=self.theme,
            font_size=self.font_size,
            panels=shown if 0 < len(shown) < len(panels) else None,
            transparent=self.transparent,
            letters=self.letters,
            fps=self.fps,
            seconds=self.seconds or None,
            speed=self.speed,
            animate=self.animate,
        )

    def preview_options(self, panels: Sequence[str], room: tuple[int, int]) -> ExportOptions:
        """Return the options of a picture of the same layout that fits `room` in pixels."""
        width, height = self.size_mm
        dpi = MM_PER_INCH * min(room[0] / width, room[1] / height)
        return replace(
            self.options(panels),
            size=f"{width:.6g}x{height:.6g}mm",
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
        paper = say("{width:.4g} × {height:.4g} mm", width=width, height=height)
        pixels = say("{width} × {height} pixels", width=self.size_px[0], height=self.size_px[1])
        if kind == "drawing":
            return say("{paper}, text {font_size:g} pt", paper=paper, font_size=self.font_size)
        return pixels if self.unit == "px" else say("{paper}, {pixels}", paper=paper, pixels=pixels)


# What may be typed, lowest and highest.
LIMITS: Mapping[str, tuple[float, float]] = {
    "width": (10.0, 8000.0),
    "height": (10.0, 8000.0),
    "dpi": (50.0, 1200.0),
    "film_dpi": (50.0, 1200.0),
    "font_size": (4.0, 48.0),
    "fps": (1.0, 60.0),
    "speed": (0.01, 10.0),
    "seconds": (0.0, 120.0),
}


def split_name(path: Path, endings: Iterable[str]) -> tuple[str, str]:
    """Return a file's name without its ending, and that: the longest of `endings` that it has.

    Where it has none of them, what stands behind the last dot, or "".
    """
    ending = own_ending(path, endings) or path.suffix[1:].lower()
    return path.name[: len(path.name) - len(ending) - 1] if ending else path.name, ending


def free_name(folder: Path, stem: str, ending: str) -> Path:
    """Return the first of STEM.ENDING, STEM-2.ENDING, ... that is not there yet."""
    stem = re.sub(r"-\d+$", "", stem)
    path = folder / f"{stem}.{ending}"
    number = 2
    while path.exists():
        path = folder / f"{stem}-{number}.{ending}"
        number += 1
    return path
