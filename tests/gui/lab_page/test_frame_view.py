"""A frame, its notices, and a failure, each in its place on the page."""

from __future__ import annotations

import pytest
from PyQt6.QtWidgets import QApplication

from tests.gui.lab_page.answers import answer, frame_of
from zoetrope.core.failure import Failure
from zoetrope.core.figure import Figure
from zoetrope.core.lab import Notice
from zoetrope.core.updates import Update

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_a_frame_shows_figure_readouts_linked_values_actions(page):
    assert [cell.readout.key for cell in page.readouts.cells][:2] == ["x", "omega"]
    assert page.form.rows["period"].box.text() == "0.666667 s"
    assert [b.text() for b in page.actions_box.buttons.values()] == [
        "Strike again", "Sweep the decay",
    ]  # fmt: skip
    assert page.picture_edits.value_of("period") == 1 / 1.5
    assert page.picture_edits.value_of("amplitude") == 1.0


def test_notices_stand_at_their_rows_or_above_the_picture(page):
    page.form._edit("decay", 50.0)
    page.collect()
    row = page.form.rows["decay"]
    assert row.message.text() == "This is overdamped: it would not swing."
    assert row.message.severity == "warning"
    assert page.banner.text == ""
    page.form._edit("points", 20)
    page.collect()
    assert page.banner.text == "Fewer than 20 samples a swing are drawn."
    page.history.undo()
    page.history.undo()
    page.collect()
    assert not row.message.isVisible()
    assert page.banner.text == ""


def test_a_notice_for_a_row_of_another_page_stands_above(page, engine):
    page.tabs.setCurrentIndex(1)
    page.collect()
    notice = Notice("No envelope here.", "warning", "envelope")
    answer(page, engine, frame=frame_of(page, notices=(notice,)))
    assert page.banner.text == "No envelope here."


def test_a_failure_without_a_parameter_stands_above_with_details(page, engine, qtbot):
    failure = Failure("Not enough memory.", "Take fewer samples.", "Traceback ...")
    answer(page, engine, failure=failure)
    assert page.banner.text == "Not enough memory. Take fewer samples."
    assert page.banner.message.severity == "error"
    assert page.canvas.figure is not None  # the last picture stays
    with qtbot.waitSignal(page.details_requested) as caught:
        page.banner.details_button.click()
    assert caught.args == ["Traceback ..."]
    page.form._edit("amplitude", 1.5)
    page.collect()
    assert page.banner.text == ""


def test_a_failure_of_a_parameter_stands_at_its_row(page, engine):
    answer(page, engine, failure=Failure("Too noisy.", "", "", "noise"))
    row = page.form.rows["noise"]
    assert row.isVisible()
    assert row.message.text() == "Too noisy."
    assert page.banner.text == ""
    page.form._edit("noise", 0.1)
    page.collect()
    assert not row.message.isVisible()


def test_a_failure_at_a_row_out_of_sight_is_said_above_too(page, engine, qtbot):
    page.resize(1024, 420)
    QApplication.processEvents()
    answer(page, engine, failure=Failure("Too noisy.", "", "Traceback ...", "noise"))
    qtbot.waitUntil(lambda: page.banner.text == "Too noisy.")
    assert page.form.rows["noise"].visibleRegion().isEmpty()
    assert page.form.rows["noise"].message.text() == "Too noisy."
    page.form._edit("noise", 0.1)
    page.collect()
    assert page.banner.text == ""
    answer(page, engine, failure=Failure("Too far.", "", "", "amplitude"))
    QApplication.processEvents()
    assert not page.form.rows["amplitude"].visibleRegion().isEmpty()
    assert page.banner.text == ""  # it is seen where it belongs


def test_the_failure_of_an_older_request_is_not_shown(page, engine):
    engine.answer = Update(engine.ticket - 1, page.parameters, failure=Failure("Old.", "", ""))
    page.collect()
    assert page.banner.text == ""


def test_a_frame_without_a_picture_leaves_the_one_before(page, engine):
    before = page.frame
    page.form._edit("amplitude", 1.5)
    waiting = frame_of(page, figure=Figure(panels=()), readouts=(), progress=0.4, final=False)
    answer(page, engine, frame=waiting, running=True)
    assert page.frame is before
    assert page.canvas.figure == before.figure
    assert page.progress.waiting
    answer(page, engine, frame=frame_of(page, readouts=()))
    assert page.frame is not before
