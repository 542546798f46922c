"""The rope as a plane picture has it: along the axis, and in the plane of its farthest point."""

import math
from dataclasses import dataclass

import numpy as np

from zoetrope.core.items import Array
from zoetrope.core.rope.solution import RopeSolution
from zoetrope.core.rope.steady_solution import SteadySolution


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A rope in a plane through its axis: `x` and `r` [n] in metres, `turn` of that plane ahead of
    the one of end 0 in radians, and where the ends are in it.
    """

    x: Array
    r: Array
    turn: float
    ends: tuple[float, float]
    planar: bool


def outline(rope: RopeSolution) -> Outline:
    """Return the rope in its own plane, or in that of its farthest point."""
    if not rope.z.any():
        return Outline(rope.x, rope.y, 0.0, (float(rope.y[0]), float(rope.y[-1])), planar=True)
    farthest = int(np.argmax(np.hypot(rope.y, rope.z)))
    turn = math.atan2(rope.z[farthest], rope.y[farthest])
    r = rope.y * math.cos(turn) + rope.z * math.sin(turn)
    return Outline(rope.x, r, turn, (float(r[0]), float(r[-1])), planar=False)


def distance_from_axis(rope: RopeSolution) -> Array:
    """Return the distances [n] from the axis, signed where the rope is plane."""
    return np.hypot(rope.y, rope.z) if rope.z.any() else rope.y


def under_loads(rope: RopeSolution) -> SteadySolution | None:
    """Return the rope if it was solved under loads."""
    return rope if isinstance(rope, SteadySolution) else None
