"""What a lab offers to do, done on its page."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QWidget

from zoetrope.core.damped.lab import DampedParameters
from zoetrope.core.lab import Action, Animate
from zoetrope.gui.lab_page import LabPage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def button(page: LabPage, key: str) -> QWidget:
    return page.actions_box.buttons[key]


def test_an_action_changes_at_once(page):
    page.form._edit("amplitude", 1.5)
    page.run_action(Action("loud", "Make it loud", change={"amplitude": 2.0}))
    assert page.parameters.amplitude == 2.0
    assert page.history.stack.undoText() == "Make it loud"
    page.run_action(Action("off", "Not now", enabled=False, change={"amplitude": 0.0}))
    assert page.parameters.amplitude == 2.0
    page.run_action(Action("bad", "Too much", change={"amplitude": 99.0}))
    assert page.form.rows["amplitude"].message.isVisible()


def test_an_action_copies_a_text(page, qtbot):
    before = page.parameters
    action = Action("tex", "Copy as LaTeX", copy="\\toprule")
    page.actions_box.set_actions((action,))
    page.actions_box.buttons["tex"].click()
    assert QApplication.clipboard().text() == "\\toprule"
    assert page.parameters == before
    assert page.actions_box.buttons["tex"].text() == "Copied"
    qtbot.waitUntil(lambda: page.actions_box.buttons["tex"].text() == "Copy as LaTeX")


def test_a_text_to_copy_is_made_when_it_is_asked_for(page):
    made = []
    action = Action("tex", "Copy as LaTeX", copy=lambda: f"\\toprule{made.append(1) or ''}")
    page.actions_box.set_actions((action,))
    assert not made
    page.actions_box.buttons["tex"].click()
    assert QApplication.clipboard().text() == "\\toprule"
    assert made == [1]


def test_an_animation_is_one_step_and_ends_where_it_says(page, qtbot):
    action = Action("sweep", "Sweep", animate=Animate("decay", 0.1, 5.0, 0.05, back=False))
    page.parameters_changed.connect(page.collect, Qt.ConnectionType.QueuedConnection)
    page.run_action(action)
    qtbot.waitUntil(lambda: not page.animator.running)
    assert page.parameters.decay == 5.0
    assert page.history.stack.count() == 1
    page.history.undo()
    assert page.parameters.decay == 0.4


def test_an_animation_of_whole_numbers_goes_on_between_them(page, qtbot):
    action = Action("more", "More", animate=Animate("points", 100, 103, 0.2, back=False))
    page.parameters_changed.connect(page.collect, Qt.ConnectionType.QueuedConnection)
    page.run_action(action)
    qtbot.waitUntil(lambda: not page.animator.running)
    assert page.parameters.points == 103


@pytest.mark.parametrize("touch", ["press", "key", "escape", "form", "button", "undo"])
def test_any_touch_ends_an_animation(page, touch):
    page.run_action(page.frame.actions[1])
    assert page.animator.running
    assert button(page, "swell").text() == "Stop: Sweep the decay"
    if touch == "press":
        QTest.mouseClick(page.canvas, Qt.MouseButton.LeftButton)
    elif touch == "key":
        QTest.keyClick(page.form.rows["amplitude"].box, Qt.Key.Key_Up)
        assert page.parameters.amplitude == 1.05
    elif touch == "escape":
        QTest.keyClick(page, Qt.Key.Key_Escape)
    elif touch == "undo":
        page.history.undo()
        assert page.parameters == DampedParameters()
    elif touch == "form":
        page.form._edit("amplitude", 1.5)
    else:
        QTest.mouseClick(button(page, "swell"), Qt.MouseButton.LeftButton)
    assert not page.animator.running
    assert button(page, "swell").text() == "Sweep the decay"


def test_reduced_motion_jumps(page):
    page.set_reduced_motion(True)
    page.run_action(page.frame.actions[1])
    assert not page.animator.running
    assert page.parameters.decay == 5.0
    assert page.history.stack.count() == 1
