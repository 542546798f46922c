"""The spinning rope: its curve, its forces and what it is often mistaken for.

What is asked for is loaded when it is first asked for: a window that lists the lab need not load
its mathematics.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zoetrope.core.rope.batch import BatchSolution, solve_batch
    from zoetrope.core.rope.comparison import Comparison, Overlay, compare
    from zoetrope.core.rope.errors import RopeError
    from zoetrope.core.rope.inversion import inverse
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

_MODULES = {
    "BatchSolution": "batch",
    "Comparison": "comparison",
    "Diagnostics": "solution",
    "Overlay": "comparison",
    "RopeError": "errors",
    "RopeSolution": "solution",
    "compare": "comparison",
    "from_end_angle": "troposkein",
    "inverse": "inversion",
    "solve": "troposkein",
    "solve_batch": "batch",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = value
    return value
