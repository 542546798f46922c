"""Saves to a file off the window's thread, and says once that it cannot."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PyQt6.QtCore import QObject, pyqtSignal

from zoetrope.gui.background import Background

log = logging.getLogger(__name__)


class Saver(QObject):
    """Saves what is called `name` in the log, one save at a time.

    `saved` tells of each success. `failed` carries why a file cannot be written, once for as long
    as saving keeps failing.
    """

    saved = pyqtSignal()
    failed = pyqtSignal(str)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._failing = False
        self._background = Background(name, self)

    def save(self, write: Callable[[], None]) -> None:
        """Call `write`, which may raise OSError, without waiting for the disk."""
        self._background.run(write, self._done, self._failed)

    def save_last(self, write: Callable[[], None]) -> None:
        """Finish what was asked for, stop, and call `write` here and now."""
        self.close()
        try:
            write()
        except OSError as error:
            self._note(error)

    def close(self) -> bool:
        """Finish what was asked for, and stop; return whether it was finished in time."""
        return self._background.close(timeout=0.4)

    def _done(self, _: object) -> None:
        self._failing = False
        self.saved.emit()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, OSError):
            raise error
        self._note(error)
        if not self._failing:
            self._failing = True
            self.failed.emit(f"{error.strerror or error}")

    def _note(self, error: OSError) -> None:
        log.warning("the %s could not be saved: %s", self._name, error.strerror or error)
