"""Playing: by keys, at the pace of the pictures, and by itself."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from tests.gui.still_engine import StillEngine
from zoetrope.core.damped.lab import LAB, DampedLab, DampedParameters
from zoetrope.gui.lab_page import LabPage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_space_plays_and_the_playhead_is_no_step(page, engine):
    page.setFocus()
    QTest.keyClick(page, Qt.Key.Key_Space)
    assert page.transport.playing
    page.transport.moved.emit(3.0)
    assert page.parameters.time == 3.0
    assert page.history.stack.count() == 0
    QTest.keyClick(page, Qt.Key.Key_Space)
    assert not page.transport.playing
    page.player.toggle()
    assert page.transport.playing
    page.transport.pause()


def test_playing_waits_for_the_picture(page, engine):
    page.transport._timer.setInterval(10**6)
    page.transport.play()
    page.transport._tick()
    page.transport._tick()
    before = len(engine.submitted)
    page.transport._tick()
    assert len(engine.submitted) == before
    page.collect()
    page.transport._tick()
    assert len(engine.submitted) == before + 1
    page.transport.pause()


def test_space_belongs_to_a_check_box_that_has_the_focus(page):
    page.form.rows["envelope"].box.setFocus()
    QTest.keyClick(page.form.rows["envelope"].box, Qt.Key.Key_Space)
    assert not page.transport.playing
    assert page.parameters.envelope is False


class TurningLab(DampedLab):
    plays = True


@pytest.fixture
def turning(qtbot):
    page = LabPage(TurningLab(), StillEngine(TurningLab()))
    qtbot.addWidget(page)
    return page


def test_a_lab_that_plays_begins_to_when_it_is_told(qtbot, turning):
    assert not turning.transport.playing
    turning.begin()
    assert turning.transport.playing
    turning.show()
    qtbot.waitUntil(lambda: turning.parameters.time != DampedParameters().time)
    turning.rest()
    assert not turning.transport.playing
    assert turning.history.stack.count() == 0


def test_it_stays_still_where_motion_is_reduced_and_so_does_a_lab_that_does_not_play(turning, page):
    turning.set_reduced_motion(True)
    turning.begin()
    page.begin()
    assert not turning.transport.playing
    assert not page.transport.playing


@pytest.mark.parametrize("playing", [True, False])
def test_a_session_knows_whether_it_played(qtbot, turning, playing):
    if playing:
        turning.begin()
    state = turning.session.state()
    turning.rest()
    other = LabPage(LAB, StillEngine())
    qtbot.addWidget(other)
    other.session.restore(state)
    assert other.transport.playing == playing
    other.rest()
