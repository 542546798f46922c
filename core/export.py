"""Exports a lab's state to a file: a drawing, a picture, an animation or its numbers.

What is wrong is said in one sentence, as an `ExportError`. A file appears whole or not at all.
"""

from __future__ import annotations

import errno
import math
import os
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zoetrope.core import animation, export_data
from zoetrope.core.animation_files import AnimationError
from zoetrope.core.device import Context
from zoetrope.core.figure import Figure
from zoetrope.core.lab import Frame, Lab, final_frame
from zoetrope.core.parameters import Parameters
from zoetrope.core.recipe import Recipe
from zoetrope.core.recipe_files import embed
from zoetrope.core.render import Drawing, encode
from zoetrope.core.render_size import least_size
from zoetrope.core.theme import THEMES

DRAWINGS = ("svg", "pdf", "png")
ANIMATIONS = ("gif", "webp", "apng", "mp4")
DATA = ("csv", "npz", "json")
OPAQUE = ("gif", "mp4")  # formats that know no half-transparent edges

MM_PER = {"mm": 1.0, "cm": 10.0, "in": 25.4}
SCREEN_DPI = 96.0  # what a size in pixels is measured with
MOST_PIXELS = 20_000  # a side
MOST_AREA = 200_000_000  # pixels
LEAST_MM = 5.0
MOST_NAME = 255  # bytes
SIZE = re.compile(r"([0-9.]{1,20})\s*[x×]\s*([0-9.]{1,20})\s*(mm|cm|in|px)")


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
    screen, and `dpi` counts for the others. `panels` names the panels to draw, all by default.
    `seconds` is the length of an animation, by default the playhead's own at `speed`.
    """

    size: str = "170x105mm"
    dpi: float = 300.0
    theme: str = "print"
    font_size: float = 8.0
    panels: tuple[str, ...] | None = None
    transparent: bool = False
    fps: float = 25.0
    seconds: float | None = None
    speed: float = 1.0

    def check(self) -> None:
        """Raise `ExportError` for a value that makes no sense."""
        self.layout()
        if self.theme not in THEMES:
            raise ExportError(f"The theme is one of {', '.join(THEMES)}, not {self.theme!r}.")
        _within("The font size", self.font_size, 1, 200, "pt")
        _within("The number of frames a second", self.fps, 0.1, 100)
        _within("The speed", self.speed, 0.001, 1000)
        if self.seconds is not None:
            _within("The length of the animation", self.seconds, 0.04, 3600, "s")

    def layout(self) -> tuple[float, float, float]:
        """Return width and height in mm, and the dots per inch; raises `ExportError`."""
        match = SIZE.fullmatch(self.size.strip().lower())
        if match is None:
            raise ExportError(
                f"The size {self.size[:40]!r} is not understood: "
                "write 170x105mm, 7x4in or 1200x800px."
            )
        try:
            width, height = float(match[1]), float(match[2])
        except ValueError:
            raise ExportError(f"The size {self.size!r} does not hold two numbers.") from None
        _within("The resolution", self.dpi, 10, 2400, "dpi")
        unit = match[3]
        dpi = SCREEN_DPI if unit == "px" else self.dpi
        scale = 25.4 / dpi if unit == "px" else MM_PER[unit]
        width_mm, height_mm = width * scale, height * scale
        if min(width_mm, height_mm) < LEAST_MM:
            raise ExportError(f"The size {self.size} is too small: {LEAST_MM:g} mm are the least.")
        sides = width_mm / 25.4 * dpi, height_mm / 25.4 * dpi
        if max(sides) > MOST_PIXELS or sides[0] * sides[1] > MOST_AREA:
            raise ExportError(
                f"The size {self.size} at {dpi:g} dpi comes to {sides[0]:.0f} × {sides[1]:.0f} "
                f"pixels, which is too large: {MOST_PIXELS} a side and "
                f"{MOST_AREA // 1_000_000} million in all are the most."
            )
        return width_mm, height_mm, dpi


def export(
    lab: Lab[Any],
    parameters: Parameters,
    path: Path,
    options: ExportOptions | None = None,
    *,
    frame: Frame | None = None,
    context: Context | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Path:
    """Write a lab's state to `path`, in the format that its ending names; return the path.

    `frame` saves computing a frame that is there already; an animation computes its own.
    `progress` is told (done, total) frames. `cancelled` is asked between steps; where it says yes
    `ExportCancelledError` is raised. Raises `ExportError`, and what the lab raises.
    """
    options = options or ExportOptions()
    check_name(path)
    file_format = format_of(path)
    options.check()
    _check_folder(path)
    check = _checker(cancelled)
    job = _Job(lab, parameters, options, context or Context(), Recipe.of(lab, parameters))
    if file_format not in ANIMATIONS:
        frame = frame or final_frame(lab, parameters, job.context)
    check()
    with replacing(path) as temporary:
        if frame is None or file_format in ANIMATIONS:
            job.animate(temporary, file_format, progress or (lambda done, total: None), check)
        elif file_format in DATA:
            job.write_data(temporary, file_format, frame)
        else:
            temporary.write_bytes(job.draw(file_format, frame.figure))
        check()
    return path


def preview(
    lab: Lab[Any],
    parameters: Parameters,
    options: ExportOptions | None = None,
    *,
    frame: Frame | None = None,
    context: Context | None = None,
) -> bytes:
    """Return the picture that `export` would write, as PNG; raises as `export` does."""
    options = options or ExportOptions()
    options.check()
    job = _Job(lab, parameters, options, context or Context(), Recipe.of(lab, parameters))
    frame = frame or final_frame(lab, parameters, job.context)
    return job.draw("png", frame.figure)


def check_name(path: Path) -> None:
    """Raise `ExportError` for a name that no file can have."""
    if not path.name:
        raise ExportError(f"{path} is a folder, not a file.")
    if "\0" in str(path):
        raise ExportError("A file's name cannot hold a null character.")
    if len(os.fsencode(path.name)) > MOST_NAME:
        raise ExportError(f"The file's name is too long: {MOST_NAME} bytes are the most.")


def format_of(path: Path) -> str:
    """Return the format that a file's ending names; raises `ExportError`."""
    ending = path.suffix[1:].lower()
    known = (*DRAWINGS, *ANIMATIONS, *DATA)
    if ending not in known:
        said = f"the ending .{ending}" if ending else "no ending"
        raise ExportError(
            f"{path.name} has {said}, which names no format: use one of {', '.join(known)}."
        )
    return ending


@dataclass(frozen=True, slots=True)
class _Job:
    """One export: what is exported and how."""

    lab: Lab[Any]
    parameters: Parameters
    options: ExportOptions
    context: Context
    recipe: Recipe

    def draw(self, file_format: str, figure: Figure) -> bytes:
        """Return the figure as a file with its recipe in it."""
        width_mm, height_mm, dpi = self.options.layout()
        picture = self._drawing(
            figure, width_mm, height_mm, dpi, transparent=self.options.transparent
        ).picture
        if file_format == "pdf":
            words = {"Title": self.lab.title, "Keywords": self.recipe.to_code()}
            return encode(picture, "pdf", metadata=words)
        summaries = " ".join(panel.summary for panel in figure.panels if panel.summary)
        words = {"Title": self.lab.title, **({"Description": summaries} if summaries else {})}
        return embed(encode(picture, file_format, metadata=words), self.recipe)

    def animate(
        self,
        path: Path,
        file_format: str,
        progress: Callable[[int, int], None],
        check: Callable[[], None],
    ) -> None:
        """Write the film of the lab's playhead."""
        options = self.options
        fps = min(options.fps, 50.0) if file_format == "gif" else options.fps
        try:
            played = animation.film(
                self.lab,
                self.parameters,
                self.context,
                fps=fps,
                seconds=options.seconds,
                speed=options.speed,
            )
            animation.write(
                path,
                file_format,
                played,
                lambda figure: self._film_drawing(file_format, figure),
                fps=fps,
                recipe=self.recipe,
                progress=progress,
                check=check,
            )
        except AnimationError as error:
            raise ExportError(str(error)) from None

    def _film_drawing(self, file_format: str, figure: Figure) -> Drawing:
        """Return the drawing of a film's frames; its sides are even, as video wants them."""
        width_mm, height_mm, dpi = self.options.layout()
        sides = [max(2, round(mm / 25.4 * dpi / 2) * 2) for mm in (width_mm, height_mm)]
        return self._drawing(
            figure,
            sides[0] / dpi * 25.4,
            sides[1] / dpi * 25.4,
            dpi,
            transparent=self.options.transparent and file_format not in OPAQUE,
        )

    def _drawing(
        self, figure: Figure, width_mm: float, height_mm: float, dpi: float, *, transparent: bool
    ) -> Drawing:
        """Return the drawing; raises `NoRoomError` where its words do not fit."""
        font_size, panels = self.options.font_size, self._panels(figure)
        drawing = Drawing(
            figure,
            width_mm=width_mm,
            height_mm=height_mm,
            dpi=dpi,
            theme=self.options.theme,
            font_size=font_size,
            panels=panels,
            transparent=transparent,
        )
        if drawing.fits:
            return drawing
        shown = panels or tuple(panel.name for panel in figure.panels)
        fewer = ", or fewer panels" if len(shown) > 1 else ""
        size = least_size(figure, width_mm=width_mm, font_size=font_size, panels=panels)
        needed = "smaller text" if size is None else f"at least {size[0]:.0f} x {size[1]:.0f} mm"
        raise NoRoomError(f"This page needs {needed} at {font_size:g} pt{fewer}.", shown)

    def write_data(self, path: Path, file_format: str, frame: Frame) -> None:
        """Write the frame's tables."""
        if file_format == "json":
            export_data.write_json(path, self.lab, self.recipe, frame)
            return
        if not frame.tables:
            raise ExportError(
                f"The lab {self.lab.title} has no table of numbers here: export a PNG, SVG or PDF."
            )
        if file_format == "csv":
            export_data.write_csv(path, self.lab, self.parameters, self.recipe, frame)
        else:
            export_data.write_npz(path, self.recipe, frame)

    def _panels(self, figure: Figure) -> tuple[str, ...] | None:
        wanted = self.options.panels
        names = [panel.name for panel in figure.panels]
        for name in wanted or ():
            if name not in names:
                raise ExportError(
                    f"There is no panel {name!r} in this figure; it has {', '.join(names)}."
                )
        return wanted or None


def temporary_name(path: Path, process: int) -> str:
    """Return how the names of the unfinished files begin that a process writes for `path`."""
    return f".{path.name[:50]}.{process}-"


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a file beside `path` to write to, and put it in place of `path` when all went well.

    Where `path` is a link, what it points to is replaced.
    """
    path = path.resolve() if path.is_symlink() else path
    beginning = temporary_name(path, os.getpid())
    temporary = path.with_name(f"{beginning}{secrets.token_hex(4)}.tmp")
    try:
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        raise ExportError(_why(error, path)) from error
    finally:
        temporary.unlink(missing_ok=True)


def _why(error: OSError, path: Path) -> str:
    """Say in a sentence why a file could not be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) or "No space left" in str(error):
        return f"The disk is full; {path.name} was not written."
    if isinstance(error, PermissionError):
        return f"{path} may not be written: permission is denied or another program holds it."
    return f"{path} could not be written: {error.strerror or error}."


def _check_folder(path: Path) -> None:
    if not path.parent.is_dir():
        raise ExportError(f"The folder {path.parent} does not exist.")
    if path.is_dir():
        raise ExportError(f"{path} is a folder, not a file.")
    if not os.access(path.parent, os.W_OK):
        raise ExportError(f"Nothing may be written to the folder {path.parent}.")


def _checker(cancelled: Callable[[], bool] | None) -> Callable[[], None]:
    def check() -> None:
        if cancelled is not None and cancelled():
            raise ExportCancelledError

    return check


def _within(what: str, value: float, low: float, high: float, unit: str = "") -> None:
    if not (math.isfinite(value) and low <= value <= high):
        raise ExportError(f"{what} must be {low:g} to {high:g} {unit}".rstrip() + f", not {value}.")
