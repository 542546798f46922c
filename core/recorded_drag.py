"""A person's last drag of a handle, a point or a slider, kept so that a film can play it."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from zoetrope.core.parameters import Parameters, Playhead, ViewEnd

LAST_DRAG = "last drag"  # what stands for it among choices, where a number's way has its text
MOST_STATES = 250
FINEST = 0.02  # seconds between two states; no film shows more of them
FEWEST_STATES = 3  # a click has two: before and after


@dataclass(frozen=True, slots=True)
class RecordedDrag:
    """What a drag changed: from `seconds[i]` on, counted from its beginning, it was `values[i]`.

    Values are those of parameters, by name. Rows that did not move are the same objects in all
    states of a table, so that pickled they are there once.
    """

    seconds: tuple[float, ...]
    values: tuple[Mapping[str, Any], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that were changed."""
        return tuple(self.values[0])

    @property
    def duration(self) -> float:
        """How many seconds it took."""
        return self.seconds[-1]

    def apply(self, parameters: Parameters, step: int, count: int) -> Parameters:
        """Return the parameters of a picture, from 0 to count - 1, as time went.

        All that was not dragged is as in `parameters`. Raises `ParameterError` where it does not
        fit them.
        """
        if step >= count - 1:
            return self._put(parameters, -1)
        return self._put(
            parameters, bisect_right(self.seconds, self.duration * step / (count - 1)) - 1
        )

    def _put(self, parameters: Parameters, place: int) -> Parameters:
        # A member of a linked group that is not given goes when the one that is comes.
        given = {name: value for name, value in self.values[place].items() if value is not None}
        return parameters.change(**given)


class DragRecorder:
    """Notes what a drag changes; `last` is the last drag that went anywhere, None before one.

    Of a long drag every second state is let go, again and again: at most `MOST_STATES` are kept.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.last: RecordedDrag | None = None
        self._clock = clock
        self._noted: list[tuple[float, Parameters]] = []  # empty while nothing is dragged
        self._began = 0.0
        self._spacing = FINEST

    def begin(self, parameters: Parameters) -> None:
        """Start with the parameters from which something is dragged."""
        self._began, self._spacing = self._clock(), FINEST
        self._noted = [(0.0, parameters)]

    def note(self, parameters: Parameters) -> None:
        """Take parameters that come into force, if something is being dragged."""
        noted = self._noted
        if not noted:
            return
        # The newest is always there; it gives way if it came too soon after the one before.
        if len(noted) > 2 and noted[-1][0] - noted[-2][0] < self._spacing:
            noted.pop()
        noted.append((self._clock() - self._began, parameters))
        if len(noted) > MOST_STATES:
            self._noted = noted[:-1:2] + noted[-1:]
            self._spacing *= 2

    def end(self) -> None:
        """Keep the drag, if it moved anything by more than a click does."""
        noted, self._noted = self._noted, []
        if not noted:
            return
        names = _changed([parameters for _, parameters in noted])
        seconds, values = [0.0], [_of(noted[0][1], names)]
        for second, parameters in noted[1:]:
            now = _of(parameters, names)
            if now != values[-1]:
                seconds.append(second)
                values.append(now)
        if len(values) >= FEWEST_STATES:
            self.last = RecordedDrag(tuple(seconds), tuple(values))


def _changed(states: list[Parameters]) -> list[str]:
    """Return what differs from the first state; a playhead that runs and views are no matter."""
    first = states[0]
    return [
        name
        for name, declared in first.declarations().items()
        if not isinstance(declared, (Playhead, ViewEnd))
        and any(getattr(state, name) != getattr(first, name) for state in states)
    ]


def _of(parameters: Parameters, names: list[str]) -> dict[str, Any]:
    return {name: getattr(parameters, name) for name in names}
