"""Sweeps whose workers know the lab of `poison_lab.py`, offered as by an installed package."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.dataset
import pytest

ROOT = Path(__file__).resolve().parents[3]
PY = sys.executable


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for PYTHONPATH that offers the lab `poison`."""
    folder = tmp_path_factory.mktemp("installed")
    source = Path(__file__).with_name("poison_lab.py").read_text(encoding="utf-8")
    (folder / "poison_lab.py").write_text(source, encoding="utf-8")
    info = folder / "poison_lab-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: poison-lab\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[zoetrope.labs]\npoison = poison_lab:LAB\n")
    return folder


@dataclass
class Sweeps:
    """Runs the command in a process of its own, in a folder of its own."""

    folder: Path
    environment: dict[str, str]
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def out(self) -> Path:
        return self.folder / "sweep.parquet"

    def begin(self, *arguments: object, out: Path | None = None) -> subprocess.Popen[str]:
        command = [PY, "main.py", "sweep", "poison", *map(str, arguments)]
        process = subprocess.Popen(
            [*command, "--out", str(out or self.out)], cwd=ROOT, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self.running.append(process)
        return process

    def run(self, *arguments: object, out: Path | None = None) -> tuple[int, str, str]:
        process = self.begin(*arguments, out=out)
        said, complained = process.communicate(timeout=100)
        return process.returncode, said, complained

    def rows(self, out: Path | None = None) -> list[dict[str, Any]]:
        table = pyarrow.dataset.dataset(out or self.out).to_table()
        return list(table.to_pylist())

    def measured(self) -> list[str]:
        """A line for each time that a cell was begun."""
        journal = Path(self.environment["POISON_JOURNAL"])
        return journal.read_text().splitlines() if journal.exists() else []


@pytest.fixture
def sweeps(tmp_path: Path, installed: Path) -> Iterator[Sweeps]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(installed),
        "POISON_JOURNAL": str(tmp_path / "journal.txt"),
        "ZOETROPE_CACHE_DIR": str(tmp_path / "cache"),
    }
    made = Sweeps(tmp_path, environment)
    yield made
    for process in made.running:
        if process.poll() is None:
            process.kill()
        process.communicate()


def wait_until(there: Callable[[], bool], process: subprocess.Popen[str], most: float = 60) -> None:
    """Wait for something that another process does; fail if that ends first."""
    import time

    deadline = time.monotonic() + most
    while not there():
        assert time.monotonic() < deadline, "it took too long"
        if process.poll() is not None:
            raise AssertionError(f"it ended: {process.communicate()}")
        time.sleep(0.05)


__all__: Sequence[str] = ("Sweeps", "wait_until")
