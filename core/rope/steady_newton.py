"""Newton's method for the steady rope."""

import math
from dataclasses import dataclass

import numpy as np

from zoetrope.core.rope.elliptic import FloatArray
from zoetrope.core.rope.steady_equations import Case, Curve, system
from zoetrope.core.stepping import Steps

TOLERANCE = 1e-10  # of the last step: the one after it would be below rounding
LONGEST_STEP = 0.5
MOST_ITERATIONS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """A rope that satisfies the equations of `case`.

    `iterations` of Newton's method, the relative size of its last `step`, and `side`, the sign of
    the determinant, which changes where two ropes merge and vanish, at a fold.
    """

    curve: Curve
    case: Case
    iterations: int
    step: float
    side: float


def newton(start: Curve, case: Case) -> Steps[Solved | None]:
    """The rope of `case` near `start`, on the same grid, or None where none is found."""
    curve = start.suited_to(case)
    unknowns: FloatArray = curve.packed()
    last = math.inf
    for iteration in range(1, MOST_ITERATIONS + 1):
        equations = system(curve, case)
        step = solution(equations.jacobian, -equations.residual)
        if step is None:
            return None
        size = relative_size(step, unknowns)
        if not size < 1e3 or (iteration > 4 and size > 2 * last and size > 0.1):
            return None
        if size:
            unknowns = unknowns + min(1.0, LONGEST_STEP / size) * step
        curve = curve.unpacked(unknowns)
        if curve.run <= 0:
            return None
        if size < TOLERANCE or (size < 1e-8 and size > last / 4):
            side = float(np.linalg.slogdet(equations.jacobian)[0])
            return Solved(curve, case, iteration, size, side)
        last = size
        yield 0.0
    return None


def solution(matrix: FloatArray, right: FloatArray) -> FloatArray | None:
    """The solution of linear equations, or None where there is none in finite numbers."""
    if not (np.all(np.isfinite(matrix)) and np.all(np.isfinite(right))):
        return None
    try:
        found = np.asarray(np.linalg.solve(matrix, right), dtype=np.float64)
    except np.linalg.LinAlgError:
        return None
    return found if np.all(np.isfinite(found)) else None


def relative_size(step: FloatArray, unknowns: FloatArray) -> float:
    """The greater relative change, of the forces or of the run."""
    force = float(np.abs(step[:-1]).max() / np.abs(unknowns[:-1]).max())
    return max(force, abs(float(step[-1] / unknowns[-1])))
