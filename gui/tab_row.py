"""The row above a figure: the tabs of the lab's pages, how far a job is, and what pins it."""

from __future__ import annotations

from PyQt6.QtCore import QEvent
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout, QTabBar, QWidget

from zoetrope.gui.progress_line import GAP, ProgressLine

_MARGIN = 8


class TabRow(QWidget):
    """Gives the tabs the room they need first; the words about progress say what still fits."""

    def __init__(
        self, tabs: QTabBar, progress: ProgressLine, pins: QWidget, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._tabs, self._progress, self._pins = tabs, progress, pins
        row = QHBoxLayout(self)
        row.setContentsMargins(_MARGIN, 4, _MARGIN, 4)
        row.setSpacing(GAP)
        row.addWidget(tabs, 1)
        if tabs.count() <= 1:
            row.addStretch(1)
        row.addWidget(progress.words)
        row.addWidget(progress.cancel_button)
        row.addWidget(pins)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Share the new width."""
        super().resizeEvent(event)
        self._share()

    def changeEvent(self, event: QEvent | None) -> None:
        """Share the width anew when the text's size changes."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.FontChange:
            self._share()

    def _share(self) -> None:
        tabs = self._tabs.sizeHint().width() if self._tabs.count() > 1 else 0
        pins = self._pins.sizeHint().width() + GAP
        self._progress.set_room(self.width() - 2 * _MARGIN - GAP - tabs - pins)
