"""The log: what the program noticed, in a dock, with a level filter and a copy button."""

from __future__ import annotations

import logging
import time
from collections import deque

from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtGui import QFontDatabase, QGuiApplication
from PyQt6.QtWidgets import (
    QComboBox,
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from zoetrope.gui.language import say

KEPT = 2000  # lines
LEVELS = {"DEBUG": "Everything", "INFO": "Notes", "WARNING": "Warnings", "ERROR": "Errors"}


class _Bell(QObject):
    rung = pyqtSignal()


class LogHandler(logging.Handler):
    """Keeps the last lines in memory. `bell.rung` says there are new ones, from any thread."""

    def __init__(self) -> None:
        super().__init__()
        self.bell = _Bell()
        self._lines: deque[tuple[int, str]] = deque(maxlen=KEPT)
        self.received = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record as a line."""
        clock = time.strftime("%H:%M:%S", time.localtime(record.created))
        text = f"{clock}  {record.levelname:<8}{record.name}: {record.getMessage()}"
        if record.exc_info:
            text += "\n" + logging.Formatter().formatException(record.exc_info)
        self._lines.append((record.levelno, text))
        self.received += 1
        try:
            self.bell.rung.emit()
        except RuntimeError:  # Qt is already gone
            return

    def lines(self, level: int = logging.DEBUG) -> list[str]:
        """Return what was logged at that level or above, oldest first."""
        return [text for number, text in list(self._lines) if number >= level]


class LogPanel(QDockWidget):
    """Shows a `LogHandler`. Nothing is drawn while the panel is hidden."""

    level_changed = pyqtSignal(str)

    def __init__(self, handler: LogHandler, parent: QWidget | None = None) -> None:
        super().__init__(say("Log"), parent)
        self.setObjectName("log_panel")
        self._handler = handler
        self._shown = -1
        self._level = QComboBox()
        for name, words in LEVELS.items():
            self._level.addItem(say(words), name)
        self._level.setAccessibleName(say("Least severe messages that are shown"))
        self._level.setCurrentIndex(list(LEVELS).index("INFO"))
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setAccessibleName(say("Log"))
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setMaximumBlockCount(4 * KEPT)
        self._text.setPlaceholderText(say("Nothing has been logged yet."))
        copy = QPushButton(say("&Copy"))
        copy.setAccessibleName(say("Copy the log"))
        label = QLabel(say("&Show"))
        label.setBuddy(self._level)
        content = QWidget()
        layout = QVBoxLayout(content)
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self._level)
        row.addStretch(1)
        row.addWidget(copy)
        layout.addLayout(row)
        layout.addWidget(self._text)
        self.setWidget(content)
        self._level.currentIndexChanged.connect(self._choose)
        copy.clicked.connect(self._copy)
        self.visibilityChanged.connect(self._refresh)
        handler.bell.rung.connect(self._refresh, Qt.ConnectionType.QueuedConnection)  # type: ignore[call-arg]

    @property
    def level(self) -> str:
        """The name of the least severe level that is shown."""
        return str(self._level.currentData())

    def set_level(self, name: str) -> None:
        """Show messages of this level and above."""
        if name in LEVELS:
            self._level.setCurrentIndex(list(LEVELS).index(name))

    def text(self) -> str:
        """Return what is shown."""
        return self._text.toPlainText()

    def _choose(self) -> None:
        self._shown = -1
        self._refresh()
        self.level_changed.emit(self.level)

    def _refresh(self) -> None:
        if not self.isVisible() or self._shown == self._handler.received:
            return
        self._shown = self._handler.received
        self._text.setPlainText("\n".join(self._handler.lines(getattr(logging, self.level))))
        bar = self._text.verticalScrollBar()
        if bar is not None:
            bar.setValue(bar.maximum())

    def _copy(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(self.text())
