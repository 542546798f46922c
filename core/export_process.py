"""Exports in a process of their own, so that drawing a file never holds the window up.

The process is spawned once and kept warm, since loading the drawing library takes a second.
Cancelling kills it, which works at once whatever it is doing, and starts another.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import multiprocessing
import os
import pickle
import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from multiprocessing import connection
from multiprocessing.connection import Connection
from typing import Any

from zoetrope.core.export_messages import (
    READY,
    Cancelled,
    Failed,
    Progress,
    Reply,
    Request,
    details,
)
from zoetrope.core.export_paths import unfinished_pattern
from zoetrope.core.export_worker import Labs, serve
from zoetrope.core.registry import registry

log = logging.getLogger(__name__)
START_PATIENCE = 10.0  # seconds that the process has to start
PATIENCE = 2.0  # seconds that a killed process has to go


class ExportProcess:
    """Carries out exports one after the other in a process of its own.

    `notify` is called with each reply, on a thread that is not the caller's. `labs` finds the labs
    in that process.
    """

    def __init__(self, notify: Callable[[Reply], None], labs: Labs = registry) -> None:
        self._notify = notify
        self._labs = labs
        self._tickets = itertools.count(1)
        self._lock = threading.Lock()  # guards what follows, up to the empty line
        self._waiting: deque[tuple[int, Request]] = deque()
        self._running: tuple[int, Request] | None = None
        self._dropped: list[int] = []
        self._killed: int | None = None  # the ticket for whose sake the process was killed
        self._closing = False
        self._process: Any = None

        self._pipe: Connection | None = None
        self._ready = False  # whether the process has said that it runs
        self._began = 0.0
        self._wake, self._waker = multiprocessing.Pipe(duplex=False)
        self._thread = threading.Thread(target=self._listen, name="exports", daemon=True)
        self._thread.start()

    def submit(self, request: Request) -> int:
        """Queue an export and return its ticket; a preview or estimate replaces one that waits."""
        ticket = next(self._tickets)
        with self._lock:
            if request.path is None:
                self._drop(lambda old: old.path is None and old.estimated == request.estimated)
            self._waiting.append((ticket, request))
        self._stir()
        return ticket

    def cancel(self, ticket: int) -> None:
        """Stop an export at once; a ticket that is done already is ignored."""
        with self._lock:
            self._dropped += [number for number, _ in self._waiting if number == ticket]
            self._waiting = deque(pair for pair in self._waiting if pair[0] != ticket)
            if self._running is not None and self._running[0] == ticket:
                self._killed = ticket
                self._kill()
        self._stir()

    def close(self) -> None:
        """Stop everything and end the process; nothing is notified any more."""
        with self._lock:
            if self._closing:
                return
            self._closing = True
            self._waiting.clear()
            self._kill()
        self._stir()
        if threading.current_thread() is not self._thread:
            self._thread.join(2 * PATIENCE)

    def _drop(self, unwanted: Callable[[Request], bool]) -> None:
        self._dropped += [ticket for ticket, request in self._waiting if unwanted(request)]
        self._waiting = deque(pair for pair in self._waiting if not unwanted(pair[1]))

    def _stir(self) -> None:
        with contextlib.suppress(OSError):
            self._waker.send_bytes(b".")

    def _kill(self) -> None:
        """End the process and, where there are process groups, the video encoder it has started."""
        if self._process is None:
            return
        if hasattr(os, "killpg"):
            with contextlib.suppress(OSError):  # it may not have made its group yet
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()

    # What follows runs on the listening thread.

    def _listen(self) -> None:
        """Pass requests to the process and its replies on, until closed."""
        with contextlib.suppress(OSError):  # it is tried again when there is something to do
            self._start()
        while not self._closing:
            self._tell_dropped()
            self._send_next()
            sources: list[Any] = [self._wake]
            if self._process is not None and self._pipe is not None:
                sources += [self._pipe, self._process.sentinel]
            starting = self._process is not None and not self._ready
            deadline = self._began + START_PATIENCE
            left = max(0.0, deadline - time.monotonic()) if starting else None
            ready = connection.wait(sources, left)
            if not ready:
                with self._lock:
                    self._kill()
                self._after_death()
                continue
            if self._wake in ready:
                self._wake.recv_bytes()
            if len(sources) > 1 and (self._pipe in ready or self._process.sentinel in ready):
                self._receive()
        self._bury()
        self._waker.close()
        self._wake.close()

    def _start(self) -> None:
        """Start the process; it loads the drawing library while nothing is asked of it."""
        spawning = multiprocessing.get_context("spawn")
        pipe, far_end = spawning.Pipe()
        process = spawning.Process(
            target=serve, args=(far_end, self._labs), name="zoetrope-export", daemon=True
        )
        with self._lock:
            if self._closing:
                return
            process.start()
            self._process, self._killed = process, None
            self._ready, self._began = False, time.monotonic()
        far_end.close()
        self._pipe = pipe

    def _send_next(self) -> None:
        """Give the process the oldest waiting request, if it is there and free."""
        if self._waiting and self._process is None:
            try:
                self._start()
            except Exception as error:
                self._fail_waiting(f"The export could not start: {error}.", details(error))
        with self._lock:
            if not self._ready or self._running is not None or not self._waiting:
                return
            ticket, request = self._running = self._waiting.popleft()
        try:
            packed = pickle.dumps(request)
            if self._pipe is not None:
                self._pipe.send((ticket, packed))
        except (BrokenPipeError, ConnectionError):
            return  # the process is gone, which `_receive` notices
        except Exception as error:
            self._finish(Failed(ticket, f"The export could not start: {error}.", details(error)))
            self._stir()

    def _receive(self) -> None:
        """Pass on one reply, or deal with the end of the process."""
        assert self._pipe is not None
        try:
            reply: Reply | str = self._pipe.recv()
        except Exception:  # the end of the pipe, or half of a message
            self._after_death()
            return
        if reply == READY:
            self._ready = True
        elif isinstance(reply, Progress):
            self._tell(reply)
        elif not isinstance(reply, str):
            self._finish(reply)

    def _fail_waiting(self, sentence: str, details: str) -> None:
        """Tell all who wait that nothing will come of it."""
        with self._lock:
            waiting, self._waiting = self._waiting, deque()
        for ticket, _ in waiting:
            self._tell(Failed(ticket, sentence, details))

    def _after_death(self) -> None:
        """Clear up after the process, say what became of its export, and start anew if asked to."""
        code = self._bury()
        if self._closing:
            return
        with self._lock:
            running, killed = self._running, self._killed
            ready, self._ready = self._ready, False
        if killed is not None:  # to be warm for the next; after a crash, only when there is one
            with contextlib.suppress(OSError):  # which is told of it if it still cannot start then
                self._start()
        if running is None:
            if not ready:
                sentence = "The export process did not start; try again, or restart Zoetrope."
                self._fail_waiting(sentence, f"The process ended with exit code {code}.")
            return
        if killed == running[0]:
            self._finish(Cancelled(killed))
            return
        if killed is not None:  # the export was done when its end came, and this one came after it
            with self._lock:
                self._running = None
                self._waiting.appendleft(running)
            return
        sentence = (
            "The export stopped because its process ended unexpectedly; "
            "if the size is very large, memory may have run out."
        )
        self._finish(Failed(running[0], sentence, f"The process ended with exit code {code}."))

    def _bury(self) -> int | None:
        """Wait for the dead process, remove what it left unfinished; return its exit code."""
        with self._lock:
            process, pipe, self._process, self._pipe = self._process, self._pipe, None, None
            running = self._running
        if process is None:
            return None
        process.join(PATIENCE)
        if process.is_alive():
            process.kill()
            process.join(PATIENCE)
        if running is not None and running[1].path is not None:
            _remove_unfinished(running[1], process.pid)
        if pipe is not None:
            pipe.close()
        code: int | None = process.exitcode
        if code is not None:
            process.close()
        return code

    def _finish(self, reply: Reply) -> None:
        with self._lock:
            self._running = None
        self._tell(reply)

    def _tell_dropped(self) -> None:
        with self._lock:
            dropped, self._dropped = self._dropped, []
        for ticket in dropped:
            self._tell(Cancelled(ticket))

    def _tell(self, reply: Reply) -> None:
        if self._closing:
            return
        try:
            self._notify(reply)
        except Exception:  # whoever listens must not stop the exports that follow
            log.exception("a reply of the export process was not taken")


def _remove_unfinished(request: Request, process: int) -> None:
    """Remove what a process has begun to write for a request."""
    assert request.path is not None
    whole = request.batch is not None  # then the files of a folder are being written
    folder = request.path if whole else request.path.parent
    pattern = unfinished_pattern(None if whole else request.path, process)
    deadline = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(OSError):
            for file in folder.iterdir():
                if pattern.fullmatch(file.name):
                    file.unlink(missing_ok=True)
            return
        if time.monotonic() > deadline:
            return
        time.sleep(0.05)  # the video encoder may hold its file a little longer
