"""Shows what a recipe says in its lab: parameters, what is pinned beside them, a film."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject

from zoetrope.core.comparison import Compared
from zoetrope.core.key_frames import KeyFrames
from zoetrope.core.lab import Lab
from zoetrope.core.parameters import Parameters
from zoetrope.gui.language import later, say
from zoetrope.gui.opening import Opener

if TYPE_CHECKING:
    from zoetrope.gui.window import MainWindow


class RecipeShower(QObject):
    """Puts in a window what an `Opener` has read and understood."""

    def __init__(self, window: MainWindow, opener: Opener) -> None:
        super().__init__(window)
        self._window = window
        opener.opened.connect(self._show)
        opener.film_opened.connect(self._take_film)

    def _show(
        self, lab: Lab[Any], parameters: Parameters, source: str, sentences: list[str]
    ) -> None:
        """Show what a recipe says, as one step that can be taken back."""
        page = self._window.open_lab(lab.id)
        if page is None:
            return
        page.rest()  # what the recipe says is to be seen
        text = later("Open {source}", source=source)
        comparison = lab.comparison if isinstance(lab, Compared) else None
        pinned = comparison.others(parameters) if comparison and comparison.way == "under" else []
        with page.history.together(text) if page.pins.pinned != pinned else nullcontext():
            page.set_parameters(parameters, text)
            page.pins.take(pinned, text)
        if comparison is not None and comparison.way == "beside":
            self._window.commands.compare(comparison)
        for sentence in sentences:
            self._window.notices.say(sentence, "warning")
        self._window.say_briefly(
            say("{title}, from {source}. Ctrl+Z takes you back.", title=lab.title, source=source)
        )

    def _take_film(self, film: KeyFrames) -> None:
        """Take over the key frames of a film that was opened, for the lab that is shown now."""
        if self._window.page is not None:
            self._window.page.key_frames = film.frames
