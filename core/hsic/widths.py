"""Kernel widths: the rules that choose one, and the conventions that write one down.

A width sigma here always means exp(-d²/(2 sigma²)) and its analogues, with all rows counted.
"""

import math
from typing import Any

import numpy as np

from zoetrope.core.hsic import arguments
from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.hsic.kernels import Kernel
from zoetrope.core.hsic.pair_median import Floats, mean_distance_steps, median_distance_steps
from zoetrope.core.hsic.stepping import Steps
from zoetrope.core.stepping import finish

Width = float | tuple[float | None, ...] | None

OF_DISTANCES = ("median", "positive", "gretton", "dhsic", "mean")
OF_SPREAD = ("std", "scott", "silverman", "kci", "lasso")
RULES = (*OF_DISTANCES, *OF_SPREAD)
CONVENTIONS = ("sigma", "gamma", "bandwidth", "variance")
# How programs write a Gaussian kernel's width down.
TOOLS = {
    "scikit-learn": "gamma",
    "hyppo": "gamma",
    "dHSIC": "sigma",
    "openturns": "sigma",
    "agginc": "bandwidth",
    "kpcalg": "bandwidth",
}


def median_width(x: Any, rule: str = "median") -> float:
    """The width that `rule` gives the rows of x, (n,) or (n, p), in the units of x.

    "median" is the median of the n(n-1)/2 pairwise distances, or of the positive ones where that
    is 0; "positive" the median of the positive distances; "gretton" that over √2 (Gretton's
    reference code, there from the first 100 rows); "dhsic" the median of all distances over √2
    (Pfister's dHSIC, there from 1000 rows); "mean" the mean distance. With s the root mean square
    of the columns' standard deviations: "std" s; "scott" s n^(-1/(p+4)); "silverman"
    s (4/((p+2) n))^(1/(p+4)); "kci" s c/√p with c = 0.8, 0.5, 0.3 for n < 200, < 1200 and above
    (Zhang et al. 2011, in units of the data); "lasso" s√p (Yamada et al. 2014, with s over n
    instead of n - 1). A block whose rows are all equal has width 1: any gives the same kernel.
    """
    return rule_width(arguments.rows(x, "x"), rule)[0]


def rule_width(values: Floats, rule: str, parameter: str = "rule") -> tuple[float, str]:
    """As `median_width` for finite rows [n, p], with a sentence on anything unusual or ""."""
    return finish(rule_width_steps(values, rule, parameter))


def rule_width_steps(
    values: Floats, rule: str, parameter: str = "rule"
) -> Steps[tuple[float, str]]:
    """As `rule_width`, yielding at least every 50 ms or so however many rows there are."""
    arguments.choice(rule, parameter, RULES)
    arguments.at_least(len(values), 2, "A width rule")
    if (values == values[0]).all():
        return 1.0, "All rows are equal, so every width gives the same kernel; 1 stands for it."
    yield
    if rule in OF_SPREAD:
        width, note = _spread(values) * _factor(rule, *values.shape), ""
    else:
        width, note = yield from _of_distances(values, rule)
    if width == 0 or not math.isfinite(width):
        raise HsicError(
            "bad_width",
            "The distances are too small or too large for double precision; rescale the data.",
            parameter,
        )
    return width, note.strip()


def _of_distances(values: Floats, rule: str) -> Steps[tuple[float, str]]:
    if rule == "mean":
        return (yield from mean_distance_steps(values))
    width, note = 0.0, ""
    if rule in ("median", "dhsic"):
        width, note = yield from median_distance_steps(values)
        if width == 0:
            note += "The median distance is 0: at least half of the pairs are ties. "
            note += "The median of the positive distances is used. "
    if width == 0:
        width, sampled = yield from median_distance_steps(values, positive=True)
        note += sampled
    return width / math.sqrt(2) if rule in ("gretton", "dhsic") else width, note


def _spread(values: Floats) -> float:
    scale = float(np.abs(values).max())
    return float(np.sqrt((values / scale).var(axis=0, ddof=1).mean())) * scale


def _factor(rule: str, n: int, columns: int) -> float:
    power = 1 / (columns + 4)
    return {
        "std": 1.0,
        "scott": float(n**-power),
        "silverman": float((4 / ((columns + 2) * n)) ** power),
        "kci": (0.8 if n < 200 else 0.5 if n < 1200 else 0.3) / math.sqrt(columns),
        "lasso": math.sqrt(columns * (n - 1) / n),
    }[rule]


def convert_width(width: float, source: str, target: str) -> float:
    """A Gaussian kernel's width in another convention.

    "sigma": exp(-d²/(2 sigma²)); "gamma": exp(-gamma d²); "bandwidth": exp(-d²/b²);
    "variance": exp(-d²/(2 v)); or the name of a program in `TOOLS`, such as "scikit-learn".
    """
    number = arguments.positive(width, "width")
    arguments.choice(source, "source", (*CONVENTIONS, *TOOLS))
    arguments.choice(target, "target", (*CONVENTIONS, *TOOLS))
    sigma = {
        "sigma": number,
        "gamma": 1 / math.sqrt(2 * number),
        "bandwidth": number / math.sqrt(2),
        "variance": math.sqrt(number),
    }[TOOLS.get(source, source)]
    return {
        "sigma": sigma,
        "gamma": 1 / (2 * sigma * sigma),
        "bandwidth": sigma * math.sqrt(2),
        "variance": sigma * sigma,
    }[TOOLS.get(target, target)]


def resolve_width_steps(
    values: Floats, width: Any, kernel: Kernel, parameter: str
) -> Steps[tuple[Width, tuple[str, ...]]]:
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
        return (yield from _one_width(values, width, parameter))
    columns = values.shape[1]
    given = [width] * columns if np.isscalar(width) else list(width)
    if len(given) != columns:
        raise HsicError(
            "bad_width",
            f"{parameter} lists {len(given)} widths for {columns} columns; give one a column.",
            parameter,
        )
    widths: list[float | None] = []
    notes: dict[str, None] = {}
    for c, one in enumerate(given):
        if kernel.part(c).has_width:
            number, said = yield from _one_width(values[:, [c]], one, parameter)
            widths.append(number)
            notes |= dict.fromkeys(said)
        else:
            widths.append(None)
    return tuple(widths), tuple(notes)


def _one_width(values: Floats, width: Any, parameter: str) -> Steps[tuple[float, tuple[str, ...]]]:
    if isinstance(width, str):
        number, note = yield from rule_width_steps(values, width, parameter)
        return number, (note,) if note else ()
    return arguments.positive(width, parameter), ()
