"""Runs a sweep: hands cells to the workers, keeps what comes back, and says how far it is.

Cells of less than half a second go out many at a time, so that the scheduler's share of the time
stays small. A cell that was handed out when its worker died is tried again, alone, so that no
other cell is blamed for it; after three such retries it is marked and left.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import queue
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zoetrope import __version__
from zoetrope.core.sweep.cells import Measured, Task, measure_cells
from zoetrope.core.sweep.definition import Cell, Definition
from zoetrope.core.sweep.errors import SweepError, SweepStoppedError
from zoetrope.core.sweep.store import Row, Store, open_store, open_sweep
from zoetrope.core.sweep.trial import PATIENCE, TRIED, Trial, try_cells
from zoetrope.core.sweep.workers import Workers, check_installed, connect

RETRIES = 3  # after the loss of a worker
BATCH_SECONDS = 0.5  # of work in one task
PER_WORKER = 0.01  # more of it for each worker: one scheduler starts about 100 tasks a second well
MOST_IN_BATCH = 1000
AHEAD = 2  # tasks for each worker, so that none waits for the next
LISTEN = 0.1  # seconds between two looks at whether to stop
COUNT_EVERY = 5.0  # seconds between two looks at how many workers there are
RECONNECT = 60.0  # seconds in which a scheduler that is gone may come back
LOST = "Its worker died {} times while it was measured; memory may have run out."


@dataclass(frozen=True, slots=True)
class Where:
    """Where cells are measured: on a cluster, or on `workers` processes here (0: all cores)."""

    cluster: str = ""
    workers: int = 0
    device: str = "auto"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sweep is. `failed` of the `done` cells have an error instead of numbers.

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


Tell = Callable[[Progress, Sequence[Row]], None]


class _SchedulerLostError(Exception):
    """The cluster's scheduler is gone, or has begun anew."""


def run_sweep(
    definition: Definition,
    folder: Path,
    where: Where = Where(),
    *,
    tell: Tell = lambda progress, rows: None,
    check: Callable[[], None] = lambda: None,
) -> Progress:
    """Measure every cell of a definition that `folder` does not hold yet; return what there is.

    `tell` is given the progress and the rows that are new, first all those that are there already.
    `check` is called ten times a second; whatever it raises ends the sweep, and what came until
    then is kept. Raises `SweepError` for what cannot be swept, `SweepStoppedError` where the
    cluster is gone.
    """
    check_installed()
    gone_since: float | None = None
    while True:
        try:
            with contextlib.ExitStack() as opened:
                workers = _Workers(where, opened)
                settled = _settled(definition, folder, where, workers)
                waiting = _waiting(settled, tell, check)
                with open_store(folder, settled.definition, waiting) as store:
                    run = _Run(settled, store, where, workers, tell, check)
                    run.measure()
                    return run.progress()
        except _SchedulerLostError:
            gone_since = time.monotonic()
        except SweepStoppedError:
            if gone_since is None or time.monotonic() - gone_since > RECONNECT:
                raise
        _pause(check)


def _pause(check: Callable[[], None]) -> None:
    """Wait a second before the cluster is tried again."""
    deadline = time.monotonic() + 1.0
    while time.monotonic() < deadline:
        check()
        time.sleep(LISTEN)


class _Workers:
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


@dataclass(frozen=True, slots=True)
class _Settled:
    """A definition that says which readouts are kept, and what was tried to find out."""

    definition: Definition
    tried: tuple[tuple[Cell, Measured], ...] = ()
    seconds: float | None = None  # that a cell takes


def _waiting(settled: _Settled, tell: Tell, check: Callable[[], None]) -> Callable[[], None]:
    """Return what is done while another program writes to the folder."""

    def wait() -> None:
        check()
        total = settled.definition.size
        said = "Another program measures this sweep into the same folder: waiting for it."
        tell(Progress(0, total, 0, None, 0, said=said), ())

    return wait


def _settled(definition: Definition, folder: Path, where: Where, workers: _Workers) -> _Settled:
    """Find out which readouts are kept where nobody said so: those of an earlier run into the
    same folder, or every number that the lab says.
    """
    if definition.keep:
        return _Settled(definition)
    try:
        there = open_sweep(folder, {definition.lab.id: definition.lab}).definition
        return _Settled(definition.keeping(there.keep))
    except SweepError:
        pass  # nothing is there
    cells = list(spread(definition))
    trial = _try(definition, cells, where, workers)
    keep = [
        key
        for key, value in _first_good(trial).values.items()
        if isinstance(value, float) and key not in {v.name for v in definition.varied}
    ]
    if not keep:
        raise SweepError(f"The lab {definition.lab.title} says no number here that could be kept.")
    tried = tuple(zip(cells, trial.measured, strict=False))
    return _Settled(definition.keeping(keep), tried, trial.seconds)


def _first_good(trial: Trial) -> Measured:
    for one in trial.measured:
        if not one.error:
            return one
    if trial.measured:
        raise SweepError(f"The first cells cannot be measured: {trial.measured[0].error}")
    raise SweepError("The first cell takes long, or ends its worker: name the readouts to keep.")


def spread(definition: Definition) -> Iterator[Cell]:
    """Yield the first cell, one in the middle and the last."""
    last = definition.size - 1
    for place in dict.fromkeys((0, (last + 1) // 2, last)):
        yield definition.cell(place)


def _try(definition: Definition, cells: Sequence[Cell], where: Where, workers: _Workers) -> Trial:
    """Measure a few cells on a worker."""
    future = workers().client.submit(
        try_cells, task_of(definition, where), [dict(cell.changes) for cell in cells], PATIENCE,
        pure=False, **_restricted(where, workers()),
    )  # fmt: skip
    from distributed import KilledWorker

    try:
        trial: Trial = future.result()
    except SweepStoppedError:
        raise
    except KilledWorker:  # a cell to be measured with care, when its turn comes
        return Trial((), None)
    except Exception as error:
        raise _not_started(error) from None
    return trial


def task_of(definition: Definition, where: Where) -> Task:
    """Return what the workers are told once."""
    return Task(definition.lab.id, definition.base.plain(), definition.keep, where.device)


def _restricted(where: Where, workers: Workers) -> dict[str, Any]:
    """Return what keeps tasks for the GPU on the worker that owns it."""
    return {"resources": {"GPU": 1}} if where.device == "cuda" and workers.gpu else {}


def _not_started(error: Exception) -> Exception:
    """Return in a sentence why a worker could not even begin."""
    if isinstance(error, CancelledError):
        return _SchedulerLostError()
    first = str(error).splitlines()[0][:200].rstrip(".") if str(error) else type(error).__name__
    if isinstance(error, ImportError):
        return SweepStoppedError(f"A worker lacks a package ({first}): install Zoetrope there.")
    return SweepStoppedError(f"The workers cannot measure this sweep: {first}.")


class _Run:
    """A sweep at work."""

    def __init__(
        self,
        settled: _Settled,
        store: Store,
        where: Where,
        workers: _Workers,
        tell: Tell,
        check: Callable[[], None],
    ) -> None:
        self.definition, self.store = settled.definition, store
        self._where, self._workers, self._tell, self._check = where, workers, tell, check
        self._task = task_of(self.definition, where)
        self._purpose = hashlib.sha256(repr((self._task.keep, where.device)).encode()).hexdigest()
        self._finished: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._pending: dict[Any, list[Cell]] = {}
        self._suspects: list[Cell] = []
        self._losses: dict[str, int] = {}  # workers that died over a cell, by its key
        self._done, self._failed = 0, 0
        self._seconds = settled.seconds  # that a cell takes
        self._spent, self._measured, self._began = 0.0, 0, time.monotonic()
        self._count, self._counted = 0, -COUNT_EVERY
        self._keys = self._take_over(settled)

    # -- what is there already -------------------------------------------------------------------

    def _take_over(self, settled: _Settled) -> set[str]:
        """Count and show the rows that are there and those that were tried; return their keys."""
        rows = list(self.store.rows())
        keys = {row.key for row in rows}
        durations = [row.measured.duration for row in rows if not row.measured.error]
        if self._seconds is None and durations:
            self._seconds = sum(durations) / len(durations)
        mine = [row for row in rows if self._belongs(row)]
        self._count_rows(mine)
        self._tell(self.progress(), mine)
        tried = [Row.of(cell, one) for cell, one in settled.tried if cell.key not in keys]
        self._keep(tried)
        return keys | {row.key for row in tried}

    def _belongs(self, row: Row) -> bool:
        """Whether a row is a cell of this definition and not of a larger one before it."""
        legal = all(
            value in varied.values
            for varied, value in zip(self.definition.varied, row.values, strict=True)
        )
        if not legal or self.definition.seeds == 1 or row.seed is None:
            return legal
        first = getattr(self.definition.base, self.definition.seed_names[0])
        return bool(first <= row.seed < first + self.definition.seeds)

    def _keep(self, rows: Sequence[Row]) -> None:
        if rows:
            self.store.append(rows)
            self._count_rows(rows)
            self._tell(self.progress(), rows)

    def _count_rows(self, rows: Sequence[Row]) -> None:
        self._done += len(rows)
        self._failed += sum(bool(row.measured.error) for row in rows)

    # -- measuring -------------------------------------------------------------------------------

    def measure(self) -> None:
        """Measure what is missing: most cells in passing, suspects alone at the end."""
        if self._done >= self.definition.size:
            return
        self._workers()
        cells = self._missing()
        if self._seconds is None:
            cells = self._tried_first(cells)
        self._tell(self.progress(), ())
        try:
            self._pass(cells)
            for cell in self._suspects:
                self._alone(cell)
        finally:
            for future in self._pending:
                future.cancel(force=True)

    def _missing(self) -> Iterator[Cell]:
        for place in self.definition.order():
            cell = self.definition.cell(place)
            if cell.key not in self._keys:
                yield cell

    def _tried_first(self, cells: Iterable[Cell]) -> Iterator[Cell]:
        """Measure a few cells for the estimate; return all others."""
        some = [cell for cell in spread(self.definition) if cell.key not in self._keys][:TRIED]
        if some:
            trial = _try(self.definition, some, self._where, self._workers)
            self._seconds = trial.seconds
            self._check_keys(trial)
            rows = [Row.of(c, m) for c, m in zip(some, trial.measured, strict=False)]
            self._keep(rows)
            self._keys |= {row.key for row in rows}
        self._began = time.monotonic()
        return (cell for cell in cells if cell.key not in self._keys)

    def _check_keys(self, trial: Trial) -> None:
        """Refuse a readout that the lab never says."""
        good = [one for one in trial.measured if not one.error]
        for key in self.definition.keep if good else ():
            if all(one.values.get(key) is None for one in good):
                everything = _try(self.definition.keeping(()), list(spread(self.definition))[:1],
                                  self._where, self._workers)  # fmt: skip
                there = ", ".join(everything.measured[0].values) if everything.measured else "none"
                raise SweepError(
                    f"The lab {self.definition.lab.id} has no readout {key!r} here; "
                    f"it has {there or 'none'}."
                )

    def _pass(self, cells: Iterator[Cell]) -> None:
        """Hand out all cells, a few tasks for each worker at a time."""
        while True:
            while len(self._pending) < AHEAD * max(self._workers_now(), 1):
                batch = list(itertools.islice(cells, self._batch_size()))
                if not batch:
                    break
                self._submit(batch, self._key(batch))
            if not self._pending:
                return
            self._collect()

    def _batch_size(self) -> int:
        """Return how many cells make one task of a length that is worth handing out."""
        if not self._seconds:
            return 1
        seconds = BATCH_SECONDS + PER_WORKER * self._count
        return max(1, min(int(seconds / self._seconds), MOST_IN_BATCH, self._share()))

    def _share(self) -> int:
        """Return how many cells leave enough tasks for all workers to end at the same time."""
        left = self.definition.size - self._done - sum(map(len, self._pending.values()))
        return max(1, left // (2 * AHEAD * max(self._count, 1)))

    def _key(self, batch: Sequence[Cell]) -> str:
        """Return the name of a task: equal cells of two sweeps on one cluster share it."""
        cells = batch[0].key
        if len(batch) > 1:
            cells = hashlib.sha256("".join(cell.key for cell in batch).encode()).hexdigest()
        return f"zoetrope-{cells}-{self._purpose[:16]}"

    def _submit(self, batch: list[Cell], key: str) -> None:
        future = self._workers().client.submit(
            measure_cells, self._task, [dict(cell.changes) for cell in batch],
            key=key, **_restricted(self._where, self._workers()),
        )  # fmt: skip
        self._pending[future] = batch
        future.add_done_callback(self._finished.put)

    def _collect(self) -> None:
        """Wait a moment for tasks that have ended and keep what came of them."""
        self._check()
        try:
            ended = [self._finished.get(timeout=LISTEN)]
        except queue.Empty:
            return
        while not self._finished.empty():
            ended.append(self._finished.get_nowait())
        good = [future for future in ended if future.status == "finished"]
        for future in ended:
            if future.status in ("cancelled", "lost"):
                raise _SchedulerLostError
            if future.status == "error":
                self._mark(self._pending.pop(future), future.exception())
        try:
            results = self._workers().client.gather(good)
        except (CancelledError, OSError, TimeoutError):
            raise _SchedulerLostError from None
        rows: list[Row] = []
        for future, measured in zip(good, results, strict=True):
            rows += map(Row.of, self._pending.pop(future), measured)
        self._spent += sum(row.measured.duration for row in rows)
        self._measured += len(rows)
        if self._measured:
            self._seconds = self._spent / self._measured
        self._keep(rows)

    def _mark(self, batch: list[Cell], error: BaseException) -> None:
        """Remember cells whose worker died; anything else ends the sweep."""
        from distributed import KilledWorker

        if isinstance(error, KilledWorker):
            self._suspects += batch
            for cell in batch:
                # Of many cells one is to blame, and nobody knows which: that counts as one loss.
                lost = 1 if len(batch) > 1 else 1 + error.allowed_failures
                self._losses[cell.key] = self._losses.get(cell.key, 0) + lost
        elif isinstance(error, SweepStoppedError):
            raise error
        else:
            raise _not_started(error if isinstance(error, Exception) else RuntimeError(str(error)))

    def _alone(self, cell: Cell) -> None:
        """Measure a cell while nothing else is measured: if its worker dies, it is to blame."""
        for attempt in itertools.count(1):
            suspects, self._suspects = self._suspects, []
            self._submit([cell], f"{self._key([cell])}-alone-{attempt}-{time.time_ns()}")
            while self._pending:
                self._collect()
            died, self._suspects = bool(self._suspects), suspects
            losses = self._losses[cell.key]
            if not died:
                return
            if losses > RETRIES:
                break
        self._keep([Row.of(cell, Measured({}, LOST.format(losses), "", __version__, 0.0))])

    # -- how far it is ---------------------------------------------------------------------------

    def _workers_now(self) -> int:
        now = time.monotonic()
        if now - self._counted > COUNT_EVERY or self._count == 0:
            self._count, self._counted = self._workers().count(), now
        return self._count

    def progress(self) -> Progress:
        """Return how far the sweep is now."""
        left, connected = self.definition.size - self._done, self._workers.connected
        workers = 0 if connected is None else self._workers_now()
        seconds = None
        passed = time.monotonic() - self._began
        if self._measured and passed > 1.0:
            seconds = passed / self._measured * left
        elif self._seconds is not None and workers:
            seconds = self._seconds * left / workers
        idle = connected is not None and not workers
        return Progress(
            self._done,
            self.definition.size,
            self._failed,
            seconds if left else 0.0,
            workers,
            "" if connected is None else connected.dashboard,
            "The cluster has no workers yet: waiting for one." if idle else "",
        )


__all__ = ["Progress", "Where", "run_sweep", "spread", "task_of"]
