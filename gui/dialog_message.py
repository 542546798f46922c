"""The line of a dialog that says how things stand, or warns."""

from __future__ import annotations

from PyQt6.QtWidgets import QLabel

from zoetrope.gui.dressing import dress
from zoetrope.gui.language import say


class DialogMessage(QLabel):
    """A line that wraps: muted, or in the colour of warnings."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)

    def tell(self, text: str, *, warn: bool = False) -> None:
        """Show a sentence, English or said already."""
        self.setText(say(text))
        self.setProperty("look", "warn" if warn else "muted")
        dress(self)
