"""What an animation moves: one number of a lab from a start to a stop."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from zoetrope.core.declarations import Number
from zoetrope.core.lab import Action
from zoetrope.core.on_the_way import on_the_way
from zoetrope.core.parameters import ParameterError, Parameters

WRITTEN = re.compile(r"\s*(\w+)\s*=\s*([^:]+?)\s*\.\.\s*([^:]+?)\s*(?::\s*(.*?))?\s*")
HOW = "write NAME=START..STOP, such as {}=1..2, and :log or :even behind it for the steps"
LONGEST_SHOWN = 40  # characters of a wrong text in the sentence that refuses it


@dataclass(frozen=True, slots=True)
class AnimatedNumber:
    """A number on its way from `start` to `stop`, evenly or with `log` by equal factors.

    With `round` the last picture is one step before the first comes again.
    """

    parameter: str
    start: float
    stop: float
    log: bool = False
    round: bool = False

    def written(self) -> str:
        """Return the text that `parse_animated` reads as this; `round` is the playhead's alone."""
        steps = "log" if self.log else "even"
        return f"{self.parameter}={self.start!r}..{self.stop!r}:{steps}"

    def at(self, step: int, count: int) -> float:
        """Return the value in a picture, from 0 to count - 1."""
        share = step / (count if self.round else max(count - 1, 1))
        return on_the_way(self.start, self.stop, share, log=self.log)

    def apply(self, parameters: Parameters, step: int, count: int) -> Parameters:
        """Return the parameters of a picture."""
        declared = parameters.declarations()[self.parameter]
        value = self.at(step, count)
        whole = isinstance(declared, Number) and declared.integer
        return parameters.change(**{self.parameter: round(value) if whole else value})


def parse_animated(text: str, parameters: Parameters) -> AnimatedNumber:
    """Read NAME=START..STOP, with :log or :even behind it; without, as the number's slider goes.

    Raises ParameterError where there is no such number or it cannot go there.
    """
    numbers = {n: d for n, d in parameters.declarations().items() if isinstance(d, Number)}
    example = next(iter(numbers), "NAME")
    match = WRITTEN.fullmatch(text)
    if match is None:
        raise ParameterError(
            "animate", f"{text[:LONGEST_SHOWN]!r} names nothing to animate: {HOW.format(example)}."
        )
    name, ends, steps = match[1], (match[2], match[3]), match[4]
    if name not in numbers:
        listed = ", ".join(list(numbers)[:8])
        raise ParameterError("animate", f"There is no number {name!r} to animate: {listed}, …")
    if steps not in (None, "log", "even"):
        raise ParameterError(
            "animate",
            f"Behind the colon stands log (equal factors) or even (equal steps), "
            f"not {steps[:LONGEST_SHOWN]!r}.",
        )
    declared = numbers[name]
    start, stop = (float(declared.parse(name, end)) for end in ends)
    log = declared.log if steps is None else steps == "log"
    if log and min(start, stop) <= 0:
        raise ParameterError("animate", f"{declared.label} cannot go by equal factors through 0.")
    return AnimatedNumber(name, start, stop, log)


def offered_by(
    parameters: Parameters, actions: Iterable[Action]
) -> tuple[AnimatedNumber, float] | None:
    """Return what the first of a lab's actions that animates moves, and for how many seconds."""
    for action in actions:
        animate = action.animate
        if animate is not None and action.enabled:
            declared = parameters.declarations()[animate.parameter]
            log = isinstance(declared, Number) and declared.log
            moved = AnimatedNumber(animate.parameter, animate.start, animate.stop, log)
            return moved, animate.seconds
    return None
