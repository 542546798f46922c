"""The session: what was open and how it was set, saved as one goes and found again at start.

One JSON file in the user's state folder. It is written beside itself, flushed to the disk and
renamed, so that a crash at any moment leaves either the old file or the new one.
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

import zoetrope
from zoetrope.gui.language import later
from zoetrope.gui.saver import Saver

FORMAT = 1
LARGEST = 8 * 1024 * 1024  # bytes; a session of eight labs is about 10 kB
FILE_NAME = "session.json"
FOLDER_VARIABLE = "ZOETROPE_STATE_DIR"
SAVE_AFTER_MS = 1500
ORPHANS_AFTER = 3600.0  # seconds

log = logging.getLogger(__name__)
Session = dict[str, Any]


class SessionError(ValueError):
    """A session file that cannot be used; the text is one sentence."""


def state_folder() -> Path:
    """Return the folder of the session: $ZOETROPE_STATE_DIR, or where the system keeps state."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    if chosen:
        return Path(chosen)
    from platformdirs import user_state_dir

    return Path(user_state_dir("zoetrope", appauthor=False))


def parse(data: bytes) -> Session:
    """Read a session; raises `SessionError` for one that is damaged or of a newer program."""
    if len(data) > LARGEST:
        raise SessionError(later("The saved session is too large to be one."))
    try:
        session = json.loads(data)
    except (ValueError, RecursionError):
        raise SessionError(later("The saved session is damaged.")) from None
    if not isinstance(session, dict) or not isinstance(session.get("zoetrope_session"), int):
        raise SessionError(later("The saved session is damaged."))
    if session["zoetrope_session"] > FORMAT:
        raise SessionError(
            later(
                "The saved session is from a newer version, {version}.",
                version=str(session.get("version"))[:20],
            )
        )
    if not isinstance(session.get("settings", {}), dict):  # which earlier versions kept in it
        raise SessionError(later("The saved session is damaged."))
    expected = {"lab": str, "labs": dict, "window": dict, "recent": list}
    for name, kind in expected.items():
        if not isinstance(session.setdefault(name, kind()), kind):
            raise SessionError(later("The saved session is damaged."))
    return session


def read(folder: Path) -> tuple[Session | None, list[str]]:
    """Return the session in `folder`, if there is a usable one, and sentences for the person.

    A file that cannot be used is set aside as session.broken-N.json, never overwritten.
    """
    path = folder / FILE_NAME
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        return None, []
    except OSError as error:
        return None, [
            later("The saved session could not be read: {why}.", why=error.strerror or error)
        ]
    try:
        return parse(data), []
    except SessionError as error:
        return None, [f"{error} {_set_aside(path)}"]


def write(folder: Path, session: Session) -> None:
    """Write the session so that a crash leaves the old or the new one; raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"zoetrope_session": FORMAT, "version": zoetrope.__version__, **session})
    put_file(folder / FILE_NAME, text)


def put_file(path: Path, text: str) -> None:
    """Write a file so that a crash at any moment leaves the old or the new one; raises OSError."""
    handle, name = tempfile.mkstemp(prefix=".session-", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def sweep(folder: Path, now: float | None = None) -> int:
    """Remove what killed programs left half-written more than an hour ago; return how many."""
    now = time.time() if now is None else now
    removed = 0
    try:
        for path in folder.glob(".session-*.tmp"):
            if now - path.stat().st_mtime > ORPHANS_AFTER:
                path.unlink(missing_ok=True)
                removed += 1
    except OSError as error:
        log.info("could not tidy the state folder: %s", error.strerror or error)
    return removed


def _set_aside(path: Path) -> str:
    for number in range(1, 1000):
        kept = path.with_name(f"session.broken-{number}.json")
        if not kept.exists():
            try:
                path.rename(kept)
            except FileNotFoundError:  # another Zoetrope that started at this moment was quicker
                break
            except OSError as error:
                return later("It could not be set aside: {why}.", why=error.strerror or error)
            return later("It was set aside as {name}, and Zoetrope starts afresh.", name=kept.name)
    return later("Zoetrope starts afresh.")


class SessionKeeper(QObject):
    """Saves the session at most two seconds after the first unsaved change, off the GUI thread.

    `collect` is called on the GUI thread for what to save. `failed` carries one sentence, once
    for as long as saving keeps failing.
    """

    failed = pyqtSignal(str)
    saved = pyqtSignal()

    def __init__(
        self, folder: Path, collect: Callable[[], Session], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.folder = folder
        self._collect = collect
        self._saver = Saver("session", self)
        self._saver.saved.connect(self.saved)
        self._saver.failed.connect(
            lambda why: self.failed.emit(
                later(
                    "The session cannot be saved for next time: {why}. Everything else works.",
                    why=why,
                )
            )
        )
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVE_AFTER_MS)
        self._timer.timeout.connect(self.save)

    def touch(self) -> None:
        """Something changed: save soon. Further changes do not put it off."""
        if not self._timer.isActive():
            self._timer.start()

    def close(self) -> None:
        """Save now, and stop."""
        self._timer.stop()
        self._saver.save_last(lambda: write(self.folder, self._collect()))

    def save(self) -> None:
        """Save what there is to save now, without waiting for the disk."""
        self._timer.stop()
        session = self._collect()
        self._saver.save(lambda: write(self.folder, session))
