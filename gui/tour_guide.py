"""Guided tours: what each step of the strip below the tabs shows in its lab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject

from zoetrope.core.lab import Lab
from zoetrope.core.tours import Tour
from zoetrope.gui.language import later
from zoetrope.gui.tour_strip import TourStrip

if TYPE_CHECKING:
    from zoetrope.gui.window import MainWindow


class TourGuide(QObject):
    """Leads through the tours of the labs in a window; `strip` is what the person sees of it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.strip = TourStrip()
        self.strip.stepped.connect(self._show_step)
        self.strip.left.connect(self._left)

    def begin(self, lab_id: str, key: str) -> None:
        """Begin a tour of a lab."""
        lab = self._window.labs[lab_id]
        self.strip.begin(lab, next(tour for tour in lab.tours if tour.key == key))

    def _show_step(self, lab: Lab[Any], tour: Tour, index: int) -> None:
        """Show a step of a tour, which can be taken back as one."""
        page = self._window.open_lab(lab.id)
        if page is not None:
            begin, _ = list(tour.states(lab.parameters))[index]
            step = tour.steps[index]
            page.guide(begin, later("Tour: {title}", title=step.title), step.animate)
        self._window.menu_state.refresh()

    def _left(self) -> None:
        self._window.menu_state.refresh()
        if self._window.page is not None:
            self._window.page.setFocus()
