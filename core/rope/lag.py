"""Ropes in drag by their lag: how far the middle trails the ends instead of how strong the drag is.

As the drag grows the rope lags more, up to a drag that no steady rope withstands; ropes of still
more lag need less drag again. By its lag the branch is single-valued on both sides of that fold, so
the drag is made an unknown and the direction of the middle, halfway in t, is asked for.
"""

import math
from typing import NamedTuple

import numpy as np

from zoetrope.core.rope.air_drag import AirDrag
from zoetrope.core.rope.continuation import (
    FINEST,
    RESOLVED,
    ROUGHLY_RESOLVED,
    finer,
    is_resolved,
)
from zoetrope.core.rope.elliptic import FloatArray
from zoetrope.core.rope.steady_equations import Case, Curve, system
from zoetrope.core.rope.steady_newton import (
    LONGEST_STEP,
    MOST_ITERATIONS,
    TOLERANCE,
    Solved,
    relative_size,
    solution,
)
from zoetrope.core.stepping import Steps, within

LARGEST_TURN = math.radians(5)  # between two ropes of a branch
SMALLEST_TURN = math.radians(0.02)
LARGEST_LAG = math.radians(172)  # beyond that of the start of a branch
FAINT = 1e-12  # a drag that counts as none
FLAT = 1e-7  # of the slope against the drag: the drag is then right to its square


class Lagging(NamedTuple):
    """A rope whose middle trails by `lag` radians, in the drag of `case`; `slope` is d drag/d lag.

    `tangent` is the derivative of all unknowns, the drag last, by the lag; `iterations` of Newton's
    method, and the relative size of its last `step`.
    """

    curve: Curve
    case: Case
    lag: float
    slope: float
    tangent: FloatArray
    iterations: int
    step: float


def lag_of(curve: Curve, case: Case) -> float:
    """How far the middle in t trails the plane of end 0, radians from -π to π."""
    middle = curve.positions(case)[curve.grid.degree // 2]
    return math.atan2(-float(middle[2]), float(middle[1]))


def at_lag(
    start: Curve, case: Case, lag: float, tolerance: float = ROUGHLY_RESOLVED
) -> Steps[Lagging | None]:
    """The rope near `start` that lags by `lag`, its drag an unknown that starts as that of `case`.

    On a grid fine enough for its series to end in `tolerance`; None where Newton's method fails.
    """
    found = yield from _newton(start.in_space(), case, lag)
    while found is not None and not is_resolved(found.curve, tolerance):
        degree = found.curve.grid.degree
        if degree >= FINEST:
            return None
        found = yield from _newton(found.curve.at_degree(finer(degree)), found.case, lag)
    return found


def next_lag(
    before: Lagging, lag: float, tolerance: float = ROUGHLY_RESOLVED
) -> Steps[Lagging | None]:
    """The rope at another lag on the branch of `before`, along its tangent."""
    shift = (lag - before.lag) * before.tangent
    curve = before.curve.unpacked(before.curve.packed() + shift[:-1])
    case = before.case._replace(drag=max(before.case.drag + float(shift[-1]), FAINT))
    if curve.run <= 0:
        return None
    return (yield from at_lag(curve, case, lag, tolerance))


def branch(found: list[Lagging], lag: float, turn: float, tolerance: float) -> Steps[None]:
    """Append the ropes from the only one of `found` to `lag`, at most `turn` apart.

    Their series end in `tolerance`. Fewer where the branch breaks off.
    """
    start = found[0]
    step, sense = turn, math.copysign(1.0, lag - start.lag)
    while (lag - found[-1].lag) * sense > 0 and step >= SMALLEST_TURN:
        here = found[-1].lag
        share = (here - start.lag) / (lag - start.lag)
        place = here + sense * min(step, abs(lag - here))
        after = yield from within(next_lag(found[-1], place, tolerance), share, share)
        if after is None:
            step = (place - here) / 3
            continue
        found.append(after)
        step = min(turn, 2 * step)


def without_lag(solved: Solved) -> Steps[Lagging | None]:
    """The start of the branch: a rope almost without drag, or None for one that cannot be.

    A rope that bulges across the axis from its ends leads them.
    """
    start = solved.case._replace(drag=FAINT)
    curve = solved.curve.in_space()
    lag = lag_of(curve, start)
    for turn in (SMALLEST_TURN, -SMALLEST_TURN):
        found = yield from at_lag(curve, start, lag + turn)
        if found is not None and found.slope * turn > 0:
            return found
    return None


def fold(start: Lagging, enough: float = math.inf) -> Steps[Lagging]:
    """The rope in the most drag that the branch through `start` withstands.

    Follows the branch, in the sense in which its drag grows, up to where the drag falls, then seeks
    slope 0 by the secant rule; the last rope where the branch ends before, and the first with a
    drag of `enough`.
    """
    sense = math.copysign(1.0, start.slope)
    low, turn = start, LARGEST_TURN
    while low.slope * sense > 0 and low.case.drag < enough:
        share = abs(low.lag - start.lag) / LARGEST_LAG
        if share >= 1 or turn < SMALLEST_TURN:
            return low
        high = yield from within(next_lag(low, low.lag + sense * turn), share, share)
        if high is None:
            turn /= 3
        elif high.slope * sense > 0:
            low, turn = high, min(LARGEST_TURN, 2 * turn)
        else:
            return (yield from within(_flat(low, high), share, 1))
    return low


def _flat(low: Lagging, high: Lagging) -> Steps[Lagging]:
    """Where the slope vanishes between two ropes with slopes of opposite signs."""
    for _ in range(30):
        share = low.slope / (low.slope - high.slope)
        lag = low.lag + min(max(share, 0.02), 0.98) * (high.lag - low.lag)
        middle = yield from next_lag(low, lag, RESOLVED)
        if middle is None or abs(middle.slope) < FLAT * middle.case.drag:
            break
        low, high = (middle, high) if middle.slope * low.slope > 0 else (low, middle)
    return low if middle is None else middle


def _newton(curve: Curve, case: Case, lag: float) -> Steps[Lagging | None]:
    unknowns = np.append(curve.packed(), case.drag)
    last = math.inf
    for iteration in range(1, MOST_ITERATIONS + 1):
        residual, jacobian = _bordered(curve, case, lag)
        turning = np.zeros(len(unknowns))
        turning[-1] = _turning(curve, case, lag)
        both = solution(jacobian, np.column_stack([-residual, -turning]))
        if both is None:
            return None
        step = both[:, 0]
        drag = abs(float(step[-1])) / max(case.drag, 1e-3)
        size = max(relative_size(step[:-1], unknowns[:-1]), min(drag, 10 * LONGEST_STEP))
        if size:
            unknowns = unknowns + min(1.0, LONGEST_STEP / size) * step
        curve = curve.unpacked(unknowns[:-1])
        if curve.run <= 0 or unknowns[-1] <= 0:
            return None
        case = case._replace(drag=float(unknowns[-1]))
        if size < TOLERANCE or (size < 1e-8 and size > last / 4):
            return Lagging(curve, case, lag, float(both[-1, 1]), both[:, 1], iteration, size)
        last = size
        yield 0.0
    return None


def _bordered(curve: Curve, case: Case, lag: float) -> tuple[FloatArray, FloatArray]:
    """The equations with the drag among the unknowns and the direction of the middle asked for."""
    equations = system(curve, case)
    size = len(equations.residual)
    residual = np.empty(size + 1)
    jacobian = np.zeros((size + 1, size + 1))
    residual[:-1], jacobian[:-1, :-1] = equations.residual, equations.jacobian
    grid, position = curve.grid, curve.positions(case)
    unit = AirDrag.at(position, curve.force, 1.0).rate
    jacobian[3:-2, -1] = -curve.run * (grid.integral @ unit)[1:].ravel()
    middle = grid.degree // 2
    residual[-1] = position[middle, 1] * math.sin(lag) + position[middle, 2] * math.cos(lag)
    travelled = grid.integral[middle]
    jacobian[-1, 1:-2:3] = curve.run * travelled * math.sin(lag)
    jacobian[-1, 2:-2:3] = curve.run * travelled * math.cos(lag)
    moved = travelled @ curve.force
    jacobian[-1, -2] = moved[1] * math.sin(lag) + moved[2] * math.cos(lag)
    return residual, jacobian


def _turning(curve: Curve, case: Case, lag: float) -> float:
    """Derivative of the last equation by the lag."""
    middle = curve.positions(case)[curve.grid.degree // 2]
    return float(middle[1] * math.cos(lag) - middle[2] * math.sin(lag))
