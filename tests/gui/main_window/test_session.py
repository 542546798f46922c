"""What a session brings back, and what it survives."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.main_window.fake_labs import MakeWindow
from zoetrope.gui import session as sessions

# The offscreen platform says so of every window with a least size, and of every popup.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_the_session_comes_back(make: MakeWindow, tmp_path: Path) -> None:
    window = make()
    window.resize(700, 600)
    window.page.set_parameters(window.page.parameters.change(amplitude=4.0), "x")
    window.open_lab("other")
    window.settings.choose(theme="dark", dimensionless=True, device="cpu", export={"format": "pdf"})
    window.help_panel.show()
    window.recent.remember("/somewhere/figure.png")
    window.close()
    again = make()
    assert again.tab is not None
    assert again.tab.lab.id == "other"
    assert again.settings.now == replace(window.settings.now)
    assert again.engine.device == "cpu"  # type: ignore[attr-defined]
    assert again.size() == window.size()
    assert not again.help_panel.isHidden()
    assert again.menu_actions["help"].isChecked()
    assert again.recent.paths == ["/somewhere/figure.png"]
    assert again.open_lab("damped").parameters.amplitude == 4.0
    assert again.page.dimensionless


def test_labs_that_were_not_opened_keep_their_state(make: MakeWindow, tmp_path: Path) -> None:
    state = {"parameters": {"amplitude": 7.0}}
    sessions.write(tmp_path, {"labs": {"other": state, "of a plug-in": {"x": 1}}})
    make().close()
    session, _ = sessions.read(tmp_path)
    assert session is not None
    assert session["labs"]["other"] == state
    assert session["labs"]["of a plug-in"] == {"x": 1}


def test_a_damaged_session_is_set_aside_and_said(make: MakeWindow, tmp_path: Path) -> None:
    (tmp_path / "session.json").write_text("{")
    window = make()
    assert "session.broken-1.json" in window.notices.texts()[0]


@pytest.mark.parametrize(
    "labs",
    [
        {"damped": {"parameters": {"amplitude": "x"}}},
        {"damped": {"parameters": 3}},
        {"damped": 3},
        {"damped": {"parameters": {"amplitude": 1e9}}},
    ],
)
def test_a_lab_state_that_does_not_fit_is_survived(
    make: MakeWindow, tmp_path: Path, labs: Any
) -> None:
    wrong = {"geometry": "%%%", "docks": "é"}
    sessions.write(tmp_path, {"labs": labs, "window": wrong, "settings": {"theme": 3}})
    window = make()
    assert window.page is not None
    assert window.settings.now.theme == "system"


def test_what_changes_is_saved_without_being_asked(
    qtbot: QtBot, make: MakeWindow, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(sessions, "SAVE_AFTER_MS", 10)
    window = make()
    with qtbot.waitSignal(window.keeper.saved):
        window.page.set_parameters(window.page.parameters.change(amplitude=5.0), "x")

    def saved() -> None:
        stored = json.loads((tmp_path / "session.json").read_text())
        assert stored["labs"]["damped"]["parameters"]["amplitude"] == 5.0

    qtbot.waitUntil(saved)
