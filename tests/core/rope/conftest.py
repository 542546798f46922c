"""An independent look at steady ropes: the differential equation, integrated from one end."""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp


def rate_of_change(state, gravity, omega, density, drag_number, span, stretch, across=0.0):
    """d(X, F)/ds of the rope as the force balance says it, in SI units."""
    position, force = state[:3], state[3:]
    tension = np.sqrt(np.sum(force**2))
    tangent, extension = force / tension, 1 + tension * stretch
    wind = np.array([0, -position[2], position[1]])
    over = wind - (wind @ tangent) * tangent
    # ½ρ_air C_d D = Dg ρ/d, and the speed is ω times the wind
    drag = drag_number * density / span * omega**2 * np.sqrt(over @ over) * over * extension
    outward = omega**2 * np.array([0, position[1], position[2]]) + [0, across, 0]
    return np.concatenate([extension * tangent, density * ([gravity, 0, 0] - outward) + drag])


def integrated(rope, at, across=0.0):
    """States [6, P] at arc lengths `at` of the rope that starts like `rope` at end 0."""
    start = [rope.x[0], rope.y[0], rope.z[0], *rope.force0]
    stretch = 0.0 if math.inf == rope.EA else 1 / rope.EA
    arguments = (
        rope.gravity,
        rope.omega,
        rope.density,
        rope.drag_number,
        rope.span,
        stretch,
        across,
    )
    path = solve_ivp(
        lambda _, state: rate_of_change(state, *arguments),
        (0, rope.length),
        start,
        "DOP853",
        np.clip(at, 0, rope.length),
        rtol=1e-12,
        atol=1e-14 * max(rope.length, max(rope.end_tension)),
    )
    return path.y


@pytest.fixture
def check_steady():
    def check(rope, bound=1e-7, across=0.0):
        states = integrated(rope, rope.s, across)
        size = bound * max(rope.length, rope.radius_max)
        assert np.abs(states[:3] - [rope.x, rope.y, rope.z]).max() < size
        tension = np.sqrt(np.sum(states[3:] ** 2, axis=0))
        assert np.abs(tension - rope.tension).max() < bound * max(rope.end_tension)
        assert rope.s[-1] == pytest.approx(rope.length, rel=1e-9)
        ends = np.hypot(rope.y, rope.z)[[0, -1]]
        assert ends == pytest.approx([abs(rope.radius0), abs(rope.radius1)], rel=1e-9, abs=1e-12)
        assert rope.x[[0, -1]] == pytest.approx([0, rope.span], rel=1e-9, abs=1e-12 * rope.length)
        assert rope.diagnostics.invariant_spread < 1e-9
        assert rope.diagnostics.inertia_residual < 1e-9

    return check
