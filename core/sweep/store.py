"""The data set of a sweep: a folder of Parquet files, one row a cell, that only ever grows.

What comes back from the workers is appended to a journal at once, and the journal is put into a
Parquet file of its own every few seconds: a program that is killed loses nothing that had come.
`pyarrow.dataset.dataset(folder)` reads the rows; the journal, the definition and the lock begin
with an underscore or a dot, as Parquet readers expect of what is no data.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from zoetrope.core.declarations import Number, Switch
from zoetrope.core.lab import Lab
from zoetrope.core.recipe import RecipeError
from zoetrope.core.sweep.cells import Measured, Value
from zoetrope.core.sweep.definition import BOOKKEEPING, Cell, Definition
from zoetrope.core.sweep.errors import SweepError, SweepStoppedError
from zoetrope.core.sweep.locking import lock
from zoetrope.core.sweep.varied import Scalar

if TYPE_CHECKING:
    import pyarrow as pa

DEFINITION, JOURNAL, LOCK = "_definition.json", "_journal.jsonl", ".lock"
FORMAT_VERSION = 1
FIRST_PART = 1.0  # seconds after which results are put into a Parquet file
LONGEST_WAIT = 30.0
GROWTH = 0.05  # share of a sweep's time that may pass between two files
MOST_ROWS = 20_000  # that wait in the journal
SHARED = ("recipe", "vary", "keep")  # what two sweeps into one folder must agree on


@dataclass(frozen=True, slots=True)
class Row:
    """A cell and what came of it."""

    values: tuple[Scalar, ...]
    seed: int | None
    recipe: str
    key: str
    measured: Measured

    @classmethod
    def of(cls, cell: Cell, measured: Measured) -> Row:
        """Return the row of a cell."""
        return cls(cell.values, cell.seed, cell.recipe, cell.key, measured)


class Store:
    """The open data set of a definition; `rows` came from it, `append` adds to it.

    Made by `open_store` alone, which sees to it that one program at a time writes.
    """

    def __init__(self, folder: Path, definition: Definition) -> None:
        self.folder = folder
        self.definition = definition
        self.kinds: dict[str, str] = {}  # of each kept readout: "number" or "text"
        self._waiting: list[Row] = []
        self._began = self._folded = time.monotonic()
        self._journal: IO[str] | None = None

    def begin(self) -> None:
        """Write the definition, and put what an earlier program left in the journal in place."""
        if _has_rows(self.folder):
            self.kinds = dict(read_definition(self.folder).get("kinds", {}))
        self._write_definition()
        self._waiting = list(_read_journal(self.folder / JOURNAL, self.definition))
        there = {key for (key,) in _read(self.folder, ["cell"])} if self._waiting else set()
        self._waiting = [row for row in self._waiting if row.key not in there]
        self.fold()

    def append(self, rows: Sequence[Row]) -> None:
        """Keep rows: in the journal now, in a Parquet file soon."""
        if self._journal is None:
            self._journal = (self.folder / JOURNAL).open("a", encoding="utf-8")
        self._journal.write("".join(f"{_written(row)}\n" for row in rows))
        self._journal.flush()
        self._waiting += rows
        now = time.monotonic()
        wait = min(max(FIRST_PART, GROWTH * (now - self._began)), LONGEST_WAIT)
        if len(self._waiting) >= MOST_ROWS or now - self._folded > wait:
            self.fold()

    def fold(self) -> None:
        """Put what waits into a Parquet file that appears whole, then begin the journal anew."""
        import pyarrow.parquet as pq

        self._folded = time.monotonic()
        if self._waiting:
            self._learn_kinds()
            name = f"part-{time.time_ns():020d}-{secrets.token_hex(4)}.parquet"
            temporary = self.folder / f".{name}"
            pq.write_table(self._table(self._waiting), temporary, compression="zstd")
            with temporary.open("rb") as file:
                os.fsync(file.fileno())
            temporary.replace(self.folder / name)
            self._waiting = []
        if self._journal is not None:
            self._journal.close()
            self._journal = None
        (self.folder / JOURNAL).unlink(missing_ok=True)

    def rows(self) -> Iterator[Row]:
        """Yield every row there is, of which some may be cells of an earlier definition."""
        names = [varied.name for varied in self.definition.varied]
        columns = [*names, "seed", "cell", "error", "duration", *self.definition.keep]
        for found in _read(self.folder, list(dict.fromkeys(columns))):
            by_name = dict(zip(dict.fromkeys(columns), found, strict=True))
            values = {key: by_name[key] for key in self.definition.keep}
            measured = Measured(values, by_name["error"] or "", "", "", by_name["duration"])
            yield Row(
                tuple(by_name[name] for name in names), by_name["seed"], "", by_name["cell"],
                measured,
            )  # fmt: skip

    def _write_definition(self) -> None:
        values = {
            "zoetrope_sweep": FORMAT_VERSION, **self.definition.plain(), "kinds": self.kinds
        }  # fmt: skip
        temporary = self.folder / f".{DEFINITION}"
        temporary.write_text(json.dumps(values, ensure_ascii=False, indent=1), encoding="utf-8")
        temporary.replace(self.folder / DEFINITION)

    def _learn_kinds(self) -> None:
        """Decide of each readout whether it is a number: from the first rows that say."""
        new = dict(self.kinds)
        for key in self.definition.keep:
            found = [row.measured.values.get(key) for row in self._waiting]
            if key not in new and any(value is not None for value in found):
                number = any(isinstance(value, float) for value in found)
                new[key] = "number" if number else "text"
        if new != self.kinds:
            self.kinds = new
            self._write_definition()

    def _table(self, rows: Sequence[Row]) -> pa.Table:
        import pyarrow as pa

        schema = schema_of(self.definition, self.kinds)
        columns: dict[str, list[Any]] = {name: [] for name in schema.names}
        names = [varied.name for varied in self.definition.varied]
        for row in rows:
            own = {"seed": row.seed, "recipe": row.recipe, "cell": row.key,
                   "device": row.measured.device, "version": row.measured.version,
                   "duration": row.measured.duration, "error": row.measured.error or None,
                   **dict(zip(names, row.values, strict=True))}  # fmt: skip
            for key in self.definition.keep:
                text = self.kinds.get(key) == "text"
                own[key] = _fitting(row.measured.values.get(key), text)
            for name, column in columns.items():
                column.append(own[name])
        return pa.table(columns, schema=schema)


def _fitting(value: Value, text: bool) -> Value:
    """Return a value for a column of texts or of numbers: a word among numbers is none."""
    if text:
        return value if value is None or isinstance(value, str) else f"{value:.12g}"
    return None if isinstance(value, str) else value


def schema_of(definition: Definition, kinds: Mapping[str, str]) -> pa.Schema:
    """Return the columns of a definition's data set."""
    import pyarrow as pa

    declarations = definition.base.declarations()
    columns: dict[str, pa.DataType] = {}
    for varied in definition.varied:
        declared = declarations[varied.name]
        if isinstance(declared, Number):
            columns[varied.name] = pa.int64() if declared.integer else pa.float64()
        else:
            columns[varied.name] = pa.bool_() if isinstance(declared, Switch) else pa.string()
    for key in definition.keep:
        columns[key] = pa.string() if kinds.get(key) == "text" else pa.float64()
    own = {"seed": pa.int64(), "duration": pa.float64()}
    for name in BOOKKEEPING:
        columns.setdefault(name, own.get(name, pa.string()))
    return pa.schema(list(columns.items()))


@contextlib.contextmanager
def open_store(
    folder: Path, definition: Definition, waiting: Callable[[], None] = lambda: None
) -> Iterator[Store]:
    """Open a folder for a sweep's rows, new or there already, for this program alone.

    While another program writes there, `waiting` is called every half second, and may raise.
    Raises `SweepError` where the folder holds something else, or another sweep.
    """
    prepare_folder(folder, definition)
    try:
        with lock(folder / LOCK, waiting):
            prepare_folder(folder, definition)  # which another program may have changed meanwhile
            store = Store(folder, definition)
            store.begin()
            try:
                yield store
            finally:
                store.fold()
    finally:
        if not _has_rows(folder):  # a sweep that came to nothing leaves nothing
            for name in (DEFINITION, LOCK):
                (folder / name).unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                folder.rmdir()


def prepare_folder(folder: Path, definition: Definition) -> None:
    """Make the folder if need be; raises `SweepError` where it cannot be this sweep's."""
    try:
        if folder.is_file():
            raise SweepError(f"{folder} is a file; a sweep is written into a folder: name another.")
        folder.mkdir(parents=False, exist_ok=True)
    except FileNotFoundError:
        raise SweepError(f"The folder {folder.parent} does not exist.") from None
    except OSError as error:
        raise SweepError(f"{folder} cannot be written: {error.strerror}.") from None
    if not os.access(folder, os.W_OK):
        raise SweepError(f"Nothing may be written to the folder {folder}.")
    if not (folder / DEFINITION).exists():
        if any(not entry.name.startswith(".") for entry in folder.iterdir()):
            raise SweepError(f"{folder} holds other files: name a new folder for the sweep.")
        return
    if not _has_rows(folder):
        return
    before, now = read_definition(folder), definition.plain()
    for part in SHARED:
        if _shared(before, part) != _shared(now, part):
            raise SweepError(
                f"{folder} holds another sweep (its {_WORDS[part]} differ): name another folder."
            )


def _has_rows(folder: Path) -> bool:
    return (folder / JOURNAL).exists() or any(folder.glob("part-*.parquet"))


_WORDS = {"recipe": "parameters, data or program version", "vary": "varied parameters",
          "keep": "kept readouts"}  # fmt: skip


def _shared(values: Mapping[str, Any], part: str) -> Any:
    """Return what two sweeps in one folder must agree on: of the varied parameters the names."""
    found = values.get(part)
    return [entry.get("name") for entry in found or ()] if part == "vary" else found


def read_definition(folder: Path) -> dict[str, Any]:
    """Return what a folder says of the sweep in it; raises `SweepError`."""
    try:
        values = json.loads((folder / DEFINITION).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SweepError(f"{folder} holds no sweep.") from None
    except (OSError, ValueError):
        raise SweepError(f"The sweep in {folder} cannot be read.") from None
    if not isinstance(values, dict) or values.get("zoetrope_sweep") != FORMAT_VERSION:
        raise SweepError(f"The sweep in {folder} was made by another version of Zoetrope.")
    return values


def open_sweep(folder: Path, labs: Mapping[str, Lab[Any]]) -> Store:
    """Return a data set to read from, whoever writes to it; raises `SweepError`."""
    values = read_definition(folder)
    try:
        definition = Definition.from_plain(values, labs)
    except RecipeError as error:
        raise SweepError(str(error)) from None
    store = Store(folder, definition)
    store.kinds = dict(values.get("kinds", {}))
    return store


def _written(row: Row) -> str:
    """Return a row as a line of the journal."""
    measured = row.measured
    return json.dumps(
        [row.values, row.seed, row.recipe, row.key, dict(measured.values), measured.error,
         measured.device, measured.version, measured.duration],
        ensure_ascii=False,
    )  # fmt: skip


def _read_journal(path: Path, definition: Definition) -> Iterator[Row]:
    """Yield the rows of a journal; the last line may be torn."""
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            values, seed, recipe, key, found, *rest = json.loads(line)
            row = Row(tuple(values), seed, recipe, key, Measured(found, *rest))
        except (ValueError, TypeError):
            continue
        if len(row.values) == len(definition.varied):
            yield row


def _read(folder: Path, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the Parquet files, a few thousand at a time."""
    import pyarrow as pa
    import pyarrow.dataset

    if not any(folder.glob("part-*.parquet")):
        return
    try:
        for batch in pyarrow.dataset.dataset(folder).to_batches(columns=list(columns)):
            yield from zip(*(batch.column(name).to_pylist() for name in columns), strict=True)
    except (OSError, pa.ArrowException) as error:
        raise SweepStoppedError(f"The rows in {folder} cannot be read: {error}.") from None
