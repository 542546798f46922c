"""What is dragged on the picture becomes parameters."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_a_drag_on_the_canvas_is_one_step_and_stays_within_the_range(page):
    page.canvas.edit_started.emit()
    for value in (1.1, 5.0, 70.0):
        page.canvas.edited.emit({"amplitude": value})
    page.canvas.edit_finished.emit()
    assert page.parameters.amplitude == 10.0
    assert page.history.stack.count() == 1
    page.canvas.edited.emit({"points": 99.7, "somebody else": 1.0})
    assert page.parameters.points == 100
    page.canvas.edited.emit({"azimuth": 50.0})
    assert page.history.stack.count() == 2


def test_two_parameters_of_one_handle_are_one_change(page):
    page.canvas.edited.emit({"decay": 2.0, "amplitude": 1.2})
    assert page.history.stack.undoText() == "Change amplitude and decay rate"


def test_a_drag_that_does_not_fit_says_so_at_the_row(page):
    page.canvas.edited.emit({"start": 9.0})
    assert page.parameters.start == 0.0
    assert page.form.rows["stop"].message.isVisible()
    page.canvas.edited.emit({"start": 2.0})
    assert not page.form.has_refusals
