from __future__ import annotations

from dataclasses import replace

import pytest
from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtTest import QTest

from zoetrope.core.damped.lab import DampedParameters
from zoetrope.core.parameters import Playhead
from zoetrope.gui.transport import TransportBar

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def bar(qtbot, clock):
    bar = TransportBar(DampedParameters.declarations()["time"], lambda: 2.0, clock=clock)
    qtbot.addWidget(bar)
    bar.asked = []
    bar.moved.connect(bar.asked.append)
    bar.show()
    bar._timer.setInterval(10**6)  # the tests tick
    return bar


def tick(bar: TransportBar, clock: Clock, seconds: float) -> None:
    clock.now += seconds
    bar._tick()
    bar.frame_shown()


def test_it_goes_by_the_clock_and_not_by_ticks(bar, clock):
    bar.play()
    tick(bar, clock, 0.1)
    tick(bar, clock, 0.5)
    assert bar.asked == pytest.approx([0.2, 1.2])


def test_it_asks_again_only_when_the_last_picture_was_shown(bar, clock):
    bar.play()
    clock.now += 0.1
    bar._tick()
    clock.now += 0.1
    bar._tick()
    bar._tick()
    assert bar.asked == pytest.approx([0.2])
    bar.frame_shown()
    bar._tick()
    assert bar.asked == pytest.approx([0.2, 0.4])  # no time was lost meanwhile


def test_speed_multiplies_the_rate(bar, clock):
    bar.set_speed(0.1)
    bar.play()
    tick(bar, clock, 0.5)
    assert bar.asked == pytest.approx([0.1])
    assert bar.speed_label.text() == "0.1×"
    assert "0.200 s/s" in bar.speed_slider.toolTip()


def test_one_that_swings_turns_round_at_its_ends(bar, clock):
    bar.set_playhead(Playhead(label="Depth", low=0.0, high=1.0, live=True, step=0.25, swings=True))
    assert "Turn round" in bar.loop_button.toolTip()
    bar.set_value(1.0)  # where it would otherwise have to begin again
    bar.play()
    for seconds in (0.1, 0.3, 0.2, 0.4):  # at 2 a second
        tick(bar, clock, seconds)
    assert bar.asked == pytest.approx([0.8, 0.2, 0.2, 1.0])
    tick(bar, clock, 0.25)
    assert bar.asked[-1] == pytest.approx(0.5)
    bar.set_value(1.0)
    bar.step(1)
    assert bar.asked[-1] == 1.0


def test_one_that_swings_stops_at_its_end_where_it_does_not_loop(bar, clock):
    bar.set_playhead(Playhead(label="Depth", low=0.0, high=1.0, live=True, swings=True))
    bar.loop_button.setChecked(False)
    bar.play()
    tick(bar, clock, 0.4)
    tick(bar, clock, 0.4)
    assert bar.asked == pytest.approx([0.8, 1.0])
    assert not bar.playing


@pytest.mark.parametrize(("speed", "kept"), [(1e-9, 0.01), (99.0, 4.0), (0.333, 0.33)])
def test_speed_stays_between_its_ends(bar, speed, kept):
    bar.set_speed(speed)
    assert bar.speed == kept


def test_the_speed_slider_is_logarithmic_and_rests_at_real_time(bar):
    bar.speed_slider.setValue(bar.speed_slider.maximum())
    assert bar.speed == 4.0
    bar.speed_slider.setValue(0)
    assert bar.speed == 0.01
    bar.speed_slider.setValue(bar._speed_tick(1.0) + 3)
    assert bar.speed == 1.0
    bar.speed_slider.setValue(5)
    QTest.mouseDClick(bar.speed_slider, Qt.MouseButton.LeftButton)
    assert bar.speed == 1.0


def test_it_begins_again_at_the_end_if_it_loops(bar, clock):
    bar.set_value(9.5)
    bar.play()
    tick(bar, clock, 0.5)
    assert bar.asked == pytest.approx([0.5])
    assert bar.playing


def test_it_stops_at_the_end_if_it_does_not(bar, clock):
    bar.loop_button.setChecked(False)
    bar.set_value(9.5)
    bar.play()
    tick(bar, clock, 0.5)
    assert bar.asked == [10.0]
    assert not bar.playing
    bar.play()
    assert bar.asked == [10.0, 0.0]


def test_a_negative_rate_runs_backwards(qtbot, clock):
    bar = TransportBar(DampedParameters.declarations()["time"], lambda: -1.0, clock=clock)
    qtbot.addWidget(bar)
    asked = []
    bar.moved.connect(asked.append)
    bar.set_value(0.25)
    bar.play()
    tick(bar, clock, 0.5)
    assert asked == pytest.approx([9.75])


def test_the_timer_runs_only_while_it_plays_and_is_seen(bar):
    assert not bar._timer.isActive()
    bar.play()
    assert bar._timer.isActive()
    bar.hide()
    assert not bar._timer.isActive()
    assert bar.playing
    bar.show()
    assert bar._timer.isActive()
    bar.pause()
    assert not bar._timer.isActive()


def test_nothing_is_skipped_after_a_long_sleep(bar, clock):
    bar.play()
    tick(bar, clock, 3600.0)
    assert bar.asked == pytest.approx([2.0])


def test_stepping_pauses_and_goes_by_the_declared_step(bar):
    bar.play()
    QTest.mouseClick(bar.forward_button, Qt.MouseButton.LeftButton)
    assert not bar.playing
    QTest.mouseClick(bar.back_button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(bar.back_button, Qt.MouseButton.LeftButton)
    assert bar.asked == pytest.approx([0.1, 0.0, 9.9])


def test_scrubbing(bar, qtbot):
    with qtbot.waitSignal(bar.moved):
        bar.scrubber.setValue(500)
    assert bar.asked == [5.0]
    assert bar.value_label.text() == "5.00 s"


def test_the_button_says_what_it_does(bar):
    assert bar.play_button.accessibleName() == "Play"
    QTest.mouseClick(bar.play_button, Qt.MouseButton.LeftButton)
    assert bar.play_button.accessibleName() == "Pause"
    assert bar.playing


def test_speed_and_loop_are_kept(bar):
    bar.set_speed(0.25)
    bar.loop_button.setChecked(False)
    state = bar.state()
    bar.set_speed(2.0)
    bar.loop_button.setChecked(True)
    bar.restore(state)
    assert bar.speed == 0.25
    assert not bar.loop
    bar.restore({"speed": "fast", "loop": 3})
    assert bar.state() == state


def test_it_plays_by_itself(qtbot):
    bar = TransportBar(DampedParameters.declarations()["time"], lambda: 1.0)
    qtbot.addWidget(bar)
    bar.show()
    asked = []
    bar.moved.connect(lambda value: (asked.append(value), bar.frame_shown()))
    bar.play()
    qtbot.waitUntil(lambda: len(asked) >= 3)
    bar.pause()
    assert asked == sorted(asked)


def test_another_playhead_takes_its_place_at_rest(qtbot, bar):
    bar.play()
    bar.set_playhead(Playhead(label="Time", low=0.0, high=20.0, unit="turns", help="Turns."))
    assert not bar.playing
    assert bar.value == 0.0
    assert bar.value_label.accessibleName() == "Time"
    assert bar.value_label.text().endswith("turns")
    with qtbot.waitSignal(bar.moved) as moved:
        bar.scrubber.setValue(bar.scrubber.maximum())
    assert moved.args == [20.0]


DRIVEN = Playhead(label="Step", low=0.0, high=100.0, step=1.0, live=True, driven=True)


@pytest.fixture
def driven(qtbot, clock):
    """A bar for a playhead that the lab plays."""
    bar = TransportBar(DRIVEN, lambda: 2.0, clock=clock)
    qtbot.addWidget(bar)
    bar.asked = []
    bar.moved.connect(bar.asked.append)
    bar.show()
    bar._timer.setInterval(10**6)
    bar.set_value(20.0)
    return bar


def test_a_driven_playhead_is_asked_for_its_end_once_and_follows_the_pictures(driven, clock):
    driven.play()
    tick(driven, clock, 0.1)
    tick(driven, clock, 0.1)
    assert driven.asked == [100.0]
    driven.set_value(100.0)  # what the parameters say now is not where the picture is
    assert driven.value == 20.0
    driven.reach(37.0, ended=False)
    assert driven.value == 37.0
    assert driven.value_label.text() == "37.0"
    assert driven.playing


def test_pausing_a_driven_playhead_asks_for_what_is_shown(driven, clock):
    driven.play()
    tick(driven, clock, 0.1)
    driven.reach(37.0, ended=False)
    driven.pause()
    assert driven.asked == [100.0, 37.0]
    driven.reach(39.0, ended=False)  # a picture that was on its way
    assert driven.value == 37.0


def test_a_driven_playhead_stops_where_nothing_more_comes(driven, clock):
    driven.play()
    tick(driven, clock, 0.1)
    driven.reach(100.0, ended=True)
    assert not driven.playing
    assert driven.value == 100.0
    driven.play()  # from the beginning
    assert driven.asked[-1] == 0.0
    driven.frame_shown()
    driven._tick()
    assert driven.asked[-1] == 100.0


def test_a_driven_playhead_that_is_scrubbed_goes_on_from_there(driven, clock):
    driven.play()
    tick(driven, clock, 0.1)
    driven.scrubber.setValue(driven.scrubber.maximum() // 2)
    assert driven.asked[-1] == pytest.approx(50.0, abs=1)
    driven.frame_shown()
    driven._tick()
    assert driven.asked[-1] == 100.0


def test_a_driven_playhead_goes_on_to_an_end_that_is_moved(driven, clock):
    driven.play()
    tick(driven, clock, 0.1)
    driven.reach(40.0, ended=False)
    driven.set_ends(replace(DRIVEN, high=200.0))
    assert driven.playing
    assert driven.value == 40.0
    assert driven.scrubber.toolTip() == "Step: 0 to 200"
    middle = (driven.scrubber.minimum() + driven.scrubber.maximum()) / 2
    assert driven.scrubber.value() < middle
    tick(driven, clock, 0.1)
    tick(driven, clock, 0.1)
    assert driven.asked == [100.0, 200.0]


def test_it_pauses_at_what_is_shown_where_its_end_comes_before_that(driven, clock):
    driven.play()
    tick(driven, clock, 0.1)
    driven.reach(40.0, ended=False)
    driven.set_ends(replace(DRIVEN, high=30.0))
    tick(driven, clock, 0.1)
    assert not driven.playing
    assert driven.asked == [100.0, 40.0]
    assert driven.value == 40.0
    driven.play()  # from the beginning
    driven.frame_shown()
    driven._tick()
    assert driven.asked[2:] == [0.0, 30.0]


def test_a_driven_playhead_knows_no_speed_and_no_loop(driven):
    assert driven.loop_button.isHidden()
    assert driven.speed_slider.isHidden()
    driven.set_playhead(DampedParameters.declarations()["time"])
    assert not driven.loop_button.isHidden()
    assert not driven.speed_slider.isHidden()


def test_the_keys_of_the_page_step_and_go_back(driven):
    def press(key, modifier=Qt.KeyboardModifier.NoModifier):
        return driven.take_key(QKeyEvent(QEvent.Type.KeyPress, key, modifier))

    assert press(Qt.Key.Key_S)
    assert press(Qt.Key.Key_R)
    assert driven.asked == [21.0, 0.0]
    assert press(Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    assert driven.asked[-1] == 100.0  # not beyond its end, nor round to the beginning
    assert not press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    driven.hide()
    assert not press(Qt.Key.Key_S)


def test_a_driven_playhead_may_have_a_speed_limit(driven):
    assert driven.limit.isHidden()
    driven.set_playhead(replace(DRIVEN, limit="most", unit="steps"))
    assert not driven.limit.isHidden()
    asked = []
    driven.limit.chosen.connect(asked.append)
    driven.limit.show_value(20.0)
    assert asked == []  # shown, not chosen
    assert driven.limit.label.text() == "20 steps/s"
    driven.limit.slider.setFocus()
    QTest.keyClick(driven.limit.slider, Qt.Key.Key_Left)
    QTest.keyClick(driven.limit.slider, Qt.Key.Key_End)
    assert asked == [10.0, 0.0]
    driven.limit.show_value(0.0)
    assert driven.limit.label.text() == "no limit"
    assert driven.limit.slider.value() == driven.limit.slider.maximum()
    driven.limit.show_value(0.3)  # typed into the row: below all stops
    assert driven.limit.slider.value() == 0


def test_turning_to_another_playhead_leaves_a_driven_one_on_its_way(driven, clock):
    driven.play()
    tick(driven, clock, 0.1)
    driven.set_playhead(DampedParameters.declarations()["time"])
    assert not driven.playing
    assert driven.asked == [100.0]


def test_whole_turns_are_no_move_and_nothing_is_awaited_for_them(bar, clock):
    """Else no picture comes, none is reported as shown, and it would stand still for ever."""
    turn = bar._high - bar._low
    bar.play()
    tick(bar, clock, 0.1)
    asked = list(bar.asked)
    bar.set_value(bar._value)
    bar._last = clock.now  # the very same moment: nothing has moved
    bar._tick()
    assert bar.asked == asked
    assert not bar._waiting
    bar._rate = lambda: 2 * turn  # in a second, the most that passes at once: whole turns
    bar.set_value(bar._low)
    clock.now += 60.0
    bar._tick()
    assert not bar._waiting
    bar._rate = lambda: 2.0
    tick(bar, clock, 0.5)
    assert bar.asked[-1] != asked[-1]
