"""From a rope that is known to one that is wanted, by way of the ropes between them.

Each rope on the way is the start of the next. A step that Newton's method does not manage, that
changes the side of a fold, or that moves the rope too far is shortened; a path that breaks off ends
at the last rope there is, which is what a person can be told.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from zoetrope.core.rope.elliptic import FloatArray
from zoetrope.core.rope.steady_equations import Case, Curve
from zoetrope.core.rope.steady_newton import Solved, newton
from zoetrope.core.stepping import Steps, within

Path = Callable[[float], Case]
SHORTEST_STEP = 1e-4
COARSEST, FINEST = 32, 320  # degrees of grids
RESOLVED = 1e-11  # the tail of a series that is good enough at the end of a path
ROUGHLY_RESOLVED = 1e-5  # and on the way
HOPELESS = 1e-2  # a tail that tells of no rope at all, not of one that bends sharply
MOST_ROPES = 300  # tried on one path


class Reached(NamedTuple):
    """The last rope of a path and its place, 1 where the path was walked to its end."""

    solved: Solved
    place: float
    iterations: int


def follow(
    path: Path,
    start: Solved,
    first_step: float = 0.25,
    shortest_step: float = SHORTEST_STEP,
    most_ropes: int = MOST_ROPES,
) -> Steps[Reached]:
    """Solve along `path` from its place 0, whose rope is `start`, in at most so many tries."""
    places, found = [0.0], [start]
    step, iterations = first_step, 0
    for _ in range(most_ropes):
        if places[-1] >= 1 or step < shortest_step:
            break
        place = min(1.0, places[-1] + step)
        guess = extrapolated(places, found, place, path(place))
        solved = None
        if guess is not None:
            work = refined(guess, path(place), ROUGHLY_RESOLVED)
            solved = yield from within(work, places[-1], places[-1])
        if solved is None or not _follows(solved, found[-1]):
            step = (place - places[-1]) / 3
            continue
        iterations += solved.iterations
        places, found = [*places[-1:], place], [*found[-1:], solved]
        step *= 2 if solved.iterations < 6 else 1
    return Reached(found[-1], places[-1], iterations)


def extrapolated(
    places: list[float], found: list[Solved], place: float, case: Case
) -> Curve | None:
    """A guess at the rope of `case` from the last one found, or along the line of the last two."""
    guess = found[-1].curve.suited_to(case)
    if len(found) < 2:
        return guess
    earlier = found[0].curve.suited_to(case).at_degree(guess.grid.degree)
    share = (place - places[1]) / (places[1] - places[0])
    guess = guess.unpacked(guess.packed() + share * (guess.packed() - earlier.packed()))
    return guess if guess.run > 0 else None


def refined(guess: Curve, case: Case, tolerance: float) -> Steps[Solved | None]:
    """The rope of `case` near `guess`, on a grid fine enough that its series ends in `tolerance`.

    None where Newton's method fails or the finest grid is too coarse.
    """
    solved = yield from newton(guess, case)
    while solved is not None and not is_resolved(solved.curve, tolerance):
        degree = solved.curve.grid.degree
        if degree >= FINEST or not is_resolved(solved.curve, HOPELESS):
            return None
        solved = yield from newton(solved.curve.at_degree(finer(degree)), case)
    return solved


def is_resolved(curve: Curve, tolerance: float) -> bool:
    """Whether the Chebyshev series of the tension vector ends in `tolerance`."""
    return curve.grid.resolution(curve.force) <= tolerance


def coarsened(curve: Curve, tolerance: float) -> Curve:
    """The same rope on the coarsest grid whose series still ends in `tolerance`."""
    series = np.abs(curve.grid.coefficients @ curve.force).max(axis=1)
    needed = int(np.flatnonzero(series > tolerance * series.max())[-1])
    # a tenth of the series, the last, is what `is_resolved` looks at
    degree = max(COARSEST, 2 * math.ceil(needed / 1.8) + 4)
    return curve.at_degree(degree) if degree < curve.grid.degree else curve


def finer(degree: int) -> int:
    """The degree to try after one that is too coarse, half as high again and even."""
    return min(FINEST, degree + degree // 4 * 2)


def _follows(solved: Solved, before: Solved) -> bool:
    """Whether one step can have led here, rather than a jump to another branch."""
    if solved.case.planar == before.case.planar and solved.side != before.side:
        return False
    here = solved.curve
    there = before.curve.suited_to(solved.case).at_degree(here.grid.degree)
    change = float(np.abs(here.force - there.force).max() / np.abs(there.force).max())
    return change < 1 and 0.4 < here.run / there.run < 2.5


def straight(start: Case, end: Case) -> Path:
    """Every number of the case changes evenly, stretch together with the square of the length.

    In stretch·length² and length the ropes that whirl between ends on the axis fill a convex set:
    a path between two of them does not leave it.
    """
    first, last = _even(start), _even(end)

    def path(place: float) -> Case:
        if place == 1:
            return end
        case = Case(*(first + place * (last - first)).tolist())
        return case._replace(stretch=case.stretch / case.length**2)

    return path


def _even(case: Case) -> FloatArray:
    return np.array(case._replace(stretch=case.stretch * case.length**2))
