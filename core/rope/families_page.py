"""The families page: the curves that hold for every rope without gravity and air."""

from collections.abc import Generator

from zoetrope.core.device import Context
from zoetrope.core.lab import Frame, Notice
from zoetrope.core.rope.families_view import families_page
from zoetrope.core.rope.lab_parameters import RopeParameters
from zoetrope.core.rope.plain_rope import left_out, plain_rope, plain_warnings, sizes
from zoetrope.core.rope.plain_script import plain_script
from zoetrope.core.rope.readouts import readouts, tables
from zoetrope.core.rope.universal import UniversalCurves

MODEL = (
    "True for all ropes with both ends on the axis. Click a curve to set the slack; drag the rings "
    "to choose the family."
)


def begin(parameters: RopeParameters, context: Context) -> Generator[Frame, RopeParameters, None]:
    """Show the rope at once, then the curves, which take a moment the first time."""
    from zoetrope.core.rope.universal import universal_curves

    rope = plain_rope(parameters)
    followed = sizes(rope, parameters.given)

    def picture(curves: UniversalCurves | None) -> Frame:
        return Frame(
            figure=families_page(rope, parameters, curves, context.device if curves else ""),
            readouts=readouts(rope, parameters.probe),
            notices=(Notice(MODEL), *left_out(parameters), *plain_warnings(rope)),
            linked=followed,
            tables=tables(rope),
            final=curves is not None,
        )

    parameters = yield picture(None)
    curves = universal_curves(parameters.mode, context.device)
    while True:
        parameters = yield picture(curves)


def script(parameters: RopeParameters) -> str:
    """Return a script that solves the rope marked on the curves."""
    return plain_script(parameters)
