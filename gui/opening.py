"""Bringing figures back: from a file that was opened or dropped, or a recipe code that was pasted.

A file that holds no recipe may be someone's data: the window knows what to do with it.

Files are read on a worker thread. Whatever goes wrong ends as one sentence; nothing is applied
until the whole recipe has been read and understood.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QMimeData, QObject, pyqtSignal

from zoetrope.core.lab import Lab
from zoetrope.core.recipe import NoRecipeError, Recipe, RecipeError, restore
from zoetrope.core.recipe_data import changed_files
from zoetrope.core.recipe_files import extract
from zoetrope.gui.background import Background
from zoetrope.gui.language import say

FILE_FILTER = (
    "Figures and data (*.png *.apng *.svg *.pdf *.gif *.webp *.mp4 *.csv *.tsv *.txt *.parquet "
    "*.npz *.npy *.json);;All files (*)"
)
_NEVER_DATA = {".png", ".apng", ".svg", ".pdf", ".gif", ".webp", ".mp4"}


class Opener(QObject):
    """Reads recipes. `opened` carries the lab, its parameters, where they came from, and a sentence
    for each value that had to be changed and each data file that has; `refused` carries a sentence.
    """

    opened = pyqtSignal(object, object, str, list)
    refused = pyqtSignal(str)
    read = pyqtSignal(str)  # the path of a file whose recipe was opened
    unreadable = pyqtSignal(str)  # the path of one that could not be read
    no_recipe = pyqtSignal(str, str)  # the path of one that holds none, and a sentence

    def __init__(self, labs: Mapping[str, Lab[Any]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._labs = labs
        self._background = Background("files", self)

    def open_file(self, path: Path) -> None:
        """Read the recipe in a file and announce it; returns at once."""

        def find() -> tuple[Recipe, list[str]]:
            recipe = extract(path)
            return recipe, changed_files(recipe, self._labs)

        def then(found: tuple[Recipe, list[str]]) -> None:
            recipe, changed = found
            if self._restore(recipe, path.name, changed):
                self.read.emit(str(path))

        def failed(error: Exception) -> None:
            if isinstance(error, NoRecipeError) and path.suffix.lower() not in _NEVER_DATA:
                self.no_recipe.emit(str(path), str(error))
                return
            self.unreadable.emit(str(path))
            if isinstance(error, RecipeError):
                self.refused.emit(str(error))
            elif isinstance(error, OSError):
                self.refused.emit(
                    say(
                        "{name} cannot be read: {why}.",
                        name=path.name,
                        why=error.strerror or error,
                    )
                )
            else:
                raise error

        self._background.run(find, then, failed)

    def open_text(self, text: str) -> None:
        """Read a recipe code, or a recipe as JSON, and announce it."""
        if not text.strip():
            self.refused.emit(
                say("The clipboard holds no text, so there is no recipe code to paste.")
            )
            return
        try:
            recipe = Recipe.from_text(text)
        except RecipeError as error:
            self.refused.emit(str(error))
            return
        self._restore(recipe, say("a recipe code"))

    def open_dropped(self, data: QMimeData | None) -> None:
        """Read what was dropped: the first file, or text."""
        paths = dropped_files(data)
        if paths:
            if len(paths) > 1:
                self.refused.emit(
                    say(
                        "{count} files were dropped; only {name} was opened.",
                        count=len(paths),
                        name=paths[0].name,
                    )
                )
            self.open_file(paths[0])
        elif data is not None and data.hasText():
            self.open_text(data.text())

    def close(self) -> bool:
        """Stop reading."""
        return self._background.close(timeout=0.3)

    def _restore(self, recipe: Recipe, source: str, changed: Sequence[str] = ()) -> bool:
        try:
            lab, parameters, sentences = restore(recipe, self._labs)
        except RecipeError as error:
            self.refused.emit(str(error))
            return False
        self.opened.emit(lab, parameters, source, [*sentences, *changed])
        return True


def dropped_files(data: QMimeData | None) -> list[Path]:
    """Return the local files among what is dragged or dropped."""
    if data is None or not data.hasUrls():
        return []
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def can_drop(data: QMimeData | None) -> bool:
    """Say whether a drop may bring a figure: a local file, or text that looks like a recipe."""
    if data is None:
        return False
    if dropped_files(data):
        return True
    return data.hasText() and data.text().lstrip().startswith(("zoetrope:", "{"))
