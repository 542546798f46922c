"""Giving each panel its place on the canvas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PyQt6.QtCore import QRectF

from zoetrope.core.figure import Figure
from zoetrope.gui.geometry import Look
from zoetrope.gui.panel_grid import Margins, cells, even_cells, shared_margins

if TYPE_CHECKING:
    from zoetrope.gui.panel_view import PanelView


class PanelPlacement:
    """Places `panels` in their cells; those in a column or row share their margins.

    The margins that a panel's words needed are kept: a picture that shifts back and forth as its
    numbers change is worse than some room too much.
    """

    def __init__(self, panels: Mapping[str, PanelView]) -> None:
        self._panels = panels
        self._margins: dict[str, Margins] = {}

    def arrange(
        self, figure: Figure, width: float, height: float, look: Look, *, anew: bool
    ) -> bool:
        """Place the panels on a canvas of that size; return whether any was moved.

        With `anew` margins may shrink too.
        """
        places = cells(figure, width, height)
        for panel in figure.panels:
            needed = self._panels[panel.name].measure(places[panel.name], look)
            kept = self._margins.get(panel.name)
            if kept is not None and not anew:
                needed = Margins(
                    max(needed.left, kept.left),
                    max(needed.top, kept.top),
                    max(needed.right, kept.right),
                    max(needed.bottom, kept.bottom),
                )
            self._margins[panel.name] = needed
        moved = False
        margins = {p.name: shared_margins(figure, p, self._margins) for p in figure.panels}
        if figure.even:
            margins = {panel.name: self._margins[panel.name] for panel in figure.panels}
            places = even_cells(figure, margins, width, height)
        for panel in figure.panels:
            view = self._panels[panel.name]
            before = QRectF(view.plot)
            view.place(places[panel.name], margins[panel.name])
            moved = moved or view.plot != before
        return moved

    def forget(self, name: str) -> None:
        """Forget a panel that goes away."""
        self._margins.pop(name, None)
