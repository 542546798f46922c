"""The page of a rope that hangs from a turning hand, its lower end free: all shapes at once."""

import math
from collections.abc import Generator

from zoetrope.core.device import Context
from zoetrope.core.items import Array
from zoetrope.core.lab import Action, Frame, Notice, Readout
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.free_end import FreeEndShape, free_end_onsets, free_end_steps
from zoetrope.core.rope.free_view import RPM, free_figure
from zoetrope.core.rope.lab_parameters import RopeParameters
from zoetrope.core.rope.plain_rope import plain_length
from zoetrope.core.rope.world_rope import waited

MODEL = (
    "Solved: a rope held at its upper end on an upright axis, turning steadily under its fling "
    "and gravity. Left out: bending stiffness, air, stretch, and the question which shapes last."
)
MOST_ONSETS = 60


def begin(parameters: RopeParameters, context: Context) -> Generator[Frame, RopeParameters, None]:
    """Find all shapes once, then draw the one chosen bold."""
    if parameters.gravity == 0:
        raise RopeError(
            "bad_value", "Without gravity nothing hangs: set a gravity above 0.", "gravity"
        )
    length = plain_length(parameters)
    shapes: tuple[FreeEndShape, ...] = ()
    refused: RopeError | None = None
    steps = free_end_steps(
        length,
        omega=parameters.omega,
        gravity=parameters.gravity,
        radius=parameters.support,
        density=parameters.density / 1000,
    )
    try:
        shapes, parameters = yield from waited(steps, parameters)
    except RopeError as error:
        if error.code != "collapsed":
            raise
        refused = error
    onsets = _onsets(length, parameters)
    while True:
        chosen = min(parameters.shape, max(len(shapes), 1)) - 1
        parameters = yield Frame(
            figure=free_figure(shapes, chosen, length, onsets, parameters),
            readouts=_readouts(shapes, chosen, length, parameters, onsets),
            notices=(Notice(MODEL), *_refusal(refused, onsets)),
            actions=_actions(shapes, onsets),
            linked=_sizes(shapes, chosen, length, parameters),
            tables=_tables(shapes),
        )


def _onsets(length: float, parameters: RopeParameters) -> tuple[float, ...]:
    """All onsets up to this speed and the next two, in turns a minute."""
    for count in (3, 6, 12, 24, MOST_ONSETS):
        onsets = [
            RPM * onset for onset in free_end_onsets(length, gravity=parameters.gravity,
                                                     count=count)
        ]  # fmt: skip
        if onsets[-2] > parameters.speed:
            break
    past = sum(onset <= parameters.speed for onset in onsets)
    return tuple(onsets[: max(past + 2, 3)])


def _refusal(refused: RopeError | None, onsets: tuple[float, ...]) -> tuple[Notice, ...]:
    if refused is None:
        return ()
    words = f"It hangs straight; it leaves the axis above {onsets[0]:.4g} rpm."
    return (Notice(words, "warning", "speed"),)


def _actions(shapes: tuple[FreeEndShape, ...], onsets: tuple[float, ...]) -> tuple[Action, ...]:
    if shapes:
        return ()
    speed = float(f"{1.3 * onsets[0]:.3g}")
    return (
        Action("faster", f"Turn at {speed:.4g} rpm", "Past the first onset.",
               change={"speed": speed}),
    )  # fmt: skip


def _readouts(
    shapes: tuple[FreeEndShape, ...],
    chosen: int,
    length: float,
    parameters: RopeParameters,
    onsets: tuple[float, ...],
) -> tuple[Readout, ...]:
    number = parameters.omega**2 * length / parameters.gravity
    shown = [
        Readout("free_length", "Length", length, "m", "L"),
        Readout("spin_number", "Spin number", number, symbol=r"\Lambda",
                help="ω²L/g: on the axis shapes branch off at 1.446, 7.618, 18.72, ..."),
        Readout("shapes", "Shapes", len(shapes), help="Beside the straight one."),
        Readout("onset", "First onset", onsets[0], "rpm"),
    ]  # fmt: skip
    if not shapes:
        return tuple(shown)
    shape = shapes[chosen]
    weight = shape.density * shape.gravity * length
    return (
        *shown,
        Readout("nodes", "Crossings of the axis", shape.nodes),
        Readout("tip_radius", "Free end's radius", abs(shape.tip_radius), "m",
                ratio=abs(shape.tip_radius) / length, ratio_unit="L"),
        Readout("drop", "Below the hand", shape.drop, "m", ratio=shape.drop / length,
                ratio_unit="L"),
        Readout("support_angle", "Angle at the hand", shape.support_angle_deg, "°",
                help="Against the vertical, outwards."),
        Readout("tip_angle", "Angle at the free end", shape.tip_angle_deg, "°"),
        Readout("support_tension", "Tension at the hand", shape.support_tension, "N", "T_0",
                shape.support_tension / weight, "ρgL"),
        Readout("tip_speed", "Free end's speed", shape.tip_speed, "m/s", "v",
                shape.tip_speed / math.sqrt(shape.gravity * length), "√(gL)"),
        Readout("inertia", "Moment of inertia", shape.inertia, "kg·m²", "I",
                shape.inertia / (shape.density * length**3), "ρL³"),
        Readout("kinetic_energy", "Kinetic energy", shape.kinetic_energy, "J", "E",
                shape.kinetic_energy / (weight * length), "ρgL²"),
        Readout("residual", "Self-check: hand", shape.residual, good=shape.residual <= 1e-9,
                help="How far the shape misses the hand, in lengths: 0 if exact."),
        Readout("invariant_spread", "Self-check: tension", shape.invariant_spread,
                good=shape.invariant_spread <= 1e-9,
                help="How much T + ½ρω²y² − ρgx varies along the rope, relative to the tension "
                "at the hand."),
    )  # fmt: skip


def _sizes(
    shapes: tuple[FreeEndShape, ...], chosen: int, length: float, parameters: RopeParameters
) -> dict[str, float]:
    """What the sizes of a rope between two ends come to for this one."""
    shape = shapes[chosen] if shapes else None
    weight = parameters.density / 1000 * parameters.gravity * length
    values = {
        "length": length,
        "sag": shape.radius_max if shape else parameters.support,
        "end_angle": abs(shape.support_angle_deg) if shape else 0.0,
        "axial_force": weight,  # the rope hangs from the hand
        "slack": length / parameters.span - 1,
    }
    return {name: value for name, value in values.items() if name != parameters.given}


def _tables(shapes: tuple[FreeEndShape, ...]) -> dict[str, Array]:
    tables: dict[str, Array] = {}
    for index, shape in enumerate(shapes, start=1):
        name = f"shape {index}, {shape.nodes} crossings"
        tables |= {
            f"{name}: s (m)": shape.s,
            f"{name}: height (m)": shape.x,
            f"{name}: radius (m)": shape.y,
            f"{name}: tension (N)": shape.tension,
        }
    return tables


def script(parameters: RopeParameters) -> str:
    """Return a script that finds the same shapes."""
    length = plain_length(parameters)
    return f"""\
from math import pi

from zoetrope.core.rope import RopeError, free_end_onsets, free_end_shapes

length, gravity = {length!r}, {parameters.gravity!r}  # m, m/s²
print("onsets", *(omega * 30 / pi for omega in free_end_onsets(length, gravity=gravity)))
try:
    shapes = free_end_shapes(
        length,
        omega={parameters.speed!r} * pi / 30,  # rad/s
        gravity=gravity,
        radius={parameters.support!r},  # m
        density={parameters.density!r} / 1000,  # kg/m
    )
except RopeError as error:
    print(error)
else:
    for shape in shapes:
        print("crossings", shape.nodes, "tip radius", shape.tip_radius, "drop", shape.drop)
"""
