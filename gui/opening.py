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
from zoetrope.core.recipe import NoRecipeError, Recipe, RecipeError, restore, restore_film
from zoetrope.core.recipe_data import changed_files
from zoetrope.core.recipe_files import extract
from zoetrope.gui.background import Background
from zoetrope.gui.language import say

FILE_FILTER = (
    "Figures and data (*.png *.apng *.svg *.pdf *.gif *.webp *.mp4 *.zip *.csv *.tsv *.txt "
    "*.parquet *.npz *.npy *.json);;All files (*)"
)


class Opener(QObject):
    """Reads recipes. `opened` carries the lab, its parameters, where they came from, and a sentence
    for each value that had to be changed and each data file that has; `refused` carries a sentence.
    """

    opened = pyqtSignal(object, object, str, list)
    refused = pyqtSignal(str)
    film_opened = pyqtSignal(object)  # the film through key frames of the lab that was just opened
    read = pyqtSignal(str)  # the path of a file whose recipe was opened
    unreadable = pyqtSignal(str)  # the path of one that could not be read
    no_recipe = pyqtSignal(str, str)  # the path of one that holds none, and a sentence
    text_dropped = pyqtSignal(str)  # text that is no recipe

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
            if isinstance(error, NoRecipeError):
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
        source = say("a recipe code")
        if not recipe.data:
            self._restore(recipe, source)
            return

        def then(changed: list[str]) -> None:
            self._restore(recipe, source, changed)

        self._background.run(lambda: changed_files(recipe, self._labs), then, self._fail)

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
        elif data is not None and is_recipe(data.text()):
            self.open_text(data.text())
        elif data is not None and data.hasText():
            self.text_dropped.emit(data.text())

    @staticmethod
    def _fail(error: Exception) -> None:
        raise error

    def close(self) -> bool:
        """Stop reading."""
        return self._background.close(timeout=0.3)

    def _restore(self, recipe: Recipe, source: str, changed: Sequence[str] = ()) -> bool:
        try:
            lab, parameters, sentences = restore(recipe, self._labs)
            film = restore_film(recipe, lab)
        except RecipeError as error:
            self.refused.emit(str(error))
            return False
        self.opened.emit(lab, parameters, source, [*sentences, *changed])
        if film is not None:
            self.film_opened.emit(film)
        return True


def dropped_files(data: QMimeData | None) -> list[Path]:
    """Return the local files among what is dragged or dropped."""
    if data is None or not data.hasUrls():
        return []
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def is_recipe(text: str) -> bool:
    """Say whether text claims to be a recipe: a code, or a JSON object that names its version."""
    begin = text.lstrip("\ufeff \t\r\n")
    return begin.startswith("zoetrope:") or (begin.startswith("{") and '"zoetrope"' in begin)


def can_drop(data: QMimeData | None) -> bool:
    """Say whether a drop may bring a figure or data: a local file, a recipe, or lines of text."""
    if data is None:
        return False
    if dropped_files(data):
        return True
    return data.hasText() and (is_recipe(data.text()) or "\n" in data.text().strip())
