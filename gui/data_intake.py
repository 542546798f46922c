"""Data that come to the window from anywhere: dropped, opened or pasted, for whichever lab."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QGuiApplication

from zoetrope.core.declarations import DataFile
from zoetrope.core.lab import Lab
from zoetrope.core.recipe import Recipe
from zoetrope.core.recipe_data import fingerprints
from zoetrope.gui.background import Background
from zoetrope.gui.errors import copy_text
from zoetrope.gui.language import say, say_all
from zoetrope.gui.opening import dropped_files, is_recipe
from zoetrope.gui.page_files import taken_by
from zoetrope.gui.pasted_tables import PastedTables

if TYPE_CHECKING:
    from zoetrope.gui.window import MainWindow

MOST_PASTED = 1 << 28  # characters
PICTURES = (".png", ".jpg", ".jpeg", ".webp")  # of which one may have lost its recipe on the way


class DataIntake(QObject):
    """Gives data to the lab that is shown; where that takes none, offers the labs that do."""

    def __init__(self, window: MainWindow, folder: Path) -> None:
        super().__init__(window)
        self._window = window
        self.pasted = PastedTables(folder)
        self._background = Background("data", self)

    def take_file(self, path: str, sentence: str) -> None:
        """Offer a file that holds no recipe, as `sentence` says, to the lab that is shown."""
        page = self._window.page
        # A picture is more likely a figure that lost its recipe than what another page measures.
        picture = Path(path).suffix.lower() in PICTURES
        taken = page is not None and not (picture and page.files.elsewhere(path))
        if taken and page.files.offer(path):
            return
        self._window.recent.forget(path)
        self._say_who_takes(path, sentence)

    def take_text(self, text: str) -> None:
        """Offer a table that was pasted: it is kept as a file, which a recipe can refer to."""
        if len(text) > MOST_PASTED:
            self._window.notices.say(say("The pasted text is too long to be a table."), "warning")
            return
        self._background.run(lambda: self.pasted.keep(text), self._offer_kept, self._not_kept)

    def paste(self) -> None:
        """Take what is on the clipboard: a file, a recipe, or cells of a table."""
        clipboard = QGuiApplication.clipboard()
        data = clipboard.mimeData() if clipboard is not None else None
        opener = self._window.opener
        if dropped_files(data) or (data is not None and is_recipe(data.text())):
            opener.open_dropped(data)
        elif data is not None and data.text().strip():
            self.take_text(data.text())
        else:
            self._window.notices.say(
                say("The clipboard holds neither a table nor a file."), "warning"
            )

    def copy_recipe(self) -> None:
        """Copy a line of text that brings this figure back, with the fingerprints of its data."""
        page, tab = self._window.page, self._window.tab
        if page is None or tab is None:
            return
        lab, parameters = page.pins.compared(tab.lab), page.parameters
        declared = parameters.declarations().items()
        named = any(isinstance(d, DataFile) and getattr(parameters, n) for n, d in declared)

        def copy(data: Mapping[str, Any]) -> None:
            recipe = Recipe.of(lab, parameters, data)
            self.pasted.hold(recipe.to_json())
            copy_text(recipe.to_code())
            self._window.say_briefly(say("The recipe code is on the clipboard."))

        if named:  # files are read for it
            self._background.run(lambda: fingerprints(parameters), copy, self._raise)
        else:
            copy({})

    def tidy(self) -> None:
        """Remove pasted tables that nothing names any more."""
        self._background.run(self.pasted.tidy, lambda _: None, self._raise)

    def close(self) -> bool:
        """Stop."""
        return self._background.close(timeout=0.2)

    def _offer_kept(self, kept: tuple[Path, bool]) -> None:
        path, new = kept

        def unused() -> None:
            if new:
                with suppress(OSError):  # a file that stays does no harm
                    path.unlink()

        page = self._window.page
        if page is None or not page.files.offer(str(path), unused):
            self._say_who_takes(str(path), "")

    def _not_kept(self, error: Exception) -> None:
        if not isinstance(error, OSError):
            raise error
        why = error.strerror or str(error)
        self._window.notices.say(say("The pasted table cannot be kept: {why}.", why=why), "warning")

    def _say_who_takes(self, path: str, sentence: str) -> None:
        """Say that the lab that is shown does not take such data, and offer those that do.

        `sentence` says that there is no recipe in it.
        """
        window, name = self._window, Path(path).name
        takers = [lab for lab in window.labs.values() if taken_by(lab.parameters, path)]
        title = window.tab.lab.title if window.tab is not None else ""
        if not takers:
            words = say_all([sentence, say("Nor is it data that any lab reads.")], " ")
        elif Path(path).suffix.lower() in PICTURES:
            words = sentence
        elif title:
            words = say("{name} is data, which the lab {lab} does not read.", name=name, lab=title)
        else:
            words = say("{name} is data: choose the lab that shall read it.", name=name)
        offers = [
            (say("Open in {lab}", lab=lab.title), partial(self._open_in, lab, path))
            for lab in takers
        ]
        window.notices.say(words, "warning", offers)

    def _open_in(self, lab: Lab[Any], path: str) -> None:
        page = self._window.open_lab(lab.id)
        if page is not None:
            page.files.offer(path)

    @staticmethod
    def _raise(error: Exception) -> None:
        raise error
