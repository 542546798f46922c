"""Measures a few cells beforehand, to tell how long a sweep will take."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zoetrope.core.registry import registry
from zoetrope.core.sweep.cells import Labs, Measured, Task, measure_cell, prepare

PATIENCE = 10.0  # seconds for the first cell, which also loads libraries, and for all others


@dataclass(frozen=True, slots=True)
class Trial:
    """What was measured, in the order asked for, and how many seconds a cell takes (None: nobody
    knows yet, only that it is more than `PATIENCE`). `killed` says that the worker died of it.
    """

    measured: tuple[Measured, ...]
    seconds: float | None
    killed: bool = False


class _OutOfTimeError(BaseException):
    """A cell takes longer than there is patience for."""


def try_cells(
    task: Task,
    changes: Sequence[Mapping[str, Any]],
    patience: float = PATIENCE,
    check: Callable[[], None] = lambda: None,
    labs: Labs = registry,
) -> Trial:
    """Measure cells until they are done or patience ends; a cell that is not done by then is
    judged by the share of it that is. Patience begins anew after the first cell. `check` is called
    again and again, and may raise.

    Raises `SweepStoppedError` as `measure_cells` does.
    """
    lab, base = prepare(task, labs)
    began = time.perf_counter()
    measured: list[Measured] = []
    coming: float | None = None
    for change in changes:
        started = time.perf_counter()

        def watch(share: float | None, started: float = started, began: float = began) -> None:
            nonlocal coming
            check()
            now = time.perf_counter()
            if now - began > patience:
                coming = (now - started) / share if share else None
                raise _OutOfTimeError

        try:
            measured.append(measure_cell(task, lab, base, change, watch))
        except _OutOfTimeError:
            break
        if len(measured) == 1:
            began = time.perf_counter()
        elif time.perf_counter() - began > patience:
            break
    # The first cell also loads libraries and fills caches, as only a worker's first does.
    settled = [one.duration for one in measured[1:]] or [one.duration for one in measured]
    if coming is not None:
        settled = [*settled, coming] if len(measured) > 1 else [coming]
    return Trial(tuple(measured), sum(settled) / len(settled) if settled else None)
