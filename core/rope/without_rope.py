"""What is shown where there is no rope to show: a straight line, with a sentence."""

import math
from collections.abc import Generator

from zoetrope.core.lab import Frame, Notice, Readout
from zoetrope.core.rope import views
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.lab_parameters import RopeParameters
from zoetrope.core.rope.plain_rope import straight_sizes


def taut_job(
    parameters: RopeParameters, error: RopeError
) -> Generator[Frame, RopeParameters, None]:
    """Draw the straight line between the ends."""
    while True:
        parameters = yield Frame(
            figure=views.taut(parameters),
            readouts=(
                Readout("axial_force", "Axial end force", math.inf, "N", "H",
                        help="A straight rope would have to be pulled without bound."),
            ),
            linked=straight_sizes(parameters),
            notices=(Notice(str(error), "warning", error.parameter),),
        )  # fmt: skip
