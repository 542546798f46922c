"""Files that are dropped or opened."""

from pathlib import Path

import pytest
from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from tests.gui.main_window.fake_labs import MakeWindow, a_file
from zoetrope.gui.window import MainWindow

# The offscreen platform says so of every window with a least size, and of every popup.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def drop(window: MainWindow, data: QMimeData) -> None:
    event = QDropEvent(
        QPointF(300, 300),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)


def test_a_dropped_file_brings_its_figure_back(
    qtbot: QtBot, make: MakeWindow, tmp_path: Path
) -> None:
    window = make()
    window.open_lab("other")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(a_file(tmp_path, amplitude=2.5)))])
    with qtbot.waitSignal(window.opener.opened):
        drop(window, data)
    assert window.tab is not None
    assert window.tab.lab.id == "damped"
    assert window.page.parameters.amplitude == 2.5
    assert window.notices.texts() == []
    window.menu_actions["undo"].trigger()
    assert window.page.parameters.amplitude == 1.0
    window.menu_actions.menus["recent"].aboutToShow.emit()
    (recent,) = window.menu_actions.menus["recent"].actions()
    assert recent.text() == "figure.json"
    with qtbot.waitSignal(window.opener.opened):
        recent.trigger()
    assert window.page.parameters.amplitude == 2.5


def test_values_out_of_range_are_clamped_and_said(
    qtbot: QtBot, make: MakeWindow, tmp_path: Path
) -> None:
    window = make()
    with qtbot.waitSignal(window.opener.opened):
        window.opener.open_file(a_file(tmp_path, amplitude=99.0))
    assert window.page.parameters.amplitude == 10.0
    assert len(window.notices.texts()) == 1
    assert "above the largest" in window.notices.texts()[0]


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG\r\n\x1a\n", b'{"zoetrope": 1}'])
def test_a_wrong_file_changes_nothing_and_is_said(
    qtbot: QtBot, make: MakeWindow, tmp_path: Path, content: bytes
) -> None:
    window = make()
    path = tmp_path / "wrong.png"
    path.write_bytes(content)
    before = window.page.parameters
    heard: list[object] = []
    window.opener.refused.connect(heard.append)
    window.opener.no_recipe.connect(lambda *_: heard.append(_))
    for count in (1, 2):
        window.opener.open_file(path)
        qtbot.waitUntil(lambda count=count: len(heard) == count)
    assert window.page.parameters == before
    assert not window.page.history.stack.canUndo()
    assert len(window.notices.texts()) == 1


def test_a_file_that_went_away_leaves_the_recent_ones(
    qtbot: QtBot, make: MakeWindow, tmp_path: Path
) -> None:
    window = make()
    window.recent.remember(str(tmp_path / "gone.png"))
    with qtbot.waitSignal(window.opener.refused):
        window.opener.open_file(tmp_path / "gone.png")
    assert window.recent.paths == []


def test_a_recipe_that_is_opened_stands_still(
    make: MakeWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window = make(plays=True)
    page = window.open_lab("damped")
    page.player.playing = True
    window.opener.open_file(a_file(tmp_path, amplitude=2.5))
    qtbot.waitUntil(lambda: page.parameters.amplitude == 2.5)
    assert not page.player.playing
