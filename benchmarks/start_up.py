"""Time to the first painted window and picture, against a bare PyQt6 and pyqtgraph window."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import Figure, Report, median

RUNS = 9


def seconds_to_paint(program: str, state: Path) -> float:
    """Start a process and return how long its window took to be painted."""
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "ZOETROPE_STATE_DIR": str(state)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # a person's second start compiles nothing
    began = time.time()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.first_paint", program],
        capture_output=True, text=True, env=environment, check=True, timeout=120,
    )  # fmt: skip
    return float(done.stdout.split()[-1]) - began


def run() -> Report:
    """Start them in alternation."""
    times: dict[str, list[float]] = {"bare": [], "zoetrope": [], "lab": [], "picture": []}
    with tempfile.TemporaryDirectory() as state:
        for program in times:  # once each to warm the disk's cache
            seconds_to_paint(program, Path(state))
        for _ in range(RUNS):
            for program, values in times.items():
                values.append(seconds_to_paint(program, Path(state)))
    middle = {name: median(values) for name, values in times.items()}
    ratio = middle["zoetrope"] / middle["bare"]
    lab = middle["lab"] / middle["bare"]
    picture = middle["picture"] / middle["bare"]
    return Report(
        title="First painted window",
        how=f"Wall seconds from starting the process, median of {RUNS} in alternation.",
        figures=(
            Figure("bare PyQt6 + pyqtgraph window", middle["bare"], "s"),
            Figure("Zoetrope on its start page", middle["zoetrope"], "s"),
            Figure("ratio", ratio, "×", "at most 1.5", ratio <= 1.5),
            Figure("Zoetrope at a lab", middle["lab"], "s"),
            Figure("ratio at a lab", lab, "×", "at most 1.5", lab <= 1.5),
            Figure("the same with its first picture", middle["picture"], "s"),
            Figure("ratio with the picture", picture, "×", "at most 2.5", picture <= 2.5),
        ),
    )
