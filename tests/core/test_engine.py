"""The compute thread under floods of changes, cancellation, failures and lost memory."""

import random
import sys
import threading
import time
import types
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any

import psutil
import pytest

from zoetrope.core import compute_thread, device
from zoetrope.core.device import Context
from zoetrope.core.engine import Engine
from zoetrope.core.figure import Figure, Panel
from zoetrope.core.items import Label
from zoetrope.core.jobs import Job
from zoetrope.core.lab import Frame, Lab
from zoetrope.core.parameters import ParameterError, Parameters, number, whole
from zoetrope.core.updates import Update


@dataclass(frozen=True)
class Counting(Parameters):
    value: int = whole(0, "Value", 0, 1_000_000)
    camera: float = number(0.0, "Camera", 0.0, 1e6, live=True)


def frame(text: str, *, final: bool = True, progress: float | None = None) -> Frame:
    item = Label(key="text", label=text, x=0.0, y=0.0)
    panel = Panel(name="only", items=(item,))
    return Frame(figure=Figure(panels=(panel,)), final=final, progress=progress)


def text_of(update: Update) -> str:
    assert update.frame is not None
    return update.frame.figure.panels[0].items[0].label


Run = Callable[[Counting], Generator[Frame, Counting, None]]


class Scripted(Lab[Counting]):
    """A lab whose run is given by the test."""

    title = "Scripted"
    question = ""
    parameters = Counting

    def __init__(self, id: str, script: Run) -> None:
        self.id = id  # type: ignore[misc]
        self.script = script
        self.started = 0

    def run(self, parameters: Counting, context: Context) -> Generator[Frame, Counting, None]:
        self.started += 1
        return self.script(parameters)


class Screen:
    """Takes updates as they are announced, as the window does."""

    def __init__(self) -> None:
        self.updates: list[tuple[str, Update]] = []
        self.changed = threading.Condition()
        self.engine: Engine | None = None

    def notify(self, lab: str) -> None:
        with self.changed:
            self.changed.notify_all()
        if lab and self.engine is not None:
            while (update := self.engine.take(lab)) is not None:
                with self.changed:
                    self.updates.append((lab, update))
                    self.changed.notify_all()

    def wait(self, enough: Callable[[], bool], seconds: float = 10.0) -> None:
        with self.changed:
            assert self.changed.wait_for(enough, seconds), self.updates

    def of(self, lab: str) -> list[Update]:
        return [update for name, update in self.updates if name == lab]

    def last(self, lab: str) -> str:
        frames = [u for u in self.of(lab) if u.frame is not None]
        return text_of(frames[-1]) if frames else ""


@pytest.fixture
def start() -> Iterator[Callable[..., tuple[Engine, Screen]]]:
    engines: list[Engine] = []

    def make(*labs: Lab[Any]) -> tuple[Engine, Screen]:
        screen = Screen()
        engine = Engine({lab.id: lab for lab in labs}, screen.notify, warm_up=False)
        screen.engine = engine
        engines.append(engine)
        return engine, screen

    yield make
    for engine in engines:
        assert engine.close()


def follow_camera(parameters: Counting) -> Generator[Frame, Counting, None]:
    while True:
        parameters = yield frame(f"{parameters.value}/{parameters.camera:g}")


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


def endless(parameters: Counting) -> Generator[Frame, Counting, None]:
    step = 0
    while True:
        time.sleep(0.001)  # stands for work
        step += 1
        yield frame(f"{parameters.value}:{step}", final=False, progress=min(step / 1e6, 0.99))


def test_a_running_job_is_replaced_and_reports_progress(start: Any) -> None:
    engine, screen = start(Scripted("a", endless))
    engine.submit("a", Counting(value=1))
    screen.wait(lambda: len(screen.of("a")) > 3)
    assert screen.of("a")[2].running
    assert (screen.of("a")[2].seconds_left or 0) > 0
    engine.submit("a", Counting(value=2))
    screen.wait(lambda: screen.last("a").startswith("2:"))


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


def test_labs_share_the_thread_and_the_visible_one_comes_first(start: Any) -> None:
    engine, screen = start(Scripted("a", endless), Scripted("b", endless))
    engine.show("b")
    engine.submit("a", Counting())
    engine.submit("b", Counting())
    screen.wait(lambda: len(screen.of("b")) > 150)
    assert 10 < len(screen.of("a")) < len(screen.of("b"))


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


def test_a_job_that_returns_is_over(start: Any) -> None:
    def two(parameters: Counting) -> Generator[Frame, Counting, None]:
        yield frame("1", final=False)
        yield frame("2", final=False)

    engine, screen = start(Scripted("a", two))
    engine.submit("a", Counting())
    screen.wait(lambda: bool(screen.of("a")) and not screen.of("a")[-1].running)
    assert screen.last("a") == "2"


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
