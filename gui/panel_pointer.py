"""Where the mouse is over the panels: the crosshair they share, and the live values it sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QPointF, QTimer, pyqtSignal

from zoetrope.gui.panel_marks import cross_words

if TYPE_CHECKING:
    from zoetrope.gui.panel_view import PanelView

_FRAME_MS = 16


class PanelPointer(QObject):
    """Follows the mouse over `panels`. `moved` carries live values, at most once a frame."""

    moved = pyqtSignal(dict)

    def __init__(self, parent: QObject, panels: Mapping[str, PanelView]) -> None:
        super().__init__(parent)
        self._panels = panels
        self._over = ""
        self._group = ""
        self._at = (0.0, 0.0)  # in data units
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(_FRAME_MS)
        self._frame.timeout.connect(self._tell)

    def hover(self, name: str, place: QPointF) -> list[str]:
        """Note where the mouse is; return the panels whose crosshair moves."""
        view = self._panels[name]
        touched = self._crossed()
        self._over, self._group = name, view.panel.crosshair
        self._at = view.geometry.data(place.x(), place.y())
        hovers = view.panel.hover_x is not None or view.panel.hover_y is not None
        if hovers and not self._frame.isActive():
            self._frame.start()
        return list(dict.fromkeys(touched + self._crossed()))

    def leave(self, name: str) -> list[str]:
        """Note that the mouse has left a panel; return the panels that lose their crosshair."""
        if name != self._over:
            return []
        touched = self._crossed()
        self._over = self._group = ""
        self._frame.stop()
        return touched

    def forget(self, name: str) -> None:
        """Forget a panel that goes away."""
        self.leave(name)

    def cross(self, name: str) -> tuple[tuple[float, float] | None, str]:
        """Return where a panel's crosshair stands in its pixels, and the words at it."""
        view = self._panels[name]
        if not self._group or view.panel.crosshair != self._group:
            return None, ""
        x, y = (float(value) for value in view.geometry.pixels(*self._at))
        return (x, y), cross_words(view.geometry, *self._at)

    def _crossed(self) -> list[str]:
        if not self._group:
            return []
        return [name for name, v in self._panels.items() if v.panel.crosshair == self._group]

    def _tell(self) -> None:
        view = self._panels.get(self._over)
        if view is None:
            return
        edits = zip((view.panel.hover_x, view.panel.hover_y), self._at, strict=True)
        values = {edit.parameter: edit.value(at) for edit, at in edits if edit is not None}
        if values:
            self.moved.emit(values)
