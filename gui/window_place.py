"""Where the window stands and how it is divided: kept in a session, and put back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PyQt6.QtCore import QByteArray, QSize, Qt
from PyQt6.QtWidgets import QDockWidget, QMainWindow

_SIZE = QSize(1280, 820)  # at first
_LOG_HEIGHT = 170  # pixels at first
_HELP_WIDTH = (300, 420)  # pixels, least and most at first


def place_of(window: QMainWindow) -> dict[str, str]:
    """Return a window's place and the sizes of its docks, as text."""
    return {
        "geometry": bytes(window.saveGeometry().toBase64().data()).decode(),
        "docks": bytes(window.saveState().toBase64().data()).decode(),
    }


def put(
    window: QMainWindow, help_panel: QDockWidget, log_panel: QDockWidget, place: Mapping[str, Any]
) -> None:
    """Put a window where it was; what is not known takes its first size."""
    window.resize(_SIZE)
    width = min(max(window.width() * 3 // 10, _HELP_WIDTH[0]), _HELP_WIDTH[1])
    window.resizeDocks([help_panel], [width], Qt.Orientation.Horizontal)
    window.resizeDocks([log_panel], [_LOG_HEIGHT], Qt.Orientation.Vertical)
    for name, restore in (("geometry", window.restoreGeometry), ("docks", window.restoreState)):
        value = place.get(name)
        if isinstance(value, str):
            restore(QByteArray.fromBase64(value.encode("ascii", "replace")))
