"""Tasks of a sweep on the workers of a cluster: made, tried, and what their failing means."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from typing import Any

from zoetrope.core.sweep.cells import Task
from zoetrope.core.sweep.definition import Cell, Definition
from zoetrope.core.sweep.errors import SweepStoppedError
from zoetrope.core.sweep.progress import Where
from zoetrope.core.sweep.trial import PATIENCE, Trial, try_cells
from zoetrope.core.sweep.workers import Workers, connect


class SchedulerLostError(Exception):
    """The cluster's scheduler is gone, or has begun anew."""


@contextlib.contextmanager
def reaching_scheduler() -> Iterator[None]:
    """Turn what Dask raises where its scheduler does not answer into `SchedulerLostError`."""
    from distributed.client import ClosedClientError

    try:
        yield
    except (OSError, TimeoutError, CancelledError, ClosedClientError):
        raise SchedulerLostError from None


class LazyWorkers:
    """The workers, connected with when they are first needed; gone when `opened` closes."""

    def __init__(self, where: Where, opened: contextlib.ExitStack) -> None:
        self._where, self._opened = where, opened
        self._connected: Workers | None = None

    def __call__(self) -> Workers:
        """Return the workers."""
        if self._connected is None:
            self._connected = self._opened.enter_context(
                connect(self._where.cluster, self._where.workers)
            )
        return self._connected

    @property
    def connected(self) -> Workers | None:
        """The workers, or None where nobody needed them yet."""
        return self._connected


def task_of(definition: Definition, where: Where) -> Task:
    """Return what the workers are told once."""
    return Task(definition.lab.id, definition.base.plain(), definition.keep, where.device)


def spread(definition: Definition) -> Iterator[Cell]:
    """Yield the first cell, one in the middle and the last."""
    last = definition.size - 1
    for place in dict.fromkeys((0, (last + 1) // 2, last)):
        yield definition.cell(place)


def try_some(
    definition: Definition, cells: Sequence[Cell], where: Where, workers: LazyWorkers
) -> Trial:
    """Measure a few cells on a worker."""
    future = workers().client.submit(
        try_cells, task_of(definition, where), [dict(cell.changes) for cell in cells], PATIENCE,
        pure=False, **restricted(where, workers()),
    )  # fmt: skip
    from distributed import KilledWorker

    try:
        with reaching_scheduler():
            trial: Trial = future.result()
    except (SweepStoppedError, SchedulerLostError):
        raise
    except KilledWorker:
        return Trial((), None, killed=True)
    except Exception as error:
        raise not_started(error) from None
    return trial


def restricted(where: Where, workers: Workers) -> dict[str, Any]:
    """Return what keeps tasks for the GPU on the worker that owns it."""
    return {"resources": {"GPU": 1}} if where.device == "cuda" and workers.gpu else {}


def not_started(error: Exception) -> Exception:
    """Return in a sentence why a worker could not even begin."""
    first = str(error).splitlines()[0][:200].rstrip(".") if str(error) else type(error).__name__
    if isinstance(error, ImportError):
        return SweepStoppedError(f"A worker lacks a package ({first}): install Zoetrope there.")
    return SweepStoppedError(f"The workers cannot measure this sweep: {first}.")
