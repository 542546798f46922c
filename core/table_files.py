"""Reading tables from NumPy, Parquet and JSON files, none of which is trusted.

No pickle is ever loaded, and nothing is unpacked that claims, or turns out, to be larger than
what is read.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from zoetrope.core.columns import (
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_VALUES,
    Column,
    TableError,
    from_array,
    from_values,
    listed,
    shown,
    too_many,
)
from zoetrope.core.recipe_files import NPZ_ENTRY

MOST_JSON = 1 << 25  # bytes: reading JSON holds up all other threads
_MOST_HEADER = 10_000  # bytes of the description of an array
_INSTALL = 'Reading Parquet files needs pyarrow: pip install "zoetrope[parquet]".'
Found = tuple[list[Column], list[str]]


def read_npy(data: bytes) -> Found:
    """Return the columns of a NumPy array file."""
    return _columns({"column": _array("The array", io.BytesIO(data))})


def read_npz(data: bytes) -> Found:
    """Return the columns of a NumPy archive: an array each, or one each of an array's columns."""
    return _columns(_arrays(io.BytesIO(data)))


def arrays_in(file: BinaryIO) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of an open NumPy file as they stand: by name, or under "" the only one.

    They are read-only. Raises whatever a damaged file leads to, and `TableError` for one that is
    not read.
    """
    magic = file.read(4)
    file.seek(0)
    return _arrays(file) if magic.startswith(b"PK") else {"": _array("The array", file)}


def _arrays(archive_file: BinaryIO) -> dict[str, npt.NDArray[Any]]:
    arrays: dict[str, npt.NDArray[Any]] = {}
    total = 0
    with zipfile.ZipFile(archive_file) as archive:
        entries = [entry for entry in archive.infolist() if entry.filename.endswith(".npy")]
        if not entries:
            names = archive.namelist()
            if any(name.startswith(("xl/", "[Content_Types]", "content.xml")) for name in names):
                raise TableError("It is a spreadsheet; save it as CSV and open that.")
            raise TableError("It is an archive that holds no NumPy arrays.")
        for entry in entries:
            name = entry.filename.removesuffix(".npy")
            if name == NPZ_ENTRY:
                continue
            total += entry.file_size
            if total > MOST_BYTES or len(arrays) >= MOST_COLUMNS:
                raise TableError(f"It unpacks to more than {MOST_BYTES >> 20} MB.")
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise TableError("It is packed in a way that NumPy does not use.")
            with archive.open(entry) as file:
                arrays[name] = _array(shown(name), file)
    return arrays


def _array(name: str, file: Any) -> npt.NDArray[Any]:
    """Read one array, its header checked before anything is made as large as it says."""
    version = np.lib.format.read_magic(file)
    if version == (1, 0):
        shape, fortran, dtype = np.lib.format.read_array_header_1_0(file, _MOST_HEADER)
    else:
        shape, fortran, dtype = np.lib.format.read_array_header_2_0(file, _MOST_HEADER)
    if dtype.hasobject:
        raise TableError(f"{name} holds Python objects, which are not read: they may run programs.")
    count = math.prod(shape)
    if any(size < 0 for size in shape) or count * max(dtype.itemsize, 1) > MOST_BYTES:
        raise TableError(f"{name} is larger than {MOST_BYTES >> 20} MB.")
    data = file.read(count * dtype.itemsize)
    if len(data) < count * dtype.itemsize:
        raise TableError(f"{name} ends too early: the file is damaged.")
    array = np.frombuffer(data, dtype=dtype, count=count) if count and dtype.itemsize else None
    if array is None:
        return np.empty(0)
    return array.reshape(shape, order="F" if fortran else "C")


def _columns(arrays: Mapping[str, npt.NDArray[Any]]) -> Found:
    parts: dict[str, npt.NDArray[Any]] = {}
    left_out: list[str] = []
    for name, array in arrays.items():
        if array.dtype.names is not None and array.ndim == 1:
            parts |= {field: array[field] for field in array.dtype.names}
        elif array.ndim == 1:
            parts[name] = array
        elif array.ndim == 2 and array.shape[1] <= MOST_COLUMNS:
            parts |= {f"{name}_{place}": array[:, place] for place in range(array.shape[1])}
        else:
            left_out.append(name)
    if sum(part.size for part in parts.values()) > MOST_VALUES:
        raise too_many(max(part.size for part in parts.values()), len(parts))
    columns = []
    for name, part in parts.items():
        column = from_array(name, part) if part.ndim == 1 else None
        if column is None:
            left_out.append(name)
        else:
            columns.append(column)
    return columns, _said(left_out, "neither columns nor tables of numbers")


def _said(left_out: list[str], why: str) -> list[str]:
    if not left_out:
        return []
    verb = "It was" if len(left_out) == 1 else "They were"
    return [f"Not read: {listed(left_out)}. {verb} {why}."]


def read_parquet(data: bytes) -> Found:
    """Return the columns of a Parquet file; needs pyarrow."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise TableError(_INSTALL) from None
    file = pq.ParquetFile(pa.BufferReader(data))
    about = file.metadata
    if about.num_rows * about.num_columns > MOST_VALUES or about.num_columns > MOST_COLUMNS:
        raise too_many(about.num_rows, about.num_columns)
    packed = sum(about.row_group(i).total_byte_size for i in range(about.num_row_groups))
    if not 0 <= packed <= MOST_BYTES:
        raise TableError(f"It unpacks to more than {MOST_BYTES >> 20} MB.")
    table = file.read(use_threads=False)
    if table.num_rows * table.num_columns > MOST_VALUES:
        raise too_many(table.num_rows, table.num_columns)
    columns, left_out = [], []
    for name, chunked in zip(table.column_names, table.columns, strict=True):
        column = _arrow_column(pa, name, chunked)
        if column is None:
            left_out.append(name)
        else:
            columns.append(column)
    return columns, _said(left_out, "neither numbers nor text")


def _arrow_column(pa: Any, name: str, chunked: Any) -> Column | None:
    kind = pa.types
    if kind.is_dictionary(chunked.type):
        chunked = chunked.cast(chunked.type.value_type)
    type_ = chunked.type
    if kind.is_boolean(type_):
        values = chunked.cast(pa.int8()).cast(pa.float64()).to_numpy()
        return Column(name, "bool", values, ("false", "true"))
    if kind.is_integer(type_) or kind.is_floating(type_) or kind.is_decimal(type_):
        return Column(name, "number", chunked.cast(pa.float64(), safe=False).to_numpy())
    if kind.is_null(type_):
        return Column(name, "number", np.full(len(chunked), np.nan))
    if kind.is_timestamp(type_) or kind.is_date(type_):
        ticks = chunked.cast(pa.timestamp("us"), safe=False)
        seconds = ticks.cast(pa.int64()).cast(pa.float64(), safe=False).to_numpy() / 1e6
        return Column(name, "time", seconds)
    if kind.is_string(type_) or kind.is_large_string(type_):
        coded = chunked.dictionary_encode().combine_chunks()
        if isinstance(coded, pa.ChunkedArray):
            coded = coded.chunk(0) if coded.num_chunks else None
        if coded is None:
            return Column(name, "text", np.empty(0))
        codes = coded.indices.cast(pa.float64()).to_numpy(zero_copy_only=False)
        return Column(name, "text", codes, tuple(coded.dictionary.to_pylist()))
    return None


def read_json(data: bytes) -> Found:
    """Return the columns of a list of records, a list of rows or a mapping of lists.

    A file that this program exported holds them under "tables".
    """
    if len(data) > MOST_JSON:
        raise TableError(
            f"It is {len(data) >> 20} MB of JSON; at most {MOST_JSON >> 20} MB are read: "
            "save it as CSV."
        )
    try:
        values = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise TableError("It is not UTF-8 text, as JSON must be.") from None
    except json.JSONDecodeError as error:
        raise TableError(f"It is not legal JSON: line {error.lineno} cannot be read.") from None
    except RecursionError:
        raise TableError("It is nested too deeply to be a table.") from None
    except ValueError:  # such as a whole number of ten thousand digits
        raise TableError("It is not legal JSON.") from None
    if isinstance(values, dict) and isinstance(values.get("tables"), dict):
        values = values["tables"]
    lists, left_out = _lists(values)
    if sum(map(len, lists.values())) > MOST_VALUES or len(lists) > MOST_COLUMNS:
        raise too_many(max(map(len, lists.values())), len(lists))
    columns = []
    for name, entries in lists.items():
        column = from_values(name, entries)
        if column is None:
            left_out.append(name)
        else:
            columns.append(column)
    return columns, _said(left_out, "not plain values")


def _lists(values: object) -> tuple[dict[str, list[Any]], list[str]]:
    """Return a list for each column, and the names of what cannot be one."""
    if isinstance(values, dict):
        found = {name: entries for name, entries in values.items() if isinstance(entries, list)}
        return found, [name for name in values if name not in found]
    if not isinstance(values, list):
        raise TableError("It is JSON, but no table: neither records nor lists.")
    if values and all(isinstance(record, dict) for record in values):
        names = dict.fromkeys(name for record in values for name in record)
        if len(names) * len(values) > MOST_VALUES:
            raise too_many(len(values), len(names))
        return {name: [record.get(name) for record in values] for name in names}, []
    if values and all(isinstance(row, list) for row in values):
        width = len(values[0])
        for place, row in enumerate(values, 1):
            if len(row) != width:
                raise TableError(f"Row {place} has {len(row)} values, and the first has {width}.")
        return {f"column_{i + 1}": [row[i] for row in values] for i in range(width)}, []
    return {"column_1": values}, []


READERS: tuple[tuple[bytes, Callable[[bytes], Found]], ...] = (
    (b"\x93NUMPY", read_npy),
    (b"PK\x03\x04", read_npz),
    (b"PK\x05\x06", read_npz),
    (b"PAR1", read_parquet),
)
