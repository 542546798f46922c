"""The troposkein: the curve of a rope that turns about an axis, gravity left out.

Force balance in the turning frame, (T x')' = 0 and (T y')' = -ρω²y with s the arc length, has the
solution y = h sn(u). On the axis everything follows from L/d = 2E/(k'²K) - 1: see Nordmark and
Essén, The skipping rope curve, Eur. J. Phys. 28 (2007) 241. The shape depends on L/d and the mode
alone: ω, ρ and size scale the forces by ρω²d² and leave the curve as it is.
"""

import math
from dataclasses import replace
from fractions import Fraction

from zoetrope.core.rope.arguments import (
    angular_speed,
    carried_scales,
    digits,
    positive,
    real,
    slack_from_length,
    slack_from_slack,
    whole,
)
from zoetrope.core.rope.elliptic import SMALLEST_SLACK, Modulus, ratio_from_slack
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.off_axis import solve_off_axis
from zoetrope.core.rope.shape import Sampling, Shape
from zoetrope.core.rope.solution import RopeSolution, Setting, describe

DEFAULT_OMEGA = 4 * math.pi  # 120 turns a minute, an easy skipping rope
DEFAULT_DENSITY = 0.05
MOST_POINTS = 10_000_000
LARGEST_RADIUS = 1e6  # in spans
SMALLEST_SLACK_OFF_AXIS = 1e-18


def solve(
    length: float | None,
    span: float,
    *,
    slack: float | None = None,
    omega: float = DEFAULT_OMEGA,
    density: float = DEFAULT_DENSITY,
    mode: int = 1,
    radius0: float = 0.0,
    radius1: float = 0.0,
    n_points: int = 513,
    sampling: Sampling = "x",
) -> RopeSolution:
    """The rope of `length` metres between ends `span` metres apart along the axis.

    `slack`, (length - distance)/distance with the straight distance of the ends, takes the place
    of `length` when given, and carries the digits of an almost straight rope; `length` may then be
    None. `omega` in rad/s, `density` in kg/m, `mode` the number of half-waves (1 is the skipping
    rope; higher ones are saddles of the energy), `radius0` and `radius1` the signed radii of the
    ends in metres. `n_points` samples are spaced evenly along the axis (`sampling="x"`), which
    draws well, or along the rope ("arc").

    A rope of mode 1 bulges to the positive side; where none does, with an end at a negative radius
    and too little length, the one that bulges to the negative side is returned with a warning.

    Raises RopeError: "bad_value", "too_short", "taut" (length equals the distance), "undetermined"
    (omega 0), "no_solution" (no rope of this mode reaches these radii).
    """
    setting = make_setting(span, omega, density, mode, radius0, radius1, n_points, sampling)
    if slack is not None:
        return solve_setting(slack_from_slack(slack), setting)
    if length is None:
        raise RopeError("bad_value", "Give the rope a length, or a slack in its place.", "length")
    exact = None if setting.radius0 == setting.radius1 else _exact_slack(length, setting)
    rope = solve_setting(slack_from_length(length, setting.distance, exact), setting)
    return replace(rope, length=float(length))


def from_end_angle(
    end_angle: float,
    span: float,
    *,
    omega: float = DEFAULT_OMEGA,
    density: float = DEFAULT_DENSITY,
    mode: int = 1,
    n_points: int = 513,
    sampling: Sampling = "x",
) -> RopeSolution:
    """The rope with both ends on the axis that leaves it at `end_angle` degrees; no iteration.

    k = tan(θ/2), so m/mc = sin²(θ/2)/cos θ. Units and errors as in `solve`; an angle outside the
    open interval from 0 to 90 degrees raises RopeError("no_solution").
    """
    setting = make_setting(span, omega, density, mode, 0.0, 0.0, n_points, sampling)
    return on_axis_from_ratio(ratio_from_end_angle(real(end_angle, "end_angle")), setting, 0)


def ratio_from_end_angle(degrees: float) -> float:
    """m/mc of the on-axis rope that leaves the axis at an angle between 0 and 90 degrees."""
    if not 0 < degrees < 90:
        raise RopeError(
            "no_solution",
            f"No rope leaves the axis at {digits(degrees)}°; every angle above 0° and below 90° "
            "can be reached.",
            "end_angle",
        )
    half = math.sin(math.radians(degrees) / 2)
    ratio = half * half / math.sin(math.radians(90 - degrees))
    if ratio < SMALLEST_SLACK:
        raise RopeError(
            "bad_value",
            f"An end angle of {digits(degrees)}° is too small for double precision to carry.",
            "end_angle",
        )
    return ratio


def make_setting(
    span: float,
    omega: float,
    density: float,
    mode: int,
    radius0: float,
    radius1: float,
    n_points: int,
    sampling: Sampling,
) -> Setting:
    """The checked arguments of a rope, all but its length."""
    if sampling not in ("x", "arc"):
        message = f'sampling must be "x" or "arc", not {sampling!r}.'
        raise RopeError("bad_value", message, "sampling")
    setting = Setting(
        span=positive(span, "span"),
        omega=angular_speed(omega),
        density=positive(density, "density"),
        mode=whole(mode, "mode", 1, 10_000),
        radius0=real(radius0, "radius0"),
        radius1=real(radius1, "radius1"),
        n_points=whole(n_points, "n_points", 2, MOST_POINTS),
        sampling=sampling,
    )
    carried_scales(setting.span, setting.omega, setting.density)
    furthest = max(abs(setting.radius0), abs(setting.radius1))
    if furthest > LARGEST_RADIUS * setting.span:
        raise RopeError(
            "bad_value",
            f"An end {digits(furthest)} m from the axis is further than the "
            f"{digits(LARGEST_RADIUS * setting.span)} m that can be solved across this span; bring "
            "the ends closer to the axis.",
            "radius0" if abs(setting.radius0) == furthest else "radius1",
        )
    return setting


def solve_setting(slack: float, setting: Setting) -> RopeSolution:
    """The rope of a checked `slack` in a checked `setting`."""
    if setting.radius0 == 0 and setting.radius1 == 0:
        ratio, iterations = ratio_from_slack(slack)
        return on_axis_from_ratio(ratio, setting, iterations, slack)
    radii = setting.radius0 / setting.span, setting.radius1 / setting.span
    if slack < SMALLEST_SLACK_OFF_AXIS:
        raise RopeError(
            "bad_value",
            f"A slack of {slack:g} is too small to be resolved with an end off the axis; make it "
            f"at least {SMALLEST_SLACK_OFF_AXIS:g}, or hold the ends on the axis.",
            "slack",
        )
    shape, solved, warnings = solve_off_axis(slack, *radii, setting.mode)
    return describe(
        shape,
        setting,
        solved.iterations,
        solved.residual,
        (*notices(setting.mode, slack), *warnings),
    )


def on_axis_from_ratio(
    ratio: float, setting: Setting, iterations: int, slack: float | None = None
) -> RopeSolution:
    """The on-axis rope with m/mc = `ratio`; its slack is 2 (m/mc) r where none is asked for."""
    modulus = Modulus.from_ratio(ratio)
    reached = 2 * modulus.ratio * modulus.r
    wanted = reached if slack is None else slack
    shape = Shape(modulus, 0.0, float(setting.mode), 0.0, 0.0, wanted, wanted)
    warnings = notices(setting.mode, wanted)
    return describe(shape, setting, iterations, abs(reached / wanted - 1), warnings)


def notices(mode: int, slack: float) -> tuple[str, ...]:
    """What a person should know about a rope that is right but unusual."""
    sentences = []
    if mode > 1:
        sentences.append(
            f"Mode {mode} is an equilibrium but not a stable one; a disturbed rope leaves it for "
            "mode 1."
        )
    if slack > 1e6:
        sentences.append("At equal scales of both axes a rope this long looks like a line.")
    return tuple(sentences)


def _exact_slack(length: float, setting: Setting) -> float | None:
    """(L - D)/D from L² - D² in exact arithmetic: the rounded distance D would cost digits."""
    number = positive(length, "length")
    rise = Fraction(setting.radius1) - Fraction(setting.radius0)
    square = Fraction(setting.span) ** 2 + rise**2
    distance = setting.distance
    if number > 1e30 * distance:  # nothing is lost, and the square would leave the range
        return None
    return float((Fraction(number) ** 2 - square) / square) / (number / distance + 1)
