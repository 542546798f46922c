"""One parameter of a sweep and the values it takes: a range, by equal steps or factors, or a list.

As a person writes them: "width_x=0.02..20:15:log", "noise=0..2:9", "pattern=strided,sliding".
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from zoetrope.core.declarations import Declaration, Names, Number, ParameterError, Table
from zoetrope.core.parameters import Parameters
from zoetrope.core.sweep.errors import SweepError

Scalar = bool | int | float | str
MOST_VALUES = 100_000
LONGEST_SHOWN = 40  # characters of a wrong text in the sentence that refuses it
RANGE = re.compile(r"\s*([^:]+?)\s*\.\.\s*([^:]+?)\s*:\s*([^:]*?)\s*(?::\s*(.*?)\s*)?")
HOW = "write NAME=START..STOP:COUNT, with :log behind it for equal factors, or NAME=A,B,C"


@dataclass(frozen=True, slots=True)
class Varied:
    """A parameter and its values in order; `log` where equal factors lie between them."""

    name: str
    values: tuple[Scalar, ...]
    log: bool = False

    @property
    def numeric(self) -> bool:
        """Whether the values are numbers rather than words or switches."""
        return all(
            isinstance(value, (int, float)) and not isinstance(value, bool) for value in self.values
        )

    def plain(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {"name": self.name, "values": list(self.values), "log": self.log}

    @classmethod
    def from_plain(cls, values: Mapping[str, Any], parameters: type[Parameters]) -> Self:
        """Read it from JSON and check every value; raises `SweepError`."""
        try:
            name, given, log = str(values["name"]), list(values["values"]), bool(values["log"])
        except (KeyError, TypeError):
            raise SweepError("This sweep does not say what it varies.") from None
        declared = declared_number_or_word(name, parameters)
        try:
            return cls(name, tuple(declared.check(name, value) for value in given), log)
        except ParameterError as error:
            raise SweepError(str(error)) from None


def declared_number_or_word(name: str, parameters: type[Parameters]) -> Declaration:
    """Return a parameter's declaration if one value of it fits a table's cell; else raise."""
    declared = parameters.declarations().get(name)
    if declared is None:
        raise SweepError(f"There is no parameter {name[:LONGEST_SHOWN]!r} to vary.")
    if isinstance(declared, (Table, Names)):
        raise SweepError(f"{declared.label} cannot be varied: it holds many values at once.")
    return declared


def parse_varied(text: str, parameters: type[Parameters]) -> Varied:
    """Read NAME=START..STOP:COUNT, the same with :log behind it, or NAME=A,B,C.

    Raises `SweepError` where there is no such parameter or it cannot take such a value.
    """
    name, equals, values = text.partition("=")
    name, values = name.strip(), values.strip()
    if not (equals and name and values):
        raise SweepError(f"{text[:LONGEST_SHOWN]!r} does not say what to vary: {HOW}.")
    declared = declared_number_or_word(name, parameters)
    try:
        if isinstance(declared, Number) and ".." in values:
            return _range(name, declared, values)
        listed = tuple(declared.parse(name, entry) for entry in values.split(","))
    except ParameterError as error:
        raise SweepError(str(error)) from None
    if len(set(listed)) < len(listed):
        raise SweepError(f"{declared.label} is to take a value twice: {values[:LONGEST_SHOWN]}.")
    return _few_enough(Varied(name, listed), declared)


def _range(name: str, declared: Number, text: str) -> Varied:
    match = RANGE.fullmatch(text)
    if match is None:
        raise SweepError(f"Say how many values {declared.label.lower()} takes: {HOW}.")
    if not re.fullmatch(r"[0-9]{1,9}", match[3]) or int(match[3]) < 2:
        raise SweepError(
            f"A range of {declared.label.lower()} needs a whole number of values, 2 or more, "
            f"not {match[3][:LONGEST_SHOWN]!r}."
        )
    if match[4] not in (None, "log", "even"):
        raise SweepError(
            "Behind the second colon stands log (equal factors) or even (equal steps), "
            f"not {match[4][:LONGEST_SHOWN]!r}."
        )
    start, stop = (float(declared.parse(name, end)) for end in (match[1], match[2]))
    return spaced(name, declared, start, stop, int(match[3]), log=match[4] == "log")


def spaced(
    name: str, declared: Number, start: float, stop: float, count: int, *, log: bool
) -> Varied:
    """Return `count` values from `start` to `stop`; whole numbers are rounded, and none comes
    twice. Raises `SweepError`.
    """
    if count > MOST_VALUES:
        raise SweepError(
            f"{count:,} values are too many for one parameter: {MOST_VALUES:,} at most."
        )
    if start == stop:
        raise SweepError(f"{declared.label} begins and ends at {declared.show(start)}.")
    if log and min(start, stop) <= 0:
        raise SweepError(f"{declared.label} cannot go by equal factors through 0.")
    values: list[float] = []
    for step in range(count):
        share = step / (count - 1)
        exact = start * math.pow(stop / start, share) if log else start + (stop - start) * share
        # To 12 digits, so that a grid says 0.3 and not 0.30000000000000004.
        value = min(max(float(f"{exact:.12g}"), declared.low), declared.high)
        values.append(round(value) if declared.integer else value)
    values[0], values[-1] = start, stop
    kept = dict.fromkeys(int(v) if declared.integer else v for v in values)
    return Varied(name, tuple(kept), log)


def _few_enough(varied: Varied, declared: Declaration) -> Varied:
    if len(varied.values) > MOST_VALUES:
        raise SweepError(_too_many(len(varied.values), declared))
    return varied


def _too_many(count: int, declared: Declaration) -> str:
    return f"{count:,} values are too many for {declared.label.lower()}: {MOST_VALUES:,} at most."
