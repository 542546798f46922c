"""The row of a data file in a form: its path, and the files that were used before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PyQt6.QtCore import QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PyQt6.QtWidgets import QFileDialog, QMenu, QWidget

from zoetrope.core.parameters import DataFile
from zoetrope.gui.glyph_button import GlyphButton
from zoetrope.gui.language import say
from zoetrope.gui.opening import dropped_files
from zoetrope.gui.row import TextRow

MOST_RECENT = 8


class FileRow(TextRow):
    """The path of a data file: typed, browsed for, dropped, or one of those used before.

    `wanted` carries a table that is to be looked into before it is used.
    """

    wanted = pyqtSignal(str, str)

    def __init__(self, name: str, declaration: DataFile, default: Any, parent: QWidget) -> None:
        super().__init__(name, declaration, default, parent)
        self._file = declaration
        self.recent: list[str] = []
        self.line.setPlaceholderText(say("No file"))
        self.line.setAcceptDrops(False)
        self.setAcceptDrops(True)
        self.browse_button = GlyphButton(
            "open", say("{label}: browse", label=declaration.label), say("Browse…"), self
        )
        self.recent_button = GlyphButton(
            "more", say("{label}: recent files", label=declaration.label), say("Recent files"), self
        )
        self.browse_button.clicked.connect(self.browse)
        self.recent_button.clicked.connect(self._pop_up_recent)
        self.head.addWidget(self.browse_button)
        self.head.addWidget(self.recent_button)

    @property
    def stops(self) -> list[QWidget]:
        """The line and its two buttons."""
        return [self.line, self.browse_button, self.recent_button]

    def show_value(self, value: Any) -> None:
        """Show the path: its end, where the name is."""
        super().show_value(value)
        self.line.setCursorPosition(len(self.line.text()))
        self.line.setToolTip(value or self.toolTip())

    def take(self, path: str) -> None:
        """Ask for a file: a look into a table, and any other at once."""
        if self._file.tabular:
            self.wanted.emit(self.name, path)
        else:
            self.remember(path)
            self.edited.emit(self.name, path)

    def remember(self, path: str) -> None:
        """Put a path first among the recent ones."""
        self.recent = [path, *(p for p in self.recent if p != path)][:MOST_RECENT]

    def browse(self) -> None:
        """Ask for a file with the system's dialog."""
        endings = " ".join(f"*{ending}" for ending in self._file.endings)
        folder = str(Path(self.line.text()).parent) if self.line.text() else ""
        path, _ = QFileDialog.getOpenFileName(
            self,
            say(self.declaration.label),
            folder,
            say("Data ({endings});;All files (*)", endings=endings),
        )
        if path:
            self.take(path)

    def recent_menu(self) -> QMenu:
        """Return the menu of recent files."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for path in self.recent:
            action = menu.addAction(Path(path).name.replace("&", "&&") or path)
            if action is not None:
                action.setData(path)
                action.setToolTip(path)
        if self.recent:
            menu.addSeparator()
        none = menu.addAction(say("No file"))
        if none is not None:
            none.setData("")
            none.setEnabled(bool(self.line.text()))
        look = menu.addAction(say("Look into the file…")) if self._file.tabular else None
        if look is not None:
            look.setData(self.line.text())
            look.setEnabled(bool(self.line.text()))
        menu.triggered.connect(lambda action: self._choose(action.data()))
        return menu

    def _choose(self, path: str) -> None:
        if path:
            self.take(path)
        else:
            self.edited.emit(self.name, "")

    def _wish(self, value: str) -> None:
        self._choose(value)

    def _pop_up_recent(self) -> None:
        below = self.recent_button.mapToGlobal(QPoint(0, self.recent_button.height()))
        self.recent_menu().popup(below)

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        """Take files."""
        if event is not None and dropped_files(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent | None) -> None:
        """Take them anywhere on the row."""
        if event is not None and dropped_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        """Take the first file."""
        paths = dropped_files(event.mimeData()) if event is not None else []
        if event is not None and paths:
            event.acceptProposedAction()
            self.take(str(paths[0]))
