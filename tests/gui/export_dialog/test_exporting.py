"""An export from the press of the button to its end, and how the dialog is left."""

from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.gui.export_dialog.fake_process import FakeProcess, choose
from zoetrope.core.damped.lab import LAB
from zoetrope.core.export_messages import Done, Failed, Progress
from zoetrope.core.recipe import Recipe
from zoetrope.gui.export_choices import Choices
from zoetrope.gui.export_dialog import ExportDialog

# The offscreen platform says so of every window with a least size, and of every popup.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_an_export_reports_progress_and_is_remembered(
    qtbot: QtBot, dialog: ExportDialog, process: list[FakeProcess], tmp_path: Path
) -> None:
    choose(dialog, format="png")
    leaving: list[str] = []
    dialog._exporter.leaving.connect(leaving.append)
    dialog.export.click()
    ticket = process[0].files[-1]
    assert process[0].requests[ticket - 1].path == tmp_path / "damped.png"
    assert [Recipe.from_json(text).lab for text in leaving] == [LAB.id]
    assert not dialog.export.isEnabled()
    process[0].notify(Progress(ticket, 0.5, 75.0))
    qtbot.waitUntil(lambda: dialog.progress.value() == 500)
    assert "75 s left" in dialog.progress.format()
    with qtbot.waitSignal(dialog.exported) as told:
        process[0].notify(Done(ticket, tmp_path / "damped.png"))
    path, remembered = told.args
    assert path == tmp_path / "damped.png"
    assert Choices.adapt(remembered).format == "png"
    assert not dialog.isVisible()


def test_a_failure_is_a_sentence_in_the_dialog(
    qtbot: QtBot, dialog: ExportDialog, process: list[FakeProcess]
) -> None:
    dialog.export.click()
    process[0].notify(Failed(process[0].files[-1], "The disk is full."))
    qtbot.waitUntil(lambda: dialog.message.text() == "The disk is full.")
    assert dialog.isVisible()
    assert dialog.export.isEnabled()


def test_cancel_stops_the_export_and_the_dialog_stays(
    qtbot: QtBot, dialog: ExportDialog, process: list[FakeProcess]
) -> None:
    dialog.export.click()
    ticket = process[0].files[-1]
    dialog.cancel.click()
    assert process[0].cancelled == [ticket]
    assert dialog.isVisible()
    process[0].notify(Done(ticket, Path("late.svg")))  # crossed with the cancellation
    dialog.cancel.click()
    assert not dialog.isVisible()


def test_every_control_has_a_name(dialog: ExportDialog) -> None:
    for widget in (
        *dialog.form.panels.values(),
        dialog.form.format,
        dialog.form.size_,
        dialog.form.dpi,
        dialog.form.animate.what,
        dialog.form.animate.start,
        dialog.form.animate.stop,
        dialog.file,
    ):
        assert widget.accessibleName()


def test_escape_closes_the_dialog(qtbot: QtBot, dialog: ExportDialog) -> None:
    qtbot.keyClick(dialog.file, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def press_quit(qtbot: QtBot, dialog: ExportDialog) -> None:
    dialog.activateWindow()
    qtbot.waitUntil(lambda: dialog.isActiveWindow())
    qtbot.keyClick(dialog, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)


def test_ctrl_q_closes_the_dialog_and_asks_to_quit(qtbot: QtBot, dialog: ExportDialog) -> None:
    with qtbot.waitSignal(dialog.quit_asked):
        press_quit(qtbot, dialog)
    assert not dialog.isVisible()


def test_ctrl_q_stops_an_export_only_on_a_second_press(
    qtbot: QtBot, dialog: ExportDialog, process: list[FakeProcess]
) -> None:
    dialog.export.click()
    with qtbot.assertNotEmitted(dialog.quit_asked):
        press_quit(qtbot, dialog)
    assert "again" in dialog.message.text()
    assert dialog.isVisible()
    assert process[0].cancelled == []
    with qtbot.waitSignal(dialog.quit_asked):
        press_quit(qtbot, dialog)
    assert process[0].cancelled == [process[0].files[-1]]
    assert not dialog.isVisible()
