"""A sweep on two workers against two bare processes over the same cells, and what a cell costs."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import tempfile
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.report import Figure, Report, median
from zoetrope.core.registry import registry
from zoetrope.core.sweep.cells import measure_cells
from zoetrope.core.sweep.definition import Definition
from zoetrope.core.sweep.known_cells import open_known
from zoetrope.core.sweep.progress import Progress, Where
from zoetrope.core.sweep.run import run_sweep
from zoetrope.core.sweep.store import Row, open_store
from zoetrope.core.sweep.tasks import task_of
from zoetrope.core.sweep.varied import parse_varied
from zoetrope.core.sweep.workers import ENVIRONMENT, connect

WORKERS = 2
ROUNDS = 3
WARM = 8  # cells that each bare process measures before the clock starts, as workers have


def cells_of_hsic(first_seed: int, seeds: int = 20) -> Definition:
    """A sweep of cells of some 10 ms, bound by the CPU."""
    lab = registry()["hsic"]
    texts = ("width_x=0.02..20:12:log", "noise=0..2:4")
    varied = [parse_varied(text, lab.parameters) for text in texts]
    base = lab.parameters().change(seed=first_seed, n=200)
    return Definition.of(lab, base, varied, seeds=seeds, keep=("p_value", "hsic"))


def bare_process(pipe: Connection, task: Any, changes: Sequence[Any]) -> None:
    """What a process does that only loops, on one thread: the peer."""
    measure_cells(task, changes[:WARM])
    pipe.send("ready")
    pipe.recv()
    measure_cells(task, changes[WARM:])
    pipe.send("done")


def bare_rate(definition: Definition) -> float:
    """Return the cells a second of two processes that share nothing."""
    task = task_of(definition, Where(device="cpu"))
    changes = [dict(definition.cell(place).changes) for place in definition.order()]
    os.environ.update(ENVIRONMENT)  # which processes that are spawned now inherit
    spawning = multiprocessing.get_context("spawn")
    pipes, processes = [], []
    for part in range(WORKERS):
        near, far = spawning.Pipe()
        process = spawning.Process(target=bare_process, args=(far, task, changes[part::WORKERS]))
        process.start()
        pipes.append(near)
        processes.append(process)
    for pipe in pipes:
        pipe.recv()
    began = time.perf_counter()
    for pipe in pipes:
        pipe.send("go")
    for pipe in pipes:
        pipe.recv()
    passed = time.perf_counter() - began
    for process in processes:
        process.join()
    return (len(changes) - WARM * WORKERS) / passed


class Clock:
    """Notes when rows came, and how long their cells took."""

    def __init__(self) -> None:
        self.came: list[tuple[float, int, float]] = []

    def tell(self, _progress: Progress, rows: Sequence[Row]) -> None:
        """Take note of rows."""
        if rows:
            spent = sum(row.measured.duration for row in rows)
            self.came.append((time.perf_counter(), len(rows), spent))


def sweep_clock(definition: Definition, folder: Path, workers: int) -> tuple[float, int, float]:
    """Return the seconds from when all workers are warm to the end, the cells measured in them,
    and the seconds that those took on their workers.
    """
    clock = Clock()
    where = Where(workers=workers, device="cpu")
    run_sweep(definition, folder, where, afresh=True, tell=clock.tell)
    counts = [count for _, count, _ in clock.came]
    warm = next(i for i in range(len(counts)) if sum(counts[: i + 1]) >= definition.size // 10)
    spent = sum(seconds for _, _, seconds in clock.came[warm + 1 :])
    return clock.came[-1][0] - clock.came[warm][0], sum(counts[warm + 1 :]), spent


def costs(definition: Definition, folder: Path) -> dict[str, float]:
    """Return what a cell costs the program that hands cells out, and in bytes."""
    places = list(definition.order())
    began = time.process_time()
    cells = [definition.cell(place) for place in places]
    making = (time.process_time() - began) / len(cells)
    task = task_of(definition, Where(device="cpu"))
    changes = [dict(cell.changes) for cell in cells]
    measured = measure_cells(task, changes[:20])
    rows = [Row.of(cell, measured[i % 20]) for i, cell in enumerate(cells)]
    with open_store(folder, definition) as store:
        began = time.process_time()
        for start in range(0, len(rows), 50):
            store.append(rows[start : start + 50])
        store.fold()
        keeping = (time.process_time() - began) / len(rows)
        size = sum(path.stat().st_size for path in folder.glob("part-*"))
    with open_known(folder / "cells.sqlite", definition.lab, "cpu") as known:
        began = time.process_time()
        for start in range(0, len(rows), 50):
            known.find(cells[start : start + 50], definition.keep)
            known.add(rows[start : start + 50])
        knowing = (time.process_time() - began) / len(rows)
    return {
        "making": making,
        "keeping": keeping,
        "knowing": knowing,
        "sent": len(pickle.dumps(changes)) / len(changes),
        "shared": float(len(pickle.dumps(task))),
        "returned": len(pickle.dumps(measured)) / len(measured),
        "stored": size / len(rows),
    }


def task_seconds() -> float:
    """Return the seconds that one task takes through the scheduler and back, nothing measured."""
    with connect("", WORKERS) as workers:
        client = workers.client
        client.gather([client.submit(int, i, pure=False) for i in range(200)])
        began = time.perf_counter()
        client.gather([client.submit(int, i, pure=False) for i in range(1000)])
        return (time.perf_counter() - began) / 1000


def run() -> Report:
    """Measure both in alternation, each with new seeds so that nothing is there already."""
    shares, overheads, rates = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(ROUNDS):
            definition = cells_of_hsic(1 + 100 * turn)
            alone = bare_rate(definition)
            passed, count, _ = sweep_clock(definition, Path(folder) / f"{turn}.parquet", WORKERS)
            again = bare_rate(definition)
            rates.append(count / passed)
            shares.append(rates[-1] / ((alone + again) / 2))
            # On one worker cells follow each other: what is not a cell is overhead, exactly.
            few = cells_of_hsic(50 + 100 * turn, seeds=5)
            passed, count, spent = sweep_clock(few, Path(folder) / f"one {turn}.parquet", 1)
            overheads.append((passed - spent) / count)
        found = costs(cells_of_hsic(1), Path(folder) / "costs.parquet")
    share, overhead = median(shares), median(overheads)
    return Report(
        title="A sweep on two workers",
        how=f"{cells_of_hsic(1).size} HSIC cells of n = 200; two bare processes loop over the same "
        "cells before and after each sweep, median of three rounds; start-up is left out of both.",
        figures=(
            Figure("cells a second, sweep on two workers", median(rates), "1/s"),
            Figure("of what two bare processes reach", share, "", "at least 0.85", share >= 0.85),
            Figure("overhead a cell", 1000 * overhead, "ms", "under 10 ms", overhead < 0.010),
            Figure("one task through the scheduler", 1000 * task_seconds(), "ms"),
            Figure("making a cell and its key", 1000 * found["making"], "ms"),
            Figure("keeping a cell, journal and Parquet", 1000 * found["keeping"], "ms"),
            Figure("looking a cell up and noting it", 1000 * found["knowing"], "ms"),
            Figure("sent for each task", found["shared"], "bytes"),
            Figure("sent for each cell", found["sent"], "bytes"),
            Figure("returned for each cell", found["returned"], "bytes"),
            Figure("stored for each cell", found["stored"], "bytes"),
        ),
    )
