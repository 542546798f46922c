"""How numbers are written for people: the decimal mark, the thousands, the digits, the powers.

Files that other programs read (CSV, recipes, scripts) are never written so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MINUS = "\N{MINUS SIGN}"
THIN = "\N{NARROW NO-BREAK SPACE}"
# What stands between thousands and before decimals, by a name.
MARKS = {
    "comma_point": (",", "."),
    "space_point": (THIN, "."),
    "point": ("", "."),
    "point_comma": (".", ","),
    "space_comma": (THIN, ","),
    "comma": ("", ","),
}
LONG = 6  # digits before the point, from which thousands are parted on an axis
FEWEST, MOST = 2, 12  # significant digits
LEAST_POWER, LARGEST_POWER = 3, 12
_SUPERSCRIPTS = str.maketrans("-−0123456789", "⁻⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """`marks` is a key of `MARKS`; `digits` are the significant ones of a readout; numbers from
    10 to the `power` on are written as m×10ⁿ.

    Raises `ValueError` for values that make no sense.
    """

    marks: str = "comma_point"
    digits: int = 4
    power: int = 5

    def __post_init__(self) -> None:
        """Check the values."""
        if self.marks not in MARKS:
            raise ValueError(f"The marks of numbers are one of {', '.join(MARKS)}.")
        for name, value, low, high in (
            ("The number of digits", self.digits, FEWEST, MOST),
            ("The power of ten", self.power, LEAST_POWER, LARGEST_POWER),
        ):
            if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
                raise ValueError(f"{name} is {low} to {high}, not {value}.")

    @classmethod
    def adapt(cls, values: Mapping[str, Any]) -> NumberFormat:
        """Build a format from a file's values; those that make no sense take their default."""
        kept: dict[str, Any] = {}
        for name in cls.__slots__:
            try:
                cls(**{name: values[name]})
            except (KeyError, TypeError, ValueError):
                continue
            kept[name] = values[name]
        return cls(**kept)

    def marked(self, text: str) -> str:
        """Return a number that Python wrote, such as "-1,234.5", with these marks and a true
        minus sign.
        """
        group, decimal = MARKS[self.marks]
        return text.translate({ord(","): group, ord("."): decimal, ord("-"): MINUS})

    def unmarked(self, text: str) -> str:
        """Return a number that a person wrote with a decimal comma, where that is the mark, with a
        point; any other text as it is.
        """
        group, decimal = MARKS[self.marks]
        if decimal == "," and text.count(",") == 1:
            return text.replace(group, "").replace(",", ".") if group else text.replace(",", ".")
        return text


AS_USUAL = NumberFormat()


def decimals_of(error: float) -> int:
    """Return how many decimals a number has that is known to a standard `error` above 0: down to
    the error's second digit.
    """
    return max(1 - math.floor(math.log10(error)), 0)


def superscript(digits: str) -> str:
    """Return a whole number in superscript characters."""
    return digits.translate(_SUPERSCRIPTS)


def power_of_ten(exponent: int) -> str:
    """Return 10 to an integer power as people write it: "10⁻³"."""
    return "10" + superscript(str(exponent))


def with_thousands(text: str) -> str:
    """Return a plain number, as Python writes it, with its thousands parted where it is long:
    from six digits on.
    """
    whole, point, rest = text.partition(".")
    digits = whole.lstrip("-−")
    if len(digits) < LONG or not digits.isdecimal():
        return text
    return f"{whole[: -len(digits)]}{int(digits):,}{point}{rest}"
