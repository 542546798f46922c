"""Labs that fail, and memory that runs out."""

import threading
import time
from collections.abc import Generator
from typing import Any

import pytest

from tests.core.engine.scripted import Counting, Scripted, follow_camera, frame, text_of
from zoetrope.core.lab import Frame
from zoetrope.core.parameters import ParameterError


def test_an_exception_becomes_a_sentence_and_the_thread_lives_on(start: Any) -> None:
    def fail(parameters: Counting) -> Generator[Frame, Counting, None]:
        yield frame("before", final=False)
        if parameters.value == 0:
            raise RuntimeError("pipe broke")
        if parameters.value == 1:
            raise ParameterError("value", "Value 1 is unlucky.")
        yield frame("after")

    engine, screen = start(Scripted("a", fail))
    engine.submit("a", Counting(value=0))
    screen.wait(lambda: any(u.failure for u in screen.of("a")))
    failure = screen.of("a")[-1].failure
    assert failure is not None
    assert failure.sentence == "This could not be computed: RuntimeError, pipe broke."
    assert "Traceback" in failure.details
    engine.submit("a", Counting(value=1))
    screen.wait(lambda: bool(screen.of("a")[-1].failure and screen.of("a")[-1].failure.parameter))
    assert screen.of("a")[-1].failure.sentence == "Value 1 is unlucky."
    engine.submit("a", Counting(value=2))
    screen.wait(lambda: screen.last("a") == "after")


def test_a_lab_that_cannot_even_start_fails_politely(start: Any) -> None:
    def never(parameters: Counting) -> Generator[Frame, Counting, None]:
        raise KeyboardInterrupt  # at once: this is no generator function

    engine, screen = start(Scripted("a", never), Scripted("b", follow_camera))
    engine.submit("a", Counting())
    engine.submit("b", Counting(value=4))
    screen.wait(lambda: screen.last("b") == "4/0" and bool(screen.of("a")))
    assert screen.of("a")[-1].failure is not None


@pytest.mark.parametrize(
    "error",
    [
        MemoryError("Unable to allocate 7.45 GiB for an array"),
        RuntimeError("can't allocate memory: you tried to allocate 7999999999 bytes."),
    ],
)
def test_lost_memory_is_retried_once_then_said(start: Any, error: Exception) -> None:
    def hungry(parameters: Counting) -> Generator[Frame, Counting, None]:
        if lab.started <= parameters.value:
            raise error
        yield frame("fed")

    lab = Scripted("a", hungry)
    engine, screen = start(lab)
    engine.submit("a", Counting(value=1))
    screen.wait(lambda: screen.last("a") == "fed")
    assert lab.started == 2
    engine.submit("a", Counting(value=99))
    screen.wait(lambda: bool(screen.of("a")[-1].failure))
    assert "7.45 GiB" in screen.of("a")[-1].failure.sentence
    assert lab.started == 4


def test_lost_memory_is_retried_for_each_request_of_a_job(start: Any) -> None:
    starved: set[float] = set()

    def hungry_once(parameters: Counting) -> Generator[Frame, Counting, None]:
        while True:
            if parameters.camera not in starved:
                starved.add(parameters.camera)
                raise MemoryError("Unable to allocate 7.45 GiB for an array")
            parameters = yield frame(f"fed {parameters.camera:g}")

    engine, screen = start(Scripted("a", hungry_once))
    for camera in (1.0, 2.0, 3.0):
        engine.submit("a", Counting(camera=camera))
        screen.wait(lambda camera=camera: screen.last("a") == f"fed {camera:g}")
    assert all(update.failure is None for update in screen.of("a"))


def test_a_failure_does_not_hide_the_frame_before_it(start: Any) -> None:
    failed = threading.Event()

    def fail(parameters: Counting) -> Generator[Frame, Counting, None]:
        yield frame("before", final=False)
        failed.set()
        raise RuntimeError

    engine, screen = start(Scripted("a", fail))
    screen.engine = None  # nobody reads the mail yet
    engine.submit("a", Counting())
    assert failed.wait(10)
    deadline = time.perf_counter() + 5
    while engine.status().busy and time.perf_counter() < deadline:
        time.sleep(0.001)
    updates = []
    while (update := engine.take("a")) is not None:
        updates.append(update)
    assert text_of(updates[0]) == "before"
    assert updates[1].frame is None
    assert updates[1].failure is not None
