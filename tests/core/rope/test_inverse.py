"""From a sag, an angle, a force or an area back to the rope."""

import math
import random
import time

import mpmath
import pytest

from zoetrope.core.rope import RopeError, inverse, solve
from zoetrope.core.rope.roots import crossing, least

GIVEN = {
    "sag": lambda rope: rope.sag,
    "end_angle": lambda rope: rope.end_angle_deg[0],
    "axial_force": lambda rope: rope.axial_force,
    "end_tension": lambda rope: rope.end_tension[0],
    "area": lambda rope: rope.area,
    "slack": lambda rope: rope.slack,
}


@pytest.mark.parametrize("mode", [1, 3])
@pytest.mark.parametrize("slack", [1e-15, 1e-8, 1e-3, 0.7, 30.0, 1e6, 1e12])
@pytest.mark.parametrize("name", GIVEN)
def test_there_and_back(name, slack, mode):
    rope = solve(None, 0.9, slack=slack, mode=mode, n_points=3)
    value = GIVEN[name](rope)
    again = inverse(0.9, **{name: value}, mode=mode, n_points=3)
    assert GIVEN[name](again) == pytest.approx(value, rel=1e-14 if slack < 1e9 else 1e-12)
    lost = 0.0  # what the property, rounded to a double, no longer knows about the slack
    if name in ("axial_force", "end_tension"):
        lost = 4e-16 / slack
    if name == "end_angle":
        lost = 1e-15 * slack
    if lost < 0.01:
        assert again.slack == pytest.approx(slack, rel=1e-13 + lost)


@pytest.mark.parametrize("slack", [1e-12, 1e-5, 2.0])
def test_a_sag_against_multiple_precision(slack):
    with mpmath.workdps(50):
        sag = mpmath.mpf(2) ** -20 if slack < 1e-9 else mpmath.mpf("0.3")

        def miss(k):
            return k / (mpmath.ellipk(k * k) * (1 - k * k)) - sag

        k = mpmath.findroot(miss, min(sag * mpmath.pi / 2, mpmath.mpf("0.4")))
        length = 2 * mpmath.ellipe(k * k) / ((1 - k * k) * mpmath.ellipk(k * k)) - 1
        slack = float(length - 1)
    assert inverse(1.0, sag=float(sag)).slack == pytest.approx(slack, rel=1e-14)


@pytest.mark.parametrize("name", ["sag", "end_angle", "axial_force", "end_tension", "area"])
@pytest.mark.parametrize(
    ("length", "radius0", "radius1"),
    [(1.6, 0.1, 0.1), (4.0, 0.3, 0.0), (5.0, 0.0, 3.0), (1.8, -0.1, -0.05), (2.0, -0.1, 0.2)],
)
def test_there_and_back_off_the_axis(name, length, radius0, radius1):
    rope = solve(length, 0.9, radius0=radius0, radius1=radius1, n_points=3)
    value = GIVEN[name](rope)
    again = inverse(0.9, **{name: value}, radius0=radius0, radius1=radius1, n_points=3)
    assert again.length == pytest.approx(length, rel=1e-10)


def test_an_answer_has_the_value_that_was_asked_for():
    dice = random.Random(7)
    answers = 0
    for _ in range(40):
        ends = {"radius0": dice.uniform(-1, 1), "radius1": dice.uniform(-1, 1)}
        name, value = dice.choice(
            [("sag", 1.5), ("end_angle", 60), ("axial_force", 2), ("area", 1)]
        )
        value *= dice.random()
        try:
            rope = inverse(0.9, **{name: value}, **ends, n_points=3)
        except RopeError as error:
            assert (error.code, error.parameter) == ("no_solution", name)
            continue
        answers += 1
        assert GIVEN[name](rope) == pytest.approx(value, rel=1e-9)
    assert answers > 10


@pytest.mark.parametrize("angle", [-1.0, -0.001, 0.001, 0.01, 1.0])
def test_opposite_ends_have_a_rope_at_any_angle_near_the_merger(angle):
    """Where the bulging ropes and the straight one meet, the length does not tell the angle."""
    rope = inverse(0.9, end_angle=angle, radius0=0.3, radius1=-0.3)
    assert rope.end_angle_deg[0] == pytest.approx(angle, rel=1e-9)
    assert rope.y[[0, -1]] == pytest.approx([0.3, -0.3], abs=1e-15)
    assert rope.diagnostics.residual < 1e-12
    assert rope.diagnostics.inertia_residual < 1e-12


def test_no_wrong_angle_where_the_ropes_meet():
    with pytest.raises(RopeError) as caught:
        inverse(0.9, end_angle=0.0, radius0=0.3, radius1=-0.3)
    assert caught.value.parameter == "end_angle"


@pytest.mark.parametrize("radius0", [0.3, -0.1, -2.0])
def test_the_rope_found_is_the_one_that_its_length_gives(radius0):
    for angle in (30.0, 60.0, 80.0):
        rope = inverse(0.9, end_angle=angle, radius0=radius0, radius1=0.1)
        again = solve(None, 0.9, slack=rope.slack, radius0=radius0, radius1=0.1)
        assert again.y == pytest.approx(rope.y, abs=1e-9)
        assert again.diagnostics.warnings == rope.diagnostics.warnings


@pytest.mark.parametrize("radius", [1e-300, 1e-200, 1e-12, 1e-6])
def test_radii_next_to_nothing_give_the_rope_on_the_axis(radius):
    on_axis = inverse(0.9, end_angle=60.0)
    rope = inverse(0.9, end_angle=60.0, radius0=radius, radius1=-radius / 2)
    assert rope.slack == pytest.approx(on_axis.slack, rel=10 * radius + 1e-12)


def test_of_two_ropes_with_a_force_the_longer_is_found():
    short = solve(1.02, 1.0, radius0=0.2, radius1=0.2)
    rope = inverse(1.0, axial_force=short.axial_force, radius0=0.2, radius1=0.2)
    assert rope.axial_force == pytest.approx(short.axial_force, rel=1e-12)
    assert rope.length > short.length


@pytest.mark.parametrize(
    ("arguments", "nearest"),
    [
        ({"axial_force": 0.01}, "more than 0.648 N"),
        ({"end_tension": 0.648}, "more than 0.648 N"),
        ({"end_angle": 90.0}, "below 90°"),
        ({"sag": 0.05, "radius1": 0.1}, "0.1 m"),
        ({"axial_force": 0.1, "radius0": 0.1, "radius1": 0.1}, "is 1.01644 N."),
        ({"sag": 0.05, "radius0": -0.1, "radius1": -0.1}, "reached are -0.1 and 0.101465 m."),
        ({"axial_force": 0.001, "radius0": 0.3, "radius1": -0.3}, "is 0.724212 N."),
        ({"sag": 1e9, "radius0": 1.0}, "1000000000 m is beyond what is searched"),
        (
            {"sag": 0.3119641093525049, "radius0": -1.1840854025627863, "radius1": 0.303446071},
            "reached are 0.303446 and 1.18612 m.",
        ),
        (
            {
                "end_angle": 2.5572131564389218,
                "radius0": 0.00032028297056546347,
                "radius1": -0.012196432291221438,
            },
            "and 3.54897°.",
        ),
    ],
    ids=str,
)
def test_what_no_rope_does_comes_with_what_one_does(arguments, nearest):
    start = time.process_time()
    with pytest.raises(RopeError) as caught:
        inverse(0.9, **arguments)
    assert time.process_time() - start < 0.25  # mostly below 0.05
    assert caught.value.code == "no_solution"
    assert caught.value.parameter == next(iter(arguments))
    assert nearest in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({}, None),
        ({"sag": 1.0, "area": 1.0}, "sag"),
        ({"sag": math.nan}, "sag"),
        ({"sag": -1.0}, "sag"),
        ({"area": "1"}, "area"),
        ({"sag": True}, "sag"),
        ({"end_angle": math.inf}, "end_angle"),
        ({"sag": 1.0, "omega": -1.0}, "omega"),
    ],
    ids=str,
)
def test_bad_questions(arguments, name):
    with pytest.raises(RopeError) as caught:
        inverse(1.0, **arguments)
    assert (caught.value.code, caught.value.parameter) == ("bad_value", name)


def test_taut_and_short_questions():
    with pytest.raises(RopeError) as caught:
        inverse(1.0, slack=0.0)
    assert caught.value.code == "taut"
    with pytest.raises(RopeError) as caught:
        inverse(1.0, slack=-1.0)
    assert caught.value.code == "too_short"


def test_the_searches():
    assert crossing(math.cos, 0.0, 1.0, 2.0) == pytest.approx(math.pi / 2, rel=1e-15)
    assert crossing(lambda x: x**3, 1e-9, 0.0, 5.0) == pytest.approx(1e-3, rel=1e-13)
    place = least(lambda x: 2 + math.cos(x), 2.0, 2.5, 4.0, 1e-8)
    assert place == pytest.approx(math.pi, abs=3e-8)
    assert math.cos(least(math.cos, 1.4, 1.5, 4.0, 1e-8)) < 0
    with pytest.raises(ValueError, match="no sign change"):
        crossing(math.exp, -1.0, 0.0, 1.0)
