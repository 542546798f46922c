"""Guided tours of a lab: a few steps, each of which sets it and says what to look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from zoetrope.core.declarations import Number

if TYPE_CHECKING:
    from zoetrope.core.lab import Animate
    from zoetrope.core.parameters import Parameters

P = TypeVar("P", bound="Parameters")


@dataclass(frozen=True, slots=True)
class TourStep:
    """One step: `change` is what differs from the end of the step before, and `animate` moves a
    number from there. `text` says what to look at, in one to three sentences.
    """

    title: str
    text: str
    change: Mapping[str, Any] = field(default_factory=dict)
    animate: Animate | None = None


@dataclass(frozen=True, slots=True)
class Tour:
    """A tour, which begins at the defaults of its lab; `help` says what it shows."""

    key: str
    label: str
    help: str
    steps: tuple[TourStep, ...]

    def states(self, declared: type[P]) -> Iterator[tuple[P, P]]:
        """Yield the parameters that each step begins and ends with.

        Complete ones, so that a step shows the same whatever was touched before it. Raises
        `ParameterError` for a step that is not legal.
        """
        parameters = declared()
        for step in self.steps:
            begin = end = parameters.change(**step.change)
            if step.animate is not None:
                name, start, stop = step.animate.parameter, step.animate.start, step.animate.stop
                begin = begin.change(**{name: _typed(begin, name, start)})
                stop = start if step.animate.back else stop
                end = begin.change(**{name: _typed(begin, name, stop)})
            yield begin, end
            parameters = end


def _typed(parameters: Parameters, name: str, value: float) -> float:
    declaration = parameters.declarations().get(name)
    whole = isinstance(declaration, Number) and declaration.integer
    return round(value) if whole else value
