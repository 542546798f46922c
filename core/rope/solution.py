"""What a solved rope tells: its curve, its forces and its self-checks, in SI units."""

import math
from dataclasses import dataclass

import numpy as np

from zoetrope.core.rope.elliptic import FloatArray
from zoetrope.core.rope.shape import Sampling, Shape, inertia_by_identity, integrals, sample

MODEL = (
    "Uniform, inextensible, perfectly flexible rope turning steadily about its axis; no gravity, "
    "air drag or bending stiffness: (T x')' = 0, (T y')' = -ρω²y, y = h sn(u)."
)


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """How far a solution can be trusted.

    `iterations` of Newton's method; `residual`, the relative error left in the equations solved;
    `invariant_spread`, the variation of T + ½ρω²y² along the rope relative to its value;
    `inertia_residual`, how far I is from (2/3)(L·T_end - d·H)/ω² (with its boundary terms off the
    axis), relative to the first of these terms; `warnings`, sentences for people.
    """

    iterations: int
    residual: float
    invariant_spread: float
    inertia_residual: float
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class RopeSolution:
    """A rope that turns steadily with its ends held at radii `radius0` and `radius1`.

    The arrays [n_points] are float64: `x` along the axis from 0 to the span, `y` the signed radius,
    `z` zeros, `s` the arc length, `tension`, `angle` of the tangent to the axis in radians, signed,
    and `curvature`, positive where the rope bends towards the axis from positive `y`. Metres,
    newtons, kilograms, seconds throughout.

    `slack` is length over the straight distance between the ends, minus 1, kept because it has more
    digits than `length` for an almost straight rope. `modulus` is k. `sag` is the greatest signed
    radius and `radius_max` the greatest distance from the axis; both are exact, not the largest
    sample: an apex inside the rope, or else an end. Pairs are (end 0, end 1): `end_tension`,
    `end_angle_deg` with the sign of `angle`, in degrees, and `radial_force`, the rope's pull on
    each support towards +y. `axial_force` pulls the ends towards each other. `inertia` is about
    the axis, `area` the plane area between rope and axis, every lobe counted positive, `volume`
    the volume the rope encloses in a turn, `tip_speed` is omega·radius_max, and `apex_curvature`
    the curvature where the radius is `sag`.
    """

    x: FloatArray
    y: FloatArray
    z: FloatArray
    s: FloatArray
    tension: FloatArray
    angle: FloatArray
    curvature: FloatArray
    length: float
    span: float
    slack: float
    omega: float
    density: float
    mode: int
    radius0: float
    radius1: float
    modulus: float
    sag: float
    radius_max: float
    axial_force: float
    end_tension: tuple[float, float]
    end_angle_deg: tuple[float, float]
    radial_force: tuple[float, float]
    inertia: float
    kinetic_energy: float
    area: float
    volume: float
    tip_speed: float
    apex_curvature: float
    model: str
    diagnostics: Diagnostics


@dataclass(frozen=True, slots=True)
class Setting:
    """What turns a dimensionless shape into a rope of this world: metres, rad/s, kg/m."""

    span: float
    omega: float
    density: float
    mode: int
    radius0: float
    radius1: float
    n_points: int
    sampling: Sampling

    @property
    def distance(self) -> float:
        """The straight distance between the ends in metres."""
        return math.hypot(self.span, self.radius1 - self.radius0)

    @property
    def force(self) -> float:
        """ρω²d², the unit of every force, in newtons."""
        speed = self.omega * self.span
        return self.density * speed * speed


def describe(
    shape: Shape, setting: Setting, iterations: int, residual: float, warnings: tuple[str, ...] = ()
) -> RopeSolution:
    """The solution in SI units for a dimensionless `shape`."""
    d, force = setting.span, setting.force
    curve = sample(shape, setting.n_points, setting.sampling)
    end_tension, end_angle, pull = ends(shape)
    whole = integrals(shape)
    sag, radius_max = shape.greatest(), max(shape.greatest(), -shape.least())
    inertia = whole.inertia * setting.density * d**3
    return RopeSolution(
        x=curve.x * d,
        y=curve.y * d,
        z=np.zeros_like(curve.y),
        s=curve.s * d,
        tension=curve.tension * force,
        angle=curve.angle,
        curvature=curve.curvature / d,
        length=setting.distance * (1 + shape.slack),
        span=d,
        slack=shape.slack,
        omega=setting.omega,
        density=setting.density,
        mode=setting.mode,
        radius0=setting.radius0,
        radius1=setting.radius1,
        modulus=shape.modulus.k,
        sag=sag * d,
        radius_max=radius_max * d,
        axial_force=shape.axial_force * force,
        end_tension=(end_tension[0] * force, end_tension[1] * force),
        end_angle_deg=(math.degrees(end_angle[0]), math.degrees(end_angle[1])),
        radial_force=(pull[0] * force, -pull[1] * force),
        inertia=inertia,
        kinetic_energy=inertia * setting.omega**2 / 2,
        area=whole.area * d**2,
        volume=whole.volume * d**3,
        tip_speed=setting.omega * radius_max * d,
        apex_curvature=_curvature_at(shape, sag) / d,
        model=MODEL,
        diagnostics=Diagnostics(
            iterations=iterations,
            residual=residual,
            invariant_spread=_invariant_spread(shape, curve.tension, curve.y),
            inertia_residual=_inertia_residual(shape, whole.inertia),
            warnings=warnings,
        ),
    )


def ends(shape: Shape) -> tuple[list[float], list[float], list[float]]:
    """At end 0 and end 1: tension, angle in radians, and H tan θ = 2Hk/k'²·cn dn."""
    modulus = shape.modulus
    _, cn, dn, _ = modulus.jacobi(np.array([shape.start, shape.stop]))
    tension = shape.axial_force * (1 + 2 * modulus.ratio * cn * cn)
    angle = 2 * np.arctan(modulus.k * cn / dn)
    pull = shape.axial_force * 2 * modulus.k / modulus.mc * cn * dn
    return tension.tolist(), angle.tolist(), pull.tolist()


def _curvature_at(shape: Shape, radius: float) -> float:
    """κ = y H/T² where the radius is `radius`, with T = H + (h² - y²)/2."""
    force, amplitude = shape.axial_force, shape.amplitude
    tension = force + (amplitude - radius) * (amplitude + radius) / 2
    return radius * force / tension**2


def _invariant_spread(shape: Shape, tension: FloatArray, y: FloatArray) -> float:
    energy = tension + y * y / 2
    return float(np.ptp(energy)) / (shape.axial_force * (1 + 2 * shape.modulus.ratio))


def _inertia_residual(shape: Shape, inertia: float) -> float:
    scale = shape.axial_force * (1 + 2 * shape.modulus.ratio) * (1 + shape.excess) * 2 / 3
    return abs(inertia - inertia_by_identity(shape)) / scale
