"""Reading tables from JSON, value by value: one call for all of them would hold up every thread."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from zoetrope.core.columns import (
    MOST_COLUMNS,
    MOST_VALUES,
    Column,
    Found,
    TableError,
    from_values,
    too_many,
)
from zoetrope.core.stepping import Steps, within
from zoetrope.core.table_files import left_out_note
from zoetrope.core.text_encoding import PIECE, encoded
from zoetrope.core.written import AS_FOUND, Written

MOST_JSON = 1 << 27  # bytes: each value becomes an object of some 30
ENTRIES = 5_000  # that are read before other threads get their turn, some 10 ms
_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()
_TABLES = "tables"  # under which a file that this program exported holds its columns


def read_json(data: bytes, written: Written = AS_FOUND) -> Steps[Found]:
    """Return the columns of a list of records, a list of rows or a mapping of lists.

    A file that this program exported holds them under "tables". Raises `TableError`.
    """
    if len(data) > MOST_JSON:
        raise TableError(
            f"It is {len(data) >> 20} MB of JSON; at most {MOST_JSON >> 20} MB are read: "
            "save it as CSV."
        )
    source = yield from within(encoded(data, written.encoding), 0.0, 0.1)
    stream = source.open()
    text = "".join(iter(lambda: stream.read(PIECE), ""))
    try:
        lists, left_out = yield from within(_Reader(text).table(), 0.1, 0.8)
    except RecursionError:
        raise TableError("It is nested too deeply to be a table.") from None
    except TableError:
        raise
    except ValueError:  # such as a whole number of ten thousand digits
        raise TableError("It is not legal JSON.") from None
    columns: list[Column] = []
    for name, entries in lists.items():
        yield 0.8 + 0.2 * len(columns) / len(lists)
        column = from_values(name, entries)
        if column is None:
            left_out.append(name)
        else:
            columns.append(column)
    notes = [source.note] if source.note else []
    notes += left_out_note(left_out, "not plain values")
    return Found(columns, notes, Written(source.encoding))


Lists = dict[str, list[Any]]


class _Reader:
    """Goes through a JSON text once; `at` is how far it has come."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def table(self) -> Steps[tuple[Lists, list[str]]]:
        """Return a list for each column, and the names of what cannot be one."""
        left_out: list[str] = []
        if self._next() == "{":
            lists = yield from self._mapping(left_out)
        elif self._next() == "[":
            lists = yield from self._entries()
        else:
            self._value()
            raise TableError("It is JSON, but no table: neither records nor lists.")
        if self._next():
            raise self._wrong()
        return lists, left_out

    def _mapping(self, left_out: list[str]) -> Steps[Lists]:
        """Read the lists of an object; if it has some under "tables", then those."""
        lists: Lists = {}
        inner: Lists | None = None
        for _ in self._parts("}"):
            if self._next() != '"':
                raise self._wrong()
            name = self._value()
            self._take(":")
            if self._next() == "[":
                lists[name] = yield from self._list()
            elif self._next() == "{" and name == _TABLES:
                inner_left: list[str] = []
                inner = yield from self._mapping(inner_left)
            else:
                self._value()
                left_out.append(name)
            _check_size(lists, max(map(len, lists.values()), default=0))
        if inner is not None:
            left_out[:] = inner_left
        return lists if inner is None else inner

    def _list(self) -> Steps[list[Any]]:
        entries: list[Any] = []
        for place, _ in enumerate(self._parts("]")):
            entries.append(self._value())
            if place % ENTRIES == 0:
                yield self.at / len(self.text)
        return entries

    def _entries(self) -> Steps[Lists]:
        """Read a list of records, of rows or of plain values, whichever the first is."""
        lists: Lists = {}
        kind: type | None = None
        for place, _ in enumerate(self._parts("]")):
            entry = self._value()
            found = type(entry) if isinstance(entry, (dict, list)) else object
            kind = kind or found
            if found is not kind:
                raise TableError(f"Entry {place + 1} is of another kind than the first.")
            if isinstance(entry, list):
                if place and len(entry) != len(lists):
                    raise TableError(
                        f"Row {place + 1} has {len(entry)} values, and the first has {len(lists)}."
                    )
                entry = {f"column_{i}": value for i, value in enumerate(entry, 1)}
            elif not isinstance(entry, dict):
                entry = {"column_1": entry}
            _add(lists, entry, place)
            if place % ENTRIES == 0:
                yield self.at / len(self.text)
        return lists

    def _parts(self, end: str) -> Iterator[None]:
        """Stand before each entry of the list or object that begins here, and then behind it."""
        self.at += 1
        if self._next() == end:
            self.at += 1
            return
        while True:
            yield
            if self._next() == end:
                self.at += 1
                return
            self._take(",")

    def _value(self) -> Any:
        self._next()
        try:
            value, self.at = _DECODER.raw_decode(self.text, self.at)
        except json.JSONDecodeError as error:
            self.at = error.pos
            raise self._wrong() from None
        return value

    def _take(self, sign: str) -> None:
        if self._next() != sign:
            raise self._wrong()
        self.at += 1

    def _next(self) -> str:
        """Return the next character that is no blank, and stand before it; "" at the end."""
        blank = _BLANK.match(self.text, self.at)
        self.at = blank.end() if blank else self.at
        return self.text[self.at : self.at + 1]

    def _wrong(self) -> TableError:
        line = self.text.count("\n", 0, self.at) + 1
        return TableError(f"It is not legal JSON: line {line} cannot be read.")


def _add(lists: Lists, record: dict[str, Any], place: int) -> None:
    """Add a record to the columns; None where one of them is not in it."""
    for name, value in record.items():
        column = lists.get(name)
        if column is None:
            column = lists[name] = [None] * place
            _check_size(lists, place + 1)
        column.append(value)
    if len(record) < len(lists):
        for column in lists.values():
            if len(column) == place:
                column.append(None)
    if place % ENTRIES == 0:
        _check_size(lists, place + 1)


def _check_size(lists: Lists, rows: int) -> None:
    if len(lists) > MOST_COLUMNS or rows * len(lists) > MOST_VALUES:
        raise too_many(rows, len(lists))
