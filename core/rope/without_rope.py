"""What is shown where the rope asked for is not there: what is there instead, and the way out."""

import math
from collections.abc import Generator
from typing import Any

from zoetrope.core.lab import Action, Frame, Notice, Readout
from zoetrope.core.parameters import Number
from zoetrope.core.rope.drag_stall import least_radius, stall_steps
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.lab_parameters import RopeParameters
from zoetrope.core.rope.lift_off import plumb_line
from zoetrope.core.rope.plain_rope import plain_length, sizes, straight_sizes
from zoetrope.core.rope.readouts import readouts, tables
from zoetrope.core.rope.shape_view import shape_page
from zoetrope.core.rope.stretched import straight_tension, whirl_onset
from zoetrope.core.rope.without_rope_view import collapsed, straight
from zoetrope.core.rope.world_rope import arguments_in_any_air, waited

RPM = 30 / math.pi
LARGEST_SPREAD = 1e-6  # of the first integral of a rope that is shown
ENOUGH = 1.1  # times the least, for a rope that is there with something to spare

Job = Generator[Frame, RopeParameters, None]


def job_without_rope(parameters: RopeParameters, error: RopeError) -> Job:
    """Show what there is in place of the rope; raises `error` where that is nothing."""
    on_axis = parameters.radius0 == 0 == parameters.radius1
    if error.code == "taut":
        return (
            _pulled_straight(parameters, error)
            if on_axis and parameters.stretches
            else _taut(parameters, error)
        )
    if error.code == "collapsed" and on_axis and parameters.upright_gravity:
        return _collapsed(parameters, error)
    if error.code == "stalled" and parameters.drag:
        return _stalled(parameters, error)
    raise error


def _again(frame: Frame) -> Job:
    while True:
        yield frame


def _taut(parameters: RopeParameters, error: RopeError) -> Job:
    """The straight line between the ends of a rope that does not stretch."""
    return _again(
        Frame(
            figure=straight(parameters, "A rope without slack stays straight at any tension"),
            readouts=(
                Readout("axial_force", "Axial end force", math.inf, "N", "H",
                        help="A straight rope would have to be pulled without bound."),
            ),
            linked=straight_sizes(parameters),
            notices=(Notice(str(error), "warning", error.parameter),),
        )
    )  # fmt: skip


def _pulled_straight(parameters: RopeParameters, error: RopeError) -> Job:
    """An elastic rope shorter than its span, too slow to whirl."""
    rope: dict[str, Any] = {
        "EA": parameters.stiffness,
        "density": parameters.density / 1000,
        "gravity": parameters.upright_gravity,
    }
    length = plain_length(parameters)
    low, high = straight_tension(length, parameters.span, **rope)
    onset = whirl_onset(length, parameters.span, mode=parameters.mode, **rope) * RPM
    words = f"whirls above {onset:.4g} rpm"
    stretch = 100 * (parameters.span / length - 1)
    return _again(
        Frame(
            figure=straight(parameters, "Pulled straight, and too slow to whirl", words),
            readouts=(
                Readout("tension0", "Tension at the left end", low, "N", "T_0"),
                Readout("tension1", "Tension at the right end", high, "N", "T_1"),
                Readout("stretch", "Stretch", stretch, "%", help="Over its length at rest."),
                Readout("onset", "Whirls above", onset, "rpm",
                        help="Where its slowest sideways swing keeps pace with the rotation."),
            ),
            linked={**straight_sizes(parameters), "axial_force": low,
                    "slack": length / parameters.span - 1},
            notices=(Notice(str(error), "warning", "speed"),),
            actions=_faster(onset),
        )
    )  # fmt: skip


def _faster(onset: float) -> tuple[Action, ...]:
    speed = float(f"{1.2 * onset:.3g}")
    return (
        Action("faster", f"Turn at {speed:.4g} rpm", "A little faster than is needed.",
               change={"speed": speed}),
    )  # fmt: skip


def _collapsed(parameters: RopeParameters, error: RopeError) -> Job:
    """The doubled plumb line, and the speed that opens it."""
    length = plain_length(parameters)
    line = plumb_line(
        length,
        parameters.span,
        gravity=parameters.gravity,
        density=parameters.density / 1000,
        EA=parameters.EA,
    )
    onset = line.lift_off * RPM
    values = {
        "length": length,
        "sag": 0.0,
        "end_angle": 180.0,
        "axial_force": -line.tension_bottom,
        "slack": length / parameters.span - 1,
    }
    return _again(
        Frame(
            figure=collapsed(line, parameters.span, f"opens above {onset:.4g} rpm"),
            readouts=(
                Readout("onset", "Opens above", onset, "rpm",
                        help="The lift-off speed: the longer leg starts to swing out."),
                Readout("depth", "Fold below the lower hand", line.depth, "m"),
                Readout("longer_leg", "Longer leg", line.longer_leg, "m"),
                Readout("shorter_leg", "Shorter leg", line.shorter_leg, "m"),
                Readout("tension_top", "Tension at the upper end", line.tension_top, "N", "T_1"),
                Readout("tension_bottom", "Tension at the lower end", line.tension_bottom, "N",
                        "T_0"),
            ),
            linked={name: v for name, v in values.items() if name != parameters.given},
            notices=(Notice(str(error), "warning", "speed"),),
            actions=_faster(onset),
        )
    )  # fmt: skip


def _stalled(parameters: RopeParameters, error: RopeError) -> Job:
    """The rope in the most drag that hands can turn it against, and the hands that are needed."""
    length = plain_length(parameters)
    number = parameters.drag_number
    needed = float(f"{ENOUGH * least_radius(length, parameters.span, drag_number=number):.3g}")
    on_axis = parameters.radius0 == 0 == parameters.radius1
    radii = {"radius0": needed, "radius1": needed}
    arguments = arguments_in_any_air(parameters)
    steps = stall_steps(length, parameters.span, **(arguments | radii if on_axis else arguments))
    limit, parameters = yield from waited(steps, parameters)
    reach = RopeParameters.declarations()["radius0"]
    assert isinstance(reach, Number)
    if limit.rope.diagnostics.invariant_spread > LARGEST_SPREAD or needed > reach.high:
        raise error
    share = limit.drag_number / number
    if on_axis:
        words = (
            f"Hands on the axis have no lever against the air: about {needed:.3g} m from it they "
            f"turn this rope. Shown is the most that such hands can do."
        )
    else:
        words = (
            f"Hands this close to the axis turn the rope against {100 * share:.3g} % of this air "
            f"at most, which is shown: the rope trails by {limit.lag_deg:.0f}°. Both "
            f"{needed:.3g} m from the axis would do."
        )
    followed = sizes(limit.rope, parameters.given)
    while True:
        shown = parameters.change(page="shape")
        parameters = yield Frame(
            figure=shape_page(limit.rope, shown),
            readouts=(
                Readout("needed_radius", "Hands needed at", needed, "m",
                        help="From the law for small radii, with a tenth to spare."),
                Readout("most_drag", "Most drag number", limit.drag_number, symbol="D_g"),
                *readouts(limit.rope, parameters.probe),
            ),
            linked=followed,
            notices=(Notice(words, "warning", "radius0" if on_axis else "air"),),
            actions=(
                Action("hands", f"Hold both hands at {needed:.3g} m",
                       "Far enough from the axis to turn the rope.", change=radii),
            ),
            tables=tables(limit.rope),
        )  # fmt: skip
