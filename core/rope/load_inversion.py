"""From what a rope does under loads back to the rope: its length, by the secant method.

Without loads the answer is in closed form, see `inversion`.
"""

import math
from collections.abc import Callable
from typing import Any, get_args

from zoetrope.core.rope.arguments import digits, real
from zoetrope.core.rope.branch_search import Quantity
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.inversion import inverse as inverse_without_loads
from zoetrope.core.rope.loaded_arguments import Loads
from zoetrope.core.rope.solution import RopeSolution
from zoetrope.core.rope.steady import solve_steps
from zoetrope.core.stepping import Steps, finish, within

LOADS = tuple(Loads.__dataclass_fields__)
PROPERTIES = get_args(Quantity)
CLOSE = 1e-10  # what the property may be off by, relative
MOST_ROPES = 40
LONGEST_STEP = 1.0  # of the logarithm of the slack, or of the length
SMALLEST_STEP = 1e-4

_MEASURES: dict[str, Callable[[RopeSolution], float]] = {
    "sag": lambda rope: rope.sag,
    "end_angle": lambda rope: rope.end_angle_deg[0],
    "axial_force": lambda rope: rope.axial_force,
    "end_tension": lambda rope: rope.end_tension[0],
    "area": lambda rope: rope.area,
}


def inverse(span: float, **arguments: Any) -> RopeSolution:
    """The rope across `span` that has exactly one given property; its `length` is the answer.

    `sag`, `end_angle`, `axial_force`, `end_tension`, `area` or `slack`, as in `inversion.inverse`;
    the other arguments as in `zoetrope.core.rope.solve`. With loads the rope is sought from the one
    that has the property without them. Raises RopeError as both; "no_solution" where the search
    ends without a rope.
    """
    return finish(inverse_steps(span, **arguments))


def inverse_steps(span: float, **arguments: Any) -> Steps[RopeSolution]:
    """`inverse` in steps of a few milliseconds: yields the share done."""
    loads = Loads(**{name: arguments.pop(name) for name in LOADS if name in arguments})
    if loads.neutral:
        return inverse_without_loads(span, **arguments)
    given = {name: arguments.pop(name) for name in PROPERTIES if arguments.get(name) is not None}
    start = _guess(span, given, arguments)  # also says what is wrong with the property
    [(name, wanted)] = given.items()
    options = {**arguments, **{load: getattr(loads, load) for load in LOADS}}
    if name == "slack":
        return (yield from solve_steps(None, span, slack=wanted, **options))
    return (yield from _search(span, name, real(wanted, name), start, options))


def _guess(span: float, given: dict[str, Any], arguments: dict[str, Any]) -> float:
    """log of the slack of the rope without loads that has the property."""
    try:
        rope = inverse_without_loads(span, **given, **{**arguments, "n_points": 2})
    except RopeError as error:
        if error.code != "no_solution":
            raise
        return math.log(0.5)
    return math.log(min(max(rope.slack, 1e-6), 100.0))


def _search(
    span: float, name: str, wanted: float, start: float, options: dict[str, Any]
) -> Steps[RopeSolution]:
    """The secant method in the logarithm of the slack; a step without a rope is halved."""
    place, last, step = start, None, 0.05
    failed: RopeError | None = None
    rope: RopeSolution | None = None
    nearest = math.inf
    for count in range(MOST_ROPES):
        share = count / MOST_ROPES
        try:
            options["start"] = rope
            rope = yield from within(
                solve_steps(None, span, slack=math.exp(place), **options), share, share
            )
        except RopeError as error:
            if last is None or abs(step) < SMALLEST_STEP:
                raise
            failed, step = error, step / 2
            place = last[0] + step
            continue
        miss = _MEASURES[name](rope) - wanted
        nearest = min(nearest, miss, key=abs)
        if abs(miss) <= CLOSE * abs(wanted):
            return rope
        if last is not None:
            slope = (miss - last[1]) / (place - last[0])
            step = -miss / slope if slope else LONGEST_STEP
            step = math.copysign(min(abs(step), LONGEST_STEP), step)
        last = (place, miss)
        place += step
    if failed is not None:
        raise failed
    words = name.replace("_", " ")
    raise RopeError(
        "no_solution",
        f"No rope with {words} {digits(wanted)} was found under these loads; the nearest one has "
        f"{digits(wanted + nearest)}.",
        name,
    )
