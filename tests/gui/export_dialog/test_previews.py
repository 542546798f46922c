"""What the dialog shows of the file that it would write."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.gui.export_dialog.fake_process import FakeProcess, choose, png
from zoetrope.core.damped.lab import LAB
from zoetrope.core.export_messages import Done, Failed
from zoetrope.core.lab import OwnFile
from zoetrope.gui import export_dialog
from zoetrope.gui.export_dialog import ExportDialog
from zoetrope.gui.exporting import Exporter, Subject

# The offscreen platform says so of every window with a least size, and of every popup.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_a_preview_of_what_is_chosen_is_asked_for_and_shown(
    qtbot: QtBot, dialog: ExportDialog, process: list[FakeProcess]
) -> None:
    qtbot.waitUntil(lambda: bool(process and process[0].previews))
    request = process[0].requests[-1]
    assert request.lab == LAB.id
    assert request.frame is not None
    width, height, dpi = request.options.layout()
    assert (round(width), round(height)) == (170, 105)
    room = dialog.preview.room()
    assert width / 25.4 * dpi <= room.width() + 1
    assert height / 25.4 * dpi <= room.height() + 1
    assert dialog.preview.waiting  # what is shown is the picture of the screen
    process[0].notify(Done(process[0].previews[-1], png()))
    qtbot.waitUntil(lambda: not dialog.preview.waiting)
    assert dialog.preview.image is not None
    assert dialog.preview.image.width() == 60


def test_the_old_preview_stays_while_a_new_one_is_made(
    qtbot: QtBot, dialog: ExportDialog, process: list[FakeProcess]
) -> None:
    qtbot.waitUntil(lambda: bool(process and process[0].previews))
    process[0].notify(Done(process[0].previews[-1], png()))
    qtbot.waitUntil(lambda: not dialog.preview.waiting)
    before = len(process[0].previews)
    choose(dialog, theme="dark")
    qtbot.waitUntil(lambda: len(process[0].previews) > before)
    assert process[0].requests[-1].options.theme == "dark"
    assert dialog.preview.waiting
    assert dialog.preview.image is not None
    process[0].notify(Failed(process[0].previews[-1], "It does not fit."))
    qtbot.waitUntil(lambda: "fit" in dialog.preview.text)
    assert dialog.preview.image is not None
    assert process[0].cancelled == []  # which would end the process


def test_the_labs_own_files_are_offered_previewed_and_named(
    qtbot: QtBot, exporter: Exporter, subject: Subject, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(export_dialog, "PREVIEW_AFTER_MS", 0)
    files = {
        "py": OwnFile("Program", "print(1)\n"),
        "csr.npz": OwnFile("Mask", {"indptr": [0, 1], "indices": [0]}),
    }
    own = replace(subject, frame=replace(subject.frame, files=files))
    parent = QWidget()
    qtbot.addWidget(parent)
    remembered = {"folder": str(tmp_path), "format": "csr.npz"}
    dialog = ExportDialog(exporter, own, remembered, parent)
    dialog.show()
    assert dialog.file.text().endswith("damped.csr.npz")
    assert not dialog.form.rows.isRowVisible(dialog.form.size_)
    qtbot.waitUntil(lambda: "indptr, indices" in dialog.preview.text)
    choose(dialog, format="py")
    assert dialog.file.text().endswith("damped.py")
    qtbot.waitUntil(lambda: dialog.preview.text.startswith("print(1)"))
    choose(dialog, format="svg")
    assert dialog.form.rows.isRowVisible(dialog.form.size_)
    dialog.file.setText(str(tmp_path / "taken.csr.npz"))  # the format follows what is typed
    assert dialog.choices().format == "csr.npz"
    assert subject.choices(remembered).format == "svg"  # where no lab has such a file
    dialog.close()
