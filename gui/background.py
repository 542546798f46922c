"""Work that must not hold up the window (reading files, writing the session, setting formulas)."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QObject, Qt, pyqtSignal

Then = Callable[[Any], None]


class Background(QObject):
    """One worker thread, started when first needed; results come back on the window's thread.

    `run(work, then, failed)` calls `work()` there and then `then(result)` here, or
    `failed(exception)` here. After `close()` nothing is delivered any more.
    """

    _delivered = pyqtSignal(object, object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._jobs: queue.SimpleQueue[tuple[Callable[[], Any], Then, Then] | None]
        self._jobs = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._delivering = threading.Lock()
        self._delivered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)  # type: ignore[call-arg]

    def run(self, work: Callable[[], Any], then: Then, failed: Then) -> None:
        """Do `work` on the worker thread, after what was asked before."""
        if self._closed:
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
            self._thread.start()
        self._jobs.put((work, then, failed))

    def close(self, timeout: float = 1.0) -> bool:
        """Finish what was asked for and stop; False if it did not stop within `timeout` s."""
        with self._delivering:  # a signal under way must not find this object half gone
            self._closed = True
        if self._thread is None:
            return True
        self._jobs.put(None)
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            work, then, failed = job
            callback, answer = then, None
            try:
                answer = work()
            except Exception as error:  # the caller decides what it means, on its own thread
                callback, answer = failed, error
            with self._delivering:
                if self._closed:
                    continue
                try:
                    self._delivered.emit(callback, answer)
                except RuntimeError:  # the window went away meanwhile
                    return

    def _deliver(self, callback: Then, answer: Any) -> None:
        if not self._closed:
            callback(answer)
