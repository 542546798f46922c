"""Watches what the interpreter does on its own behalf: runs, writes, connects.

Python tells its audit hooks of every program that is started, file that is opened and socket that
is made, by whatever library.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType
from typing import Any

_RUNS = ("subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.startfile",
         "pickle.find_class", "exec", "ctypes.dlopen", "code.__new__")  # fmt: skip
_SOCKETS = ("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo",
            "socket.gethostbyname", "urllib.", "http.", "ftplib.", "smtplib.")  # fmt: skip
_CHANGES = ("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.chmod",
            "os.truncate", "shutil.")  # fmt: skip
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_watching: list[_Watch] = []


class _Watch:
    def __init__(self, folder: Path, *, runs: bool) -> None:
        self.folder = str(folder.resolve())
        self.runs = runs
        self.seen: list[str] = []

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Note what may not be."""
        if event.startswith(_SOCKETS) and not _is_local(arguments):
            self.seen.append(f"{event} {arguments[1:]}")
        elif self.runs and event.startswith(_RUNS) and not _is_import(event, arguments):
            self.seen.append(f"{event} {arguments[:1]}")
        elif event == "open" and self._writes_outside(*arguments[:3]):
            self.seen.append(f"wrote {arguments[0]}")
        elif event.startswith(_CHANGES) and self._is_outside(arguments[0]):
            self.seen.append(f"{event} {arguments[0]}")

    def _writes_outside(self, path: Any, mode: Any, flags: Any) -> bool:
        by_mode = isinstance(mode, str) and bool(set(mode) & set("wax+"))
        by_flags = isinstance(flags, int) and mode is None and bool(flags & _WRITES)
        return (by_mode or by_flags) and self._is_outside(path)

    def _is_outside(self, path: Any) -> bool:
        if not isinstance(path, (str, bytes, os.PathLike)):
            return False  # a descriptor that is open already
        full = os.path.realpath(os.fsdecode(path))
        return full != os.devnull and not full.startswith(self.folder)


def _is_local(arguments: tuple[Any, ...]) -> bool:
    """Say whether a socket only joins processes of this machine by a file."""
    import socket

    made = arguments[0] if arguments else None
    return isinstance(made, socket.socket) and made.family == getattr(socket, "AF_UNIX", None)


def _is_import(event: str, arguments: tuple[Any, ...]) -> bool:
    """Say whether the code that is run is an installed module's own file."""
    code = arguments[0] if arguments else None
    return event == "exec" and isinstance(code, CodeType) and os.path.isfile(code.co_filename)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    for watch in tuple(_watching):
        watch.hear(event, arguments)


@contextmanager
def watching(folder: Path, *, runs: bool = True) -> Iterator[list[str]]:
    """Give the list of what is done meanwhile that may not be: connections, files changed outside
    `folder` and, with `runs`, programs and code that are run.
    """
    if not getattr(sys, "_zoetrope_watched", False):  # a hook stays for good: one is enough
        sys.addaudithook(_hook)
        sys._zoetrope_watched = True  # type: ignore[attr-defined]
    watch = _Watch(folder, runs=runs)
    _watching.append(watch)
    try:
        yield watch.seen
    finally:
        _watching.remove(watch)
