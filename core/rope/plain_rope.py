"""The rope of the lab without gravity, air and stretch, solved in closed form at once."""

import math
from typing import Any

from zoetrope.core.lab import Notice
from zoetrope.core.rope.lab_parameters import RopeParameters
from zoetrope.core.rope.solution import RopeSolution


def plain_rope(parameters: RopeParameters) -> RopeSolution:
    """Solve the rope of the parameters, the world left out; RopeError as `solve` and `inverse`."""
    from zoetrope.core.rope.inversion import inverse
    from zoetrope.core.rope.troposkein import solve

    fixed: dict[str, Any] = {
        "omega": parameters.omega,
        "density": parameters.density / 1000,
        "mode": parameters.mode,
        "radius0": parameters.radius0,
        "radius1": parameters.radius1,
    }
    if parameters.length is not None:
        return solve(parameters.length, parameters.span, **fixed)
    size = {parameters.given: getattr(parameters, parameters.given)}
    return inverse(parameters.span, **size, **fixed)


def sizes(rope: RopeSolution, given: str) -> dict[str, float]:
    """The sizes that follow from the given one."""
    values = {
        "length": rope.length,
        "sag": rope.sag,
        "end_angle": rope.end_angle_deg[0],
        "axial_force": rope.axial_force,
        "slack": rope.slack,
    }
    return {name: value for name, value in values.items() if name != given}


def left_out(parameters: RopeParameters) -> tuple[Notice, ...]:
    """What a page of the plain rope does not show, where the parameters ask for it."""
    loads = {
        "gravity": parameters.axis != "none" and parameters.gravity > 0,
        "air": parameters.drag,
        "stretch": parameters.stretches,
        "the hands' phase": parameters.end_phase != 0 and bool(parameters.radius1),
    }
    named = [name for name, on in loads.items() if on]
    if not named:
        return ()
    words = " and ".join(filter(None, (", ".join(named[:-1]), named[-1])))
    return (Notice(f"This page is of the rope without {words}, which Shape and Forces show."),)


def plain_warnings(rope: RopeSolution) -> tuple[Notice, ...]:
    """What the solver warns of, beside the control that it concerns."""
    return tuple(
        Notice(text, "warning", "mode" if text.startswith("Mode") else None)
        for text in rope.diagnostics.warnings
    )


def straight_sizes(parameters: RopeParameters) -> dict[str, float]:
    """The sizes that follow for a rope that is the straight line between its ends."""
    rise = parameters.radius1 - parameters.radius0
    values = {
        "length": math.hypot(parameters.span, rise),
        "sag": max(parameters.radius0, parameters.radius1),
        "end_angle": math.degrees(math.atan2(rise, parameters.span)),
        "axial_force": math.inf,
        "slack": 0.0,
    }
    return {name: value for name, value in values.items() if name != parameters.given}


def plain_length(parameters: RopeParameters) -> float:
    """The length given, or that of the plain rope of the size given."""
    return plain_rope(parameters).length if parameters.length is None else parameters.length
