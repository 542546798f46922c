"""Zooming and panning: what they mean for the ranges that the panels show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QPointF, QRectF, pyqtSignal
from PyQt6.QtWidgets import QApplication

from zoetrope.gui.panel_ranges import PanelRanges
from zoetrope.gui.panel_surface import PanelSurface
from zoetrope.gui.panel_tools import PanelTools

if TYPE_CHECKING:
    from zoetrope.gui.panel_view import PanelView


class ViewGestures(QObject):
    """Turns gestures on `panels` into the ranges that a person chose, or that parameters hold.

    `changed` says that other ranges are wanted, and whether to go there smoothly.
    """

    edited = pyqtSignal(dict)
    started = pyqtSignal()
    finished = pyqtSignal()
    changed = pyqtSignal(bool)

    def __init__(
        self,
        parent: QObject,
        panels: Mapping[str, PanelView],
        ranges: PanelRanges,
        tools: PanelTools,
    ) -> None:
        super().__init__(parent)
        self._panels, self._ranges, self._tools = panels, ranges, tools
        self._dragged = ""  # the panel on which a drag edits parameters

    def listen(self, surface: PanelSurface) -> None:
        """Take the gestures of a panel that is new. Bound methods only: others keep it alive."""
        surface.zoomed.connect(self._zoom)
        surface.panned.connect(self._pan)
        surface.boxed.connect(self._zoom_to)
        surface.reset.connect(self.reset)
        surface.gesture_started.connect(self._start)
        surface.gesture_finished.connect(self._finish)

    def _start(self, name: str) -> None:
        if self._panels[name].panel.orbit is not None:
            self._dragged = name
            self._tools.edits.start_turning(name)
        elif any(self._ranges.views(name)):
            self._dragged = name
            self.started.emit()

    def _finish(self, name: str) -> None:
        if self._dragged == name:
            self._dragged = ""
            self.finished.emit()

    def _zoom(self, name: str, factor: float, place: QPointF) -> None:
        if not self._tools.zoom(name, factor, place):
            self._panels[name].zoom(factor, place, self._ranges.views(name))
            self._take(name)

    def _zoom_to(self, name: str, box: QRectF) -> None:
        if min(box.width(), box.height()) >= QApplication.startDragDistance():
            self._panels[name].zoom_to(box, self._ranges.views(name))
            self._take(name)

    def _pan(self, name: str, right: float, down: float) -> None:
        self._panels[name].pan(right, down, self._ranges.views(name))
        self._take(name)

    def _take(self, name: str) -> None:
        """Go to the range that the person has just chosen on a panel."""
        values = self._ranges.chosen(name)
        if values:
            self.edited.emit(values)
        self.changed.emit(False)

    def reset(self, name: str) -> None:
        """Go back to the automatic ranges of a panel, and of those it is linked with."""
        self._ranges.forget_chosen(name)
        values = self._ranges.whole(name)
        if values:
            self.started.emit()
            self.edited.emit(values)
            self.finished.emit()
        self.changed.emit(True)
