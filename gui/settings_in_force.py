"""The settings in force: as they were kept, changed one by one, and heard by a whole window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QApplication

from zoetrope.gui import settings_file
from zoetrope.gui.quantities import set_number_format
from zoetrope.gui.retranslate import speak
from zoetrope.gui.settings import Settings
from zoetrope.gui.settings_file import SettingsKeeper
from zoetrope.gui.theme import apply_theme

if TYPE_CHECKING:
    from zoetrope.gui.window import MainWindow


class SettingsInForce(QObject):
    """Puts a person's choices in force in a window, and keeps them in `folder`.

    `now` are the settings, `sentences` what is to be said of how they were found. `changed` carries
    them after each change. `session` is a saved session: those of earlier versions held them.
    """

    changed = pyqtSignal(object)

    def __init__(self, window: MainWindow, folder: Path, session: Mapping[str, Any]) -> None:
        super().__init__(window)
        self._window = window
        self.keeper = SettingsKeeper(folder, self)
        kept, self.sentences = settings_file.read(folder)
        self.now = kept or Settings.adapt(session.get("settings", {}))
        if kept is None and "settings" in session:
            self.keeper.save(self.now)
        set_number_format(self.now.numbers)
        apply_theme(_application(), self.now.theme)  # type: ignore[arg-type]
        speak(_application(), self.now.language)

    def choose(self, **changes: Any) -> None:
        """Change settings by name, put them in force and save them."""
        window = self._window
        before, self.now = self.now, replace(self.now, **changes)
        if self.now.theme != before.theme:
            apply_theme(_application(), self.now.theme)  # type: ignore[arg-type]
        if self.now.language != before.language and speak(_application(), self.now.language):
            window.say_anew()
        if self.now.numbers != before.numbers:
            set_number_format(self.now.numbers)
            for page in window.tabs.pages():
                page.show_numbers()
        if self.now.device != before.device:
            window.engine.choose_device(self.now.device)
        for page in window.tabs.pages():
            self.apply_to(page)
        window.menu_state.check_choices()
        self.keeper.save(self.now)
        self.changed.emit(self.now)

    def apply_to(self, page: Any) -> None:
        """Put in force on a lab's page what concerns each page."""
        page.show_dimensionless(self.now.dimensionless)
        page.set_reduced_motion(self.now.reduced_motion)
        page.player.set_frame_rate(self.now.frame_rate)


def _application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app
