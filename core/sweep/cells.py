"""What a worker does: measures cells of a sweep, whatever they raise.

Imported by workers alone with the lab that is swept: neither Dask nor Qt is needed here.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zoetrope import __version__
from zoetrope.core.device import Context, resolve_device
from zoetrope.core.failure import explain
from zoetrope.core.lab import Lab
from zoetrope.core.parameters import Parameters, Plain
from zoetrope.core.registry import registry
from zoetrope.core.sweep.errors import SweepStoppedError

Value = float | str | None
Labs = Callable[[], Mapping[str, Lab[Any]]]
OWN_DEVICE = "ZOETROPE_SWEEP_DEVICE"  # what "auto" means on one of this machine's own workers


@dataclass(frozen=True, slots=True)
class Task:
    """What all cells of a sweep share: the lab, its base state, and the readouts to keep."""

    lab: str
    base: Mapping[str, Plain]
    keep: tuple[str, ...]
    device: str = "auto"
    version: str = __version__


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of a cell: the readouts by key, or in a sentence why there are none.

    A readout that is no number (or not there) is None in a column of numbers. `duration` is in
    seconds.
    """

    values: Mapping[str, Value]
    error: str
    device: str
    version: str
    duration: float


def measure_cells(task: Task, changes: Sequence[Mapping[str, Any]]) -> list[Measured]:
    """Measure the cells that differ from the task's base by `changes`, one after the other.

    Raises `SweepStoppedError` where this worker cannot measure any cell of this sweep.
    """
    lab, base = prepare(task)
    return [measure_cell(task, lab, base, change) for change in changes]


def prepare(task: Task, labs: Labs = registry) -> tuple[Lab[Any], Parameters]:
    """Return the lab and the base state of a task; raises `SweepStoppedError`."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # a worker is one thread; torch is told so
    if task.version != __version__:
        raise SweepStoppedError(
            f"A worker runs Zoetrope {__version__}, and this is {task.version}: "
            "install the same version on both."
        )
    lab = labs().get(task.lab)
    if lab is None:
        raise SweepStoppedError(f"A worker has no lab {task.lab!r}: install the same there.")
    return lab, lab.parameters.make(task.base)


def measure_cell(
    task: Task,
    lab: Lab[Any],
    base: Parameters,
    change: Mapping[str, Any],
    watch: Callable[[float | None], None] = lambda share: None,
) -> Measured:
    """Measure one cell; what the lab raises becomes its error.

    `watch` is told now and then which share of the cell is done (None where that is not known),
    and may raise a `BaseException` to give it up.
    """
    used = "cpu"

    def device() -> str:
        nonlocal used
        wanted = os.environ.get(OWN_DEVICE, "auto") if task.device == "auto" else task.device
        used = resolve_device(wanted)
        return used

    began = time.perf_counter()
    values: dict[str, Value] = {}
    error = ""
    try:
        steps = lab.measure(base.change(**change), Context(device), task.keep)
        found = _last(steps, watch)
        values = {key: _plain(found.get(key)) for key in (task.keep or found)}
    except Exception as raised:  # whatever one cell raises, the others are measured
        error = explain(raised).sentence
    return Measured(values, error, used, __version__, time.perf_counter() - began)


def _last(
    steps: Generator[float | None, None, Mapping[str, Any]],
    watch: Callable[[float | None], None],
) -> Mapping[str, Any]:
    """Go through the steps and return what they come to."""
    while True:
        try:
            share = next(steps)
        except StopIteration as end:
            found: Mapping[str, Any] = end.value
            return found
        watch(share)


def _plain(value: Any) -> Value:
    """Return a readout's value as a table holds it: a float, a text, or None."""
    return value if value is None or isinstance(value, str) else float(value)
