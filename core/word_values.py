"""What the words of a table mean: numbers, dates and times, or that there is no value.

A column is all of one kind: a word that is none of it makes the whole something else.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import datetime

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

MISSING = frozenset(
    ["", "na", "n/a", "nan", "-nan", "null", "none", "nil", "#n/a", "?", ".", "-", "–", "—"]
)
_BLANKS = "\u0020\u00a0\u2009\u202f"  # that stand between groups of three digits
_GROUPED = {
    mark: re.compile(rf"[-+−]?[1-9]\d{{0,2}}([{signs}])\d{{3}}(\1\d{{3}})*([{mark}]\d+)?")
    for mark, signs in ((".", _BLANKS + ",'’"), (",", _BLANKS + "'’"))
}
_GROUPS = re.compile(rf"(?<=\d)[{_BLANKS},'’](?=\d{{3}})")
# Year first, as ISO 8601 has it, or day first with points. With strokes and the year last, whether
# day or month is first cannot be told, so that such columns stay text.
_MOMENT = re.compile(
    r"(?:(?P<year>\d{4})([-/])(?P<month>\d\d?)\2(?P<day>\d\d?)"
    r"|(?P<day_first>\d\d?)\.(?P<then_month>\d\d?)\.(?P<year_last>\d{4}))"
    r"(?:[T ](?P<time>\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(?P<zone>Z|[-+]\d\d:?\d\d)?)?"
)


def numbers_in(words: Sequence[str], decimal: str) -> Array | None:
    """Return words as numbers [words], NaN for what stands for nothing; None if one is no number.

    `decimal` is the sign before the decimals. Thousands may be apart by blanks or apostrophes,
    and by commas where those are not the decimal sign.
    """
    plain = words if decimal == "." else [word.replace(decimal, ".") for word in words]
    try:
        numbers = [math.nan if not word else float(word) for word in plain]
    except ValueError:
        try:
            numbers = [
                math.nan if word.lower() in MISSING else _number(word, decimal) for word in words
            ]
        except ValueError:
            return None
    if "_" in "".join(words):  # Python's float takes 1_0 for ten; in people's data it is a name
        return None
    return np.array(numbers, dtype=np.float64)


def grouped(word: str, decimal: str) -> bool:
    """Say whether a word is a number with its thousands apart, such as 12,345.6."""
    return _GROUPED[decimal].fullmatch(word) is not None


def moments_in(words: Sequence[str]) -> Array | None:
    """Return words as seconds since 1970 [words], NaN for what stands for nothing; None if one is
    no date. Those without a zone are UTC.
    """
    try:
        seconds = [math.nan if word.lower() in MISSING else _seconds(word) for word in words]
    except ValueError:
        return None
    return np.array(seconds, dtype=np.float64)


def _number(word: str, decimal: str) -> float:
    if grouped(word, decimal):
        word = _GROUPS.sub("", word)
    return float(word.replace(decimal, ".").replace("−", "-"))


def _seconds(word: str) -> float:
    found = _MOMENT.fullmatch(word)
    if found is None:
        raise ValueError(word)
    year, month, day = (
        int(found[one] or found[other])
        for one, other in (("year", "year_last"), ("month", "then_month"), ("day", "day_first"))
    )
    date = f"{year:04}-{month:02}-{day:02}"
    time, zone = found["time"] or "00:00", found["zone"] or "Z"
    return datetime.fromisoformat(f"{date}T{time}{zone}").timestamp()
