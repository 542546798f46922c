"""How far the curves people take for a spinning rope are from it, at equal length and span."""

import math
from dataclasses import dataclass

import numpy as np

from zoetrope.core.rope import straight_arc
from zoetrope.core.rope.arguments import whole
from zoetrope.core.rope.elliptic import FloatArray
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.overlays import HalfCurve, HalfPoints, overlays
from zoetrope.core.rope.solution import RopeSolution
from zoetrope.core.rope.straight_arc import StraightArc, peaks
from zoetrope.core.rope.troposkein import DEFAULT_DENSITY, DEFAULT_OMEGA, MOST_POINTS, solve

FEWEST_POINTS = 65
LARGEST_COMPARED = 1e12
GRID = np.linspace(0, 1, 257)


@dataclass(frozen=True, slots=True, eq=False)
class StraightArcFit:
    """A straight-arc-straight curve, in SI units.

    `arc_angle_deg` is half the angle of the arc, which is the slope of the straight parts against
    the axis, `radius` the arc's, `straight_length` that of each straight part.
    `residual_curvature` [P] is its curvature minus the rope's, at the rope's samples matched by arc
    length from the apex: times EI, the bending moment a blade of this shape carries.
    """

    arc_angle_deg: float
    radius: float
    straight_length: float
    residual_curvature: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """One curve laid over the rope, in metres.

    `x` and `y` [P] draw it. `deviation` [P] is its signed normal distance at the rope's samples,
    positive where it lies outside, further from the axis; `max_deviation_percent` is the greatest,
    in % of the rope's sag, found between the samples. `sag_error_percent` is signed,
    `inertia_deficit_percent` how much less than the rope's its moment of inertia is at equal
    density: never negative at equal length, but two of the straight-arc fits are longer, as their
    `length` tells. Where no such curve
    exists, `reason` says why and the numbers are nan, the arrays empty. `note` is for people.
    """

    name: str
    title: str
    x: FloatArray
    y: FloatArray
    deviation: FloatArray
    sag: float
    length: float
    sag_error_percent: float
    max_deviation_percent: float
    inertia_deficit_percent: float
    note: str = ""
    reason: str = ""
    straight_arc: StraightArcFit | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """A rope and the curves of equal length and span, each with how far it is off."""

    rope: RopeSolution
    overlays: tuple[Overlay, ...]

    def __getitem__(self, name: str) -> Overlay:
        """The overlay of that name: "catenary", "sas_minimax", ...; KeyError for another."""
        for overlay in self.overlays:
            if overlay.name == name:
                return overlay
        raise KeyError(name)


def compare(
    length: float | None,
    span: float,
    *,
    slack: float | None = None,
    omega: float = DEFAULT_OMEGA,
    density: float = DEFAULT_DENSITY,
    n_points: int = 513,
) -> Comparison:
    """The rope of mode 1 with both ends on the axis, beside the curves it is mistaken for.

    In order: "catenary", "parabola", "sine", "circular_arc", "half_ellipse", and the
    straight-arc-straight curve with the rope's sag in three fits: "sas_same_length", "sas_minimax"
    (least greatest normal distance) and "sas_same_angle". `n_points` is odd, so that the apex is a
    sample. Units, other arguments and errors as in `solve`.
    """
    n_points = whole(n_points, "n_points", FEWEST_POINTS, MOST_POINTS)
    if n_points % 2 == 0:
        raise RopeError("bad_value", f"n_points must be odd, not {n_points}.", "n_points")
    rope = solve(length, span, slack=slack, omega=omega, density=density, n_points=n_points)
    if rope.slack > LARGEST_COMPARED:
        raise RopeError(
            "bad_value",
            f"A rope {rope.slack:g} spans long has no curve in double precision that could be told "
            f"from it; compare ropes of less than {LARGEST_COMPARED:g} spans.",
            "length" if slack is None else "slack",
        )
    half = n_points // 2
    across = np.arange(half + 1) / (n_points - 1)
    height = rope.y[half:] / rope.span
    found = [_overlay(curve, rope, across, height) for curve in overlays(rope.slack)]
    sag = rope.sag / rope.span
    fits = {
        "sas_same_length": ("same length", straight_arc.same_length(sag, rope.slack)),
        "sas_minimax": ("least deviation", straight_arc.minimax(sag, across, height)),
        "sas_same_angle": ("same end angle", straight_arc.same_angle(sag, rope.modulus)),
    }
    for name, (fit, curve) in fits.items():
        found.append(_fitted(name, f"Straight-arc-straight, {fit}", curve, rope, across, height))
    return Comparison(rope, tuple(found))


def _overlay(
    curve: HalfCurve, rope: RopeSolution, across: FloatArray, height: FloatArray
) -> Overlay:
    drawn = curve.points(np.linspace(0, 1, len(across)))
    deviation = _outside_of_rope(curve, across, height)
    return _describe(
        rope, curve.name, curve.title, (drawn.across, drawn.height), deviation, curve, curve.note
    )


def _fitted(
    name: str,
    title: str,
    curve: StraightArc | None,
    rope: RopeSolution,
    across: FloatArray,
    height: FloatArray,
) -> Overlay:
    if curve is None:
        nothing, nan = np.empty(0), math.nan
        reason = "No arc between straight lines has the rope's sag and its end angle."
        return Overlay(
            name, title, nothing, nothing, nothing, nan, nan, nan, nan, nan, reason=reason
        )
    deviation = -curve.outside(across, height)
    drawn = curve.half(len(across))
    return _describe(rope, name, title, drawn, deviation, curve, "", _fit(curve, rope))


def _fit(curve: StraightArc, rope: RopeSolution) -> StraightArcFit:
    from_apex = np.abs(rope.s - rope.length / 2) / rope.span
    bend = np.where(from_apex <= curve.radius * curve.angle, 1 / (curve.radius * rope.span), 0.0)
    return StraightArcFit(
        arc_angle_deg=math.degrees(curve.angle),
        radius=curve.radius * rope.span,
        straight_length=curve.straight * rope.span,
        residual_curvature=bend - rope.curvature,
    )


def _describe(
    rope: RopeSolution,
    name: str,
    title: str,
    drawn: tuple[FloatArray, FloatArray],
    deviation: FloatArray,
    curve: HalfCurve | StraightArc,
    note: str,
    fit: StraightArcFit | None = None,
) -> Overlay:
    """The whole overlay in metres from its half in spans."""
    span, sag = rope.span, rope.sag / rope.span
    greatest, least = peaks(np.concatenate([deviation[:0:-1], deviation]))
    across, height = drawn
    inertia = curve.inertia * rope.density * span**3
    return Overlay(
        name=name,
        title=title,
        x=span * np.concatenate([0.5 - across[:0:-1], 0.5 + across]),
        y=span * np.concatenate([height[:0:-1], height]),
        deviation=span * np.concatenate([deviation[:0:-1], deviation]),
        sag=curve.sag * span,
        length=curve.length * span,
        sag_error_percent=100 * (curve.sag - sag) / sag,
        max_deviation_percent=100 * max(greatest, -least) / sag,
        inertia_deficit_percent=100 * (1 - inertia / rope.inertia),
        note=note,
        straight_arc=fit,
    )


def _outside_of_rope(curve: HalfCurve, across: FloatArray, height: FloatArray) -> FloatArray:
    """Signed distance from points of the rope's half to the nearest of the curve's half.

    The nearest of 257 places, then Newton's method for the foot of the perpendicular between its
    neighbours. By symmetry the other half is never nearer.
    """
    grid = curve.points(GRID)
    squares = (across[:, None] - grid.across) ** 2 + (height[:, None] - grid.height) ** 2
    nearest = np.argmin(squares, axis=1)
    t = GRID[nearest]
    low, high = GRID[np.maximum(nearest - 1, 0)], GRID[np.minimum(nearest + 1, len(GRID) - 1)]
    for _ in range(8):
        foot = curve.points(t)
        toward = _along(foot, across, height)
        speed = foot.across1**2 + foot.height1**2
        bend = (across - foot.across) * foot.across2 + (height - foot.height) * foot.height2
        step = toward / np.maximum(speed - bend, speed / 4)
        t = np.clip(t + step, low, high)
        if np.max(np.abs(step)) < 1e-9:
            break
    foot = curve.points(t)
    gap_across, gap_height = across - foot.across, height - foot.height
    side = gap_across * -foot.height1 + gap_height * foot.across1
    signed: FloatArray = -np.copysign(np.hypot(gap_across, gap_height), side)
    return signed


def _along(foot: HalfPoints, across: FloatArray, height: FloatArray) -> FloatArray:
    """The way from the foot to each point, measured along the curve, times its speed."""
    toward: FloatArray = (across - foot.across) * foot.across1
    return toward + (height - foot.height) * foot.height1
