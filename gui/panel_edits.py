"""What a gesture on a panel means: values for the parameters that the description names."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QPointF, pyqtSignal

from zoetrope.core.edits import Edit
from zoetrope.core.items import Handle

if TYPE_CHECKING:
    from zoetrope.gui.panel_view import PanelView

_NUDGE = 0.01  # of the visible range, for an arrow key
_SNAP = 5  # pixels within which a drag holds on to where it began, and to zero


class PanelEdits(QObject):
    """Turns clicks, drags and keys on `panels` into parameter values.

    `parameter_value` tells a parameter's present value, from which a turn starts, and to which
    validation has brought what was asked for.
    """

    edited = pyqtSignal(dict)
    started = pyqtSignal()
    finished = pyqtSignal()

    def __init__(
        self,
        parent: QObject,
        panels: Mapping[str, PanelView],
        parameter_value: Callable[[str], float] | None,
    ) -> None:
        super().__init__(parent)
        self._panels = panels
        self.parameter_value = parameter_value
        self._turn_from: dict[str, float] = {}
        self._drag_from: tuple[str, str, float, float] | None = None

    def pick(self, name: str, place: QPointF) -> None:
        """Set what a click at a pixel of a panel sets."""
        view = self._panels[name]
        x, y = view.geometry.data(place.x(), place.y())
        edits = ((view.panel.pick_x, x), (view.panel.pick_y, y))
        values = {edit.parameter: edit.value(at) for edit, at in edits if edit is not None}
        if values:
            self.started.emit()
            self.edited.emit(values)
            self.finished.emit()

    def start_turning(self, name: str) -> None:
        """Note where a panel's camera stands."""
        orbit = self._panels[name].panel.orbit
        if orbit is None:
            return
        self.started.emit()
        value = self.parameter_value
        self._turn_from = {
            edit.parameter: edit.coordinate(value(edit.parameter)) if value else 0.0
            for edit in (orbit.azimuth, orbit.elevation)
        }

    def turn(self, name: str, azimuth: float, elevation: float) -> None:
        """Turn the camera by so many degrees from there."""
        orbit = self._panels[name].panel.orbit
        if orbit is None:
            return
        turns = ((orbit.azimuth, azimuth), (orbit.elevation, elevation))
        values = {
            edit.parameter: edit.value(self._turn_from.get(edit.parameter, 0.0) + degrees)
            for edit, degrees in turns
        }
        self.edited.emit(values)

    def _handle(self, name: str, key: str) -> Handle | None:
        view = self._panels.get(name)
        items = view.panel.items if view is not None else ()
        return next((i for i in items if isinstance(i, Handle) and i.key == key), None)

    def drag(self, name: str, key: str, centre: QPointF) -> None:
        """Edit what a handle sets when its centre goes to a pixel of the canvas."""
        handle = self._handle(name, key)
        if handle is None:
            return
        view = self._panels[name]
        if self._drag_from is None or self._drag_from[:2] != (name, key):
            self._drag_from = (name, key, handle.x, handle.y)
        place = centre - view.plot.topLeft()
        x, y = view.geometry.data(place.x(), place.y())
        beside_x, beside_y = view.geometry.data(place.x() + 1, place.y() + 1)
        x = _snapped(x, self._drag_from[2], abs(beside_x - x))
        y = _snapped(y, self._drag_from[3], abs(beside_y - y))
        self._edit_handle(view, handle, x, y)

    def drop(self) -> None:
        """Forget where a drag began."""
        self._drag_from = None

    def nudge(self, name: str, key: str, right: float, up: float) -> None:
        """Move a handle by steps of the visible range."""
        handle = self._handle(name, key)
        if handle is None:
            return
        view = self._panels[name]
        geometry = view.geometry
        place = view.rings[key].centre - view.plot.topLeft()
        x = place.x() + _NUDGE * right * geometry.width
        y = place.y() - _NUDGE * up * geometry.height
        self._edit_handle(view, handle, *geometry.data(x, y))

    def _edit_handle(self, view: PanelView, handle: Handle, x: float, y: float) -> None:
        edits = ((handle.x_edit, x), (handle.y_edit, y))
        values = {edit.parameter: edit.value(at) for edit, at in edits if edit is not None}
        if not values:
            return
        self.edited.emit(values)
        ring = view.rings.get(handle.key)
        if ring is None or not ring.held:  # the change may have brought another figure
            return
        x = self._settled(handle.x_edit, x, handle.x)
        y = self._settled(handle.y_edit, y, handle.y)
        at_x, at_y = (float(value) for value in view.geometry.pixels(x, y))
        ring.centre_at(view.plot.topLeft() + QPointF(at_x, at_y))

    def _settled(self, edit: Edit | None, asked: float, drawn: float) -> float:
        """Return where a ring belongs: where the parameter's validated value puts it."""
        if edit is None:
            return drawn
        if self.parameter_value is None:
            return asked
        try:
            return edit.coordinate(self.parameter_value(edit.parameter))
        except ZeroDivisionError:  # every place means the same value
            return drawn


def _snapped(value: float, start: float, pixel: float) -> float:
    """Round a dragged coordinate to what a pixel can mean.

    It stays at `start` until it has clearly left it, so that a drag along one axis does not change
    the other; and it finds zero exactly, which no hand would.
    """
    if not 0 < pixel < math.inf:
        return value
    for hold in (start, 0.0):
        if abs(value - hold) < _SNAP * pixel:
            return hold
    return round(value, max(0, -math.floor(math.log10(pixel))))
