"""The limits page: where the rope collapses, whirls, stalls or gives way, and where it is."""

import math
import time
from collections.abc import Generator

import numpy as np

from zoetrope.core.device import Context
from zoetrope.core.items import Array
from zoetrope.core.lab import Frame, Notice, Readout
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.lab_parameters import RopeParameters
from zoetrope.core.rope.limits_data import Limits, filled, limits_of
from zoetrope.core.rope.limits_view import limits_figure
from zoetrope.core.rope.plain_rope import plain_length, sizes, straight_sizes
from zoetrope.core.rope.world_rope import PATIENCE, loads_of, waited, world_steps
from zoetrope.core.rope.world_script import world_script

MODEL = (
    "Each point is a rope solved anew; nothing here is simulated in time. Click a speed or a drag "
    "number to set it."
)
NO_LOADS = " Set an upright axis, air or stretch under Gravity, air, stretch."


def begin(parameters: RopeParameters, context: Context) -> Generator[Frame, RopeParameters, None]:
    """Fill the diagrams in, rope by rope."""
    if parameters.length is None:
        try:
            rope, parameters = yield from waited(world_steps(parameters), parameters)
            length = rope.length
        except RopeError:
            length = plain_length(parameters)
    else:
        length = parameters.length
    limits = limits_of(parameters, length)
    steps = filled(limits)
    share: float | None = 0.0
    while share is not None:
        began = time.perf_counter()
        while share is not None and time.perf_counter() - began < PATIENCE:
            share = next(steps, None)
        parameters = yield _frame(limits, parameters, share)
    while True:
        parameters = yield _frame(limits, parameters, None)


def _frame(limits: Limits, parameters: RopeParameters, share: float | None) -> Frame:
    here = limits.here
    words = MODEL if loads_of(parameters) else MODEL + NO_LOADS
    notices = [Notice(words)]
    if limits.refused is not None and here is None:
        notices.append(Notice("At the speed and in the air set there is no rope.", "warning"))
    return Frame(
        figure=limits_figure(limits),
        readouts=_readouts(limits),
        notices=tuple(notices),
        linked=_sizes(limits, parameters),
        tables=_tables(limits),
        progress=share,
        final=share is None,
    )


def _sizes(limits: Limits, parameters: RopeParameters) -> dict[str, float]:
    if limits.here is not None:
        return sizes(limits.here, parameters.given)
    distance = math.hypot(parameters.span, parameters.radius1 - parameters.radius0)
    known = {"length": limits.length, "slack": limits.length / distance - 1}
    followed = straight_sizes(parameters)
    return {name: known.get(name, value) for name, value in followed.items()}


def _readouts(limits: Limits) -> tuple[Readout, ...]:
    shown = [Readout("limits_length", "Length", limits.length, "m", "L")]
    if limits.onset:
        shown.append(
            Readout("onset", "Leaves the axis above", limits.onset, "rpm",
                    help="Its lift-off under gravity, or the speed at which an elastic rope "
                    "whirls.")
        )  # fmt: skip
    if limits.limit < math.inf:
        shown.append(
            Readout("limit", "Stretch has no bound at", limits.limit, "rpm",
                    help="By the linear law T = EA(λ − 1): (nπ/L)√(EA/ρ).")
        )  # fmt: skip
    if limits.parameters.drag:
        shown.append(
            Readout("drag_number", "Drag number", limits.parameters.drag_number, symbol="D_g",
                    help="ρ_air C_d D d/(2ρ): the speed is not in it.")
        )  # fmt: skip
    if limits.branch is not None:
        most = limits.branch.stall
        shown += [
            Readout("most_drag", "Stalls beyond", most.drag_number, symbol="D_g"),
            Readout("stall_lag", "Lag where it stalls", most.lag_deg, "°"),
            Readout("stall_torque", "Torque there", most.rope.torque, "N·m"),
        ]  # fmt: skip
    if limits.here is not None:
        shown += [
            Readout("radius_max", "Farthest from the axis", limits.here.radius_max, "m", "h"),
            Readout("end_tension", "Tension at the left end", limits.here.end_tension[0], "N",
                    "T_0"),
        ]  # fmt: skip
    return tuple(shown)


def _tables(limits: Limits) -> dict[str, Array]:
    tables = {
        "speed (rpm)": np.array(limits.rpm),
        "radius (m)": np.array(limits.radius),
        "tension (N)": np.array(limits.tension),
    }
    if limits.branch is not None:
        tables |= {
            "lag (deg)": limits.branch.lag_deg,
            "drag number": limits.branch.drag_number,
            "torque (N m)": limits.branch.torque,
            "curl (m)": limits.branch.curl,
        }
    return tables


def script(parameters: RopeParameters) -> str:
    """Return a script that solves the rope marked in the diagrams."""
    return world_script(parameters)
