"""The curve of a spinning rope without its units: density, angular speed and span are 1 here.

With u running evenly along the axis, y = h sn(u), h = 2k/(k'²Δu), and the axial force is
H = 1/(k'²Δu²); Δu is the run of u over the span. A rope on the axis in mode n has u from 0 to 2nK.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zoetrope.core.rope.elliptic import FloatArray, Modulus, agm
from zoetrope.core.rope.quadrature import gauss_legendre

Sampling = Literal["x", "arc"]


@dataclass(frozen=True, slots=True)
class Shape:
    """One rope: its modulus, the phases of its ends in half-waves u/2K, and its lengths.

    `slack` is length over the straight distance of the ends, minus 1; `excess` is length over
    span, minus 1. The two agree where both ends have the same radius.
    """

    modulus: Modulus
    start: float
    stop: float
    radius0: float
    radius1: float
    slack: float
    excess: float

    @property
    def on_axis(self) -> bool:
        """Whether both ends lie on the axis, where everything has a closed form."""
        return self.radius0 == 0 and self.radius1 == 0

    @property
    def run(self) -> float:
        """Δu, the run of the elliptic argument over the span."""
        return 2 * self.modulus.K * (self.stop - self.start)

    @property
    def amplitude(self) -> float:
        """h, the radius of an apex whether or not the rope reaches one."""
        return 2 * self.modulus.k / (self.modulus.mc * self.run)

    @property
    def axial_force(self) -> float:
        """H, the same everywhere along the rope."""
        return 1 / (self.modulus.mc * self.run**2)

    def greatest(self) -> float:
        """The greatest signed radius: an apex inside the rope, or else the higher end."""
        if apex_between(self.start - 0.5, self.stop - 0.5):
            return self.amplitude
        return max(self.radius0, self.radius1)

    def least(self) -> float:
        """The least signed radius: a trough inside the rope, or else the lower end."""
        if apex_between(self.start + 0.5, self.stop + 0.5):
            return -self.amplitude
        return min(self.radius0, self.radius1)


def apex_between(start: float, stop: float) -> bool:
    """Whether an even number lies between the two, ends included."""
    return 2 * math.ceil(start / 2) <= stop


class Samples(NamedTuple):
    """A rope at a set of points, float64 arrays of one shape [P]; angle in radians."""

    x: FloatArray
    y: FloatArray
    s: FloatArray
    tension: FloatArray
    angle: FloatArray
    curvature: FloatArray


def evaluate(shape: Shape, half_waves: FloatArray, x: FloatArray) -> Samples:
    """The rope at phases `half_waves` [P] with abscissas `x` [P], a fraction of the span.

    T = H(1 + 2(m/mc) cn²), tan(θ/2) = k cd(u), κ = y H/T², and the arc length from
    s = (S(u) - S(u₀))/Δu, S = (1 + 2(m/mc)r) u + 2 Z(u)/mc, with E(u) = (mc + m r) u + Z(u).
    """
    modulus = shape.modulus
    sn, cn, dn, zeta = modulus.jacobi(half_waves)
    first = modulus.jacobi(np.array([shape.start])).zeta[0]
    force = shape.axial_force
    y = shape.amplitude * sn
    tension = force * (1 + 2 * modulus.ratio * cn * cn)
    stretch = 1 + 2 * modulus.ratio * modulus.r
    return Samples(
        x=x,
        y=y,
        s=stretch * x + 2 * (zeta - first) / (modulus.mc * shape.run),
        tension=tension,
        angle=2 * np.arctan(modulus.k * cn / dn),
        curvature=y * force / (tension * tension),
    )


def sample(shape: Shape, n_points: int, sampling: Sampling) -> Samples:
    """The rope at `n_points` points, spaced evenly along the axis ("x") or the rope ("arc")."""
    if shape.on_axis:
        return _sample_mirrored(shape, n_points, sampling)
    x, half_waves = _stations(shape, np.arange(n_points), n_points, sampling)
    samples = evaluate(shape, half_waves, x)
    samples.s[-1] = 1 + shape.excess
    samples.y[0], samples.y[-1] = shape.radius0, shape.radius1
    return samples


def _stations(
    shape: Shape, index: NDArray[np.int_], n_points: int, sampling: Sampling
) -> tuple[FloatArray, FloatArray]:
    """Abscissas and phases of the points `index` out of `n_points`."""
    waves = shape.stop - shape.start
    if sampling == "x":
        x = index / (n_points - 1)
        return x, shape.start + waves * x
    half_waves = _phases_along(shape, index / (n_points - 1))
    x = (half_waves - shape.start) / waves
    x[index == n_points - 1] = 1.0
    return x, half_waves


def _sample_mirrored(shape: Shape, n_points: int, sampling: Sampling) -> Samples:
    """Half of an on-axis rope and its mirror image, so that the symmetry holds to the last bit."""
    half, rest = (n_points + 1) // 2, n_points // 2
    x, half_waves = _stations(shape, np.arange(half), n_points, sampling)
    left = evaluate(shape, half_waves, x)
    parity = 1 if round(shape.stop) % 2 else -1

    def mirrored(values: FloatArray, sign: int, offset: float = 0.0) -> FloatArray:
        return np.concatenate([values, offset + sign * values[:rest][::-1]])

    return Samples(
        x=mirrored(left.x, -1, 1.0),
        y=mirrored(left.y, parity),
        s=mirrored(left.s, -1, 1 + shape.excess),
        tension=mirrored(left.tension, 1),
        angle=mirrored(left.angle, -parity),
        curvature=mirrored(left.curvature, parity),
    )


def _phases_along(shape: Shape, fraction: FloatArray) -> FloatArray:
    """Phases at which `fraction` [P] of the rope's length is passed.

    S(u) gains the same over every half-wave and is concave between a zero and an apex, so Newton's
    method from a point on the left climbs to the root without passing it.
    """
    modulus = shape.modulus
    gain = 2 * modulus.K * (1 + 2 * modulus.ratio * modulus.r)

    def along(half_waves: FloatArray) -> FloatArray:
        zeta = modulus.jacobi(half_waves).zeta
        passed: FloatArray = gain * half_waves + 2 / modulus.mc * zeta
        return passed

    first = along(np.array([shape.start]))[0]
    target = first + fraction * (1 + shape.excess) * shape.run
    zero = np.rint(target / gain)
    distance = np.abs(target - zero * gain)
    table = np.linspace(0, 0.5, 257)
    passed = along(table)
    place = np.clip(np.searchsorted(passed, distance, side="right") - 1, 0, 256)
    phase = table[place]
    for _ in range(40):
        slope = 2 * modulus.K * (1 + 2 * modulus.ratio * modulus.jacobi(phase).cn ** 2)
        step = (distance - along(phase)) / slope
        phase = np.clip(phase + step, 0, 0.5)
        if np.max(np.abs(step)) < 1e-14:
            break
    phases: FloatArray = zero + np.copysign(phase, target - zero * gain)
    return phases


def panels(modulus: Modulus, edges: list[float]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Quadrature in half-waves between consecutive `edges`: nodes, weights and edge interval.

    Elliptic functions have their poles K' away from the real line; intervals wider than 2K' are
    cut, which leaves the 24 nodes an error below 1e-18 of the integrand. The third array says which
    interval a node is in.
    """
    other, _ = agm(modulus.mc, modulus.m, math.sqrt)
    widest = other / modulus.K
    nodes, weights, interval = [], [], []
    for number, (low, high) in enumerate(pairwise(edges)):
        shares, share_weights = _cut(max(1, math.ceil((high - low) / widest)))
        nodes.append(low + (high - low) * shares)
        weights.append((high - low) * share_weights)
        interval.append(np.full(len(shares), number))
    if len(nodes) == 1:
        return nodes[0], weights[0], interval[0]
    return np.concatenate(nodes), np.concatenate(weights), np.concatenate(interval)


@lru_cache(maxsize=64)
def _cut(count: int) -> tuple[FloatArray, FloatArray]:
    """Gauss's rule on [0, 1] cut into `count` equal pieces: nodes and weights."""
    nodes, weights = gauss_legendre()
    places = (np.arange(count)[:, None] + nodes) / count
    return places.ravel(), np.tile(weights / count, count)


class Integrals(NamedTuple):
    """∫y²ds, ∫|y|dx and π∫y²dx over the rope."""

    inertia: float
    area: float
    volume: float


def integrals(shape: Shape) -> Integrals:
    """The rope's integrals: closed forms on the axis, Gauss's rule on the exact curve off it."""
    return _closed_integrals(shape) if shape.on_axis else _panel_integrals(shape)


def _closed_integrals(shape: Shape) -> Integrals:
    """I = (h²/3)((L+1)/2 + (L-1)/2m), A = artanh(k)/(nK²k'²), V = πh²(K-E)/(mK)."""
    modulus, mode = shape.modulus, shape.stop
    square = shape.amplitude**2
    artanh = math.asinh(math.sqrt(modulus.ratio))
    return Integrals(
        inertia=square / 3 * (1 + shape.slack / 2 + shape.slack / (2 * modulus.m)),
        area=artanh / (mode * modulus.K**2 * modulus.mc),
        volume=math.pi * square * (1 - modulus.r),
    )


def _panel_integrals(shape: Shape) -> Integrals:
    zeros = range(math.floor(shape.start) + 1, math.ceil(shape.stop))
    edges = [shape.start, *map(float, zeros), shape.stop]
    nodes, weights, interval = panels(shape.modulus, edges)
    weights = weights / (shape.stop - shape.start)
    values = shape.modulus.jacobi(nodes)
    y = shape.amplitude * values.sn
    ds = weights * (1 + 2 * shape.modulus.ratio * values.cn**2)
    lobes = np.bincount(interval, weights * y)
    return Integrals(
        inertia=float(np.sum(ds * y * y)),
        area=float(np.sum(np.abs(lobes))),
        volume=float(math.pi * np.sum(weights * y * y)),
    )


def inertia_by_identity(shape: Shape) -> float:
    """I = (2/3)(C L - H - [y H tan θ]), C = T + y²/2: an independent check of the integral."""
    modulus, force = shape.modulus, shape.axial_force
    sn, cn, dn, _ = modulus.jacobi(np.array([shape.start, shape.stop]))
    ends = 0.0
    if not shape.on_axis:
        lift = shape.amplitude * sn * force * 2 * modulus.k / modulus.mc * cn * dn
        ends = float(lift[1] - lift[0])
    energy = force * (1 + 2 * modulus.ratio)
    return 2 / 3 * (energy * (1 + shape.excess) - force - ends)
