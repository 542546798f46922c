"""How late the window's event loop runs while the compute thread works hard, and while a matrix
of a million tokens is panned and zoomed.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Any

from benchmarks.report import Figure, Report, quantile
from zoetrope.core.device import Context
from zoetrope.core.lab import Frame, Lab
from zoetrope.core.parameters import Parameters

TICK = 0.016
SECONDS = 6.0
ROUNDS = 3
TOKENS = 1 << 20  # of the matrix that is panned and zoomed
ALLOWED = 4.0  # ms that a load may add to the idle window's p99


class Load(Lab[Any]):
    """A lab that does nothing but keep the compute thread busy."""

    question = ""
    parameters = Parameters
    frame: Frame

    def run(self, parameters: Any, context: Context) -> Generator[Frame, Any, None]:
        """Yield after each step of work, for ever."""
        for _ in self.work():
            yield self.frame

    def work(self) -> Generator[None, None, None]:
        """Do one step between two yields."""
        raise NotImplementedError


class Training(Load):
    """A small network under Adam, as a lab would train it."""

    id, title = "training", "Training"

    def work(self) -> Generator[None, None, None]:
        """One training step between yields."""
        import torch

        torch.manual_seed(0)
        layers = [torch.nn.Linear(2, 64), torch.nn.ReLU(), torch.nn.Linear(64, 64)]
        network = torch.nn.Sequential(*layers, torch.nn.ReLU(), torch.nn.Linear(64, 1))
        optimiser = torch.optim.Adam(network.parameters(), lr=1e-3)
        x = torch.randn(256, 2)
        target = x.prod(dim=1, keepdim=True)
        while True:
            optimiser.zero_grad()
            torch.nn.functional.mse_loss(network(x), target).backward()
            optimiser.step()
            yield


class Products(Load):
    """Products of large matrices, which hold no interpreter lock."""

    id, title = "products", "Products"

    def work(self) -> Generator[None, None, None]:
        """One product between yields."""
        import torch

        a = torch.randn(1024, 1024)
        while True:
            a @ a
            yield


def measure(window: Any, load: Load | None) -> list[float]:
    """Return by how many ms each tick came late."""
    page = window.page
    job = page.lab.run(page.parameters, Context())
    frames = [next(job)]
    frames += [job.send(page.parameters.change(phase=float(p))) for p in range(0, 360, 6)]
    if load is not None:
        load.frame = replace(frames[0], final=False)
        window.engine.submit(load.id, Parameters())

    def redraw(tick: int) -> None:
        page.canvas.show_figure(frames[tick % len(frames)].figure)
        page.canvas.repaint()

    late = ticks(window, redraw)
    if load is not None:
        window.engine.cancel(load.id)
        window.run_until(lambda: not window.engine.status().busy, 5)
    return late


def measure_hand(window: Any, *, moving: bool) -> tuple[list[float], list[float]]:
    """Return the lateness of each tick, and the ms that each tick's own work took.

    A tick moves the visible range and paints, or only paints. The range pans over the matrix and
    zooms from all tokens to 64 and back, as fast as a hand that does not let go.
    """
    page = window.page
    spent: list[float] = []

    def step(tick: int) -> None:
        began = time.perf_counter()
        if moving:
            half = 2.0 ** (-7.0 * (1 - math.cos(tick / 40)) - 1)
            middle = half + (1 - 2 * half) * (0.5 + 0.4 * math.sin(tick / 25))
            low, high = middle - half, middle + half
            page.set_parameters(
                page.parameters.change(
                    row_low=low, row_high=high, column_low=low, column_high=high
                ),
                "Zoom",
                undoable=False,
            )
        page.canvas.repaint()
        spent.append((time.perf_counter() - began) * 1e3)

    return ticks(window, step), spent


def ticks(window: Any, work: Callable[[int], None]) -> list[float]:
    """Do some work every tick; return by how many ms each came late, which its work is not."""
    from PyQt6.QtCore import Qt, QTimer

    from benchmarks.window import queue_delay

    late: list[float] = []
    state = {"due": 0.0, "waited": queue_delay(), "tick": 0}

    def tick() -> None:
        now, waited = time.perf_counter(), queue_delay()
        if state["tick"] > 20:  # the first few come while the load starts
            behind = now - state["due"] - (waited - state["waited"])
            late.append(max(0.0, behind) * 1e3)
        work(int(state["tick"]))
        state.update(tick=state["tick"] + 1, waited=queue_delay(), due=time.perf_counter() + TICK)
        timer.start(int(TICK * 1000))

    timer = QTimer()
    timer.setSingleShot(True)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    state["due"] = time.perf_counter() + TICK
    timer.start(int(TICK * 1000))
    window.run_until(lambda: False, SECONDS)
    timer.stop()
    return late


def matrix() -> list[Figure]:
    """Measure the attention lab's window while its matrix is moved, and while it is not."""
    from benchmarks.window import Window

    late: dict[bool, list[float]] = {False: [], True: []}
    spent: list[float] = []
    with Window(lab="attention") as window:
        page = window.page
        page.set_parameters(page.parameters.change(n=TOKENS, stride=1024), "Tokens")
        window.run_until(lambda: False, 8)  # until the exact picture is there
        measure_hand(window, moving=True)
        for _ in range(ROUNDS):
            for moving in (False, True):
                found, own = measure_hand(window, moving=moving)
                late[moving] += found
                spent += own if moving else []
    still, moved = (quantile(late[moving], 0.99) for moving in (False, True))
    return [
        Figure("p99, million-token matrix at rest", still, "ms"),
        Figure("p99, panned and zoomed", moved, "ms"),
        Figure("more than at rest, panned and zoomed", moved - still, "ms", "at most 4 ms",
               moved - still <= ALLOWED),
        Figure("own work of one move with its paint, median", quantile(spent, 0.5), "ms"),
        Figure("own work of one move with its paint, p99", quantile(spent, 0.99), "ms"),
    ]  # fmt: skip


def run() -> Report:
    """Measure the window idle and under each load, in alternation."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from benchmarks.window import Window

    loads: dict[str, Load | None] = {"idle": None, "training": Training(), "products": Products()}
    late: dict[str, list[float]] = {name: [] for name in loads}
    with Window({name: load for name, load in loads.items() if load}) as window:
        for name, load in loads.items():  # once to load torch
            measure(window, load)
            late[name].clear()
        for _ in range(ROUNDS):
            for name, load in loads.items():
                late[name] += measure(window, load)
    p99 = {name: quantile(values, 0.99) for name, values in late.items()}
    figures = [Figure("p99, idle", p99["idle"], "ms")]
    for name in ("training", "products"):
        more = p99[name] - p99["idle"]
        figures += [
            Figure(f"p99, {name}", p99[name], "ms"),
            Figure(f"more than idle, {name}", more, "ms", "at most 4 ms", more <= ALLOWED),
        ]
    return Report(
        title="Lateness of the event loop",
        how=f"A {TICK * 1000:.0f} ms timer that redraws the rope's first page; how late it fires, "
        f"{ROUNDS} rounds of {SECONDS:.0f} s each, waiting for a CPU not counted; then the same of "
        f"the attention lab's matrix of {TOKENS:,} tokens, which each tick moves.",
        figures=(*figures, *matrix()),
    )
