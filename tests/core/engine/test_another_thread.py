"""A step that does not end: it is given up, and nothing else is lost."""

import random
import threading
import time
from collections.abc import Generator
from typing import Any

from tests.core.engine.scripted import Counting, Scripted, endless, follow_camera, frame
from zoetrope.core.engine import Engine
from zoetrope.core.lab import Frame


def test_a_stuck_step_is_seen_and_closing_does_not_wait_for_it() -> None:
    go_on = threading.Event()

    def stuck(parameters: Counting) -> Generator[Frame, Counting, None]:
        go_on.wait(20)
        yield frame("late")

    engine = Engine({"a": Scripted("a", stuck)}, lambda lab: None, warm_up=False)
    assert engine.status().label == "Ready"
    engine.submit("a", Counting())
    deadline = time.perf_counter() + 5
    while engine.status().stuck_seconds < 0.02 and time.perf_counter() < deadline:
        time.sleep(0.005)
    assert engine.status().busy
    assert not engine.status().starting  # it is the lab that takes long
    assert engine.status().label == "Ready"
    assert not engine.close(timeout=0.05)
    go_on.set()
    assert engine.close()


def test_what_was_stopped_stays_so_on_another_thread(start: Any) -> None:
    in_step, go_on = threading.Event(), threading.Event()

    def slow(parameters: Counting) -> Generator[Frame, Counting, None]:
        yield frame("first", final=False)
        in_step.set()
        go_on.wait(10)
        yield frame("second", final=False)

    other = Scripted("b", endless)
    engine, screen = start(Scripted("a", slow), other)
    engine.submit("b", Counting())
    screen.wait(lambda: len(screen.of("b")) > 1)
    engine.submit("a", Counting())
    assert in_step.wait(10)
    engine.cancel("b")
    engine.restart()
    screen.wait(lambda: not screen.of("b")[-1].running)
    assert other.started == 1
    go_on.set()


def test_what_was_just_taken_up_is_not_lost_with_its_thread(start: Any) -> None:
    closing, go_on = threading.Event(), threading.Event()

    def clings(parameters: Counting) -> Generator[Frame, Counting, None]:
        try:
            while True:
                yield frame(str(parameters.value))
        finally:
            if parameters.value == 0:
                closing.set()
                go_on.wait(10)

    engine, screen = start(Scripted("a", clings))
    engine.submit("a", Counting())
    screen.wait(lambda: screen.last("a") == "0")
    ticket = engine.submit("a", Counting(value=1))  # the job before does not end
    assert closing.wait(10)
    engine.restart()
    screen.wait(lambda: screen.of("a")[-1].ticket == ticket)
    assert screen.of("a")[-1].failure is not None
    go_on.set()


class Hanging:
    """A script whose runs wait until they are let go."""

    def __init__(self) -> None:
        self.entered, self.go_on, self.closed = (threading.Event() for _ in range(3))

    def __call__(self, parameters: Counting) -> Generator[Frame, Counting, None]:
        try:
            if parameters.value == 0:
                self.entered.set()
                self.go_on.wait(20)
            yield frame(f"from {parameters.value}")
        finally:
            self.closed.set()


def test_a_step_that_does_not_end_is_given_up_and_the_rest_goes_on(start: Any) -> None:
    hanging = Hanging()
    engine, screen = start(Scripted("a", hanging), Scripted("b", follow_camera))
    ticket = engine.submit("a", Counting())
    assert hanging.entered.wait(10)
    waiting = engine.submit("b", Counting(value=5))
    engine.restart()
    screen.wait(lambda: screen.last("b") == "5/0" and bool(screen.of("a")))
    assert screen.of("b")[-1].ticket == waiting
    told = screen.of("a")[-1]
    assert told.ticket == ticket
    assert told.failure is not None
    assert "started anew" in told.failure.sentence
    assert not engine.status().busy
    newer = engine.submit("a", Counting(value=1))
    assert newer > waiting
    screen.wait(lambda: screen.last("a") == "from 1")

    hanging.go_on.set()  # the old thread ends by itself, and nothing of it is shown
    assert hanging.closed.wait(10)
    assert engine.close()
    assert screen.last("a") == "from 1"


def test_a_change_made_while_stuck_is_computed_by_the_new_thread(start: Any) -> None:
    hanging = Hanging()
    engine, screen = start(Scripted("a", hanging))
    engine.submit("a", Counting())
    assert hanging.entered.wait(10)
    ticket = engine.submit("a", Counting(value=2))
    engine.restart()
    screen.wait(lambda: screen.last("a") == "from 2")
    assert [u.ticket for u in screen.of("a")] == [ticket]
    hanging.go_on.set()


def test_nothing_is_lost_over_many_restarts(start: Any) -> None:
    """A flood of changes, stops and restarts: the last request of each lab is the last shown."""
    rng = random.Random(0)
    engine, screen = start(*(Scripted(name, follow_camera) for name in "abc"))
    for value in range(400):
        engine.submit(rng.choice("abc"), Counting(value=value))
        if rng.random() < 0.1:
            engine.cancel(rng.choice("abc"))
        if rng.random() < 0.05:
            engine.restart()
    for name in "abc":
        engine.submit(name, Counting(value=1000))
    screen.wait(lambda: all(screen.last(name) == "1000/0" for name in "abc"))
