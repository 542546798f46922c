"""Pasted tables: kept as files, which recipes can name, and removed when nothing names them."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import stat
import time
from contextlib import suppress
from pathlib import Path

from zoetrope.gui.session import put_file

KEPT = 30.0 * 86_400  # seconds that a table stays that neither a recipe nor the session names
_NAME = re.compile(r"pasted-[0-9a-f]{12}\.tsv")

log = logging.getLogger(__name__)


class PastedTables:
    """The pasted tables beside the session in `state`, each in a file named by what it holds.

    A table that a recipe took along can be asked for at any time, from a figure anywhere: it is
    `hold`-ed, which makes its file read-only, and stays. What files say it survives the program.
    """

    def __init__(self, state: Path) -> None:
        self._state = state
        self.folder = state / "pasted"

    def keep(self, text: str) -> tuple[Path, bool]:
        """Write a table into its file; return that, and whether it is new. Raises OSError."""
        data = text.encode("utf-8", "replace")  # half a character cannot be written
        path = self.folder / f"pasted-{hashlib.sha256(data).hexdigest()[:12]}.tsv"
        if path.exists():
            if not _held(path):
                os.utime(path)  # its time begins anew
            return path, False
        self.folder.mkdir(parents=True, exist_ok=True)
        put_file(path, data.decode())
        return path, True

    def hold(self, leaving: str) -> None:
        """Keep for good the tables that a text names which leaves the program: a recipe or script.

        A folder that cannot be written loses nothing either.
        """
        for name in set(_NAME.findall(leaving)):
            with suppress(OSError):
                (self.folder / name).chmod(stat.S_IREAD)

    def tidy(self, now: float | None = None) -> int:
        """Remove the tables that nothing names and nobody pasted for `KEPT`; return how many."""
        now = time.time() if now is None else now
        removed = 0
        try:
            old = [path for path in self.folder.glob("pasted-*.tsv") if _ended(path, now)]
            named = self._named() if old else set()
            for path in old:
                if path.name not in named:
                    path.unlink(missing_ok=True)
                    removed += 1
        except OSError as error:
            log.info("could not tidy the pasted tables: %s", error.strerror or error)
        return removed

    def _named(self) -> set[str]:
        """Return the tables that a session names, also one that was set aside. Raises OSError."""
        sessions = self._state.glob("session*.json")
        return {
            name
            for path in sessions
            for name in _NAME.findall(path.read_text("utf-8", errors="replace"))
        }


def _held(path: Path) -> bool:
    return not path.stat().st_mode & stat.S_IWRITE


def _ended(path: Path, now: float) -> bool:
    return not _held(path) and now - path.stat().st_mtime > KEPT
