"""The command palette: type a few letters of anything in the program and press Enter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PyQt6.QtCore import QEvent, QObject, QSize, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from zoetrope.gui.language import say
from zoetrope.gui.words_at_right import WordsAtRight

ROLE = Qt.ItemDataRole.UserRole
RIGHT = ROLE + 1


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that is found: where it belongs, its words, and what it does.

    `right` stands at the end of its line: keys, or a value. It is found by `also` too.
    """

    where: str
    words: str
    do: Callable[[], object]
    help: str = ""
    right: str = ""
    also: str = ""
    enabled: bool = True


class CommandPalette(QDialog):
    """Lists entries; Enter does what the chosen one says."""

    def __init__(self, entries: list[Entry], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("palette")
        self.setWindowTitle(say("Find anything"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._entries = entries
        self._edit = QLineEdit()
        self._edit.setPlaceholderText(
            say("Type a few letters of a command, a lab, a preset, a parameter …")
        )
        self._edit.setAccessibleName(say("Find anything"))
        self._list = QListWidget()
        self._list.setAccessibleName(say("What matches"))
        self._list.setUniformItemSizes(True)
        self._list.setItemDelegate(WordsAtRight(RIGHT, self._list))
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
            for index, entry in enumerate(self._entries)
            if (rank := match_rank(text, f"{entry.words} {entry.where} {entry.also}")) is not None
        ]
        for _, index in sorted(ranked):
            entry = self._entries[index]
            item = QListWidgetItem(say("{where}: {words}", where=entry.where, words=entry.words))
            item.setData(ROLE, index)
            item.setData(RIGHT, entry.right)
            item.setToolTip(entry.help)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, entry.help)
            item.setSizeHint(QSize(0, 28))
            if not entry.enabled:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self._list.addItem(item)
        self._list.setCurrentRow(0)

    def _run(self, item: QListWidgetItem) -> None:
        entry = self._entries[item.data(ROLE)]
        if entry.enabled:
            self.close()
            entry.do()


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
