"""What the tests of a real window share: they need a display, and nothing of the program's is
replaced but the folder of the session.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QCoreApplication, Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.gui.leftovers import Before, watch_timers
from tests.window.person import OpenWindow, Person
from zoetrope.gui import running
from zoetrope.gui.window import MainWindow

HERE = Path(__file__).parent


def no_window() -> str:
    """Say why no window can be shown; "" where one can."""
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if platform.startswith(("offscreen", "minimal")):
        return f"QT_QPA_PLATFORM={platform} shows no window"
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        return "there is no DISPLAY; `xvfb-run make window-test` makes one"
    return ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test in this folder, and skip it without a display, before Qt is started."""
    reason = no_window()
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.window)
            if reason:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session", autouse=True)
def _timers_are_watched() -> Iterator[None]:
    undo = watch_timers()
    yield
    undo()


@pytest.fixture(autouse=True)
def _nothing_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    before, failed = Before(), request.session.testsfailed
    yield
    left = before.leftovers() if request.session.testsfailed == failed else []
    before.clear_away()  # so that the tests that follow are not blamed
    assert not left, "The test left behind " + ", ".join(left) + "."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the session."""
    return tmp_path / "state"


@pytest.fixture
def open_window(qtbot: QtBot, folder: Path) -> Iterator[OpenWindow]:
    """Opens the program's window, as often as it is called, and waits for its first picture."""
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    made: list[MainWindow] = []

    def open_window(lab: str = "", window: MainWindow | None = None, wait: bool = True) -> Person:
        window = window or running.make_window(folder)
        made.append(window)
        window.show()
        window.activateWindow()
        assert QTest.qWaitForWindowActive(window, 10_000)
        person = Person(window, qtbot)
        if lab:
            window.open_lab(lab)
        if wait:
            person.wait_for_picture()
        return person

    yield open_window
    for window in made:
        window.close()
        window.deleteLater()


@pytest.fixture
def rope(open_window: OpenWindow) -> Person:
    """The window on the rope lab, at its defaults."""
    return open_window("rope")
