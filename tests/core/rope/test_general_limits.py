"""Where steady ropes end: lift-off, whirling, stall, and what is said beyond."""

import math

import numpy as np
import pytest
from scipy.integrate import solve_bvp
from scipy.linalg import eigvalsh_tridiagonal
from scipy.special import jn_zeros

from zoetrope.core.rope import (
    RopeError,
    drag_branch,
    least_radius,
    lift_off_speed,
    plumb_line,
    solve,
    stall,
    straight_tension,
    whirl_limit,
    whirl_onset,
)
from zoetrope.core.stepping import finish

G = 9.80665


def unit(length, **loads):
    return solve(length, 1.0, omega=1, density=1, **loads)


def refused(code, *arguments, **loads):
    with pytest.raises(RopeError) as caught:
        solve(*arguments, **loads)
    assert caught.value.code == code
    assert str(caught.value).endswith(".")
    return str(caught.value)


# lift-off


@pytest.mark.parametrize(
    ("gravity", "radius"),
    [(0.1, 0.508), (0.52, 0.262), (0.62, 0.127), (0.71, 0.0172), (0.75, 1.97e-3), (0.775, 1.7e-4)],
)
def test_the_opening_falls_exponentially(gravity, radius):
    assert unit(1.5, gravity=gravity).radius_max == pytest.approx(radius, rel=3e-2)


def test_lift_off():
    # 1.20241 sqrt(g/l) for the longer leg, l = (L + d)/2
    assert lift_off_speed(1.5, 1.0, gravity=G) == pytest.approx(1.20241278 * math.sqrt(G / 1.25))
    assert lift_off_speed(1.5, 1.0, gravity=G, mode=3) == pytest.approx(
        jn_zeros(0, 3)[2] / 2 * math.sqrt(G / 1.25), rel=1e-11
    )
    critical = 2.5 / (2 * 1.4457964907)
    assert critical == pytest.approx(0.8646, abs=5e-5)
    assert "hangs collapsed" in refused("collapsed", 1.5, 1.0, omega=1, gravity=critical * 1.001)
    assert "cannot be told" in refused("collapsed", 1.5, 1.0, omega=1, gravity=critical * 0.98)
    assert unit(1.5, gravity=critical * 0.9).radius_max > 1e-5


def test_a_hardly_soft_rope_lifts_off_like_a_hard_one():
    hard = [lift_off_speed(1.5, 1.0, gravity=G, mode=mode) for mode in (1, 2, 5)]
    soft = [lift_off_speed(1.5, 1.0, gravity=G, mode=mode, EA=1e10) for mode in (1, 2, 5)]
    assert soft == pytest.approx(hard, rel=1e-9)


def test_the_sentence_says_when_it_opens():
    sentence = refused("collapsed", 2.6, 0.9, omega=2.0, gravity=G)
    speed = lift_off_speed(2.6, 0.9, gravity=G)
    assert f"{speed:.4g}" in sentence
    lighter = (2.0 / speed) ** 2 * G
    assert f"{lighter:.5g}"[:-1] in sentence
    assert solve(2.6, 0.9, omega=1.4 * speed, gravity=G).radius_max > 0.1


def test_the_plumb_line():
    line = plumb_line(1.5, 1.0, gravity=G, density=0.2)
    assert (line.depth, line.longer_leg, line.shorter_leg) == pytest.approx((0.25, 1.25, 0.25))
    assert line.tension_top == pytest.approx(0.2 * G * 1.25)
    assert line.tension_bottom == pytest.approx(0.2 * G * 0.25)
    soft = plumb_line(1.5, 1.0, gravity=G, density=0.2, EA=10.0)
    assert soft.longer_leg - soft.shorter_leg == pytest.approx(1.0, rel=1e-14)
    weight = 0.2 * G
    upper, lower = soft.tension_top / weight, soft.tension_bottom / weight
    assert upper + lower == pytest.approx(1.5, rel=1e-14)
    assert soft.longer_leg == pytest.approx(upper + weight * upper**2 / 20, rel=1e-14)


def test_a_soft_rope_lifts_off_where_its_long_leg_does():
    # ((T/λ) y')' = -ω²ρ y by finite differences, T = ρgσ from the fold, free there
    loads = {"gravity": G, "density": 0.2, "EA": 10.0}
    length = plumb_line(1.5, 1.0, **loads).tension_top / (0.2 * G)
    count = 4000
    tension = 0.2 * G * np.linspace(0, length, count + 1)
    stiff = tension / (1 + tension / 10.0) / (length / count) ** 2
    middle = stiff[:-1] + stiff[1:]
    middle[-1] += stiff[-1]  # held half a step above the last point
    least = eigvalsh_tridiagonal(middle, -stiff[1:-1], select="i", select_range=(0, 0))[0]
    assert lift_off_speed(1.5, 1.0, **loads) == pytest.approx(math.sqrt(least / 0.2), rel=1e-5)


# stretch


def test_the_onset_of_whirling():
    # (π d/L)²(1 - L/d) is the elastic number there
    assert whirl_onset(0.9, 1.0, EA=1.0, density=1.0) == pytest.approx(math.sqrt(1.2185), rel=1e-4)
    onset = whirl_onset(0.9, 1.0, EA=1.0, density=1.0)
    assert onset**2 == pytest.approx((math.pi / 0.9) ** 2 * 0.1, rel=1e-12)
    assert whirl_onset(1.2, 1.0, EA=50.0) == 0
    assert straight_tension(0.9, 1.0, EA=45.0) == pytest.approx((5.0, 5.0))


def test_the_bifurcation_is_a_pitchfork():
    # beyond the onset the square of the radius grows with the square of the speed
    onset = whirl_onset(0.9, 1.0, EA=1.0, density=1.0)
    radii = [
        solve(0.9, 1.0, omega=onset * math.sqrt(1 + e), density=1, EA=1.0).radius_max
        for e in (1e-5, 1e-3, 2e-3)
    ]
    assert (radii[2] / radii[1]) ** 2 == pytest.approx(2, rel=1e-2)
    assert (radii[1] / radii[0]) ** 2 == pytest.approx(100, rel=1e-2)
    sentence = refused("taut", 0.9, 1.0, omega=onset * 0.999, density=1, EA=1.0)
    assert "1.10" in sentence


def test_a_stretched_hanging_rope_whirls_at_its_own_onset():
    onset = whirl_onset(0.9, 1.0, EA=10.0, density=0.2, gravity=2.0)
    assert solve(0.9, 1.0, omega=onset * 1.001, density=0.2, EA=10.0, gravity=2.0).radius_max < 0.1
    refused("taut", 0.9, 1.0, omega=onset * 0.999, density=0.2, EA=10.0, gravity=2.0)
    low, high = straight_tension(0.9, 1.0, EA=10.0, density=0.2, gravity=2.0)
    assert high - low == pytest.approx(0.2 * 2.0 * 0.9, rel=1e-12)
    # the length of ∫ 1 + T/EA ds
    assert 0.9 * (1 + (low + high) / 20) == pytest.approx(1.0, rel=1e-12)


def test_the_limit_of_stretch():
    limit = whirl_limit(0.9, EA=10.0, density=0.2)
    assert limit == pytest.approx(math.pi / 0.9 * math.sqrt(50))
    near = [solve(0.9, 1.0, omega=limit * share, density=0.2, EA=10.0) for share in (0.98, 0.99)]
    # a resonance: twice as far for half the distance
    assert near[1].radius_max / near[0].radius_max == pytest.approx(2, rel=0.05)
    assert "without bound" in refused("no_solution", 0.9, 1.0, omega=limit, density=0.2, EA=10.0)


# stall


@pytest.mark.parametrize(
    ("length", "radius", "drag", "lag"),
    [
        (1.5, 0.02, 0.12226, 93.4),
        (1.5, 0.05, 0.31332, 98.5),
        (1.5, 0.10, 0.68590, 106.2),
        (1.5, 0.20, 2.0790, 121.3),
        (2.5, 0.02, 0.02972, 91.8),
        (2.5, 0.05, 0.07487, 94.5),
        (2.5, 0.10, 0.15402, 98.9),
        (2.5, 0.20, 0.34669, 106.9),
    ],
)
def test_the_table_of_stalls(length, radius, drag, lag):
    limit = stall(length, 1.0, radius0=radius, radius1=radius, n_points=9)
    assert limit.drag_number == pytest.approx(drag, rel=2e-4)
    assert limit.lag_deg == pytest.approx(lag, abs=0.06)
    assert limit.rope.diagnostics.invariant_spread < 1e-8


def test_the_stall_by_a_boundary_value_solver():
    """Half a rope that is its own mirror image, at three lags; the drag is the parameter."""

    def rate(_, states, parameters):
        position, force = states[:3], states[3:]
        tension = np.sqrt(np.sum(force**2, axis=0))
        tangent = force / tension
        wind = np.array([0 * tension, -position[2], position[1]])
        over = wind - np.sum(wind * tangent, axis=0) * tangent
        drag = parameters[0] * np.sqrt(np.sum(over**2, axis=0)) * over
        return np.vstack([tangent, np.array([0 * tension, -position[1], -position[2]]) + drag])

    limit = stall(1.5, 1.0, radius0=0.1, radius1=0.1, omega=1, density=1, n_points=9)
    rope = finish(
        drag_branch(1.5, 1.0, radius0=0.1, radius1=0.1, omega=1, density=1, n_points=101)
    ).ropes[30]
    half = slice(0, 51)
    tension = rope.tension[half]
    tangent = np.gradient(np.array([rope.x, rope.y, rope.z]), rope.s, axis=1)[:, half]
    guess = np.vstack([rope.x[half], rope.y[half], rope.z[half], tension * tangent])
    found = []
    for lag in np.radians(np.array([104.0, 106.2, 108.4])):

        def ends(a, b, parameters, lag=lag):
            along = b[1] * math.sin(lag) + b[2] * math.cos(lag)
            return np.array([a[0], a[1] - 0.1, a[2], b[0] - 0.5, b[4], b[5], along])

        bvp = solve_bvp(rate, ends, rope.s[half] / rope.s[50] * 0.75, guess, p=[rope.drag_number],
                        tol=1e-9, max_nodes=20_000)  # fmt: skip
        assert bvp.success
        found.append(bvp.p[0])
    bend = np.polyfit([-1, 0, 1], found, 2)
    assert limit.drag_number == pytest.approx(bend[2] - bend[1] ** 2 / (4 * bend[0]), rel=1e-6)


def test_both_sides_of_the_stall():
    branch = finish(drag_branch(1.5, 1.0, radius0=0.1, radius1=0.1, lag_step=6))
    top = int(np.argmax(branch.drag_number))
    assert np.all(np.diff(branch.lag_deg) > 0)
    assert np.all(np.diff(branch.drag_number[: top + 1]) > 0)
    assert np.all(np.diff(branch.drag_number[top:]) < 0)
    assert branch.lag_deg[-1] == pytest.approx(172, abs=1)
    assert branch.drag_number.max() <= branch.stall.drag_number * (1 + 1e-12)
    assert max(rope.diagnostics.invariant_spread for rope in branch.ropes) < 1e-6
    # the rope that raising the drag leads to is the one of less lag
    reached = solve(1.5, 1.0, radius0=0.1, radius1=0.1, drag_number=branch.drag_number[top - 3])
    assert reached.lag_deg == pytest.approx(branch.lag_deg[top - 3], rel=1e-6)


def test_a_rope_without_bound_has_no_stall():
    with pytest.raises(RopeError, match="stretches without bound") as caught:
        stall(2.6, 0.9, radius0=0.1, radius1=0.1, EA=0.5)
    assert caught.value.parameter == "omega"


def test_small_hands_stall_in_proportion():
    assert least_radius(1.5, 1.0, drag_number=6.084) == pytest.approx(1.0, rel=1e-4)
    assert least_radius(2.5, 1.0, drag_number=1.4836) == pytest.approx(1.0, rel=1e-4)
    tiny = stall(1.5, 1.0, radius0=1e-3, radius1=1e-3, n_points=9)
    assert least_radius(1.5, 1.0, drag_number=tiny.drag_number) == pytest.approx(1e-3, rel=1e-3)


def test_the_sentence_says_the_most_drag():
    sentence = refused("stalled", 1.5, 1.0, radius0=0.1, radius1=0.1, drag_number=0.7)
    assert "0.685886" in sentence
    close = solve(1.5, 1.0, radius0=0.1, radius1=0.1, drag_number=0.685886)
    assert close.lag_deg == pytest.approx(106.2, abs=0.2)
    assert "lever" in refused("stalled", 1.5, 1.0, drag_number=0.1)


# what is said


@pytest.mark.parametrize(
    ("loads", "code", "name"),
    [
        ({"gravity": -1.0}, "bad_value", "gravity"),
        ({"gravity": math.nan}, "bad_value", "gravity"),
        ({"gravity": "9.8"}, "bad_value", "gravity"),
        ({"gravity": np.array([1.0, 2.0])}, "bad_value", "gravity"),
        ({"drag_number": -0.1}, "bad_value", "drag_number"),
        ({"EA": 0.0}, "bad_value", "EA"),
        ({"EA": -math.inf}, "bad_value", "EA"),
        ({"EA": math.nan}, "bad_value", "EA"),
        ({"EA": 10.0, "elastic_number": 0.1}, "bad_value", "elastic_number"),
        ({"elastic_number": 0.1, "omega": 0.0, "gravity": 1.0}, "bad_value", "elastic_number"),
        ({"phase": math.inf}, "bad_value", "phase"),
        ({"air_density": 1.2}, "bad_value", "drag_coefficient"),
        ({"drag_number": 1.0, "air_density": 1.2, "drag_coefficient": 1, "diameter": 0.01},
         "bad_value", "drag_number"),
        ({"gravity": 1.0, "mode": 9}, "bad_value", "mode"),
        ({"gravity": 1.0, "length": 2e4}, "bad_value", "length"),
        ({"gravity": 1.0, "length": 0.9}, "too_short", "length"),
        ({"gravity": 1.0, "length": 1.0}, "taut", "length"),
        ({"gravity": 1.0, "length": None}, "bad_value", "length"),
        ({"gravity": 1.0, "length": None, "slack": 1e-13}, "bad_value", "slack"),
        ({"gravity": 1.0, "length": None, "slack": -0.5}, "too_short", "slack"),
        ({"EA": 10.0, "length": None, "slack": -1.5}, "bad_value", "slack"),
        ({"gravity": 1.0, "radius0": 2e4}, "bad_value", "radius0"),
        ({"phase": 180, "radius0": 1.0, "radius1": 1.0}, "too_short", "length"),
        ({"drag_number": 1.0, "omega": 0.0}, "undetermined", "omega"),
        ({"gravity": 1.0, "omega": 0.0}, "collapsed", "omega"),
        ({"gravity": 1.0, "omega": -1.0}, "bad_value", "omega"),
    ],
)  # fmt: skip
def test_bad_input(loads, code, name):
    with pytest.raises(RopeError) as caught:
        solve(**{"length": 1.5, "span": 1.0, **loads})
    assert caught.value.code == code
    assert caught.value.parameter == name
    assert str(caught.value).endswith(".")


def test_every_outcome_is_a_rope_or_a_sentence():
    random = np.random.default_rng(7)
    codes = set()
    for _ in range(60):
        span = float(10 ** random.uniform(-1, 1))
        loads = {
            "omega": float(10 ** random.uniform(-0.5, 2)),
            "density": float(10 ** random.uniform(-3, 0)),
            "gravity": float(random.choice([0, 9.80665])),
            "EA": float(10 ** random.uniform(0, 6)) if random.random() < 0.5 else math.inf,
            "radius0": span * float(random.choice([0, 0.1, -0.05, 0.5])),
            "radius1": span * float(random.choice([0, 0.1, 0.3])),
            "phase": float(random.choice([0, 45, 200])),
            "drag_number": float(random.choice([0, 0.02, 1.0])),
        }
        try:
            rope = solve(span * float(random.uniform(0.8, 4)), span, n_points=65, **loads)
        except RopeError as error:
            assert str(error).endswith(".")
            codes.add(error.code)
            continue
        assert rope.tension.min() > 0
        if hasattr(rope, "tension_min"):
            assert rope.diagnostics.invariant_spread < 1e-7
            chords = np.sqrt(np.diff(rope.x) ** 2 + np.diff(rope.y) ** 2 + np.diff(rope.z) ** 2)
            assert chords.sum() == pytest.approx(rope.deformed_length, rel=1e-2)
    assert codes >= {"too_short", "stalled", "no_solution"}


def test_the_sentence_says_the_longest_rope_that_is_resolved():
    world = {"radius0": 0.3, "radius1": -0.3, "mode": 6, "omega": 0.3}
    sentence = refused("no_solution", 4700.0, 1.0, gravity=0.1, **world)
    longest = float(sentence.split("resolved has ")[1].split(" m")[0])
    assert 100 < longest < 4700
    assert solve(longest, 1.0, gravity=1e-9, n_points=9, **world).sag > 10
