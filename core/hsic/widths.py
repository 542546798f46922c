"""Kernel widths: the rules that choose one, and the conventions that write one down.

A width sigma here always means exp(-d²/(2 sigma²)) and its analogues, with all rows counted.
"""

import math
from typing import Any

import numpy as np

from zoetrope.core.hsic import arguments
from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.hsic.kernels import Kernel
from zoetrope.core.hsic.pair_median import Floats, median_distance

Width = float | tuple[float, ...] | None

RULES = ("median", "positive", "gretton", "std", "scott", "silverman")
CONVENTIONS = ("sigma", "gamma", "bandwidth", "variance")


def median_width(x: Any, rule: str = "median") -> float:
    """The width that `rule` gives the rows of x, (n,) or (n, p), in the units of x.

    "median" is the median of the n(n-1)/2 pairwise distances, or of the positive ones where that
    is 0; "positive" the median of the positive distances; "gretton" that over √2 (Gretton's
    reference code, there from the first 100 rows); "std" the root mean square of the columns'
    standard deviations s; "scott" s n^(-1/(p+4)); "silverman" s (4/((p+2) n))^(1/(p+4)). A block
    whose rows are all equal has width 1: any width gives the same kernel.
    """
    return rule_width(arguments.rows(x, "x"), rule)[0]


def rule_width(values: Floats, rule: str, parameter: str = "rule") -> tuple[float, str]:
    """As `median_width` for finite rows [n, p], with a sentence on anything unusual or ""."""
    arguments.choice(rule, parameter, RULES)
    arguments.at_least(len(values), 2, "A width rule")
    if (values == values[0]).all():
        return 1.0, "All rows are equal, so every width gives the same kernel; 1 stands for it."
    if rule in ("std", "scott", "silverman"):
        return _spread(values) * _factor(rule, *values.shape), ""
    width, note = 0.0, ""
    if rule == "median":
        width, note = median_distance(values)
    if width == 0:
        if rule == "median":
            note += "The median distance is 0: at least half of the pairs are ties. "
            note += "The median of the positive distances is used. "
        width, sampled = median_distance(values, positive=True)
        note += sampled
    if rule == "gretton":
        width /= math.sqrt(2)
    if width == 0 or not math.isfinite(width):
        raise HsicError(
            "bad_width",
            "The distances are too small or too large for double precision; rescale the data.",
            parameter,
        )
    return width, note.strip()


def _spread(values: Floats) -> float:
    scale = float(np.abs(values).max())
    return float(np.sqrt((values / scale).var(axis=0, ddof=1).mean())) * scale


def _factor(rule: str, n: int, columns: int) -> float:
    power = 1 / (columns + 4)
    if rule == "scott":
        return float(n**-power)
    return 1.0 if rule == "std" else float((4 / ((columns + 2) * n)) ** power)


def convert_width(width: float, source: str, target: str) -> float:
    """A Gaussian kernel's width in another convention.

    "sigma": exp(-d²/(2 sigma²)); "gamma": exp(-gamma d²); "bandwidth": exp(-d²/b²);
    "variance": exp(-d²/(2 v)).
    """
    number = arguments.positive(width, "width")
    arguments.choice(source, "source", CONVENTIONS)
    arguments.choice(target, "target", CONVENTIONS)
    sigma = {
        "sigma": number,
        "gamma": 1 / math.sqrt(2 * number),
        "bandwidth": number / math.sqrt(2),
        "variance": math.sqrt(number),
    }[source]
    return {
        "sigma": sigma,
        "gamma": 1 / (2 * sigma * sigma),
        "bandwidth": sigma * math.sqrt(2),
        "variance": sigma * sigma,
    }[target]


def resolve_width(
    values: Floats, width: Any, kernel: Kernel, parameter: str
) -> tuple[Width, tuple[str, ...]]:
    """A width as given or by its rule, with notes: one a column for a product or sum of kernels.

    HsicError("bad_width") for a number where the kernel has no width, or none where it has one.
    """
    if not kernel.has_width:
        if width is None or isinstance(width, str):
            return None, ()
        raise HsicError(
            "bad_width", f"The {kernel.name} kernel has no width; pass None.", parameter
        )
    if width is None:
        raise HsicError(
            "bad_width",
            f"The {kernel.name} kernel needs a width: a number or one of {', '.join(RULES)}.",
            parameter,
        )
    if kernel.columns == "joint":
        return _one_width(values, width, parameter)
    columns = values.shape[1]
    given = [width] * columns if np.isscalar(width) else list(width)
    if len(given) != columns:
        raise HsicError(
            "bad_width",
            f"{parameter} lists {len(given)} widths for {columns} columns; give one a column.",
            parameter,
        )
    found = [_one_width(values[:, [c]], w, parameter) for c, w in enumerate(given)]
    return tuple(w for w, _ in found), tuple(dict.fromkeys(n for _, ns in found for n in ns))


def _one_width(values: Floats, width: Any, parameter: str) -> tuple[float, tuple[str, ...]]:
    if isinstance(width, str):
        number, note = rule_width(values, width, parameter)
        return number, (note,) if note else ()
    return arguments.positive(width, parameter), ()
