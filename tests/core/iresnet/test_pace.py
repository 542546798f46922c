from __future__ import annotations

import time

import pytest

from zoetrope.core.device import Context
from zoetrope.core.iresnet import lab_session, pace
from zoetrope.core.iresnet.lab import LAB
from zoetrope.core.iresnet.lab_parameters import IResNetParameters
from zoetrope.core.lab import final_frame
from zoetrope.core.long_work import FINISHED

SMALL = IResNetParameters().change(n_blocks=1, hidden=8, batch=64, n=200, source="moons")


@pytest.fixture
def clock(monkeypatch):
    now = [10.0]
    monkeypatch.setattr(pace.time, "perf_counter", lambda: now[0])
    return now


def taken(limit: pace.SpeedLimit, clock: list[float], per_second: float, ticks: list[float]) -> int:
    total = 0
    for tick in ticks:
        clock[0] += tick
        steps = limit.due(per_second)
        limit.take(steps)
        total += steps
    return total


@pytest.mark.parametrize("per_second", [0.7, 3.0, 50.0, 130.0])
def test_a_second_has_as_many_steps_as_it_may(clock, per_second):
    limit = pace.SpeedLimit()
    total = taken(limit, clock, per_second, [0.0173] * 1000)
    assert total == pytest.approx(17.3 * per_second, abs=1.001)


def test_a_machine_that_slept_makes_up_for_a_quarter_of_a_second(clock):
    limit = pace.SpeedLimit()
    assert taken(limit, clock, 100.0, [60.0]) == 26
    assert taken(limit, clock, 2.0, [60.0]) == 1


def test_steps_without_a_limit_are_no_debt(clock):
    limit = pace.SpeedLimit()
    limit.take(1000)
    assert taken(limit, clock, 10.0, [0.11]) == 1


@pytest.fixture(autouse=True)
def nothing_kept():
    """Begin with nothing trained before."""
    FINISHED._kept.clear()
    FINISHED.bytes = 0


def test_who_watches_sees_no_more_steps_than_the_limit_lets(monkeypatch):
    began = time.perf_counter()
    job = LAB.run(SMALL.change(speed_limit=20.0, step=1000.0), Context(watched=True))
    frame = next(job)
    most = 0.0
    while most < 8:
        frame = job.send(SMALL.change(speed_limit=20.0, step=1000.0))
        most = max(most, frame.reached or 0.0)
        assert most <= 20.0 * (time.perf_counter() - began) + 1
    frees = SMALL.change(speed_limit=0.0, step=40.0)  # taken away, it goes on at once
    monkeypatch.setattr(lab_session.time, "sleep", lambda seconds: pytest.fail("it waits"))
    while not (frame.final and frame.reached == 40.0):
        frame = job.send(frees)
    job.close()


def test_an_export_does_not_wait(monkeypatch):
    monkeypatch.setattr(lab_session.time, "sleep", lambda seconds: pytest.fail("it waits"))
    frame = final_frame(LAB, SMALL.change(speed_limit=1.0, step=20.0), Context())
    assert frame.reached == 20.0
