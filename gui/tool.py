"""What may take a gesture on a panel before the panel itself does."""

from __future__ import annotations

from typing import Protocol

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QKeyEvent


class Tool(Protocol):
    """What has the first say in a gesture: points, cells or a mini-map, where a panel has any."""

    def words(self, name: str) -> str:
        """Say what can be done, for those who cannot see it."""

    def cursor(self, name: str, place: QPointF) -> Qt.CursorShape | None:
        """Return the cursor over a pixel, where it differs from the panel's."""

    def press(self, name: str, place: QPointF, modifiers: Qt.KeyboardModifier) -> bool:
        """Take a press of the mouse, or leave it."""

    def move(self, name: str, place: QPointF) -> None:
        """Follow the mouse after a press that was taken."""

    def release(self, name: str, place: QPointF) -> bool:
        """End it; False if it was a click that meant nothing."""

    def double_click(self, name: str, place: QPointF) -> bool:
        """Take a double click, or leave it."""

    def zoom(self, name: str, factor: float, place: QPointF) -> bool:
        """Take a zoom by a factor about a pixel, or leave it."""

    def key(self, name: str, event: QKeyEvent) -> bool:
        """Take a key, or leave it."""

    def end(self, name: str) -> None:
        """End what is in hand."""

    def end_keys(self, name: str) -> None:
        """End a row of arrow keys."""

    def follow(self, name: str) -> None:
        """Take in a new picture, or parameters that came into force."""

    def forget(self, name: str) -> None:
        """End and forget what was done on a panel that goes away."""
