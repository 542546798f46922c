"""Runs a sweep, from whatever is there already to its last cell."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from zoetrope.core.sweep.cells import Measured
from zoetrope.core.sweep.definition import Definition
from zoetrope.core.sweep.errors import SweepError, SweepStoppedError
from zoetrope.core.sweep.hand_out import LISTEN, HandOut, Means, Settled
from zoetrope.core.sweep.known_cells import KnownCells, known_file, open_known
from zoetrope.core.sweep.progress import Progress, Tell, Where
from zoetrope.core.sweep.store import Row, open_store, open_sweep
from zoetrope.core.sweep.tasks import LazyWorkers, SchedulerLostError, spread, try_some
from zoetrope.core.sweep.trial import Trial
from zoetrope.core.sweep.workers import check_installed

HERE = Where()
RECONNECT = 60.0  # seconds in which a scheduler that is gone may come back
MOST_LOSSES = 3  # of a cluster, one after the other, without a cell between them


def run_sweep(
    definition: Definition,
    folder: Path,
    where: Where = HERE,
    *,
    afresh: bool = False,
    tell: Tell = lambda progress, rows: None,
    check: Callable[[], None] = lambda: None,
) -> Progress:
    """Measure every cell of a definition that `folder` does not hold yet; return what there is.

    Cells that this machine has measured before are taken over, unless `afresh`. `tell` is given
    the progress and the rows that are new, first all those that are there already. `check` is
    called ten times a second; whatever it raises ends the sweep, and what came until then is kept.
    Raises `SweepError` for what cannot be swept, `SweepStoppedError` where the cluster is gone.
    """
    check_installed()
    losses: dict[str, int] = {}
    gone_since: float | None = None
    gone, done = 0, -1  # how often the cluster was lost since there were so many cells

    def note(progress: Progress, rows: Sequence[Row]) -> None:
        nonlocal gone, done
        if progress.done > done:
            gone, done = 0, progress.done
        tell(progress, rows)

    while True:
        try:
            with contextlib.ExitStack() as opened:
                workers = LazyWorkers(where, opened)
                settled = _settled(definition, folder, where, workers, check)
                waiting = _waiting(settled, note, check)
                store = opened.enter_context(open_store(folder, settled.definition, waiting))
                known = KnownCells.nothing()
                if not afresh:
                    known = opened.enter_context(
                        open_known(known_file(), definition.lab, where.device)
                    )
                means = Means(where, workers, known, losses, note, check)
                run = HandOut(settled, store, means)
                run.measure()
                return run.progress()
        except SchedulerLostError:
            gone_since = time.monotonic()
            gone += 1
            if gone > MOST_LOSSES:
                raise SweepStoppedError(
                    f"The workers were lost {gone} times before a cell was measured."
                ) from None
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


def _waiting(settled: Settled, tell: Tell, check: Callable[[], None]) -> Callable[[], None]:
    """Return what is done while another program writes to the folder."""

    def wait() -> None:
        check()
        total = settled.definition.size
        said = "Another program measures this sweep into the same folder: waiting for it."
        tell(Progress(0, total, 0, None, 0, said=said), ())

    return wait


def _settled(
    definition: Definition,
    folder: Path,
    where: Where,
    workers: LazyWorkers,
    check: Callable[[], None],
) -> Settled:
    """Find out which readouts are kept where nobody said so: those of an earlier run into the
    same folder, or every number that the lab says.
    """
    if definition.keep:
        return Settled(definition)
    try:
        there = open_sweep(folder, {definition.lab.id: definition.lab}).definition
        return Settled(definition.keeping(there.keep))
    except SweepError:
        pass  # nothing is there
    cells = list(spread(definition))
    trial = try_some(definition, cells, where, workers, check)
    keep = [
        key
        for key, value in _first_good(trial).values.items()
        if isinstance(value, float) and key not in {v.name for v in definition.varied}
    ]
    if not keep:
        raise SweepError(f"The lab {definition.lab.title} says no number here that could be kept.")
    tried = tuple(zip(cells, trial.measured, strict=False))
    return Settled(definition.keeping(keep), tried, trial.seconds)


def _first_good(trial: Trial) -> Measured:
    for one in trial.measured:
        if not one.error:
            return one
    if trial.measured:
        raise SweepError(f"The first cells cannot be measured: {trial.measured[0].error}")
    raise SweepError("The first cell takes long, or ends its worker: name the readouts to keep.")
