"""Comparisons as part of a lab's state: what is pinned under its picture, or stands beside it.

A `Compared` is a lab that makes the compared picture, so that whatever draws, exports or films a
lab does so with a comparison too. On the screen the window asks for the pictures one by one and
puts them together itself, with the same functions.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any, Literal, Self

from zoetrope.core.declarations import is_passing
from zoetrope.core.device import Context
from zoetrope.core.differences import differing_names, pinned_words, told_apart
from zoetrope.core.edits import Edit
from zoetrope.core.figure import Figure
from zoetrope.core.ghost import MOST_GHOSTS, Ghost, with_ghosts
from zoetrope.core.lab import Frame, Lab
from zoetrope.core.parameters import ParameterError, Parameters, Plain
from zoetrope.core.side_by_side import (
    FEWEST_SETS,
    MOST_SETS,
    ComparisonError,
    frames_side_by_side,
)

Way = Literal["under", "beside"]
WAYS: tuple[Way, ...] = ("under", "beside")
OF_A_LAB = ("id", "title", "question", "parameters", "presets", "tours", "sweeps", "order", "plays")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a lab's state is compared with.

    `under`: `sets` are complete plain values of pinned states, whose pictures lie under the live
    one. `beside`: they are changes from the live state, whose pictures stand beside it, and
    `panels` names the panels that are shown (the first one if none).
    """

    way: Way
    sets: tuple[Mapping[str, Plain], ...]
    panels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse numbers of sets that no figure could show."""
        least, most = (1, MOST_GHOSTS) if self.way == "under" else (FEWEST_SETS - 1, MOST_SETS - 1)
        if not least <= len(self.sets) <= most:
            raise ComparisonError(
                f"{least} to {most} other parameter sets can be compared here, not "
                f"{len(self.sets)}."
            )

    @classmethod
    def beside(cls, sets: Sequence[Parameters], panels: Sequence[str] = ()) -> Self:
        """Return the comparison of the first set with the others."""
        first = sets[0]
        return cls("beside", tuple(other.changes(first) for other in sets[1:]), tuple(panels))

    @classmethod
    def over_values(
        cls, parameters: Parameters, name: str, values: Sequence[Any], panels: Sequence[str] = ()
    ) -> Self:
        """Return the comparison of parameters, which have the first value, with the others."""
        return cls.beside([parameters.change(**{name: value}) for value in values], panels)

    @classmethod
    def under(cls, pinned: Sequence[Parameters]) -> Self:
        """Return the comparison with pinned states."""
        return cls("under", tuple(parameters.plain() for parameters in pinned))

    def plain(self) -> dict[str, Any]:
        """Return plain values for a recipe."""
        values: dict[str, Any] = {"way": self.way, "sets": [dict(each) for each in self.sets]}
        return values | ({"panels": list(self.panels)} if self.panels else {})

    def others(self, live: Parameters) -> list[Parameters]:
        """Return the parameters of the other pictures while the live ones are those.

        Pinned states of another page have none here.
        Raises `ParameterError` where they are not legal together.
        """
        if self.way == "beside":
            return [live.change(**each) for each in self.sets]
        pinned = [type(live).make(each) for each in self.sets]
        return [each for each in pinned if same_page(each, live)]

    def put_together(
        self, lab: Lab[Any], sets: Sequence[Parameters], frames: Sequence[Frame]
    ) -> Frame:
        """Return the compared frame of sets, the live one first; raises `ComparisonError`."""
        if self.way == "beside":
            return frames_side_by_side(frames, told_apart(lab, sets), self.panels)
        live, frame = sets[0], frames[0]
        ghosts = [
            (Ghost.of(other.figure, number), pinned_words(lab, pinned, live))
            for number, (pinned, other) in enumerate(zip(sets[1:], frames[1:], strict=True))
        ]
        return replace(frame, figure=with_ghosts(frame.figure, ghosts))


def same_page(pinned: Parameters, live: Parameters) -> bool:
    """Say whether two states show the same page of their lab."""
    page = live.page_name()
    return page is None or getattr(pinned, page) == getattr(live, page)


def on_page_of(live: Parameters, other: Parameters, given: Collection[str] = ()) -> Parameters:
    """Return another state with page, playhead and camera as they are in the live one, but for
    those that are `given`; as it is where they do not fit it.
    """
    now = {
        name: getattr(live, name)
        for name, declared in live.declarations().items()
        if is_passing(declared) and name not in given
    }
    try:
        return replace(other, **now)
    except ParameterError:
        return other


def looked_from(figure: Figure) -> set[str]:
    """Return the parameters that hold the cameras and the visible ranges of a figure."""
    edits: list[Edit] = []
    for panel in figure.panels:
        if panel.orbit is not None:
            edits += [panel.orbit.azimuth, panel.orbit.elevation]
        for view in (panel.view_x, panel.view_y):
            if view is not None:
                edits += [view.low, view.high]
    return {edit.parameter for edit in edits}


def seen_as(pinned: Parameters, live: Parameters, names: Iterable[str]) -> Parameters:
    """Return a pinned state with the live one's cameras and visible ranges, which `names` hold.

    Its page and its moment are its own. Where it cannot be seen so it is returned as it is.
    """
    try:
        return replace(pinned, **{name: getattr(live, name) for name in names})
    except ParameterError:
        return pinned


class Compared(Lab[Parameters]):
    """A lab with a comparison: its frames are those of the lab, its figure is the compared one."""

    def __init__(self, lab: Lab[Any], comparison: Comparison) -> None:
        self.lab = lab
        self.comparison = comparison
        for name in OF_A_LAB:
            setattr(self, name, getattr(lab, name))

    def run(self, parameters: Parameters, context: Context) -> Generator[Frame, Parameters, None]:
        """Yield frames without a picture until all are there, and then the compared one."""
        with ExitStack() as stack:
            known = [_Member(self.lab, context) for _ in (parameters, *self.comparison.sets)]
            for member in known:
                stack.callback(member.close)
            while True:
                sets = [parameters, *self.comparison.others(parameters)]
                members = known[: len(sets)]
                for member, wanted in zip(members, sets, strict=True):
                    member.ask(wanted)
                while not all(member.done for member in members):
                    progress = sum(member.share for member in members) / len(members)
                    newest = yield Frame(figure=Figure(panels=()), progress=progress, final=False)
                    if newest != parameters:
                        break
                    next(member for member in members if not member.done).step()
                else:
                    frames = [member.frame for member in members]
                    newest = yield self.comparison.put_together(self.lab, sets, frames)
                parameters = newest

    def measure(
        self, parameters: Parameters, context: Context, keys: tuple[str, ...]
    ) -> Generator[float | None, None, Mapping[str, Any]]:
        """Return the lab's own numbers: a comparison changes none."""
        return self.lab.measure(parameters, context, keys)

    def told_in_figure(self, parameters: Parameters) -> Collection[str]:
        """Return what the sets side by side differ in: their headings tell it."""
        if self.comparison.way == "under":
            return ()
        return differing_names([parameters, *self.comparison.others(parameters)])

    def remarks(self, parameters: Parameters) -> tuple[str, ...]:
        """Say what is pinned under the picture."""
        if self.comparison.way == "beside":
            return ()
        pinned = self.comparison.others(parameters)
        return tuple(f"Paler: {pinned_words(self.lab, each, parameters)}." for each in pinned)

    def playhead_rate(self, parameters: Parameters) -> float:
        """Return the lab's own."""
        return self.lab.playhead_rate(parameters)

    def python(self, parameters: Parameters) -> str:
        """Return the lab's own script, of the live state."""
        return self.lab.python(parameters)


def uncompared(lab: Lab[Any]) -> Lab[Any]:
    """Return the lab itself, whatever it is compared with."""
    return lab.lab if isinstance(lab, Compared) else lab


class _Member:
    """One of the pictures of a comparison, on its way to its last frame."""

    parameters: Parameters
    frame: Frame

    def __init__(self, lab: Lab[Any], context: Context) -> None:
        self._lab, self._context = lab, context
        self._job: Generator[Frame, Any, None] | None = None
        self.done = False
        self.share = 0.0

    def ask(self, parameters: Parameters) -> None:
        """Want the picture of some parameters from the next step on."""
        if self._job is not None:
            if parameters == self.parameters:
                return
            if not parameters.differs_only_live(self.parameters):
                self.close()
        self.parameters, self.done, self.share = parameters, False, 0.0

    def step(self) -> None:
        """Do one step of it."""
        if self._job is None:
            self._job = self._lab.run(self.parameters, self._context)
            self.frame = next(self._job)
        else:
            self.frame = self._job.send(self.parameters)
        self.done = self.frame.final
        self.share = 1.0 if self.done else self.frame.progress or 0.0

    def close(self) -> None:
        """Stop it."""
        if self._job is not None:
            self._job.close()
            self._job = None
