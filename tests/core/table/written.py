"""A table in the ways that people keep it, and what is read of it."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np

from zoetrope.core.table import DataTable, read_table

X = np.array([1.0, 2.5, -3e4])
Y = np.array([0.5, np.nan, 7.0])


def read(tmp_path: Path, data: bytes | str, name: str = "data.csv") -> DataTable:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_table(path)


def numbers(table: DataTable) -> dict[str, list[float | None]]:
    return {
        name: [None if value != value else value for value in column.values.tolist()]
        for name, column in table.columns.items()
    }


def npz(**arrays: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def npy(array: np.ndarray, **more: bool) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, **more)
    return buffer.getvalue()
