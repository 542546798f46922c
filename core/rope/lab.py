"""The rope lab: it lets the page that is shown work, and says in its words what cannot be."""

from __future__ import annotations

import math
import re
from collections.abc import Generator

from zoetrope.core.device import Context
from zoetrope.core.lab import Frame, Lab
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.lab_pages import Job, Page, page_of
from zoetrope.core.rope.lab_parameters import RopeParameters
from zoetrope.core.rope.presets import PRESETS
from zoetrope.core.rope.tours import TOURS

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
    tours = TOURS
    plays = True

    def run(
        self, parameters: RopeParameters, context: Context
    ) -> Generator[Frame, RopeParameters, None]:
        """Let each page work when it is shown; it goes on where it was when it is shown again."""
        jobs: dict[str, Job] = {}
        while True:
            page = page_of(parameters)
            name = page.__name__
            if name not in jobs:
                jobs[name] = in_words_of_the_lab(page, parameters, context)
                frame = next(jobs[name])
            else:
                frame = jobs[name].send(parameters)
            parameters = yield frame

    def playhead_rate(self, parameters: RopeParameters) -> float:
        """In a second: turns on the motion page, else degrees."""
        return parameters.speed / 60 if parameters.page == "motion" else 6 * parameters.speed

    def python(self, parameters: RopeParameters) -> str:
        """Return a script that computes the numbers of the page shown, and prints them."""
        return page_of(parameters).script(parameters)


def in_words_of_the_lab(page: Page, parameters: RopeParameters, context: Context) -> Job:
    """A page's frames; where there is no rope, what there is instead, or why there is nothing."""
    try:
        yield from page.begin(parameters, context)  # some refuse before their first frame
    except RopeError as error:
        from zoetrope.core.rope.without_rope import job_without_rope

        refused = translated(error)
        try:
            yield from job_without_rope(parameters, refused)
        except RopeError:
            raise refused from error


def translated(error: RopeError) -> RopeError:
    """The error with turns a minute for radians a second, naming a control of the lab."""
    sentence = re.sub(
        r"([0-9.]+(?:e[+-]?[0-9]+)?) rad/s",
        lambda match: f"{float(match[1]) * 30 / math.pi:.6g} rpm",
        str(error),
    )
    sentence = sentence.replace("end 0", "the left end").replace("end 1", "the right end")
    control = CONTROLS.get(error.parameter or "", error.parameter)
    known = control in RopeParameters.declarations()
    return RopeError(error.code, sentence, control if known else None)


LAB = RopeLab()
