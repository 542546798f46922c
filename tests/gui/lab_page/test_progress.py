"""How a page says that it waits."""

from __future__ import annotations

import pytest

from tests.gui.lab_page.answers import answer, frame_of
from zoetrope.gui.progress_line import about

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_progress_is_shown_only_after_a_while(page, engine, qtbot):
    page.progress._patience.setInterval(20)
    page.form._edit("amplitude", 1.5)
    answer(page, engine, frame=frame_of(page, progress=0.4, final=False), running=True,
           seconds_left=12.3)  # fmt: skip
    assert not page.progress.seen
    qtbot.waitUntil(lambda: page.progress.words.isVisible())
    assert page.progress.words.text() == "40 % · about 12 s left"
    assert page.progress.cancel_button.isVisible()
    answer(page, engine, frame=frame_of(page))
    assert not page.progress.words.isVisible()


def test_the_words_about_progress_leave_the_tabs_their_room(page):
    progress = page.progress
    progress.report(0.4, 12.3)
    whole = progress.words.fontMetrics().horizontalAdvance("40 % · about 12 s left")
    for room, words, cancel in (
        (whole + 200, "40 % · about 12 s left", "Cancel"),
        (whole + 40, "40 % · about 12 s left", ""),
        (whole, "40 %", ""),
        (20, "", ""),
    ):
        progress.set_room(room)
        assert (progress.words.text(), progress.cancel_button.text()) == (words, cancel)
        assert progress.words.toolTip() == "40 % · about 12 s left"
        taken = progress.words.sizeHint().width() + progress.cancel_button.sizeHint().width()
        assert taken <= max(room, 30)
    progress.end()


def test_a_quick_answer_shows_no_progress(page, engine):
    page.form._edit("amplitude", 1.5)
    assert page.progress.waiting
    engine.wanted = (engine.ticket, page.parameters)
    page.collect()
    assert not page.progress.waiting


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.3, "about a second left"), (12.3, "about 12 s left"), (170.0, "about 3 min left")],
)
def test_waiting_in_words(seconds, words):
    assert about(seconds) == words
