"""Exports a lab's state to a file: a drawing, a picture, an animation or its numbers.

What is wrong is said in one sentence, as an `ExportError`. A file appears whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zoetrope.core import animation, export_data
from zoetrope.core.animation import Estimate, Film
from zoetrope.core.animation_files import AnimationError
from zoetrope.core.caption import Caption, caption, paragraph
from zoetrope.core.device import Context
from zoetrope.core.export_options import (
    ANIMATIONS,
    DATA,
    DRAWINGS,
    OWN,
    ExportCancelledError,
    ExportError,
    ExportOptions,
)
from zoetrope.core.export_paths import check_folder, check_name, format_of, own_ending, replacing
from zoetrope.core.export_sheet import check_panels, drawing_on, film_sheet, sheet_for
from zoetrope.core.figure import Figure
from zoetrope.core.key_frames import KeyFrames
from zoetrope.core.lab import Frame, Lab, OwnFile, final_frame
from zoetrope.core.parameters import Parameters
from zoetrope.core.recipe import Recipe
from zoetrope.core.recipe_data import fingerprints
from zoetrope.core.recipe_files import embed
from zoetrope.core.render import Drawing, encode
from zoetrope.core.translated_frame import own_words, translated
from zoetrope.core.translation import Catalogue, catalogue

SMOOTHEST_GIF = 50.0  # frames a second; it counts hundredths, and viewers slow one hundredth down


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
    check_folder(path)
    check = _checker(cancelled)
    job = _job(lab, parameters, options, context)
    if file_format not in ANIMATIONS:
        frame = frame or final_frame(lab, parameters, job.context)
    own = own_ending(path, frame.files) if frame is not None else ""
    check()
    with replacing(path) as temporary:
        if frame is None or file_format in ANIMATIONS:
            job.animate(temporary, file_format, progress or (lambda done, total: None), check)
        elif own:
            job.write_own(temporary, frame.files[own])
        elif file_format in OWN:
            raise ExportError(f"The lab {lab.title} has no .{file_format} file to write here.")
        elif file_format in DATA:
            job.write_data(temporary, file_format, frame)
        else:
            temporary.write_bytes(job.draw(file_format, frame))
        check()
    if file_format in (*DRAWINGS, *ANIMATIONS) and not own:
        job.write_caption(path, frame)
    return path


def caption_path(path: Path, file_format: str) -> Path:
    """Return where the caption of a figure's file is written, in one of `CAPTIONS`."""
    return path.with_name(f"{path.stem}-caption.{file_format}")


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
    job = _job(lab, parameters, options, context)
    frame = frame or final_frame(lab, parameters, job.context)
    return job.draw("png", frame)


def estimate(
    lab: Lab[Any],
    parameters: Parameters,
    file_format: str,
    options: ExportOptions | None = None,
    *,
    context: Context | None = None,
) -> Estimate:
    """Return how long an animation would take to write and how large it would be, from a few
    frames of it; raises as `export` does.
    """
    options = options or ExportOptions()
    options.check()
    job = _job(lab, parameters, options, context)
    return job.estimate(file_format)


@dataclass(frozen=True, slots=True)
class _Job:
    """One export: what is exported and how."""

    lab: Lab[Any]
    parameters: Parameters
    options: ExportOptions
    context: Context
    recipe: Recipe

    def draw(self, file_format: str, frame: Frame) -> bytes:
        """Return the frame's figure as a file with its recipe and its caption in it."""
        catalogue = self.catalogue
        figure = frame.figure if catalogue is None else translated(frame, catalogue).figure
        sheet = sheet_for(figure, self.options)
        picture = drawing_on(figure, sheet).picture
        told = self.caption(frame).plain()
        if file_format == "pdf":
            words = {"Title": self.title, "Keywords": self.recipe.to_code(), "Subject": told}
            return encode(picture, "pdf", font=sheet.font, metadata=words)
        summaries = [panel.summary for panel in figure.panels if panel.summary]
        words = {"Title": self.title, "Description": paragraph([told, *summaries])}
        return embed(encode(picture, file_format, font=sheet.font, metadata=words), self.recipe)

    def caption(self, frame: Frame) -> Caption:
        """Return the caption of the frame's figure."""
        options, catalogue = self.options, self.catalogue
        told = caption(
            self.lab, self.parameters, frame, panels=options.panels, letters=options.lettered
        )
        return told if catalogue is None else told.spoken(catalogue.sparing(own_words(frame)))

    @property
    def title(self) -> str:
        """The lab's title, in that language."""
        return self.lab.title if self.catalogue is None else self.catalogue.say(self.lab.title)

    @property
    def catalogue(self) -> Catalogue | None:
        """The texts of the language of the figure; None where that is English."""
        return catalogue(self.options.language)

    def write_caption(self, path: Path, frame: Frame | None) -> None:
        """Write the caption to its own file beside `path`, where one is wanted."""
        if self.options.caption:
            frame = frame or final_frame(self.lab, self.parameters, self.context)
            text = self.caption(frame).written(self.options.caption)
            with replacing(caption_path(path, self.options.caption)) as temporary:
                temporary.write_text(f"{text}\n", encoding="utf-8", newline="\n")

    def animate(
        self,
        path: Path,
        file_format: str,
        progress: Callable[[int, int], None],
        check: Callable[[], None],
    ) -> None:
        """Write the film of the lab's playhead, or of the number that is to be animated."""
        try:
            animation.write(
                path,
                file_format,
                self._film(file_format),
                lambda figure: self._film_drawing(file_format, figure),
                recipe=self.recipe,
                progress=progress,
                check=check,
            )
        except AnimationError as error:
            raise ExportError(str(error)) from error

    def estimate(self, file_format: str) -> Estimate:
        """Return what that film would cost."""
        try:
            return animation.estimate(
                file_format,
                self._film(file_format),
                lambda figure: self._film_drawing(file_format, figure),
                self.recipe,
            )
        except AnimationError as error:
            raise ExportError(str(error)) from error

    def _film(self, file_format: str) -> Film:
        options = self.options
        return animation.film(
            self.lab,
            self.parameters,
            self.context,
            fps=min(options.fps, SMOOTHEST_GIF) if file_format == "gif" else options.fps,
            seconds=options.seconds,
            speed=options.speed,
            animate=options.animate,
            catalogue=self.catalogue,
        )

    def _film_drawing(self, file_format: str, figure: Figure) -> Drawing:
        return drawing_on(figure, film_sheet(figure, self.options, file_format))

    def write_own(self, path: Path, file: OwnFile) -> None:
        """Write a file of the lab's own: as it stands, or its arrays and the recipe."""
        if isinstance(file.content, str):
            path.write_text(file.content, encoding="utf-8", newline="\n")
        elif isinstance(file.content, bytes):
            path.write_bytes(file.content)
        else:
            export_data.write_npz(path, self.recipe, file.content)

    def write_data(self, path: Path, file_format: str, frame: Frame) -> None:
        """Write the frame's tables, which are those of all panels."""
        check_panels(frame.figure, self.options)  # they are a mistake here too
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
            export_data.write_npz(path, self.recipe, frame.tables)


def _job(
    lab: Lab[Any], parameters: Parameters, options: ExportOptions, context: Context | None
) -> _Job:
    played = options.animate if isinstance(options.animate, KeyFrames) else None
    recipe = Recipe.of(lab, parameters, fingerprints(parameters), key_frames=played)
    return _Job(lab, parameters, options, context or Context(), recipe)


def _checker(cancelled: Callable[[], bool] | None) -> Callable[[], None]:
    def check() -> None:
        if cancelled is not None and cancelled():
            raise ExportCancelledError

    return check
