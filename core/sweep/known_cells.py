"""The cells that this machine has measured before, whichever sweep they were of.

A file in the cache folder, which every sweep reads and adds to: a cell is known by its recipe and
by the code that measured it, so two sweeps share the cells that they have in common, and numbers
of other code are never taken for those of this one. It is a cache: without it, or with a damaged
one, cells are measured again and nothing else is lost.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType
from typing import Any, Self

import zoetrope.core
from zoetrope import __version__
from zoetrope.core.lab import Lab
from zoetrope.core.sweep.cells import Measured, Value
from zoetrope.core.sweep.definition import Cell
from zoetrope.core.sweep.store import Row

FORMAT_VERSION = 1
PATIENCE = 2.0  # seconds for another program that writes
MOST_CELLS = 1_000_000  # some 200 MB
NUMERICS = ("numpy", "scipy", "torch")  # packages whose versions may change last digits
TABLE = """
CREATE TABLE IF NOT EXISTS cells (
    place INTEGER PRIMARY KEY, cell BLOB NOT NULL, device TEXT NOT NULL,
    readouts TEXT NOT NULL, duration REAL NOT NULL, UNIQUE (cell, device))
"""
ADD = "INSERT OR REPLACE INTO cells (cell, device, readouts, duration) VALUES (?, ?, ?, ?)"


def known_file() -> Path:
    """Return where known cells are kept: in $ZOETROPE_CACHE_DIR, or the system's cache folder."""
    chosen = os.environ.get("ZOETROPE_CACHE_DIR")
    if chosen:
        return Path(chosen) / "cells.sqlite"
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("zoetrope", appauthor=False)) / "cells.sqlite"


def forget_cells(file: Path) -> int:
    """Delete the file of known cells and return how many they were; raises OSError."""
    count = 0
    if file.exists() and (database := _opened(file)):
        (count,) = database.execute("SELECT count(*) FROM cells").fetchone()
        database.close()
    _delete(file)
    return count


def _delete(file: Path) -> None:
    for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
        file.with_name(name).unlink(missing_ok=True)


class KnownCells:
    """The known cells of one lab. `device` is what the sweep computes on ("auto": whatever).

    Made by `open_known`. Where the file cannot be used, nothing is known and nothing is kept.
    """

    def __init__(self, database: sqlite3.Connection | None, code: bytes, device: str) -> None:
        self._database, self._code, self._device = database, code, device

    def _name(self, key: str) -> bytes:
        return hashlib.sha256(self._code + bytes.fromhex(key)).digest()

    def find(self, cells: Sequence[Cell], keep: Sequence[str]) -> dict[str, Measured]:
        """Return what is known of cells, by their keys: of those with all the readouts to keep."""
        if self._database is None or not cells:
            return {}
        names = {self._name(cell.key): cell.key for cell in cells}
        marks = ",".join("?" * len(names))
        query = (
            f"SELECT cell, device, readouts, duration FROM cells WHERE cell IN ({marks}) "
            "AND (device = ? OR ? = 'auto')"
        )
        try:
            rows = self._database.execute(query, (*names, self._device, self._device)).fetchall()
        except sqlite3.Error:
            self._database = None
            return {}
        found: dict[str, Measured] = {}
        for name, device, text, duration in rows:
            readouts = json.loads(text)
            if set(keep) <= set(readouts):
                values = {key: readouts[key] for key in keep}
                found[names[name]] = Measured(values, "", device, __version__, duration)
        return found

    def add(self, rows: Iterable[Row]) -> None:
        """Keep rows that have numbers, beside other readouts of the same cells."""
        new = {(self._name(r.key), r.measured.device): r for r in rows if not r.measured.error}
        if self._database is None or not new:
            return
        with contextlib.suppress(sqlite3.Error):  # a full disk, say: the sweep itself keeps them
            self._database.execute("BEGIN IMMEDIATE")
            try:
                self._database.executemany(ADD, [self._joined(*one) for one in new.items()])
            finally:
                self._database.execute("COMMIT")

    def _joined(self, name: tuple[bytes, str], row: Row) -> tuple[bytes, str, str, float]:
        """Return the entry of a row, with what was known of its cell."""
        assert self._database is not None
        query = "SELECT readouts FROM cells WHERE cell = ? AND device = ?"
        before = self._database.execute(query, name).fetchone()
        readouts: dict[str, Value] = json.loads(before[0]) if before else {}
        readouts |= row.measured.values
        return *name, json.dumps(readouts, ensure_ascii=False), row.measured.duration

    @classmethod
    def nothing(cls) -> Self:
        """Return what knows no cell and keeps none."""
        return cls(None, b"", "auto")


@contextlib.contextmanager
def open_known(file: Path, lab: Lab[Any], device: str) -> Iterator[KnownCells]:
    """Give the known cells of a lab, as its code stands now."""
    database = _opened(file)
    try:
        yield KnownCells(database, code_of(lab), device)
    finally:
        if database is not None:
            with contextlib.suppress(sqlite3.Error):
                _shed(database)
            database.close()


def _opened(file: Path) -> sqlite3.Connection | None:
    """Return the database, made anew where it is damaged or of another format; None where it
    cannot be had.
    """
    for _ in range(2):
        database: sqlite3.Connection | None = None
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            database = sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)
            (found,) = database.execute("PRAGMA user_version").fetchone()
            if found not in (0, FORMAT_VERSION):
                raise sqlite3.DatabaseError
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
            database.execute(TABLE)
            database.execute(f"PRAGMA user_version = {FORMAT_VERSION}")
        except (OSError, sqlite3.OperationalError):  # nothing may be written, or it is locked
            if database is not None:
                database.close()
            return None
        except sqlite3.DatabaseError:
            if database is not None:
                database.close()
            with contextlib.suppress(OSError):
                _delete(file)
        else:
            return database
    return None


def _shed(database: sqlite3.Connection) -> None:
    """Forget the oldest tenth once there are too many."""
    (count,) = database.execute("SELECT count(*) FROM cells").fetchone()
    if count > MOST_CELLS:
        oldest = "SELECT place FROM cells ORDER BY place LIMIT ?"
        database.execute(f"DELETE FROM cells WHERE place IN ({oldest})", (count // 10,))


def code_of(lab: Lab[Any]) -> bytes:
    """Return the SHA-256 of the code that a lab's numbers come from: the sources of
    `zoetrope.core` and of the package that offers the lab, and the versions of what they compute
    with.
    """
    digest = hashlib.sha256(f"{__version__} {_versions()}".encode())
    digest.update(_sources(zoetrope.core))
    own = type(lab).__module__.partition(".")[0]
    if own != "zoetrope":
        digest.update(_sources(sys.modules[own]))
    return digest.digest()


def _versions() -> Mapping[str, str]:
    found = {}
    for name in NUMERICS:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def _sources(module: ModuleType) -> bytes:
    """Return the SHA-256 of a module's source, of a package all of them."""
    folders = [Path(folder) for folder in getattr(module, "__path__", ())]
    files = sorted(path for folder in folders for path in folder.rglob("*.py"))
    if not files and module.__file__:
        files = [Path(module.__file__)]
    digest = hashlib.sha256()
    for path in files:
        with contextlib.suppress(OSError):
            digest.update(path.read_bytes())
    return digest.digest()
