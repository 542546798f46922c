"""Pictures of the labs for the start page: asked of the engine, or those on the labs' pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from zoetrope.core.lab import Frame

if TYPE_CHECKING:
    from zoetrope.gui.window import MainWindow


class StartPictures(QObject):
    """Has a lab computed for its thumbnail, unless its page has it computed."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def ask(self, lab_id: str) -> None:
        """See to it that the start page hears of a picture of a lab."""
        window = self._window
        tab = window.tabs.of(lab_id)
        if tab is not None and tab.page is not None:
            window.start_page.announce(lab_id)
        else:
            window.engine.submit(lab_id, window.labs[lab_id].parameters())
            window.status.watch()

    def newest(self, lab_id: str) -> Frame | None:
        """Return what a lab shows on its page, or what was computed for its thumbnail."""
        tab = self._window.tabs.of(lab_id)
        if tab is not None and tab.page is not None:
            tab.draw()
            shown: Frame | None = tab.page.frame
            return shown
        newest = None
        while (update := self._window.engine.take(lab_id)) is not None:
            newest = update.frame or newest
        return newest
