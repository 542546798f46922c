"""The spinning rope: its curve, its forces and what it is often mistaken for.

What is asked for is loaded when it is first asked for: a window that lists the lab need not load
its mathematics.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zoetrope.core.rope.batch import BatchSolution, solve_batch
    from zoetrope.core.rope.blade import (
        BladeCoordinates,
        blade_csv,
        polyline_dxf,
        rope_blade,
        straight_arc_blade,
        straight_arc_joint,
    )
    from zoetrope.core.rope.chain import Chain, ChainState, advance, in_space
    from zoetrope.core.rope.chain_measures import ChainMeasures, measure_chain
    from zoetrope.core.rope.chain_starts import start_chain
    from zoetrope.core.rope.comparison import Comparison, Overlay, compare
    from zoetrope.core.rope.curve_fit import CurveFit, fit_points
    from zoetrope.core.rope.errors import RopeError
    from zoetrope.core.rope.inversion import inverse
    from zoetrope.core.rope.solution import Diagnostics, RopeSolution
    from zoetrope.core.rope.steady import solve, solve_steps
    from zoetrope.core.rope.steady_solution import SteadySolution
    from zoetrope.core.rope.troposkein import from_end_angle

__all__ = [
    "BatchSolution",
    "BladeCoordinates",
    "Chain",
    "ChainMeasures",
    "ChainState",
    "Comparison",
    "CurveFit",
    "Diagnostics",
    "Overlay",
    "RopeError",
    "RopeSolution",
    "SteadySolution",
    "advance",
    "blade_csv",
    "compare",
    "fit_points",
    "from_end_angle",
    "in_space",
    "inverse",
    "measure_chain",
    "polyline_dxf",
    "rope_blade",
    "solve",
    "solve_batch",
    "solve_steps",
    "start_chain",
    "straight_arc_blade",
    "straight_arc_joint",
]

_MODULES = {
    "BatchSolution": "batch",
    "BladeCoordinates": "blade",
    "Chain": "chain",
    "ChainMeasures": "chain_measures",
    "ChainState": "chain",
    "Comparison": "comparison",
    "CurveFit": "curve_fit",
    "Diagnostics": "solution",
    "Overlay": "comparison",
    "RopeError": "errors",
    "RopeSolution": "solution",
    "SteadySolution": "steady_solution",
    "advance": "chain",
    "blade_csv": "blade",
    "compare": "comparison",
    "fit_points": "curve_fit",
    "from_end_angle": "troposkein",
    "in_space": "chain",
    "inverse": "inversion",
    "measure_chain": "chain_measures",
    "polyline_dxf": "blade",
    "rope_blade": "blade",
    "solve": "steady",
    "solve_batch": "batch",
    "solve_steps": "steady",
    "start_chain": "chain_starts",
    "straight_arc_blade": "blade",
    "straight_arc_joint": "blade",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = value
    return value
