"""Scattering points into a picture with a round brush, and taking them out.

What comes out are the rows of a table parameter, when a stroke ends: the picture would otherwise be
another one under the brush. Until it has come, the points of the stroke are shown over the old one.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PyQt6.QtCore import QObject, QPointF, Qt, QTimer

from zoetrope.core.edits import Spray
from zoetrope.core.parameters import Rows
from zoetrope.gui.language import say
from zoetrope.gui.spray_stroke import Points, Stroke
from zoetrope.gui.tool import Tool

if TYPE_CHECKING:
    from zoetrope.gui.panel_view import PanelView

_WORDS = (
    "Hold the button to scatter points, or to take them out. Ctrl+drag goes along a straight line. "
    "The wheel, or plus and minus, makes the brush wider."
)
_DIGITS = 6  # of a place, over the whole ground
_TICK_MS = 30  # between two showers


@dataclass(slots=True)
class _Hand:
    """A stroke that goes on."""

    name: str
    stroke: Stroke
    at: Points  # [2]
    when: float  # of the last shower
    due: float = 1.0  # points, with a fraction: a click lets one fall


class PointSpray(Tool):
    """Turns strokes over `panels` into rows.

    `state` tells a parameter's present value; `clock` counts seconds.
    """

    def __init__(
        self,
        parent: QObject,
        panels: Mapping[str, PanelView],
        state: Callable[[str], Any] | None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        super().__init__(parent, panels)
        self.state = state
        self.clock = clock
        self._hand: _Hand | None = None
        self._shown: tuple[str, Stroke] | None = None  # that no picture has yet, and its panel
        self._over: tuple[str, QPointF] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.tick)

    def words(self, name: str) -> str:
        """Say how points are scattered."""
        return say(_WORDS)

    def cursor(self, name: str, place: QPointF) -> Qt.CursorShape | None:
        """Return a cross."""
        return Qt.CursorShape.CrossCursor

    # What lies over a panel

    def hover(self, name: str, place: QPointF | None) -> list[str]:
        """Follow the mouse over a panel, None where it has left; return where the brush moves."""
        before = [self._over[0]] if self._over is not None else []
        sprays = name in self._panels and self._panels[name].panel.spray is not None
        self._over = (name, place) if sprays and place is not None else None
        return [*before, name] if self._over is not None else before

    def brush(self, name: str) -> tuple[QPointF, float, float] | None:
        """Return the middle of the brush on a panel and its radii across and up, in pixels."""
        over, spray = self._over, self._panels[name].panel.spray
        if over is None or over[0] != name or spray is None or self.state is None:
            return None
        across, up = self._panels[name].geometry.pixel
        radius = self.state(spray.radius)
        return over[1], abs(radius / across), abs(radius / up)

    def fresh(self, name: str) -> list[QPointF]:
        """Return the points that a stroke has brought, in the panel's pixels."""
        return self._pixels(name, lambda stroke: stroke.fallen)

    def gone(self, name: str) -> list[QPointF]:
        """Return the points that a stroke has taken out, in the panel's pixels."""
        return self._pixels(name, lambda stroke: stroke.taken)

    def _pixels(self, name: str, of: Callable[[Stroke], Points]) -> list[QPointF]:
        if self._shown is None or self._shown[0] != name:
            return []
        x, y = self._panels[name].geometry.pixels(*of(self._shown[1]).T)
        return [QPointF(*at) for at in zip(x.tolist(), y.tolist(), strict=True)]

    # The mouse

    def press(self, name: str, place: QPointF, modifiers: Qt.KeyboardModifier) -> bool:
        """Begin a stroke; with Shift the panel does what it does."""
        self.end(name)
        spray = self._panels[name].panel.spray
        if spray is None or self.state is None or modifiers & Qt.KeyboardModifier.ShiftModifier:
            return False
        at, now = self._data(name, place), self.clock()
        straight = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        before = np.array(self._rows(spray), dtype=np.float64).reshape(-1, 2)
        stroke = Stroke(before, at, straight=straight, erases=self.state(spray.erases))
        self._hand = _Hand(name, stroke, at, now)
        self.started.emit()
        self._timer.start()
        self.tick()
        return True

    def move(self, name: str, place: QPointF) -> None:
        """Take the brush on; the points fall at their own rate."""
        if self._hand is not None:
            self._hand.at = self._data(name, place)
            self._over = (name, place)
            self.touched.emit(name)

    def release(self, name: str, place: QPointF) -> bool:
        """End the stroke."""
        self.end(name)
        return True

    def double_click(self, name: str, place: QPointF) -> bool:
        """Two clicks are two strokes."""
        return self.press(name, place, Qt.KeyboardModifier.NoModifier)

    def zoom(self, name: str, factor: float, place: QPointF) -> bool:
        """Make the brush wider or narrower, as the wheel does with what is looked at."""
        spray = self._panels[name].panel.spray
        if spray is None or self.state is None:
            return False
        self.edited.emit({spray.radius: self.state(spray.radius) / factor})
        if name in self._panels:
            self.touched.emit(name)
        return True

    def tick(self) -> None:
        """Let the points fall that are due."""
        hand = self._hand
        spray = self._panels[hand.name].panel.spray if hand is not None else None
        if hand is None or spray is None or self.state is None:
            return
        now = self.clock()
        hand.due += (now - hand.when) * self.state(spray.rate)
        room = max(spray.most - len(hand.stroke.points), 0)
        count = min(int(hand.due), room)
        hand.due, hand.when = hand.due - int(hand.due), now
        hand.stroke.go(hand.at, count, self.state(spray.radius))
        self._shown = (hand.name, hand.stroke)
        self.touched.emit(hand.name)

    def _tell(self, hand: _Hand, spray: Spray) -> None:
        x0, x1, y0, y1 = spray.ground
        inside = np.clip(hand.stroke.points, (x0, y0), (x1, y1))
        digits = _DIGITS - math.ceil(math.log10(max(x1 - x0, y1 - y0)))
        rows = tuple(map(tuple, inside.round(digits).tolist()))
        self.edited.emit({spray.table.parameter: rows, **dict(spray.table.also)})

    def end(self, name: str) -> None:
        """End a stroke as it is."""
        hand = self._hand
        if hand is None or hand.name != name:
            return
        self.tick()
        spray = self._panels[name].panel.spray
        self._hand = None
        self._timer.stop()
        if spray is not None:
            self._tell(hand, spray)
        self.finished.emit()

    def follow(self, name: str) -> None:
        """Take in a new picture: after the stroke, it has the points."""
        if self._hand is None and self._shown is not None and self._shown[0] == name:
            self._shown = None

    def forget(self, name: str) -> None:
        """End and forget what was done on a panel that goes away."""
        super().forget(name)
        self.follow(name)
        if self._over is not None and self._over[0] == name:
            self._over = None

    def _rows(self, spray: Spray) -> Rows:
        """Return the points that there are: none where the table is not what is shown."""
        assert self.state is not None
        ours = all(self.state(other) == value for other, value in spray.table.also)
        rows: Rows = self.state(spray.table.parameter) if ours else ()
        return rows

    def _data(self, name: str, place: QPointF) -> Points:
        return np.array(self._panels[name].geometry.data(place.x(), place.y()))
