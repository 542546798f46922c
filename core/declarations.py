"""The kinds of parameters that a lab can declare, and what each takes for a legal value."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Plain = bool | int | float | str | list[Any]
Rows = tuple[tuple[float, ...], ...]
PREFIXES = {"k": 1000, "m": 1_000_000, "ki": 1024, "mi": 1_048_576}  # of whole numbers
LONGEST_SHOWN = 60  # characters of a wrong value in the sentence that refuses it


class ParameterError(ValueError):
    """A value that a parameter cannot take. `parameter` names it; the text is one sentence."""

    def __init__(self, parameter: str | None, sentence: str) -> None:
        super().__init__(sentence)
        self.parameter = parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What is known about one parameter, whatever its type.

    `live` parameters do not restart a running job: they are sent into it (a camera, a playhead).
    `folded` ones stand under their group's "more". `hidden` ones have no row in the form: they
    are edited on the picture (or are the page that is shown). `pages` names the pages on which a
    parameter matters; its row is shown on those only.
    """

    label: str
    help: str = ""
    symbol: str = ""
    group: str = ""
    live: bool = False
    folded: bool = False
    hidden: bool = False
    pages: tuple[str, ...] = ()

    def check(self, name: str, value: Any) -> Any:
        """Return `value` in its own type, or raise `ParameterError`."""
        raise NotImplementedError

    def parse(self, name: str, text: str) -> Any:
        """Read a value that a person typed."""
        raise NotImplementedError

    def clamp(self, value: Any) -> Any:
        """Return the legal value nearest to one of the right type."""
        return value

    def describe(self) -> str:
        """Say in words which values are legal."""
        raise NotImplementedError

    def show(self, value: Any) -> str:
        """Return a value in words, for a sentence."""
        return str(value)

    def plain(self, value: Any) -> Plain:
        """Return a value as JSON has it."""
        plain: Plain = value
        return plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Declaration):
    """A real (or whole) number between `low` and `high`, both included.

    `slider` is the range the slider covers where it is narrower than the legal range. `log` moves
    the slider in decades. `finest` = (value, reach) makes it finest about a value: even within
    `reach` of it, and in decades of the distance beyond. `step` is what an arrow key adds (a factor
    1 + step when `log`). From `warn_from` on a value is legal and unwise, as the slider shows.
    Numbers that share a `linked` name are one degree of freedom: exactly one of them is given,
    the others are None and follow.
    """

    low: float
    high: float
    unit: str = ""
    step: float | None = None
    log: bool = False
    integer: bool = False
    slider: tuple[float, float] | None = None
    finest: tuple[float, float] | None = None
    warn_from: float | None = None
    linked: str = ""
    seed: bool = False

    def check(self, name: str, value: Any) -> float | int | None:
        """Return the number; refuse text, bools, NaN, infinity and values out of range."""
        if value is None and self.linked:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ParameterError(name, f"{self.label} must be a number, not {_short(value)}.")
        if not abs(value) <= 1e300:
            raise ParameterError(name, f"{self.label} must be a finite number.")
        if self.integer and value != int(value):
            raise ParameterError(name, f"{self.label} must be a whole number, not {value:g}.")
        if not self.low <= value <= self.high:
            where = "below the smallest" if value < self.low else "above the largest"
            bound = self.low if value < self.low else self.high
            raise ParameterError(
                name, f"{self.label} {self.show(value)} is {where} allowed, {self.show(bound)}."
            )
        return int(value) if self.integer else float(value)

    def parse(self, name: str, text: str) -> float | int:
        """Read a number; a trailing unit, a minus sign and a decimal comma are understood.

        Whole numbers may end in k, M (1000, 1,000,000), Ki or Mi (1024, 1,048,576): "64k", "1.5M".
        Commas that part thousands are understood where there are two, as the program writes them;
        one alone could be a decimal comma and is asked about.
        """
        stripped = text.strip().removesuffix(self.unit).strip().replace("−", "-")
        if re.fullmatch(r"[-+]?\d{1,3}(,\d{3}){2,}(\.\d*)?", stripped):
            stripped = stripped.replace(",", "")
        if re.search(r"_|(^|\D)[1-9]\d*,\d{3}$", stripped):  # thousands, or a decimal comma?
            plain = re.sub("[_,]", "", stripped), stripped.replace("_", "").replace(",", ".")
            clear = " or ".join(dict.fromkeys(number[:LONGEST_SHOWN] for number in plain))
            raise ParameterError(name, f"{self.label}: write {clear}, not {_short(text)}.")
        if "," in stripped and "." not in stripped:
            stripped = stripped.replace(",", ".")
        factor = 1
        if self.integer and (counted := re.fullmatch(r"(.*\d\.?)\s*([kKM]i?)", stripped)):
            stripped, factor = counted[1], PREFIXES[counted[2].lower()]
        try:
            value = float(stripped)
        except ValueError:
            raise ParameterError(
                name, f"{self.label} must be a number, not {_short(text)}."
            ) from None
        if factor > 1 and abs(value) <= 1e300:
            value = round(value * factor, 6)  # 1.005k is 1005 to the digit
        checked = self.check(name, value)
        assert checked is not None
        return checked

    def clamp(self, value: Any) -> Any:
        """Return the nearest number within the range."""
        return value if value is None else min(max(value, self.low), self.high)

    def describe(self) -> str:
        """Say the range, as "0.05 to 50 m"."""
        return f"{self.low:g} to {self.show(self.high)}"

    def show(self, value: float) -> str:
        """Return the value with its unit, to six digits; a whole number to all of them."""
        if self.integer and abs(value) < 1e15 and value == int(value):
            return f"{int(value):,} {self.unit}".rstrip()
        return f"{value:.6g} {self.unit}".rstrip()

    @property
    def travel(self) -> tuple[float, float]:
        """The two ends of the slider."""
        return self.slider or (self.low, self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Playhead(Number):
    """The number that a transport bar plays; it wraps from `high` to `low`.

    A `driven` one is played by the lab, as fast as its work goes, such as the steps of a training:
    playing asks for `high`, and frames on the way say in `reached` where they are; pausing asks for
    what is shown. It stops at `high`. `limit` names the live parameter that says how far it may go
    in a second at most while it is watched, 0 for as far as it can.

    One that `swings` turns round at its ends, where it would otherwise begin again. `until` names
    the live number that is its end in place of `high`, such as the length of a training; a value
    beyond that is legal, but it is not played.
    """

    driven: bool = False
    swings: bool = False
    limit: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewEnd(Number):
    """One end of the range that a panel shows; zooming and panning set it (see `figure.View`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Declaration):
    """One of a few named values. `options` maps each value to the words a person reads; `notes` has
    more words on some of them, for where they are all listed.
    """

    options: Mapping[str, str]
    notes: Mapping[str, str] = field(default_factory=dict)
    page: bool = False

    def check(self, name: str, value: Any) -> str:
        """Return the value if it is one of the options."""
        if not isinstance(value, str) or value not in self.options:
            raise ParameterError(
                name, f"{self.label} must be one of {', '.join(self.options)}, not {_short(value)}."
            )
        return value

    def parse(self, name: str, text: str) -> str:
        """Read an option by its value."""
        return self.check(name, text.strip())

    def describe(self) -> str:
        """List the options."""
        return ", ".join(self.options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch(Declaration):
    """On or off."""

    def check(self, name: str, value: Any) -> bool:
        """Return the value if it is a bool."""
        if not isinstance(value, bool):
            raise ParameterError(name, f"{self.label} must be true or false, not {_short(value)}.")
        return value

    def parse(self, name: str, text: str) -> bool:
        """Read true, false, yes, no, on, off, 1 or 0."""
        word = text.strip().lower()
        if word in {"true", "yes", "on", "1"}:
            return True
        if word in {"false", "no", "off", "0"}:
            return False
        raise ParameterError(name, f"{self.label} must be true or false, not {_short(text)}.")

    def describe(self) -> str:
        """Say the two values."""
        return "true or false"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Declaration):
    """A line of text of at most `longest` characters."""

    longest: int = 1000

    def check(self, name: str, value: Any) -> str:
        """Return the value if it is text that is not too long."""
        if not isinstance(value, str):
            raise ParameterError(name, f"{self.label} must be text, not {_short(value)}.")
        if len(value) > self.longest:
            raise ParameterError(
                name,
                f"{self.label} has {len(value)} characters; at most {self.longest} are allowed.",
            )
        return value

    def parse(self, name: str, text: str) -> str:
        """Take the text as it stands."""
        return self.check(name, text)

    def clamp(self, value: Any) -> Any:
        """Cut the text to the longest allowed."""
        return value[: self.longest]

    def describe(self) -> str:
        """Say how long it may be."""
        return f"text, at most {self.longest} characters"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile(Text):
    """The path of a data file; "" is none. What it holds is read by the lab (see `table.py`).

    Of a table of columns, `written` names the three parameters that say how it is written where it
    is text, in the order of `Written`: a person sees what is in it before it is used.
    """

    longest: int = 4096
    endings: tuple[str, ...] = (".csv", ".tsv", ".parquet", ".npz", ".json")
    written: tuple[str, ...] = ()

    @property
    def tabular(self) -> bool:
        """Whether it is a table of columns, and not of a kind that the lab alone knows."""
        return bool(self.written)

    def takes(self, ending: str) -> bool:
        """Say whether files with such an ending may be meant; some endings say nothing."""
        return ending in self.endings or (self.tabular and ending in ("", ".txt", ".dat", ".npy"))

    def check(self, name: str, value: Any) -> str:
        """Return the path if it could be one; whether there is such a file is not asked."""
        path = Text.check(self, name, value)
        if any(ord(character) < 32 for character in path):
            raise ParameterError(name, f"{self.label} holds a character that no path can hold.")
        return path

    def parse(self, name: str, text: str) -> str:
        """Take the path without the quotes that file managers copy."""
        stripped = text.strip()
        if len(stripped) > 1 and stripped[0] == stripped[-1] and stripped[0] in "\"'":
            stripped = stripped[1:-1]
        return self.check(name, stripped)

    def describe(self) -> str:
        """List the endings of files that can be read."""
        return f"the path of a file ({', '.join(self.endings)})"


_KNOWN_TABLES: deque[tuple[Table, Rows]] = deque(maxlen=16)  # so that a slider rechecks no rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Declaration):
    """Rows of numbers, such as points drawn by hand: a tuple of rows, one number a column."""

    columns: tuple[str, ...]
    low: float = -1e9
    high: float = 1e9
    most_rows: int = 20_000
    noun: str = "point"  # what a row is

    def check(self, name: str, value: Any) -> Rows:
        """Return the rows as tuples of floats; a sentence names the row that is wrong."""
        if any(table is self and rows is value for table, rows in _KNOWN_TABLES):
            known: Rows = value
            return known
        if not isinstance(value, (list, tuple)):
            raise ParameterError(
                name, f"{self.label} must be rows of numbers, not {_short(value)}."
            )
        if len(value) > self.most_rows:
            raise ParameterError(
                name,
                f"{self.label} has {len(value)} rows; at most {self.most_rows} are allowed.",
            )
        rows = tuple([self._row(name, index, row) for index, row in enumerate(value)])
        _KNOWN_TABLES.append((self, rows))
        return rows

    def _row(self, name: str, index: int, row: Any) -> tuple[float, ...]:
        low, high = self.low, self.high
        if type(row) is tuple and len(row) == len(self.columns):  # the usual case, fast
            legal = [type(x) is float and low <= x <= high for x in row]
            if all(legal):
                return row
        where = f"Row {index + 1} of {self.label}"
        if not isinstance(row, (list, tuple)) or len(row) != len(self.columns):
            count = f", not {len(row)}" if isinstance(row, (list, tuple)) else ""
            words = "number" if len(self.columns) == 1 else "numbers"
            named = ", ".join(self.columns)
            raise ParameterError(
                name, f"{where} must have {len(self.columns)} {words} ({named}){count}."
            )
        for column, x in zip(self.columns, row, strict=True):
            if isinstance(x, bool) or not isinstance(x, (int, float)):
                raise ParameterError(
                    name, f"{where} must hold numbers; its {column} is {_short(x)}."
                )
            if not abs(x) <= 1e300:
                raise ParameterError(
                    name, f"{where} must hold finite numbers; its {column} is not."
                )
            if not self.low <= x <= self.high:
                raise ParameterError(
                    name, f"{where}: {column} {x:.6g} is not within {self.low:g} to {self.high:g}."
                )
        return tuple([float(x) for x in row])

    def parse(self, name: str, text: str) -> Rows:
        """Read "1,2;3,4": rows end at a semicolon or a line's end, numbers at a comma or space."""
        rows: list[list[float]] = []
        for line in text.replace(";", "\n").splitlines():
            words = line.replace(",", " ").replace("−", "-").split()
            try:
                row = [float(word) for word in words]
            except ValueError:
                raise ParameterError(
                    name,
                    f"Row {len(rows) + 1} of {self.label} must be numbers, as in "
                    f"“1,2;3,4”, not {_short(line.strip())}.",
                ) from None
            if row:
                rows.append(row)
        return self.check(name, rows)

    def clamp(self, value: Any) -> Any:
        """Return the first rows, their numbers within the range."""
        return [[min(max(x, self.low), self.high) for x in row] for row in value[: self.most_rows]]

    def fit(self, row: Sequence[float]) -> tuple[float, ...]:
        """Return a row as wide as the table, its numbers within the range; 0 where it has none."""
        wide = [*row[: len(self.columns)], *[0.0] * (len(self.columns) - len(row))]
        return tuple([float(min(max(x, self.low), self.high)) for x in wide])

    def describe(self) -> str:
        """Say what a row is and how many there may be."""
        return f"at most {self.most_rows} rows of {', '.join(self.columns)}, as “1,2;3,4”"

    def show(self, value: Rows) -> str:
        """Say how many rows there are."""
        return f"1 {self.noun}" if len(value) == 1 else f"{len(value)} {self.noun}s"

    def plain(self, value: Rows) -> Plain:
        """Return lists."""
        return [list(row) for row in value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names(Declaration):
    """A choice among names that only the lab knows at run time, such as a file's columns."""

    most: int = 1000
    longest: int = 200  # characters of one name

    def check(self, name: str, value: Any) -> tuple[str, ...]:
        """Return the names, each at most once; whether they are on offer the lab says."""
        if not isinstance(value, (list, tuple)):
            raise ParameterError(name, f"{self.label} must be names, not {_short(value)}.")
        if len(value) > self.most:
            raise ParameterError(
                name, f"{self.label} has {len(value)} names; at most {self.most} are allowed."
            )
        for entry in value:
            if not isinstance(entry, str) or not entry:
                raise ParameterError(name, f"{self.label} must be names, not {_short(entry)}.")
            if len(entry) > self.longest:
                raise ParameterError(
                    name,
                    f"{self.label} has a name of {len(entry)} characters; "
                    f"at most {self.longest} are allowed.",
                )
        if len(set(value)) < len(value):
            raise ParameterError(name, f"{self.label} names something twice.")
        return tuple(value)

    def parse(self, name: str, text: str) -> tuple[str, ...]:
        """Read "one, two"; a name with a comma stands in double quotes."""
        try:
            lines = list(csv.reader([text], skipinitialspace=True, strict=True))
        except csv.Error:
            raise ParameterError(
                name, f"{self.label} must be names with commas between them, not {_short(text)}."
            ) from None
        return self.check(
            name, [entry.strip() for line in lines for entry in line if entry.strip()]
        )

    def clamp(self, value: Any) -> Any:
        """Return the first names."""
        return value[: self.most]

    def describe(self) -> str:
        """Say how many there may be."""
        return f"at most {self.most} names, as “one, two”"

    def show(self, value: tuple[str, ...]) -> str:
        """List the names."""
        return ", ".join(value) or "none"

    def plain(self, value: tuple[str, ...]) -> Plain:
        """Return a list."""
        return list(value)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


def is_passing(declaration: Declaration) -> bool:
    """Say whether changing a parameter is no step: the playhead, the page, a camera.

    Rows that a person drew, and the part of a picture that is seen, are steps, though they have no
    row in the form.
    """
    if isinstance(declaration, (Table, ViewEnd)):
        return False
    return isinstance(declaration, Playhead) or (declaration.live and declaration.hidden)
