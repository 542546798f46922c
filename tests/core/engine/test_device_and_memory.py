"""The device, torch and free memory: looked for, loaded and given back when there is rest."""

import sys
import threading
import types
from collections.abc import Generator
from typing import Any

import psutil
import pytest

from tests.core.engine.scripted import Counting, Screen, Scripted, follow_camera
from zoetrope.core import compute_thread, device
from zoetrope.core.device import Context
from zoetrope.core.engine import Engine
from zoetrope.core.lab import Frame


def test_the_device_is_found_on_the_compute_thread_when_idle() -> None:
    screen = Screen()
    engine = Engine({"a": Scripted("a", follow_camera)}, screen.notify, warm_up=True)
    engine.submit("a", Counting())
    screen.wait(lambda: engine.status().device is not None, 60)
    assert engine.status().devices[-1] == "cpu"
    assert not engine.status().starting
    engine.choose_device("cpu")
    screen.wait(lambda: engine.status().label == "CPU")
    assert engine.close()


def test_an_absent_device_falls_back_with_a_sentence() -> None:
    import torch

    if torch.backends.mps.is_available():
        pytest.skip("this machine has the device that the test wants absent")
    screen = Screen()
    engine = Engine({"a": Scripted("a", follow_camera)}, screen.notify, device="mps")
    engine.submit("a", Counting())
    screen.wait(lambda: engine.status().device is not None, 60)
    assert engine.status().device == "cpu"
    assert "no MPS device" in engine.status().label
    assert engine.close()


def test_what_needs_no_torch_does_not_wait_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    loading, go_on = threading.Event(), threading.Event()

    def load() -> None:
        loading.set()
        go_on.wait(20)

    monkeypatch.setattr("zoetrope.core.device.load_torch", load)
    screen = Screen()
    engine = Engine({"a": Scripted("a", follow_camera)}, screen.notify, device="cpu")
    screen.engine = engine
    try:
        engine.submit("a", Counting())
        assert loading.wait(10)
        engine.submit("a", Counting(value=7))
        screen.wait(lambda: screen.last("a") == "7/0")
        assert engine.status().starting
    finally:
        go_on.set()
        assert engine.close()


class NeedsTorch(Scripted):
    """A lab that cannot begin without torch."""

    def run(self, parameters: Counting, context: Context) -> Generator[Frame, Counting, None]:
        context.load_torch()
        yield from self.script(parameters)


def test_a_device_that_a_lab_asked_for_is_not_looked_for_ahead_of_need(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(compute_thread, "IDLE_BEFORE_TORCH", 0.01)
    screen = Screen()
    engine = Engine({"a": NeedsTorch("a", follow_camera)}, screen.notify, device="cpu")
    screen.engine = engine
    engine.submit("a", Counting())
    screen.wait(lambda: bool(screen.of("a")))
    assert engine.status().label == "CPU"
    with screen.changed:  # many times as long without work as it waits
        assert not screen.changed.wait_for(lambda: engine.status().starting, 0.3)
    assert engine.close()


def test_while_a_lab_waits_for_torch_it_is_the_engine_that_starts(
    start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    loading, go_on = threading.Event(), threading.Event()
    known = device.load_torch

    def load() -> types.ModuleType:
        loading.set()
        go_on.wait(20)
        return known()

    monkeypatch.setattr(device, "load_torch", load)
    engine, screen = start(NeedsTorch("a", follow_camera))
    engine.submit("a", Counting())
    assert loading.wait(10)
    assert engine.status().starting
    go_on.set()
    screen.wait(lambda: bool(screen.of("a")))
    assert not engine.status().starting


def test_memory_is_given_back_at_rest_once_after_work(
    start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compute_thread, "REST_BEFORE_TIDYING", 0.01)
    monkeypatch.setattr(compute_thread, "TIDY_EVERY", 0.02)
    given_back: list[str] = []
    monkeypatch.setattr(
        device, "return_free_memory", lambda: given_back.append(threading.current_thread().name)
    )
    engine, screen = start(Scripted("a", follow_camera))
    for turn in range(1, 4):
        engine.submit("a", Counting(value=turn))
        screen.wait(lambda turn=turn: len(given_back) == turn)
        with screen.changed:  # many times as long without work as it waits
            assert not screen.changed.wait_for(lambda turn=turn: len(given_back) > turn, 0.2)
    assert set(given_back) == {"compute"}


@pytest.mark.skipif(sys.platform != "linux", reason="asks the GNU C library")
def test_what_lies_free_between_blocks_in_use_goes_back_to_the_system() -> None:
    process = psutil.Process()
    blocks = [bytearray(60_000) for _ in range(4_000)]  # too small for blocks of their own
    held = blocks[::8]
    full = process.memory_info().rss
    del blocks
    device.return_free_memory()
    assert process.memory_info().rss < full - 150e6
    assert len(held) == 500
