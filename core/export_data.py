"""Writes the numbers behind a figure: CSV, NPZ and JSON, each with its recipe."""

from __future__ import annotations

import csv
import io
import json
import math
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np

from zoetrope.core.lab import Frame, Lab
from zoetrope.core.parameters import Number, Parameters
from zoetrope.core.recipe import Recipe
from zoetrope.core.recipe_files import NPZ_ENTRY


def write_csv(
    path: Path, lab: Lab[Any], parameters: Parameters, recipe: Recipe, frame: Frame
) -> None:
    """Write the tables as columns; shorter ones end in empty cells.

    Above them stand, after "# ", the recipe code and the parameters in words. Numbers have the
    fewest digits that read back exactly.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"# Zoetrope {recipe.program}, {lab.title}\n# {recipe.to_code()}\n")
        for name, value in recipe.parameters.items():
            declaration = parameters.declarations()[name]
            unit = f" {declaration.unit}" if isinstance(declaration, Number) else ""
            words = (
                json.dumps(value, ensure_ascii=False) if isinstance(value, str | list) else value
            )
            file.write(f"# {name} = {words}{unit.rstrip()}\n")
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(frame.tables)
        rows.writerows(zip_longest(*map(_cells, frame.tables.values()), fillvalue=""))


def _cells(column: Any) -> Iterator[str]:
    """Yield a column's values as text, a few thousand at a time."""
    values = np.asarray(column).ravel()
    for start in range(0, len(values), 4096):
        for value in values[start : start + 4096].tolist():
            yield repr(value) if isinstance(value, float) else str(value)


def write_npz(path: Path, recipe: Recipe, tables: Mapping[str, Any]) -> None:
    """Write tables as NumPy arrays; the recipe's JSON is the array of bytes "zoetrope".

    Not with `numpy.savez`, which gives some names a meaning of its own and may write pickles.
    """
    text = np.frombuffer(recipe.to_json().encode(), dtype=np.uint8)
    columns = {NPZ_ENTRY: text} | {k: v for k, v in tables.items() if k != NPZ_ENTRY}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, column in columns.items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.asarray(column), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy")  # dated 1980, for files that do not differ
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, buffer.getvalue())


def write_json(path: Path, lab: Lab[Any], recipe: Recipe, frame: Frame) -> None:
    """Write the recipe, which comes first, the readouts and the tables; NaN becomes null."""
    readouts = [
        {name: _plain(value) for name, value in asdict(readout).items()}
        for readout in frame.readouts
    ]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f'{{"recipe": {recipe.to_json()},\n"title": {_json(lab.title)},\n')
        file.write(f'"readouts": {_json(readouts)},\n"tables": {{')
        for place, (name, column) in enumerate(frame.tables.items()):
            values = [_plain(value) for value in np.asarray(column).ravel().tolist()]
            file.write(f"{',' if place else ''}\n{_json(name)}: {_json(values)}")
        file.write("\n}}\n")


def _plain(value: Any) -> Any:
    """Return a value that JSON knows."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return {k: _plain(v) for k, v in value.items()} if isinstance(value, Mapping) else str(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
