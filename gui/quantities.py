"""Numbers as people read them: true minus signs, typeset powers of ten, digits to their meaning."""

from __future__ import annotations

import math

from zoetrope.core.number_format import AS_USUAL, NumberFormat, decimals_of, power_of_ten
from zoetrope.core.parameters import Number
from zoetrope.gui.language import worded

MOST_DECIMALS = 6  # of a number with its error; smaller ones are written with a power

_format = AS_USUAL


def number_format() -> NumberFormat:
    """Return how numbers are written on the screen now."""
    return _format


def set_number_format(chosen: NumberFormat) -> None:
    """Have numbers written so from now on; what stands on the screen is not written anew."""
    global _format
    _format = chosen


def editable(declaration: Number, value: float) -> str:
    """Return a parameter's value to six digits with its unit, in a form that can be typed back."""
    if declaration.integer:
        text = str(int(value))
    else:
        text = f"{value:.6g}"
        if "e" in text:
            mantissa, exponent = text.split("e")
            text = f"{mantissa}e{int(exponent)}"
    return with_unit(_format.marked(text), worded(declaration.unit))


def with_unit(text: str, unit: str) -> str:
    """Return a number's text with its unit: degrees stand close, all others after a space."""
    return f"{text}{unit}" if unit == "°" else f"{text} {unit}".rstrip()


def rounded(value: float | str, digits: int | None = None) -> str:
    """Return a number to so many significant digits, by default those of the number format; very
    large and small ones as m×10ⁿ.

    Trailing zeros stay, so that a number does not change its width while it runs. Whole numbers
    are shown whole; text is returned as it is.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return _format.marked(f"{value:,}")
    if not math.isfinite(value):
        return "undefined" if math.isnan(value) else _format.marked("∞" if value > 0 else "-∞")
    if value == 0.0:
        return "0"
    shown = _format.digits if digits is None else digits
    largest = _format.power - 1 if digits is None else min(digits, _format.power - 1)
    mantissa, exponent = f"{value:.{shown - 1}e}".split("e")
    power = int(exponent)
    if -4 <= power <= largest:
        return _format.marked(f"{value:,.{max(shown - 1 - power, 0)}f}")
    return f"{_format.marked(mantissa)}×{power_of_ten(power)}"


def with_error(value: float, error: float) -> tuple[str, str]:
    """Return a number and its standard error, both to the error's second digit; where that is out
    of reach, each to digits of its own.
    """
    decimals = decimals_of(error) if 0 < error < math.inf and math.isfinite(value) else 0
    if not 0 < decimals <= MOST_DECIMALS:
        return rounded(value), rounded(error, 2)
    return _format.marked(f"{value:,.{decimals}f}"), _format.marked(f"{error:.{decimals}f}")


def exact(value: float | str) -> str:
    """Return a number with every digit that tells it from its neighbours, for other programs."""
    return value if isinstance(value, str) else repr(value)


def nice_step(low: float, high: float) -> float:
    """Return a step of 1, 2 or 5 times a power of ten, about a hundredth of the range."""
    raw = (high - low) / 100
    power = math.pow(10.0, math.floor(math.log10(raw)))
    return power * min((m for m in (1, 2, 5, 10)), key=lambda m: abs(math.log(m * power / raw)))


def brief(value: float) -> str:
    """Return a number to at most six digits, as short as they allow; whole numbers whole."""
    if isinstance(value, int):
        return rounded(value)
    mantissa, mark, exponent = f"{value:.6g}".partition("e")
    return _format.marked(mantissa) + (f"×{power_of_ten(int(exponent))}" if mark else "")
