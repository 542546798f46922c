"""Numbers under load: lateness, latency and cancellation while a lab's heaviest job runs, and eight
hours of animation by a clock that runs fast.
"""

from __future__ import annotations

import gc
import threading
import time
from typing import Any

import psutil
from PyQt6.QtWidgets import QWidget

from benchmarks.lateness import ticks
from benchmarks.report import quantile
from benchmarks.window import Window, queue_delay
from tests.soak.storm import waited_since, waits
from zoetrope.core.device import Context, load_torch
from zoetrope.core.lab import Lab
from zoetrope.core.parameters import Parameters
from zoetrope.core.registry import registry

LONG = 1.5  # seconds of CPU after which a job counts as long
SECONDS_A_TICK = 0.97  # of the animation: less than the most that passes, and no whole turns


def heaviest(lab: Lab[Any]) -> Parameters:
    """Return the page or preset of a lab whose job takes longest, at its defaults otherwise."""
    page = lab.parameters.page_name()
    defaults = lab.parameters()
    pages = lab.parameters.declarations()[page].options if page else []  # type: ignore[attr-defined]
    states = [defaults.change(**{page: p}) for p in pages] or [defaults]  # type: ignore[misc]
    states += [lab.parameters.make(preset.values) for preset in lab.presets]
    context = Context()
    took: list[float] = []
    for state in states:
        began = time.thread_time()
        job = lab.run(state, context)
        frame = next(job)
        while not frame.final and time.thread_time() - began < LONG:
            frame = job.send(state)
        job.close()
        took.append(time.thread_time() - began)
        if took[-1] > LONG:
            break
    return states[took.index(max(took))]


def anew(parameters: Parameters, turn: int) -> Parameters:
    """Return parameters that have the same work done anew: with another seed."""
    known = parameters.declarations()
    seeds = [n for n, d in known.items() if getattr(d, "seed", False) and not d.live]
    return parameters.change(**dict.fromkeys(seeds, turn))


def keep_busy(window: Window, parameters: Parameters, turn: int) -> None:
    """Give the engine the job again if it has nothing to do."""
    if not window.engine.status().busy:
        window.page.set_parameters(anew(parameters, turn), "Again", undoable=False)


def lateness(lab_id: str) -> dict[str, list[float]]:
    """Return by how many ms a 16 ms timer comes late, in an idle window and with the job."""
    found: dict[str, list[float]] = {"idle": [], "busy": []}
    lab = registry()[lab_id]
    job = heaviest(lab)
    with Window(lab=lab_id) as window:
        window.run_until(lambda: not window.engine.status().busy, 3)
        for name in ("idle", "busy", "idle", "busy"):
            if name == "idle":
                window.engine.cancel(lab_id)
                window.run_until(lambda: not window.engine.status().busy, 5)

            def work(tick: int, name: str = name) -> None:
                if name == "busy" and tick % 10 == 0:
                    keep_busy(window, job, tick)
                window.page.canvas.repaint()

            found[name] += ticks(window, work)
        window.engine.cancel(lab_id)
    return found


def latencies(lab_id: str, count: int) -> list[float]:
    """Return how many ms it takes from a slider's move to a picture of that value, while the
    lab's heaviest job runs; waiting for a CPU not counted.
    """
    found: list[float] = []
    lab = registry()[lab_id]
    with Window(lab=lab_id) as window:
        page = window.page
        page.set_parameters(heaviest(lab), "Heaviest", undoable=False)
        window.run_until(lambda: page.frame_parameters == page.parameters, 30)
        sliders = [r.slider for r in page.form.rows.values()
                   if getattr(r, "slider", None) is not None and _seen(r)]  # fmt: skip
        for turn in range(count):
            slider = sliders[turn % len(sliders)]
            waited, began = queue_delay(), time.perf_counter()
            low, high = slider.minimum(), slider.maximum()
            slider.setValue(low + (slider.value() - low + (high - low) // 7 + 1) % (high - low))
            if window.run_until(lambda: page.frame_parameters == page.parameters, 10):
                found.append(1e3 * (time.perf_counter() - began - (queue_delay() - waited)))
            else:
                found.append(1e4)
        window.engine.cancel(lab_id)
    return found


def _seen(row: QWidget) -> bool:
    return row.isVisible() and row.isEnabled()


def cancels(lab_id: str, count: int) -> list[float]:
    """Return how many ms it takes from a cancellation until the engine has come to rest, in the
    middle of the lab's heaviest job; waiting for a CPU not counted.
    """
    found: list[float] = []
    lab = registry()[lab_id]
    job = heaviest(lab)
    with Window(lab=lab_id) as window:
        window.run_until(lambda: not window.engine.status().busy, 3)
        for turn in range(count):
            window.page.set_parameters(anew(job, turn), "Again", undoable=False)
            window.run_until(lambda: window.engine.status().busy, 5)
            time.sleep(0.003 * (turn % 17))
            computing = [t.native_id or 0 for t in threading.enumerate() if t.name == "compute"]
            waited, began = waits(computing), time.perf_counter()
            if not window.engine.status().busy:
                continue
            window.engine.cancel(lab_id)
            while window.engine.status().busy and time.perf_counter() - began < 5:
                time.sleep(0.0005)
            spent = time.perf_counter() - began - waited_since(waited)
            found.append(1e3 * max(0.0, spent))
    return found


def animate(ticks_: int, warm: int) -> dict[str, float]:
    """Play the rope for so many ticks, a second of the clock each.

    Return the hours that passed, the pictures that were shown and by how many MB memory grew since
    tick `warm`.
    """
    load_torch()
    process, clock = psutil.Process(), [0.0]
    shown = base = 0
    with Window(lab="rope") as window:
        page = window.page
        transport = page.transport
        transport._clock = lambda: clock[0]
        transport.play()
        for tick in range(ticks_):
            clock[0] += SECONDS_A_TICK
            before = page.parameters
            transport._tick()
            deadline = time.perf_counter() + 10
            while page.frame_parameters != page.parameters and time.perf_counter() < deadline:
                window.app.processEvents()
            shown += page.frame_parameters == page.parameters != before
            if tick == warm:
                gc.collect()
                base = process.memory_info().rss
        page.rest()
        gc.collect()
        growth = (process.memory_info().rss - base) / 1e6
    return {"hours": clock[0] / 3600, "shown": shown, "growth": growth}


def summary(values: list[float]) -> tuple[float, float, float]:
    """Return p50, p99 and the largest."""
    return quantile(values, 0.5), quantile(values, 0.99), max(values)
