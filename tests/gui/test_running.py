"""The program as a whole, in a process of its own: what a person starts."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from zoetrope.gui import app, running
from zoetrope.gui import session as sessions

# The offscreen platform says so of every window with a least size, and of every popup.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
ROOT = Path(__file__).resolve().parents[2]

WATCHED = """
import sys
from PyQt6.QtCore import QEvent, QObject, QTimer
from zoetrope.gui import running

class Watch(QObject):
    seen = False
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and not self.seen:
            self.seen = True
            slow = {"torch", "matplotlib", "scipy", "ziamath", "PIL", "pyqtgraph"}
            slow &= set(sys.modules)
            print("painted with", sorted(slow), flush=True)
            QTimer.singleShot(0, self.wait_for_the_picture)
        return False
    def wait_for_the_picture(self):
        page = window.page
        shown = window.start_page.cards["rope"].canvas.figure if page is None else page.frame
        if shown is None:
            QTimer.singleShot(20, self.wait_for_the_picture)
        else:
            print("picture", flush=True)
            if "close" in sys.argv:
                window.close()

def make_window(*arguments, **more):
    global window
    window = original(*arguments, **more)
    window.installEventFilter(watch)
    return window

watch, original, running.make_window = Watch(), running.make_window, make_window
sys.exit(running.run([]))
"""


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WATCHED, *arguments],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "ZOETROPE_STATE_DIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("lab", ["", "rope"])
def test_the_window_is_painted_before_anything_slow_is_loaded(tmp_path: Path, lab: str) -> None:
    """On the start page, and at the lab where the session was."""
    sessions.write(tmp_path, {"lab": lab})
    process = start(tmp_path, "close")
    out, err = process.communicate(timeout=60)
    assert out.splitlines() == ["painted with []", "picture"]
    assert process.returncode == 0
    assert err == ""  # Qt's messages go to the log
    assert json.loads((tmp_path / "session.json").read_text())["lab"] == lab


@pytest.mark.skipif(sys.platform == "win32", reason="signals of this kind are not sent there")
def test_asked_to_end_by_the_system_it_saves_and_ends(tmp_path: Path) -> None:
    process = start(tmp_path)
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("picture"):
            break
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 0
    assert (tmp_path / "session.json").exists()


def test_without_a_display_it_says_so_and_ends(monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setattr(app, "display_problem", lambda: "There is no display.")
    assert app.main([]) == 1
    assert capsys.readouterr().err == "There is no display.\n"


def test_a_real_window_shows_a_picture_and_closes_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    window = running.make_window(tmp_path)
    window.show()
    window.open_lab("rope")
    qtbot.waitUntil(lambda: window.page.frame is not None, timeout=20_000)
    assert window.menu_actions["export"].isEnabled()
    window.close()
    window.deleteLater()


def test_it_closes_while_a_lab_computes(qtbot: QtBot, tmp_path: Path) -> None:
    import threading
    import time

    from zoetrope.core.damped.lab import DampedLab
    from zoetrope.core.engine import Engine
    from zoetrope.gui.lab_page import LabPage
    from zoetrope.gui.window import MainWindow

    started, release = threading.Event(), threading.Event()

    class StuckLab(DampedLab):
        id = "stuck"

        def run(self, parameters: Any, context: Any) -> Any:
            started.set()
            release.wait(30)
            yield from super().run(parameters, context)

    labs = {"stuck": StuckLab()}
    window = MainWindow(
        labs,
        folder=tmp_path,
        make_page=LabPage,
        make_engine=lambda labs, notify, device: Engine(labs, notify, device=device, warm_up=False),
    )
    window.show()
    qtbot.waitUntil(started.is_set)
    began = time.perf_counter()
    window.close()
    assert time.perf_counter() - began < 2.0
    release.set()
    window.deleteLater()
    qtbot.waitUntil(lambda: all(t.name != "compute" for t in threading.enumerate()))


def test_the_window_lives_on_when_a_step_does_not_end(qtbot: QtBot, tmp_path: Path) -> None:
    """The real engine and page: give the step up, and the next change is computed."""
    import threading

    from zoetrope.core.damped.lab import DampedLab
    from zoetrope.core.engine import Engine
    from zoetrope.gui.lab_page import LabPage
    from zoetrope.gui.window import MainWindow

    entered, release = threading.Event(), threading.Event()

    class HangingLab(DampedLab):
        def run(self, parameters: Any, context: Any) -> Any:
            if parameters.amplitude == 2.0:
                entered.set()
                release.wait(30)
            yield from super().run(parameters, context)

    window = MainWindow(
        {"damped": HangingLab()},
        folder=tmp_path,
        make_page=LabPage,
        make_engine=lambda labs, notify, device: Engine(labs, notify, device=device, warm_up=False),
    )
    try:
        window.show()
        page = window.open_lab("damped")
        qtbot.waitUntil(lambda: page.frame is not None)
        page.set_parameters(page.parameters.change(amplitude=2.0), "Larger")
        qtbot.waitUntil(entered.is_set)
        window.restart_engine()
        qtbot.waitUntil(lambda: "started anew" in page.banner.text)
        page.set_parameters(page.parameters.change(amplitude=3.0), "Larger")
        qtbot.waitUntil(lambda: page.frame_parameters == page.parameters)
        qtbot.waitUntil(lambda: page.banner.isHidden())
    finally:
        release.set()
        window.close()
        window.deleteLater()
    qtbot.waitUntil(lambda: all(t.name != "compute" for t in threading.enumerate()))
