"""Checks of what people pass in: every bad value gets a sentence that names it."""

import math
import numbers
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context
from typing import Any

from zoetrope.core.rope.elliptic import LARGEST_SLACK, SMALLEST_SLACK
from zoetrope.core.rope.errors import RopeError


def digits(value: float, most: int = 6, rounding: str = ROUND_HALF_EVEN) -> str:
    """`value` for a sentence: at most so many digits, no power of ten for an ordinary size."""
    rounded = Context(prec=most, rounding=rounding).create_decimal(repr(value)).normalize()
    if value == 0 or -7 <= rounded.adjusted() < 10:
        return f"{rounded:f}"
    return f"{float(rounded):.{most}g}"


def above(value: float) -> str:
    """`value` for "longer than", rounded up."""
    return digits(value, rounding=ROUND_CEILING)


def below(value: float) -> str:
    """`value` for "shorter than" and "less than", rounded down."""
    return digits(value, rounding=ROUND_FLOOR)


def real(value: Any, name: str) -> float:
    """`value` as a finite float; RopeError("bad_value") for anything else, True and "1" too."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise RopeError("bad_value", f"{name} must be a number, not {value!r}.", name)
    try:
        number = float(value)
    except OverflowError:
        raise RopeError("bad_value", f"{name} is too large a number.", name) from None
    if not math.isfinite(number):
        raise RopeError("bad_value", f"{name} must be a finite number, not {number}.", name)
    return number


def positive(value: Any, name: str) -> float:
    """`value` as a finite float above zero."""
    number = real(value, name)
    if number <= 0:
        raise RopeError("bad_value", f"{name} must be greater than 0, not {digits(number)}.", name)
    return number


def at_least_zero(value: Any, name: str, hint: str = "") -> float:
    """`value` as a finite float, 0 or more; `hint` ends the sentence on a negative one."""
    number = real(value, name)
    if number < 0:
        message = f"{name} must be at least 0, not {digits(number)}{hint}."
        raise RopeError("bad_value", message, name)
    return number


def whole(value: Any, name: str, least: int, most: int) -> int:
    """`value` as an int from `least` to `most`."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise RopeError("bad_value", f"{name} must be a whole number, not {value!r}.", name)
    number = int(value)
    if not least <= number <= most:
        raise RopeError(
            "bad_value", f"{name} must lie between {least} and {most}, not {number}.", name
        )
    return number


def angular_speed(value: Any) -> float:
    """`value` as rad/s above zero; at rest any shape will do, so 0 is "undetermined"."""
    if real(value, "omega") == 0:
        raise RopeError(
            "undetermined",
            "At rest nothing tightens the rope and every shape is possible; give it a speed above "
            "0.",
            "omega",
        )
    return positive(value, "omega")


def slack_from_length(length: Any, distance: float, exact: float | None = None) -> float:
    """(length - distance)/distance for a rope that is longer than the distance of its ends.

    `exact` is that slack where the caller knows it better than by this subtraction.
    """
    number = positive(length, "length")
    if number < distance:
        raise RopeError(
            "too_short",
            f"The rope's length {below(number)} m is shorter than the straight distance "
            f"{above(distance)} m between its ends; make it longer than {above(distance)} m.",
            "length",
        )
    slack = (number - distance) / distance if exact is None else exact
    if number == distance or slack <= 0:
        raise RopeError(
            "taut",
            f"The rope's length {digits(number)} m is the straight distance between its ends: it "
            f"stays straight at any tension; make it longer than {above(distance)} m.",
            "length",
        )
    return representable(slack, "length")


def slack_from_slack(slack: Any) -> float:
    """An explicit (length - distance)/distance, checked like the length it stands for."""
    number = real(slack, "slack")
    if number < 0:
        raise RopeError(
            "too_short",
            f"A slack of {digits(number)} is a rope shorter than the straight distance between its "
            "ends; make the slack greater than 0.",
            "slack",
        )
    if number == 0:
        raise RopeError(
            "taut",
            "A slack of 0 is a rope as long as the straight distance between its ends: it stays "
            "straight at any tension; make the slack greater than 0.",
            "slack",
        )
    return representable(number, "slack")


def representable(slack: float, name: str) -> float:
    """`slack` if double precision can carry the rope it describes."""
    if not SMALLEST_SLACK <= slack <= LARGEST_SLACK:
        raise RopeError(
            "bad_value",
            f"The slack {slack:g}, length over straight distance minus 1, is outside the "
            f"{SMALLEST_SLACK:g} to {LARGEST_SLACK:g} that double precision can carry.",
            name,
        )
    return slack


def carried_scales(span: float, omega: float, density: float) -> None:
    """RopeError where double precision cannot carry the forces, naming the oddest argument."""
    speed = omega * span
    if 1e-30 < span < 1e30 and 1e-100 < density * speed * speed < 1e100:
        return
    name = oddest(span, omega, density)
    value = {"span": span, "omega": omega, "density": density}[name]
    size = "large" if value > 1 else "small"
    raise RopeError(
        "bad_value",
        f"{name} is too {size} at {digits(value)}: double precision cannot carry the forces, about "
        "density·(omega·span)².",
        name,
    )


def oddest(span: float, omega: float, density: float) -> str:
    """The argument that moves the forces ρ(ωd)² furthest from ordinary ones."""
    shares = {
        "span": 2 * math.log(span),
        "omega": 2 * math.log(omega),
        "density": math.log(density),
    }
    if not 1e-30 < span < 1e30:
        return "span"
    return max(shares, key=lambda name: abs(shares[name]))
