"""The spinning rope: its curve, its forces and what it is often mistaken for.

What is asked for is loaded when it is first asked for: a window that lists the lab need not load
its mathematics.
"""

from typing import TYPE_CHECKING

from zoetrope.core.lazy_names import lazy_names

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

_HOMES = {
    "batch": ("BatchSolution", "solve_batch"),
    "blade": (
        "BladeCoordinates",
        "blade_csv",
        "polyline_dxf",
        "rope_blade",
        "straight_arc_blade",
        "straight_arc_joint",
    ),
    "chain": ("Chain", "ChainState", "advance", "in_space"),
    "chain_measures": ("ChainMeasures", "measure_chain"),
    "chain_starts": ("start_chain",),
    "comparison": ("Comparison", "Overlay", "compare"),
    "curve_fit": ("CurveFit", "fit_points"),
    "drag_stall": ("DragBranch", "Stall", "drag_branch", "least_radius", "stall", "stall_steps"),
    "errors": ("RopeError",),
    "free_end": ("FreeEndShape", "free_end_onsets", "free_end_shapes", "free_end_steps"),
    "jump_rope": ("RotorPendulum", "least_skipping_speed", "rotor_pendulum", "snapshot"),
    "lift_off": ("PlumbLine", "lift_off_speed", "plumb_line"),
    "load_inversion": ("inverse",),
    "load_sweep": ("LoadSweep", "sweep"),
    "solution": ("Diagnostics", "RopeSolution"),
    "steady": ("solve", "solve_steps"),
    "steady_solution": ("SteadySolution",),
    "stretched": ("straight_tension", "whirl_limit", "whirl_onset"),
    "troposkein": ("from_end_angle",),
}

__getattr__, __dir__ = lazy_names(__name__, _HOMES, __all__)
