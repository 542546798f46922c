"""Time to the first painted window, against a bare PyQt6 and pyqtgraph window."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import Figure, Report, median

RUNS = 9


def paint_first(program: str) -> None:
    """In a fresh process: open a window, say when it was first painted, and close it."""
    from PyQt6.QtCore import QEvent, QObject, QTimer
    from PyQt6.QtWidgets import QApplication, QMainWindow

    class FirstPaint(QObject):
        seen = False

        def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
            if (
                not self.seen
                and event is not None
                and event.type() == QEvent.Type.Paint
                and isinstance(watched, QMainWindow)
            ):
                self.seen = True
                QTimer.singleShot(0, self.report)
            return False

        def report(self) -> None:
            print(time.time(), flush=True)
            os._exit(0)  # what closing takes is another question

    watch = FirstPaint()
    run_events = QApplication.exec

    def watched_exec() -> int:
        QApplication.instance().installEventFilter(watch)
        return run_events()

    QApplication.exec = staticmethod(watched_exec)
    if program == "bare":
        import pyqtgraph

        app = QApplication([])
        window = QMainWindow()
        plot = pyqtgraph.PlotWidget()
        plot.plot([0, 1, 2], [0, 1, 0])
        window.setCentralWidget(plot)
        window.resize(1440, 900)
        window.show()
        app.exec()
    else:
        from zoetrope.__main__ import main

        main([])


def seconds_to_paint(program: str, state: Path) -> float:
    """Start a process and return how long its window took to be painted."""
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "ZOETROPE_STATE_DIR": str(state)}
    began = time.time()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.start_up", program],
        capture_output=True, text=True, env=environment, check=True, timeout=120,
    )  # fmt: skip
    return float(done.stdout.split()[-1]) - began


def run() -> Report:
    """Start the two in alternation."""
    times: dict[str, list[float]] = {"bare": [], "zoetrope": []}
    with tempfile.TemporaryDirectory() as state:
        for program in times:  # once each to warm the disk's cache
            seconds_to_paint(program, Path(state))
        for _ in range(RUNS):
            for program, values in times.items():
                values.append(seconds_to_paint(program, Path(state)))
    middle = {name: median(values) for name, values in times.items()}
    ratio = middle["zoetrope"] / middle["bare"]
    return Report(
        title="First painted window",
        how=f"Wall seconds from starting the process, median of {RUNS} in alternation.",
        figures=(
            Figure("bare PyQt6 + pyqtgraph window", middle["bare"], "s"),
            Figure("Zoetrope", middle["zoetrope"], "s"),
            Figure("ratio", ratio, "×", "at most 1.5", ratio <= 1.5),
        ),
    )


if __name__ == "__main__":
    paint_first(sys.argv[1])
