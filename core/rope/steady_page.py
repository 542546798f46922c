"""The shape and forces pages: the rope in its world, and what pulls where on it."""

from collections.abc import Generator

from zoetrope.core.device import Context
from zoetrope.core.figure import Figure
from zoetrope.core.lab import Frame, Notice
from zoetrope.core.rope.exports import drawing_action, table_actions
from zoetrope.core.rope.forces_view import forces_page
from zoetrope.core.rope.lab_actions import speed_actions
from zoetrope.core.rope.lab_parameters import RopeParameters
from zoetrope.core.rope.model_words import model_words
from zoetrope.core.rope.plain_rope import plain_warnings, sizes
from zoetrope.core.rope.readouts import readouts, tables
from zoetrope.core.rope.shape_view import shape_page
from zoetrope.core.rope.solution import RopeSolution
from zoetrope.core.rope.world_rope import waited, world_steps
from zoetrope.core.rope.world_script import world_script


def begin(parameters: RopeParameters, context: Context) -> Generator[Frame, RopeParameters, None]:
    """Solve once, then redraw as the view, the phase and the page change."""
    rope, parameters = yield from waited(world_steps(parameters), parameters)
    warnings = plain_warnings(rope)
    followed = sizes(rope, parameters.given)
    numbers, drawing = table_actions(rope), drawing_action(rope)
    while True:
        parameters = yield Frame(
            figure=_figure(rope, parameters),
            readouts=readouts(rope, parameters.probe),
            notices=(Notice(model_words(parameters)), *warnings),
            actions=numbers
            if parameters.page == "forces"
            else (*speed_actions(parameters), drawing),
            linked=followed,
            tables=tables(rope),
        )


def _figure(rope: RopeSolution, parameters: RopeParameters) -> Figure:
    page = forces_page if parameters.page == "forces" else shape_page
    return page(rope, parameters)


def script(parameters: RopeParameters) -> str:
    """Return a script that solves the same rope."""
    return world_script(parameters)
