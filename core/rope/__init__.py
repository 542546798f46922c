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
    from zoetrope.core.rope.drag_stall import (
        DragBranch,
        Stall,
        drag_branch,
        least_radius,
        stall,
        stall_steps,
    )
    from zoetrope.core.rope.errors import RopeError
    from zoetrope.core.rope.free_end import (
        FreeEndShape,
        free_end_onsets,
        free_end_shapes,
        free_end_steps,
    )
    from zoetrope.core.rope.jump_rope import (
        RotorPendulum,
        least_skipping_speed,
        rotor_pendulum,
        snapshot,
    )
    from zoetrope.core.rope.lift_off import PlumbLine, lift_off_speed, plumb_line
    from zoetrope.core.rope.load_inversion import inverse
    from zoetrope.core.rope.load_sweep import LoadSweep, sweep
    from zoetrope.core.rope.progress import drained
    from zoetrope.core.rope.solution import Diagnostics, RopeSolution
    from zoetrope.core.rope.steady import solve, solve_steps
    from zoetrope.core.rope.steady_solution import SteadySolution
    from zoetrope.core.rope.stretched import straight_tension, whirl_limit, whirl_onset
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
    "DragBranch",
    "FreeEndShape",
    "LoadSweep",
    "Overlay",
    "PlumbLine",
    "RopeError",
    "RopeSolution",
    "RotorPendulum",
    "Stall",
    "SteadySolution",
    "advance",
    "blade_csv",
    "compare",
    "drag_branch",
    "drained",
    "fit_points",
    "free_end_onsets",
    "free_end_shapes",
    "free_end_steps",
    "from_end_angle",
    "in_space",
    "inverse",
    "least_radius",
    "least_skipping_speed",
    "lift_off_speed",
    "measure_chain",
    "plumb_line",
    "polyline_dxf",
    "rope_blade",
    "rotor_pendulum",
    "snapshot",
    "solve",
    "solve_batch",
    "solve_steps",
    "stall",
    "stall_steps",
    "start_chain",
    "straight_arc_blade",
    "straight_arc_joint",
    "straight_tension",
    "sweep",
    "whirl_limit",
    "whirl_onset",
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
    "DragBranch": "drag_stall",
    "FreeEndShape": "free_end",
    "LoadSweep": "load_sweep",
    "Overlay": "comparison",
    "PlumbLine": "lift_off",
    "RopeError": "errors",
    "RopeSolution": "solution",
    "RotorPendulum": "jump_rope",
    "Stall": "drag_stall",
    "SteadySolution": "steady_solution",
    "advance": "chain",
    "blade_csv": "blade",
    "compare": "comparison",
    "drag_branch": "drag_stall",
    "drained": "progress",
    "fit_points": "curve_fit",
    "free_end_onsets": "free_end",
    "free_end_shapes": "free_end",
    "free_end_steps": "free_end",
    "from_end_angle": "troposkein",
    "in_space": "chain",
    "inverse": "load_inversion",
    "least_radius": "drag_stall",
    "least_skipping_speed": "jump_rope",
    "lift_off_speed": "lift_off",
    "measure_chain": "chain_measures",
    "plumb_line": "lift_off",
    "polyline_dxf": "blade",
    "rope_blade": "blade",
    "rotor_pendulum": "jump_rope",
    "snapshot": "jump_rope",
    "solve": "steady",
    "solve_batch": "batch",
    "solve_steps": "steady",
    "stall": "drag_stall",
    "stall_steps": "drag_stall",
    "start_chain": "chain_starts",
    "straight_arc_blade": "blade",
    "straight_arc_joint": "blade",
    "straight_tension": "stretched",
    "sweep": "load_sweep",
    "whirl_limit": "stretched",
    "whirl_onset": "stretched",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = value
    return value
