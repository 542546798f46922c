"""The command palette: type a few letters of any command and press Enter."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, QObject, QSize, Qt
from PyQt6.QtGui import QAction, QKeyEvent, QKeySequence
from PyQt6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

ROLE = Qt.ItemDataRole.UserRole


class CommandPalette(QDialog):
    """Lists commands as (where it belongs, its words, the action); Enter runs the chosen one."""

    def __init__(
        self, entries: list[tuple[str, str, QAction]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("palette")
        self.setWindowTitle("Find a command")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._entries = entries
        self._edit = QLineEdit()
        self._edit.setPlaceholderText("Type a few letters of a command")
        self._edit.setAccessibleName("Command")
        self._list = QListWidget()
        self._list.setAccessibleName("Commands that match")
        self._list.setUniformItemSizes(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self._edit)
        layout.addWidget(self._list)
        self._edit.textChanged.connect(self._filter)
        self._edit.installEventFilter(self)
        self._list.itemActivated.connect(self._run)
        self._list.itemClicked.connect(self._run)
        self._filter("")
        self.setFixedSize(520, 360)
        self._edit.setFocus()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Let the arrow keys move in the list, and Enter run, while the words are typed."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_PageDown: 8,
                Qt.Key.Key_PageUp: -8,
            }.get(Qt.Key(event.key()))
            if step is not None and self._list.count():
                row = max(0, min(self._list.currentRow() + step, self._list.count() - 1))
                self._list.setCurrentRow(row)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                item = self._list.currentItem()
                if item is not None:
                    self._run(item)
                return True
        return super().eventFilter(watched, event)

    def _filter(self, text: str) -> None:
        self._list.clear()
        ranked = [
            (rank, index)
            for index, (where, words, _) in enumerate(self._entries)
            if (rank := match_rank(text, f"{words} {where}")) is not None
        ]
        for _, index in sorted(ranked):
            where, words, action = self._entries[index]
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            item = QListWidgetItem(f"{where}: {words}" + (f"\t{keys}" if keys else ""))
            item.setData(ROLE, index)
            item.setToolTip(action.toolTip())
            item.setSizeHint(QSize(0, 28))
            if not action.isEnabled():
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self._list.addItem(item)
        self._list.setCurrentRow(0)

    def _run(self, item: QListWidgetItem) -> None:
        action = self._entries[item.data(ROLE)][2]
        if action.isEnabled():
            self.close()
            action.trigger()


def match_rank(typed: str, words: str) -> int | None:
    """Return how well the typed letters match (0 is best), or None where they do not.

    All typed words must start a word, or else stand anywhere, or else appear letter by letter.
    """
    typed, words = typed.lower().strip(), words.lower()
    parts = typed.split()
    if all(any(word.startswith(part) for word in words.split()) for part in parts):
        return 0
    if all(part in words for part in parts):
        return 1
    letters = iter(words)
    return 2 if all(letter in letters for letter in typed.replace(" ", "")) else None
