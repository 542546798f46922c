"""A job of a lab: the generator that makes its frames, and how far it has come."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any, Self

from zoetrope.core.device import Context
from zoetrope.core.lab import Frame, Lab
from zoetrope.core.parameters import Parameters
from zoetrope.core.updates import Update


@dataclass(slots=True)
class Job:
    """A lab at work on some parameters, or resting on its last frame."""

    ticket: int
    parameters: Parameters
    generator: Generator[Frame, Any, None]
    since: float = field(default_factory=time.perf_counter)  # the time left is reckoned from then
    share: float = 0.0  # of the work that was done then
    reached: float = 0.0  # the share that it said last
    shown: bool = False  # has it yielded a frame yet?
    frame: Frame | None = None  # its last one
    resting: bool = False  # has it yielded its final frame, and waits for live changes?
    retried: bool = False  # was it begun again for its request, when memory had run out?

    @classmethod
    def begin(
        cls,
        lab: Lab[Any],
        ticket: int,
        parameters: Parameters,
        context: Context,
        *,
        retried: bool = False,
    ) -> Self:
        """Return a job that has not made a frame yet. It raises nothing before its first step."""
        return cls(ticket, parameters, _run(lab, parameters, context), retried=retried)

    def step(self) -> Frame:
        """Return the next frame; raises what the lab raises, and StopIteration at its end."""
        self.resting = False
        frame = self.generator.send(self.parameters) if self.shown else next(self.generator)
        self.shown = True
        return frame

    def redirect(self, ticket: int, parameters: Parameters) -> None:
        """Work on live changes from the next step on."""
        self.ticket, self.parameters, self.retried = ticket, parameters, False
        if self.resting:  # it begins to work again
            self._reckon_from(0.0)

    def _reckon_from(self, share: float) -> None:
        self.since, self.share, self.reached = time.perf_counter(), share, share

    def update(self, frame: Frame) -> Update:
        """Return what the screen should know of a frame."""
        seconds_left = None
        if not frame.final and frame.progress is not None:
            if frame.progress < self.reached:  # a live change has thrown work away
                self._reckon_from(frame.progress)
            self.reached = frame.progress
            if frame.progress > self.share:
                pace = (time.perf_counter() - self.since) / (frame.progress - self.share)
                seconds_left = pace * (1 - frame.progress)
        return Update(
            self.ticket, self.parameters, frame, running=not frame.final, seconds_left=seconds_left
        )

    def close(self) -> None:
        """Stop it; whatever it raises then does not matter any more."""
        try:
            self.generator.close()
        except BaseException:  # a lab that fails while it is being stopped is stopped all the same
            return


def _run(lab: Lab[Any], parameters: Parameters, context: Context) -> Generator[Frame, Any, None]:
    """Run a lab so that whatever it raises, at once or later, is raised at the first step."""
    yield from lab.run(parameters, context)
