"""Scripts on `zoetrope.core` that give the numbers of the motion page and of the fit page."""

from __future__ import annotations

from zoetrope.core.parameters import written
from zoetrope.core.rope.lab_parameters import RopeParameters
from zoetrope.core.rope.motion_parameters import TURNS
from zoetrope.core.rope.plain_script import plain_script


def motion_script(parameters: RopeParameters) -> str:
    """Return what follows on a script that made `rope` and imported pi: the chain's run."""
    p = parameters
    stop = f"\n    stop={p.stop_after!r} * turn," if p.stop_after < TURNS else ""
    world = ""
    if p.axis != "none":
        direction = "across" if p.axis == "across" else "along"
        world += f"    gravity={p.gravity!r},\n    gravity_direction={direction!r},\n"
    if p.drag:
        wind = f"{p.air!r} * {p.drag_coefficient!r} * {p.diameter!r} / 1000"
        world += f"    drag_number={wind} * rope.span / (2 * rope.density),\n"
    script = f"""
from zoetrope.core.rope import Chain, advance, measure_chain, start_chain

turn = 2 * pi / rope.omega  # s
chain = Chain(
    rope.length,
    rope.span,
    omega=rope.omega,
    density=rope.density,
    segments={p.segments!r},
    radius0=rope.radius0,
    radius1=rope.radius1,
    damping={p.damping!r} * rope.omega,
{world}    spin_up={p.spin_up!r} * turn,{stop}
    spin_down=turn,
)
state = start_chain(chain, {p.start!r}, noise={p.jolt!r}, seed={p.jolt_seed!r})
"""
    if p.turns > 0:
        script += f"state = advance(state, {p.turns!r} * turn)\n"
    return (
        script
        + """\
measures = measure_chain(state)
print("time", measures.time)
print("distance", measures.distance)
print("inertia", measures.inertia)
print("kinetic energy", measures.kinetic_energy)
print("length error", measures.length_error)
"""
    )


def fit_script(parameters: RopeParameters) -> str:
    """Return a script that fits the same points."""
    p = parameters
    if p.points_from == "file":
        said = written(p, "points_file")
        points = f"""\
from zoetrope.core.table import Written, read_table, table_rows

rows, _ = table_rows(read_table({p.points_file!r}, {said!r}), ("x", "y"))
x, y = np.array(rows).T
"""
    elif p.points_from == "table" or p.photograph:
        points = f"x, y = np.array({[list(row) for row in p.points]!r}).reshape(-1, 2).T\n"
    else:
        points = _example_script(p)
    if p.ends_marked:
        call = "fit_points(\n    x[1:-1], y[1:-1], ends=((x[0], y[0]), (x[-1], y[-1])),"
    else:
        call = "fit_points(\n    x, y,"
    return f"""\
import numpy as np

from zoetrope.core.rope import fit_points

{points}
fit = {call} robust={p.leave_out!r}
)
print("length ÷ span", fit.length_ratio, "±", fit.errors["length_ratio"])
print("span", fit.span, "±", fit.errors["span"])
print("tilt", fit.tilt_deg, "±", fit.errors["tilt_deg"])
print("end", fit.x0, fit.y0)
print("scatter", fit.scatter)
print("left out", np.flatnonzero(fit.outlier) + 1)
"""


def _example_script(p: RopeParameters) -> str:
    return f"""\
{plain_script(p)}
from math import cos, radians, sin

from zoetrope.core.rope import solve

slack = max(rope.length / rope.span - 1, 1e-6)
curve = solve(None, rope.span, slack=slack, n_points={p.measured!r}, sampling="arc")
tilt = radians({p.tilt!r})
rng = np.random.default_rng({p.error_seed!r})
errors = {p.error!r} / 100 * rope.span * rng.standard_normal((2, {p.measured!r}))
x = cos(tilt) * curve.x - sin(tilt) * curve.y + errors[0]
y = sin(tilt) * curve.x + cos(tilt) * curve.y + errors[1]
"""
