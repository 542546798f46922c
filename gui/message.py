"""A sentence with a mark of its weight."""

from __future__ import annotations

from typing import Literal

from PyQt6.QtCore import QEvent, QRectF, Qt
from PyQt6.QtGui import QPaintEvent, QPalette
from PyQt6.QtWidgets import QLabel, QWidget

from zoetrope.gui.inks import inks
from zoetrope.gui.language import say
from zoetrope.gui.painting import painting

Severity = Literal["info", "warning", "error"]
_SPOKEN = {"info": "Note", "warning": "Warning", "error": "Error"}


class Message(QLabel):
    """A sentence with a coloured bar at its left, for a row or the banner."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.severity: Severity = "info"
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setContentsMargins(10, 2, 0, 2)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def show_sentence(self, text: str, severity: Severity) -> None:
        """Show a sentence of some weight."""
        self.severity = severity
        self.setText(text)
        self.setAccessibleName(say("{weight}: {text}", weight=_SPOKEN[severity], text=text))
        self._recolour()
        self.show()

    def changeEvent(self, event: QEvent | None) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self._recolour()

    def _recolour(self) -> None:
        wanted = inks().warn if self.severity == "error" else inks().muted
        if self.palette().color(QPalette.ColorRole.WindowText) != wanted:
            own = QPalette()
            own.setColor(QPalette.ColorRole.WindowText, wanted)
            self.setPalette(own)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw the bar, then the sentence."""
        with painting(self) as painter:
            ink = inks()
            colours = {"error": ink.warn, "warning": ink.amber, "info": ink.edge}
            painter.fillRect(QRectF(1, 2, 3, self.height() - 4), colours[self.severity])
        super().paintEvent(event)
