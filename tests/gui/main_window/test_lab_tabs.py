"""The tabs of the labs: built, drawn and set in motion when they are shown."""

from typing import Any

import pytest
from PyQt6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.fake_page import FakePage
from tests.gui.main_window.fake_labs import MakeWindow
from zoetrope.core.lab import Lab

# The offscreen platform says so of every window with a least size, and of every popup.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_a_page_is_built_when_its_tab_is_first_shown(make: MakeWindow) -> None:
    window = make()
    assert [tab.page is not None for tab in window.tabs.lab_tabs()] == [True, False]
    first = window.page
    window.menu_actions["tab_2"].trigger()
    window.menu_actions["tab_1"].trigger()
    assert window.page is first
    assert all(tab.page is not None for tab in window.tabs.lab_tabs())


def test_a_hidden_lab_is_drawn_when_it_is_shown(qtbot: QtBot, make: MakeWindow) -> None:
    window = make()
    hidden = window.open_lab("damped")
    window.open_lab("other")
    hidden.set_parameters(hidden.parameters.change(amplitude=6.0), "x")
    assert hidden.frame.figure.panel("signal").items[-1].y != 6.0
    window.open_lab("damped")
    assert hidden.frame.figure.panel("signal").items[-1].y == 6.0


def test_pictures_are_drawn_as_they_come(qtbot: QtBot, make: MakeWindow) -> None:
    window = make()
    page = window.page
    for amplitude in (2.0, 3.0, 4.0):
        page.set_parameters(page.parameters.change(amplitude=amplitude), "x")
    qtbot.waitUntil(lambda: page.frame.figure.panel("signal").items[-1].y == 4.0)


def test_a_page_that_cannot_be_built_leaves_the_others_working(make: MakeWindow) -> None:
    def make_page(lab: Lab[Any], engine: Any, parent: QWidget) -> FakePage:
        page = FakePage(lab, engine, parent)
        if lab.id == "damped":
            raise KeyError("nowhere")
        return page

    window = make(make_page=make_page)
    assert window.page is None
    QApplication.processEvents()
    tab = window.tab
    assert tab is not None
    words = [label.text() for label in tab.findChildren(QLabel) if label.isVisible()]
    assert any("could not be built" in text for text in words)
    assert not window.menu_actions["export"].isEnabled()
    window.open_lab("other")
    assert window.page.frame is not None
    assert window.open_lab("damped") is None
    assert window.state()["labs"].keys() == {"other"}


def test_a_lab_that_plays_does_so_on_its_first_opening_for_a_person(make: MakeWindow) -> None:
    window = make(plays=True)
    assert window.open_lab("other").player.playing
    assert not window.open_lab("damped").player.playing


def test_it_does_not_in_a_window_that_is_to_be_the_same_each_time(make: MakeWindow) -> None:
    assert not make().open_lab("other").player.playing


def test_it_does_not_when_a_session_brought_it_back(make: MakeWindow) -> None:
    first = make(plays=True)
    first.open_lab("other")
    first.close()
    assert (
        not make(plays=True).open_lab("other").player.playing
    )  # the page's own state says whether
