"""What is animated, between which ends, and what that comes to."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.gui.export_dialog.fake_process import FakeProcess, choose, png
from zoetrope.core.animated_number import parse_animated
from zoetrope.core.animation import Estimate
from zoetrope.core.damped.lab import LAB
from zoetrope.core.export_messages import Done
from zoetrope.core.lab import Action, Animate
from zoetrope.core.parameters import Parameters, number, pages
from zoetrope.gui import export_dialog
from zoetrope.gui.export_animate import AnimateChoice
from zoetrope.gui.export_choices import Choices
from zoetrope.gui.export_dialog import ExportDialog
from zoetrope.gui.exporting import Exporter, Subject, export_again
from zoetrope.gui.notices import Notices

# The offscreen platform says so of every window with a least size, and of every popup.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_any_number_can_be_animated_between_two_ends(
    qtbot: QtBot, dialog: ExportDialog, process: list[FakeProcess]
) -> None:
    form = dialog.form
    choose(dialog, format="svg")
    assert not form.rows.isRowVisible(form.animate)
    choose(dialog, format="gif")
    assert form.rows.isRowVisible(form.animate)
    assert form.animate.plays
    assert form.rows.isRowVisible(form.speed)
    assert dialog.choices().animate == ""
    form.animate.what.setCurrentIndex(form.animate.what.findData("amplitude"))
    assert (form.animate.start.text(), form.animate.stop.text()) == ("0", "2")  # of its slider
    assert not form.rows.isRowVisible(form.speed)
    for field, typed in ((form.animate.start, "0,5"), (form.animate.stop, "1.5 m")):
        field.setFocus()
        field.selectAll()
        qtbot.keyClicks(field, typed)
        qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert dialog.choices().options(["signal"]).animate == "amplitude=0.5..1.5:even"
    dialog.export.click()
    request = process[0].requests[process[0].files[0] - 1]
    assert request.options.animate == "amplitude=0.5..1.5:even"
    assert request.parameters["amplitude"] == LAB.parameters().amplitude


def test_ends_that_a_number_cannot_reach_are_said_and_not_exported(
    qtbot: QtBot, dialog: ExportDialog
) -> None:
    choose(dialog, format="gif")
    form = dialog.form.animate
    form.what.setCurrentIndex(form.what.findData("amplitude"))
    for typed, said in (("11", "above the largest allowed, 10 m"), ("x", "must be a number")):
        form.stop.clear()
        qtbot.keyClicks(form.stop, typed)
        qtbot.keyClick(form.stop, Qt.Key.Key_Return)
        assert said in dialog.message.text()
        assert not dialog.export.isEnabled()
    choose(dialog, format="svg")  # which moves nothing
    assert dialog.export.isEnabled()
    assert dialog.message.text() == ""


def test_without_a_playhead_the_action_of_the_lab_comes_first(
    qtbot: QtBot, exporter: Exporter, subject: Subject
) -> None:
    @dataclass(frozen=True)
    class Still(Parameters):
        width: float = number(1.0, "Width", 0.1, 10.0, log=True)

    sweep = Action("sweep", "Sweep the width", animate=Animate("width", 10.0, 0.1, 8.0))
    still = replace(subject, parameters=Still())
    form = AnimateChoice(replace(still, frame=replace(subject.frame, actions=(sweep,), idle={})))
    qtbot.addWidget(form)
    assert [form.what.itemText(at) for at in range(2)] == ["Sweep the width", "Width"]
    assert (form.text(), form.plays) == ("", False)
    form.choose("width=0.5..5:even")
    assert form.text() == "width=0.5..5.0:log"  # by equal factors, as its slider goes
    form.choose("width=10..0.1")
    assert (form.what.currentText(), form.text()) == ("Sweep the width", "")


def test_an_animation_is_remembered_for_labs_that_have_its_number(
    qtbot: QtBot, exporter: Exporter, subject: Subject
) -> None:
    remembered = Choices(format="gif", animate="decay=0.1..5:log").plain()
    dialog = ExportDialog(exporter, subject, remembered)
    qtbot.addWidget(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    assert dialog.choices().animate == "decay=0.1..5.0:log"
    another = Choices(format="gif", animate="width_x=0.1..5:log").plain()
    assert subject.choices(another).animate == ""
    dialog.close()


@dataclass(frozen=True)
class Turning(Parameters):
    page: str = pages("one", {"one": "One", "two": "Two"})
    width: float = number(1.0, "Width", 0.1, 10.0, log=True, pages=("one",))
    height: float = number(1.0, "Height", 0.1, 10.0, pages=("two",))


def without_a_playhead(subject: Subject, page: str, *actions: Action) -> Subject:
    frame = replace(subject.frame, actions=actions, idle={})
    return replace(subject, parameters=Turning(page=page), frame=frame)


def test_with_nothing_that_plays_by_itself_the_first_number_of_the_page_is_animated(
    qtbot: QtBot, exporter: Exporter, subject: Subject, process: list[FakeProcess], tmp_path: Path
) -> None:
    """What was remembered came from a lab that has a playhead, or from another page."""
    for animate in ("", "height=1..2:even"):
        remembered = Choices(format="gif", animate=animate, folder=str(tmp_path)).plain()
        shown = without_a_playhead(subject, "one")
        notices = Notices()
        qtbot.addWidget(notices)
        export_again(exporter, shown, remembered, notices, lambda text: None)
        asked = process[0].requests[-1].options.animate
        assert parse_animated(asked, shown.parameters).written() == "width=0.1..10.0:log"
        dialog = ExportDialog(exporter, shown, remembered)
        qtbot.addWidget(dialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        assert dialog.choices().animate == asked  # as the dialog itself would
        dialog.close()
    remembered = Choices(format="gif", animate="height=1..2:even").plain()
    assert without_a_playhead(subject, "two").choices(remembered).animate == "height=1..2:even"
    sweep = Action("sweep", "Sweep", animate=Animate("width", 10.0, 0.1, 8.0))
    assert without_a_playhead(subject, "one", sweep).choices(remembered).animate == ""


def test_animations_have_a_resolution_of_their_own(dialog: ExportDialog) -> None:
    choose(dialog, format="png")
    assert dialog.form.dpi.value() == 300
    choose(dialog, format="gif")
    assert dialog.form.dpi.value() == 150
    assert dialog.choices().options(["signal"]).dpi == 150
    dialog.form.dpi.setValue(96)
    choose(dialog, format="csv")
    choose(dialog, format="pdf")
    assert dialog.choices().options(["signal"]).dpi == 300
    choose(dialog, format="webp")
    remembered = Choices.adapt(dialog.choices().plain())
    assert (remembered.dpi, remembered.film_dpi, remembered.resolution) == (300, 96, 96)


def test_what_an_animation_will_come_to_is_shown(
    qtbot: QtBot, dialog: ExportDialog, process: list[FakeProcess]
) -> None:
    choose(dialog, format="gif")
    qtbot.waitUntil(lambda: bool(process and process[0].previews))
    process[0].notify(Done(process[0].previews[-1], png()))
    qtbot.waitUntil(lambda: "gif" in [request.estimated for request in process[0].requests])
    ticket = 1 + [request.estimated for request in process[0].requests].index("gif")
    process[0].notify(Done(ticket, Estimate(250, 75.2, 3_240_000)))
    qtbot.waitUntil(lambda: "250 pictures" in dialog.about.text())
    assert "about 3.2 MB, takes about 75 s" in dialog.about.text()
    choose(dialog, format="png")
    assert "250 pictures" not in dialog.about.text()


def test_a_still_is_not_estimated(
    qtbot: QtBot, dialog: ExportDialog, process: list[FakeProcess]
) -> None:
    qtbot.waitUntil(lambda: bool(process and process[0].previews))
    process[0].notify(Done(process[0].previews[-1], png()))
    qtbot.waitUntil(lambda: not dialog.preview.waiting)
    assert not any(request.estimated for request in process[0].requests)


@pytest.mark.parametrize(
    ("size", "words"),
    [(400, "0.4 kB"), (12_345, "12 kB"), (999_600, "1.0 MB"), (3.24e6, "3.2 MB"), (2e8, "200 MB")],
)
def test_sizes_of_files(size: float, words: str) -> None:
    assert export_dialog.in_bytes(size) == words
