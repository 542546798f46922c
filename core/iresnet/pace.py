"""How fast a training goes, and may go: steps a second of real time."""

from __future__ import annotations

import time
from collections import deque

from zoetrope.core.lab import Readout

_LOOKED_BACK = 3.0  # seconds
_MADE_UP = 0.25  # seconds


class Pace:
    """Told now and then which step has been reached, it knows how fast that goes."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()
        self._began = 0.0

    def readouts(self, step: int, moving: bool) -> tuple[Readout, ...]:
        """Take note of a step and return the speed; nothing where training stands still, so that
        what is shown then depends on nothing but the parameters.
        """
        now = time.perf_counter()
        if not moving or (self._marks and step < self._marks[-1][1]):
            self._marks.clear()
        if not moving:
            return ()
        if not self._marks:
            self._began = now
        self._marks.append((now, step))
        while now - self._marks[0][0] > _LOOKED_BACK and len(self._marks) > 2:
            self._marks.popleft()
        since = Readout("seconds", "Training for", float(f"{now - self._began:.3g}"), "s",
                        help="Since it was set going.")  # fmt: skip
        began, first = self._marks[0]
        if step == first:
            return (since,)
        speed = (step - first) / (now - began)
        return Readout("speed", "Training speed", float(f"{speed:.3g}"), "steps/s"), since


class SpeedLimit:
    """Says how many steps may be taken now, so that a second has no more than it should.

    What could not be taken in time is made up for, as far as a quarter of a second and one step go.
    """

    def __init__(self) -> None:
        self._known = time.perf_counter()
        self._due = 0.0  # steps

    def due(self, per_second: float) -> int:
        """Return how many steps may be taken now."""
        now = time.perf_counter()
        most = 1.0 + _MADE_UP * per_second
        self._due = min(self._due + (now - self._known) * per_second, most)
        self._known = now
        return int(self._due)

    def take(self, steps: int) -> None:
        """Note that so many were taken."""
        self._due = max(0.0, self._due - steps)
