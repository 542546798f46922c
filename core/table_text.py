"""Reading tables that are text: CSV and its relations, as they come from anywhere.

What a file is written in (encoding, delimiter, decimal comma, header) is found out from its
beginning, as far as nobody says it. A table of numbers only is read in large bites by NumPy; any
other goes through Python's csv module. Both let other threads run every few milliseconds.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO

import numpy as np
import numpy.typing as npt

from zoetrope.core.columns import (
    AT_A_TIME,
    MOST_COLUMNS,
    MOST_VALUES,
    Found,
    Gatherer,
    TableError,
    from_array,
    shown,
    too_many,
    unique_names,
)
from zoetrope.core.stepping import Steps, within
from zoetrope.core.text_encoding import Encoded, encoded
from zoetrope.core.word_values import MISSING, Array, grouped
from zoetrope.core.written import AS_FOUND, AUTO, DELIMITERS, SIGNS, Written

BITE = 1 << 19  # characters that NumPy reads at a time, about 25 ms
SAMPLE_LINES = 100  # from which the dialect is found
LONGEST_FIELD = 131_072  # characters
LONGEST_LINE = 4 * LONGEST_FIELD
_NUMBER = re.compile(r"[-+−]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_COMMA_NUMBER = re.compile(r"[-+−]?\d+,\d+([eE][-+]?\d+)?")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written. `delimiter` is "" where blanks stand between the fields."""

    delimiter: str
    decimal: str
    names: tuple[str, ...]
    skip: int  # lines before the first row of data


def read_text(data: bytes, written: Written = AS_FOUND) -> Steps[Found]:
    """Return the columns of a text table and notes on what was assumed; raises `TableError`.

    `written` says in which encoding, with which separator and decimal sign, or leaves it to be
    found out.
    """
    source = yield from within(encoded(data, written.encoding), 0.0, 0.1)
    notes = [source.note] if source.note else []
    if not _any_line(source.open()):
        raise TableError("It is empty.")
    dialect = find_dialect(
        source.open(), DELIMITERS.get(written.separator), SIGNS.get(written.decimal)
    )
    if dialect.decimal == "," and written.decimal == AUTO:
        notes.append("Numbers were read with a decimal comma.")
    if len(dialect.names) > MOST_COLUMNS:
        raise too_many(data.count(b"\n") + 1, len(dialect.names))
    if not _any_line(_body(source, dialect)):
        raise TableError("There are no rows in it, only the names of columns.")
    separator = next(key for key, sign in DELIMITERS.items() if sign == dialect.delimiter)
    decimal = next(key for key, sign in SIGNS.items() if sign == dialect.decimal)
    found = Written(source.encoding, separator, decimal)
    numbers = yield from within(_read_numbers(source, dialect), 0.1, 1.0)
    if numbers is None:
        gatherers = yield from within(_read_anything(source, dialect), 0.1, 1.0)
        columns = [gatherer.finish() for gatherer in gatherers]
        notes += [
            f"In {shown(each.name)} commas were read as between thousands, as in {each.grouped}."
            for each in gatherers
            if each.grouped
        ]
        notes += [_slips(each) for each in gatherers if each.strays]
        return Found(columns, notes, found)
    made = [from_array(name, numbers[:, i]) for i, name in enumerate(dialect.names)]
    return Found([column for column in made if column is not None], notes, found)


def _slips(gatherer: Gatherer) -> str:
    first, count = shown(gatherer.strays[0]), len(gatherer.strays)
    if count == 1:
        return f"In {shown(gatherer.name)} a word among numbers was taken as missing: {first}."
    return (
        f"In {shown(gatherer.name)} {count} words among numbers were taken as missing, "
        f"the first: {first}."
    )


def _any_line(stream: io.TextIOWrapper) -> bool:
    return any(line.strip() for line in stream)


def _body(source: Encoded, dialect: Dialect) -> io.TextIOWrapper:
    """Return the text from the first row of data on."""
    stream = source.open()
    for _ in range(dialect.skip):
        stream.readline()
    return stream


def find_dialect(
    stream: TextIO, delimiter: str | None = None, decimal: str | None = None
) -> Dialect:
    """Return how a table is written, told from its first lines, as far as it is not given."""
    comments, lines = _first_lines(stream)
    if not lines:
        raise TableError("There are no rows in it, only comments.")
    if delimiter is None:
        delimiter = _delimiter(lines, "\t|;" if decimal == "," else "\t;|,")
    rows = [row for row in (_split(line, delimiter) for line in lines) if any(row)]
    if not rows:
        raise TableError("There are no rows in it, only delimiters.")
    if decimal is None:
        decimal = _decimal([field.strip() for row in rows[1:] or rows for field in row], delimiter)
    skip = len(comments)
    if _is_header(rows, decimal):
        return Dialect(delimiter, decimal, tuple(unique_names(rows[0])), skip + _line_of(lines))
    if comments:  # the names may stand in the last comment, as NumPy writes them
        said = _split(comments[-1].lstrip("# \t"), delimiter)
        if len(said) == len(rows[0]) > 1 and not any(_is_number(n, decimal) for n in said):
            return Dialect(delimiter, decimal, tuple(unique_names(said)), skip)
    names = [f"column_{place}" for place in range(1, len(rows[0]) + 1)]
    return Dialect(delimiter, decimal, tuple(names), skip)


def _first_lines(stream: TextIO) -> tuple[list[str], list[str]]:
    """Return the comments and blank lines above the table, and its first lines."""
    comments: list[str] = []
    lines: list[str] = []
    while len(lines) < SAMPLE_LINES and (line := stream.readline(LONGEST_LINE + 2)):
        line = line.removesuffix("\n")
        if len(line) > LONGEST_LINE:
            raise TableError(f"Line {len(comments) + len(lines) + 1} is too long for a table.")
        if lines or not (line.lstrip().startswith("#") or not line.strip()):
            lines.append(line)
        else:
            comments.append(line)
    return comments, lines


def _line_of(lines: Sequence[str]) -> int:
    """Return how many lines the header takes: more than one where a quoted name is broken."""
    reader = csv.reader(iter(f"{line}\n" for line in lines))
    next(reader, None)
    return max(reader.line_num, 1)


def _split(line: str, delimiter: str) -> list[str]:
    if not delimiter:
        return line.split()
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return line.split(delimiter)


def _decimal(fields: Sequence[str], delimiter: str) -> str:
    """Return the sign before the decimals that more fields have."""
    if delimiter == ",":
        return "."
    with_comma = sum(_has_decimal_comma(field) for field in fields)
    with_point = sum("." in field and _is_number(field, ".") for field in fields)
    return "," if with_comma > with_point else "."


def _delimiter(lines: Sequence[str], candidates: str) -> str:
    """Return the delimiter that cuts most lines into the same number of fields."""
    lines = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    best, delimiter = 0.0, candidates[-1]
    for candidate in candidates:
        widths = [len(_split(line, candidate)) for line in lines]
        common = max(set(widths), key=widths.count)
        score = widths.count(common) / len(widths) if common > 1 else 0.0
        if score > best:
            best, delimiter = score, candidate
    if best > 0.5:
        return delimiter
    blanks = [len(line.split()) for line in lines]
    common = max(set(blanks), key=blanks.count)
    if common > 1 and blanks.count(common) > 0.9 * len(blanks):
        fields = [field for line in lines[1:] or lines for field in line.split()]
        if sum(_is_number(field, ".") or _is_number(field, ",") for field in fields) > (
            0.5 * len(fields)
        ):
            return ""
    return delimiter


def _has_decimal_comma(field: str) -> bool:
    return "," in field and (bool(_COMMA_NUMBER.fullmatch(field)) or grouped(field, ","))


def _is_number(field: str, decimal: str) -> bool:
    field = field.strip()
    if decimal == "," and _has_decimal_comma(field):
        return True
    return _NUMBER.fullmatch(field) is not None


def _is_header(rows: Sequence[Sequence[str]], decimal: str) -> bool:
    """Say whether the first row names the columns: words above numbers, or words only."""
    first = [field.strip() for field in rows[0]]
    words = [bool(f) and f.lower() not in MISSING and not _is_number(f, decimal) for f in first]
    if not any(words):
        return False
    if not any(_is_number(field, decimal) for field in first):
        return True
    below = rows[1] if len(rows) > 1 else []
    return any(word and _is_number(f, decimal) for word, f in zip(words, below, strict=False))


# Tables of numbers only


def _read_numbers(source: Encoded, dialect: Dialect) -> Steps[Array | None]:
    """Return the numbers [rows, columns] of a table that holds nothing else, or None."""
    if dialect.decimal == dialect.delimiter:  # the fields are in quotes
        return None
    width = len(dialect.names)
    parts: list[Array] = []
    rows = 0
    stream = _body(source, dialect)
    while text := stream.read(BITE):
        text += stream.readline()
        if not text.isascii() or '"' in text or "#" in text:
            return None
        bite = text.encode("ascii")
        part = (
            _bite_of_blanks(bite, dialect, width)
            if not dialect.delimiter
            else _bite_of_fields(bite, dialect, width)
        )
        if part is None:
            return None
        rows += len(part)
        if rows * width > MOST_VALUES:
            raise too_many(source.data.count(b"\n"), width)
        parts.append(part)
        yield source.share(stream)
    return np.concatenate(parts) if parts else None


def _bite_of_fields(bite: bytes, dialect: Dialect, width: int) -> Array | None:
    bite = bite.strip(b"\n") + b"\n"
    if bite == b"\n":
        return np.empty((0, width))
    if b"\n\n" in bite:
        bite = re.sub(rb"\n+", b"\n", bite)
    if dialect.decimal == ",":
        bite = bite.replace(b",", b".")
    if dialect.delimiter != ",":
        if b"," in bite:
            return None
        bite = bite.replace(dialect.delimiter.encode("ascii"), b",")
    characters: npt.NDArray[np.uint8] = np.frombuffer(bite, dtype=np.uint8)
    ends = characters[(characters == 44) | (characters == 10)]
    if ends.size % width:
        return None
    ends = ends.reshape(-1, width)
    if not ((ends[:, -1] == 10).all() and (ends[:, :-1] == 44).all()):
        return None  # ragged: the other way says where
    flat = bite.translate(_NEWLINE_TO_COMMA)
    if b",," in flat or flat.startswith(b","):
        if width == 1:
            return None
        flat = b"," + flat
        flat = flat.replace(b",,", b",nan,").replace(b",,", b",nan,")[1:]
    numbers = _from_text(flat[:-1], ",")
    return numbers.reshape(-1, width) if numbers is not None and numbers.size == ends.size else None


def _bite_of_blanks(bite: bytes, dialect: Dialect, width: int) -> Array | None:
    if dialect.decimal == ",":
        bite = bite.replace(b",", b".")
    lines = [line for line in bite.split(b"\n") if line.strip()]
    if any(len(line.split()) != width for line in lines):
        return None
    numbers = _from_text(b" ".join(lines), " ")
    if numbers is None or numbers.size != width * len(lines):
        return None
    return numbers.reshape(-1, width)


_NEWLINE_TO_COMMA = bytes.maketrans(b"\n", b",")
_NUMBERS_ONLY = re.compile(rb"[-+0-9.eEnNaAiIfF, \t]*")


def _from_text(text: bytes, delimiter: str) -> Array | None:
    if not text.strip():
        return np.empty(0)
    if _NUMBERS_ONLY.fullmatch(text) is None:
        return None
    try:
        return np.fromstring(text.decode("ascii"), dtype=np.float64, sep=delimiter)
    except (ValueError, DeprecationWarning):
        return None


# All other tables


def _read_anything(source: Encoded, dialect: Dialect) -> Steps[list[Gatherer]]:
    """Gather a table with words, quotes or gaps. A `TableError` names the line of a bad row."""
    as_text: set[int] = set()
    for begun in (0.0, 0.6):  # a column that turns out to be words is read again from its beginning
        gatherers = [
            Gatherer(name, dialect.decimal, as_text=place in as_text)
            for place, name in enumerate(dialect.names)
        ]
        late: set[int] = set()
        rows = 0
        stream = _body(source, dialect)
        for chunk in _chunks(stream, dialect):
            rows += len(chunk)
            if rows * len(gatherers) > MOST_VALUES:
                raise too_many(source.data.count(b"\n"), len(gatherers))
            for place, words in enumerate(zip(*chunk, strict=True)):
                if place not in late and not gatherers[place].add(words):
                    late.add(place)
            yield begun + (0.6 if begun == 0 else 0.4) * source.share(stream)
        if not late:
            break
        as_text = late | {place for place, g in enumerate(gatherers) if g.as_text}
    return gatherers


def _chunks(stream: TextIO, dialect: Dialect) -> Iterator[list[list[str]]]:
    """Yield rows, some thousands at a time, all as wide as the first."""
    width = len(dialect.names)
    most = max(1, AT_A_TIME // width)
    chunk: list[list[str]] = []
    for line, row in _rows(stream, dialect):
        if len(row) == width + 1 and not row[-1].strip():
            row = row[:-1]  # a delimiter at the end of each line
        if len(row) != width:
            fields = "field" if len(row) == 1 else "fields"
            raise TableError(
                f"Line {line} has {len(row)} {fields}, and the table has {_columns(width)}: "
                f"{shown(dialect.delimiter.join(row))}."
            )
        chunk.append(row)
        if len(chunk) == most:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _columns(count: int) -> str:
    return "1 column" if count == 1 else f"{count} columns"


def _rows(stream: TextIO, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the number of its line in the file; comments and blank lines are none."""
    if not dialect.delimiter:
        for number, text in enumerate(stream, dialect.skip + 1):
            row = text.split()
            if row and not row[0].startswith("#"):
                yield number, row
        return
    reader = csv.reader(stream, delimiter=dialect.delimiter, skipinitialspace=True)
    first = 1
    try:
        for row in reader:
            number, first = first + dialect.skip, reader.line_num + 1
            if row and not row[0].startswith("#") and not (len(row) == 1 and not row[0].strip()):
                yield number, row
    except csv.Error as error:
        raise TableError(f"Line {reader.line_num + dialect.skip} is damaged: {error}.") from None
