"""A lab's page in a window with a real engine, for benchmarks that watch the event loop."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QObject, QTimer, pyqtSignal
from PyQt6.QtWidgets import QApplication

from zoetrope.core.engine import Engine
from zoetrope.core.lab import Lab
from zoetrope.core.registry import registry
from zoetrope.gui.lab_page import LabPage
from zoetrope.gui.theme import apply_theme

SIZE = (1440, 860)


class Bridge(QObject):
    """Carries the engine's notes from its thread to the window's."""

    noted = pyqtSignal(str)


def application() -> QApplication:
    """Return the one application, dressed as the program is."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    app = QApplication([])
    apply_theme(app, "light")
    return app


class Window:
    """A lab's page on a real engine that also knows `loads`; a context manager."""

    def __init__(self, loads: Mapping[str, Lab[Any]] | None = None, lab: str = "rope") -> None:
        self.lab = lab
        self.app = application()
        self.bridge = Bridge()
        self.engine = Engine(
            {**registry(), **(loads or {})}, self.bridge.noted.emit, warm_up=False, device="cpu"
        )
        self.page = LabPage(registry()[lab], self.engine)
        self.bridge.noted.connect(self._noted)
        self.page.resize(*SIZE)
        self.page.show()

    def _noted(self, lab: str) -> None:
        if lab == self.lab:
            self.page.collect()
        elif lab:
            while self.engine.take(lab) is not None:
                pass

    def run_until(self, enough: Callable[[], bool], seconds: float) -> bool:
        """Run the event loop until something holds, at most so long; return whether it does."""
        deadline = time.perf_counter() + seconds
        poll = QTimer()
        poll.setInterval(5)
        poll.timeout.connect(
            lambda: (enough() or time.perf_counter() > deadline) and self.app.exit()
        )
        poll.start()
        if not enough():
            self.app.exec()
        poll.stop()
        return enough()

    def __enter__(self) -> Window:
        """Wait for the first picture."""
        assert self.run_until(lambda: self.page.frame is not None, 30)
        return self

    def __exit__(self, *_: object) -> None:
        """Close page and engine."""
        self.page.close()
        assert self.engine.close(timeout=10)
        self.page.deleteLater()


def queue_delay() -> float:
    """Return how many seconds this thread has waited for a CPU so far; 0 where no one counts."""
    try:
        return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    except OSError:
        return 0.0
