"""The compare page: the rope without gravity and air beside the curves it is mistaken for."""

from collections.abc import Generator

from zoetrope.core.device import Context
from zoetrope.core.lab import Frame, follow
from zoetrope.core.rope import comparison_view as view
from zoetrope.core.rope.lab_parameters import RopeParameters
from zoetrope.core.rope.plain_rope import left_out, plain_rope, plain_warnings, sizes
from zoetrope.core.rope.plain_script import plain_script
from zoetrope.core.rope.readouts import readouts, tables


def begin(parameters: RopeParameters, context: Context) -> Generator[Frame, RopeParameters, None]:
    """Compare at once, again at every change of the view."""
    rope = plain_rope(parameters)
    comparison = view.comparison_of(rope)
    followed = sizes(rope, parameters.given)

    def picture(parameters: RopeParameters) -> Frame:
        return Frame(
            figure=view.comparison_page(comparison, parameters),
            readouts=(
                *view.comparison_readouts(comparison, parameters),
                *readouts(rope, parameters.probe),
            ),
            notices=(
                *left_out(parameters),
                *view.comparison_notices(rope, comparison, parameters),
                *plain_warnings(rope),
            ),
            linked=followed,
            tables={**tables(rope), **view.comparison_tables(comparison, parameters)},
        )

    return follow(parameters, picture)


def script(parameters: RopeParameters) -> str:
    """Return a script that solves the rope compared with."""
    return plain_script(parameters)
