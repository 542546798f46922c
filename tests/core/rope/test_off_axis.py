"""Ropes with their ends off the axis: the table, the differential equation, what must fail."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from zoetrope.core.rope import RopeError, solve

DATA = Path(__file__).parents[2] / "data" / "rope" / "off_axis.csv"
ROWS = list(csv.DictReader(DATA.read_text().splitlines()))


def solve_unit(length, radius0, radius1, **options):
    return solve(length, 1.0, omega=1, density=1, radius0=radius0, radius1=radius1, **options)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_the_table(row):
    value = {key: float(text) for key, text in row.items() if key not in ("id", "interior_apex")}
    rope = solve_unit(value["L_over_d"], value["y0_over_d"], value["y1_over_d"])
    assert rope.modulus == pytest.approx(value["k"], rel=1e-11)
    assert rope.axial_force == pytest.approx(value["H_over_rhow2d2"], rel=1e-11)
    assert rope.end_tension == pytest.approx((value["Tend0"], value["Tend1"]), rel=1e-11)
    assert rope.end_angle_deg == pytest.approx((value["angle0_deg"], value["angle1_deg"]), abs=1e-9)
    assert rope.sag == pytest.approx(value["ymax_over_d"], rel=1e-11)
    assert rope.inertia == pytest.approx(value["I_over_rhod3"], rel=1e-11)


def check_against_the_differential_equation(rope, bound=1e-9):
    """Integrate X' = F/|F|, F' = -(0, y) along the rope from end 0 and arrive where it says."""
    H = rope.axial_force
    lift = H * math.tan(math.radians(rope.end_angle_deg[0]))

    def rate(_, state):
        _, y, pull = state
        tension = math.hypot(H, pull)
        return [H / tension, pull / tension, -y]

    start = [0, rope.radius0, lift]
    inner = rope.s[1:-1]
    path = solve_ivp(rate, (0, rope.length), start, "DOP853", inner, rtol=1e-13, atol=1e-15)
    scale = bound * max(rope.radius_max, rope.length)
    assert np.abs(path.y[0] - rope.x[1:-1]).max() < scale
    assert np.abs(path.y[1] - rope.y[1:-1]).max() < scale
    assert rope.y[[0, -1]] == pytest.approx([rope.radius0, rope.radius1], abs=0)
    assert np.hypot(H, path.y[2]) == pytest.approx(rope.tension[1:-1], rel=1e-8)
    check_diagnostics(rope)


def check_diagnostics(rope):
    assert rope.diagnostics.residual < 1e-10
    assert rope.diagnostics.invariant_spread < 1e-12
    assert rope.diagnostics.inertia_residual < 1e-12
    assert rope.radius_max >= np.abs(rope.y).max() * (1 - 1e-14)
    assert rope.sag >= rope.y.max() - 1e-14 * rope.radius_max
    assert rope.sag == pytest.approx(rope.y.max(), rel=2e-2)


@pytest.mark.parametrize(
    ("length", "radius0", "radius1", "mode"),
    [
        (1.5, 0.0, 0.6, 1),
        (3.0, 0.1, 2.2, 1),
        (2.3, 2.0, 0.01, 1),
        (5.2, 0.0, 5.0, 1),  # the far end is the highest point
        (30.0, 4.0, 7.0, 1),
        (1.8, -0.3, -0.05, 1),
        (1.5, -0.1, 0.3, 1),
        (2.0, -0.8, 0.8, 1),
        (2.4, -1.0, 1.0, 1),
        (2.0, 0.2, 0.1, 2),
        (2.5, -0.1, 0.2, 3),
        (2.0, 0.1, 0.1, 4),
    ],
    ids=str,
)
def test_the_differential_equation(length, radius0, radius1, mode):
    rope = solve_unit(length, radius0, radius1, mode=mode, n_points=65)
    check_against_the_differential_equation(rope)


radii = st.one_of(st.just(0.0), st.floats(1e-3, 6.0))


@settings(max_examples=25, deadline=None)
@given(radii, radii, st.floats(-6.0, 1.3))
def test_any_ends_beyond_the_axis(radius0, radius1, log_slack):
    rope = solve_unit(None, radius0, radius1, slack=10**log_slack, n_points=33)
    check_against_the_differential_equation(rope, 1e-8 if log_slack < -4 else 1e-9)
    mirror = solve_unit(None, radius1, radius0, slack=10**log_slack, n_points=33)
    assert mirror.y[::-1] == pytest.approx(rope.y, abs=1e-9 * rope.radius_max)


@settings(max_examples=25, deadline=None)
@given(st.floats(-3.0, 3.0), st.floats(-3.0, 3.0), st.floats(-5.0, 2.0))
def test_any_ends_at_all(radius0, radius1, log_slack):
    rope = solve_unit(None, radius0, radius1, slack=10**log_slack, n_points=33)
    check_diagnostics(rope)
    if rope.length < 20:
        check_against_the_differential_equation(rope, 1e-8)


def test_integrals_against_quadrature():
    rope = solve(2.2, 0.9, radius0=-0.1, radius1=0.5, n_points=4001)
    assert rope.area == pytest.approx(np.trapezoid(np.abs(rope.y), rope.x), rel=1e-5)
    assert rope.volume == pytest.approx(math.pi * np.trapezoid(rope.y**2, rope.x), rel=1e-5)
    assert rope.inertia == pytest.approx(rope.density * np.trapezoid(rope.y**2, rope.s), rel=1e-4)
    assert rope.kinetic_energy == pytest.approx(rope.inertia * rope.omega**2 / 2)
    assert rope.tip_speed == pytest.approx(rope.omega * rope.radius_max)


@pytest.mark.parametrize("mode", [1, 2])
@pytest.mark.parametrize("radius", [1e-3, 1e-7, 1e-13, 1e-200])
@pytest.mark.parametrize("length", [1.001, 2.0, 100.0])
def test_small_radii_come_from_the_axis(length, radius, mode):
    axis = solve(length, 1.0, mode=mode)
    rope = solve(length, 1.0, mode=mode, radius0=radius, radius1=-0.3 * radius)
    assert np.abs(rope.y - axis.y).max() < 50 * radius + 1e-12 * axis.sag
    assert rope.axial_force == pytest.approx(axis.axial_force, rel=200 * radius + 1e-12)


def test_both_ends_lifted_alike_give_a_mirror_image():
    rope = solve(1.7, 1.0, radius0=0.4, radius1=0.4)
    assert rope.y == pytest.approx(rope.y[::-1], abs=1e-13)
    assert rope.radial_force[0] == pytest.approx(rope.radial_force[1], rel=1e-12)
    assert rope.end_tension[0] == pytest.approx(rope.end_tension[1], rel=1e-12)


def test_a_nearly_straight_rope_follows_the_small_angle_law():
    slack, radius = 1e-12, 0.2
    rope = solve_unit(None, radius, radius, slack=slack)
    assert rope.sag - radius == pytest.approx(math.sqrt(3 * slack / 8), rel=1e-4)
    assert rope.axial_force == pytest.approx(radius / math.sqrt(24 * slack), rel=1e-5)


def test_the_length_is_compared_in_full_precision():
    for slack in (1e-6, 1e-9):
        span, rise = 1.0, 2.3
        length = math.hypot(span, rise) * (1 + slack)
        rope = solve(length, span, radius1=rise)
        exact = (length**2 - (span**2 + rise**2)) / ((length + math.hypot(span, rise)) ** 2) * 2
        assert rope.slack == pytest.approx(exact, rel=1e-6)
        assert rope.length == pytest.approx(length, rel=1e-15)


def test_a_rope_too_short_to_cross_the_axis():
    assert solve(1.5, 1.0, radius0=-0.1, radius1=-0.1).sag == pytest.approx(0.41966949, rel=1e-7)
    with pytest.raises(RopeError, match="make the rope longer") as caught:
        solve(1.05, 1.0, radius0=-0.9, radius1=-0.9, mode=3)
    assert caught.value.code == "no_solution"


@pytest.mark.parametrize("ends", [(-2.0, -2.0), (-2.0, 0.0), (-2.0, 0.001), (0.0, -2.0)], ids=str)
def test_without_a_rope_to_the_positive_side_the_mirrored_one_is_returned(ends):
    rope = solve(2.6, 0.9, radius0=ends[0], radius1=ends[1])
    mirror = solve(2.6, 0.9, radius0=-ends[0], radius1=-ends[1])
    assert rope.y == pytest.approx(-mirror.y, abs=1e-13)
    assert "negative side" in rope.diagnostics.warnings[-1]
    assert not mirror.diagnostics.warnings


def test_ends_opposite_each_other_hold_the_rope_that_bulges_to_the_positive_side():
    for slack in (0.032, 0.04, 0.056, 0.1, 1.0):
        rope = solve(None, 0.9, slack=slack, radius0=0.3, radius1=-0.3)
        assert rope.sag == rope.radius_max > 0.3
        assert rope.end_angle_deg[0] > 0


def test_ends_astride_the_axis_move_without_a_jump():
    heights = [
        solve(None, 1.0, slack=1e-3, radius0=-1 + shift, radius1=1.0, n_points=9).y
        for shift in np.linspace(-0.02, 0.02, 9)
    ]
    assert np.abs(np.diff(heights, axis=0)).max() < 0.01
    other = solve(None, 1.0, slack=1e-3, radius0=-1.5, radius1=1.0, n_points=33)
    assert "negative side" in other.diagnostics.warnings[-1]
    mirror = solve(None, 1.0, slack=1e-3, radius0=1.5, radius1=-1.0, n_points=33)
    assert other.y == pytest.approx(-mirror.y, abs=1e-13)
    assert (other.sag, other.radius_max) == (1.0, pytest.approx(mirror.sag))


def test_bad_ends():
    with pytest.raises(RopeError) as caught:
        solve(1.1, 1.0, radius1=0.5)
    assert caught.value.code == "too_short"
    assert "longer than 1.11804 m" in str(caught.value)
    with pytest.raises(RopeError) as caught:
        solve(1.25, 1.0, radius0=-0.25, radius1=0.5)
    assert caught.value.code == "taut"
    with pytest.raises(RopeError) as caught:
        solve(None, 1.0, slack=1.0, radius1=1e7)
    assert (caught.value.code, caught.value.parameter) == ("bad_value", "radius1")
