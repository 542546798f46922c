"""Where a sweep is measured, and how far it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from zoetrope.core.sweep.store import Row


@dataclass(frozen=True, slots=True)
class Where:
    """Where cells are measured: on a cluster, or on `workers` processes here (0: all cores)."""

    cluster: str = ""
    workers: int = 0
    device: str = "auto"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sweep is. `failed` of the `done` cells have an error instead of numbers, `taken`
    were measured before, in other sweeps on this machine.

    `seconds_left` is None while nobody knows. `said` is a sentence while there is something to
    wait for.
    """

    done: int
    total: int
    failed: int
    seconds_left: float | None
    workers: int
    dashboard: str = ""
    said: str = ""
    taken: int = 0


Tell = Callable[[Progress, Sequence[Row]], None]
