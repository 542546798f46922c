"""The export dialog with an export process that does what the test tells it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.gui.export_dialog.fake_process import FakeProcess, a_picture
from zoetrope.core.damped.lab import LAB
from zoetrope.core.device import Context
from zoetrope.core.lab import final_frame
from zoetrope.gui import export_dialog
from zoetrope.gui.export_dialog import ExportDialog
from zoetrope.gui.exporting import Exporter, Subject


@pytest.fixture
def subject() -> Subject:
    parameters = LAB.parameters()
    frame = final_frame(LAB, parameters, Context("cpu"))
    return Subject(LAB, parameters, frame, (640, 480), "light", lambda scale: a_picture())


@pytest.fixture
def process(qtbot: QtBot) -> list[FakeProcess]:
    return []


@pytest.fixture
def exporter(process: list[FakeProcess]) -> Iterator[Exporter]:
    def make(notify: Callable[[Any], None]) -> FakeProcess:
        process.append(FakeProcess(notify))
        return process[-1]

    exporter = Exporter(make)
    yield exporter
    exporter.close()


@pytest.fixture
def dialog(
    qtbot: QtBot, exporter: Exporter, subject: Subject, tmp_path: Path, monkeypatch: Any
) -> Iterator[ExportDialog]:
    monkeypatch.setattr(export_dialog, "PREVIEW_AFTER_MS", 0)
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ExportDialog(exporter, subject, {"folder": str(tmp_path)}, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.show()
    yield dialog
    dialog.close()
