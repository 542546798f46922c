"""A series of files in one go."""

from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.gui.export_dialog.fake_process import FakeProcess, choose
from zoetrope.core.export_batch import Batch, BatchReport
from zoetrope.core.export_messages import Done, Progress
from zoetrope.gui.export_dialog import ExportDialog

# The offscreen platform says so of every window with a least size, and of every popup.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_a_series_goes_to_a_folder_with_one_report(
    qtbot: QtBot, dialog: ExportDialog, process: list[FakeProcess], tmp_path: Path
) -> None:
    form = dialog.form
    assert not form.series.whole
    form.series.what.setCurrentIndex(form.series.what.findData("pages"))
    assert dialog.file.text() == str(tmp_path)
    first = form.series.members.item(0)
    assert first is not None
    first.setCheckState(Qt.CheckState.Unchecked)
    form.series.names.setText("{number}-{name}")
    choose(dialog, format="pdf")
    (tmp_path / "1-state.pdf").write_text("old")
    dialog.export.click()
    assert dialog.message.text() == "Replace 1-state.pdf? It is there already."
    dialog.export.click()
    ticket = process[0].files[-1]
    request = process[0].requests[ticket - 1]
    assert request.path == tmp_path
    assert request.batch == Batch(
        series="pages", ending="pdf", keys=("state",), names="{number}-{name}"
    )
    assert request.options.panels is None
    process[0].notify(Progress(ticket, 0.5, 7.0))
    qtbot.waitUntil(lambda: "7 s left" in dialog.progress.format())
    failed = BatchReport((), (("state", "The disk is full."),))
    process[0].notify(Done(ticket, failed))
    qtbot.waitUntil(lambda: "state: The disk is full." in dialog.message.text())
    dialog.export.click()
    dialog.export.click()
    report = BatchReport((tmp_path / "1-state.pdf",), ())
    with qtbot.waitSignal(dialog.exported) as told:
        process[0].notify(Done(process[0].files[-1], report))
    assert told.args[0] == tmp_path / "1-state.pdf"


def test_a_series_of_nothing_or_without_names_is_not_exported(dialog: ExportDialog) -> None:
    series = dialog.form.series
    series.what.setCurrentIndex(series.what.findData("pages"))
    series.names.setText("{colour}")
    assert "means nothing" in dialog.message.text()
    series.names.setText("{name}")
    assert dialog.export.isEnabled()
    for row in range(series.members.count()):
        item = series.members.item(row)
        assert item is not None
        item.setCheckState(Qt.CheckState.Unchecked)
    assert dialog.message.text() == "Tick at least one of the list."
    assert not dialog.export.isEnabled()
    series.what.setCurrentIndex(0)
    assert dialog.export.isEnabled()
    assert dialog.file.text().endswith("damped.svg")
