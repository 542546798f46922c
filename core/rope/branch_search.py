"""The search for a rope off the axis that has a given property, along the branches of ropes."""

import math
from dataclasses import dataclass
from typing import Literal

from zoetrope.core.rope.arguments import digits
from zoetrope.core.rope.branch import STRIDE, Branch, Place, start, start_mirrored
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.off_axis import MIRRORED
from zoetrope.core.rope.roots import least
from zoetrope.core.rope.shape import Shape, integrals
from zoetrope.core.rope.solution import RopeSolution, Setting, describe, ends
from zoetrope.core.rope.troposkein import notices

Quantity = Literal["sag", "end_angle", "axial_force", "end_tension", "area", "slack"]
UNITS = {"sag": " m", "end_angle": "°", "axial_force": " N", "end_tension": " N", "area": " m²"}
SHORTEST, LONGEST = math.log(1e-10), math.log(1e8)  # slacks that are searched
AT_BOUND = 1e-9  # and how near to them the search has arrived
TURNING = 1e-4  # how well the place of a turning point is known; its value, to the square of it
MOST_BRANCHES = 3  # followed from long to short; mode 1 has two, higher modes a web of them
APART = 0.15  # in log of slack: how far from a merger the rope of another branch is found


def search(name: Quantity, value: float, setting: Setting, guess: float) -> RopeSolution:
    """The longest rope off the axis with the property, near log slack `guess` or anywhere else.

    Raises RopeError("no_solution") with the nearest values.

    A property of a long rope grows with its length; on the way to a short one it can turn, and it
    jumps where the rope that bulges to the positive side ends. So the ropes are followed from long
    to short, and a crossing counts only where the value is reached on one branch.
    """
    walk = _Walk(name, value, setting)
    here = walk.long_enough(guess)
    if here.place.log_slack >= LONGEST - AT_BOUND and here.reached < value and name != "end_angle":
        raise _not_reached(name, value, walk.seen)
    for _ in range(MOST_BRANCHES):
        found, end, merged = walk.down(here)
        if found is not None:
            return walk.solution(found)
        following = walk.beyond(end, merged)
        if following is None or following.place.log_slack >= here.place.log_slack - AT_BOUND:
            break
        here = following
    raise _not_reached(name, value, walk.seen)


@dataclass(frozen=True, slots=True)
class _Found:
    """A rope on the way of the search, and its property."""

    branch: Branch
    place: Place
    reached: float


class _Walk:
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
        easy = max(10 * reach * min(1.0, 4 * reach), math.exp(SHORTEST))
        log_slack = min(max(guess, math.log(easy)), LONGEST)
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
        lowest = known[least(height, sides[0], 0.0, sides[1], TURNING)]
        return self._between(lowest, long)


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
        return out_of_reach(name, value, value if nearest is None else nearest)
    return RopeError(
        "no_solution",
        f"{no_rope(name, value)}; the nearest that can be reached are {digits(under)} and "
        f"{digits(over)}{unit}.",
        name,
    )


def out_of_reach(name: Quantity, value: float, nearest: float, or_more: bool = False) -> RopeError:
    """The error for a value beyond the nearest that ropes have."""
    unit = UNITS[name]
    bound = f"{'more than ' if or_more else ''}{digits(nearest)}{unit}"
    return RopeError(
        "no_solution",
        f"{no_rope(name, value)}; the nearest that can be reached is {bound}.",
        name,
    )


def no_rope(name: Quantity, value: float) -> str:
    """The beginning of a sentence that no rope has the value."""
    what = name.replace("_", " ")
    article = "an" if what[0] in "aeiou" else "a"
    return f"No rope between these ends has {article} {what} of {digits(value)}{UNITS[name]}"
