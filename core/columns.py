"""Columns of people's data: what was read, and how text becomes numbers or categories."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from zoetrope.core.word_values import MISSING, Array, grouped, moments_in, numbers_in
from zoetrope.core.written import AS_FOUND, Written

Kind = Literal["number", "text", "bool", "time"]

MOST_BYTES = 1 << 28  # of a file, and of what a packed one unpacks to
MOST_VALUES = 50_000_000  # in all columns together
MOST_COLUMNS = 10_000
AT_A_TIME = 40_000  # fields that are read before other threads get their turn, some 25 ms
LONGEST_NAME = 200  # characters of a column's name
_SHOWN = 60  # characters of someone's text in a sentence
_STRAY = 0.1  # share of a column's words, among numbers, that are taken for slips
_JUDGED = 1000  # different words from which a column of words is known as such
_TOGETHER = 100  # words that are tried as numbers at once


class TableError(ValueError):
    """Data that cannot be read. The text is one sentence; a lab may set `parameter`."""

    def __init__(self, sentence: str, parameter: str | None = None) -> None:
        super().__init__(sentence)
        self.parameter = parameter


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column. `values` is float64 with NaN where a value is missing.

    Of text the values are codes, the places in `categories`, which stand in the order in which
    they were met; of "bool" they are 0 and 1, of "time" seconds since 1970 (UTC).
    """

    name: str
    kind: Kind
    values: Array
    categories: tuple[str, ...] = ()

    @property
    def missing(self) -> int:
        """How many values are missing."""
        return int(np.isnan(self.values).sum())


@dataclass(frozen=True, slots=True, eq=False)
class DataTable:
    """Columns of equal length by their names, in order.

    `notes` are sentences about what was assumed or left out; `sha256` is the fingerprint of the
    bytes that were read; `written` is how they turned out to be written, as far as they are text.
    """

    columns: Mapping[str, Column]
    rows: int
    notes: tuple[str, ...] = ()
    sha256: str = ""
    written: Written = AS_FOUND

    def numbers(self) -> tuple[str, ...]:
        """Return the names of the columns that can be computed with, those of times at the end:
        what is chosen without being asked for is rather a measurement than when it was made.
        """
        computed = [
            (name, c.kind == "time") for name, c in self.columns.items() if c.kind != "text"
        ]
        return tuple(name for name, _ in sorted(computed, key=lambda found: found[1]))

    def names(self, kind: Kind | None = None) -> tuple[str, ...]:
        """Return the names of all columns, or of those of one kind."""
        return tuple(n for n, c in self.columns.items() if kind is None or c.kind == kind)


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What a file held before it is put together: columns, notes, and how it is written."""

    columns: Sequence[Column]
    notes: Sequence[str] = ()
    written: Written = AS_FOUND


def make_table(
    columns: Sequence[Column], notes: Iterable[str], sha256: str, written: Written = AS_FOUND
) -> DataTable:
    """Put columns together; raises `TableError` where nothing in them can be computed with."""
    said = list(notes)
    named = zip(unique_names([column.name for column in columns]), columns, strict=True)
    columns = [Column(name, c.kind, c.values, c.categories) for name, c in named]
    if not columns:
        raise TableError("There are no columns in it.")
    rows = max(len(column.values) for column in columns)
    if rows == 0:
        raise TableError("There are no rows in it.")
    if len(columns) > MOST_COLUMNS or rows * len(columns) > MOST_VALUES:
        raise too_many(rows, len(columns))
    short = [column.name for column in columns if len(column.values) < rows]
    if short:
        verb = "is" if len(short) == 1 else "are"
        said.append(f"{listed(short)} {verb} shorter than the rest; the end was taken as missing.")
    finished = []
    for column in columns:
        values = np.full(rows, np.nan)
        values[: len(column.values)] = column.values
        infinite = np.isinf(values)
        if infinite.any():
            values[infinite] = np.nan
            said.append(f"Infinite values in {shown(column.name)} were taken as missing.")
        values.flags.writeable = False
        finished.append(Column(column.name, column.kind, values, column.categories))
    full = [column for column in finished if column.missing < rows]
    empty = [column.name for column in finished if column.missing == rows]
    if empty and full:
        verbs = ("holds", "was") if len(empty) == 1 else ("hold", "were")
        said.append(f"{listed(empty)} {verbs[0]} no values and {verbs[1]} left out.")
    if not any(column.kind != "text" for column in full):
        raise TableError("There is no column of numbers in it.")
    return DataTable({c.name: c for c in full}, rows, tuple(said), sha256, written)


def too_many(rows: int, columns: int) -> TableError:
    """Return the error for a table that is too large."""
    return TableError(
        f"It has {rows:,} rows and {columns:,} columns; at most {MOST_COLUMNS:,} columns "
        f"and {MOST_VALUES:,} values are read."
    )


def unique_names(names: Sequence[str]) -> list[str]:
    """Return names that differ, none of them empty and none too long to show."""
    found: dict[str, None] = {}
    met: dict[str, int] = {}  # how often a name came, so that many of one take no longer each
    for place, name in enumerate(names, 1):
        clean = wanted = " ".join(name.split())[:LONGEST_NAME] or f"column_{place}"
        while wanted in found:
            met[clean] = met.get(clean, 1) + 1
            wanted = f"{clean} ({met[clean]})"
        found[wanted] = None
    return list(found)


def listed(names: Sequence[str]) -> str:
    """Return names for a sentence, not more than a few."""
    few = ", ".join(shown(name) for name in names[:5])
    return f"{few} and {len(names) - 5} more" if len(names) > 5 else few


def shown(text: str) -> str:
    """Return someone's text for a sentence: short, on one line."""
    printable = "".join(c if c.isprintable() else "�" for c in text[: _SHOWN + 1])
    return f"“{printable}”" if len(printable) <= _SHOWN else f"“{printable[: _SHOWN - 1]}…”"


def from_array(name: str, array: npt.NDArray[Any]) -> Column | None:
    """Return the column that a one-dimensional array is; None for kinds such as complex."""
    kind = array.dtype.kind
    if kind == "b":
        return Column(name, "bool", array.astype(np.float64), ("false", "true"))
    if kind in "iuf":
        with np.errstate(over="ignore"):
            return Column(name, "number", array.astype(np.float64))
    if kind == "M":
        ticks = array.astype("datetime64[us]")
        seconds = ticks.astype(np.int64) / 1e6
        return Column(name, "time", np.where(np.isnat(ticks), np.nan, seconds))
    if kind in "SU":
        return _of_words(name, array)
    return None


def _of_words(name: str, array: npt.NDArray[Any]) -> Column:
    """Return the column that an array of strings is, taken out of it a stretch at a time."""
    words: list[str] = []
    for start in range(0, array.size, AT_A_TIME):
        part = array[start : start + AT_A_TIME].tolist()
        words += part if array.dtype.kind == "U" else [v.decode("utf-8", "replace") for v in part]
    return from_strings(name, words)


def from_strings(name: str, strings: Sequence[str]) -> Column:
    """Return the column that words are: numbers or times where all of them are."""
    for as_text in (False, True):
        gatherer = Gatherer(name, as_text=as_text)
        stretches = range(0, len(strings), AT_A_TIME)
        if all(gatherer.add(strings[start : start + AT_A_TIME]) for start in stretches):
            break
    return gatherer.finish()


def from_values(name: str, values: Sequence[Any]) -> Column | None:
    """Return the column that plain values are (None is missing); None if some are nested."""
    kinds = {type(value) for value in values if value is not None}
    if kinds & {list, dict}:
        return None
    if kinds == {bool}:
        numbers = [math.nan if value is None else float(value) for value in values]
        return Column(name, "bool", np.array(numbers), ("false", "true"))
    if kinds <= {int, float}:
        numbers = [math.nan if value is None else _float(value) for value in values]
        return Column(name, "number", np.array(numbers, dtype=np.float64))
    return from_strings(name, ["" if value is None else str(value) for value in values])


def _float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


class Gatherer:
    """Collects the words of one column, chunk after chunk, as numbers, as times or as categories.

    `grouped` tells the first number whose thousands were apart by commas, which elsewhere are
    decimals; "" where there was none. `strays`, once finished, are the words that `finish` took as
    missing among numbers, as often as they came.
    """

    def __init__(self, name: str, decimal: str = ".", *, as_text: bool = False) -> None:
        self.name = name
        self.as_text = as_text
        self.grouped = ""
        self.strays: list[str] = []
        self._numbers: list[Array] = []  # what the categories are as numbers, in their order
        self._odd = 0  # how many of them are none
        self._only_words = False
        self._times = False
        self._decimal = decimal
        self._chunks: list[Array] = []
        self._codes: dict[str, int] = {}

    def add(self, words: Sequence[str]) -> bool:
        """Take more words; False if they are not of the kind that those before were."""
        stripped = [word.strip() for word in words]
        if not self.as_text:
            values = None if self._times else numbers_in(stripped, self._decimal)
            if values is not None:
                self.grouped = self.grouped or self._first_grouped(stripped)
            elif self._times or not self._chunks:
                values = moments_in(stripped)
                self._times = values is not None
            if values is not None:
                self._chunks.append(values)
                return True
            if self._chunks:
                return False
            self.as_text = True
        codes, before = self._codes, len(self._codes)
        found = [
            math.nan if word.lower() in MISSING else codes.setdefault(word, len(codes))
            for word in stripped
        ]
        self._chunks.append(np.array(found, dtype=np.float64))
        self._read_as_numbers(list(islice(codes, before, None)))
        return True

    def _first_grouped(self, words: Sequence[str]) -> str:
        found = (w for w in words if "," in w and grouped(w, self._decimal))
        return next(found, "") if self._decimal == "." else ""

    def finish(self) -> Column:
        """Return the column. Few words among many numbers are slips, and taken as missing."""
        values = np.concatenate(self._chunks) if self._chunks else np.empty(0)
        if not self.as_text:
            return Column(self.name, "time" if self._times else "number", values)
        categories = tuple(self._codes)
        words = [category.lower() for category in categories]
        if words and set(words) <= {"true", "false"}:
            truth = np.array([word == "true" for word in words], dtype=np.float64)
            seen = ~np.isnan(values)
            values[seen] = truth[values[seen].astype(np.intp)]
            return Column(self.name, "bool", values, ("false", "true"))
        numbers = self._but_for_strays(values, categories)
        if numbers is not None:
            return Column(self.name, "number", numbers)
        return Column(self.name, "text", values, categories)

    def _read_as_numbers(self, words: Sequence[str]) -> None:
        """Note what new words are as numbers, NaN for none, until most turn out to be none."""
        for start in range(0, len(words), _TOGETHER):
            if self._only_words:
                return
            part = words[start : start + _TOGETHER]
            numbers = numbers_in(part, self._decimal)
            if numbers is None:
                each = (numbers_in([word], self._decimal) for word in part)
                numbers = np.array([math.nan if one is None else one[0] for one in each])
            self._numbers.append(numbers)
            self._odd += int(np.isnan(numbers).sum())
            self._only_words = self._odd > max(_JUDGED, len(self._numbers) * _TOGETHER) / 2

    def _but_for_strays(self, codes: Array, words: tuple[str, ...]) -> Array | None:
        """Return the numbers of a column of words, NaN for a few that are none; else None."""
        if self._only_words or not words:
            return None
        seen = ~np.isnan(codes)
        known = codes[seen].astype(np.intp)
        values = np.full(len(codes), np.nan)
        values[seen] = np.concatenate(self._numbers)[known]
        odd = known[np.isnan(values[seen])]
        if len(odd) > _STRAY * len(known):
            return None
        self.strays = [words[code] for code in odd]
        self.grouped = self._first_grouped(words)
        return values
