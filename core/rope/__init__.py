"""The spinning rope: its curve, its forces and what it is often mistaken for."""

from zoetrope.core.rope.batch import BatchSolution, solve_batch
from zoetrope.core.rope.compare import Comparison, Overlay, compare
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.inverse import inverse
from zoetrope.core.rope.solution import Diagnostics, RopeSolution
from zoetrope.core.rope.troposkein import from_end_angle, solve

__all__ = [
    "BatchSolution",
    "Comparison",
    "Diagnostics",
    "Overlay",
    "RopeError",
    "RopeSolution",
    "compare",
    "from_end_angle",
    "inverse",
    "solve",
    "solve_batch",
]
