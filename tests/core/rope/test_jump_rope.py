"""Gravity across the axis: the frozen snapshot and the rigid rotor, reached in other ways."""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from zoetrope.core.rope import (
    RopeError,
    least_skipping_speed,
    rotor_pendulum,
    snapshot,
    solve,
)

G = 9.80665


@pytest.mark.parametrize("turn", [0, 60, 90, 135, 180])
def test_a_snapshot_is_a_rope_between_shifted_ends(turn):
    shift = G / (4 * math.pi) ** 2 * math.cos(math.radians(turn))
    frozen = snapshot(2.6, 0.9, turn=turn, gravity=G, radius0=0.1, radius1=0.2)
    plain = solve(2.6, 0.9, radius0=0.1 + shift, radius1=0.2 + shift)
    assert np.abs(frozen.y + shift - plain.y).max() < 1e-10
    assert frozen.tension == pytest.approx(plain.tension, rel=1e-9)
    assert frozen.sag == pytest.approx(plain.sag - shift, rel=1e-10)
    assert frozen.diagnostics.invariant_spread < 1e-10
    assert "snapshot" in frozen.model
    assert "not steady" in frozen.model


def test_a_snapshot_of_an_elastic_rope(check_steady):
    pull = G * math.cos(math.radians(20))
    rope = snapshot(2.6, 0.9, turn=20, gravity=G, EA=20.0, n_points=33)
    check_steady(rope, across=pull)


def test_the_rope_hangs_deeper_at_the_bottom():
    bottom, top = (snapshot(1.5, 1.0, turn=turn, gravity=2.0, omega=6) for turn in (0, 180))
    # inextensible: it can hardly move, but it pulls the harder
    assert sum(bottom.radial_force) > sum(top.radial_force)
    weight = 2.0 * 0.05 * 1.5
    spin = [36 * 0.05 * np.trapezoid(rope.y, rope.s) for rope in (bottom, top)]
    assert sum(bottom.radial_force) - spin[0] == pytest.approx(weight, rel=1e-3)
    assert sum(top.radial_force) - spin[1] == pytest.approx(-weight, rel=1e-3)


def test_the_rotor_obeys_the_pendulum():
    model = rotor_pendulum(2.6, 0.9, gravity=G, omega=9.0, n_points=101)
    moment = sum(model.rope.radial_force) / model.rope.omega**2
    square = G * moment / model.rope.inertia
    path = solve_ivp(
        lambda _, state: [state[1], -square * math.sin(state[0])],
        (0, model.period * (1 + 1e-12)),
        [0, model.omega_bottom],
        "DOP853",
        model.time,
        rtol=1e-12,
        atol=1e-12,
    )
    assert np.abs(np.radians(model.turn_deg) - path.y[0]).max() < 1e-9
    assert model.omega == pytest.approx(path.y[1], rel=1e-9)
    assert model.period == pytest.approx(2 * math.pi / 9.0, rel=1e-14)
    assert model.turn_deg[-1] == pytest.approx(360, abs=1e-9)
    assert model.omega.min() == pytest.approx(model.omega_top, rel=1e-9)
    height = -model.rope.sag * np.cos(path.y[0])
    # periodic, so that the trapezoidal rule is exact to rounding
    assert model.mean_height == pytest.approx(np.mean(height[:-1]), rel=1e-8)


@pytest.mark.parametrize(("length", "height"), [(1.5, 0.01334), (1.1, 0.01288)])
def test_it_lingers_at_the_top(length, height):
    model = rotor_pendulum(length, 1.0, gravity=0.02, omega=1, density=1)
    assert model.mean_height_first_order == pytest.approx(height, abs=5e-6)
    assert model.mean_height == pytest.approx(height, rel=1e-2)
    assert model.omega_top < 1 < model.omega_bottom


def test_too_slow_to_skip():
    least = least_skipping_speed(2.6, 0.9, gravity=G)
    assert rotor_pendulum(2.6, 0.9, gravity=G, omega=0.99 * least).too_slow
    assert not rotor_pendulum(2.6, 0.9, gravity=G, omega=1.01 * least).too_slow
    # at that speed at the bottom a rigid rope just reaches the top: ½Iω² = 2ρgS₁
    rope = solve(2.6, 0.9)
    moment = sum(rope.radial_force) / rope.omega**2
    assert rope.inertia * least**2 / 2 == pytest.approx(2 * G * moment, rel=1e-12)


def test_a_turn_that_almost_stops():
    least = least_skipping_speed(1.5, 1.0, gravity=1.0)
    slow = rotor_pendulum(1.5, 1.0, gravity=1.0, omega=0.1 * least)
    assert slow.omega_bottom == pytest.approx(least, rel=1e-6)
    assert slow.omega_top < 1e-3 * least
    assert np.all(np.diff(slow.turn_deg) >= 0)
    fast = rotor_pendulum(1.5, 1.0, gravity=1.0, omega=1e4)
    assert fast.omega_bottom == pytest.approx(1e4, rel=1e-7)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: rotor_pendulum(1.5, 1.0, gravity=1.0, omega=1e-4), "no_solution"),
        (lambda: rotor_pendulum(1.5, 1.0, gravity=0.0), "bad_value"),
        (lambda: rotor_pendulum(0.5, 1.0, gravity=1.0), "too_short"),
        (lambda: rotor_pendulum(1.5, 1.0, gravity=1.0, omega=0), "undetermined"),
        (lambda: snapshot(0.5, 1.0, turn=0, gravity=1.0), "too_short"),
        (lambda: snapshot(1.5, 1.0, turn=math.nan, gravity=1.0), "bad_value"),
        (lambda: snapshot(1.5, 1.0, turn=180, gravity=9.8, omega=1.0), "no_solution"),
        (lambda: snapshot(1.5, 1.0, turn=0, gravity=9.8, omega=0), "undetermined"),
    ],
)
def test_bad_input(call, code):
    with pytest.raises(RopeError) as caught:
        call()
    assert caught.value.code == code
    assert str(caught.value).endswith(".")
