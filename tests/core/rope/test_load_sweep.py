"""The data of bifurcation diagrams: ropes along one argument."""

import math

import numpy as np
import pytest

from zoetrope.core.rope import RopeError, lift_off_speed, solve, sweep, whirl_onset
from zoetrope.core.stepping import finish


def test_lift_off_seen_from_the_speed():
    speeds = np.linspace(2, 12, 11)
    seen = finish(sweep("omega", speeds, 1.5, 1.0, gravity=9.80665))
    onset = lift_off_speed(1.5, 1.0, gravity=9.80665)
    assert np.all(seen.radius_max[speeds < onset] == 0)
    assert np.all(np.diff(seen.radius_max[speeds > onset]) > 0)
    assert set(seen.codes) == {"", "collapsed"}
    alone = solve(1.5, 1.0, omega=7, gravity=9.80665)
    assert seen.radius_max[5] == pytest.approx(alone.radius_max, rel=1e-10)
    assert seen.tension_max[5] == pytest.approx(alone.end_tension[1], rel=1e-10)
    assert seen.ropes[0] is None
    assert math.isnan(seen.tension_max[0])


def test_whirling_and_giving_way():
    speeds = np.linspace(1, 60, 12)
    seen = finish(sweep("omega", speeds, 0.9, 1.0, EA=10.0))
    onset = whirl_onset(0.9, 1.0, EA=10.0)
    assert np.all(seen.radius_max[speeds < onset] == 0)
    assert [code for code, w in zip(seen.codes, speeds, strict=True) if w < onset] == ["taut"] * 3
    assert seen.codes[-1] == "no_solution"
    assert math.isnan(seen.radius_max[-1])


def test_lag_against_drag():
    numbers = np.linspace(0, 0.8, 9)
    seen = finish(sweep("drag_number", numbers, 1.5, 1.0, radius0=0.1, radius1=0.1))
    assert seen.codes == ("",) * 7 + ("stalled",) * 2
    assert np.all(np.diff(seen.lag_deg[:7]) > 0)
    assert seen.lag_deg[0] == 0
    assert seen.lag_deg[4] == pytest.approx(49.3308625767, rel=1e-9)


def test_only_a_rope_between_ends_on_the_axis_lies_on_it():
    lying = finish(sweep("radius1", np.zeros(1), 1.0, 1.0))
    sloping = finish(sweep("radius1", np.array([0.75]), 1.25, 1.0))
    assert lying.codes == sloping.codes == ("taut",)
    assert lying.radius_max[0] == 0
    assert math.isnan(sloping.radius_max[0])


def test_it_says_how_far_it_is():
    shares = list(sweep("gravity", np.linspace(0, 5, 6), 1.5, 1.0))
    assert shares == sorted(shares)
    assert shares[-1] < 1


def test_bad_values_are_refused():
    with pytest.raises(RopeError, match="gravity must be at least 0"):
        finish(sweep("gravity", np.array([1.0, -1.0]), 1.5, 1.0))
