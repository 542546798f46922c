"""Ropes known in closed form, each the first of a path to one with loads."""

import math

import numpy as np

from zoetrope.core.rope.collocation import chebyshev_grid
from zoetrope.core.rope.continuation import (
    COARSEST,
    FINEST,
    ROUGHLY_RESOLVED,
    finer,
    is_resolved,
)
from zoetrope.core.rope.elliptic import Modulus, ratio_from_slack
from zoetrope.core.rope.off_axis import solve_off_axis
from zoetrope.core.rope.roots import crossing
from zoetrope.core.rope.shape import Shape, evaluate
from zoetrope.core.rope.steady_equations import Case, Curve
from zoetrope.core.rope.steady_newton import Solved, newton
from zoetrope.core.stepping import Steps


def without_loads(case: Case, mode: int) -> Steps[tuple[Solved | None, tuple[str, ...]]]:
    """The rope of `mode` that only turns, with the length and the end radii of `case`, in phase.

    None where its sharpest bend is too sharp for the finest grid; warnings as `solve_off_axis`,
    which raises RopeError where no such rope exists.
    """
    plain = Case(case.excess, case.radius0, case.radius1)
    shape, warnings = _shape(plain, mode)
    degree = COARSEST + 16 * (mode - 1)
    curve = _on_grid(shape, degree)
    while not is_resolved(curve, ROUGHLY_RESOLVED):
        if degree == FINEST:
            return None, warnings
        degree = finer(degree)
        curve = _on_grid(shape, degree)
    solved = yield from newton(curve, plain)
    return solved, warnings


def hanging(case: Case) -> Steps[Solved | None]:
    """The inextensible rope that hangs between the same ends at rest, a catenary.

    None where the ends stand one above the other or its bend is too sharp for the finest grid.
    """
    at_rest = case._replace(spin=0.0, stretch=0.0, drag=0.0)
    across = (at_rest.last - at_rest.first)[1:]
    width = math.hypot(*across)
    if width == 0 or case.excess <= 0:
        return None
    bend = _catenary_bend(math.log1p(case.excess * (case.length + case.distance) / width**2) / 2)
    scale = width / (2 * bend)  # the horizontal force over gravity
    # (distance from the lowest point)/scale at both ends, from their difference in height
    middle = math.asinh(1 / (2 * scale * math.sinh(bend)))
    degree, curve = COARSEST, None
    while curve is None or not is_resolved(curve, ROUGHLY_RESOLVED):
        if curve is not None:
            if degree == FINEST:
                return None
            degree = finer(degree)
        grid = chebyshev_grid(degree)
        upward = np.sinh(middle + bend * (2 * grid.points - 1))
        axes = [upward, *(np.full(degree + 1, part / width) for part in across)]
        force = case.gravity * scale * np.column_stack(axes)
        curve = Curve(grid, force, width / (case.gravity * scale))
    return (yield from newton(curve, at_rest))


def _catenary_bend(logarithm: float) -> float:
    """b with log(sinh b/b) = `logarithm`."""

    def excess(log_bend: float) -> float:
        bend = math.exp(log_bend)
        if bend < 1e-2:
            return bend**2 / 6 - bend**4 / 180
        return bend - math.log(2 * bend) + math.log1p(-math.exp(-2 * bend))

    return math.exp(crossing(excess, logarithm, -20.0, 8.0))


def pulled_straight(case: Case) -> Steps[Solved | None]:
    """An elastic rope shorter than the distance of its ends at rest, a straight line."""
    grid, distance = chebyshev_grid(COARSEST), case.distance
    at_rest = case._replace(spin=0.0, gravity=0.0, drag=0.0)
    tension = -case.excess / (case.stretch * case.length)
    chord = (at_rest.last - at_rest.first) / distance
    force = np.tile(tension * chord, (COARSEST + 1, 1))
    return (yield from newton(Curve(grid, force, distance / tension), at_rest))


def _shape(case: Case, mode: int) -> tuple[Shape, tuple[str, ...]]:
    slack = case.excess / case.distance
    if case.on_axis:
        ratio, _ = ratio_from_slack(slack)
        modulus = Modulus.from_ratio(ratio)
        return Shape(modulus, 0.0, float(mode), 0.0, 0.0, slack, slack), ()
    shape, _, warnings = solve_off_axis(slack, case.radius0, case.radius1, mode)
    return shape, warnings


def _on_grid(shape: Shape, degree: int) -> Curve:
    """The shape on a grid: without loads x = H t, so that x runs evenly along with t."""
    grid = chebyshev_grid(degree)
    waves = shape.stop - shape.start
    samples = evaluate(shape, shape.start + waves * grid.points, grid.points)
    axial = shape.axial_force
    force = np.column_stack([np.full(degree + 1, axial), axial * np.tan(samples.angle)])
    return Curve(grid, force, 1 / axial)
