"""A chain's motion as it is played: its states at even times, and what is measured at them."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from zoetrope.core.rope.chain import ChainState, advance
from zoetrope.core.rope.chain_measures import ChainMeasures, measure_chain
from zoetrope.core.rope.elliptic import FloatArray

PER_TURN = 60  # states that are kept
SLICE = 12e-3  # seconds of work between yields, about
AT_ONCE = 20  # steps between looks at the clock


@dataclass(slots=True)
class ChainRun:
    """States and measures so far, one more for every 1/60 of a turn at full speed.

    `plane` are the angles in radians of the plane through the axis that the chain is closest to, in
    the turning frame, each the next after the last: without jumps by half a turn.
    """

    states: list[ChainState] = field(default_factory=list)
    measures: list[ChainMeasures] = field(default_factory=list)
    plane: list[float] = field(default_factory=list)
    _columns: dict[str, FloatArray] = field(default_factory=dict)

    def add(self, state: ChainState) -> None:
        """Keep a state."""
        self.states.append(state)
        self.measures.append(measure_chain(state))
        self.plane.append(_plane(state, self.plane[-1] if self.plane else None))

    def column(self, name: str) -> FloatArray:
        """The measure of a name in `ChainMeasures` at all states so far [n]; not to be written."""
        column = self._columns.get(name)
        if column is None or len(column) < len(self.measures):
            column = np.array([getattr(measures, name) for measures in self.measures])
            self._columns[name] = column
        return column

    def turns(self) -> FloatArray:
        """The times of the states, in turns at full speed."""
        return np.arange(len(self.states)) / PER_TURN

    def at(self, turns: float) -> int:
        """The index of the state nearest to a time, the newest where it has not been reached."""
        return min(max(round(turns * PER_TURN), 0), len(self.states) - 1)

    def settled(self, share: float) -> float | None:
        """The turns after which the distance stays below `share` of the sag, if it does."""
        above = np.flatnonzero(self.column("distance_ratio") >= share)
        first = int(above[-1]) + 1 if above.size else 0
        return None if first >= len(self.measures) else first / PER_TURN


def run_chain(start: ChainState, turns: float) -> Iterator[ChainRun]:
    """Let a chain move for `turns` turns at full speed; yields the one growing run again and again.

    Raises RopeError as `advance` does.
    """
    chain, run, state = start.chain, ChainRun(), start
    run.add(state)
    yield run
    interval = 2 * math.pi / (chain.omega * PER_TURN)
    began = time.perf_counter()
    for number in range(1, round(turns * PER_TURN) + 1):
        left = round((start.time + number * interval - state.time) / chain.step)
        while left > 0:
            steps = min(left, AT_ONCE)
            state = advance(state, steps * chain.step)
            left -= steps
            if time.perf_counter() - began > SLICE:
                yield run
                began = time.perf_counter()
        run.add(state)
    yield run


def _plane(state: ChainState, before: float | None) -> float:
    """The angle of the plane with the greatest moment, of its repeats the nearest to `before`."""
    _, y, z = state.position
    angle = math.atan2(2 * float(y @ z), float(y @ y - z @ z)) / 2
    if before is not None:
        return angle + math.pi * round((before - angle) / math.pi)
    below = float(y.sum()) * math.cos(angle) + float(z.sum()) * math.sin(angle) < 0
    return angle + math.pi if below else angle
