"""The way to a rope with loads: from a similar one, or from the one without loads.

The loads that leave a rope where it can be are applied first, all together; then the drag, whose
branch may end in a fold. What stops the way decides what a person is told.
"""

import math
from dataclasses import replace

from zoetrope.core.rope.continuation import (
    FINEST,
    RESOLVED,
    ROUGHLY_RESOLVED,
    Reached,
    coarsened,
    finer,
    follow,
    straight,
)
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.lag import fold, without_lag
from zoetrope.core.rope.loaded_arguments import Loaded
from zoetrope.core.rope.loaded_errors import (
    check_axis,
    check_drag,
    check_stretch,
    folded,
    lost,
    stalled,
    too_sharp,
)
from zoetrope.core.rope.steady_equations import Case
from zoetrope.core.rope.steady_newton import Solved, newton
from zoetrope.core.rope.steady_solution import SteadySolution, describe, invariant_spread
from zoetrope.core.rope.steady_start import (
    hanging,
    pulled_straight,
    without_loads,
)
from zoetrope.core.stepping import Steps, within

LEAST_EXCESS = 0.1  # in units of the span, of a rope that surely is resolved
NEAR_ENOUGH = 0.05  # of the logarithm of an excess
LARGEST_SPREAD = 1e-6  # of the first integral
DOUBTFUL_SPREAD = 1e-9
COARSE = "The rope bends so sharply that its numbers hold to about six digits only."
EASY_EXCESS = 0.1  # of the length over the distance, to start an elastic rope from
MOST_WARM_ROPES = 4  # after them the way from the rope without loads is the shorter one
SHORTEST_EASY_STEP = 0.02  # below it the branch is followed by its lag


def find(rope: Loaded, former: SteadySolution | None = None) -> Steps[SteadySolution]:
    """The rope of checked arguments, by way of `former` where that is near.

    Raises RopeError as `zoetrope.core.rope.solve`.
    """
    check_drag(rope)
    check_stretch(rope)
    check_axis(rope)
    found: Reached | None = None
    warnings: tuple[str, ...] = ()
    if former is not None and former.mode == rope.setting.mode:
        found = yield from within(_from_former(former.solved, rope.case), 0, 0.3)
        warnings = tuple(said for said in former.diagnostics.warnings if said != COARSE)
    if found is None:
        found, warnings = yield from within(_from_rest(rope), 0.3, 0.9)
    solved = yield from within(sharpened(found.solved), 0.9, 1)
    if solved is None:
        raise too_sharp(rope, found.solved)
    if invariant_spread(solved.curve, solved.case) > DOUBTFUL_SPREAD:
        warnings = (*warnings, COARSE)
    return describe(rope, solved, found.iterations + solved.iterations, warnings)


def sharpened(solved: Solved) -> Steps[Solved | None]:
    """The same rope on a grid that resolves it, or None where the finest is too coarse.

    Where rounding keeps the series from ending in RESOLVED, the first integral decides.
    """
    tail = math.inf
    fine = yield from newton(solved.curve, solved.case)
    while fine is not None:
        last, tail = tail, fine.curve.grid.resolution(fine.curve.force)
        if tail <= RESOLVED:
            return fine
        degree = fine.curve.grid.degree
        if degree == FINEST or tail > last / 2:
            good = invariant_spread(fine.curve, fine.case) < LARGEST_SPREAD
            return fine if good else None
        fine = yield from newton(fine.curve.at_degree(finer(degree)), fine.case)
    return None


def _from_former(former: Solved, case: Case) -> Steps[Reached | None]:
    """Straight from a former rope, or None where that is not short."""
    if former.case.on_axis != case.on_axis:
        return None
    start = replace(former, curve=coarsened(former.curve, ROUGHLY_RESOLVED))
    path = straight(former.case, case)
    reached = yield from follow(path, start, first_step=1.0, most_ropes=MOST_WARM_ROPES)
    return reached if reached.place == 1 else None


def _from_rest(rope: Loaded) -> Steps[tuple[Reached, tuple[str, ...]]]:
    """From the rope without loads."""
    found, warnings = yield from within(without_drag(rope), 0, 0.5)
    if rope.case.drag == 0:
        return found, warnings
    path = straight(found.solved.case, rope.case)
    easy = follow(path, found.solved, shortest_step=SHORTEST_EASY_STEP)
    reached = yield from within(easy, 0.5, 0.6)
    if reached.place < 1:
        reached = yield from within(_by_lag(rope, found.solved, reached.solved.case.drag), 0.6, 1)
    return reached._replace(iterations=found.iterations + reached.iterations), warnings


def without_drag(rope: Loaded) -> Steps[tuple[Reached, tuple[str, ...]]]:
    """The same rope in a vacuum, and the warnings that go with it.

    A rope that hangs between its ends more than it whirls may not be connected to one that only
    whirls; it is sought from the catenary then.
    """
    case = rope.case._replace(drag=0.0)
    warnings: tuple[str, ...] = ()
    failed: RopeError | None = None
    if case.spin:
        try:
            start, warnings = yield from within(_whirling(rope, case), 0, 0.2)
            reached = yield from within(follow(straight(start.case, case), start), 0.2, 0.5)
            if reached.place < 1 and start.case.excess > case.excess > 0:
                # with ends across the axis a longer rope may bulge to the other side
                start, warnings = yield from within(_slack_as_it_is(rope, case), 0.5, 0.5)
                reached = yield from within(follow(straight(start.case, case), start), 0.5, 0.6)
            if reached.place == 1:
                return reached, warnings
            failed = lost(rope, reached.solved)
        except RopeError as error:
            failed = error
    if case.gravity and rope.setting.mode == 1:
        at_rest = yield from hanging(case)
        if at_rest is not None:
            path = straight(at_rest.case, case)
            reached = yield from within(follow(path, at_rest), 0.6, 1)
            if reached.place == 1:
                return reached, ()
    raise failed or folded(rope)


def _whirling(rope: Loaded, case: Case) -> Steps[tuple[Solved, tuple[str, ...]]]:
    """A rope to start from that is known without gravity: whirling, or pulled straight."""
    if case.excess < 0 and not case.on_axis and rope.setting.mode == 1:
        line = yield from pulled_straight(case)
        if line is not None:
            return line, ()
    excess = case.excess
    if case.stretch:
        excess = max(excess, EASY_EXCESS * max(case.distance, case._replace(phase=0).distance))
    return (yield from _slack_as_it_is(rope, case._replace(excess=excess)))


def _slack_as_it_is(rope: Loaded, case: Case) -> Steps[tuple[Solved, tuple[str, ...]]]:
    """The rope of the length of `case` that only whirls."""
    start, warnings = yield from without_loads(case, rope.setting.mode)
    if start is None:
        excess = yield from _longest(case, rope.setting.mode)
        raise too_sharp(rope, longest=case._replace(excess=excess).length if excess else None)
    return start, warnings


def _longest(case: Case, mode: int) -> Steps[float | None]:
    """The excess of about the longest rope that only whirls and is resolved, below `case`'s."""
    found: float | None = None
    low, high = math.log(LEAST_EXCESS), math.log(case.excess)
    while high - low > NEAR_ENOUGH:
        middle = (low + high) / 2
        try:
            solved, _ = yield from without_loads(case._replace(excess=math.exp(middle)), mode)
            sharp = None if solved is None else (yield from sharpened(solved))
        except RopeError:
            sharp = None
        if sharp is None:
            high = middle
        else:
            low, found = middle, math.exp(middle)
    return found


def _by_lag(rope: Loaded, solved: Solved, known: float) -> Steps[Reached]:
    """Along the branch of growing lag to the drag of `rope`, before the fold.

    Raises RopeError("stalled") with the most drag that was found, at least the `known` one.
    """
    last = yield from without_lag(solved)
    if last is None:
        raise stalled(rope, known)
    most = yield from fold(last, rope.case.drag)
    if most.case.drag < rope.case.drag:
        raise stalled(rope, max(known, most.case.drag))
    found = yield from newton(most.curve, rope.case)
    if found is None:
        raise stalled(rope, most.case.drag)
    return Reached(found, 1.0, found.iterations)
