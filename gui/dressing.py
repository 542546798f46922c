"""Dresses widgets anew when the palette or the font of the whole program changes.

A style sheet's `palette(...)` is looked up once for each widget and kept, and to set the sheet
again costs .4 ms for each widget there is, shown or not: a second with all labs open.
"""

from __future__ import annotations

import time
from collections import deque

from PyQt6 import sip
from PyQt6.QtCore import QObject, QTimer
from PyQt6.QtWidgets import QApplication, QWidget

SLICE = 0.008  # seconds of each turn of the event loop


class Dresser(QObject):
    """Dresses what is on the screen at once, and the rest between the events that follow."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._waiting: deque[QWidget] = deque()
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)

    def dress_all(self) -> None:
        """Have every widget look up its colours and font again."""
        self._waiting.clear()
        for widget in self._app.allWidgets():
            if widget.isVisible():
                dress(widget)
            else:
                self._waiting.append(widget)
        self._timer.start()

    def _go_on(self) -> None:
        end = time.perf_counter() + SLICE
        while self._waiting and time.perf_counter() < end:
            widget = self._waiting.popleft()
            if not sip.isdeleted(widget):
                dress(widget)
        if not self._waiting:
            self._timer.stop()


def dress(widget: QWidget) -> None:
    """Have a widget look up its colours and font again."""
    style = widget.style()
    if style is not None:
        style.unpolish(widget)
        style.polish(widget)
        widget.update()
