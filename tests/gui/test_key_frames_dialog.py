"""The window of key frames: what it lists, how it edits, and the film shown in the lab itself."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.core.sine_lab import LAB, SineParameters
from tests.gui.still_engine import StillEngine
from zoetrope.core.on_the_way import EASINGS
from zoetrope.gui.export_animate import KEY_FRAMES, AnimateChoice
from zoetrope.gui.exporting import Subject, request_for
from zoetrope.gui.key_frames_dialog import KeyFramesDialog
from zoetrope.gui.lab_page import LabPage

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", "propagateSizeHints")


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def page(qtbot: QtBot) -> LabPage:
    engine = StillEngine(LAB)
    page = LabPage(LAB, engine)
    qtbot.addWidget(page)
    page.resize(900, 600)
    page.show()
    qtbot.waitUntil(lambda: bool(engine.submitted))
    page.collect()
    return page


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def dialog(qtbot: QtBot, page: LabPage, clock: Clock) -> Iterator[KeyFramesDialog]:
    dialog = KeyFramesDialog(page, "Sine", clock=clock)
    qtbot.addWidget(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.show()
    yield dialog
    dialog.close()


def put(page: LabPage, **values: object) -> None:
    page.set_parameters(page.parameters.change(**values), "test")


def rows(dialog: KeyFramesDialog) -> list[str]:
    items = [dialog.frames.item(row) for row in range(dialog.frames.count())]
    return [item.text() for item in items if item is not None]


def three(dialog: KeyFramesDialog, page: LabPage) -> None:
    """Add the defaults, 8 Hz, and 8 Hz with 20 points."""
    dialog.add.click()
    put(page, frequency=8.0)
    dialog.add.click()
    put(page, count=20)
    dialog.add.click()


def test_states_are_added_and_listed_by_what_they_change(
    qtbot: QtBot, dialog: KeyFramesDialog, page: LabPage
) -> None:
    assert "add that" in dialog.message.text()
    assert not dialog.export.isEnabled()
    with qtbot.waitSignal(dialog.changed):
        dialog.add.click()
    assert page.film is None
    put(page, frequency=8.0)
    dialog.add.click()
    put(page, count=20)
    dialog.add.click()
    assert rows(dialog) == ["1. The defaults", "2. frequency = 8 Hz", "3. points = 20"]
    assert dialog.message.isHidden()
    assert dialog.export.isEnabled()
    assert page.film is not None
    assert page.film.duration == 4.0


def test_they_are_reordered_changed_and_removed(dialog: KeyFramesDialog, page: LabPage) -> None:
    three(dialog, page)
    dialog.up.click()
    assert rows(dialog)[1:] == ["2. frequency = 8 Hz, points = 20", "3. points = 50"]
    assert dialog.frames.currentRow() == 1
    dialog.seconds.setValue(5.0)
    dialog.easing.setCurrentIndex(dialog.easing.findData("even"))
    assert (page.key_frames[1].seconds, page.key_frames[1].easing) == (5.0, "even")
    assert page.key_frames[0].seconds == 2.0
    put(page, frequency=1.0)
    dialog.replace.click()
    assert page.key_frames[1].parameters.frequency == 1.0  # type: ignore[attr-defined]
    dialog.frames.setCurrentRow(0)
    assert not dialog.up.isEnabled()
    dialog.remove.click()
    assert len(page.key_frames) == 2
    dialog.frames.setCurrentRow(1)
    assert not dialog.seconds.isEnabled()  # nothing follows the last
    assert [dialog.easing.itemData(i) for i in range(dialog.easing.count())] == list(EASINGS)


def test_the_lab_shows_where_the_slider_is_and_is_as_before_at_the_end(
    dialog: KeyFramesDialog, page: LabPage
) -> None:
    three(dialog, page)
    put(page, frequency=3.0)
    undo_steps = page.history.stack.count()
    dialog.frames.setCurrentRow(0)
    dialog.easing.setCurrentIndex(dialog.easing.findData("even"))
    dialog.scrubber.setValue(250)  # a second of four: half-way to the second key frame
    assert page.parameters.frequency == pytest.approx(4.0)  # between 2 and 8, by factors
    assert dialog.time.text() == "1.0 of 4.0 s"
    assert page.history.stack.count() == undo_steps
    dialog.close()
    assert page.parameters.frequency == 3.0


def test_what_is_set_while_the_film_is_looked_at_stays(
    dialog: KeyFramesDialog, page: LabPage
) -> None:
    three(dialog, page)
    dialog.scrubber.setValue(500)
    put(page, frequency=5.0)
    dialog.close()
    assert page.parameters.frequency == 5.0


def test_it_plays_to_its_end_in_real_time(
    qtbot: QtBot, dialog: KeyFramesDialog, page: LabPage, clock: Clock
) -> None:
    three(dialog, page)
    dialog.play.click()
    clock.seconds = 2.0
    qtbot.waitUntil(lambda: (page.parameters.frequency, page.parameters.count) == (8.0, 50))
    clock.seconds = 4.5
    qtbot.waitUntil(lambda: dialog.time.text() == "4.0 of 4.0 s")
    assert page.parameters.count == 20
    assert dialog.play.text() == "P&lay"


def test_a_session_keeps_them_and_nonsense_is_left_out(
    qtbot: QtBot, dialog: KeyFramesDialog, page: LabPage
) -> None:
    three(dialog, page)
    state = page.session.state()
    again = LabPage(LAB, StillEngine(LAB))
    qtbot.addWidget(again)
    again.session.restore(state)
    assert again.key_frames == page.key_frames
    again.session.restore(
        {**state, "key_frames": [{"parameters": {}, "seconds": "x", "easing": 3}]}
    )
    assert again.key_frames == ()


def test_the_film_is_offered_for_export_and_handed_over(
    qtbot: QtBot, dialog: KeyFramesDialog, page: LabPage, tmp_path: Path
) -> None:
    three(dialog, page)
    with qtbot.waitSignal(dialog.export_asked):
        dialog.export.click()
    frame = next(LAB.run(SineParameters(), None))  # type: ignore[arg-type]
    subject = Subject(
        LAB, page.parameters, frame, (64, 48), "light", lambda _: None,  # type: ignore
        key_frames=page.film,
    )  # fmt: skip
    choice = AnimateChoice(subject)
    qtbot.addWidget(choice)
    choice.choose(KEY_FRAMES)
    assert choice.what.currentText() == "Key frames (3)"
    assert choice.text() == KEY_FRAMES
    choices = subject.choices({"format": "gif", "animate": KEY_FRAMES})
    request = request_for(subject, choices.options(["wave"]), tmp_path / "a.gif")
    assert request.options.animate == page.film
    without = AnimateChoice(replace(subject, key_frames=None))
    qtbot.addWidget(without)
    assert without.what.findText("Key frames (3)") < 0
