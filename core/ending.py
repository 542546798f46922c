"""Lets SIGTERM and Ctrl+C unwind the program, so that nothing unfinished is left."""

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
    """Raise `EndedError` within this context when the program is asked to end, and
    `KeyboardInterrupt` at Ctrl+C.
    """
    asked: list[tuple[BaseException, threading.Timer]] = []

    def end(number: int, _frame: object) -> NoReturn:
        # Where this interrupts a destructor or a callback of the garbage collector, the interpreter
        # prints what is raised and goes on.
        again = threading.Timer(AGAIN, signal.raise_signal, (number,))
        again.daemon = True
        again.start()
        ending = KeyboardInterrupt() if number == signal.SIGINT else EndedError()
        asked.append((ending, again))
        raise ending

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    if before[signal.SIGINT] == signal.SIG_IGN:  # a shell has made a program in its background deaf
        del before[signal.SIGINT]
    for number in before:
        signal.signal(number, end)
    try:
        yield
    except Exception:
        if asked:  # compiled code tells the end as an error of its own
            raise asked[0][0] from None
        raise
    finally:
        for _, timer in asked:
            timer.cancel()
        for number, handler in before.items():
            signal.signal(number, handler)
