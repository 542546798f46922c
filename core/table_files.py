"""Reading tables from NumPy and Parquet files, none of which is trusted.

No pickle is ever loaded, and nothing is unpacked that claims, or turns out, to be larger than
what is read.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from zoetrope.core.columns import (
    AT_A_TIME,
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_VALUES,
    Column,
    Found,
    TableError,
    from_array,
    listed,
    shown,
    too_many,
)
from zoetrope.core.recipe_files import NPZ_ENTRY
from zoetrope.core.stepping import Steps, finish, within

_MOST_HEADER = 10_000  # bytes of the description of an array
_INSTALL = 'Reading Parquet files needs pyarrow: pip install "zoetrope[parquet]".'


def read_npy(data: bytes) -> Steps[Found]:
    """Return the columns of a NumPy array file."""
    return (yield from _columns({"column": _array("The array", io.BytesIO(data))}))


def read_npz(data: bytes) -> Steps[Found]:
    """Return the columns of a NumPy archive: an array each, or one each of an array's columns."""
    arrays = yield from within(_arrays(io.BytesIO(data)), 0.0, 0.6)
    return (yield from within(_columns(arrays), 0.6, 1.0))


def arrays_in(file: BinaryIO) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of an open NumPy file as they stand: by name, or under "" the only one.

    They are read-only. Raises whatever a damaged file leads to, and `TableError` for one that is
    not read.
    """
    magic = file.read(4)
    file.seek(0)
    return finish(_arrays(file)) if magic.startswith(b"PK") else {"": _array("The array", file)}


def _arrays(archive_file: BinaryIO) -> Steps[dict[str, npt.NDArray[Any]]]:
    arrays: dict[str, npt.NDArray[Any]] = {}
    total = 0
    with zipfile.ZipFile(archive_file) as archive:
        entries = [entry for entry in archive.infolist() if entry.filename.endswith(".npy")]
        if not entries:
            names = archive.namelist()
            if any(name.startswith(("xl/", "[Content_Types]", "content.xml")) for name in names):
                raise TableError("It is a spreadsheet; save it as CSV and open that.")
            raise TableError("It is an archive that holds no NumPy arrays.")
        for place, entry in enumerate(entries):
            yield place / len(entries)
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


def _columns(arrays: Mapping[str, npt.NDArray[Any]]) -> Steps[Found]:
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
    columns: list[Column] = []
    for name, part in parts.items():
        yield len(columns) / len(parts)
        column = from_array(name, part) if part.ndim == 1 else None
        if column is None:
            left_out.append(name)
        else:
            columns.append(column)
    return Found(columns, left_out_note(left_out, "neither columns nor tables of numbers"))


def left_out_note(left_out: Sequence[str], why: str) -> list[str]:
    """Return the sentence that says what was not read, if anything was not."""
    if not left_out:
        return []
    verb = "It was" if len(left_out) == 1 else "They were"
    return [f"Not read: {listed(left_out)}. {verb} {why}."]


def read_parquet(data: bytes) -> Steps[Found]:
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
    yield 0.1
    table = file.read(use_threads=False)
    if table.num_rows * table.num_columns > MOST_VALUES:
        raise too_many(table.num_rows, table.num_columns)
    columns: list[Column] = []
    left_out: list[str] = []
    for name, chunked in zip(table.column_names, table.columns, strict=True):
        yield 0.4 + 0.6 * len(columns) / table.num_columns
        column = _arrow_column(pa, name, chunked)
        if column is None:
            left_out.append(name)
        else:
            columns.append(column)
    return Found(columns, left_out_note(left_out, "neither numbers nor text"))


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
        return Column(name, "text", codes, tuple(_plain_words(coded.dictionary)))
    return None


def _plain_words(words: Any) -> Iterator[str]:
    """Yield the strings of an Arrow array, which holds up other threads while it lists them."""
    for start in range(0, len(words), AT_A_TIME):
        yield from words.slice(start, AT_A_TIME).to_pylist()


READERS: tuple[tuple[bytes, Callable[[bytes], Steps[Found]]], ...] = (
    (b"\x93NUMPY", read_npy),
    (b"PK\x03\x04", read_npz),
    (b"PK\x05\x06", read_npz),
    (b"PAR1", read_parquet),
)
