"""Shapes from which a chain can be let go."""

import math

import numpy as np

from zoetrope.core.rope.arguments import real, whole
from zoetrope.core.rope.chain import Chain, ChainState
from zoetrope.core.rope.elliptic import FloatArray
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.overlays import catenary
from zoetrope.core.rope.tridiagonal import solve_tridiagonal
from zoetrope.core.rope.troposkein import solve

SHAPES = ("v_shape", "zigzag", "hanging", "mode_2", "steady")
FINE = 4097  # points of a curve before it is cut into links


def start_chain(
    chain: Chain,
    shape: str | FloatArray = "v_shape",
    *,
    noise: float = 0.0,
    seed: int = 0,
) -> ChainState:
    """`chain` at rest beside the rod, in a shape of its length between its ends.

    "v_shape" is two straight halves, "zigzag" four quarters, "hanging" the catenary below the axis,
    "mode_2" and "steady" the rope that turns steadily with two lobes and with one. An array [2, P]
    or [3, P] of points x, y(, z) in metres gives any other: it is cut into links of equal length,
    and laid between the ends. `noise` moves every joint by that share of the span (a normal deviate
    from `seed`) before. Raises RopeError("bad_value").
    """
    points = _named(chain, shape) if isinstance(shape, str) else _given(shape)
    joints = _equal_parts(points, chain.segments)
    rng = np.random.default_rng(whole(seed, "seed", 0, 2**31 - 1))
    joints[:, 1:-1] += (
        real(noise, "noise") * chain.span * rng.standard_normal((3, chain.segments - 1))
    )
    joints[:, 0] = 0.0, chain.radius0, 0.0
    joints[:, -1] = chain.span, chain.radius1, 0.0
    links = settle_links(joints, chain.segment)
    return ChainState(chain, 0, links, links, np.zeros(chain.segments))


def settle_links(joints: FloatArray, segment: float) -> FloatArray:
    """Joints [3, n + 1] near the given ones with all links `segment` long and the ends in place.

    Each link pulls its joints along itself until it is satisfied, all links at once (Newton's
    method on the constraints, the least move of the joints in each turn).
    """
    found = joints.copy()
    square = segment**2
    for _ in range(200):
        links = np.diff(found)
        excess = np.einsum("ij,ij->j", links, links) - square
        if np.abs(excess).max() < 1e-12 * square:
            break
        middle = 4 * np.einsum("ij,ij->j", links, links)
        middle[[0, -1]] /= 2
        beside = -2 * np.einsum("ij,ij->j", links[:, 1:], links[:, :-1])
        # a link that must nearly double makes Newton's step overshoot: take part of it
        part = min(1.0, 0.5 * square / np.abs(excess).max())
        pull = part * solve_tridiagonal(beside, middle, beside, excess)
        found[:, 1:-1] += np.diff(pull * links)
    else:
        raise RopeError(
            "bad_value",
            "No chain of this length lies near the shape given; draw it closer to the length.",
            "shape",
        )
    return found


def _named(chain: Chain, shape: str) -> FloatArray:
    """The points [3, P] of a shape by its name."""
    if shape == "v_shape":
        return _folded(chain, 2)
    if shape == "zigzag":
        return _folded(chain, 4)
    if shape == "hanging":
        return _hanging(chain)
    if shape in ("mode_2", "steady"):
        return _turning(chain, 2 if shape == "mode_2" else 1)
    known = ", ".join(SHAPES)
    raise RopeError("bad_value", f"shape must be one of {known}, not {shape!r}.", "shape")


def _chord(chain: Chain) -> tuple[float, FloatArray, FloatArray]:
    """The straight distance of the ends and the unit vectors [2, 1] along it and to its left."""
    distance = math.hypot(chain.span, chain.radius1 - chain.radius0)
    along = np.array([[chain.span], [chain.radius1 - chain.radius0]]) / distance
    return distance, along, np.array([-along[1], along[0]])


def _folded(chain: Chain, parts: int) -> FloatArray:
    """Straight parts of equal length, up and down in turn."""
    distance, along, left = _chord(chain)
    height = math.sqrt((chain.length - distance) * (chain.length + distance)) / parts
    up = height * (np.arange(parts + 1) % 2)
    corners = distance * np.arange(parts + 1) / parts * along + up * left
    return _given(corners + np.array([[0.0], [chain.radius0]]))


def _hanging(chain: Chain) -> FloatArray:
    """The catenary to the right of the line between the ends."""
    distance, along, left = _chord(chain)
    half = catenary((chain.length - distance) / distance).points(np.linspace(0.0, 1.0, FINE))
    over = np.concatenate([0.5 - half.across[:0:-1], 0.5 + half.across])
    down = np.concatenate([half.height[:0:-1], half.height])
    return _given(distance * (over * along - down * left) + np.array([[0.0], [chain.radius0]]))


def _turning(chain: Chain, mode: int) -> FloatArray:
    """The rope that turns steadily in this mode."""
    rope = solve(
        chain.length,
        chain.span,
        omega=chain.omega,
        density=chain.density,
        mode=mode,
        radius0=chain.radius0,
        radius1=chain.radius1,
        n_points=FINE,
        sampling="arc",
    )
    return np.stack([rope.x, rope.y, rope.z])


def _given(shape: FloatArray) -> FloatArray:
    """Points as [3, P]."""
    points = np.asarray(shape, dtype=np.float64)
    if points.ndim != 2 or points.shape[0] not in (2, 3) or points.shape[1] < 2:
        message = f"A shape is an array of 2 or 3 rows of coordinates, not of shape {points.shape}."
        raise RopeError("bad_value", message, "shape")
    if not np.isfinite(points).all():
        raise RopeError("bad_value", "A shape's points must be finite numbers.", "shape")
    return points if len(points) == 3 else np.vstack([points, np.zeros(points.shape[1])])


def _equal_parts(points: FloatArray, parts: int) -> FloatArray:
    """The polyline through `points` [3, P] at parts + 1 places evenly along it."""
    passed = np.concatenate([[0.0], np.cumsum(np.sqrt(np.sum(np.diff(points) ** 2, axis=0)))])
    if passed[-1] == 0:
        raise RopeError("bad_value", "A shape's points must not all be the same.", "shape")
    places = np.linspace(0.0, passed[-1], parts + 1)
    return np.stack([np.interp(places, passed, row) for row in points])
