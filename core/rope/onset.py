"""When a straight or folded rope on the axis begins to whirl.

A rope on the axis is always a solution. Pulled straight, or hanging in two legs with a fold at the
bottom, it stays there until ω² reaches the lowest eigenvalue of its small sideways motion,

    ((T/λ) y')' + spin·y = 0,

y = 0 at the ends, or free where T falls to 0 at the fold. For an inextensible hanging leg of
length l that is ω = (j₀ₙ/2) sqrt(g/l) (Daniel Bernoulli).
"""

import math
from dataclasses import dataclass

import numpy as np

from zoetrope.core.rope.elliptic import FloatArray


@dataclass(frozen=True, slots=True)
class AxisRope:
    """A rope that lies on the axis, lengths in spans and forces in ρAd.

    `legs` are the unstretched lengths from end 1 and from end 0 down to the fold, (L, 0) for a rope
    that is pulled straight between its ends; `tension0` and `tension1` at the ends; `fold` the
    position of the fold, 0 for a straight rope.
    """

    legs: tuple[float, float]
    tension0: float
    tension1: float
    fold: float

    @property
    def straight(self) -> bool:
        """Whether it is pulled straight from end to end."""
        return self.legs[1] == 0


def axis_rope(length: float, gravity: float, stretch: float) -> AxisRope:
    """How a rope of `length` between ends on the axis, a span apart, lies there without whirling.

    Without gravity a rope longer than its span does not: its tension is 0 and its legs are those
    of the limit of small gravity.
    """
    bottom = (1 - length) / (stretch * length) - gravity * length / 2 if stretch else -math.inf
    if length <= 1 and bottom >= 0:
        return AxisRope((length, 0.0), bottom, bottom + gravity * length, 0.0)
    longer = (length + 1 / (1 + stretch * gravity * length / 2)) / 2
    shorter = length - longer
    fold = -(shorter + stretch * gravity * shorter**2 / 2)
    return AxisRope((longer, shorter), gravity * shorter, gravity * longer, fold)


def onset_spin(length: float, gravity: float, stretch: float, mode: int = 1) -> float:
    """The least `spin`, ω²d/A, at which the rope whirls in `mode`; units of `axis_rope`."""
    rope = axis_rope(length, gravity, stretch)
    if rope.straight:
        return _eigenvalue(rope.tension0, gravity, stretch, rope.legs[0], mode, pinned=True)
    if gravity == 0:
        return 0.0
    if stretch == 0:
        return gravity / rope.legs[0] * float(spin_number_onsets(mode)[-1])
    return _eigenvalue(0.0, gravity, stretch, rope.legs[0], mode, pinned=False)


def spin_number_onsets(count: int) -> FloatArray:
    """Λ_n = (j₀ₙ/2)², n from 1 to `count`: McMahon's series for j₀ₙ, and Newton's method."""
    beta = math.pi * (np.arange(1, count + 1) - 0.25)
    zeros = beta + 1 / (8 * beta) - 124 / (3 * (8 * beta) ** 3) + 120928 / (15 * (8 * beta) ** 5)
    for _ in range(3):
        value, slope = _bessel(zeros)
        zeros = zeros - value / slope
    onsets: FloatArray = (zeros / 2) ** 2
    return onsets


def _bessel(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """J₀ and its derivative at `x` [N], from J₀(x) = (1/π) ∫₀^π cos(x sin t) dt.

    The trapezoidal rule converges faster than any power for a periodic integrand.
    """
    count = 64 + 2 * math.ceil(float(x.max()))
    sine = np.sin(math.pi * (np.arange(count) + 0.5) / count)
    phase = x[:, None] * sine
    return np.mean(np.cos(phase), axis=1), -np.mean(np.sin(phase) * sine, axis=1)


def _eigenvalue(
    tension: float, gravity: float, stretch: float, length: float, mode: int, pinned: bool
) -> float:
    """The eigenvalue number `mode`, by Galerkin's method with polynomials that vanish at the top.

    The tension is `tension` + gravity·σ at a length σ above the lower end; at a tension of 0 there
    the weak form leaves that end free by itself. A small tension at a lower end that is held makes
    a thin layer there, which polynomials in log T resolve and those in σ do not.
    """
    count = 24 + 6 * mode
    nodes, weights = np.polynomial.legendre.leggauss(2 * count)
    share = (nodes + 1) / 2
    if pinned and gravity * length > tension:
        growth = math.log1p(gravity * length / tension)
        force = tension * np.exp(growth * share)
        measure = growth * force / gravity  # dσ/dshare
    else:
        force = tension + gravity * length * share
        measure = np.full(len(share), length)
    scale = float(force.max())
    stiffness = force / scale / (1 + stretch * force)
    values, slopes = _basis(count, nodes, pinned)
    bending = (slopes * (weights * stiffness * 4 / measure)) @ slopes.T
    mass = (values * (weights * measure)) @ values.T
    root = np.linalg.inv(np.linalg.cholesky(mass))
    return scale * float(np.linalg.eigvalsh(root @ bending @ root.T)[mode - 1])


def _basis(count: int, nodes: FloatArray, pinned: bool) -> tuple[FloatArray, FloatArray]:
    """Values and slopes [count, P] of Legendre polynomials less what they are at the ends held."""
    legendre = np.asarray(np.polynomial.legendre.legvander(nodes, count + 1), dtype=np.float64)
    unit = np.eye(count + 2)
    rates = [
        np.polynomial.legendre.legval(nodes, np.polynomial.legendre.legder(row)) for row in unit
    ]
    slope = np.array(rates, dtype=np.float64).T
    if not pinned:
        return (legendre[:, 1:] - 1).T[:count], slope[:, 1:].T[:count]
    # P_{j+2} - P_j vanishes at both ends; its slope is (2j + 3) P_{j+1}
    norm = 1 / np.sqrt(4 * np.arange(count) + 6)
    values = (legendre[:, 2:] - legendre[:, :-2]) * norm
    return values.T, ((slope[:, 2:] - slope[:, :-2]) * norm).T
