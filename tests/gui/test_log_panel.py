import logging
import sys
import threading
from collections.abc import Iterator

import pytest
from PyQt6.QtCore import QtMsgType, qInstallMessageHandler, qWarning
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QMainWindow, QPushButton
from pytestqt.qtbot import QtBot

from zoetrope.gui.errors import ErrorHooks, report, without_paths
from zoetrope.gui.log_panel import KEPT, LogHandler, LogPanel

# The offscreen platform says so of every window that has a least size.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

log = logging.getLogger("zoetrope.test")


@pytest.fixture
def handler() -> Iterator[LogHandler]:
    handler = LogHandler()
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    yield handler
    log.removeHandler(handler)


def test_the_panel_shows_what_is_logged_at_its_level(qtbot: QtBot, handler: LogHandler) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    panel = LogPanel(handler, window)
    window.show()
    panel.show()
    log.debug("a detail")
    log.warning("a warning")
    qtbot.waitUntil(lambda: "a warning" in panel.text())
    assert "a detail" not in panel.text()
    panel.set_level("DEBUG")
    assert "a detail" in panel.text()
    panel.set_level("ERROR")
    assert "a warning" not in panel.text()


def test_what_other_threads_log_arrives(qtbot: QtBot, handler: LogHandler) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    panel = LogPanel(handler, window)
    window.show()
    panel.show()
    thread = threading.Thread(target=lambda: log.error("from a thread"))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: "from a thread" in panel.text())
    copy = panel.findChild(QPushButton)
    assert copy is not None
    copy.click()
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    assert "from a thread" in clipboard.text()


def test_memory_is_bounded(qtbot: QtBot, handler: LogHandler) -> None:
    for number in range(KEPT + 10):
        log.info("%d", number)
    assert len(handler.lines()) == KEPT
    assert handler.lines()[-1].endswith(str(KEPT + 9))


@pytest.fixture
def hooks(handler: LogHandler) -> Iterator[ErrorHooks]:
    # pytest has hooks of its own; what we install must give way to them afterwards.
    before = sys.excepthook, threading.excepthook
    logging.getLogger("zoetrope").addHandler(handler)
    hooks = ErrorHooks()
    hooks.install()
    yield hooks
    hooks.uninstall()
    logging.getLogger("zoetrope").removeHandler(handler)
    sys.excepthook, threading.excepthook = before


def test_an_uncaught_exception_is_logged_and_told(
    qtbot: QtBot, hooks: ErrorHooks, handler: LogHandler, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        raise ZeroDivisionError("a slip of ours")
    except ZeroDivisionError as error:
        with qtbot.waitSignal(hooks.caught) as told:
            hooks.hook(type(error), error, error.__traceback__)
    assert "a slip of ours" in told.args[0]
    assert any("a slip of ours" in line for line in handler.lines())
    assert capsys.readouterr().err == ""


def test_an_exception_in_a_thread_is_told_too(qtbot: QtBot, hooks: ErrorHooks) -> None:
    def slip() -> None:
        raise KeyError("in a thread")

    with qtbot.waitSignal(hooks.caught) as told:
        thread = threading.Thread(target=slip)
        thread.start()
        thread.join()
    assert "in a thread" in told.args[0]


@pytest.mark.no_qt_log
def test_qt_messages_go_to_the_log(qtbot: QtBot) -> None:
    hooks, handler = ErrorHooks(), LogHandler()
    logging.getLogger("qt").addHandler(handler)
    before = qInstallMessageHandler(hooks._qt_message)
    qWarning("from Qt")
    qInstallMessageHandler(before)
    logging.getLogger("qt").removeHandler(handler)
    assert any("WARNING" in line and "from Qt" in line for line in handler.lines())
    assert QtMsgType.QtWarningMsg is not None


def test_a_report_names_versions_and_no_ones_folders() -> None:
    details = (
        '  File "/home/ann/lib/python3.11/site-packages/zoetrope/gui/window.py", line 3, in x\n'
        '  File "/home/ann/checkout/gui/window.py", line 3, in x\n'
        '  File "C:\\Users\\Ann\\checkout\\core\\engine.py", line 3, in x\n'
        "OSError: /home/ann/secret/figure.png, C:\\Users\\Ann\\figure.png; 1/2 ω/2π"
    )
    text = report(details, ["read /home/ann/secret/data.csv"], ["Device: CPU"])
    assert "zoetrope 0." in text
    assert "Device: CPU" in text
    assert 'File "gui/window.py", line 3' in text
    assert 'File "core/engine.py", line 3' in text
    assert "figure.png" in text
    assert "1/2 ω/2π" in text
    for private in ("ann", "Ann", "secret", "/home", "Users"):
        assert private not in text


def test_text_without_paths_is_left_alone() -> None:
    assert without_paths("a / b, and/or 3/4 m/s²") == "a / b, and/or 3/4 m/s²"
