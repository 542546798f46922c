"""Two labs for the tests of the window, and hands for files and the clipboard."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PyQt6.QtGui import QGuiApplication

from zoetrope.core.damped.lab import DampedLab
from zoetrope.core.lab import Lab
from zoetrope.core.recipe import Recipe
from zoetrope.gui.window import MainWindow


class OtherLab(DampedLab):
    id = "other"
    title = "Other lab"
    order = 901
    plays = True


LABS: Mapping[str, Lab[Any]] = {lab.id: lab for lab in (DampedLab(), OtherLab())}

MakeWindow = Callable[..., MainWindow]


def clipboard_text() -> str:
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    return clipboard.text()


def a_file(folder: Path, **values: Any) -> Path:
    path = folder / "figure.json"
    lab = LABS["damped"]
    path.write_text(
        Recipe(lab="damped", parameters={**lab.parameters().plain(), **values}).to_json()
    )
    return path
