"""Reading tables that are text: CSV and its relations, as they come from anywhere.

What a file is written in (encoding, delimiter, decimal comma, header) is found out from its
beginning. A table of numbers only is read in large bites by NumPy; any other goes through Python's
csv module. Both let other threads run every few milliseconds.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zoetrope.core.columns import (
    MISSING,
    MOST_COLUMNS,
    MOST_VALUES,
    Array,
    Column,
    Gatherer,
    TableError,
    from_array,
    shown,
    too_many,
    unique_names,
)

BITE = 1 << 19  # bytes that NumPy reads at a time, about 25 ms
CHUNK = 10_000  # rows that go through Python at a time
SAMPLE_LINES = 100  # from which the dialect is found
LONGEST_FIELD = 131_072  # characters
_NUMBER = re.compile(r"[-+−]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_COMMA_NUMBER = re.compile(r"[-+−]?\d+,\d+([eE][-+]?\d+)?")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written. `delimiter` is "" where blanks stand between the fields."""

    delimiter: str
    decimal: str
    names: tuple[str, ...]
    skip: int  # lines before the first row of data


def read_text(data: bytes) -> tuple[list[Column], list[str]]:
    """Return the columns of a text table and notes on what was assumed; raises `TableError`."""
    text, notes = decode(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise TableError("It is empty.")
    dialect = find_dialect(text)
    if dialect.decimal == ",":
        notes.append("Numbers were read with a decimal comma.")
    if len(dialect.names) > MOST_COLUMNS:
        raise too_many(text.count("\n") + 1, len(dialect.names))
    start = 0
    for _ in range(dialect.skip):
        start = text.find("\n", start) + 1 or len(text)
    body = text[start:]
    if not body.strip():
        raise TableError("There are no rows in it, only the names of columns.")
    numbers = _read_numbers(body, dialect)
    if numbers is None:
        return _read_anything(body, dialect), notes
    made = [from_array(name, numbers[:, i]) for i, name in enumerate(dialect.names)]
    return [column for column in made if column is not None], notes


def decode(data: bytes) -> tuple[str, list[str]]:
    """Return text from bytes, whatever it is encoded in, and a note where that was guessed."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            try:
                return _clean(data.decode(encoding)), []
            except UnicodeDecodeError:
                name = "UTF-8" if encoding == "utf-8-sig" else "UTF-16"
                raise TableError(f"It says that it is {name} text, and is not.") from None
    head = data[:4096]
    if b"\0" in head:
        for encoding, nulls in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
            if nulls.count(0) > 0.4 * len(nulls):
                try:
                    return _clean(data.decode(encoding)), ["It was read as UTF-16 text."]
                except UnicodeDecodeError:
                    break
        raise TableError("It is not a table that can be read: it holds bytes that are not text.")
    try:
        return _clean(data.decode("utf-8")), []
    except UnicodeDecodeError:
        pass
    if _may_be_chinese(data):
        try:
            return _clean(data.decode("gb18030")), ["It was read as Chinese text (GB18030)."]
        except UnicodeDecodeError:
            pass
    return _clean(data.decode("latin-1")), ["It was read as Western European text (Latin-1)."]


def _may_be_chinese(data: bytes) -> bool:
    """Say whether bytes above 127 come in pairs, as Chinese does and accented letters do not."""
    runs = re.findall(rb"[\x80-\xff]+", data[: 1 << 20])
    return sum(len(run) % 2 == 0 for run in runs) > 0.5 * len(runs)


def _clean(text: str) -> str:
    """Refuse text that no person or program would write as a table."""
    head = text[:4096]
    odd = sum((ord(c) < 32 and c not in "\t\n\r\f\v") or "\x7f" <= c < "\xa0" for c in head)
    if "\0" in text or odd > 0.01 * len(head):
        raise TableError("It is not a table that can be read: it holds bytes that are not text.")
    return text


def find_dialect(text: str) -> Dialect:
    """Return how a table is written, told from its first lines."""
    comments, lines = _first_lines(text)
    if not lines:
        raise TableError("There are no rows in it, only comments.")
    delimiter = _delimiter(lines)
    rows = [row for row in (_split(line, delimiter) for line in lines) if any(row)]
    if not rows:
        raise TableError("There are no rows in it, only delimiters.")
    fields = [field.strip() for row in rows[1:] or rows for field in row]
    decimal = "."
    if delimiter != ",":
        with_comma = sum(bool(_COMMA_NUMBER.fullmatch(field)) for field in fields)
        with_point = sum("." in field and _is_number(field, ".") for field in fields)
        decimal = "," if with_comma > with_point else "."
    skip = len(comments)
    if _is_header(rows, decimal):
        return Dialect(delimiter, decimal, tuple(unique_names(rows[0])), skip + _line_of(lines))
    if comments:  # the names may stand in the last comment, as NumPy writes them
        said = _split(comments[-1].lstrip("# \t"), delimiter)
        if len(said) == len(rows[0]) > 1 and not any(_is_number(n, decimal) for n in said):
            return Dialect(delimiter, decimal, tuple(unique_names(said)), skip)
    names = [f"column_{place}" for place in range(1, len(rows[0]) + 1)]
    return Dialect(delimiter, decimal, tuple(names), skip)


def _first_lines(text: str) -> tuple[list[str], list[str]]:
    """Return the comments and blank lines above the table, and its first lines.

    Of a last line that the sample cuts in two, nothing is taken.
    """
    comments: list[str] = []
    lines: list[str] = []
    place = 0
    while place < len(text) and len(lines) < SAMPLE_LINES:
        end = text.find("\n", place)
        line = text[place : end if end >= 0 else len(text)]
        place = end + 1 if end >= 0 else len(text)
        if len(line) > 4 * LONGEST_FIELD:
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


def _delimiter(lines: Sequence[str]) -> str:
    """Return the delimiter that cuts most lines into the same number of fields."""
    lines = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    best, delimiter = 0.0, ","
    for candidate in ("\t", ";", "|", ","):
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


def _is_number(field: str, decimal: str) -> bool:
    field = field.strip()
    if decimal == "," and _COMMA_NUMBER.fullmatch(field):
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


def _read_numbers(body: str, dialect: Dialect) -> Array | None:
    """Return the numbers [rows, columns] of a table that holds nothing else, or None."""
    if not body.isascii() or '"' in body or "#" in body:
        return None
    width = len(dialect.names)
    data = body.encode("ascii")
    parts: list[Array] = []
    rows = 0
    for bite in _bites(data):
        part = (
            _bite_of_blanks(bite, dialect, width)
            if not dialect.delimiter
            else _bite_of_fields(bite, dialect, width)
        )
        if part is None:
            return None
        rows += len(part)
        if rows * width > MOST_VALUES:
            raise too_many(body.count("\n"), width)
        parts.append(part)
    return np.concatenate(parts) if parts else None


def _bites(data: bytes) -> Iterator[bytes]:
    """Yield whole lines, half a million bytes at a time."""
    place = 0
    while place < len(data):
        end = data.rfind(b"\n", place, place + BITE) + 1
        if end <= place:
            end = data.find(b"\n", place) + 1 or len(data)
        yield data[place:end]
        place = end


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


def _read_anything(body: str, dialect: Dialect) -> list[Column]:
    """Read a table with words, quotes or gaps. Raises `TableError` naming the line of a bad row."""
    as_text: set[int] = set()
    for _ in range(2):  # a column that turns out to be words is read again from its beginning
        gatherers = [
            Gatherer(name, dialect.decimal, as_text=place in as_text)
            for place, name in enumerate(dialect.names)
        ]
        late: set[int] = set()
        rows = 0
        for chunk in _chunks(body, dialect):
            rows += len(chunk)
            if rows * len(gatherers) > MOST_VALUES:
                raise too_many(body.count("\n"), len(gatherers))
            for place, words in enumerate(zip(*chunk, strict=True)):
                if place not in late and not gatherers[place].add(words):
                    late.add(place)
        if not late:
            break
        as_text = late | {place for place, g in enumerate(gatherers) if g.as_text}
    return [gatherer.finish() for gatherer in gatherers]


def _chunks(body: str, dialect: Dialect) -> Iterator[list[list[str]]]:
    """Yield rows, some thousands at a time, all as wide as the first."""
    width = len(dialect.names)
    chunk: list[list[str]] = []
    for line, row in _rows(body, dialect):
        if len(row) == width + 1 and not row[-1].strip():
            row = row[:-1]  # a delimiter at the end of each line
        if len(row) != width:
            fields = "field" if len(row) == 1 else "fields"
            raise TableError(
                f"Line {line} has {len(row)} {fields}, and the table has {_columns(width)}: "
                f"{shown(dialect.delimiter.join(row))}."
            )
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _columns(count: int) -> str:
    return "1 column" if count == 1 else f"{count} columns"


def _rows(body: str, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the number of its line in the file; comments and blank lines are none."""
    lines = io.StringIO(body)
    if not dialect.delimiter:
        for number, text in enumerate(lines, dialect.skip + 1):
            row = text.split()
            if row and not row[0].startswith("#"):
                yield number, row
        return
    reader = csv.reader(lines, delimiter=dialect.delimiter, skipinitialspace=True)
    first = 1
    try:
        for row in reader:
            number, first = first + dialect.skip, reader.line_num + 1
            if row and not row[0].startswith("#") and not (len(row) == 1 and not row[0].strip()):
                yield number, row
    except csv.Error as error:
        raise TableError(f"Line {reader.line_num + dialect.skip} is damaged: {error}.") from None
