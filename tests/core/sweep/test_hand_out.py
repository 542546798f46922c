"""What becomes of cells when workers and clusters die at the worst moments, on a cluster that does
what the test says: the real one, killed, is in `test_kills`.
"""

import contextlib
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.dataset
import pytest
from distributed import KilledWorker

from tests.core.sweep.poison_lab import LAB, PoisonParameters
from zoetrope.core.sweep import run, tasks
from zoetrope.core.sweep.cells import Task, measure_cell, prepare
from zoetrope.core.sweep.definition import Definition
from zoetrope.core.sweep.errors import SweepStoppedError
from zoetrope.core.sweep.progress import Progress, Where
from zoetrope.core.sweep.trial import try_cells
from zoetrope.core.sweep.varied import parse_varied
from zoetrope.core.sweep.workers import Workers

LABS = {LAB.id: LAB}
DEADLY = 2.0  # the width that kills a worker
A_CELL = 1e-4  # seconds that each is said to have taken: how many make a task depends on it


class Future:
    """What came of a task: `status` may be what Dask says where a worker or a scheduler is gone."""

    def __init__(self, status: str, found: Any) -> None:
        self.status, self._found = status, found

    def add_done_callback(self, hear: Callable[[Any], None]) -> None:
        hear(self)

    def done(self) -> bool:
        return True

    def result(self) -> Any:
        if self.status == "cancelled":
            raise CancelledError
        if self.status == "error":
            raise self._found
        return self._found

    def exception(self) -> Any:
        return self._found

    def cancel(self, force: bool = False) -> None:
        pass


class Client:
    """Measures at once, in this process. `fate` says of the n-th task what becomes of it.

    It has no dashboard to ask for: that would ask a scheduler which may be gone.
    """

    def __init__(self, cluster: "Cluster") -> None:
        self._cluster = cluster

    def submit(
        self, what: Any, task: Task, changes: Sequence[Mapping[str, Any]], *_: Any,
        key: str = "", pure: bool = True,
    ) -> Future:  # fmt: skip
        cluster = self._cluster
        cluster.sizes.append(len(changes))
        cluster.begun.update(change["width"] for change in changes)
        if any(change["width"] == DEADLY for change in changes):
            return Future(cluster.at_death, KilledWorker(key, None, 0))
        if what is try_cells:
            tried = try_cells(task, changes, labs=lambda: LABS)
            return Future("finished", replace(tried, seconds=A_CELL))
        lab, base = prepare(task, lambda: LABS)
        found = [
            replace(measure_cell(task, lab, base, change), duration=A_CELL) for change in changes
        ]
        return Future(cluster.fate(len(cluster.sizes)), found)

    def gather(self, futures: Sequence[Future]) -> list[Any]:
        return [future.result() for future in futures]

    def nthreads(self) -> dict[str, int]:
        return {"one": 1, "other": 1}


class Cluster:
    """Counts how often it is started, and how often each width is begun."""

    def __init__(self) -> None:
        self.started = 0
        self.sizes: list[int] = []
        self.begun: Counter[float] = Counter()
        self.at_death = "error"
        self.fate: Callable[[int], str] = lambda place: "finished"

    @contextlib.contextmanager
    def connect(self, *_: Any) -> Iterator[Workers]:
        self.started += 1
        yield Workers(Client(self), "")  # type: ignore[arg-type]


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cluster:
    made = Cluster()
    monkeypatch.setenv("ZOETROPE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(tasks, "connect", made.connect)
    monkeypatch.setattr(run, "_pause", lambda check: check())
    return made


def sweep(*texts: str) -> Definition:
    varied = [parse_varied(text, PoisonParameters) for text in texts]
    return Definition.of(LAB, PoisonParameters(), varied, keep=("total",))


def run_sweep(definition: Definition, folder: Path, **more: Any) -> Progress:
    return run.run_sweep(definition, folder, Where(device="cpu"), **more)


def rows(folder: Path) -> list[dict[str, Any]]:
    return list(pyarrow.dataset.dataset(folder).to_table().to_pylist())


def test_short_cells_go_out_many_at_a_time(cluster: Cluster, tmp_path: Path) -> None:
    definition = sweep("width=3..100:98", "height=0..100:11")
    done = run_sweep(definition, tmp_path / "out.parquet")
    assert done.done == len({row["cell"] for row in rows(tmp_path / "out.parquet")}) == 98 * 11
    assert sum(cluster.sizes) == 98 * 11  # and nothing is measured twice
    assert max(cluster.sizes) > 100
    assert len(cluster.sizes) < 98 * 11 / 30


def test_a_result_that_is_lost_before_it_is_fetched_is_measured_again(
    cluster: Cluster, tmp_path: Path
) -> None:
    for status in ("lost", "pending"):
        cluster.fate = lambda place, s=status: s if place == 2 else "finished"  # type: ignore[misc]
        cluster.sizes = []
        out = tmp_path / f"{status}.parquet"
        assert run_sweep(sweep("width=3,4,5,6,7,8"), out, afresh=True).failed == 0
        assert sorted(row["width"] for row in rows(out)) == [3, 4, 5, 6, 7, 8]
    assert cluster.started == 2  # once for each of the two: no cluster was given up


def test_a_deadly_cell_is_marked_after_its_retries_whatever_else_is_lost(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Retries are counted over all clusters: else each new one would try the cell anew, for ever.

    The cluster is lost with every second task that is not deadly. Which cells share a task depends
    on the order of the process, and in some no such task is the second: so it is done in several.
    """
    cluster.fate = lambda place: "finished" if place % 2 else "cancelled"
    for turn in range(10):
        monkeypatch.setattr(os, "getpid", lambda number=turn: number)
        monkeypatch.setenv("ZOETROPE_CACHE_DIR", str(tmp_path / f"cache-{turn}"))
        cluster.started, cluster.sizes = 0, []
        cluster.begun.clear()
        out = tmp_path / f"out-{turn}.parquet"
        last = run_sweep(sweep("width=1,2,3,4,5,6,7,8,9"), out)
        found = {row["width"]: row for row in rows(out)}
        assert (len(found), last.failed) == (9, 1)
        assert "worker died 4 times" in found[DEADLY]["error"]
        assert all(found[width]["total"] == width + 1 + 5 for width in found if width != DEADLY)
        assert cluster.begun[DEADLY] == 4
        if cluster.started > 1:
            return
    pytest.fail("No cluster was lost.")


def test_a_cluster_that_is_lost_again_and_again_ends_the_sweep(
    cluster: Cluster, tmp_path: Path
) -> None:
    cluster.at_death = "cancelled"  # the scheduler dies too
    with pytest.raises(SweepStoppedError, match="lost 4 times before a cell was measured"):
        run_sweep(sweep("width=1,2,3,4"), tmp_path / "out.parquet")
    assert len(rows(tmp_path / "out.parquet")) == 3  # the others were kept


def test_a_cell_that_was_measured_before_is_not_measured_again(
    cluster: Cluster, tmp_path: Path
) -> None:
    """In any folder, as part of any sweep, as long as all its readouts are known."""
    run_sweep(sweep("width=3,4,5"), tmp_path / "one.parquet")
    assert (cluster.started, sum(cluster.begun.values())) == (1, 3)

    same = run_sweep(sweep("width=3,4,5"), tmp_path / "two.parquet")
    assert (same.done, same.taken, cluster.started) == (3, 3, 1)  # no worker was needed
    first, second = (
        sorted(rows(tmp_path / f"{name}.parquet"), key=lambda row: row["width"])
        for name in ("one", "two")
    )
    assert first == second

    larger = run_sweep(sweep("width=3,4,5,6", "height=1,2"), tmp_path / "three.parquet")
    assert (larger.done, larger.taken) == (8, 3)
    assert cluster.begun == {3: 2, 4: 2, 5: 2, 6: 2}

    other = sweep("width=3,4,5").keeping(("area",))
    assert run_sweep(other, tmp_path / "four.parquet").taken == 0
    both = sweep("width=3,4,5").keeping(("total", "area"))
    assert run_sweep(both, tmp_path / "five.parquet").taken == 3
    assert run_sweep(both, tmp_path / "six.parquet", afresh=True).taken == 0
