"""From what a rope does back to the rope: its length from a sag, an angle, a force or an area."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from zoetrope.core.rope.arguments import digits, positive, real, slack_from_slack
from zoetrope.core.rope.branch import STRIDE, Branch, Place, start, start_mirrored
from zoetrope.core.rope.elliptic import LARGEST_SLACK, Modulus, solve_ratio
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.off_axis import MIRRORED
from zoetrope.core.rope.roots import least
from zoetrope.core.rope.shape import Sampling, Shape, integrals
from zoetrope.core.rope.solution import RopeSolution, Setting, describe, ends
from zoetrope.core.rope.troposkein import (
    DEFAULT_DENSITY,
    DEFAULT_OMEGA,
    make_setting,
    notices,
    on_axis_from_ratio,
    ratio_from_end_angle,
    solve_setting,
)

Quantity = Literal["sag", "end_angle", "axial_force", "end_tension", "area", "slack"]
UNITS = {"sag": " m", "end_angle": "°", "axial_force": " N", "end_tension": " N", "area": " m²"}
SHORTEST, LONGEST = math.log(1e-10), math.log(1e8)  # slacks searched with the ends off the axis
AT_BOUND = 1e-9  # and how near to them the search has arrived
MOST_BRANCHES = 3  # followed from long to short; mode 1 has two, higher modes a web of them
APART = 0.15  # in log of slack: how far from a merger the rope of another branch is found


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


def _property_of_shape(name: Quantity, shape: Shape, setting: Setting) -> float:
    """The property of the rope of this shape, without describing all of the rope."""
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
    """A rope on the way of the search, and its property."""

    branch: Branch
    place: Place
    reached: float


def _off_axis(name: Quantity, value: float, setting: Setting) -> RopeSolution:
    """The longest rope with the property, or the error with the nearest values.

    A property of a long rope grows with its length; on the way to a short one it can turn, and it
    jumps where the rope that bulges to the positive side ends. So the ropes are followed from long
    to short, and a crossing counts only where the value is reached on one branch.
    """
    search = _Search(name, value, setting)
    here = search.long_enough(_on_axis_guess(name, value, setting))
    if here.place.log_slack >= LONGEST - AT_BOUND and here.reached < value and name != "end_angle":
        raise _not_reached(name, value, search.seen)
    for _ in range(MOST_BRANCHES):
        found, end, merged = search.down(here)
        if found is not None:
            return search.solution(found)
        following = search.beyond(end, merged)
        if following is None or following.place.log_slack >= here.place.log_slack - AT_BOUND:
            break
        here = following
    raise _not_reached(name, value, search.seen)


class _Search:
    """The ropes between two ends, walked in search of one with a property."""

    def __init__(self, name: Quantity, value: float, setting: Setting) -> None:
        self.name = name
        self.value = value
        self.setting = setting
        self.radii = setting.radius0 / setting.span, setting.radius1 / setting.span
        self.seen: list[_Found] = []

    def long_enough(self, guess: float) -> _Found:
        """The first rope from log slack `guess` upwards with more than the value, or the longest.

        It starts with one whose sag is several times the radii, which is found directly.
        """
        reach = self.setting.mode * max(map(abs, self.radii))
        log_slack = min(max(guess, math.log(10 * reach * min(1.0, 4 * reach))), LONGEST)
        while (begun := start(log_slack, *self.radii, self.setting.mode)) is None:
            if log_slack >= LONGEST:
                raise RopeError(
                    "no_solution",
                    f"No rope of mode {self.setting.mode} was found between these ends.",
                    self.name,
                )
            log_slack = min(log_slack + STRIDE, LONGEST)
        found = self._record(*begun)
        while found.reached <= self.value and found.place.log_slack < LONGEST - AT_BOUND:
            place = found.branch.longer(found.place, LONGEST)
            if place is None:
                break
            found = self._record(found.branch, place)
        return found

    def down(self, first: _Found) -> tuple[_Found | None, _Found, bool]:
        """The longest rope with the value from `first` down to the end of its branch, if any.

        Then the shortest rope that was found on it, and whether it merges with another there.
        """
        trail = [first]
        merged = False
        while trail[-1].place.log_slack > SHORTEST + AT_BOUND and not merged:
            last = trail[-1]
            place = last.branch.shorter(last.place, SHORTEST)
            if place is None:
                break
            merged = place.slope >= 0
            if merged:
                place = last.branch.merger(last.place, place)
            trail = [*trail[-2:], self._record(last.branch, place)]
            found = self._between(trail[-1], last) or self._turning(trail)
            if found is not None:
                return found, trail[-1], merged
        return None, trail[-1], merged

    def beyond(self, end: _Found, merged: bool) -> _Found | None:
        """The rope on another branch that is as long as the shortest of one, if there is any."""
        log_slack = end.place.log_slack
        if log_slack - APART <= SHORTEST:
            return None
        if self.setting.mode == 1 and sum(self.radii) < 0:  # `solve` turns to the mirror image
            if end.branch.mirrored:
                return None
            begun = start_mirrored(log_slack - APART, *self.radii)
        else:
            begun = start(log_slack - APART, *self.radii, self.setting.mode)
        if begun is None:
            return None
        branch, place = begun
        up = branch.longer(place, log_slack) if merged else None
        return self._record(branch, place if up is None else up)

    def solution(self, found: _Found) -> RopeSolution:
        """All about a rope that was found."""
        shape = found.branch.shape(found.place)
        warnings = notices(self.setting.mode, shape.slack)
        if found.branch.mirrored:
            warnings = (*warnings, MIRRORED)
        place = found.place
        return describe(shape, self.setting, place.iterations, place.residual, warnings)

    def _record(self, branch: Branch, place: Place) -> _Found:
        found = _Found(branch, place, self._reached(branch, place))
        self.seen.append(found)
        return found

    def _reached(self, branch: Branch, place: Place) -> float:
        return _property_of_shape(self.name, branch.shape(place), self.setting)

    def _between(self, short: _Found, long: _Found) -> _Found | None:
        """The rope with the value between two of one branch, if it is there."""
        if (short.reached - self.value) * (long.reached - self.value) > 0:
            return None
        branch = long.branch
        try:
            place = branch.between(
                long.place, short.place, lambda place: self._reached(branch, place), self.value
            )
        except ArithmeticError:
            return None
        found = _Found(branch, place, self._reached(branch, place))
        size = max(abs(self.value), 1e-3 * max(abs(short.reached), abs(long.reached)))
        return found if abs(found.reached - self.value) <= 1e-9 * size else None

    def _turning(self, trail: list[_Found]) -> _Found | None:
        """The longest rope with the value near a turning point among the last three, if any."""
        if len(trail) < 3:
            return None
        long, middle, short = trail
        sign = math.copysign(1.0, middle.reached - self.value)
        if not sign * middle.reached < min(sign * long.reached, sign * short.reached):
            return None  # a level stretch has no turning point
        branch, known = middle.branch, {0.0: middle}

        def height(distance: float) -> float:
            if distance not in known:
                place = branch.at(middle.place, distance)
                if place is None:
                    return math.inf
                known[distance] = self._record(branch, place)
            return sign * (known[distance].reached - self.value)

        sides = [float(middle.place.tangent @ (o.place.unknowns - middle.place.unknowns))
                 for o in (long, short)]  # fmt: skip
        lowest = known[least(height, sides[0], 0.0, sides[1], 1e-6)]
        return self._between(lowest, long)


def _on_axis_guess(name: Quantity, value: float, setting: Setting) -> float:
    """log of the slack that a rope on the axis would need, or of an ordinary one."""
    try:
        rope = _on_axis(name, value, replace(setting, radius0=0.0, radius1=0.0, n_points=2))
    except RopeError:
        return 0.0
    return min(max(math.log(rope.slack), SHORTEST), LONGEST)


def _not_reached(name: Quantity, value: float, seen: list[_Found]) -> RopeError:
    """The error, with the nearest values below and above that ropes were found to have."""
    unit = UNITS[name]
    longest = max(seen, key=lambda one: one.place.log_slack)
    under = max((one.reached for one in seen if one.reached <= value), default=None)
    over = min((one.reached for one in seen if one.reached >= value), default=None)
    if over is None and longest.place.log_slack >= LONGEST - AT_BOUND and name != "end_angle":
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
