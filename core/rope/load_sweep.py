"""How the rope changes with one load: the data of bifurcation and stall diagrams."""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from zoetrope.core.rope.elliptic import FloatArray
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.solution import RopeSolution
from zoetrope.core.rope.steady import solve_steps
from zoetrope.core.rope.steady_solution import SteadySolution
from zoetrope.core.stepping import Steps, within

ON_AXIS = ("collapsed", "taut")


@dataclass(frozen=True, slots=True, eq=False)
class LoadSweep:
    """Ropes that differ in one argument of `solve`, float64 arrays [V].

    `radius_max` in metres, `tension_max` in newtons, `lag_deg`. Where the rope lies on the axis
    `radius_max` is 0, and where there is none everything is nan; `codes` says why, with the code of
    the RopeError, "" for a rope.
    """

    parameter: str
    values: FloatArray
    radius_max: FloatArray
    tension_max: FloatArray
    lag_deg: FloatArray
    codes: tuple[str, ...]
    ropes: tuple[RopeSolution | None, ...] = field(repr=False)


def sweep(
    parameter: str, values: FloatArray, length: float, span: float, **arguments: Any
) -> Steps[LoadSweep]:
    """Solve for each of `values` [V] of the argument `parameter` of `zoetrope.core.rope.solve`.

    "omega", "gravity", "drag_number", "EA", "phase" and so on; `arguments` are the others. Each
    rope is the start of the next, so give the values in order. Yields the share done. Raises
    RopeError("bad_value") for an argument that no rope can have.
    """
    wanted = np.asarray(values, dtype=np.float64)
    measures = np.full((3, len(wanted)), math.nan)
    codes: list[str] = []
    ropes: list[RopeSolution | None] = []
    former: RopeSolution | None = None
    for index, value in enumerate(wanted.tolist()):
        share = index / len(wanted)
        options = {**arguments, parameter: value, "start": former}
        try:
            rope = yield from within(solve_steps(length, span, **options), share, share)
        except RopeError as error:
            if error.code == "bad_value":
                raise
            codes.append(error.code)
            ropes.append(None)
            if error.code in ON_AXIS and _ends_on_axis(options):
                measures[0, index] = 0.0
            continue
        former = rope
        lag = rope.lag_deg if isinstance(rope, SteadySolution) else 0.0
        measures[:, index] = rope.radius_max, max(rope.end_tension), lag
        codes.append("")
        ropes.append(rope)
    radius, tension, lag_deg = measures
    return LoadSweep(parameter, wanted, radius, tension, lag_deg, tuple(codes), tuple(ropes))


def _ends_on_axis(arguments: dict[str, Any]) -> bool:
    return not arguments.get("radius0") and not arguments.get("radius1")
