"""The rope lab: it lets the page that is shown work, and says what each frame has in common."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import replace

from zoetrope.core.device import Context
from zoetrope.core.lab import Action, Animate, Frame, Lab
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.lab_pages import Job, page_of
from zoetrope.core.rope.lab_parameters import RopeParameters
from zoetrope.core.rope.presets import PRESETS

# What `zoetrope.core.rope` calls an argument, and the lab a control.
CONTROLS = {
    "omega": "speed",
    "EA": "stiffness",
    "phase": "end_phase",
    "drag_number": "air",
    "radius": "radius0",
    "turn": "phase",
}


class RopeLab(Lab[RopeParameters]):
    """Which curve does a rope take that is held at two points of an axis and spun about it?"""

    id = "rope"
    title = "Spinning rope"
    question = "which curve does a rope take when it is held at two ends and spun?"
    parameters = RopeParameters
    order = 1
    presets = PRESETS

    def run(
        self, parameters: RopeParameters, context: Context
    ) -> Generator[Frame, RopeParameters, None]:
        """Let each page work when it is shown; it goes on where it was when it is shown again."""
        jobs: dict[str, Job] = {}
        while True:
            page = page_of(parameters)
            name = page.__name__
            try:
                if name in jobs:
                    frame = jobs[name].send(parameters)
                else:
                    jobs[name] = page.begin(parameters, context)
                    frame = next(jobs[name])
            except RopeError as error:
                if error.code != "taut":
                    raise in_words_of_the_lab(error) from error
                from zoetrope.core.rope.without_rope import taut_job

                jobs[name] = taut_job(parameters, in_words_of_the_lab(error))
                frame = next(jobs[name])
            parameters = yield _completed(frame, parameters)

    def playhead_rate(self, parameters: RopeParameters) -> float:
        """In a second: turns on the motion page, else degrees."""
        return parameters.speed / 60 if parameters.page == "motion" else 6 * parameters.speed

    def python(self, parameters: RopeParameters) -> str:
        """Return a script that computes the numbers of the page shown, and prints them."""
        return page_of(parameters).script(parameters)


def in_words_of_the_lab(error: RopeError) -> RopeError:
    """The same error with turns a minute for radians a second, naming a control of the lab."""
    sentence = re.sub(
        r"([0-9.]+(?:e[+-]?[0-9]+)?) rad/s",
        lambda match: f"{float(match[1]) * 9.549296585513721:.6g} rpm",
        str(error),
    )
    control = CONTROLS.get(error.parameter or "", error.parameter)
    known = control in RopeParameters.declarations()
    return RopeError(error.code, sentence, control if known else None)


def _completed(frame: Frame, parameters: RopeParameters) -> Frame:
    """A page's frame with the actions and the sizes that it leaves to the lab."""
    from zoetrope.core.rope.plain_rope import plain_sizes

    linked = frame.linked or plain_sizes(parameters)
    return replace(frame, linked=linked, actions=(*_actions(parameters), *frame.actions))


def _actions(parameters: RopeParameters) -> tuple[Action, ...]:
    return (
        Action(
            "speed",
            "What changes with the speed?",
            "Sweeps the speed: the curve stands still while every force grows with its square.",
            animate=Animate("speed", max(parameters.speed, 30.0), 600.0, seconds=3.0),
        ),
    )


LAB = RopeLab()
