"""Numbers as people read them: true minus signs, typeset powers of ten, digits to their meaning."""

from __future__ import annotations

import math

from zoetrope.core.parameters import Number
from zoetrope.gui.language import worded

MINUS = "\N{MINUS SIGN}"
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def editable(declaration: Number, value: float) -> str:
    """Return a parameter's value to six digits with its unit, in a form that can be typed back."""
    if declaration.integer:
        text = str(int(value))
    else:
        text = f"{value:.6g}"
        if "e" in text:
            mantissa, exponent = text.split("e")
            text = f"{mantissa}e{int(exponent)}"
    return with_unit(text.replace("-", MINUS), worded(declaration.unit))


def with_unit(text: str, unit: str) -> str:
    """Return a number's text with its unit: degrees stand close, all others after a space."""
    return f"{text}{unit}" if unit == "°" else f"{text} {unit}".rstrip()


def rounded(value: float | str, digits: int = 4) -> str:
    """Return a number to `digits` significant digits; very large and small ones as m×10ⁿ.

    Trailing zeros stay, so that a number does not change its width while it runs. Whole numbers
    are shown whole; text is returned as it is.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return f"{value:,}".replace("-", MINUS)
    if not math.isfinite(value):
        return "undefined" if math.isnan(value) else ("∞" if value > 0 else MINUS + "∞")
    if value == 0.0:
        return "0"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    power = int(exponent)
    if -4 <= power <= digits:
        text = f"{value:,.{max(digits - 1 - power, 0)}f}"
    else:
        text = f"{mantissa}×10{str(power).translate(_SUPERSCRIPTS)}"
    return text.replace("-", MINUS)


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
    text = f"{value:.6g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        text = f"{mantissa}×10{str(int(exponent)).translate(_SUPERSCRIPTS)}"
    return text.replace("-", MINUS)
