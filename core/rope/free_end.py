"""A rope held at its upper end and turned about a vertical axis, its lower end free.

On the axis it hangs straight at any speed, and above each of the speeds ω_n = (j₀ₙ/2) sqrt(g/L),
j₀ₙ the zeros of the Bessel function J₀, one more shape branches off, which crosses the axis n - 1
times: for Λ_n < Λ = ω²L/g ≤ Λ_{n+1} there are exactly n (Kolodner, Comm. Pure Appl. Math. 8 (1955)
395). Held at a radius it has at least one at any speed. All are found by shooting from the free
end, whose radius is the one unknown.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from zoetrope.core.rope.arguments import above, digits, positive, real, whole
from zoetrope.core.rope.elliptic import FloatArray
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.free_tips import free_tips
from zoetrope.core.rope.hanging_series import Pieces, integrate
from zoetrope.core.rope.onset import spin_number_onsets
from zoetrope.core.rope.quadrature import gauss_legendre
from zoetrope.core.rope.roots import crossing
from zoetrope.core.rope.troposkein import DEFAULT_DENSITY
from zoetrope.core.stepping import Steps, finish, within

LARGEST_SPIN_NUMBER = 2000.0
LARGEST_RADIUS = 100.0  # of the support, in lengths of the rope


@dataclass(frozen=True, slots=True, eq=False)
class FreeEndShape:
    """One shape of a rope with a free end; SI units.

    Arrays [n_points] from the support to the free end: `s`, `x` (upwards, 0 at the support), `y`
    the signed radius, `tension`, and `angle`, of the rope's way down to the vertical in radians,
    positive outwards. `nodes` counts its crossings of the axis below the support. `drop` is the
    height of the support above the free end. `spin_number` is ω²L/g. `residual` is how far the
    shape misses the support, in lengths, and `invariant_spread` the variation of
    T + ½ρω²y² - ρgx along the rope, relative to the tension at the support.
    """

    s: FloatArray
    x: FloatArray
    y: FloatArray
    tension: FloatArray
    angle: FloatArray
    length: float
    omega: float
    gravity: float
    density: float
    radius: float
    spin_number: float
    nodes: int
    tip_radius: float
    tip_angle_deg: float
    support_angle_deg: float
    radius_max: float
    drop: float
    support_tension: float
    inertia: float
    kinetic_energy: float
    tip_speed: float
    residual: float
    invariant_spread: float


def free_end_shapes(
    length: float,
    *,
    omega: float,
    gravity: float = 9.80665,
    radius: float = 0.0,
    density: float = DEFAULT_DENSITY,
    n_points: int = 513,
) -> tuple[FreeEndShape, ...]:
    """All shapes that coexist, those that cross the axis least first; at equal crossings by radius.

    On the axis their mirror images are left out, and the straight one. Metres, rad/s, m/s², kg/m.
    Raises RopeError: "bad_value", "collapsed" for a speed at which the rope only hangs straight.
    """
    return finish(
        free_end_steps(
            length,
            omega=omega,
            gravity=gravity,
            radius=radius,
            density=density,
            n_points=n_points,
        )
    )


def free_end_steps(
    length: float,
    *,
    omega: float,
    gravity: float = 9.80665,
    radius: float = 0.0,
    density: float = DEFAULT_DENSITY,
    n_points: int = 513,
) -> Steps[tuple[FreeEndShape, ...]]:
    """`free_end_shapes` in steps of a few milliseconds: yields the share done."""
    L, g = positive(length, "length"), positive(gravity, "gravity")
    support = abs(real(radius, "radius")) / L
    positive(density, "density")
    count = whole(n_points, "n_points", 2, 1_000_000)
    spin_number = _spin_number(L, real(omega, "omega"), g, support)
    tips = yield from within(free_tips(spin_number, support), 0, 0.8)
    pieces = yield from within(integrate(spin_number, tips), 0.8, 0.9)
    world = (L, omega, g, density, real(radius, "radius"))
    shapes = []
    for index in range(len(tips)):
        yield 0.9 + 0.1 * index / len(tips)
        # a rope that has arrived goes on in empty pieces
        own = [piece.of(index) for piece in pieces if piece.start[index] < 1]
        shapes.append(_shape(spin_number, own, count, world))
    return tuple(sorted(shapes, key=lambda shape: (shape.nodes, -abs(shape.tip_radius))))


def free_end_onsets(
    length: float, *, gravity: float = 9.80665, count: int = 4
) -> tuple[float, ...]:
    """The first `count` speeds in rad/s at which a shape on the axis branches off."""
    scale = positive(gravity, "gravity") / positive(length, "length")
    return tuple(
        math.sqrt(onset * scale) for onset in spin_number_onsets(whole(count, "count", 1, 100))
    )


def _spin_number(length: float, omega: float, gravity: float, support: float) -> float:
    """Λ, checked."""
    onset = free_end_onsets(length, gravity=gravity, count=1)[0]
    number = omega * omega * length / gravity
    if support == 0 and not omega > onset:
        raise RopeError(
            "collapsed",
            f"At {digits(omega)} rad/s a rope that hangs from the axis stays straight; it leaves "
            f"the axis above {above(onset)} rad/s.",
            "omega",
        )
    if not number > 1e-9 or omega < 0:
        raise RopeError(
            "collapsed",
            f"At {digits(omega)} rad/s the rope hangs straight below its support; turn it faster.",
            "omega",
        )
    if number > LARGEST_SPIN_NUMBER:
        most = math.sqrt(LARGEST_SPIN_NUMBER * gravity / length)
        raise RopeError(
            "bad_value",
            f"At {digits(omega)} rad/s the rope has more shapes than can be told apart; turn it "
            f"slower than {digits(most)} rad/s.",
            "omega",
        )
    if support > LARGEST_RADIUS:
        raise RopeError(
            "bad_value",
            f"The support can be at most {digits(LARGEST_RADIUS * length)} m from the axis, not "
            f"{digits(support * length)} m.",
            "radius",
        )
    return number


def _shape(
    spin_number: float,
    pieces: list[Pieces],
    count: int,
    world: tuple[float, float, float, float, float],
) -> FreeEndShape:
    """One shape, of its own pieces, in SI units."""
    L, omega, gravity, density, radius = world
    edges = np.array([piece.start[0] for piece in pieces])
    weight, side = density * gravity * L, -1.0 if radius < 0 else 1.0

    def along(sigma: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Y, tan θ, cos θ and the height at lengths from the free end, [P]."""
        which = np.searchsorted(edges, sigma, side="right") - 1
        values = np.empty((4, len(sigma)))
        for number in np.unique(which):
            here = which == number
            offset = (sigma[here] - edges[number])[:, None]
            p, rate, u, height = (part[:, 0] for part in pieces[number].at(offset))
            values[:, here] = -(p + sigma[here] * rate) / spin_number, p, u, height
        return values[0], values[1], values[2], values[3]

    sigma = np.linspace(1, 0, count)
    y, slope, cosine, height = along(sigma)
    ends = along(np.array([0.0, 1.0]))
    nodes, radius_max = _extremes(edges, along, radius)
    tension = sigma / cosine
    energy = tension + spin_number * y * y / 2 - height
    drop = float(ends[3][1])
    unit_nodes, unit_weights = gauss_legendre()
    widths = np.diff(np.append(edges, 1.0))
    places = (edges[:, None] + widths[:, None] * unit_nodes).ravel()
    square = along(places)[0] ** 2
    inertia = density * L**3 * float(np.sum((widths[:, None] * unit_weights).ravel() * square))
    tip = float(ends[0][0])
    return FreeEndShape(
        s=(1 - sigma) * L,
        x=(height - drop) * L,
        y=side * y * L,
        tension=tension * weight,
        angle=-side * np.arctan(slope),
        length=L,
        omega=omega,
        gravity=gravity,
        density=density,
        radius=radius,
        spin_number=spin_number,
        nodes=nodes,
        tip_radius=side * tip * L,
        tip_angle_deg=math.degrees(math.atan(-side * float(ends[1][0]))),
        support_angle_deg=math.degrees(math.atan(-side * float(ends[1][1]))),
        radius_max=radius_max * L,
        drop=drop * L,
        support_tension=float(tension[0]) * weight,
        inertia=inertia,
        kinetic_energy=inertia * omega**2 / 2,
        tip_speed=omega * abs(tip) * L,
        residual=abs(float(ends[0][1]) - abs(radius) / L),
        invariant_spread=float(np.ptp(energy)) / float(tension[0]),
    )


def _extremes(
    edges: FloatArray, along: Callable[[FloatArray], tuple[FloatArray, ...]], radius: float
) -> tuple[int, float]:
    """How often the rope crosses the axis, and its greatest radius, exact.

    The radius is stationary where tan θ = 0, so that it crosses the axis at most once between two
    such places.
    """
    places = np.append(edges, 1.0)
    fine = np.unique(
        np.concatenate([a + np.linspace(0, 1, 9) * (b - a) for a, b in pairwise(places)])
    )
    slope = along(fine)[1]
    turns = [
        crossing(lambda sigma: float(along(np.array([sigma]))[1][0]), 0.0, fine[i], fine[i + 1])
        for i in np.flatnonzero(slope[:-1] * slope[1:] < 0)
    ]
    y = along(np.array([0.0, *turns, 1.0]))[0]
    signs = np.sign(y[:-1] if radius == 0 else y)
    return int(np.sum(signs[:-1] * signs[1:] < 0)), float(np.abs(y).max())
