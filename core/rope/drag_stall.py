"""The drag that no steady rope withstands, and the ropes on both sides of that limit.

A rope lags more the stronger the drag is, until its ends cannot supply a greater torque; ropes of
still more lag need less drag again, and are not reached by raising the drag.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Required, TypedDict, Unpack

import numpy as np

from zoetrope.core.rope.arguments import digits, positive, real, slack_from_length
from zoetrope.core.rope.elliptic import FloatArray
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.lag import LARGEST_LAG, Lagging, at_lag, branch, fold, without_lag
from zoetrope.core.rope.loaded_arguments import Loaded, Loads, loaded
from zoetrope.core.rope.loaded_errors import check_drag, check_stretch, stalled
from zoetrope.core.rope.loaded_rope import without_drag
from zoetrope.core.rope.steady_equations import Case
from zoetrope.core.rope.steady_newton import Solved
from zoetrope.core.rope.steady_solution import SteadySolution, describe
from zoetrope.core.rope.steady_start import without_loads
from zoetrope.core.rope.troposkein import DEFAULT_DENSITY, DEFAULT_OMEGA
from zoetrope.core.stepping import Steps, finish, within

FINE = 1e-9  # the tail of the series of a rope that is shown


@dataclass(frozen=True, slots=True)
class Stall:
    """The most drag that ends at these radii turn a rope against, and the rope in it."""

    drag_number: float
    lag_deg: float
    rope: SteadySolution


@dataclass(frozen=True, slots=True, eq=False)
class DragBranch:
    """Ropes of growing lag, float64 arrays [B]: `lag_deg` and `drag_number`, which rises to that of
    the `stall` and falls again, `radius_max` and `curl` in metres, `torque` in N m; and the `ropes`
    themselves.
    """

    lag_deg: FloatArray
    drag_number: FloatArray
    radius_max: FloatArray
    curl: FloatArray
    torque: FloatArray
    ropes: tuple[SteadySolution, ...]
    stall: Stall


class TurningOptions(TypedDict, total=False):
    """The arguments of `stall` beside length, span and samples; units as in `solve`."""

    radius0: Required[float]
    radius1: Required[float]
    phase: float
    gravity: float
    EA: float
    omega: float
    density: float


def stall(
    length: float, span: float, *, n_points: int = 513, **options: Unpack[TurningOptions]
) -> Stall:
    """Where the rope stalls; units, defaults and errors as in `zoetrope.core.rope.solve`."""
    return finish(stall_steps(length, span, n_points=n_points, **options))


def stall_steps(
    length: float, span: float, *, n_points: int = 513, **options: Unpack[TurningOptions]
) -> Steps[Stall]:
    """`stall` in steps of a few milliseconds: yields the share done."""
    rope = _turning(length, span, n_points, **options)
    start = yield from within(_start(rope), 0, 0.3)
    return (yield from within(_stall(rope, start), 0.3, 1))


def drag_branch(
    length: float,
    span: float,
    *,
    lag_step: float = 3.0,
    n_points: int = 129,
    followed: Callable[[DragBranch], None] | None = None,
    **options: Unpack[TurningOptions],
) -> Steps[DragBranch]:
    """The branch through the fold, ropes at most `lag_step` degrees apart; yields the share done.

    It ends 172 degrees behind the rope without drag, or where no grid resolves the ropes. Once the
    stall is known, `followed` is called with the branch so far as each of its ropes is found.
    """
    rope = _turning(length, span, n_points, **options)
    start = yield from within(_start(rope), 0, 0.1)
    limit = yield from within(_stall(rope, start), 0.1, 0.3)
    end = start.lag + math.copysign(LARGEST_LAG, start.slope)
    turn = math.radians(min(positive(lag_step, "lag_step"), 10.0))
    found, ropes = [start], [_described(rope, start)]
    for share in within(branch(found, end, turn, FINE), 0.3, 1):
        if len(found) > len(ropes):
            ropes.append(_described(rope, found[-1]))
            if followed is not None:
                followed(_branch(ropes, limit))
        yield share
    ropes += [_described(rope, one) for one in found[len(ropes) :]]
    return _branch(ropes, limit)


def _branch(ropes: list[SteadySolution], limit: Stall) -> DragBranch:
    return DragBranch(
        lag_deg=np.array([one.lag_deg for one in ropes]),
        drag_number=np.array([one.drag_number for one in ropes]),
        radius_max=np.array([one.radius_max for one in ropes]),
        curl=np.array([one.curl for one in ropes]),
        torque=np.array([one.torque for one in ropes]),
        ropes=tuple(ropes),
        stall=limit,
    )


def least_radius(
    length: float,
    span: float,
    *,
    drag_number: float,
) -> float:
    """About the smallest radius in metres at which two equal ends turn a rope against a drag.

    From drag_number = 2 r F_r/∫r³ds of the rope without drag or gravity between ends on the axis:
    a rope pulled sideways by its whole radial force. Right for radii that are small against the
    sag.
    """
    number, d = real(drag_number, "drag_number"), positive(span, "span")
    excess = slack_from_length(length, d)
    solved, _ = finish(without_loads(Case(excess, 0.0, 0.0), mode=1))
    if solved is None:
        message = f"A rope of {digits(length)} m is too long for this estimate; make it shorter."
        raise RopeError("no_solution", message, "length")
    curve = solved.curve
    pace = curve.run * curve.grid.weights * np.linalg.norm(curve.force, axis=1)
    cube = curve.positions(solved.case)[:, 1] ** 3
    return number * float(pace @ cube) / (2 * float(curve.force[0, 1])) * d


def _turning(
    length: float,
    span: float,
    n_points: int,
    *,
    radius0: float,
    radius1: float,
    phase: float = 0.0,
    gravity: float = 0.0,
    EA: float = math.inf,
    omega: float = DEFAULT_OMEGA,
    density: float = DEFAULT_DENSITY,
) -> Loaded:
    """The checked rope, in the least of drags, for it is in space."""
    loads = Loads(phase=phase, gravity=gravity, EA=EA, drag_number=1.0)
    rope = loaded(
        length,
        None,
        loads,
        span=span,
        omega=omega,
        density=density,
        mode=1,
        radius0=radius0,
        radius1=radius1,
        n_points=n_points,
        sampling="x",
    )
    if rope.setting.omega == 0:
        message = "A rope at rest feels no drag; give it a speed above 0."
        raise RopeError("undetermined", message, "omega")
    check_drag(rope)
    check_stretch(rope)
    return rope


def _start(rope: Loaded) -> Steps[Lagging]:
    found, _ = yield from without_drag(rope)
    start = yield from without_lag(found.solved)
    if start is None:
        raise stalled(rope, 0.0)
    return start


def _stall(rope: Loaded, start: Lagging) -> Steps[Stall]:
    most = yield from fold(start)
    fine = yield from at_lag(most.curve, most.case, most.lag, FINE)
    most = most if fine is None else fine
    described = _described(rope, most)
    return Stall(described.drag_number, described.lag_deg, described)


def _described(rope: Loaded, found: Lagging) -> SteadySolution:
    number = found.case.drag / found.case.spin
    solved = Solved(found.curve, found.case, found.iterations, found.step, side=0.0)
    return describe(replace(rope, drag_number=number), solved, found.iterations)
