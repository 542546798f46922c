"""How the attention lab writes counts, shares and lists of keys."""

from __future__ import annotations

import math
from collections.abc import Sequence

from zoetrope.core.attention.row import Stretch

SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
WRITTEN_OUT = 10_000_000


def count_words(value: float) -> str:
    """ "12,345", "1.61×10⁹"."""
    if abs(value) < WRITTEN_OUT:
        return f"{round(value):,}" if value >= 10 or value == round(value) else f"{value:.2g}"
    power = math.floor(math.log10(abs(value)))
    digits = f"{value / 10**power:.3g}"
    if digits == "10":
        digits, power = "1", power + 1
    return f"{digits}×10{str(power).translate(SUPERSCRIPT)}"


def share_words(share: float) -> str:
    """ "100 %", "6.4 %", "0.0024 %"; never 0 or 100 for what is not."""
    percent = 100 * share
    if percent == 0:
        return "0 %"
    if 99.95 <= percent < 100:
        return "almost 100 %"
    if percent >= 0.001:
        return f"{percent:.2g} %" if percent < 10 else f"{percent:.3g} %"
    power = math.floor(math.log10(percent))
    return f"{percent / 10**power:.2g}×10{str(power).translate(SUPERSCRIPT)} %"


def times_words(factor: float) -> str:
    """ "6.3", "21", "1"."""
    return (
        f"{factor:.0f}" if factor >= 99.5 else f"{factor:.3g}" if factor >= 10 else f"{factor:.2g}"
    )


def bytes_words(number: float) -> str:
    """ "512 B", "4.1 MB", "1.1 TB"."""
    for unit in ("B", "kB", "MB", "GB", "TB", "PB"):
        if number < 1000 or unit == "PB":
            break
        number /= 1000
    return f"{number:.3g} {unit}" if number < 1000 else f"{number:,.0f} {unit}"


def stretch_words(stretch: Stretch) -> str:
    """ "0–3", "17", "0, 32 … 640"."""
    start, stop, step = stretch
    last = stop - 1
    if start == last:
        return f"{start:,}"
    if step == 1:
        return f"{start:,}–{last:,}"
    middle = "" if start + step == last else " …" if start + 2 * step <= last else ""
    if start + step == last:
        return f"{start:,}, {last:,}"
    return f"{start:,}, {start + step:,}{middle} {last:,}"


def keys_words(stretches: Sequence[Stretch], most: int = 4) -> str:
    """The keys of a query in a line: the first stretches and the last."""
    if not stretches:
        return "none"
    if len(stretches) <= most:
        return "; ".join(stretch_words(one) for one in stretches)
    first = "; ".join(stretch_words(one) for one in stretches[: most - 1])
    return f"{first}; …; {stretch_words(stretches[-1])}"
