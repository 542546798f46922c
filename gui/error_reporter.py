"""Errors told in the window: that there was one, and a report of it to read and copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from zoetrope.gui.errors import SENTENCE, DetailsDialog, copy_text, report
from zoetrope.gui.language import say
from zoetrope.gui.log_panel import LogHandler

if TYPE_CHECKING:
    from zoetrope.gui.window import MainWindow


class ErrorReporter(QObject):
    """Tells in a window's notices of what nobody caught. `log` keeps the last lines of the log."""

    def __init__(self, window: MainWindow, log: LogHandler) -> None:
        super().__init__(window)
        self._window = window
        self._log = log

    def tell(self, details: str) -> None:
        """Tell of an exception that nobody caught; the session is saved at once."""
        self._window.keeper.save()
        text = report(details, self._log.lines(), self._about())
        self._window.notices.say(
            SENTENCE,
            "error",
            [
                (say("Details"), lambda: self.show_details(text)),
                (say("Copy report"), lambda: copy_text(text)),
            ],
        )

    def show_details(self, text: str) -> None:
        """Show a report, or the details of a failure."""
        DetailsDialog(say("Details"), text, self._window).show()

    def _about(self) -> list[str]:
        window = self._window
        lines = [f"Device: {window.engine.status().label}"]
        if window.tab is not None and window.page is not None:
            lines.append(f"Lab: {window.tab.lab.id} {window.page.parameters.plain()}")
        return lines
