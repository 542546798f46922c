"""The window as a whole: errors, the engine's state, focus, size and end."""

import threading
from dataclasses import replace
from typing import Any

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QAbstractButton, QAbstractItemView, QDialog, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.main_window.fake_labs import MakeWindow, clipboard_text
from zoetrope.core.updates import EngineStatus
from zoetrope.gui.errors import SENTENCE

# The offscreen platform says so of every window with a least size, and of every popup.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_an_error_is_a_notice_with_a_report(make: MakeWindow) -> None:
    window = make()
    for _ in range(2):
        window.errors.tell('Traceback\n  File "/home/ann/gui/x.py", line 1\nKeyError: 1')
    assert window.notices.texts() == [SENTENCE]
    buttons = {b.text(): b for b in window.notices.findChildren(QAbstractButton)}
    buttons["Copy report"].click()
    assert "KeyError: 1" in clipboard_text()
    assert "Lab: damped" in clipboard_text()
    assert "ann" not in clipboard_text()
    buttons["Details"].click()
    dialog = window.findChild(QDialog, "details")
    assert dialog is not None
    assert not dialog.isModal()
    dialog.close()


def test_the_status_says_what_the_device_does(make: MakeWindow) -> None:
    window = make()
    engine: Any = window.engine
    for status, text, can_stop in (
        (
            EngineStatus(None, "Starting the compute engine…", True, True, 3.0, ()),
            "Starting",
            False,
        ),
        (EngineStatus("cuda", "CUDA: NVIDIA H100", False, False, 0.0, ()), "CUDA", False),
        (EngineStatus("cpu", "CPU", False, True, 12.3, ()), "still computing (12 s)", True),
    ):
        engine.now = status
        window.status.refresh()
        assert text in window.status.text
        button = window.status.findChild(QWidget, "stop_when_possible")
        assert button is not None
        assert button.isHidden() != can_stop
    window.status.findChild(QAbstractButton, "stop_when_possible").click()
    assert engine.cancelled == ["damped"]


def test_closing_stops_everything(qtbot: QtBot, make: MakeWindow) -> None:
    threads = {thread.name for thread in threading.enumerate()}
    window = make()
    window.help_panel.show()
    qtbot.waitUntil(lambda: window.help_panel.page.ready == "damped")
    window.keeper.save()
    window.close()
    assert window.engine.closed  # type: ignore[attr-defined]
    assert {thread.name for thread in threading.enumerate()} <= threads


def test_it_fits_a_small_screen(make: MakeWindow) -> None:
    window = make()
    window.help_panel.show()
    window.log_panel.show()
    assert window.minimumSizeHint().width() <= 1024
    assert window.minimumSizeHint().height() <= 700


def test_everything_that_takes_the_focus_has_a_name(make: MakeWindow) -> None:
    window = make()
    window.help_panel.show()
    window.log_panel.show()
    window.menu_actions["settings"].trigger()
    nameless = []
    for widget in window.findChildren(QWidget):
        takes_focus = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not widget.isHidden()
        takes_focus = takes_focus and widget.isEnabled()
        elsewhere = window.page.isAncestorOf(widget) or isinstance(widget, QAbstractItemView)
        if takes_focus and not elsewhere:
            words = widget.accessibleName() or getattr(widget, "text", str)()
            if not words:
                nameless.append((type(widget).__name__, widget.objectName()))
    assert nameless == []


def test_a_step_that_does_not_end_can_be_given_up(make: MakeWindow) -> None:
    window = make()
    button = window.status.findChild(QAbstractButton, "restart_engine")
    window.engine.now = replace(window.engine.now, busy=True, stuck_seconds=3.0)
    window.status.refresh()
    assert not button.isVisible()
    window.engine.now = replace(window.engine.now, stuck_seconds=9.0)
    window.status.refresh()
    assert button.isVisible()
    assert window.width() <= 1280
    button.click()
    assert window.engine.restarts == 1
    window.engine.now = replace(window.engine.now, busy=False, stuck_seconds=0.0)
    window.status.refresh()
    assert not button.isVisible()
