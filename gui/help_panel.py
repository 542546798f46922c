"""The help of a lab beside its picture."""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QDockWidget, QWidget

from zoetrope.core.help_pages import help_text
from zoetrope.core.lab import Lab
from zoetrope.gui.help_marks import LabHelpPage
from zoetrope.gui.language import language, say


class HelpPanel(QDockWidget):
    """The dock. `show_lab` says whose help it shows; nothing is loaded while it is hidden."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(say("About this lab"), parent)
        self.setObjectName("help_panel")
        self.page = LabHelpPage()
        self.setWidget(self.page)
        self._lab: Lab[Any] | None = None
        self.visibilityChanged.connect(self._update)

    def show_lab(self, lab: Lab[Any]) -> None:
        """Show the help of this lab, now or when the panel is opened."""
        self._lab = lab
        self.setWindowTitle(say("About: {title}", title=lab.title))
        self._update()

    def close_worker(self) -> bool:
        """Stop drawing formulas; return whether the thread ended."""
        return self.page.background.close(timeout=0.2)

    def _update(self) -> None:
        if self._lab is not None and self.isVisible():
            self.page.show_text(self._lab.id, help_text(self._lab, language()), self._lab)
