"""Makes the pictures that the README shows: the window itself, and an animation it exported.

make pictures
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PyQt6.QtWidgets import QApplication

from zoetrope.core import command_line
from zoetrope.gui.running import make_window
from zoetrope.gui.window import MainWindow

HERE = Path(__file__).parent
SIZE = (1440, 900)
PATIENCE = 120.0  # seconds for the slowest picture
FILM = ("export", "rope", "--panel", "spinning", "--set", "trail=trail", "--seconds", "3",
        "--size", "90x90mm", "--dpi", "100", "--theme", "light")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shot:
    """A state of a lab and the name of its picture."""

    name: str
    lab: str
    theme: str = "light"
    values: Mapping[str, Any] = field(default_factory=dict)
    preset: str = ""


SHOTS = (
    Shot("rope-shape-light", "rope"),
    Shot("rope-skipping-dark", "rope", "dark", {"page": "skipping"}),
    Shot("hsic-dependence-light", "hsic"),
    Shot("attention-pattern-dark", "attention", "dark"),
    Shot("iresnet-collapse-light", "iresnet", preset="when"),
)


def wait_until(app: QApplication, reached: Callable[[], bool]) -> None:
    """Let the program run until it has reached something; raises `TimeoutError`."""
    end = time.monotonic() + PATIENCE
    while not reached():
        if time.monotonic() > end:
            raise TimeoutError
        app.processEvents()
        time.sleep(0.01)


def take(app: QApplication, window: MainWindow, shot: Shot) -> None:
    """Bring the window to a state, wait until its picture is whole, and keep that."""
    window.settings.choose(theme=shot.theme)
    page = window.open_lab(shot.lab)
    if page.transport is not None:
        page.transport.pause()
    given = {preset.key: preset.values for preset in page.lab.presets}
    values = {**given.get(shot.preset, {}), **shot.values}
    page.set_parameters(page.lab.parameters.make(values), "a picture")

    def whole() -> bool:
        frame = page.frame
        drawn = frame is not None and frame.final and page.frame_parameters == page.parameters
        return drawn and not window.engine.status().starting

    wait_until(app, whole)
    settled = time.monotonic() + 1.0
    wait_until(app, lambda: whole() and time.monotonic() > settled)
    window.grab().save(str(HERE / f"{shot.name}.png"))


def main() -> int:
    """Make all of them; return the exit status."""
    app = QApplication(["zoetrope"])
    with tempfile.TemporaryDirectory() as folder:
        window = make_window(Path(folder))
        window.resize(*SIZE)
        window.show()
        for shot in SHOTS:
            take(app, window, shot)
        window.close()
        app.processEvents()
    return command_line.run([*FILM, "--out", str(HERE / "rope-spinning.gif")])


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.exit(main())
