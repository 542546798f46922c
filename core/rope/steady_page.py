"""The shape and forces pages: the rope in its world, and what pulls where on it."""

from collections.abc import Generator

from zoetrope.core.device import Context
from zoetrope.core.lab import Frame, Notice, follow
from zoetrope.core.rope import views
from zoetrope.core.rope.lab_parameters import RopeParameters
from zoetrope.core.rope.plain_rope import plain_rope, plain_warnings
from zoetrope.core.rope.plain_script import plain_script
from zoetrope.core.rope.readouts import readouts, tables

MODEL = {
    "shape": "Drag the apex or an end. Here is no gravity and no air: speed and density change the "
    "forces, never the curve.",
    "forces": "All forces grow with the density and with the squares of speed and size. Click a "
    "curve to read its values there.",
}


def begin(parameters: RopeParameters, context: Context) -> Generator[Frame, RopeParameters, None]:
    """Solve once, then redraw as the view, the phase and the page change."""
    rope = plain_rope(parameters)

    def picture(parameters: RopeParameters) -> Frame:
        return Frame(
            figure=views.figure(rope, parameters),
            readouts=readouts(rope, parameters.probe),
            notices=(Notice(MODEL[parameters.page]), *plain_warnings(rope)),
            tables=tables(rope),
        )

    return follow(parameters, picture)


def script(parameters: RopeParameters) -> str:
    """Return a script that solves the same rope."""
    return plain_script(parameters)
