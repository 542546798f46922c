"""Ropes under mixed loads against the differential equation, closed forms and symmetries."""

import math

import numpy as np
import pytest
from scipy.integrate import solve_bvp

from zoetrope.core.rope import RopeSolution, SteadySolution, solve, solve_steps
from zoetrope.core.stepping import finish

MIXES = [
    {"gravity": 9.80665, "radius0": 0.1, "radius1": 0.3, "phase": 70},
    {"gravity": 9.80665, "radius0": 0.2, "radius1": 0.1, "drag_number": 0.1},
    {"EA": 30.0, "radius0": 0.1, "radius1": 0.1, "drag_number": 0.05, "phase": -40},
    {"EA": 20.0, "gravity": 25.0},
    {"EA": 50.0, "gravity": 3.7, "radius0": 0.15, "drag_number": 0.02, "phase": 30},
    {"gravity": 1.62, "radius1": 0.2, "phase": 120},
    {"drag_number": 0.01, "radius0": 0.2, "radius1": -0.2},
    {"gravity": 9.80665, "mode": 2},
    {"EA": 8.0, "mode": 3, "radius0": 0.05, "radius1": 0.02},
    {"air_density": 1.2, "drag_coefficient": 1.1, "diameter": 0.005, "radius0": 0.1,
     "radius1": 0.1, "gravity": 9.80665, "EA": 1000.0},
]  # fmt: skip


@pytest.mark.parametrize("loads", MIXES, ids=lambda loads: "-".join(loads))
def test_the_differential_equation(loads, check_steady):
    check_steady(solve(2.6, 0.9, n_points=65, **loads))


@pytest.mark.parametrize("seed", range(12))
def test_random_mixes(seed, check_steady):
    random = np.random.default_rng(seed)
    rope = solve(
        float(random.uniform(1.1, 3)),
        1.0,
        omega=float(random.uniform(6, 30)),
        density=float(random.uniform(0.01, 0.3)),
        radius0=float(random.uniform(0.05, 0.4)),
        radius1=float(random.uniform(0.05, 0.4)),
        phase=float(random.uniform(-40, 40)),
        gravity=float(random.uniform(0, 15)),
        drag_number=float(random.uniform(0, 0.05)),
        EA=float(10 ** random.uniform(3, 5)),
        n_points=33,
        sampling="arc",
    )
    assert np.diff(rope.s) == pytest.approx(rope.length / 32, rel=1e-6)
    check_steady(rope)


def test_a_boundary_value_solver_finds_the_same_rope():
    rope = solve(
        1.6, 1.0, omega=1, density=1, radius0=0.2, radius1=0.1, phase=30, gravity=0.2,
        drag_number=0.15, elastic_number=0.05, n_points=201, sampling="arc",
    )  # fmt: skip

    def rate(_, states):
        position, force = states[:3], states[3:]
        tension = np.sqrt(np.sum(force**2, axis=0))
        tangent, extension = force / tension, 1 + 0.05 * tension
        wind = np.array([0 * tension, -position[2], position[1]])
        over = wind - np.sum(wind * tangent, axis=0) * tangent
        drag = 0.15 * np.sqrt(np.sum(over**2, axis=0)) * over * extension
        load = np.array([0.2 + 0 * tension, -position[1], -position[2]])
        return np.vstack([extension * tangent, load + drag])

    last = np.array([1, 0.1 * math.cos(math.pi / 6), 0.1 * math.sin(math.pi / 6)])
    # a rough start: the right ends, an arch between them, the wrong forces
    s = np.linspace(0, 1.6, 60)
    share = s / 1.6
    arch = 0.5 * np.sin(math.pi * share)
    guess = [share, 0.2 - 0.1 * share + arch, 0 * s, 0.2 + 0 * s, 0.3 - 0.6 * share, 0 * s]
    found = solve_bvp(
        rate, lambda a, b: np.concatenate([a[:3] - [0, 0.2, 0], b[:3] - last]), s, guess, tol=1e-9,
        max_nodes=20_000,
    )  # fmt: skip
    assert found.success
    other = found.sol(rope.s)
    assert np.abs(other[:3] - [rope.x, rope.y, rope.z]).max() < 1e-7
    assert np.sqrt(np.sum(other[3:] ** 2, axis=0)) == pytest.approx(rope.tension, abs=1e-7)


def test_without_loads_nothing_has_changed():
    rope = solve(2.6, 0.9, gravity=0.0, drag_number=0, EA=math.inf, phase=0)
    assert type(rope) is RopeSolution
    assert rope.sag == pytest.approx(1.16226046882, rel=1e-10)


def test_a_vanishing_load_is_the_closed_form():
    plain = solve(2.6, 0.9, radius0=0.1, radius1=0.2)
    rope = solve(2.6, 0.9, radius0=0.1, radius1=0.2, gravity=1e-9)
    assert isinstance(rope, SteadySolution)
    for name in ("sag", "radius_max", "inertia", "area", "volume", "apex_curvature"):
        assert getattr(rope, name) == pytest.approx(getattr(plain, name), rel=1e-8), name
    for name in ("end_tension", "end_angle_deg", "radial_force"):
        assert getattr(rope, name) == pytest.approx(getattr(plain, name), rel=1e-8), name
    for name in ("x", "y", "s", "tension", "angle", "curvature"):
        difference = np.abs(getattr(rope, name) - getattr(plain, name)).max()
        assert difference < 1e-8 * np.abs(getattr(plain, name)).max(), name


def test_modes_are_copies_where_stretch_alone_acts():
    # 3 half-waves over 3 spans: 3 ropes side by side, at the same tension
    one = solve(1.5, 1.0, omega=1, density=1, elastic_number=0.1)
    three = solve(4.5, 3.0, omega=1, density=1, EA=10.0, mode=3)
    assert three.sag == pytest.approx(one.sag, rel=1e-10)
    assert three.axial_force == pytest.approx(one.axial_force, rel=1e-10)
    assert three.area == pytest.approx(3 * one.area, rel=1e-9)


def test_drag_shapes_do_not_know_the_speed():
    slow = solve(1.5, 1.0, omega=2, radius0=0.1, radius1=0.1, drag_number=0.4)
    fast = solve(1.5, 1.0, omega=90, radius0=0.1, radius1=0.1, drag_number=0.4)
    assert np.abs(fast.z - slow.z).max() < 1e-12
    assert fast.torque == pytest.approx(45**2 * slow.torque, rel=1e-10)
    assert fast.power == pytest.approx(45**3 * slow.power, rel=1e-10)


def test_scale_freedom_with_every_load():
    small = solve(1.6, 1.0, omega=1, density=1, radius0=0.2, radius1=0.1, phase=20, gravity=0.2,
                  drag_number=0.1, elastic_number=0.05)  # fmt: skip
    big = solve(16, 10.0, omega=3, density=7, radius0=2, radius1=1, phase=20, gravity=0.2 * 90,
                drag_number=0.1, elastic_number=0.05)  # fmt: skip
    assert np.abs(big.y / 10 - small.y).max() < 1e-12
    assert big.tension / (7 * 900) == pytest.approx(small.tension, rel=1e-10)


def test_drag_by_its_parts():
    number = 1.2 * 1.1 * 0.005 * 0.9 / (2 * 0.05)
    by_parts = solve(2.6, 0.9, radius0=0.1, radius1=0.1, air_density=1.2, drag_coefficient=1.1,
                     diameter=0.005)  # fmt: skip
    assert by_parts.drag_number == pytest.approx(number, rel=1e-14)
    assert np.array_equal(by_parts.z, solve(2.6, 0.9, radius0=0.1, radius1=0.1,
                                            drag_number=number).z)  # fmt: skip


def test_the_torque_is_what_the_drag_takes():
    rope = solve(1.5, 1.0, omega=3, density=0.2, radius0=0.1, radius1=0.1, drag_number=0.3,
                 n_points=4001, sampling="arc")  # fmt: skip
    place = np.array([rope.x, rope.y, rope.z])
    tangent = np.gradient(place, rope.s, axis=1, edge_order=2)
    wind = np.array([0 * rope.x, -rope.z, rope.y])
    over = wind - np.sum(wind * tangent, axis=0) * tangent
    force = 0.3 * 0.2 * 9 * np.sqrt(np.sum(over**2, axis=0)) * over
    moment = rope.y * force[2] - rope.z * force[1]
    assert np.trapezoid(moment, rope.s) == pytest.approx(rope.torque, rel=1e-5)
    assert rope.power == pytest.approx(rope.torque * 3, rel=1e-15)
    assert rope.lag_deg > 0


def test_phase_turns_the_picture():
    # an end on the axis has no direction: the rope goes with the other end
    flat = solve(2.0, 1.0, radius1=0.3, gravity=5.0)
    turned = solve(2.0, 1.0, radius1=0.3, phase=50, gravity=5.0)
    angle = math.radians(50)
    assert np.abs(turned.y - flat.y * math.cos(angle)).max() < 1e-12
    assert np.abs(turned.z - flat.y * math.sin(angle)).max() < 1e-12
    assert turned.force1[2] == pytest.approx(flat.force1[1] * math.sin(angle), rel=1e-12)
    # ends at the same radius, the bulge halfway between them
    open_ends = solve(2.0, 1.0, radius0=0.3, radius1=0.3, phase=90)
    middle = len(open_ends.y) // 2
    assert math.atan2(open_ends.z[middle], open_ends.y[middle]) == pytest.approx(math.pi / 4)
    # half a turn the other way round is the mirror image
    back = solve(2.0, 1.0, radius0=0.3, radius1=0.3, phase=-90)
    assert np.abs(back.z + open_ends.z).max() < 1e-10


def test_at_rest_it_is_a_catenary():
    rope = solve(2.0, 1.0, omega=0, gravity=9.80665, radius1=0.8, density=0.3)
    horizontal = rope.force0[1]
    assert rope.force1[1] == pytest.approx(horizontal, rel=1e-12)
    scale = horizontal / (0.3 * 9.80665)
    # L² - v² = (2c sinh(w/2c))² for ends v apart in height and w across
    assert math.sqrt(4 - 1) == pytest.approx(2 * scale * math.sinh(0.8 / (2 * scale)), rel=1e-11)
    middle = -scale * math.asinh(rope.force0[0] / horizontal)
    height = scale * (np.cosh((rope.y - middle) / scale) - math.cosh(middle / scale))
    assert np.abs(rope.x - height).max() < 1e-11
    assert rope.kinetic_energy == 0
    assert rope.gravity_number == math.inf


def test_a_slow_rope_hangs_almost_like_a_catenary(check_steady):
    rest = solve(2.731, 2.7236, omega=0, gravity=2.3, radius0=0.0423)
    slow = solve(2.731, 2.7236, omega=0.05, gravity=2.3, radius0=0.0423, n_points=33)
    assert slow.end_tension == pytest.approx(rest.end_tension, rel=1e-3)
    check_steady(slow)


def test_an_almost_straight_rope_keeps_its_digits():
    # y'' = -(1/H) y under small gravity: H is ω²d²/π², the sag (2/π)√slack
    rope = solve(None, 1.0, slack=1e-9, omega=1, density=1, gravity=1e-6)
    assert rope.sag == pytest.approx(2 / math.pi * math.sqrt(1e-9), rel=1e-6)
    assert rope.axial_force == pytest.approx(math.pi**-2, rel=1e-4)


def test_a_short_elastic_rope_between_hands_is_nearly_straight(check_steady):
    rope = solve(
        0.6, 1.0, EA=500.0, radius0=0.2, radius1=0.3, omega=5, drag_number=1.0, n_points=33
    )
    stretched = math.hypot(1, 0.1)
    assert rope.deformed_length == pytest.approx(stretched, rel=1e-3)
    assert rope.end_tension[0] == pytest.approx(500 * (stretched / 0.6 - 1), rel=1e-2)
    check_steady(rope)


def test_a_hardly_slack_elastic_rope_across_the_axis_bulges_to_its_own_side(check_steady):
    rope = solve(1.02, 1.0, EA=20.0, radius0=-0.1, omega=30, density=0.01, n_points=33)
    assert rope.y.min() < -0.1
    assert "negative side" in rope.diagnostics.warnings[0]
    check_steady(rope)


def test_a_resonant_rope_says_how_well_it_is_known():
    rope = solve(0.9, 1.0, omega=0.99 * math.pi / 0.9 * math.sqrt(50), density=0.2, EA=10.0)
    assert 1e-9 < rope.diagnostics.invariant_spread < 1e-6
    assert "six digits" in rope.diagnostics.warnings[0]


def test_it_comes_in_steps():
    steps = solve_steps(2.5, 1.0, omega=1, density=1, gravity=1.0)
    shares = []
    while True:
        try:
            shares.append(next(steps))
        except StopIteration as end:
            rope = end.value
            break
    assert len(shares) > 5
    assert all(0 <= share <= 1 for share in shares)
    assert shares == sorted(shares)
    again = finish(solve_steps(2.5, 1.0, omega=1, density=1, gravity=1.0))
    assert np.array_equal(rope.y, again.y)
