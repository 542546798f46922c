"""A lock on a file that ends with the program that holds it, however that ends."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

TRY_EVERY = 0.5  # seconds


@contextlib.contextmanager
def lock(path: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock; while another program has it, call `waiting`, which may raise, and try on."""
    with path.open("a+b") as file:
        while not _taken(file):
            waiting()
            time.sleep(TRY_EVERY)
        yield


def _taken(file: IO[bytes]) -> bool:
    """Try to take the lock; closing the file gives it back."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
