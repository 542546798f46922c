"""Hands the cells of a sweep out to the workers and keeps what comes back.

Short cells go out many at a time, so that the scheduler's share of the time stays small, and two
tasks for each worker, so that none waits for the next. A cell that was handed out when its worker
died is tried again, alone, so that no other cell is blamed for it; after three such retries it is
marked and left.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import queue
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from zoetrope import __version__
from zoetrope.core.sweep.cells import Measured, measure_cells
from zoetrope.core.sweep.definition import Cell, Definition
from zoetrope.core.sweep.errors import SweepError, SweepStoppedError
from zoetrope.core.sweep.known_cells import KnownCells
from zoetrope.core.sweep.progress import Progress, Tell, Where
from zoetrope.core.sweep.store import Row, Store
from zoetrope.core.sweep.tasks import (
    LazyWorkers,
    SchedulerLostError,
    not_started,
    reaching_scheduler,
    spread,
    task_of,
    try_some,
)
from zoetrope.core.sweep.trial import Trial

RETRIES = 3  # after the loss of a worker
BATCH_SECONDS = 0.5  # of work in one task
PER_WORKER = 0.01  # more of it for each worker: one scheduler starts about 100 tasks a second well
LEAST_SECONDS = 0.05  # of work in one task, at the end of a sweep too
MOST_IN_BATCH = 1000
AHEAD = 2  # tasks for each worker, so that none waits for the next
TAKEN_OVER = 10_000  # rows that are there already, at a time
LOOKED_UP = 200  # cells at a time, whether they are known
LISTEN = 0.1  # seconds between two looks at whether to stop
LOST = "Its worker died {} times while it was measured; memory may have run out."


@dataclass(frozen=True, slots=True)
class Settled:
    """A definition that says which readouts are kept, and what was tried to find out."""

    definition: Definition
    tried: tuple[tuple[Cell, Measured], ...] = ()
    seconds: float | None = None  # that a cell takes


@dataclass(frozen=True, slots=True)
class Means:
    """What a sweep works with. `losses` counts the workers that died over a cell, by its key: it
    outlives a cluster, so that a deadly cell is not tried anew with each.
    """

    where: Where
    workers: LazyWorkers
    known: KnownCells
    losses: dict[str, int]
    tell: Tell
    check: Callable[[], None]


class HandOut:
    """A sweep at work."""

    def __init__(self, settled: Settled, store: Store, means: Means) -> None:
        self.definition, self.store = settled.definition, store
        self._where, self._workers, self._known = means.where, means.workers, means.known
        self._tell, self._check, self._losses = means.tell, means.check, means.losses
        self._task = task_of(self.definition, self._where)
        purpose = repr((self._task.keep, self._where.device))
        self._purpose = hashlib.sha256(purpose.encode()).hexdigest()
        self._finished: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._pending: dict[Any, list[Cell]] = {}
        self._suspects: list[Cell] = []
        self._warming: set[str] = set()  # cells over which a worker loads what the lab needs
        self._done, self._failed, self._taken = 0, 0, 0
        self._seconds = settled.seconds  # that a cell takes
        self._spent, self._measured, self._began = 0.0, 0, time.monotonic()
        self._keys = self._take_over(settled)

    # -- what is there already -------------------------------------------------------------------

    def _take_over(self, settled: Settled) -> set[str]:
        """Count and show the rows that are there and those that were tried; return their keys."""
        keys: set[str] = set()
        spent, measured, coming = 0.0, 0, self.store.rows()
        while rows := list(itertools.islice(coming, TAKEN_OVER)):
            keys |= {row.key for row in rows}
            durations = [row.measured.duration for row in rows if not row.measured.error]
            spent, measured = spent + sum(durations), measured + len(durations)
            mine = [row for row in rows if self._belongs(row)]
            self._count_rows(mine)
            self._tell(self.progress(), mine)
        if self._seconds is None and measured:
            self._seconds = spent / measured
        tried = [Row.of(cell, one) for cell, one in settled.tried if cell.key not in keys]
        self._keep_measured(tried)
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

    def _keep_measured(self, rows: Sequence[Row]) -> None:
        self._known.add(rows)
        self._keep(rows)

    def _unknown(self, cells: Sequence[Cell]) -> list[Cell]:
        """Keep what this machine has measured before of some cells, and return the others."""
        known = self._known.find(cells, self.definition.keep)
        self._taken += len(known)
        self._keys |= known.keys()
        self._keep([Row.of(cell, known[cell.key]) for cell in cells if cell.key in known])
        return [cell for cell in cells if cell.key not in known]

    def _count_rows(self, rows: Sequence[Row]) -> None:
        self._done += len(rows)
        self._failed += sum(bool(row.measured.error) for row in rows)

    # -- measuring -------------------------------------------------------------------------------

    def measure(self) -> None:
        """Measure what is missing: most cells in passing, suspects alone at the end."""
        cells = self._first_unknown(self._missing())
        if cells is None:
            return
        self._workers()
        try:
            if self._seconds is None:
                cells = self._tried_first(cells)
            self._tell(self.progress(), ())
            self._pass(cells)
            suspects, self._suspects = self._suspects, []
            for cell in suspects:
                self._alone(cell)
        finally:
            for future in self._pending:
                future.cancel(force=True)

    def _missing(self) -> Iterator[Cell]:
        """Yield the cells that are not there, in an order of this program's own: another one that
        measures the same sweep meanwhile is met half way.
        """
        if self._done >= self.definition.size:
            return
        for place in self.definition.order(shuffle=os.getpid()):
            cell = self.definition.cell(place)
            if cell.key not in self._keys:
                yield cell

    def _first_unknown(self, cells: Iterator[Cell]) -> Iterator[Cell] | None:
        """Take over known cells until there is one to measure; return the rest from there on."""
        while some := list(itertools.islice(cells, LOOKED_UP)):
            self._check()
            if unknown := self._unknown(some):
                return itertools.chain(unknown, cells)
        return None

    def _tried_first(self, cells: Iterator[Cell]) -> Iterator[Cell]:
        """Measure a few cells for the estimate; return all others."""
        settled = self._keys | self._losses.keys()
        some = self._unknown([cell for cell in spread(self.definition) if cell.key not in settled])
        tried = {cell.key for cell in some}
        others = (cell for cell in cells if cell.key not in self._keys and cell.key not in tried)
        if some:
            self._warm_up(itertools.islice(others, max(self._workers.count() - 1, 0)))
            trial = try_some(self.definition, some, self._where, self._workers, self._check)
            self._seconds = trial.seconds
            self._check_keys(trial)
            rows = [Row.of(c, m) for c, m in zip(some, trial.measured, strict=False)]
            self._keep_measured(rows)
            self._keys |= {row.key for row in rows}
            if trial.killed:
                self._blame(some, 1)
        self._began = time.monotonic()
        return itertools.chain((cell for cell in some if cell.key not in self._keys), others)

    def _warm_up(self, cells: Iterable[Cell]) -> None:
        """Give the other workers a cell each, over which they load what the lab needs: how long
        that takes says nothing about the others.
        """
        for cell in self._to_measure(list(cells)):
            self._warming.add(cell.key)
            self._submit([cell], self._key([cell]))

    def _check_keys(self, trial: Trial) -> None:
        """Refuse a readout that the lab never says."""
        good = [one for one in trial.measured if not one.error]
        for key in self.definition.keep if good else ():
            if all(one.values.get(key) is None for one in good):
                everything = try_some(
                    self.definition.keeping(()), list(spread(self.definition))[:1],
                    self._where, self._workers, self._check,
                )  # fmt: skip
                there = ", ".join(everything.measured[0].values) if everything.measured else "none"
                raise SweepError(
                    f"The lab {self.definition.lab.id} has no readout {key!r} here; "
                    f"it has {there or 'none'}."
                )

    def _pass(self, cells: Iterator[Cell]) -> None:
        """Hand out all cells, a few tasks for each worker at a time."""
        while True:
            while len(self._pending) < AHEAD * max(self._workers.count(), 1):
                batch = list(itertools.islice(cells, self._batch_size()))
                if not batch:
                    break
                self._check()
                if batch := self._to_measure(batch):
                    self._submit(batch, self._key(batch))
            if not self._pending:
                return
            self._collect()

    def _to_measure(self, cells: Sequence[Cell]) -> list[Cell]:
        """Return cells without those that are known, and those to be measured alone."""
        self._suspects += [cell for cell in cells if cell.key in self._losses]
        return self._unknown([cell for cell in cells if cell.key not in self._losses])

    def _batch_size(self) -> int:
        """Return how many cells make one task: so many that it is worth handing out, and so few
        that all workers end at the same time.
        """
        if not self._seconds:
            return 1
        workers = max(self._workers.count(), 1)
        seconds = BATCH_SECONDS + PER_WORKER * workers
        left = self.definition.size - self._done - sum(map(len, self._pending.values()))
        share = max(left // (AHEAD * workers), int(LEAST_SECONDS / self._seconds))
        return max(1, min(int(seconds / self._seconds), MOST_IN_BATCH, share))

    def _key(self, batch: Sequence[Cell]) -> str:
        """Return the name of a task: equal cells of two sweeps on one cluster share it."""
        cells = batch[0].key
        if len(batch) > 1:
            cells = hashlib.sha256("".join(cell.key for cell in batch).encode()).hexdigest()
        return f"zoetrope-{cells}-{self._purpose[:16]}"

    def _submit(self, batch: list[Cell], key: str) -> None:
        with reaching_scheduler():
            future = self._workers().client.submit(
                measure_cells, self._task, [dict(cell.changes) for cell in batch], key=key
            )
        self._pending[future] = batch
        future.add_done_callback(self._finished.put)

    def _collect(self) -> None:
        """Wait a moment for tasks that have ended and keep what came of them."""
        self._check()
        self._workers.count()
        try:
            ended = [self._finished.get(timeout=LISTEN)]
        except queue.Empty:
            return
        while not self._finished.empty():
            ended.append(self._finished.get_nowait())
        good = []
        for future in ended:
            if future.status == "finished":
                good.append(future)
                continue
            batch = self._pending.pop(future)
            if future.status == "cancelled":
                raise SchedulerLostError
            if future.status == "error":
                with reaching_scheduler():
                    error = future.exception()
                self._mark(batch, error)
            else:  # measured, but its worker died before it said so
                self._submit(batch, f"{self._key(batch)}-again-{time.time_ns()}")
        if good:
            self._gather(good)

    def _gather(self, good: Sequence[Any]) -> None:
        """Keep the results of tasks that have gone well."""
        from distributed import KilledWorker

        try:
            with reaching_scheduler():
                results = self._workers().client.gather(good)
        except KilledWorker:  # one died with its results, and the next over measuring them anew
            for future in good:
                self._suspect(self._pending.pop(future), 1)
            return
        rows: list[Row] = []
        for future, measured in zip(good, results, strict=True):
            rows += map(Row.of, self._pending.pop(future), measured)
        timed = [row.measured.duration for row in rows if row.key not in self._warming]
        self._spent += sum(timed)
        self._measured += len(timed)
        if self._measured:
            self._seconds = self._spent / self._measured
        self._keep_measured(rows)

    def _mark(self, batch: list[Cell], error: BaseException) -> None:
        """Remember cells whose worker died; anything else ends the sweep."""
        from distributed import KilledWorker

        if isinstance(error, KilledWorker):
            # Of many cells one is to blame, and nobody knows which: that counts as one loss.
            self._suspect(batch, 1 if len(batch) > 1 else 1 + error.allowed_failures)
        elif isinstance(error, SweepStoppedError):
            raise error
        else:
            raise not_started(error if isinstance(error, Exception) else RuntimeError(str(error)))

    def _suspect(self, cells: Sequence[Cell], losses: int) -> None:
        """Remember cells to be measured alone, and how many workers died over each."""
        self._suspects += cells
        self._blame(cells, losses)

    def _blame(self, cells: Sequence[Cell], losses: int) -> None:
        for cell in cells:
            self._losses[cell.key] = self._losses.get(cell.key, 0) + losses

    def _alone(self, cell: Cell) -> None:
        """Measure a cell while nothing else is measured: if its worker dies, it is to blame."""
        while (losses := self._losses[cell.key]) <= RETRIES:
            self._submit([cell], f"{self._key([cell])}-alone-{time.time_ns()}")
            while self._pending:
                self._collect()
            if self._losses[cell.key] == losses:
                return
        self._keep([Row.of(cell, Measured({}, LOST.format(losses), "", __version__, 0.0))])

    # -- how far it is ---------------------------------------------------------------------------

    def progress(self) -> Progress:
        """Return how far the sweep is now."""
        left, connected = self.definition.size - self._done, self._workers.connected
        workers = 0 if connected is None else self._workers.count()
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
            self._taken,
        )
