"""A tour in the window: real pages, an engine that answers at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.gui.fake_page import FakeEngine
from zoetrope.core.damped.lab import DampedLab
from zoetrope.gui.lab_page import LabPage
from zoetrope.gui.window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

LAB = DampedLab()
TOUR = LAB.tours[0]
STATES = list(TOUR.states(LAB.parameters))


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    window = MainWindow(
        {"damped": LAB},
        folder=tmp_path,
        make_page=LabPage,
        make_engine=FakeEngine,  # type: ignore[arg-type]
    )
    window.show()
    window.activateWindow()
    yield window
    window.close()
    window.deleteLater()
    QApplication.processEvents()


def settled(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.page.animator.running)


def words(window: MainWindow) -> str:
    return " ".join(label.text() for label in window.tours.strip.findChildren(QLabel))


def test_it_goes_through_its_steps_each_of_which_is_taken_back_as_one(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.tours.begin("damped", "dying")
    page = window.page
    history = page.history
    for index, (step, (_, end)) in enumerate(zip(TOUR.steps, STATES, strict=True)):
        settled(window, qtbot)
        assert page.parameters == end
        assert f"Step {index + 1} of 4" in words(window)
        assert step.title in words(window)
        assert step.text in words(window)
        assert history.stack.count() == index + 1
        assert history.stack.undoText() == f"Tour: {step.title}"
        window.menu_actions["tour_next"].trigger()
    assert window.tours.strip.isHidden()  # after the last one
    before = [LAB.parameters(), *(end for _, end in STATES)]
    for expected in reversed(before[:-1]):
        history.undo()
        lasting = {n: v for n, v in page.parameters.changes(expected).items() if n != "time"}
        assert lasting == {}


def test_a_step_shows_the_same_whatever_was_touched_before(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.tours.begin("damped", "dying")
    page = window.page
    page.set_parameters(page.parameters.change(frequency=9.0, page="state"), "Play")
    window.menu_actions["tour_next"].trigger()
    settled(window, qtbot)
    assert page.parameters == STATES[1][1]
    window.menu_actions["tour_back"].trigger()
    assert page.parameters == STATES[0][1]


def test_the_next_step_does_not_wait_for_an_animation(window: MainWindow, qtbot: QtBot) -> None:
    window.tours.begin("damped", "dying")
    window.menu_actions["tour_next"].trigger()
    assert window.page.animator.running
    window.menu_actions["tour_next"].trigger()
    assert not window.page.animator.running
    assert window.page.parameters == STATES[2][1]
    assert window.page.history.stack.count() == 3


def test_without_motion_a_step_shows_its_end_at_once(window: MainWindow) -> None:
    window.settings.choose(reduced_motion=True)
    window.tours.begin("damped", "dying")
    window.menu_actions["tour_next"].trigger()
    assert not window.page.animator.running
    assert window.page.parameters == STATES[1][1]
    assert window.page.history.stack.count() == 2


def test_it_is_led_by_the_keyboard_alone(window: MainWindow, qtbot: QtBot) -> None:
    window.tours.begin("damped", "dying")
    strip = window.tours.strip
    assert strip.next_button.hasFocus() or QApplication.focusWidget() is None  # no active window
    assert TOUR.steps[0].text in strip.next_button.accessibleDescription()
    assert not strip.back_button.isEnabled()
    qtbot.keyClick(strip.next_button, Qt.Key.Key_Space)
    assert strip.index == 1
    qtbot.keyClick(strip.back_button, Qt.Key.Key_Space)
    assert strip.index == 0
    qtbot.keyClick(strip.next_button, Qt.Key.Key_Escape)
    assert strip.isHidden()
    assert not window.menu_actions["tour_next"].isEnabled()
    for button in (strip.back_button, strip.next_button, strip.leave_button):
        assert button.accessibleName()
        assert button.toolTip()


def test_leaving_keeps_the_picture(window: MainWindow) -> None:
    window.tours.begin("damped", "dying")
    window.menu_actions["tour_leave"].trigger()
    assert window.tours.strip.isHidden()
    assert window.page.parameters.amplitude == 2.0
    assert not window.menu_actions["tour_leave"].isEnabled()


def test_the_menu_lists_all_tours(window: MainWindow) -> None:
    menu = window.menu_actions.menus["tours"]
    menu.aboutToShow.emit()
    (action,) = menu.actions()
    assert action.text() == "Damped oscillation: How a swing dies"
    assert not window.menu_actions["tour_next"].isEnabled()
    action.trigger()
    assert window.tours.strip.tour is TOUR
    assert window.menu_actions["tour_next"].isEnabled()
