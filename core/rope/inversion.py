"""From what a rope does back to the rope: its length from a sag, an angle, a force or an area."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from zoetrope.core.rope.arguments import positive, real, slack_from_slack
from zoetrope.core.rope.elliptic import Modulus, solve_ratio
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.roots import crossing, golden_minimum
from zoetrope.core.rope.shape import Sampling
from zoetrope.core.rope.solution import RopeSolution, Setting
from zoetrope.core.rope.troposkein import (
    DEFAULT_DENSITY,
    DEFAULT_OMEGA,
    make_setting,
    on_axis_from_ratio,
    ratio_from_end_angle,
    solve_setting,
)

Quantity = Literal["sag", "end_angle", "axial_force", "end_tension", "area", "slack"]
UNITS = {"sag": " m", "end_angle": "°", "axial_force": " N", "end_tension": " N", "area": " m²"}
SHORTEST, LONGEST = math.log(1e-10), math.log(1e8)  # slacks searched with the ends off the axis
SEARCH_STEP = math.log(4)


def inverse(
    span: float,
    *,
    sag: float | None = None,
    end_angle: float | None = None,
    axial_force: float | None = None,
    end_tension: float | None = None,
    area: float | None = None,
    slack: float | None = None,
    omega: float = DEFAULT_OMEGA,
    density: float = DEFAULT_DENSITY,
    mode: int = 1,
    radius0: float = 0.0,
    radius1: float = 0.0,
    n_points: int = 513,
    sampling: Sampling = "x",
) -> RopeSolution:
    """The rope across `span` that has exactly one given property; its `length` is the answer.

    `sag` in metres, `end_angle` at end 0 in degrees with its sign, `axial_force` and the
    `end_tension` at end 0 in newtons, `area` in m², or `slack`; the other arguments as in `solve`.
    With both ends on the axis each property grows with the length and the closed forms are solved
    to full precision for any slack. Off the axis forces fall before they grow: of two ropes the
    longer is returned, the one that stays when the radii go to 0.

    Raises RopeError("no_solution") with the nearest value a rope can have, "bad_value" for bad
    arguments or not exactly one property, and what `solve` raises.
    """
    given: dict[Quantity, float | None] = {
        "sag": sag,
        "end_angle": end_angle,
        "axial_force": axial_force,
        "end_tension": end_tension,
        "area": area,
        "slack": slack,
    }
    wanted = {name: value for name, value in given.items() if value is not None}
    if len(wanted) != 1:
        raise RopeError(
            "bad_value",
            f"Give exactly one of {', '.join(given)}; {len(wanted)} were given.",
            next(iter(wanted), None),
        )
    [(name, value)] = wanted.items()
    setting = make_setting(span, omega, density, mode, radius0, radius1, n_points, sampling)
    if name == "slack":
        return solve_setting(slack_from_slack(value), setting)
    if setting.radius0 == 0 and setting.radius1 == 0:
        return _on_axis(name, value, setting)
    return _off_axis(name, real(value, name), setting)


def _on_axis(name: Quantity, value: float, setting: Setting) -> RopeSolution:
    if name == "end_angle":
        return on_axis_from_ratio(ratio_from_end_angle(real(value, name)), setting, 0)
    target = positive(value, name) * setting.mode / setting.span
    if name == "sag":
        residual, start = _sag_residual(target), target * (1 + target)
    elif name == "area":
        target /= setting.span
        residual, start = _area_residual(target), target * (1 + target)
    else:
        least = setting.force / (math.pi * setting.mode) ** 2
        if value <= least:
            raise _out_of_reach(name, value, least, or_more=True)
        target = (value - least) / least
        residual, start = _force_residual(target, name == "end_tension"), target
    try:
        ratio, iterations = solve_ratio(residual, min(max(start, 1e-140), 1e80))
    except ArithmeticError:
        raise RopeError("bad_value", f"{name} is too extreme at {value:g}.", name) from None
    return on_axis_from_ratio(ratio, setting, iterations)


Residual = Callable[[float], tuple[float, float]]


def _sag_residual(target: float) -> Residual:
    """log of n h/d = k/(K k'²) over its target, and the slope against q: from ½ to 1."""

    def residual(ratio: float) -> tuple[float, float]:
        modulus = Modulus.from_ratio(ratio)
        m, mc = modulus.m, modulus.mc
        reached = modulus.k / (modulus.K * mc)
        return math.log(reached / target), mc / 2 + m - m * modulus.r / 2

    return residual


def _area_residual(target: float) -> Residual:
    """log of n A/d² = artanh(k)/(K² k'²) over its target, and its slope."""

    def residual(ratio: float) -> tuple[float, float]:
        modulus = Modulus.from_ratio(ratio)
        artanh = math.asinh(math.sqrt(ratio))
        reached = artanh / (modulus.K**2 * modulus.mc)
        slope = modulus.k / (2 * artanh) + modulus.m - modulus.m * modulus.r
        return math.log(reached / target), slope

    return residual


def _force_residual(target: float, at_end: bool) -> Residual:
    """log of the force over its least value ρω²d²/(nπ)², minus 1, over its target.

    H = (π/2K)²/k'² of that least value, and (1+k²)/k'² times more at the ends: all from logarithms
    that keep their digits where the force has almost fallen to the least.
    """

    def residual(ratio: float) -> tuple[float, float]:
        modulus = Modulus.from_ratio(ratio)
        m, mc = modulus.m, modulus.mc
        logarithm = math.log1p(ratio) - 2 * modulus.log_growth()
        slope = m - m * modulus.r
        if at_end:
            logarithm += math.log1p(m) + math.log1p(ratio)
            slope += m + m * mc / (1 + m)
        excess = math.expm1(logarithm)
        return math.log(excess / target), slope * (1 + excess) / excess

    return residual


def _out_of_reach(name: Quantity, value: float, nearest: float, or_more: bool = False) -> RopeError:
    unit, what = UNITS[name], name.replace("_", " ")
    bound = f"{'more than ' if or_more else ''}{nearest:.9g}{unit}"
    return RopeError(
        "no_solution",
        f"No rope between these ends has {'an' if what[0] in 'aeiou' else 'a'} {what} of "
        f"{value:.9g}{unit}; the nearest that can be reached is {bound}.",
        name,
    )


def _property(name: Quantity, rope: RopeSolution) -> float:
    if name == "end_angle":
        return rope.end_angle_deg[0]
    if name == "end_tension":
        return rope.end_tension[0]
    return float(getattr(rope, name))


def _off_axis(name: Quantity, value: float, setting: Setting) -> RopeSolution:
    """Search the slacks, from long to short, for the first rope with the property.

    All properties grow with the length of a long rope; on the way to a short one they fall, and
    perhaps rise again after a turning point.
    """
    plain = replace(setting, n_points=2, sampling="x")

    def reached(log_slack: float) -> float:
        return _property(name, solve_setting(math.exp(log_slack), plain))

    trail = [_long_enough(reached, value, _on_axis_guess(name, value, plain))]
    while trail[-1][0] > SHORTEST:
        log_slack = trail[-1][0] - SEARCH_STEP
        try:
            trail.append((log_slack, reached(log_slack)))
        except RopeError:
            trail.append(_shortest(reached, log_slack, trail[-1][0]))
        if (trail[-2][1] - value) * (trail[-1][1] - value) <= 0:
            return _between(reached, value, trail[-1][0], trail[-2][0], setting)
        if trail[-1][1] >= trail[-2][1] or trail[-1][0] > log_slack:
            break
    return _at_turning_point(name, value, setting, reached, trail)


def _on_axis_guess(name: Quantity, value: float, setting: Setting) -> float:
    """log of the slack that a rope on the axis would need, or of an ordinary one."""
    try:
        rope = _on_axis(name, value, replace(setting, radius0=0.0, radius1=0.0))
    except RopeError:
        return 0.0
    return min(max(math.log(rope.slack), SHORTEST), LONGEST)


def _long_enough(
    reached: Callable[[float], float], value: float, start: float
) -> tuple[float, float]:
    """A log of slack from `start` upwards, with a property of at least `value`, or the longest."""
    log_slack = start
    while True:
        try:
            found = reached(log_slack)
        except RopeError:
            found = -math.inf
        if found > value or log_slack >= LONGEST:
            return log_slack, found
        log_slack = min(log_slack + SEARCH_STEP, LONGEST)


def _shortest(reached: Callable[[float], float], low: float, high: float) -> tuple[float, float]:
    """The shortest rope there is, to four digits, between a slack without one and one with."""
    found = reached(high)
    while high - low > 1e-4:
        middle = (low + high) / 2
        try:
            high, found = middle, reached(middle)
        except RopeError:
            low = middle
    return high, found


def _between(
    reached: Callable[[float], float], value: float, low: float, high: float, setting: Setting
) -> RopeSolution:
    return solve_setting(math.exp(crossing(reached, value, low, high)), setting)


def _at_turning_point(
    name: Quantity,
    value: float,
    setting: Setting,
    reached: Callable[[float], float],
    trail: list[tuple[float, float]],
) -> RopeSolution:
    """A rope near the least value on the trail if it has the property, or else the error."""
    best = min(range(len(trail)), key=lambda place: abs(trail[place][1] - value))
    long, short = trail[max(best - 1, 0)][0], trail[min(best + 1, len(trail) - 1)][0]
    turning = golden_minimum(reached, short, long, 1e-7)
    nearest = reached(turning)
    if nearest <= value < trail[max(best - 1, 0)][1]:
        return _between(reached, value, turning, long, setting)
    raise _out_of_reach(name, value, min(nearest, trail[best][1]))
