"""What may take a gesture on a panel before the panel itself does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QPointF, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from zoetrope.gui.panel_view import PanelView


class Tool(QObject):
    """What has the first say in a gesture: points, cells or a mini-map, where a panel has any.

    One tool serves all `panels`, which are named. `edited`, between `started` and `finished`,
    carries parameter values; `touched` names a panel to be drawn anew. What a tool does not
    define is left to the panel.
    """

    edited = pyqtSignal(dict)
    started = pyqtSignal()
    finished = pyqtSignal()
    touched = pyqtSignal(str)

    def __init__(self, parent: QObject, panels: Mapping[str, PanelView]) -> None:
        super().__init__(parent)
        self._panels = panels

    def words(self, name: str) -> str:
        """Say what can be done, for those who cannot see it."""
        return ""

    def cursor(self, name: str, place: QPointF) -> Qt.CursorShape | None:
        """Return the cursor over a pixel, where it differs from the panel's."""
        return None

    def press(self, name: str, place: QPointF, modifiers: Qt.KeyboardModifier) -> bool:
        """Take a press of the mouse, or leave it."""
        return False

    def move(self, name: str, place: QPointF) -> None:
        """Follow the mouse after a press that was taken."""

    def release(self, name: str, place: QPointF) -> bool:
        """End it; False if it was a click that meant nothing."""
        return False

    def double_click(self, name: str, place: QPointF) -> bool:
        """Take a double click, or leave it."""
        return False

    def zoom(self, name: str, factor: float, place: QPointF) -> bool:
        """Take a zoom by a factor about a pixel, or leave it."""
        return False

    def key(self, name: str, event: QKeyEvent) -> bool:
        """Take a key, or leave it."""
        return False

    def end(self, name: str) -> None:
        """End what is in hand."""

    def end_keys(self, name: str) -> None:
        """End a row of arrow keys, where they are one step of undo together."""

    def follow(self, name: str) -> None:
        """Take in a new picture, or parameters that came into force."""

    def forget(self, name: str) -> None:
        """End and forget what was done on a panel that goes away."""
        self.end(name)
