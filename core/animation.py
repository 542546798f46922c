"""Plays a lab over its playhead, a number, a drag or key frames; writes GIF, WebP, APNG or MP4."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from zoetrope.core.animated_number import AnimatedNumber, offered_by, parse_animated
from zoetrope.core.animation_files import (
    WRITERS,
    AnimationError,
    Pixels,
    common_palette,
    find_ffmpeg,
    write_gif,
)
from zoetrope.core.common_scales import common_levels, common_limits, with_levels
from zoetrope.core.device import Context
from zoetrope.core.figure import Figure
from zoetrope.core.key_frames import KeyFrames
from zoetrope.core.lab import Action, Frame, Lab
from zoetrope.core.parameters import ParameterError, Parameters, Playhead
from zoetrope.core.recipe import Recipe
from zoetrope.core.recorded_drag import RecordedDrag
from zoetrope.core.render import Drawing
from zoetrope.core.translated_frame import translated
from zoetrope.core.translation import Catalogue

NUMBER_SECONDS = 6.0
SHORTEST, LONGEST = 2.0, 10.0  # seconds, unless another length is asked for
MOST_FRAMES = 10_000
TRIED = 6  # frames that are written for an estimate
SAMPLES = 12  # frames looked at beforehand, for axes that do not move and for common colours
NO_PLAYHEAD = (
    "The lab {} has nothing to play here, so it makes no animation: export a PNG, SVG or PDF, or "
    "say which number to animate."
)


class NothingToPlayError(AnimationError):
    """A lab that has neither a playhead nor an action to animate, and no number was named."""


class Moved(Protocol):
    """What a film moves: a number from a start to a stop, a way through key frames, or whatever a
    drag went through.
    """

    def apply(self, parameters: Parameters, step: int, count: int) -> Parameters:
        """Return the parameters of a picture, from 0 to count - 1."""


@dataclass(frozen=True, slots=True)
class Film:
    """What is played: a lab from these parameters, of which some are `moved`. Its words are those
    of the catalogue, if there is one.
    """

    lab: Lab[Any]
    parameters: Parameters
    context: Context
    moved: Moved
    count: int
    fps: float
    catalogue: Catalogue | None = None

    def frames(self, steps: Iterable[int], check: Callable[[], None]) -> Iterator[Frame]:
        """Yield the final frame at each step (of `count`); the lab runs once, as on the screen.

        `check` is called again and again, and may raise to give up.
        """
        job: Generator[Frame, Any, None] | None = None
        parameters = self.parameters
        try:
            for step in steps:
                before, parameters = parameters, self.moved.apply(self.parameters, step, self.count)
                if job is not None and not parameters.differs_only_live(before):
                    job.close()
                    job = None
                if job is None:
                    job = self.lab.run(parameters, self.context)
                    frame = next(job)
                else:
                    frame = job.send(parameters)
                while not frame.final:
                    check()
                    frame = job.send(parameters)
                check()
                yield frame if self.catalogue is None else translated(frame, self.catalogue)
        finally:
            if job is not None:
                job.close()


def playhead_of(lab: Lab[Any], parameters: Parameters) -> tuple[str, Playhead]:
    """Return the name and the declaration of the playhead; raises `NothingToPlayError`."""
    played = parameters.played()
    if played is None:
        raise NothingToPlayError(NO_PLAYHEAD.format(lab.title))
    return played


def natural_seconds(lab: Lab[Any], parameters: Parameters, speed: float = 1.0) -> float:
    """Return how long one pass of the playhead takes, kept within a length fit for a page."""
    _, declared = playhead_of(lab, parameters)
    rate = lab.playhead_rate(parameters) * speed
    seconds = (declared.high - declared.low) / rate if rate > 0 else LONGEST
    return _for_a_page(seconds)


def _for_a_page(seconds: float) -> float:
    return min(max(seconds, SHORTEST), LONGEST)


def film(
    lab: Lab[Any],
    parameters: Parameters,
    context: Context,
    *,
    fps: float,
    seconds: float | None = None,
    speed: float = 1.0,
    animate: str | RecordedDrag | KeyFrames = "",
    catalogue: Catalogue | None = None,
) -> Film:
    """Return one pass of the number that `animate` names (see `parse_animated`), of the drag or the
    key frames that it is, of the playhead where it is empty, and of what the lab's own action
    animates where there is none.

    One of the playhead ends one step before the first picture again.
    """
    moved, natural = _chosen(lab, parameters, context, speed, animate)
    length = natural if seconds is None else seconds
    count = max(2, round(fps * length))
    if count > MOST_FRAMES:
        raise AnimationError(
            f"{count} frames are more than the {MOST_FRAMES} that an animation may have: "
            "choose fewer seconds or fewer frames a second."
        )
    return Film(lab, parameters, context, moved, count, fps, catalogue)


def _chosen(
    lab: Lab[Any],
    parameters: Parameters,
    context: Context,
    speed: float,
    animate: str | RecordedDrag | KeyFrames,
) -> tuple[Moved, float]:
    """Return what is animated, and how long it takes by itself."""
    if isinstance(animate, KeyFrames):
        return animate, animate.duration
    if isinstance(animate, RecordedDrag):
        return animate, _for_a_page(animate.duration)
    if animate:
        try:
            return parse_animated(animate, parameters), NUMBER_SECONDS
        except ParameterError as error:
            raise AnimationError(str(error)) from None
    if parameters.playhead_name() is None:
        found = offered_by(parameters, _actions(lab, parameters, context))
        if found is not None:
            return found
    name, declared = playhead_of(lab, parameters)
    seconds = natural_seconds(lab, parameters, speed)
    return AnimatedNumber(name, declared.low, declared.high, round=True), seconds


def _actions(lab: Lab[Any], parameters: Parameters, context: Context) -> tuple[Action, ...]:
    """Return the actions that come with a lab's first picture."""
    job = lab.run(parameters, context)
    try:
        frame = next(job)
        while not frame.final and not frame.figure.panels:
            frame = job.send(parameters)
        return frame.actions
    finally:
        job.close()


def write(
    path: Path,
    file_format: str,
    played: Film,
    draw: Callable[[Figure], Drawing],
    *,
    recipe: Recipe,
    progress: Callable[[int, int], None],
    check: Callable[[], None],
) -> None:
    """Draw and write a film as "gif", "webp", "apng" or "mp4".

    `draw` makes the drawing of the first figure. `progress` is told of each frame; `check` is
    called often and may raise to give up. The caller takes care of what is on the disk by then.
    """
    if file_format == "mp4":
        find_ffmpeg()
    samples = range(0, played.count, max(1, played.count // SAMPLES))
    stage = _Stage([frame.figure for frame in played.frames(samples, check)], draw)

    def pictures() -> Iterator[Pixels]:
        for done, frame in enumerate(played.frames(range(played.count), check)):
            progress(done, played.count)
            yield stage.shoot(frame.figure)
        progress(played.count, played.count)

    stage.develop(path, file_format, pictures(), played.count, played.fps, recipe)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What an animation will come to: its frames, the seconds to write it, and its bytes."""

    frames: int
    seconds: float
    size: int


def estimate(
    file_format: str, played: Film, draw: Callable[[Figure], Drawing], recipe: Recipe
) -> Estimate:
    """Return what a film will come to, from writing `TRIED` frames one after the other.

    They are taken from where it is well under way: at its ends it may hardly move. All but the
    first frame are taken to be as costly as those are on average.
    """
    if file_format == "mp4":
        find_ffmpeg()
    tried = min(TRIED, played.count)
    began = time.perf_counter()
    start = (played.count - tried) // 3
    steps = range(start, start + tried)
    figures = [frame.figure for frame in played.frames(steps, lambda: None)]
    computed = (time.perf_counter() - began) / tried
    stage = _Stage(figures, draw)
    stage.shoot(figures[0])  # the first one loads fonts
    began = time.perf_counter()
    pictures = [stage.shoot(figure).copy() for figure in figures]
    drawn = (time.perf_counter() - began) / tried
    sizes, times = [], []
    with tempfile.TemporaryDirectory(prefix="zoetrope-") as folder:
        for count in (1, tried):
            path, began = Path(folder) / f"{count}.{file_format}", time.perf_counter()
            stage.develop(path, file_format, iter(pictures[:count]), count, played.fps, recipe)
            sizes.append(path.stat().st_size)
            times.append(time.perf_counter() - began)
    more = (played.count - 1) / max(tried - 1, 1)
    return Estimate(
        frames=played.count,
        seconds=computed * (SAMPLES + played.count)
        + drawn * played.count
        + times[0]
        + more * max(times[1] - times[0], 0.0),
        size=round(sizes[0] + more * (sizes[1] - sizes[0])),
    )


class _Stage:
    """What holds for all frames of a film: axes and colours that stand still, and the drawing."""

    def __init__(self, samples: Sequence[Figure], draw: Callable[[Figure], Drawing]) -> None:
        self._limits, self._levels = common_limits(samples), common_levels(samples)
        self._samples = samples
        self._drawing = draw(with_levels(samples[0], self._levels))

    def shoot(self, figure: Figure) -> Pixels:
        """Return a figure's picture, which the next one overwrites."""
        self._drawing.update(with_levels(figure, self._levels), self._limits)
        return self._drawing.pixels()

    def develop(
        self,
        path: Path,
        file_format: str,
        pictures: Iterator[Pixels],
        count: int,
        fps: float,
        recipe: Recipe,
    ) -> None:
        """Write pictures to a file."""
        if file_format == "gif":
            few = self._samples[:: max(1, len(self._samples) // 4)][:4]
            palette = common_palette([self.shoot(figure).copy() for figure in few])
            write_gif(path, pictures, palette, fps, recipe)
        else:
            WRITERS[file_format](path, pictures, count, fps, recipe)
