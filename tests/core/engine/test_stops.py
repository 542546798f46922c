"""Work that is told to stop, and a receiver that is gone."""

import threading
import time
from collections.abc import Generator
from typing import Any

import pytest

from tests.core.engine.scripted import Counting, Scripted, endless, follow_camera, frame
from zoetrope.core.engine import Engine
from zoetrope.core.lab import Frame


def test_cancelling_stops_within_a_tenth_of_a_second(start: Any) -> None:
    closed = threading.Event()

    def job(parameters: Counting) -> Generator[Frame, Counting, None]:
        try:
            yield from endless(parameters)
        finally:
            closed.set()

    engine, screen = start(Scripted("a", job))
    engine.submit("a", Counting())
    screen.wait(lambda: len(screen.of("a")) > 1)
    engine.cancel("a")
    began = time.perf_counter()
    assert closed.wait(5)
    assert time.perf_counter() - began < 0.1
    screen.wait(lambda: not screen.of("a")[-1].running)
    engine.submit("a", Counting(value=7))
    screen.wait(lambda: screen.last("a").startswith("7:"))


def test_a_receiver_that_is_gone_stops_the_engine() -> None:
    def gone(lab: str) -> None:
        raise RuntimeError("wrapped C/C++ object has been deleted")

    engine = Engine({"a": Scripted("a", follow_camera)}, gone, warm_up=False)
    engine.submit("a", Counting())
    assert engine.close()


def test_a_stop_that_meets_the_last_frame_is_told(start: Any) -> None:
    """The frame is dropped, and the screen must not wait for it."""
    in_step, go_on = threading.Event(), threading.Event()

    def last(parameters: Counting) -> Generator[Frame, Counting, None]:
        yield frame("first", final=False)
        in_step.set()
        go_on.wait(10)
        yield frame("last")

    engine, screen = start(Scripted("a", last))
    ticket = engine.submit("a", Counting())
    assert in_step.wait(10)
    engine.cancel("a")
    go_on.set()
    screen.wait(lambda: bool(screen.of("a")) and not screen.of("a")[-1].running)
    told = screen.of("a")[-1]
    assert (told.ticket, told.frame, told.failure) == (ticket, None, None)


def test_a_stop_of_what_waits_behind_a_running_job_is_told(start: Any) -> None:
    """Else the page would wait for the newest request for ever."""
    in_step, go_on = threading.Event(), threading.Event()

    def slow(parameters: Counting) -> Generator[Frame, Counting, None]:
        yield frame("first", final=False)
        in_step.set()
        go_on.wait(10)
        yield frame("second", final=False)

    engine, screen = start(Scripted("a", slow), Scripted("b", follow_camera))
    engine.submit("a", Counting())
    assert in_step.wait(10)
    tickets = {"a": engine.submit("a", Counting(value=1)), "b": engine.submit("b", Counting())}
    for lab in tickets:
        engine.cancel(lab)
    go_on.set()
    for lab, ticket in tickets.items():
        screen.wait(lambda lab=lab, t=ticket: [u.ticket for u in screen.of(lab)][-1:] == [t])
        told = screen.of(lab)[-1]
        assert (told.frame, told.failure, told.running) == (None, None, False)


@pytest.mark.parametrize("fails", [False, True])
def test_a_stop_that_meets_the_end_of_the_job_is_told(start: Any, fails: bool) -> None:
    in_step, go_on = threading.Event(), threading.Event()

    def ends(parameters: Counting) -> Generator[Frame, Counting, None]:
        yield frame("first", final=False)
        in_step.set()
        go_on.wait(10)
        if fails:
            raise RuntimeError

    engine, screen = start(Scripted("a", ends))
    engine.submit("a", Counting())
    assert in_step.wait(10)
    engine.cancel("a")
    go_on.set()
    screen.wait(lambda: bool(screen.of("a")) and not screen.of("a")[-1].running)
    assert screen.of("a")[-1].failure is None


def test_once_it_is_closed_the_receiver_is_told_nothing_more() -> None:
    """Not even by a thread that was about to tell it something and had no time to."""
    telling, go_on = threading.Event(), threading.Event()
    in_hand = 0

    def slow(lab: str) -> None:
        nonlocal in_hand
        in_hand += 1
        telling.set()
        go_on.wait(0.3)
        in_hand -= 1

    engine = Engine({"a": Scripted("a", follow_camera)}, slow, warm_up=False)
    engine.submit("a", Counting())
    assert telling.wait(10)
    engine.close(timeout=0.0)
    assert in_hand == 0
    assert engine.close()
