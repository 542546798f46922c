"""How the HSIC lab writes p-values: never 0, never more precise than they are."""

from __future__ import annotations

import math

SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
LEVEL = 0.05


def p_words(p: float, log10_p: float | None = None) -> str:
    """ "p = .031", "p = 2×10⁻³⁹"; `log10_p` serves below the smallest double."""
    return f"p = {p_number(p, log10_p)}"


def p_number(p: float, log10_p: float | None = None) -> str:
    """ ".031", "2×10⁻³⁹", "1"."""
    if math.isnan(p):
        return "undefined"
    if p >= 0.9995:
        return "1"
    if p >= 0.0995:
        return f"{p:.2f}".removeprefix("0")
    if p >= 0.00095:
        return f"{p:.3f}".removeprefix("0")
    exponent = math.log10(p) if log10_p is None else log10_p
    power = math.floor(exponent)
    digit = round(10 ** (exponent - power))
    if digit == 10:
        digit, power = 1, power + 1
    return f"{digit}×10{str(power).translate(SUPERSCRIPT)}"


def tail_words(count: int, n_perm: int, exact: bool) -> str:
    """ "p = .001, the least that 999 shuffles can give"."""
    p = count / n_perm if exact else (1 + count) / (1 + n_perm)
    words = p_words(p)
    if exact or count:
        return words
    return f"{words}, the least that {n_perm} shuffles can give"


def short(value: float, digits: int = 3) -> str:
    """A number with few digits and a true minus sign; "undefined" for NaN."""
    if math.isnan(value):
        return "undefined"
    text = f"{value:.{digits}g}"
    if "e" in text:
        mantissa, power = text.split("e")
        text = f"{mantissa}×10{str(int(power)).translate(SUPERSCRIPT)}"
    return text.replace("-", "−")
