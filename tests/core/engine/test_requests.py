"""Floods of requests and live changes: what is begun, replaced, shared and shown."""

import threading
import time
import types
from collections.abc import Generator
from typing import Any

import pytest

from tests.core.engine.scripted import Counting, Scripted, endless, follow_camera, frame, text_of
from zoetrope.core.jobs import Job
from zoetrope.core.lab import Frame


def test_the_last_request_of_a_flood_is_the_last_shown(start: Any) -> None:
    lab = Scripted("a", follow_camera)
    engine, screen = start(lab)
    for value in range(1000):
        engine.submit("a", Counting(value=value))
    screen.wait(lambda: screen.last("a") == "999/0")
    assert lab.started < 1000
    shown = [int(text_of(u).split("/")[0]) for u in screen.of("a")]
    assert shown == sorted(shown)


def test_a_live_change_is_sent_into_the_job(start: Any) -> None:
    lab = Scripted("a", follow_camera)
    engine, screen = start(lab)
    engine.submit("a", Counting())
    screen.wait(lambda: screen.last("a") == "0/0")
    engine.submit("a", Counting(camera=5.0))
    screen.wait(lambda: screen.last("a") == "0/5")
    assert lab.started == 1
    engine.submit("a", Counting(value=2, camera=5.0))
    screen.wait(lambda: screen.last("a") == "2/5")
    assert lab.started == 2


def test_a_run_that_has_shown_nothing_is_not_replaced(start: Any) -> None:
    entered, go_on = threading.Event(), threading.Event()

    def slow(parameters: Counting) -> Generator[Frame, Counting, None]:
        entered.set()
        assert go_on.wait(10)
        yield frame(str(parameters.value))

    engine, screen = start(Scripted("a", slow))
    engine.submit("a", Counting(value=1))
    assert entered.wait(10)
    engine.submit("a", Counting(value=2))
    engine.submit("a", Counting(value=3))
    go_on.set()
    screen.wait(lambda: screen.last("a") == "3")
    assert [text_of(u) for u in screen.of("a")] == ["1", "3"]


def test_a_running_job_is_replaced_and_reports_progress(start: Any) -> None:
    engine, screen = start(Scripted("a", endless))
    engine.submit("a", Counting(value=1))
    screen.wait(lambda: len(screen.of("a")) > 3)
    assert screen.of("a")[2].running
    assert (screen.of("a")[2].seconds_left or 0) > 0
    engine.submit("a", Counting(value=2))
    screen.wait(lambda: screen.last("a").startswith("2:"))


def test_labs_share_the_thread_and_the_visible_one_comes_first(start: Any) -> None:
    engine, screen = start(Scripted("a", endless), Scripted("b", endless))
    engine.show("b")
    engine.submit("a", Counting())
    engine.submit("b", Counting())
    screen.wait(lambda: len(screen.of("b")) > 150)
    assert 10 < len(screen.of("a")) < len(screen.of("b"))


def test_a_slow_screen_gets_the_newest_frame_only(start: Any) -> None:
    engine, screen = start(Scripted("a", endless))
    screen.engine = None  # nobody reads the mail
    engine.submit("a", Counting())
    deadline = time.perf_counter() + 5
    while time.perf_counter() < deadline:
        with screen.changed:
            screen.changed.wait(0.05)
        update = engine.take("a")
        if update is not None and int(text_of(update).split(":")[1]) > 20:
            break
    assert update is not None
    assert int(text_of(update).split(":")[1]) > 20


def test_the_same_frame_again_is_not_sent_again(start: Any) -> None:
    def script(parameters: Counting) -> Generator[Frame, Counting, None]:
        first = frame("first", final=False)
        for _ in range(50):
            yield first
        yield frame("last")

    engine, screen = start(Scripted("a", script))
    engine.submit("a", Counting())
    screen.wait(lambda: screen.last("a") == "last")
    assert [text_of(update) for update in screen.of("a")] == ["first", "last"]


def test_a_live_change_is_answered_even_by_the_same_frame(start: Any) -> None:
    def script(parameters: Counting) -> Generator[Frame, Counting, None]:
        shown = frame("shown", final=False)
        while True:
            yield shown

    engine, screen = start(Scripted("a", script))
    engine.submit("a", Counting())
    screen.wait(lambda: len(screen.of("a")) == 1)
    ticket = engine.submit("a", Counting(camera=1.0))
    screen.wait(lambda: screen.of("a")[-1].ticket == ticket)


def test_a_job_that_returns_is_over(start: Any) -> None:
    def two(parameters: Counting) -> Generator[Frame, Counting, None]:
        yield frame("1", final=False)
        yield frame("2", final=False)

    engine, screen = start(Scripted("a", two))
    engine.submit("a", Counting())
    screen.wait(lambda: bool(screen.of("a")) and not screen.of("a")[-1].running)
    assert screen.last("a") == "2"


def test_no_hidden_lab_starves(start: Any) -> None:
    def busy(parameters: Counting) -> Generator[Frame, Counting, None]:
        while True:
            time.sleep(0.002)
            yield frame("more", final=False)

    engine, screen = start(*(Scripted(name, busy) for name in "abcdef"))
    engine.show("a")
    for name in "abcdef":
        engine.submit(name, Counting())
    screen.wait(lambda: all(screen.of(name) for name in "abcdef"))


def test_the_time_left_is_reckoned_from_when_the_work_began(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not from when the lab was opened: a live change an hour later was said to take days."""
    clock = [0.0]
    monkeypatch.setattr(
        "zoetrope.core.jobs.time", types.SimpleNamespace(perf_counter=lambda: clock[0])
    )
    job = Job(1, Counting(), iter(()), since=0.0)  # type: ignore[arg-type]

    def left(seconds: float, progress: float) -> float | None:
        clock[0] += seconds
        return job.update(frame("", final=False, progress=progress)).seconds_left

    assert left(2, 0.25) == pytest.approx(6)
    assert left(2, 0.5) == pytest.approx(4)
    job.resting = True
    clock[0] += 3600
    job.redirect(2, Counting(camera=1.0))
    assert left(1, 0.25) == pytest.approx(3)
    job.resting = False
    job.redirect(3, Counting(camera=2.0))  # in the midst of it: half of the work is thrown away
    assert left(1, 0.125) is None
    assert left(1, 0.25) == pytest.approx(6)
