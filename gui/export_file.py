"""Where an export goes: a file, or for a whole series a folder."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection
from pathlib import Path

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton

from zoetrope.core.export_paths import check_name
from zoetrope.gui.export_formats import Format, free_name, split_name
from zoetrope.gui.language import say


class FileRow(QHBoxLayout):
    """A path to be typed or chosen. `edited` comes when a person has changed it."""

    edited = pyqtSignal()

    def __init__(self, folder: Path, stem: str, endings: Callable[[], Collection[str]]) -> None:
        super().__init__()
        self._folder, self._stem, self._endings = folder, stem, endings
        self._naming = False  # whether the name is just being put in place
        self._format = Format("svg", "", "drawing")
        self._whole = False  # whether a folder is wanted
        self.edit = QLineEdit()
        self.edit.setAccessibleName(say("File"))
        self.edit.setObjectName("export_file")
        self.edit.textChanged.connect(self._changed)
        browse = QPushButton(say("Bro&wse…"))
        browse.setAccessibleName(say("Choose the file's place"))
        browse.clicked.connect(self._browse)
        self._label = QLabel(say("F&ile"))
        self._label.setBuddy(self.edit)
        for widget in (self._label, self.edit, browse):
            self.addWidget(widget)

    def follow(self, format_: Format, *, whole: bool, rename: bool) -> None:
        """Take over a format, or with `whole` ask for the folder of a series.

        With `rename` the name's ending follows the format.
        """
        self._format = format_
        if whole != self._whole:
            self._whole = whole
            self._label.setText(say("F&older") if whole else say("F&ile"))
            folder = self.typed()
            self._put(folder.parent if whole else self._free(folder))
        elif rename and not whole:
            path = Path(self.edit.text())
            stem, ending = self._split(path)
            if not path.name:
                self._put(self._free(self._folder))
            elif ending in self._endings() and ending != format_.ending:
                self._put(free_name(path.parent, stem, format_.ending))

    def typed(self) -> Path:
        """Return the path that is typed; a "~" before no one's name is a letter like others."""
        path = Path(self.edit.text().strip())
        with contextlib.suppress(RuntimeError):
            path = path.expanduser()
        return self._folder / path

    @property
    def folder(self) -> Path:
        """The folder that is meant."""
        return self.typed() if self._whole else self.typed().parent

    @property
    def ending(self) -> str:
        """The ending of the name that is typed; "" for a folder."""
        return "" if self._whole else self._split(Path(self.edit.text().strip()))[1]

    def named(self) -> Path:
        """Return the path that is meant, and show it; raises `ValueError` with a sentence."""
        if not self.edit.text().strip():
            raise ValueError(say("Type a file name."))
        path, ending = self.typed(), self._format.ending
        if self._whole:
            if not path.is_dir():
                raise ValueError(say("There is no folder {path}.", path=path))
            return path
        if path.name and self._split(path)[1] != ending:
            path = path.with_name(f"{path.name}.{ending}")
        check_name(path)
        if path.is_dir():
            raise ValueError(say("{path} is a folder: add a file name.", path=path))
        if not path.parent.is_dir():
            raise ValueError(
                say(
                    "There is no folder {parent}: choose another place for the file.",
                    parent=path.parent,
                )
            )
        self._put(path)
        return path

    def _changed(self) -> None:
        if not self._naming:
            self.edited.emit()

    def _split(self, path: Path) -> tuple[str, str]:
        return split_name(path, self._endings())

    def _free(self, folder: Path) -> Path:
        return free_name(folder, self._stem, self._format.ending)

    def _put(self, path: Path) -> None:
        self._naming = True
        self.edit.setText(str(path))
        self._naming = False

    def _browse(self) -> None:
        parent = self.parentWidget()
        if self._whole:
            chosen = QFileDialog.getExistingDirectory(parent, say("Export to"), self.edit.text())
            if chosen:
                self.edit.setText(chosen)
            return
        path, _ = QFileDialog.getSaveFileName(
            parent,
            say("Export to"),
            self.edit.text(),
            say("{name} (*.{ending})", name=self._format.name, ending=self._format.ending),
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if path:
            named = Path(path)
            if self._split(named)[1] not in self._endings():
                named = named.with_name(f"{named.name}.{self._format.ending}")
            self.edit.setText(str(named))
