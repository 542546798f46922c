"""Drawing from the plane's classic toy distributions, i.i.d. and to the exact count.

Coordinates are those of the generators that FFJORD and Residual Flows share, so that likelihoods
compare; theirs put rings, moons and circles on regular angles and round some counts down.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
TURN = 2 * np.pi
RING_RADII = (0.75, 1.5, 2.25, 3.0)
RING_WIDTH = 0.08
CIRCLE_RADII = (3.0, 1.5)
CIRCLE_WIDTH = 0.24
EIGHT_SCALE = 1.414  # theirs, and not the root of 2
SPIRAL_BOX, SPIRAL_WIDTH = 0.5 / 3, 0.1
LINE_REACH = 2.5


def _on_circle(radius: Floats, angle: Floats) -> Floats:
    points: Floats = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1)
    return points


def _eight_gaussians(rng: np.random.Generator, n: int) -> Floats:
    centres = _on_circle(np.full(n, 4.0), rng.integers(0, 8, n) * TURN / 8)
    return (centres + 0.5 * rng.standard_normal((n, 2))) / EIGHT_SCALE


def _moons(rng: np.random.Generator, n: int) -> Floats:
    t, upper = rng.random(n) * np.pi, rng.random(n) < 0.5
    x = np.where(upper, np.cos(t), 1 - np.cos(t))
    y = np.where(upper, np.sin(t), 0.5 - np.sin(t))
    points = np.stack([2 * x - 1, 2 * y - 0.2], 1)
    return points + 0.2 * rng.standard_normal((n, 2))


def _circles(rng: np.random.Generator, n: int) -> Floats:
    radius = np.asarray(CIRCLE_RADII)[rng.integers(0, 2, n)]
    return _on_circle(radius, rng.random(n) * TURN) + CIRCLE_WIDTH * rng.standard_normal((n, 2))


def _rings(rng: np.random.Generator, n: int) -> Floats:
    radius = np.asarray(RING_RADII)[rng.integers(0, 4, n)]
    return _on_circle(radius, rng.random(n) * TURN) + RING_WIDTH * rng.standard_normal((n, 2))


def _two_spirals(rng: np.random.Generator, n: int) -> Floats:
    t = np.sqrt(rng.random(n)) * 1.5 * TURN
    arm = np.stack([-np.cos(t) * t, np.sin(t) * t], 1) / 3 + SPIRAL_BOX * rng.random((n, 2))
    side = np.where(rng.random(n) < 0.5, 1.0, -1.0)
    return side[:, None] * arm + SPIRAL_WIDTH * rng.standard_normal((n, 2))


def _swiss_roll(rng: np.random.Generator, n: int) -> Floats:
    t = 0.75 * TURN * (1 + 2 * rng.random(n))
    return (_on_circle(t, t) + rng.standard_normal((n, 2))) / 5


def _checkerboard(rng: np.random.Generator, n: int) -> Floats:
    x = rng.random(n) * 4 - 2
    y = rng.random(n) - 2 * rng.integers(0, 2, n) + np.floor(x) % 2
    return 2 * np.stack([x, y], 1)


def _pinwheel(rng: np.random.Generator, n: int) -> Floats:
    along, across = 1 + 0.3 * rng.standard_normal(n), 0.1 * rng.standard_normal(n)
    turn = -(rng.integers(0, 5, n) * TURN / 5 + 0.25 * np.exp(along))
    cos, sin = np.cos(turn), np.sin(turn)
    return 2 * np.stack([along * cos - across * sin, along * sin + across * cos], 1)


def _line(rng: np.random.Generator, n: int) -> Floats:
    x = (rng.random(n) * 2 - 1) * LINE_REACH
    return np.stack([x, x], 1)


def _cosine(rng: np.random.Generator, n: int) -> Floats:
    x = (rng.random(n) * 2 - 1) * LINE_REACH
    return np.stack([x, 2.5 * np.sin(x)], 1)


SAMPLERS: dict[str, Callable[[np.random.Generator, int], Floats]] = {
    "8gaussians": _eight_gaussians,
    "moons": _moons,
    "circles": _circles,
    "rings": _rings,
    "2spirals": _two_spirals,
    "swissroll": _swiss_roll,
    "checkerboard": _checkerboard,
    "pinwheel": _pinwheel,
    "line": _line,
    "cos": _cosine,
}
