"""The window's side of the process that runs its sweeps."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, Qt, pyqtSignal

from zoetrope.core.registry import registry
from zoetrope.core.sweep.service import serve
from zoetrope.gui.language import later

if TYPE_CHECKING:
    from zoetrope.core.sweep.cells import Labs
    from zoetrope.core.sweep.messages import Request

log = logging.getLogger(__name__)
PATIENCE = 1.0  # seconds that the process has to end by itself
ENDED = "The process that runs sweeps has ended. What was measured is kept; press Start to go on."


class SweepLink(QObject):
    """Sends requests to the process, which is started when first needed; `replied` carries its
    replies, `died` comes when it is gone without having been asked to go.
    """

    replied = pyqtSignal(object)
    died = pyqtSignal(str)
    _heard = pyqtSignal(object)

    def __init__(self, parent: QObject | None = None, labs: Labs = registry) -> None:
        super().__init__(parent)
        self._labs = labs
        self._process: Any = None
        self._pipe: Connection | None = None
        self._closed = False
        self._hearing = threading.Lock()
        self._heard.connect(self._deliver, Qt.ConnectionType.QueuedConnection)  # type: ignore[call-arg]

    def send(self, request: Request) -> None:
        """Ask for something; what comes of it comes by `replied`."""
        if self._closed:
            return
        if self._process is None:
            try:
                self._start()
            except OSError as error:  # no memory, say, or the folder it would stand in is gone
                self._heard.emit(error)
                return
        assert self._pipe is not None
        with contextlib.suppress(OSError):  # a process that is gone: `died` says so
            self._pipe.send(request)

    def close(self) -> None:
        """End the process; a sweep that runs keeps what it has measured."""
        with self._hearing:  # a signal under way must not find this object half gone
            self._closed = True
        process, pipe, self._process, self._pipe = self._process, self._pipe, None, None
        if process is None or pipe is None:
            return
        with contextlib.suppress(OSError):
            pipe.send(None)  # closing it would not wake the thread that listens to it
        process.join(PATIENCE)
        if process.is_alive():  # a cell takes long: the process ends after it, or with the program
            log.info("the process of the sweep is still ending")

    def _start(self) -> None:
        spawning = multiprocessing.get_context("spawn")
        pipe, far_end = spawning.Pipe()
        # Not a daemon, which may have no workers of its own; it ends when the pipe does.
        process = spawning.Process(
            target=serve, args=(far_end, self._labs), name="zoetrope-sweep", daemon=False
        )
        process.start()
        far_end.close()
        self._process, self._pipe = process, pipe
        threading.Thread(target=self._listen, args=(pipe,), name="sweeps", daemon=True).start()

    def _listen(self, pipe: Connection) -> None:
        """Pass replies on, on a thread of its own, until the pipe ends."""
        hear: Callable[[Any], None] = self._heard.emit
        while True:
            try:
                reply = pipe.recv()
            except (EOFError, OSError, TypeError):
                reply = None
            with self._hearing:
                if self._closed:
                    return
                try:
                    hear(reply)
                except RuntimeError:  # the window went away without closing this
                    return
            if reply is None:
                return

    def _deliver(self, reply: Any) -> None:
        if self._closed:
            return
        if reply is None or isinstance(reply, OSError):
            self._process = self._pipe = None
            self.died.emit(ENDED if reply is None else _not_started(reply))
            return
        self.replied.emit(reply)


def _not_started(error: OSError) -> str:
    return later("The process that runs sweeps could not start: {error}.", error=error)
