"""Exporting again and copying: what needs no dialog."""

from pathlib import Path

import pytest
from PyQt6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.gui.export_dialog.fake_process import FakeProcess
from zoetrope.core.damped.lab import LAB
from zoetrope.core.export_messages import Done, Failed
from zoetrope.core.recipe import Recipe
from zoetrope.gui.export_choices import Choices
from zoetrope.gui.exporting import Exporter, Subject, copy_figure, export_again
from zoetrope.gui.notices import Notices

# The offscreen platform says so of every window with a least size, and of every popup.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_exporting_again_takes_the_next_free_name(
    qtbot: QtBot, exporter: Exporter, subject: Subject, process: list[FakeProcess], tmp_path: Path
) -> None:
    (tmp_path / "damped.png").write_text("")
    notices = Notices()
    qtbot.addWidget(notices)
    said: list[str] = []
    remembered = Choices(format="png", folder=str(tmp_path)).plain()
    export_again(exporter, subject, remembered, notices, said.append)
    assert process[0].requests[0].path == tmp_path / "damped-2.png"
    process[0].notify(Failed(1, "The disk is full."))
    qtbot.waitUntil(lambda: bool(notices.texts()))
    assert notices.texts() == ["damped-2.png was not exported. The disk is full."]


def test_a_copied_figure_is_a_picture_a_drawing_and_a_recipe(
    qtbot: QtBot, exporter: Exporter, subject: Subject, process: list[FakeProcess]
) -> None:
    notices = Notices()
    qtbot.addWidget(notices)
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    copy_figure(exporter, subject, notices, lambda text: None)
    data = clipboard.mimeData()
    assert data is not None
    assert data.hasImage()
    path = process[0].requests[0].path
    assert path is not None
    path.write_text("<svg/>")
    process[0].notify(Done(1, path))

    def whole() -> None:
        data = clipboard.mimeData()
        assert data is not None
        assert bytes(data.data("image/svg+xml").data()) == b"<svg/>"
        assert data.hasImage()
        assert Recipe.from_code(data.text()).lab == LAB.id

    qtbot.waitUntil(whole)
    assert not path.parent.exists()


def test_what_was_copied_meanwhile_is_left_alone(
    qtbot: QtBot, exporter: Exporter, subject: Subject, process: list[FakeProcess]
) -> None:
    notices = Notices()
    qtbot.addWidget(notices)
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    copy_figure(exporter, subject, notices, lambda text: None)
    clipboard.setText("something else")
    path = process[0].requests[0].path
    assert path is not None
    path.write_text("<svg/>")
    process[0].notify(Done(1, path))
    qtbot.waitUntil(lambda: not path.parent.exists())
    assert clipboard.text() == "something else"
