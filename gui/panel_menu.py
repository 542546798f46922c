"""The menu of a panel, and what it puts on the clipboard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPoint, QRectF
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QApplication, QMenu

from zoetrope.gui.language import say
from zoetrope.gui.panel_copy import panel_text

if TYPE_CHECKING:
    from zoetrope.gui.canvas import Canvas
    from zoetrope.gui.panel_view import PanelView

_SCALE = 2.0  # of a copied picture, in times the screen's resolution
_MARGIN = 8  # pixels round it


class PanelMenu(QMenu):
    """Resets the view of one panel, or copies its numbers or its picture."""

    def __init__(self, canvas: Canvas, panels: Mapping[str, PanelView], name: str) -> None:
        super().__init__(canvas)
        self._canvas, self._panels, self._name = canvas, panels, name
        for deed, words in (
            ("reset", say("Reset view")),
            ("data", say("Copy data")),
            ("picture", say("Copy picture")),
        ):
            action = self.addAction(words)
            assert action is not None
            action.setData(deed)
        self.triggered.connect(self._choose)

    def open_at(self, place: QPoint) -> None:
        """Pop up at a place on the screen; closed, it is gone."""
        self.aboutToHide.connect(self.deleteLater)
        self.popup(place)

    def _choose(self, action: QAction) -> None:
        if self._name not in self._panels:  # another figure came while it was open
            return
        {"reset": self._reset, "data": self._copy_data, "picture": self._copy_picture}[
            action.data()
        ]()

    def _reset(self) -> None:
        """Show the panel as it was drawn."""
        self._canvas.reset_view(self._name)

    def _copy_data(self) -> None:
        """Put the panel's numbers on the clipboard as a table."""
        clipboard = QApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(panel_text(self._panels[self._name].panel))

    def _copy_picture(self) -> None:
        """Put the picture of the panel on the clipboard."""
        clipboard = QApplication.clipboard()
        if clipboard is not None:
            cell = self._panels[self._name].cell
            cell = cell.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
            cell = cell.intersected(QRectF(self._canvas.rect()))
            part = QRectF(cell.topLeft() * _SCALE, cell.size() * _SCALE).toRect()
            clipboard.setImage(self._canvas.grab_image(_SCALE).copy(part))
