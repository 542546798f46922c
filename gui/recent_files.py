"""The files that were exported or opened last."""

from __future__ import annotations

from collections.abc import Iterable

from PyQt6.QtCore import QObject, pyqtSignal

MOST = 10  # that are remembered


class RecentFiles(QObject):
    """`paths` of files, the newest first. `changed` comes when they are others."""

    changed = pyqtSignal()

    def __init__(self, paths: Iterable[object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.paths = [str(path) for path in paths][:MOST]

    def remember(self, path: str) -> None:
        """Put a file first."""
        self.paths = [path, *(other for other in self.paths if other != path)][:MOST]
        self.changed.emit()

    def forget(self, path: str) -> None:
        """Take a file that cannot be opened out."""
        if path in self.paths:
            self.paths.remove(path)
            self.changed.emit()
