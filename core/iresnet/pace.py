"""How fast a training goes: steps a second of real time, over the last seconds."""

from __future__ import annotations

import time
from collections import deque

from zoetrope.core.lab import Readout

_LOOKED_BACK = 3.0  # seconds


class Pace:
    """Told now and then which step has been reached, it knows how fast that goes."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()

    def readouts(self, step: int, moving: bool) -> tuple[Readout, ...]:
        """Take note of a step and return the speed; nothing where training stands still, so that
        what is shown then depends on nothing but the parameters.
        """
        now = time.perf_counter()
        if not moving or (self._marks and step < self._marks[-1][1]):
            self._marks.clear()
        if not moving:
            return ()
        self._marks.append((now, step))
        while now - self._marks[0][0] > _LOOKED_BACK and len(self._marks) > 2:
            self._marks.popleft()
        began, first = self._marks[0]
        if step == first:
            return ()
        speed = (step - first) / (now - began)
        return (Readout("speed", "Training speed", float(f"{speed:.3g}"), "steps/s"),)
