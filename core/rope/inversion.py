"""From what a rope does back to the rope: its length from a sag, an angle, a force or an area."""

import math
from collections.abc import Callable
from dataclasses import replace

from zoetrope.core.rope.arguments import digits, positive, real, slack_from_slack
from zoetrope.core.rope.branch_search import (
    LONGEST,
    SHORTEST,
    Quantity,
    no_rope,
    out_of_reach,
    search,
)
from zoetrope.core.rope.elliptic import LARGEST_SLACK, Modulus, solve_ratio
from zoetrope.core.rope.errors import RopeError
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
    longer is returned, the one that stays when the radii go to 0. There a property can also jump,
    where a rope that bulges to the positive side becomes too short to exist; a value in the gap is
    refused.

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
    value = real(value, name)
    return search(name, value, setting, _on_axis_guess(name, value, setting))


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
            raise out_of_reach(name, value, least, or_more=True)
        target = (value - least) / least
        residual, start = _force_residual(target, name == "end_tension"), target
    try:
        ratio, iterations = solve_ratio(residual, min(max(start, 1e-140), 1e80))
    except ArithmeticError:
        raise RopeError("bad_value", f"{name} is too extreme at {digits(value)}.", name) from None
    if ratio > LARGEST_SLACK:
        raise RopeError(
            "no_solution",
            f"{no_rope(name, value)} and a length that double precision can carry; choose a "
            "smaller one.",
            name,
        )
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


def _on_axis_guess(name: Quantity, value: float, setting: Setting) -> float:
    """log of the slack that a rope on the axis would need, or of an ordinary one."""
    try:
        rope = _on_axis(name, value, replace(setting, radius0=0.0, radius1=0.0, n_points=2))
    except RopeError:
        return 0.0
    return min(max(math.log(rope.slack), SHORTEST), LONGEST)
