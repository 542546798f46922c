"""Lets a request to end the program (SIGTERM) unwind it, so that nothing unfinished is left."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from typing import NoReturn

STATUS = 128 + signal.SIGTERM  # the exit status of a program that was asked to end
AGAIN = 1.0  # seconds after which an ending that nobody heard comes again


class EndedError(SystemExit):
    """The program was asked to end. Where nobody catches it, it ends with `STATUS`."""

    def __init__(self) -> None:
        super().__init__(STATUS)


@contextlib.contextmanager
def unwinding() -> Iterator[None]:
    """Raise `EndedError` within this context when the program is asked to end."""
    again: threading.Timer | None = None

    def end(_signal: int, _frame: object) -> NoReturn:
        nonlocal again
        # Where this interrupts a destructor or a callback of the garbage collector, the interpreter
        # prints what is raised and goes on.
        again = threading.Timer(AGAIN, signal.raise_signal, (signal.SIGTERM,))
        again.daemon = True
        again.start()
        raise EndedError

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        if again is not None:
            again.cancel()
        signal.signal(signal.SIGTERM, before)
