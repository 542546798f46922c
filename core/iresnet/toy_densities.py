"""The exact log-densities of the toy distributions, by sums that decay faster than any power.

A curve blurred by a Gaussian is a mixture over Gauss-Legendre nodes along it, spaced closer than
the blur; rings are Bessel functions; the pinwheel is a change of variables with all its preimages.

Each takes the standard deviation of Gaussian noise that was added to the points: a blur only grows
by it, and a box becomes one. The pinwheel's and the cosine's have no such form.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from torch import Tensor

from zoetrope.core.iresnet.toy_samples import (
    CIRCLE_RADII,
    CIRCLE_WIDTH,
    EIGHT_SCALE,
    LINE_REACH,
    RING_RADII,
    RING_WIDTH,
    SPIRAL_BOX,
    SPIRAL_WIDTH,
    TURN,
)

CHUNK = 125  # points at once: a few ms, and 30 for the spirals
_NODES_A_PIECE = 20
_PINWHEEL_NODES = 2048  # angles in which the pinwheel's preimages are looked for
_BISECTIONS = 45
_LOG_TURN = math.log(TURN)


@cache
def _nodes(count: int) -> tuple[Tensor, Tensor]:
    """Gauss-Legendre nodes and weights on [0, 1], twenty on each of equal pieces: NumPy takes
    seconds for hundreds at once.
    """
    x, w = np.polynomial.legendre.leggauss(_NODES_A_PIECE)
    pieces = count // _NODES_A_PIECE
    nodes = (np.arange(pieces)[:, None] + (x + 1) / 2) / pieces
    return torch.from_numpy(nodes.ravel()), torch.from_numpy(np.tile(w / 2 / pieces, pieces))


def _mixture(points: Tensor, centres: Tensor, weights: Tensor, width: float) -> Tensor:
    distances = torch.cdist(points, centres, compute_mode="donot_use_mm_for_euclid_dist")
    exponents = weights.log() - distances**2 / (2 * width**2)
    return torch.logsumexp(exponents, 1) - _LOG_TURN - 2 * math.log(width)


def _eight_gaussians(points: Tensor, noise: float) -> Tensor:
    angles = torch.arange(8, dtype=torch.float64) * TURN / 8
    centres = torch.stack([angles.cos(), angles.sin()], 1) * 4 / EIGHT_SCALE
    weights = torch.full((8,), 1 / 8, dtype=torch.float64)
    return _mixture(points, centres, weights, math.hypot(0.5 / EIGHT_SCALE, noise))


def _moons(points: Tensor, noise: float) -> Tensor:
    nodes, weights = _nodes(200)
    t = nodes * math.pi
    upper = torch.stack([2 * t.cos() - 1, 2 * t.sin() - 0.2], 1)
    lower = torch.stack([1 - 2 * t.cos(), 0.8 - 2 * t.sin()], 1)
    centres, width = torch.cat([upper, lower]), math.hypot(0.2, noise)
    return _mixture(points, centres, weights.repeat(2) / 2, width)


def _swiss_roll(points: Tensor, noise: float) -> Tensor:
    nodes, weights = _nodes(600)
    t = 0.75 * TURN * (1 + 2 * nodes)
    centres = torch.stack([t * t.cos(), t * t.sin()], 1) / 5
    return _mixture(points, centres, weights, math.hypot(0.2, noise))


def _rings_of(points: Tensor, radii: tuple[float, ...], width: float) -> Tensor:
    r = torch.hypot(points[:, 0], points[:, 1]).unsqueeze(1)
    ring = torch.tensor(radii, dtype=torch.float64)
    bessel = torch.special.i0e(r * ring / width**2).log()
    sums = torch.logsumexp(bessel - (r - ring) ** 2 / (2 * width**2), 1)
    return sums - math.log(len(radii)) - _LOG_TURN - 2 * math.log(width)


def _two_spirals(points: Tensor, noise: float) -> Tensor:
    nodes, weights = _nodes(500)
    t = 1.5 * TURN * nodes  # the square root of a uniform number has density 2 v
    x, y = -t.cos() * t / 3, t.sin() * t / 3
    sides, width = [], math.hypot(SPIRAL_WIDTH, noise)
    for side in (1, -1):
        px, py = side * points[:, :1] - x, side * points[:, 1:] - y
        boxes = _blurred_box(px, SPIRAL_BOX, width) + _blurred_box(py, SPIRAL_BOX, width)
        sides.append((2 * nodes * weights).log() + boxes)
    return torch.logsumexp(torch.cat(sides, 1), 1) - math.log(2)


def _blurred_box(x: Tensor, side: float, width: float) -> Tensor:
    """Log-density of a uniform number on [0, side] plus Gaussian noise of that width."""
    middle = side / 2
    beyond = (x - middle).abs()  # symmetric: the side on which the difference keeps its digits
    near, far = (middle - beyond) / width, (-middle - beyond) / width
    # Subnormal numbers are slow, and the tail's formula stands in for them anyway.
    closer, farther = -near.clamp(min=-31) / math.sqrt(2), -far.clamp(min=-36) / math.sqrt(2)
    mass = (torch.erfc(closer) - torch.erfc(farther)) / 2
    # Far outside, the mass is below float64's range: its leading asymptotic term.
    tail = -(near**2) / 2 - torch.log(-near.clamp(max=-1)) - math.log(TURN) / 2
    return torch.where(near < -30, tail, mass.clamp(min=1e-300).log()) - math.log(side)


def _checkerboard(points: Tensor, noise: float) -> Tensor:
    if noise:
        return _blurred_squares(points, noise)
    x, y = points[:, 0] / 2, points[:, 1] / 2
    inside = (x.abs() < 2) & (y.abs() < 2) & ((x.floor() + y.floor()) % 2 == 0)
    heights = torch.tensor([-math.inf, -math.log(32)], dtype=torch.float64)
    return heights[inside.long()]


def _blurred_squares(points: Tensor, noise: float) -> Tensor:
    corners = torch.arange(-4, 4, 2, dtype=torch.float64)
    x, y = (_blurred_box(points[:, i : i + 1] - corners, 2.0, noise) for i in (0, 1))
    squares = [x[:, i] + y[:, j] for i in range(4) for j in range(4) if (i + j) % 2 == 0]
    return torch.logsumexp(torch.stack(squares, 1), 1) - math.log(len(squares))


def _line(points: Tensor, noise: float) -> Tensor:
    along, across = (points[:, 0] + points[:, 1]), (points[:, 0] - points[:, 1])
    side = LINE_REACH * math.sqrt(2)
    box = _blurred_box(along / math.sqrt(2) + side, 2 * side, noise)
    return box - (across / noise) ** 2 / 4 - math.log(noise) - _LOG_TURN / 2


def _pinwheel(points: Tensor) -> Tensor:
    """A Gaussian's point at angle t moves to t - e^(r cos t) / 4 - 2 pi k / 5 and keeps r.

    All preimages of all five arms are the zeros of one sine over a turn of t; each adds the
    Gaussian's density over the map's slope.
    """
    r, angle = torch.hypot(points[:, 0], points[:, 1]) / 2, torch.atan2(points[:, 1], points[:, 0])
    edges = torch.linspace(-math.pi, math.pi, _PINWHEEL_NODES + 1, dtype=torch.float64)

    def zero(t: Tensor, radius: Tensor, at: Tensor) -> Tensor:
        return torch.sin(2.5 * (t - torch.exp(radius * t.cos()) / 4 - at))

    values = zero(edges, r.unsqueeze(1), angle.unsqueeze(1))
    which, cell = torch.nonzero((values[:, 1:] > 0) != (values[:, :-1] > 0), as_tuple=True)
    low, high = edges[cell], edges[cell + 1]
    rising = values[which, cell + 1] > 0
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        above = (zero(middle, r[which], angle[which]) > 0) == rising
        low, high = torch.where(above, low, middle), torch.where(above, middle, high)
    along, across = r[which] * low.cos(), r[which] * low.sin()
    slope = (1 + torch.exp(along) / 4 * across).abs()
    logs = -(((along - 1) / 0.3) ** 2) / 2 - ((across / 0.1) ** 2) / 2 - slope.log()
    logs = logs - _LOG_TURN - math.log(0.03) - math.log(5) - math.log(4)
    return _sum_of_exponentials(logs, which, len(points))


def _sum_of_exponentials(logs: Tensor, which: Tensor, count: int) -> Tensor:
    most = torch.full((count,), -1e300, dtype=torch.float64)
    most = most.scatter_reduce(0, which, logs, "amax")
    sums = torch.zeros(count, dtype=torch.float64)
    return most + sums.index_add(0, which, torch.exp(logs - most[which])).log()


LOG_DENSITIES: dict[str, Callable[[Tensor, float], Tensor]] = {
    "8gaussians": _eight_gaussians,
    "moons": _moons,
    "circles": lambda x, noise: _rings_of(x, CIRCLE_RADII, math.hypot(CIRCLE_WIDTH, noise)),
    "rings": lambda x, noise: _rings_of(x, RING_RADII, math.hypot(RING_WIDTH, noise)),
    "2spirals": _two_spirals,
    "swissroll": _swiss_roll,
    "checkerboard": _checkerboard,
    "pinwheel": lambda x, _: _pinwheel(x),
    "line": _line,
}

ONLY_SHARP = ("pinwheel",)  # known without noise only
ONLY_BLURRED = ("line",)  # known with noise only
