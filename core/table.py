"""Reading people's data: a file or what they pasted becomes columns, or one clear sentence.

    table = read_table("measurements.csv")
    table.columns["height"].values      float64, NaN where a value is missing

What a file is, is told from its content and not from its name. Files come from anywhere: whatever
they hold, `TableError` is all that reading raises.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from zoetrope.core.columns import (
    MOST_BYTES,
    Column,
    DataTable,
    Found,
    TableError,
    make_table,
    shown,
)
from zoetrope.core.declarations import Rows
from zoetrope.core.stepping import Steps, finish, within
from zoetrope.core.table_files import READERS, arrays_in
from zoetrope.core.table_json import read_json
from zoetrope.core.table_text import read_text
from zoetrope.core.written import AS_FOUND, Written

__all__ = ["Column", "DataTable", "TableError", "Written", "parse_table", "read_arrays",
           "read_table", "table_rows", "table_steps"]  # fmt: skip

_PIECE = 1 << 22  # bytes that are read at a time
_MOST_KEPT = 1 << 28  # bytes of the columns of a table that is kept
_last: dict[str, tuple[tuple[str, Written], DataTable]] = {}  # under one key, whoever asks

# What people have by mistake, and what to say of it.
_NOT_TABLES: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "It is packed with gzip; unpack it first."),
    (b"BZh", "It is packed with bzip2; unpack it first."),
    (b"\xfd7zXZ", "It is packed with xz; unpack it first."),
    (b"7z\xbc\xaf", "It is packed with 7-Zip; unpack it first."),
    (b"\xd0\xcf\x11\xe0", "It is a spreadsheet; save it as CSV and open that."),
    (b"\x89PNG", "It is a picture, not a table."),
    (b"GIF8", "It is a picture, not a table."),
    (b"\xff\xd8\xff", "It is a picture, not a table."),
    (b"%PDF", "It is a PDF document, not a table."),
    (b"\x89HDF", "It is an HDF5 file, which is not read; save it as CSV, Parquet or NPZ."),
    (b"ARROW1", "It is an Arrow file, which is not read; save it as Parquet."),
)


def read_table(path: str | Path, written: Written = AS_FOUND) -> DataTable:
    """Read a CSV, TSV, Parquet, NPZ, NPY or JSON file; raises `TableError` and nothing else.

    `written` says how a text is written where that is not to be found out.
    """
    return finish(table_steps(path, written))


def table_steps(path: str | Path, written: Written = AS_FOUND) -> Steps[DataTable]:
    """As `read_table`, in steps of some 20 ms, which yield the share that is done.

    The table that was made last is kept: of a file that holds the same bytes it is not made again.
    """
    name = shown(str(path).replace("\\", "/").rstrip("/").rpartition("/")[2] or str(path))
    try:
        data, sha256 = yield from within(_bytes(Path(path).expanduser(), name), 0.0, 0.2)
    except OSError as error:
        raise TableError(f"{name} cannot be read: {error.strerror or error}.") from None
    except (RuntimeError, ValueError) as error:  # no home folder, or a name that no system takes
        if isinstance(error, TableError):
            raise
        raise TableError(f"{name} was not found.") from None
    try:
        return (yield from within(_made_once(data, sha256, written), 0.2, 1.0))
    except TableError as error:
        raise TableError(f"{name}: {error}") from None
    except MemoryError:
        raise TableError(f"{name} is too large for this computer's memory.") from None
    except Exception:  # a damaged file may make any parser stumble in any way
        raise TableError(f"{name} is damaged or of a kind that cannot be read.") from None


def read_arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of an NPZ file by name, or that of an NPY file under "", as they stand.

    Raises `TableError` and nothing else, also for a file that unpacks to more than is read.
    """
    name = shown(path.name)
    try:
        with path.open("rb") as file:
            return arrays_in(file)
    except OSError as error:
        raise TableError(f"{name} cannot be read: {error.strerror or error}.") from None
    except TableError as error:
        raise TableError(f"{name}: {error}") from None
    except Exception:  # a damaged file may make any parser stumble in any way
        raise TableError(f"{name} is no .npy or .npz file of plain numbers.") from None


def parse_table(text: str) -> DataTable:
    """Read a table that was pasted, such as cells of a spreadsheet; raises `TableError`."""
    if not text.strip():
        raise TableError("There is no text to read a table from.")
    try:
        if len(text) > MOST_BYTES:
            raise TableError(f"It is longer than {MOST_BYTES >> 20} million characters.")
        data = text.encode("utf-8", "replace")
        return finish(_read(data, hashlib.sha256(data).hexdigest(), AS_FOUND))
    except TableError as error:
        raise TableError(f"The pasted text is no table. {error}") from None
    except Exception:
        raise TableError("The pasted text is no table that can be read.") from None


def table_rows(table: DataTable, columns: Sequence[str]) -> tuple[Rows, str]:
    """Return the rows of a table's columns of these names, or of its first of numbers, and a note.

    Rows in which a value is missing are left out. Raises `TableError` where there are too few
    columns of numbers.
    """
    numbers = [table.columns[name] for name in table.numbers()]
    named = {column.name.lower(): column for column in numbers}
    chosen = [named[name.lower()] for name in columns if name.lower() in named]
    if len(chosen) < len(columns):
        chosen = numbers[: len(columns)]
    if len(chosen) < len(columns):
        raise TableError(
            f"{len(columns)} columns of numbers are needed ({', '.join(columns)}), "
            f"and there {'is only one' if len(chosen) == 1 else f'are {len(chosen)}'}."
        )
    values = np.column_stack([column.values for column in chosen])
    whole = np.isfinite(values).all(axis=1)
    gone = int((~whole).sum())
    note = ""
    if gone:
        note = "1 row with a missing value was left out."
        note = note if gone == 1 else f"{gone} rows with missing values were left out."
    return tuple(map(tuple, values[whole].tolist())), note


def _bytes(path: Path, name: str) -> Steps[tuple[bytes, str]]:
    """Return what a file holds, and its fingerprint."""
    if "\0" in str(path) or not path.exists():
        raise TableError(f"{name} was not found.")
    if path.is_dir():
        raise TableError(f"{name} is a folder, not a file.")
    if not path.is_file():
        raise TableError(f"{name} is not a file that can be read.")
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise TableError(f"{name} has {size >> 20} MB; at most {MOST_BYTES >> 20} MB are read.")
    pieces: list[bytes] = []
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            pieces.append(piece)
            digest.update(piece)
            if len(pieces) * _PIECE > MOST_BYTES + _PIECE:
                raise TableError(
                    f"{name} is larger than {MOST_BYTES >> 20} MB, the most that is read."
                )
            yield min(1.0, len(pieces) * _PIECE / max(size, 1))
    if not pieces:
        raise TableError(f"{name} is empty.")
    return b"".join(pieces), digest.hexdigest()


def _made_once(data: bytes, sha256: str, written: Written) -> Steps[DataTable]:
    """Return the table that was made last if it was of these bytes, else make it."""
    kept = _last.get("table")
    if kept is not None and kept[0] == (sha256, written):
        return kept[1]
    table = yield from _read(data, sha256, written)
    if sum(column.values.nbytes for column in table.columns.values()) <= _MOST_KEPT:
        _last["table"] = (sha256, written), table
    return table


def _read(data: bytes, sha256: str, written: Written) -> Steps[DataTable]:
    found = yield from _reader(data, written)
    return make_table(found.columns, found.notes, sha256, found.written)


def _reader(data: bytes, written: Written) -> Steps[Found]:
    for start, sentence in _NOT_TABLES:
        if data.startswith(start):
            raise TableError(sentence)
    if data[:1] == b"\x80" and data[1:2] <= b"\x05" and data.rstrip().endswith(b"."):
        raise TableError("It is a Python pickle, which is not read: it may run programs.")
    for start, reader in READERS:
        if data.startswith(start):
            return reader(data)
    return (read_json if _is_json(data) else read_text)(data, written)


def _is_json(data: bytes) -> bool:
    """Say whether a text begins, and a list ends, as JSON does, in whatever it is encoded."""
    head, tail = (part.translate(None, b"\0 \t\r\n") for part in (data[:4096], data[-4096:]))
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        head = head.removeprefix(mark)
    return head.startswith(b"{") or (head.startswith(b"[") and tail.endswith(b"]"))
