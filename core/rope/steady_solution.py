"""What a solved rope with loads tells, in SI units: curve, forces, lag and self-checks."""

import math
from dataclasses import dataclass, field

import numpy as np

from zoetrope.core.rope.elliptic import FloatArray
from zoetrope.core.rope.loaded_arguments import Loaded
from zoetrope.core.rope.shape import Sampling
from zoetrope.core.rope.solution import Diagnostics, RopeSolution
from zoetrope.core.rope.steady_equations import Case, Curve, loads
from zoetrope.core.rope.steady_newton import Solved
from zoetrope.core.rope.steady_series import Places, Series

MODEL = (
    "Uniform, perfectly flexible rope turning steadily about its axis, no bending stiffness: "
    "F' = ρ(g, -ω²y, -ω²z) + drag, X' = λF/|F|"
)


@dataclass(frozen=True, slots=True, eq=False)
class SteadySolution(RopeSolution):
    """A rope that turns steadily under loads; everything `RopeSolution` says, and more.

    End 0 lies in the plane z = 0; end 1 is turned against it by `phase_deg` about the axis x, in
    the sense of the rotation. `gravity` acts towards -x. `length`, `slack` and `s` are those of the
    rope unstretched. Under gravity `x` may overhang the span. `angle` is unsigned where the rope
    leaves the plane, and so is `curvature`, that of the stretched rope. `modulus` is nan, for the
    curve is not an elliptic sine; `axial_force` is the axial part of `force0`; `area` and `volume`
    lie between rope and axis, counted backwards where the rope runs backwards.

    `gravity_number` is g/(ω²d), `drag_number` ρ_air C_d D d/(2ρ), `elastic_number` ρω²d²/EA.
    `force0` and `force1` are the tension vectors at the ends, towards growing s. The ends must
    supply `torque` about the axis, and `power`. `lag_deg` is how far the middle of the rope trails
    the plane of end 0 and `curl` the greatest distance from the plane through the axis and the
    farthest point. `stretch_max` is the greatest strain T/EA. `solved` is the rope without units,
    from which a similar one is found faster.
    """

    phase_deg: float
    gravity: float
    gravity_number: float
    drag_number: float
    EA: float
    elastic_number: float
    force0: tuple[float, float, float]
    force1: tuple[float, float, float]
    tension_min: float
    torque: float
    power: float
    lag_deg: float
    curl: float
    deformed_length: float
    stretch_max: float
    solved: Solved = field(repr=False)


def describe(
    rope: Loaded, solved: Solved, iterations: int, warnings: tuple[str, ...] = ()
) -> SteadySolution:
    """The solution in SI units for `solved`, the rope of `rope.case`."""
    setting, case, curve = rope.setting, solved.case, solved.curve
    d, force = setting.span, rope.force
    series = Series(curve, case)
    places = _stations(series, setting.n_points, setting.sampling, case.length)
    curved = _turned(places, rope.turned)
    tension = np.linalg.norm(curved.force, axis=1)
    ends = series.at(np.array([0.0, 1.0]))
    end_force = _turned(ends, rope.turned).force * force
    end_tension = np.linalg.norm(end_force, axis=1)
    outward = _outward(case)
    pull = np.sum(ends.force * outward, axis=1) * force
    angle = _angles(places, case)
    farthest, radius_max = series.greatest(_square_radius, _radius_slope)
    radius_max = math.sqrt(radius_max)
    sag = series.greatest(lambda here: here.position[:, 1], lambda here: here.force[:, 1])[1]
    lightest = -series.greatest(
        lambda here: -_square(here.force), lambda here: -_dot(here.force, here.bend)
    )[1]
    strongest = float(end_tension.max())
    here = loads(curve, case)
    pace = curve.run * curve.grid.weights * here.tension / here.extension
    inertia = setting.density * d**3 * float(pace @ _square(here.position[:, 1:]))
    torque = _torque(ends) * force * d
    top = series.one(farthest)
    return SteadySolution(
        x=curved.position[:, 0] * d,
        y=curved.position[:, 1] * d,
        z=curved.position[:, 2] * d,
        s=places.arc * d,
        tension=tension * force,
        angle=angle,
        curvature=_curvature(places, case) / d,
        length=case.distance * d + rope.excess,
        span=d,
        slack=case.excess / case.distance,
        omega=setting.omega,
        density=setting.density,
        mode=setting.mode,
        radius0=setting.radius0,
        radius1=setting.radius1,
        modulus=math.nan,
        sag=(sag if case.planar else radius_max) * d,
        radius_max=radius_max * d,
        axial_force=float(end_force[0, 0]),
        end_tension=(float(end_tension[0]), float(end_tension[1])),
        end_angle_deg=(math.degrees(angle[0]), math.degrees(angle[-1])),
        radial_force=(float(pull[0]), -float(pull[1])),
        inertia=inertia,
        kinetic_energy=inertia * setting.omega**2 / 2,
        area=series.area() * d**2,
        volume=math.pi
        * d**3
        * curve.run
        * float(curve.grid.weights @ (_square(here.position[:, 1:]) * curve.force[:, 0])),
        tip_speed=setting.omega * radius_max * d,
        apex_curvature=float(_curvature(top, case)[0]) / d,
        model=_model(rope),
        diagnostics=Diagnostics(
            iterations=iterations,
            residual=solved.step,
            invariant_spread=invariant_spread(curve, case),
            inertia_residual=_virial_residual(curve, case),
            warnings=warnings,
        ),
        phase_deg=math.degrees(rope.phase + rope.turned),
        gravity=rope.gravity,
        gravity_number=rope.gravity_number,
        drag_number=rope.drag_number,
        EA=rope.EA,
        elastic_number=setting.density * (setting.omega * d) ** 2 / rope.EA,
        force0=_triple(end_force[0]),
        force1=_triple(end_force[1]),
        tension_min=math.sqrt(lightest) * force,
        torque=torque,
        power=torque * setting.omega,
        lag_deg=_lag_deg(series, case),
        curl=0.0 if case.planar else _curl(series, top) * d,
        deformed_length=curve.run * float(curve.grid.weights @ np.sqrt(_square(curve.force))) * d,
        stretch_max=strongest / rope.EA,
        solved=solved,
    )


def invariant_spread(curve: Curve, case: Case) -> float:
    """How much |F| + stretch·|F|²/2 + spin·r²/2 + … varies, relative to the most |F|."""
    position = curve.positions(case)
    size = np.sqrt(_square(curve.force))
    energy = size + case.stretch * size**2 / 2 + case.outward(position)
    return float(np.ptp(energy)) / float(size.max())


def _virial_residual(curve: Curve, case: Case) -> float:
    """X·F at the ends against ∫ T² + X·dF/dt dt, relative to the first term of the two.

    T from the first integral and end 0: without loads it is the identity between inertia, length
    and forces.
    """
    here = loads(curve, case)
    first = float(here.tension[0])
    energy = first + case.stretch * first**2 / 2
    potential = energy + case.outward(here.position[:1]) - case.outward(here.position)
    tension = 2 * potential / (1 + np.sqrt(1 + 2 * case.stretch * potential))
    product = np.sum(here.position * curve.force, axis=1)
    stretched = curve.run * float(curve.grid.weights @ tension**2)
    turned = np.sum(here.position * here.rate, axis=1)
    rest = curve.run * float(curve.grid.weights @ turned)
    return abs(float(product[-1] - product[0]) - stretched - rest) / stretched


def _stations(series: Series, count: int, sampling: Sampling, length: float) -> Places:
    """Samples evenly spaced in t, which is x without loads, or along the unstretched rope."""
    places = np.linspace(0, 1, count)
    if sampling == "arc":
        places = series.places_of(places * length)
    here = series.at(places)
    case = series.case
    here.arc[0], here.arc[-1] = 0.0, length
    here.position[0], here.position[-1] = case.ends_in_space
    return here


def _turned(places: Places, turn: float) -> Places:
    """The same rope turned about the axis."""
    if not turn:
        return places
    cosine, sine = math.cos(turn), math.sin(turn)
    matrix = np.array([[1, 0, 0], [0, cosine, sine], [0, -sine, cosine]])
    return places._replace(position=places.position @ matrix, force=places.force @ matrix)


def _outward(case: Case) -> FloatArray:
    """The directions of the radii of both ends [2, 3], that of +y for an end on the axis."""
    return np.array([[0, 1, 0], [0, math.cos(case.phase), math.sin(case.phase)]])


def _angles(places: Places, case: Case) -> FloatArray:
    """Of the tangent to the axis: signed and without jumps in a plane, unsigned in space."""
    force = places.force
    if case.planar:
        return np.unwrap(np.arctan2(force[:, 1], force[:, 0]))
    angles: FloatArray = np.arctan2(np.hypot(force[:, 1], force[:, 2]), force[:, 0])
    return angles


def _curvature(places: Places, case: Case) -> FloatArray:
    """|F × dF/dt|/|F|³ along the stretched rope, signed in a plane."""
    force, bend = places.force, places.bend
    cross = np.cross(force, bend)
    cube = _square(force) ** 1.5
    if case.planar:
        signed: FloatArray = -cross[:, 2] / cube
        return signed
    sizes: FloatArray = np.sqrt(_square(cross)) / cube
    return sizes


def _torque(ends: Places) -> float:
    """What both ends supply about the axis."""
    turning = ends.position[:, 1] * ends.force[:, 2] - ends.position[:, 2] * ends.force[:, 1]
    return float(turning[1] - turning[0])


def _lag_deg(series: Series, case: Case) -> float:
    """How far the middle of the rope's length trails the plane of end 0."""
    if case.planar:
        return 0.0
    middle = series.one(series.place_of(case.length / 2)).position[0]
    return math.degrees(math.atan2(-middle[2], middle[1]))


def _curl(series: Series, farthest: Places) -> float:
    """The greatest distance from the plane through the axis and the farthest point."""
    direction = farthest.position[0] / math.hypot(*farthest.position[0, 1:])
    normal = np.array([0, -direction[2], direction[1]])
    _, most = series.greatest(
        lambda here: (here.position @ normal) ** 2,
        lambda here: (here.position @ normal) * (here.force @ normal),
    )
    return math.sqrt(most)


def _model(rope: Loaded) -> str:
    """What the equations hold, in words."""
    parts = [
        "elastic, T = EA(λ - 1)" if math.isfinite(rope.EA) else "inextensible, λ = 1",
        _gravity(rope),
        "quadratic drag across the rope, none along it" if rope.drag_number else "no air drag",
    ]
    return f"{MODEL}; {'; '.join(parts)}."


def _gravity(rope: Loaded) -> str:
    if rope.across:
        return "gravity across the axis"
    return "gravity along the axis" if rope.gravity else "no gravity"


def _dot(first: FloatArray, second: FloatArray) -> FloatArray:
    products: FloatArray = np.sum(first * second, axis=1)
    return products


def _square(vectors: FloatArray) -> FloatArray:
    return _dot(vectors, vectors)


def _square_radius(here: Places) -> FloatArray:
    return _square(here.position[:, 1:])


def _radius_slope(here: Places) -> FloatArray:
    return _dot(here.position[:, 1:], here.force[:, 1:])


def _triple(vector: FloatArray) -> tuple[float, float, float]:
    x, y, z = vector.tolist()
    return x, y, z
