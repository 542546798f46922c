"""The tab of a lab: the place of its page, and the pace at which its pictures are drawn."""

from __future__ import annotations

import time
from typing import Any

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget

from zoetrope.core.lab import Lab
from zoetrope.gui.language import say

SHORTEST_FRAME = 0.016  # seconds from one picture to the next
FRAME_PER_DRAWING = 1.4  # the same, in times what the picture took to draw


class LabTab(QWidget):
    """The place of a lab's page, empty until the page is built.

    `due` says when a picture that was announced should be drawn: the person's own events are left
    time between two pictures.
    """

    due = pyqtSignal()

    def __init__(self, lab: Lab[Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lab = lab
        self.page: Any = None
        self._next_drawing = 0.0  # not before then
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.due)
        self.broken = False  # whether its page could not be built
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.setObjectName(f"tab_{lab.id}")
        self.setAccessibleName(say(lab.title))

    def announce(self) -> None:
        """There is a picture to draw."""
        if not self._timer.isActive():
            self._timer.start(max(0, round(1000 * (self._next_drawing - time.perf_counter()))))

    def draw(self) -> None:
        """Show the lab's newest picture."""
        if self.page is not None:
            began = time.perf_counter()
            self.page.collect()
            took = time.perf_counter() - began
            self._next_drawing = began + max(SHORTEST_FRAME, FRAME_PER_DRAWING * took)

    def rest(self) -> None:
        """Draw nothing more that was announced."""
        self._timer.stop()

    def show_page(self, page: Any) -> None:
        """Fill the place."""
        self.page = page
        self._layout.addWidget(page)

    def say_broken(self) -> None:
        """Say in its place that there is no page."""
        self.broken = True
        for half_built in self.findChildren(QWidget):
            half_built.deleteLater()
        words = QLabel(
            say(
                "The lab {title} cannot be shown: its page could not be built. "
                "The log says why; the other labs work.",
                title=self.lab.title,
            )
        )
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words.setWordWrap(True)
        self._layout.addWidget(words)
