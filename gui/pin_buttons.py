"""The buttons that pin the picture and unpin it, above it at the right."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QEvent, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QWidget

from zoetrope.gui.actions import COMMANDS
from zoetrope.gui.glyph_button import GlyphButton
from zoetrope.gui.language import say_all


class PinButtons(QWidget):
    """A button that pins, and while something is pinned on the page one that unpins."""

    pin_asked = pyqtSignal()
    unpin_asked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        known = {command.id: command for command in COMMANDS}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self._commands = {name: known[name] for name in ("unpin", "pin")}
        self.buttons = {
            name: GlyphButton(name, command.words, command.tip, self)
            for name, command in self._commands.items()
        }
        for name, asked in (("unpin", self.unpin_asked), ("pin", self.pin_asked)):
            row.addWidget(self.buttons[name])
            self.buttons[name].clicked.connect(asked)
        self.show_pins((), room=False)

    def show_pins(self, pinned: Sequence[str], *, room: bool) -> None:
        """Take in what is pinned on the page, and whether there is room for another."""
        self.buttons["pin"].setEnabled(room)
        button = self.buttons["unpin"]
        button.setVisible(bool(pinned))
        words = say_all(pinned, "\n")
        if button.accessibleDescription() != words:
            button.setAccessibleDescription(words)

    def changeEvent(self, event: QEvent | None) -> None:
        """Take names in another language."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.LanguageChange:
            for name, command in self._commands.items():
                self.buttons[name].setAccessibleName(command.words)
