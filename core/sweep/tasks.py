"""Tasks of a sweep on the workers of a cluster: made, tried, and what their failing means."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError

from zoetrope.core.sweep.cells import Task
from zoetrope.core.sweep.definition import Cell, Definition
from zoetrope.core.sweep.errors import SweepStoppedError
from zoetrope.core.sweep.progress import Where
from zoetrope.core.sweep.trial import PATIENCE, Trial, try_cells
from zoetrope.core.sweep.workers import START_PATIENCE, Workers, connect

COUNT_EVERY = 5.0  # seconds between two looks at how many workers there are
LOOK_EVERY = 0.5  # the same while there is none
GLANCE = 0.02  # seconds between two looks at a trial


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
        self._count, self._counted, self._manned = 0, 0.0, 0.0

    def __call__(self) -> Workers:
        """Return the workers."""
        if self._connected is None:
            where = self._where
            self._connected = self._opened.enter_context(
                connect(where.cluster, where.workers, where.device)
            )
            self._manned = time.monotonic()
        return self._connected

    @property
    def connected(self) -> Workers | None:
        """The workers, or None where nobody needed them yet."""
        return self._connected

    def count(self) -> int:
        """Return how many cells can be measured at the same time now.

        Raises `SchedulerLostError` where this machine's workers have all been gone for long: they
        are started anew when they die, and these were not.
        """
        workers, now = self(), time.monotonic()
        if now - self._counted > (COUNT_EVERY if self._count else LOOK_EVERY):
            with reaching_scheduler():
                self._count, self._counted = workers.count(), now
            if self._count:
                self._manned = now
            elif not self._where.cluster and now - self._manned > START_PATIENCE:
                raise SchedulerLostError
        return self._count


def task_of(definition: Definition, where: Where) -> Task:
    """Return what the workers are told once."""
    return Task(definition.lab.id, definition.base.plain(), definition.keep, where.device)


def spread(definition: Definition) -> Iterator[Cell]:
    """Yield the first cell, one in the middle and the last."""
    last = definition.size - 1
    for place in dict.fromkeys((0, (last + 1) // 2, last)):
        yield definition.cell(place)


def try_some(
    definition: Definition,
    cells: Sequence[Cell],
    where: Where,
    workers: LazyWorkers,
    check: Callable[[], None],
) -> Trial:
    """Measure a few cells on a worker; `check` is called meanwhile, and may raise."""
    from distributed import KilledWorker

    with reaching_scheduler():
        future = workers().client.submit(
            try_cells, task_of(definition, where), [dict(cell.changes) for cell in cells],
            PATIENCE, pure=False,
        )  # fmt: skip
    while not future.done():
        check()
        workers.count()
        time.sleep(GLANCE)
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


def not_started(error: Exception) -> Exception:
    """Return in a sentence why a worker could not even begin."""
    first = str(error).splitlines()[0][:200].rstrip(".") if str(error) else type(error).__name__
    if isinstance(error, ImportError):
        return SweepStoppedError(f"A worker lacks a package ({first}): install Zoetrope there.")
    return SweepStoppedError(f"The workers cannot measure this sweep: {first}.")
