"""The steadily turning rope under all its loads: the function that people call.

Without loads it is the troposkein in closed form; with gravity along the axis, air drag,
elasticity or a phase between the ends it is found by continuation from there.
"""

import math
from dataclasses import replace
from typing import TypedDict, Unpack

from zoetrope.core.rope.loaded_arguments import Loads, loaded
from zoetrope.core.rope.loaded_rope import find
from zoetrope.core.rope.shape import Sampling
from zoetrope.core.rope.solution import RopeSolution
from zoetrope.core.rope.steady_solution import SteadySolution
from zoetrope.core.rope.troposkein import DEFAULT_DENSITY, DEFAULT_OMEGA
from zoetrope.core.rope.troposkein import solve as solve_without_loads
from zoetrope.core.stepping import Steps, finish


class SolveOptions(TypedDict, total=False):
    """The arguments of `solve` beside length and span."""

    slack: float | None
    omega: float
    density: float
    mode: int
    radius0: float
    radius1: float
    phase: float
    gravity: float
    drag_number: float
    air_density: float | None
    drag_coefficient: float | None
    diameter: float | None
    EA: float
    elastic_number: float | None
    n_points: int
    sampling: Sampling
    start: RopeSolution | None


def solve(length: float | None, span: float, **options: Unpack[SolveOptions]) -> RopeSolution:
    """The rope of `length` metres between ends `span` metres apart along the axis.

    `slack`, (length - distance)/distance with the straight distance of the ends, takes the place
    of `length` when given, and carries the digits of an almost straight rope; `length` may then be
    None. `omega` in rad/s, `density` in kg/m, `mode` the number of half-waves (1 is the skipping
    rope; higher ones are saddles of the energy), `radius0` and `radius1` the signed radii of the
    ends in metres. `n_points` samples are spaced evenly along the axis (`sampling="x"`), which
    draws well, or along the rope ("arc"). By default 4π rad/s, 0.05 kg/m, mode 1, ends on the axis
    and 513 samples along it.

    Loads, none by default: `phase`, the angle of end 1 ahead of end 0 about the axis in degrees;
    `gravity` in m/s² along the axis, end 1 on top; quadratic air drag as `drag_number`,
    ρ_air C_d D d/(2ρ), or as `air_density` in kg/m³, `drag_coefficient` and `diameter` in metres
    together; elasticity as `EA` in newtons or `elastic_number`, ρω²d²/EA. With a load the result is
    a SteadySolution, and samples of `sampling="x"` are spaced evenly in the integral of ds/T, which
    is x without loads. A rope with gravity may have omega 0, and an elastic one may be shorter than
    the distance of its ends. `start`, a former result with loads, saves time where it is similar;
    where two ropes coexist it may decide which of them is found.

    A rope of mode 1 bulges to the positive side; where none does, with an end at a negative radius
    and too little length, the one that bulges to the negative side is returned with a warning.

    Raises RopeError: "bad_value", "too_short", "taut" (length equals the distance, or an elastic
    rope is pulled too tight to whirl), "undetermined" (omega 0), "collapsed" (too slow for a rope
    under gravity to open), "stalled" (more drag than the ends can turn the rope against),
    "no_solution".
    """
    return finish(solve_steps(length, span, **options))


def solve_steps(
    length: float | None,
    span: float,
    *,
    slack: float | None = None,
    omega: float = DEFAULT_OMEGA,
    density: float = DEFAULT_DENSITY,
    mode: int = 1,
    radius0: float = 0.0,
    radius1: float = 0.0,
    phase: float = 0.0,
    gravity: float = 0.0,
    drag_number: float = 0.0,
    air_density: float | None = None,
    drag_coefficient: float | None = None,
    diameter: float | None = None,
    EA: float = math.inf,
    elastic_number: float | None = None,
    n_points: int = 513,
    sampling: Sampling = "x",
    start: RopeSolution | None = None,
) -> Steps[RopeSolution]:
    """`solve` in steps of a few milliseconds: yields the share done and returns the solution."""
    loads = Loads(
        phase, gravity, drag_number, air_density, drag_coefficient, diameter, EA, elastic_number
    )
    if loads.neutral:
        return solve_without_loads(
            length,
            span,
            slack=slack,
            omega=omega,
            density=density,
            mode=mode,
            radius0=radius0,
            radius1=radius1,
            n_points=n_points,
            sampling=sampling,
        )
    rope = loaded(
        length,
        slack,
        loads,
        span=span,
        omega=omega,
        density=density,
        mode=mode,
        radius0=radius0,
        radius1=radius1,
        n_points=n_points,
        sampling=sampling,
    )
    former = start if isinstance(start, SteadySolution) else None
    solution = yield from find(rope, former)
    return (
        solution if length is None or slack is not None else replace(solution, length=float(length))
    )
