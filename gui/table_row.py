"""The row of a table in a form: how many rows it has, and where another is pasted."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QEvent
from PyQt6.QtGui import QKeyEvent, QKeySequence
from PyQt6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from zoetrope.core.parameters import ParameterError, Table
from zoetrope.gui.glyph_button import at_least_a_target
from zoetrope.gui.language import say
from zoetrope.gui.row import Row

MOST_PASTED = 1 << 22  # characters: what is longer has more rows than any table of points
_PASTE = QKeySequence.StandardKey.Paste


class TableRow(Row):
    """How many rows a table has, and the buttons to clear it and to paste another."""

    def __init__(self, name: str, declaration: Table, default: Any, parent: QWidget) -> None:
        super().__init__(name, declaration, default, parent)
        self._table = declaration
        self.count = QLabel(self)
        self.count.setProperty("look", "muted")
        self.paste_button = self._button(say("Paste"), say("Take the table on the clipboard"))
        self.clear_button = self._button(say("Clear"), say("Take all away"))
        for widget in (self.count, self.paste_button, self.clear_button):
            self.head.addWidget(widget)
        self.add_caption(self.paste_button)
        self.paste_button.clicked.connect(self.paste)
        self.clear_button.clicked.connect(lambda: self.edited.emit(self.name, ()))
        self.show_value(default)

    def _button(self, words: str, tip: str) -> QPushButton:
        button = QPushButton(words, self)
        at_least_a_target(button)
        button.setToolTip(tip)
        self.describe(button)
        button.setAccessibleName(say("{label}: {words}", label=self.declaration.label, words=words))
        return button

    @property
    def control(self) -> QWidget:
        """The button to paste."""
        return self.paste_button

    @property
    def stops(self) -> list[QWidget]:
        """Both buttons."""
        return [self.paste_button, self.clear_button]

    def show_value(self, value: Any) -> None:
        """Say how many rows there are."""
        self.mark_wrong(False)
        self.count.setText(say(self.declaration.show(value)))
        if not value and self.clear_button.hasFocus():
            self.paste_button.setFocus()
        self.clear_button.setEnabled(bool(value))

    def paste(self) -> None:
        """Take the rows that are on the clipboard; what is wrong with them stands under the row."""
        clipboard = QApplication.clipboard()
        text = clipboard.text() if clipboard is not None else ""
        from zoetrope.core.table import TableError, parse_table, table_rows

        try:
            if len(text) > MOST_PASTED:
                raise TableError(
                    say(
                        "The pasted text is too long; at most {most_rows} rows are taken.",
                        most_rows=self._table.most_rows,
                    )
                )
            rows, note = table_rows(parse_table(text), self._table.columns)
        except TableError as error:
            self.refused.emit(self.name, ParameterError(self.name, str(error)))
            return
        self.edited.emit(self.name, rows)
        if note and not self.has_message():
            self.show_message(note, "info")

    def event(self, event: QEvent | None) -> bool:
        """Keep the keys of pasting from the window, which would take a table for a file."""
        overriding = event is not None and event.type() == QEvent.Type.ShortcutOverride
        if overriding and isinstance(event, QKeyEvent) and event.matches(_PASTE):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Paste by the keys of the system too."""
        if event is not None and event.matches(_PASTE):
            self.paste()
        else:
            super().keyPressEvent(event)
