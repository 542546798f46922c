"""Faults put into running labs: at every yield, of memory and of the device itself."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from zoetrope.core.device import Context
from zoetrope.core.engine import Engine
from zoetrope.core.failure import explain
from zoetrope.core.lab import Frame, Lab
from zoetrope.core.parameters import Parameters
from zoetrope.core.registry import registry
from zoetrope.core.updates import Update

LABS = [lab for lab in registry().values() if lab.id != "damped"]
every_lab = pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.id)
DEEPEST = 6  # yields after which a fault is put in
PATIENCE = 60.0


class Faulty(Lab[Any]):
    """Another lab, into which a fault is put after so many yields, as often as there are faults."""

    def __init__(self, lab: Lab[Any], after: int, faults: list[BaseException]) -> None:
        self.lab, self.after, self.faults = lab, after, faults
        self.id, self.title = lab.id, lab.title  # type: ignore[misc]
        self.parameters = lab.parameters  # type: ignore[misc]
        self.yields = 0

    def run(self, parameters: Any, context: Context) -> Generator[Frame, Any, None]:
        faults = self.faults  # those that are put in later are for a later run
        job = self.lab.run(parameters, context)
        frame = next(job)
        for self.yields in itertools.count(1):
            if faults and self.yields > self.after:
                frame = job.throw(faults.pop())
            parameters = yield frame
            if frame.final and not faults:
                return  # enough was seen
            frame = job.send(parameters)


class Screen:
    def __init__(self, lab: Lab[Any], **more: Any) -> None:
        self.changed = threading.Condition()
        self.updates: list[Update] = []
        self.engine = Engine({lab.id: lab}, self.notify, device="cpu", warm_up=False, **more)

    def notify(self, lab: str) -> None:
        while lab and (update := self.engine.take(lab)) is not None:
            with self.changed:
                self.updates.append(update)
                self.changed.notify_all()

    def ask(self, lab: Lab[Any], parameters: Parameters) -> Update:
        """Ask for a picture and return the last thing that is said of it, or its tenth picture."""
        ticket = self.engine.submit(lab.id, parameters)

        def answers() -> list[Update]:
            return [update for update in self.updates if update.ticket == ticket]

        def told() -> bool:
            return bool(answers()) and (not answers()[-1].running or len(answers()) > DEEPEST)

        with self.changed:
            assert self.changed.wait_for(told, PATIENCE)
        return answers()[-1]


@pytest.fixture
def closing() -> Iterator[list[Screen]]:
    screens: list[Screen] = []
    yield screens
    for screen in screens:
        assert screen.engine.close(PATIENCE)


@every_lab
@pytest.mark.parametrize("after", [0, 1, DEEPEST])
def test_an_exception_at_any_yield_is_said_and_the_lab_works_again(
    lab: Lab[Any], after: int, closing: list[Screen]
) -> None:
    faulty = Faulty(lab, after, [ZeroDivisionError("put in by the test")])
    screen = Screen(faulty)
    closing.append(screen)
    said = screen.ask(faulty, lab.parameters())
    if faulty.faults:  # it had less to do
        assert after >= faulty.yields
        return
    assert said.failure is not None
    assert "ZeroDivisionError" in said.failure.sentence
    seed = lab.parameters().change(**{changed(lab): other(lab)})
    again = screen.ask(faulty, seed)
    assert again.frame is not None
    assert again.failure is None


def changed(lab: Lab[Any]) -> str:
    """A parameter that has the lab begin anew."""
    known = lab.parameters.declarations()
    return next(n for n, d in known.items() if not d.live and getattr(d, "seed", False))


def other(lab: Lab[Any]) -> int:
    return int(getattr(lab.parameters(), changed(lab))) + 1


@every_lab
def test_lost_memory_is_tried_again_once_and_said_the_second_time(
    lab: Lab[Any], closing: list[Screen]
) -> None:
    error = torch.OutOfMemoryError(
        "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has 4 GiB"
    )
    faulty = Faulty(lab, 0, [error])
    screen = Screen(faulty)
    closing.append(screen)
    assert screen.ask(faulty, lab.parameters()).frame is not None
    faulty.faults = [error, error]
    said = screen.ask(faulty, lab.parameters().change(**{changed(lab): other(lab)})).failure
    assert said is not None
    assert said.sentence == (
        "There is not enough memory for these settings: one step asked for 2 GiB."
    )


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("CUDA error: unspecified launch failure\nCompile with `TORCH_USE_CUDA_DSA`"),
        RuntimeError("CUDA driver error: device is lost"),
        RuntimeError("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED"),
    ],
)
def test_a_device_that_vanishes_is_said_with_what_to_do(error: Exception) -> None:
    said = explain(error)
    assert said.sentence.startswith("The device that computes has failed")
    assert "CPU" in said.hint
    assert not explain(RuntimeError("an error of CUDA kind")).hint.startswith("Choose the CPU")


def test_a_device_that_vanishes_does_not_take_the_engine_along(
    monkeypatch: pytest.MonkeyPatch, closing: list[Screen]
) -> None:
    """Everything that is asked of it fails from then on, giving back its memory too."""
    lost = RuntimeError("CUDA error: unspecified launch failure")

    def fail(*_: object) -> None:
        raise lost

    lab = registry()["rope"]
    faulty = Faulty(lab, 0, [])
    screen = Screen(faulty)
    closing.append(screen)
    assert screen.ask(faulty, lab.parameters()).frame is not None
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "empty_cache", fail)
    faulty.faults = [lost, MemoryError()]
    said = screen.ask(faulty, lab.parameters().change(length=2.0)).failure
    assert said is not None
    assert said.sentence.startswith("The device that computes has failed")
    assert screen.ask(faulty, lab.parameters().change(length=3.0)).frame is not None


def test_a_file_that_the_system_refuses_is_named_and_no_defect(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="too long") as raised:
        (tmp_path / ("x" * 400)).stat()
    said = explain(raised.value)
    assert said.sentence == f"{'x' * 80} cannot be read: File name too long."
    assert "Choose another file" in said.hint
