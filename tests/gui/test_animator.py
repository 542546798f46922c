"""The animator moves one parameter, never faster than pictures come."""

import pytest
from pytestqt.qtbot import QtBot

from zoetrope.core.lab import Animate
from zoetrope.gui.animator import Animator, position

THERE = Animate("width", 1.0, 100.0, seconds=2.0, back=False)
AND_BACK = Animate("width", 1.0, 100.0, seconds=2.0)


@pytest.mark.parametrize(
    ("animate", "seconds", "log", "value"),
    [
        (THERE, 0.0, False, 1.0),
        (THERE, 1.0, False, 50.5),
        (THERE, 1.0, True, 10.0),
        (THERE, 9.0, False, 100.0),
        (AND_BACK, 1.0, False, 100.0),
        (AND_BACK, 1.5, True, 10.0),
        (AND_BACK, 2.0, True, 1.0),
        (Animate("width", 0.0, 4.0, seconds=2.0, back=False), 1.0, True, 2.0),
    ],
)
def test_positions(animate: Animate, seconds: float, log: bool, value: float) -> None:
    assert position(animate, seconds, log) == pytest.approx(value)


def test_the_next_value_waits_for_the_picture_and_the_last_one_ends_it(qtbot: QtBot) -> None:
    now = [0.0]
    animator = Animator(clock=lambda: now[0])
    values: list[float] = []
    animator.moved.connect(lambda _name, value: values.append(value))
    animator.start(THERE)
    assert values == [1.0]
    now[0] = 1.0
    qtbot.wait(50)  # several ticks, and no picture yet
    assert values == [1.0]
    animator.frame_shown()
    qtbot.waitUntil(lambda: len(values) == 2)
    assert values[1] == pytest.approx(50.5)
    now[0] = 2.5
    with qtbot.waitSignal(animator.ended):
        animator.frame_shown()
    assert values[-1] == 100.0
    assert not animator.running


def test_with_reduced_motion_it_is_at_the_end_at_once(qtbot: QtBot) -> None:
    animator = Animator()
    values: list[float] = []
    animator.moved.connect(lambda _name, value: values.append(value))
    with qtbot.waitSignal(animator.ended):
        animator.start(AND_BACK, jump=True)
    assert values == [100.0]
