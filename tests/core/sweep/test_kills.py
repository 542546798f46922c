"""Nothing is lost and nothing comes twice: workers, the scheduler and the program are killed."""

import os
import signal
import subprocess
from collections import Counter
from pathlib import Path

import psutil

from tests.core.sweep.conftest import PY, Sweeps, wait_until

GRID = ("--vary", "width=1..7:7", "--vary", "height=1,2", "--keep", "total")
SLOW = (*GRID, "--set", "seconds=0.25", "--afresh", "--workers")
CELLS = 14


def assert_complete(sweeps: Sweeps, cells: int = CELLS) -> None:
    rows = sweeps.rows()
    assert len(rows) == len({row["cell"] for row in rows}) == cells
    for row in rows:
        assert row["total"] == row["width"] + row["height"] + row["seed"]
    assert not list(sweeps.out.glob("_journal*"))


def workers_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """The worker processes: what the program has started and what measures cells."""
    children = psutil.Process(process.pid).children(recursive=True)
    return [child for child in children if "spawn_main" in " ".join(child.cmdline())]


def kept(sweeps: Sweeps) -> int:
    """How many cells are on the disk, in the journal or in a Parquet file."""
    journal = sweeps.out / "_journal.jsonl"
    lines = len(journal.read_text().splitlines()) if journal.exists() else 0
    return lines + (len(sweeps.rows()) if list(sweeps.out.glob("part-*")) else 0)


def test_a_worker_that_is_killed_costs_nothing(sweeps: Sweeps) -> None:
    process = sweeps.begin(*SLOW, 2)
    wait_until(lambda: len(sweeps.measured()) >= 6, process)
    victim = workers_of(process)[0]
    victim.kill()
    said, complained = process.communicate(timeout=100)
    assert process.returncode == 0, complained
    assert f"{CELLS} cells" in said
    assert_complete(sweeps)
    again = sum(times - 1 for times in Counter(sweeps.measured()).values())
    assert again <= 2 * 2  # at most what was handed out to the one that died, and its neighbours


def test_a_program_that_is_ended_or_killed_goes_on_where_it_was(sweeps: Sweeps) -> None:
    process = sweeps.begin(*SLOW, 1)
    wait_until(lambda: sweeps.out.is_dir() and kept(sweeps) >= 4, process)
    os.kill(process.pid, signal.SIGTERM)
    _, complained = process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM
    ended = len(sweeps.rows())
    assert f"{ended} of {CELLS} cells are kept" in complained

    process = sweeps.begin(*SLOW, 1)
    wait_until(lambda: kept(sweeps) >= ended + 3, process)
    children = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    psutil.wait_procs(children, timeout=20)
    before, begun = kept(sweeps), len(sweeps.measured())
    assert ended + 3 <= before < CELLS

    status, said, complained = sweeps.run(*SLOW, 1)
    assert status == 0, complained
    assert f"({before} are there)" in said
    assert_complete(sweeps)
    assert len(sweeps.measured()) - begun == CELLS - before  # what was kept is not measured again


def test_a_scheduler_that_is_killed_leaves_what_was_measured(
    sweeps: Sweeps, tmp_path: Path
) -> None:
    cluster = Cluster(sweeps, tmp_path)
    try:
        process = sweeps.begin(*SLOW, 1, "--cluster", cluster.address)
        wait_until(lambda: sweeps.out.is_dir() and kept(sweeps) >= 6, process)
        cluster.kill_scheduler()
        before = kept(sweeps)
        cluster.start()  # at the same address: the sweep finds it and goes on by itself
        said, complained = process.communicate(timeout=100)
        assert process.returncode == 0, complained
        assert f"{CELLS} cells" in said
        assert before >= 6
        assert_complete(sweeps)
    finally:
        cluster.end()


class Cluster:
    """A scheduler and a worker that are there already, each a process of its own."""

    def __init__(self, sweeps: Sweeps, folder: Path) -> None:
        import socket

        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self.port}"
        self._environment, self._folder = sweeps.environment, folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self.start()

    def _run(self, module: str, *arguments: str) -> None:
        command = [PY, "-m", f"distributed.cli.{module}", "--no-dashboard", *arguments]
        silent = subprocess.DEVNULL
        self._processes.append(
            subprocess.Popen(
                command, cwd=self._folder, env=self._environment, stdout=silent, stderr=silent
            )
        )

    def start(self) -> None:
        self._run("dask_scheduler", "--host", "127.0.0.1", "--port", str(self.port))
        self._run("dask_worker", self.address, "--nthreads", "1", "--no-nanny")

    def kill_scheduler(self) -> None:
        scheduler, worker = self._processes
        scheduler.kill()
        scheduler.wait()
        worker.kill()
        worker.wait()
        self._processes = []

    def end(self) -> None:
        for process in reversed(self._processes):
            process.kill()
            process.wait()


def test_poison_is_tried_four_times_and_marked_and_the_rest_is_done(sweeps: Sweeps) -> None:
    """One cell kills its worker, one raises, one is not legal: all others have their numbers."""
    status, said, complained = sweeps.run(
        "--vary", "width=2,3,4,99", "--vary", "height=1,99", "--keep", "total",
        "--set", "kills=2", "--set", "raises=3", "--workers", 2,
    )  # fmt: skip
    assert status == 0, complained
    assert "4 of them with an error" in said
    rows = {(row["width"], row["height"]): row for row in sweeps.rows()}
    assert len(rows) == len(sweeps.rows()) == 8
    for (width, height), row in rows.items():
        if (width, height) == (2, 1):
            assert "worker died 4 times" in row["error"]
        elif width == 3:
            assert row["error"] == "Width 3 is poison."
        elif width == height == 99:
            assert row["error"] == "Width and height cannot both be 99."
        else:
            assert row["error"] is None
            assert row["total"] == width + height + 5
        assert (row["total"] is None) == (row["error"] is not None)
    tries = Counter(sweeps.measured())
    assert tries["2 1 5"] == 4  # once, and three retries
