"""The program itself, started as people start it and driven through the X server."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import QPoint
from PyQt6.QtWidgets import QWidget

from tests.window.person import OpenWindow
from zoetrope.core.recipe import Recipe

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds for whatever is waited for, on a loaded machine
POLL = 0.05

pytestmark = pytest.mark.skipif(
    shutil.which("xdotool") is None, reason="xdotool, which presses keys, is not installed"
)


def wait(until: Callable[[], Any], what: str) -> Any:
    """Wait until something is so and return it."""
    deadline = time.monotonic() + PATIENCE
    while not (found := until()):
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(POLL)
    return found


def xdotool(*arguments: object) -> str:
    done = subprocess.run(
        ["xdotool", *map(str, arguments)], capture_output=True, text=True, timeout=PATIENCE
    )
    return done.stdout.strip()


class Program:
    """A running program and its window."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._session = folder / "session.json"
        self.process = subprocess.Popen(
            [sys.executable, "main.py", *arguments],
            cwd=ROOT,
            env={**os.environ, "ZOETROPE_STATE_DIR": str(folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._window = ""

    def wait_for_window(self) -> None:
        """Wait until the window is there; give it the keyboard, as no window manager does here."""
        search = ("search", "--onlyvisible", "--pid", self.process.pid, "--name", "Zoetrope")

        def found() -> str:
            assert self.process.poll() is None, self.process.communicate()[1]
            return xdotool(*search)

        self._window = wait(found, "the window").splitlines()[0]

        def focused() -> bool:
            xdotool("windowfocus", self._window)
            return xdotool("getwindowfocus") == self._window

        wait(focused, "the focus")

    def state(self) -> Any:
        """Return the session as it is saved, or nothing before it is."""
        try:
            return json.loads(self._session.read_text())
        except FileNotFoundError:
            return {}

    def settings(self) -> dict[str, Any]:
        """Return the settings as they are saved, or nothing before they are."""
        path = self._session.with_name("settings.json")
        settings: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
        return settings

    def rope(self) -> dict[str, Any]:
        """Return the saved parameters of the rope."""
        parameters: dict[str, Any] = (
            self.state().get("labs", {}).get("rope", {}).get("parameters", {})
        )
        return parameters

    def key(self, *keys: str) -> None:
        xdotool("key", *keys)

    def type(self, text: str) -> None:
        xdotool("type", "--delay", 5, text)

    def click(self, place: QPoint) -> None:
        xdotool("mousemove", "--window", self._window, place.x(), place.y(), "click", 1)

    def drag(self, start: QPoint, stop: QPoint, moves: int = 10) -> None:
        to = ("mousemove", "--window", self._window)
        xdotool(*to, start.x(), start.y(), "mousedown", 1)
        for step in range(1, moves + 1):
            at = start + (stop - start) * step / moves
            xdotool(*to, at.x(), at.y())
        xdotool("mouseup", 1)

    def quit(self) -> None:
        """Quit by the key; see it end well and say nothing."""
        self.key("ctrl+q")
        out, err = self.process.communicate(timeout=PATIENCE)
        crash = (self._session.parent / "crash.log").read_text()
        assert (self.process.returncode, out, err, crash) == (0, "", "", "")


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[..., Program]]:
    started: list[Program] = []

    def start(*arguments: str) -> Program:
        started.append(Program(folder, *arguments))
        started[-1].wait_for_window()
        return started[-1]

    yield start
    for program in started:
        if program.process.poll() is None:
            program.process.kill()
            program.process.communicate()


@pytest.fixture
def places(open_window: OpenWindow) -> dict[str, QPoint]:
    """Where things stand in the window, as one in this process of the same size has them."""
    person = open_window("rope")
    page, window = person.page, person.window
    slider = person.number("span").slider
    assert slider is not None
    middle, tabs = slider.height() // 2, page.tabs
    found: dict[str, tuple[QWidget, QPoint]] = {
        "knob": (slider, QPoint(round(slider._x(slider.value())), middle)),
        "left": (slider, QPoint(slider.width() // 4, middle)),
        "span": (person.number("span").box, person.number("span").box.rect().center()),
        "forces": (tabs, tabs.tabRect(1).center()),
    }
    places = {name: widget.mapTo(window, place) for name, (widget, place) in found.items()}
    window.close()
    return places


def test_it_is_used_left_and_found_again(
    places: dict[str, QPoint], start: Callable[..., Program], folder: Path
) -> None:
    (folder / "session.json").unlink()  # of the window that said where things stand
    program = start()
    wait(lambda: program.state().get("lab") == "", "the start page's session")
    program.key("ctrl+1")
    wait(lambda: program.rope().get("span") == 0.9, "the first session")
    program.drag(places["knob"], places["left"])
    wait(lambda: program.rope()["span"] < 0.5, "the slider's value")
    program.key("ctrl+z")
    wait(lambda: program.rope()["span"] == 0.9, "the value before")
    program.click(places["span"])
    program.key("ctrl+a")
    program.type("1.25")
    program.key("Return")
    program.click(places["forces"])
    program.key("ctrl+shift+l")
    wait(lambda: program.rope()["span"] == 1.25, "the typed value")
    wait(lambda: program.rope()["page"] == "forces", "the page")
    wait(lambda: program.settings().get("theme", "system") != "system", "the theme")
    program.quit()
    left, chosen = program.state(), program.settings()

    again = start()
    again.quit()
    found = again.state()
    for part in ("lab", "labs", "recent"):
        assert found[part] == left[part], part
    assert again.settings() == chosen
    assert list(folder.glob("session.broken*")) == []


def test_a_file_named_at_the_start_is_opened(start: Callable[..., Program], tmp_path: Path) -> None:
    path = tmp_path / "figure.json"
    path.write_text(Recipe(lab="rope", parameters={"sag": 0.75, "span": 2.0}).to_json())
    program = start(str(path))
    wait(lambda: program.rope().get("sag") == 0.75, "the file's value")
    assert program.state()["recent"] == [str(path)]
    program.key("ctrl+z")
    wait(lambda: program.rope().get("length") == 2.6, "the value before")
    program.quit()
