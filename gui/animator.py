"""Moves one parameter smoothly through a range, as an action of a lab asks."""

from __future__ import annotations

import time
from collections.abc import Callable

from PyQt6.QtCore import QObject, Qt, QTimer, pyqtSignal

from zoetrope.core.lab import Animate
from zoetrope.core.on_the_way import on_the_way, smooth

TICK_MS = 16


def position(animate: Animate, seconds: float, log: bool) -> float:
    """Return the value after some seconds: slow at the turning points, in decades if `log`."""
    share = min(max(seconds / animate.seconds, 0.0), 1.0)
    if animate.back:
        share = 1.0 - abs(1.0 - 2.0 * share)
    return on_the_way(animate.start, animate.stop, smooth(share), log=log)


class Animator(QObject):
    """Runs one animation at a time. `moved` asks for a value, again only after `frame_shown`.

    `ended` comes once for each `start`, whether it ran through or was stopped.
    """

    moved = pyqtSignal(str, float)
    ended = pyqtSignal()

    def __init__(
        self, parent: QObject | None = None, *, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._animate: Animate | None = None
        self._log = False
        self._began = 0.0
        self._waiting = False
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def running(self) -> bool:
        """Whether an animation runs."""
        return self._animate is not None

    def start(self, animate: Animate, *, log: bool = False, jump: bool = False) -> None:
        """Begin; with `jump` go to the far end at once, for those who want no motion."""
        self.stop()
        self._animate, self._log = animate, log
        if jump or animate.seconds <= 0:
            self.moved.emit(animate.parameter, animate.stop)
            self.stop()
            return
        self._began = self._clock()
        self._waiting = False
        self._timer.start()
        self._tick()

    def stop(self) -> None:
        """End here."""
        if self._animate is not None:
            self._animate = None
            self._timer.stop()
            self.ended.emit()

    def frame_shown(self) -> None:
        """Say that the picture asked for last is on the screen (or will never come)."""
        self._waiting = False

    def _tick(self) -> None:
        animate = self._animate
        if animate is None or self._waiting:
            return
        seconds = self._clock() - self._began
        self._waiting = True
        self.moved.emit(animate.parameter, position(animate, seconds, self._log))
        if seconds >= animate.seconds:
            self.stop()
