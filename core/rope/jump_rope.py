"""The real jump rope: gravity across the axis, where nothing is steady.

Gravity turns against the rope once in a turn. Two models stand in for the motion, each to be
labelled: the snapshot, in which gravity is held still at one moment, and the rotor, in which the
shape without gravity is held rigid and swings over the top like a pendulum. Both are good where
g/(ω²h) is small, h the sag.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from zoetrope.core.rope.arguments import above, digits, positive, real, whole
from zoetrope.core.rope.elliptic import FloatArray, Modulus
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.loaded_arguments import Loads, loaded
from zoetrope.core.rope.loaded_rope import find
from zoetrope.core.rope.roots import crossing
from zoetrope.core.rope.solution import RopeSolution
from zoetrope.core.rope.steady_solution import SteadySolution
from zoetrope.core.rope.troposkein import DEFAULT_DENSITY, DEFAULT_OMEGA
from zoetrope.core.rope.troposkein import solve as solve_without_loads
from zoetrope.core.stepping import finish

ROTOR = (
    "Rotor-pendulum: the rope keeps the shape that it has without gravity and turns as one rigid "
    "body under its weight, I ψ'' = -ρ g S₁ sin ψ; no driving, air or change of shape."
)


def snapshot(
    length: float,
    span: float,
    *,
    turn: float,
    gravity: float,
    omega: float = DEFAULT_OMEGA,
    density: float = DEFAULT_DENSITY,
    radius0: float = 0.0,
    radius1: float = 0.0,
    EA: float = math.inf,
    n_points: int = 513,
    start: RopeSolution | None = None,
) -> SteadySolution:
    """The shape in gravity across the axis, frozen `turn` degrees past the bottom of the turn.

    The radii are those of the turning frame: positive downwards at the bottom and upwards at the
    top, where gravity pulls the rope back to the axis. Quasi-static: what the rope would settle to
    if gravity stood still in its frame. For an inextensible rope it is the rope without gravity
    between ends shifted by (g/ω²) cos ψ. Not a steady motion; `model` says so.

    Units and errors as `zoetrope.core.rope.solve`; "no_solution" or "too_short" where gravity is
    too strong for the rope to stay on its side of the axis.
    """
    pull = real(gravity, "gravity") * math.cos(math.radians(real(turn, "turn")))
    rope = loaded(
        length,
        None,
        Loads(EA=EA),
        span=span,
        omega=omega,
        density=density,
        mode=1,
        radius0=radius0,
        radius1=radius1,
        n_points=n_points,
        sampling="x",
    )
    former = start if isinstance(start, SteadySolution) else None
    found = finish(find(replace(rope, across=pull), former))
    label = (
        f"Frozen snapshot {digits(turn)}° past the bottom: gravity across the axis held still in "
        "the turning frame. The real motion is not steady. "
    )
    return replace(found, length=float(length), model=label + found.model)


@dataclass(frozen=True, slots=True, eq=False)
class RotorPendulum:
    """One turn of the rigid rope under its weight, from bottom to bottom; SI units.

    Arrays [n_points]: `time` in seconds, `turn_deg` past the bottom and `omega` in rad/s. `period`
    of the turn; `omega_bottom` and `omega_top`; `imbalance` e = ρgS₁/(ω²I) with the mean speed, the
    first order of the motion being ψ = ωt + e sin ωt; `mean_height` of the point of greatest radius
    above the axis, averaged over time, and its first order ½he: the rope lingers at the top.
    `least_omega` is the speed at the bottom below which it does not go over the top, and
    `too_slow` whether the mean speed is below that. `rope` is the rope without gravity.
    """

    time: FloatArray
    turn_deg: FloatArray
    omega: FloatArray
    period: float
    omega_bottom: float
    omega_top: float
    imbalance: float
    mean_height: float
    mean_height_first_order: float
    least_omega: float
    too_slow: bool
    rope: RopeSolution
    model: str


def rotor_pendulum(
    length: float,
    span: float,
    *,
    gravity: float,
    omega: float = DEFAULT_OMEGA,
    density: float = DEFAULT_DENSITY,
    radius0: float = 0.0,
    radius1: float = 0.0,
    n_points: int = 361,
) -> RotorPendulum:
    """The turn of mean speed `omega`: ψ = 2 am(ω_b t/2, m), m = 4ρgS₁/(I ω_b²), ω_b at the bottom.

    Elliptic in time as the shape is in space. Raises RopeError as `zoetrope.core.rope.solve`, and
    "no_solution" for a mean speed so low that double precision cannot tell its turn from one that
    stops at the top.
    """
    count = whole(n_points, "n_points", 2, 1_000_000)
    rope = solve_without_loads(
        length, span, omega=omega, density=density, radius0=radius0, radius1=radius1
    )
    natural = _natural_speed(rope, positive(gravity, "gravity"))
    modulus = _modulus(rope.omega / natural)
    bottom = 2 * natural / modulus.k
    half_waves = np.linspace(0, 1, count)
    sn, cn, dn, _ = modulus.jacobi(half_waves)
    period = 2 * math.pi / rope.omega
    imbalance = (natural / rope.omega) ** 2
    turn = 2 * np.arctan2(np.abs(sn), cn)
    return RotorPendulum(
        time=period * half_waves,
        turn_deg=np.degrees(turn),
        omega=bottom * dn,
        period=period,
        omega_bottom=bottom,
        omega_top=bottom * math.sqrt(modulus.mc),
        imbalance=imbalance,
        mean_height=rope.sag * (1 - 2 * modulus.r),
        mean_height_first_order=rope.sag * imbalance / 2,
        least_omega=2 * natural,
        too_slow=rope.omega < 2 * natural,
        rope=rope,
        model=ROTOR,
    )


def least_skipping_speed(
    length: float,
    span: float,
    *,
    gravity: float,
    radius0: float = 0.0,
    radius1: float = 0.0,
) -> float:
    """The speed in rad/s at the bottom below which the rope does not go over: 2 sqrt(ρgS₁/I).

    Of the rigid rotor; the shape, and so this speed, knows neither the density nor the speed.
    Raises RopeError as `zoetrope.core.rope.solve`.
    """
    rope = solve_without_loads(length, span, omega=1.0, radius0=radius0, radius1=radius1)
    return 2 * _natural_speed(rope, positive(gravity, "gravity"))


def _natural_speed(rope: RopeSolution, gravity: float) -> float:
    """sqrt(ρgS₁/I), with S₁ = ∫y ds from the pull of the ends, 2F_r/(ρω²)."""
    moment = sum(rope.radial_force) / rope.omega**2
    if moment <= 0:
        raise RopeError(
            "no_solution",
            "The weight of this rope hangs on the far side of the axis from its ends, and the "
            "model of a pendulum does not apply; set its radii to 0 or more.",
            "radius0" if rope.radius0 < 0 else "radius1",
        )
    return math.sqrt(gravity * moment / rope.inertia)


def _modulus(ratio: float) -> Modulus:
    """The modulus with π/(k K) = `ratio`, the mean speed over the natural one."""

    def logarithm(q: float) -> float:
        modulus = Modulus.from_ratio(math.exp(q))
        return math.log(math.pi / (modulus.k * modulus.K))

    low, high = min(0.0, -2 * math.log(ratio)) - 5, 250.0
    if math.log(ratio) <= logarithm(high):
        raise RopeError(
            "no_solution",
            f"At {above(ratio)} times the speed of its swing the rope can hardly be told from one "
            "that stops at the top; turn it faster.",
            "omega",
        )
    return Modulus.from_ratio(math.exp(crossing(logarithm, math.log(ratio), low, high)))
