"""Plays a lab over its playhead and writes the pictures as GIF, WebP, APNG or MP4."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from zoetrope.core.animation_files import (
    WRITERS,
    AnimationError,
    Pixels,
    common_palette,
    find_ffmpeg,
    write_gif,
)
from zoetrope.core.device import Context
from zoetrope.core.figure import Figure, HeatMap, Item, Panel, Scatter, panel_limits
from zoetrope.core.lab import Frame, Lab
from zoetrope.core.parameters import Declaration, Parameters, Playhead
from zoetrope.core.recipe import Recipe
from zoetrope.core.render import Drawing
from zoetrope.core.render_layout import Limits

Levels = Mapping[tuple[str, str], tuple[float, float]]
SHORTEST, LONGEST = 2.0, 10.0  # seconds, unless another length is asked for
MOST_FRAMES = 10_000
SAMPLES = 12  # frames looked at beforehand, for axes that do not move and for common colours
NO_PLAYHEAD = "The lab {} has nothing to play, so it makes no animation: export a PNG, SVG or PDF."


@dataclass(frozen=True, slots=True)
class Film:
    """What is played: a lab from these parameters, its playhead stepped through its range."""

    lab: Lab[Any]
    parameters: Parameters
    context: Context
    count: int

    def frames(self, steps: Iterable[int], check: Callable[[], None]) -> Iterator[Frame]:
        """Yield the final frame at each step (of `count`); the lab runs once, as on the screen.

        `check` is called again and again, and may raise to give up.
        """
        job: Generator[Frame, Any, None] | None = None
        try:
            for step in steps:
                parameters = self._at(step)
                if job is None:
                    job = self.lab.run(parameters, self.context)
                    frame = next(job)
                else:
                    frame = job.send(parameters)
                while not frame.final:
                    check()
                    frame = job.send(parameters)
                check()
                yield frame
        finally:
            if job is not None:
                job.close()

    def _at(self, step: int) -> Parameters:
        name, declared = playhead_of(self.lab, self.parameters)
        value = declared.low + (declared.high - declared.low) * step / self.count
        return self.parameters.change(**{name: round(value) if declared.integer else value})


def playhead_of(lab: Lab[Any], parameters: Parameters) -> tuple[str, Playhead]:
    """Return the name and the declaration of the playhead; raises `AnimationError`."""
    name = parameters.playhead_name()
    declared: Declaration | None = parameters.declarations()[name] if name else None
    if name is None or not isinstance(declared, Playhead):
        raise AnimationError(NO_PLAYHEAD.format(lab.title))
    return name, declared


def natural_seconds(lab: Lab[Any], parameters: Parameters, speed: float = 1.0) -> float:
    """Return how long one pass of the playhead takes, kept within a length fit for a page."""
    _, declared = playhead_of(lab, parameters)
    rate = lab.playhead_rate(parameters) * speed
    seconds = (declared.high - declared.low) / rate if rate > 0 else LONGEST
    return min(max(seconds, SHORTEST), LONGEST)


def film(
    lab: Lab[Any],
    parameters: Parameters,
    context: Context,
    *,
    fps: float,
    seconds: float | None = None,
    speed: float = 1.0,
) -> Film:
    """Return one pass of the playhead; its last frame is one step before the first again."""
    length = natural_seconds(lab, parameters, speed) if seconds is None else seconds
    count = max(2, round(fps * length))
    if count > MOST_FRAMES:
        raise AnimationError(
            f"{count} frames are more than the {MOST_FRAMES} that an animation may have: "
            "choose fewer seconds or fewer frames a second."
        )
    return Film(lab, parameters, context, count)


def write(
    path: Path,
    file_format: str,
    played: Film,
    draw: Callable[[Figure], Drawing],
    *,
    fps: float,
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
    figures = [frame.figure for frame in played.frames(samples, check)]
    limits, levels = common_limits(figures), common_levels(figures)
    figures = [with_levels(figure, levels) for figure in figures]
    drawing = draw(figures[0])

    def pictures() -> Iterator[Pixels]:
        for done, frame in enumerate(played.frames(range(played.count), check)):
            progress(done, played.count)
            drawing.update(with_levels(frame.figure, levels), limits)
            yield drawing.pixels()
        progress(played.count, played.count)

    if file_format == "gif":
        chosen: list[Pixels] = []
        for figure in figures[:: max(1, len(figures) // 4)][:4]:
            drawing.update(figure, limits)
            chosen.append(drawing.pixels().copy())
        write_gif(path, pictures(), common_palette(chosen), fps, recipe)
    else:
        WRITERS[file_format](path, pictures(), played.count, fps, recipe)


def common_limits(figures: Sequence[Figure]) -> dict[str, Limits]:
    """Return for each panel ranges that hold it in all the figures, so that axes stand still."""
    seen: dict[str, list[Limits]] = {}
    for figure in figures:
        for panel in figure.panels:
            seen.setdefault(panel.name, []).append(panel_limits(panel))
    common: dict[str, Limits] = {}
    for name, limits in seen.items():
        x0, x1, y0, y1 = np.transpose(limits)
        # A declared range may run backwards; what runs forwards is widened to hold all.
        x = (x0.min(), x1.max()) if x0[0] <= x1[0] else (x0.max(), x1.min())
        y = (y0.min(), y1.max()) if y0[0] <= y1[0] else (y0.max(), y1.min())
        common[name] = (float(x[0]), float(x[1]), float(y[0]), float(y[1]))
    return common


def common_levels(figures: Sequence[Figure]) -> Levels:
    """Return for each coloured item, by panel and key, levels that hold it in all the figures."""
    common: dict[tuple[str, str], tuple[float, float]] = {}
    for figure in figures:
        for panel in figure.panels:
            for item in panel.items:
                if isinstance(item, (HeatMap, Scatter)) and item.levels is not None:
                    place = panel.name, item.key
                    low, high = common.get(place, item.levels)
                    common[place] = min(low, item.levels[0]), max(high, item.levels[1])
    return common


def with_levels(figure: Figure, levels: Levels) -> Figure:
    """Return the figure with its coloured items on given levels, so that colours stand still."""

    def leveled(panel: Panel, item: Item) -> Item:
        known = levels.get((panel.name, item.key))
        if known is None or not isinstance(item, (HeatMap, Scatter)):
            return item
        return replace(item, levels=known)

    panels = (replace(p, items=tuple(leveled(p, item) for item in p.items)) for p in figure.panels)
    return replace(figure, panels=tuple(panels)) if levels else figure
