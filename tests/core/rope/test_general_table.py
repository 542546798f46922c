"""Ropes with gravity, drag and stretch against a table that two other solvers agree on."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from zoetrope.core.rope import SteadySolution, solve

DATA = Path(__file__).parents[2] / "data" / "rope" / "general.csv"
ROWS = list(csv.DictReader(DATA.read_text().splitlines()))


def solve_row(value, **options):
    return solve(
        value["L0_over_d"],
        1.0,
        omega=1,
        density=1,
        radius0=value["r0_over_d"],
        radius1=value["r1_over_d"],
        gravity=value["G"],
        drag_number=value["Dg"],
        elastic_number=value["eps"],
        **options,
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_the_table(row):
    value = {key: float(text) for key, text in row.items() if key not in ("id", "kind")}
    rope = solve_row(value, n_points=2001, sampling="arc")
    assert isinstance(rope, SteadySolution)
    farthest = int(np.argmax(np.hypot(rope.y, rope.z)))
    middle = 1000
    got = {
        "rmax": rope.radius_max,
        "T0": rope.end_tension[0],
        "T1": rope.end_tension[1],
        "Fx0": rope.force0[0],
        "Fy0": rope.force0[1],
        "Fz0": rope.force0[2],
        "Fx1": rope.force1[0],
        "Fy1": rope.force1[1],
        "Fz1": rope.force1[2],
        "torque_in": rope.torque,
        "xmid": rope.x[middle],
        "ymid": rope.y[middle],
        "zmid": rope.z[middle],
        "deformed_length": rope.deformed_length,
        "curl_over_d": rope.curl,
    }
    if row["id"] != "C05":  # see below
        got["I"] = rope.inertia
    for key, number in got.items():
        assert number == pytest.approx(value[key], rel=1e-8, abs=1e-11), key
    # the table counts a lag as a negative angle
    assert rope.lag_deg == pytest.approx(-value["lag_mid_deg"], rel=1e-8, abs=1e-9)
    assert rope.s[farthest] == pytest.approx(value["s_rmax"], abs=rope.length / 2000)
    # it has the least of its samples, a little above the least tension there is
    assert value["Tmin"] * (1 - 1e-3) < rope.tension_min < value["Tmin"] * (1 + 1e-9)
    assert rope.diagnostics.invariant_spread < 1e-11
    assert rope.diagnostics.inertia_residual < 1e-11
    assert rope.diagnostics.residual < 1e-8


def test_the_inertia_of_the_sharpest_bend():
    """The table's is 1.3e-4 below that of its own rope: its samples pass over the bend."""
    value = {key: float(text) for key, text in ROWS[3].items() if key not in ("id", "kind")}
    rope = solve_row(value)

    def rate(_, state):
        _, y, axial, radial, _ = state
        tension = math.hypot(axial, radial)
        return [axial / tension, radial / tension, 1, -y, y * y]

    start = [0, 0, value["Fx0"], value["Fy0"], 0]
    path = solve_ivp(rate, (0, 2.5), start, "DOP853", rtol=1e-13, atol=1e-15)
    assert path.y[:2, -1] == pytest.approx([1, 0], abs=1e-8)
    assert rope.inertia == pytest.approx(path.y[4, -1], rel=1e-8)
    assert value["I"] == pytest.approx(path.y[4, -1], rel=2e-4)


@pytest.mark.parametrize("row", ROWS[2:9:3], ids=lambda row: row["id"])
def test_a_former_rope_is_a_start(row):
    value = {key: float(text) for key, text in row.items() if key not in ("id", "kind")}
    cold = solve_row(value)
    near = solve_row({**value, "L0_over_d": value["L0_over_d"] * 1.01})
    warm = solve_row(value, start=near)
    assert warm.diagnostics.iterations < cold.diagnostics.iterations
    assert warm.end_tension == pytest.approx(cold.end_tension, rel=1e-10)
    assert np.abs(warm.y - cold.y).max() < 1e-9


def test_si_units():
    value = {key: float(text) for key, text in ROWS[5].items() if key not in ("id", "kind")}
    span, omega, density = 0.9, 4 * math.pi, 0.05
    rope = solve(
        value["L0_over_d"] * span,
        span,
        radius0=value["r0_over_d"] * span,
        radius1=value["r1_over_d"] * span,
        gravity=value["G"] * omega**2 * span,
        omega=omega,
        density=density,
    )
    force = density * (omega * span) ** 2
    assert rope.radius_max == pytest.approx(value["rmax"] * span, rel=1e-10)
    assert rope.end_tension[0] == pytest.approx(value["T0"] * force, rel=1e-10)
    assert rope.inertia == pytest.approx(value["I"] * density * span**3, rel=1e-10)
    assert rope.gravity_number == pytest.approx(value["G"], rel=1e-12)
