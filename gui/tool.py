"""What may take a gesture on a panel before the panel itself does."""

from __future__ import annotations

from typing import Protocol

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QKeyEvent


class Tool(Protocol):
    """What has the first say in a gesture: the points, where a panel has any to edit."""

    def at(self, name: str, place: QPointF) -> int | None:
        """Return the point at a pixel, if there is one."""

    def press(self, name: str, place: QPointF, modifiers: Qt.KeyboardModifier) -> bool:
        """Take a press of the mouse, or leave it."""

    def move(self, name: str, place: QPointF) -> None:
        """Follow the mouse after a press that was taken."""

    def release(self, name: str, place: QPointF) -> bool:
        """End it; False if it was a click beside all points."""

    def double_click(self, name: str, place: QPointF) -> bool:
        """Take a double click, or leave it."""

    def key(self, name: str, event: QKeyEvent) -> bool:
        """Take a key, or leave it."""

    def end(self, name: str) -> None:
        """End what is in hand."""

    def end_keys(self, name: str) -> None:
        """End a row of arrow keys."""
