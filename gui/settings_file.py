"""The settings in a file of their own, where the system keeps settings.

They outlive a session that is damaged or thrown away.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal

from zoetrope.gui.language import later
from zoetrope.gui.saver import Saver
from zoetrope.gui.session import FOLDER_VARIABLE, LARGEST, put_file
from zoetrope.gui.settings import Settings

FILE_NAME = "settings.json"


def config_folder() -> Path:
    """Return the folder of the settings: that of the session if it was moved by
    $ZOETROPE_STATE_DIR, else where the system keeps settings.
    """
    chosen = os.environ.get(FOLDER_VARIABLE)
    if chosen:
        return Path(chosen)
    from platformdirs import user_config_dir

    return Path(user_config_dir("zoetrope", appauthor=False))


def read(folder: Path) -> tuple[Settings | None, list[str]]:
    """Return the settings in `folder`, if there are any, and sentences for the person.

    What cannot be used is left out; a file that is no settings at all is as good as none.
    """
    try:
        with (folder / FILE_NAME).open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        return None, []
    except OSError as error:
        return None, [
            later("The saved settings could not be read: {why}.", why=error.strerror or error)
        ]
    try:
        values = json.loads(data) if len(data) <= LARGEST else None
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        return None, [later("The saved settings are damaged; the defaults are in force.")]
    return Settings.adapt(values), []


class SettingsKeeper(QObject):
    """Saves the settings as they are changed, off the window's thread.

    `failed` carries one sentence, once for as long as saving keeps failing.
    """

    failed = pyqtSignal(str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self._saver = Saver("settings", self)
        self._saver.failed.connect(
            lambda why: self.failed.emit(
                later("The settings cannot be saved for next time: {why}.", why=why)
            )
        )

    def save(self, settings: Settings) -> None:
        """Save the settings without waiting for the disk."""
        text = json.dumps(settings.plain(), indent=1)
        self._saver.save(lambda: self._write(text))

    def close(self) -> bool:
        """Finish what was asked for, and stop."""
        return self._saver.close()

    def _write(self, text: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        put_file(self.folder / FILE_NAME, text)
