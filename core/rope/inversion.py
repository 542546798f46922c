"""From what a rope does back to the rope: its length from a sag, an angle, a force or an area."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from zoetrope.core.rope.arguments import digits, positive, real, slack_from_slack
from zoetrope.core.rope.elliptic import LARGEST_SLACK, Modulus, solve_ratio
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.off_axis import MIRRORED, Solved, continue_off_axis, solve_off_axis
from zoetrope.core.rope.roots import crossing, golden_minimum
from zoetrope.core.rope.shape import Sampling, Shape, integrals
from zoetrope.core.rope.solution import RopeSolution, Setting, ends
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
MOST_AFRESH = 4  # ropes of one crossing solved without a neighbour to start from
WIDE, NARROWEST = 0.15, 1e-12  # the search for the end of a branch: in logs of slack


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
        raise RopeError("bad_value", f"{name} is too extreme at {digits(value)}.", name) from None
    if ratio > LARGEST_SLACK:
        raise RopeError(
            "no_solution",
            f"{_no_rope(name, value)} and a length that double precision can carry; choose a "
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


def _out_of_reach(name: Quantity, value: float, nearest: float, or_more: bool = False) -> RopeError:
    unit = UNITS[name]
    bound = f"{'more than ' if or_more else ''}{digits(nearest)}{unit}"
    return RopeError(
        "no_solution",
        f"{_no_rope(name, value)}; the nearest that can be reached is {bound}.",
        name,
    )


def _no_rope(name: Quantity, value: float) -> str:
    what = name.replace("_", " ")
    article = "an" if what[0] in "aeiou" else "a"
    return f"No rope between these ends has {article} {what} of {digits(value)}{UNITS[name]}"


def _property(name: Quantity, rope: RopeSolution) -> float:
    if name == "end_angle":
        return rope.end_angle_deg[0]
    if name == "end_tension":
        return rope.end_tension[0]
    return float(getattr(rope, name))


def _property_of_shape(name: Quantity, shape: Shape, setting: Setting) -> float:
    """What `_property` gives for the rope of this shape, without describing all of the rope."""
    if name == "sag":
        return shape.greatest() * setting.span
    if name == "axial_force":
        return shape.axial_force * setting.force
    if name == "area":
        return integrals(shape).area * setting.span**2
    tension, angle, _ = ends(shape)
    return tension[0] * setting.force if name == "end_tension" else math.degrees(angle[0])


@dataclass(frozen=True, slots=True)
class _Found:
    """A rope on the way of the search: log of its slack, its property, and its branch."""

    log_slack: float
    reached: float
    solved: Solved
    mirrored: bool


def _off_axis(name: Quantity, value: float, setting: Setting) -> RopeSolution:
    """The longest rope with the property, or the error with the nearest values.

    A property of a long rope grows with its length; on the way to a short one it can turn, and it
    jumps where the rope that bulges to the positive side ends. So the slacks are walked from long
    to short, and a crossing counts only where the value is reached on one branch.
    """
    search = _Search(name, setting)
    trail = [_long_enough(search, value, _on_axis_guess(name, value, setting))]
    if trail[0].log_slack >= LONGEST and trail[0].reached < value and name != "end_angle":
        raise _not_reached(name, value, search.seen)
    while trail[-1].log_slack > SHORTEST:
        last = trail[-1]
        found = search.at(max(last.log_slack - SEARCH_STEP, SHORTEST), last)
        if found is None or found.mirrored != last.mirrored:
            before, after = search.end_of_branch(last, found)
            rope = _between(search, value, before, last)
            if rope is not None:
                return rope
            trail.append(before)
            if after is None:
                break
            trail.append(after)
            if found is None or found.log_slack >= after.log_slack:
                continue
        rope = _between(search, value, found, trail[-1])
        if rope is None and len(trail) > 1:
            rope = _at_turning_point(search, value, found, trail[-1], trail[-2])
        if rope is not None:
            return rope
        trail.append(found)
    raise _not_reached(name, value, search.seen)


class _Search:
    """One property of the ropes between two ends, by the log of the slack."""

    def __init__(self, name: Quantity, setting: Setting) -> None:
        self.name = name
        self.setting = setting
        self.radii = setting.radius0 / setting.span, setting.radius1 / setting.span
        self.seen: list[_Found] = []

    def at(self, log_slack: float, near: _Found | None = None) -> _Found | None:
        """The rope that `solve` returns, quickly from one `near` it where there is one."""
        slack = math.exp(log_slack)
        if near is not None and (not near.mirrored or log_slack < near.log_slack):
            found = self.on_branch(log_slack, near)
            if found is not None:
                return found
        try:
            shape, solved, warnings = solve_off_axis(slack, *self.radii, self.setting.mode)
        except RopeError:
            return None
        return self._record(log_slack, shape, solved, MIRRORED in warnings)

    def on_branch(self, log_slack: float, near: _Found) -> _Found | None:
        """The rope on the branch of one `near` it, or None past its end."""
        slack, mode = math.exp(log_slack), self.setting.mode
        step = continue_off_axis(near.solved, near.mirrored, slack, *self.radii, mode)
        return None if step is None else self._record(log_slack, *step, near.mirrored)

    def end_of_branch(self, long: _Found, short: _Found | None) -> tuple[_Found, _Found | None]:
        """The shortest rope on the branch of `long`, and the one beyond: both sides of a jump."""
        low = max(long.log_slack - SEARCH_STEP, SHORTEST) if short is None else short.log_slack
        while long.log_slack - low > NARROWEST:
            middle = (long.log_slack + low) / 2
            wide = long.log_slack - low > WIDE
            found = self.at(middle, long) if wide else self.on_branch(middle, long)
            if found is not None and found.mirrored == long.mirrored:
                long = found
                continue
            low, short = middle, found if wide else short
        if short is None:
            return long, None
        return long, self.on_branch(low, short) or short

    def _record(self, log_slack: float, shape: Shape, solved: Solved, mirrored: bool) -> _Found:
        reached = _property_of_shape(self.name, shape, self.setting)
        found = _Found(log_slack, reached, solved, mirrored)
        self.seen.append(found)
        return found


def _on_axis_guess(name: Quantity, value: float, setting: Setting) -> float:
    """log of the slack that a rope on the axis would need, or of an ordinary one."""
    try:
        rope = _on_axis(name, value, replace(setting, radius0=0.0, radius1=0.0, n_points=2))
    except RopeError:
        return 0.0
    return min(max(math.log(rope.slack), SHORTEST), LONGEST)


def _long_enough(search: _Search, value: float, start: float) -> _Found:
    """The first rope from log slack `start` upwards with more than `value`, or the longest."""
    log_slack, found = start, search.at(start)
    while (found is None or found.reached <= value) and log_slack < LONGEST:
        log_slack = min(log_slack + SEARCH_STEP, LONGEST)
        found = search.at(log_slack, found)
    if found is None:
        raise RopeError(
            "no_solution",
            f"No rope of mode {search.setting.mode} was found between these ends.",
            search.name,
        )
    return found


def _between(search: _Search, value: float, short: _Found, long: _Found) -> RopeSolution | None:
    """The rope with the property between two of one branch, if it is there."""
    if (short.reached - value) * (long.reached - value) > 0 or short.mirrored != long.mirrored:
        return None
    known, afresh = [short, long], 0

    def reached(log_slack: float) -> float:
        nonlocal afresh
        for one in known:
            if log_slack == one.log_slack:
                return one.reached
        above = min((o for o in known if o.log_slack > log_slack), key=lambda o: o.log_slack)
        below = max((o for o in known if o.log_slack < log_slack), key=lambda o: o.log_slack)
        found = search.on_branch(log_slack, above) or search.on_branch(log_slack, below)
        if found is None and afresh < MOST_AFRESH:
            afresh += 1
            found = search.at(log_slack)
        if found is None:
            raise ArithmeticError
        known.append(found)
        return found.reached

    try:
        log_slack = crossing(reached, value, short.log_slack, long.log_slack)
        rope = solve_setting(math.exp(log_slack), search.setting)
    except (ArithmeticError, RopeError):
        return None
    size = max(abs(value), 1e-3 * max(abs(short.reached), abs(long.reached)))
    return rope if abs(_property(search.name, rope) - value) <= 1e-9 * size else None


def _at_turning_point(
    search: _Search, value: float, short: _Found, middle: _Found, long: _Found
) -> RopeSolution | None:
    """The longer rope with the property near a least or greatest value among three, if any has."""
    sign = math.copysign(1.0, middle.reached - value)
    heights = [sign * (one.reached - value) for one in (short, middle, long)]
    if len({short.mirrored, middle.mirrored, long.mirrored}) > 1:
        return None
    if not heights[1] < min(heights[0], heights[2]):  # a level stretch has no turning point
        return None
    near = middle

    def height(log_slack: float) -> float:
        nonlocal near
        found = search.on_branch(log_slack, near)
        near = near if found is None else found
        return math.inf if found is None else sign * (found.reached - value)

    turning = golden_minimum(height, short.log_slack, long.log_slack, 1e-6)
    lowest = search.on_branch(turning, near)
    return None if lowest is None else _between(search, value, lowest, long)


def _not_reached(name: Quantity, value: float, seen: list[_Found]) -> RopeError:
    """The error, with the nearest values below and above that ropes were found to have."""
    unit = UNITS[name]
    longest = max(seen, key=lambda one: one.log_slack)
    under = max((one.reached for one in seen if one.reached <= value), default=None)
    over = min((one.reached for one in seen if one.reached >= value), default=None)
    if over is None and longest.log_slack >= LONGEST and name != "end_angle":
        reach = math.exp(LONGEST)
        message = (
            f"A{'n' if name[0] in 'aeiou' else ''} {name.replace('_', ' ')} of "
            f"{digits(value)}{unit} is beyond what is searched: ropes up to {digits(reach)} times "
            f"the distance of the ends, which reach {digits(longest.reached)}{unit}."
        )
        return RopeError("no_solution", message, name)
    if under is None or over is None:
        nearest = under if over is None else over
        return _out_of_reach(name, value, value if nearest is None else nearest)
    return RopeError(
        "no_solution",
        f"{_no_rope(name, value)}; the nearest that can be reached are {digits(under)} and "
        f"{digits(over)}{unit}.",
        name,
    )
