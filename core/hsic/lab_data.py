"""The two variables that the HSIC lab looks at, from wherever they come."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.hsic.lab_parameters import ANSCOMBE, RELATIONS, HsicParameters
from zoetrope.core.lab import Notice

Floats = npt.NDArray[np.float64]
FINEST = 1e-12  # rounding to less changes no digit of a double, and dividing by it overflows


@dataclass(frozen=True, eq=False)
class LabData:
    """Paired rows `x` [n, p] and `y` [n, q]; categories are codes 0, 1, 2, ...

    `table` [n, c] holds all columns on offer under `columns`; `options` are the names that a file
    has. `key` is equal for equal data.
    """

    title: str
    x: Floats
    y: Floats
    name_x: str = "x"
    name_y: str = "y"
    table: Floats = field(default_factory=lambda: np.empty((0, 0)))
    columns: tuple[str, ...] = ()
    chosen: tuple[tuple[str, ...], tuple[str, ...]] = (("x",), ("y",))
    text: frozenset[str] = frozenset()  # columns that are categories
    options: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def n(self) -> int:
        """The number of pairs."""
        return len(self.x)

    @property
    def single(self) -> bool:
        """Whether both variables are one column."""
        return bool(self.x.shape[1] == 1 and self.y.shape[1] == 1)

    @property
    def key(self) -> str:
        """A fingerprint of the numbers."""
        digest = hashlib.blake2b(digest_size=16)
        for block in (self.x, self.y):
            digest.update(repr(block.shape).encode())
            digest.update(np.ascontiguousarray(block).tobytes())
        return digest.hexdigest()

    def moved(self, x: Floats, y: Floats) -> LabData:
        """The same with the points elsewhere."""
        return replace(self, x=x[:, None], y=y[:, None], table=np.column_stack([x, y]))


def load(parameters: HsicParameters) -> LabData:
    """Return the data that the parameters ask for.

    Raises HsicError, with the parameter to blame, where there are none.
    """
    source = parameters.source
    if source == "file":
        return from_file(parameters)
    if source == "drawn":
        return from_points(parameters.points)
    if source == "xor":
        return _coins(parameters)
    from zoetrope.core.hsic.datasets import anscombe, sample

    if source in ANSCOMBE:
        drawn = anscombe(source.removeprefix("anscombe "))
        return _of_columns(ANSCOMBE[source], drawn.x, drawn.y)
    shape = {"sine": parameters.waves, "copula": parameters.correlation}.get(source)
    drawn = sample(
        source,
        parameters.n,
        noise=parameters.noise,
        parameter=shape,
        outliers=parameters.outliers,
        rounding=parameters.rounding if parameters.rounding > FINEST else 0.0,
        seed=parameters.seed,
    )
    return _of_columns(relation_title(parameters), drawn.x, drawn.y)


def relation_title(parameters: HsicParameters) -> str:
    """The relation in a few words, with its number."""
    title = RELATIONS.get(parameters.source, "")
    if parameters.source == "sine":
        return title.replace("k", "" if parameters.waves == 1 else f"{parameters.waves:g}")
    if parameters.source == "copula":
        return f"{title}, ρ = {parameters.correlation:g}"
    return title


def _of_columns(title: str, x: Floats, y: Floats) -> LabData:
    return LabData(title, x[:, None], y[:, None], table=np.column_stack([x, y]), columns=("x", "y"))


def _coins(parameters: HsicParameters) -> LabData:
    from zoetrope.core.hsic.datasets import xor_triple

    a, b, c = xor_triple(parameters.n, parameters.seed)
    return LabData(
        "A coin and the XOR of two",
        a[:, None],
        c[:, None],
        "first coin",
        "XOR",
        np.column_stack([a, b, c]),
        ("first coin", "second coin", "XOR"),
        (("first coin",), ("XOR",)),
    )


def from_points(points: tuple[tuple[float, ...], ...]) -> LabData:
    """Points drawn by hand; at least 4 are needed for a map."""
    if len(points) < 4:
        raise HsicError(
            "too_few",
            f"There are {len(points)} points and 4 are needed; choose a relation as the data, "
            "then drag its points or double-click to add some.",
            "source",
        )
    array = np.array(points, dtype=np.float64)
    return _of_columns("Your points", array[:, 0].copy(), array[:, 1].copy())


# -- Files -----------------------------------------------------------------------------------------


@lru_cache(maxsize=2)
def _read(path: str, _when: float, _size: int) -> Any:
    from zoetrope.core.table import read_table

    return read_table(path)


def from_file(parameters: HsicParameters) -> LabData:
    """The chosen columns of a file; rows with a missing value in any of them are left out."""
    if not parameters.data_file:
        raise HsicError("bad_value", "Choose a file with your columns.", "data_file")
    path = Path(parameters.data_file).expanduser()
    try:
        state = path.stat()
        table = _read(str(path), state.st_mtime, state.st_size)
    except (OSError, RuntimeError) as error:
        raise HsicError(
            "bad_value",
            f"{path.name} cannot be opened: {getattr(error, 'strerror', None) or error}.",
            "data_file",
        ) from error
    except ValueError as error:
        raise HsicError("bad_value", str(error), "data_file") from error
    chosen = _chosen(table, parameters)
    notices = [Notice(text, "info", "data_file") for text in table.notes]
    values, keep = _complete(table, chosen[0] + chosen[1], parameters, notices)
    blocks = [
        _block([values[name] for name in names], parameters.standardise, notices, axis)
        for axis, names in zip("xy", chosen, strict=True)
    ]
    wanted = parameters.table_columns or tuple(
        n for n, c in table.columns.items() if c.kind != "text"
    )
    _known(table, wanted, "table_columns")
    wanted = wanted[:24]
    every = [np.asarray(table.columns[name].values, dtype=np.float64)[keep] for name in wanted]
    return LabData(
        path.name,
        blocks[0],
        blocks[1],
        ", ".join(chosen[0]),
        ", ".join(chosen[1]),
        np.column_stack(every) if every else np.empty((len(keep), 0)),
        wanted,
        chosen,
        frozenset(n for n, c in table.columns.items() if c.kind == "text"),
        tuple(table.columns),
        tuple(notices),
    )


def _known(table: Any, wanted: tuple[str, ...], parameter: str) -> None:
    for name in wanted:
        if name not in table.columns:
            listed = ", ".join(list(table.columns)[:8])
            raise HsicError(
                "bad_value", f"The file has no column “{name}”; it has {listed}.", parameter
            )


def _chosen(table: Any, parameters: HsicParameters) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns of x and of y: as chosen, else the first two of numbers, else the first two."""
    wanted = (parameters.columns_x, parameters.columns_y)
    for columns, parameter in zip(wanted, ("columns_x", "columns_y"), strict=True):
        _known(table, columns, parameter)
    numbers = [name for name, column in table.columns.items() if column.kind != "text"]
    numbers += [name for name in table.columns if name not in numbers]
    taken = set(wanted[0]) | set(wanted[1])
    free = [name for name in numbers if name not in taken]
    if len(taken) < 2 and len(free) + len(taken) < 2:
        raise HsicError("too_few", "The file has one column and two are needed.", "data_file")
    x = wanted[0] or (free.pop(0),)
    return x, wanted[1] or (free.pop(0),)


def _complete(
    table: Any, used: tuple[str, ...], parameters: HsicParameters, notices: list[Notice]
) -> tuple[dict[str, Floats], npt.NDArray[np.intp]]:
    """The used columns as numbers without rows that miss one, at most so many, all of it said."""
    values: dict[str, Floats] = {}
    for name in dict.fromkeys(used):
        column = table.columns[name]
        values[name] = np.asarray(column.values, dtype=np.float64)
        if column.kind == "text":
            side = "x" if name in parameters.columns_x or used.index(name) == 0 else "y"
            kernel = f"kernel_{side}"
            if getattr(parameters, kernel) != "delta":
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
    if len(keep) > parameters.most_rows:
        generator = np.random.default_rng(parameters.seed)
        notices.append(
            Notice(
                f"{parameters.most_rows} of {len(keep)} rows are used, drawn at random with seed "
                f"{parameters.seed}; “Rows at most” says how many.",
                "warning",
                "most_rows",
            )
        )
        keep = np.sort(generator.choice(keep, parameters.most_rows, replace=False))
    return {name: column[keep] for name, column in values.items()}, keep


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


def time_like(column: Floats) -> bool:
    """Whether neighbouring rows are alike, so that the rows hardly can be exchanged."""
    if len(column) < 20 or np.ptp(column) == 0:
        return False
    away = column - column.mean()
    return float(away[1:] @ away[:-1]) / float(away @ away) > 0.3
