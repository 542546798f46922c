"""The window with pages and an engine that answer at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import tests.gui.quiet_ziamath  # noqa: F401
from tests.gui.fake_page import FakeEngine, FakePage
from tests.gui.main_window.fake_labs import LABS, MakeWindow
from zoetrope.gui.window import MainWindow


@pytest.fixture
def make(qtbot: QtBot, tmp_path: Path) -> Iterator[MakeWindow]:
    made: list[MainWindow] = []

    def make(lab: str = "damped", **more: Any) -> MainWindow:
        """Make a window; `lab` is opened where the session was at none."""
        window = MainWindow(
            LABS, **{"folder": tmp_path, "make_page": FakePage, "make_engine": FakeEngine, **more}
        )
        made.append(window)
        window.show()
        if lab and window.tab is None:
            window.open_lab(lab)
        return window

    yield make
    for window in made:
        window.close()
        window.deleteLater()
    app = QApplication.instance()
    assert app is not None
    app.processEvents()
