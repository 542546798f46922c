"""Every lab in the registry and every page of it, and one of them in a window of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PyQt6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from zoetrope.core.lab import Lab
from zoetrope.core.parameters import Choice, Parameters
from zoetrope.core.registry import registry
from zoetrope.gui.lab_page import LabPage
from zoetrope.gui.window import MainWindow

COMPUTED = 30_000  # ms that a picture may take on a loaded machine
LABS = list(registry().values())
Pages = list[tuple[Lab[Any], str]]


def pages(lab: Lab[Any]) -> list[str]:
    """Return the names of a lab's pages; "" for the one of a lab that has no more."""
    name = lab.parameters.page_name()
    if name is None:
        return [""]
    declaration = lab.parameters.declarations()[name]
    assert isinstance(declaration, Choice)
    return list(declaration.options)


def on_page(parameters: Parameters, page: str) -> Parameters:
    """Return parameters with another page turned to."""
    name = parameters.page_name()
    return parameters if name is None else parameters.change(**{name: page})


EVERY_PAGE: Pages = [(lab, page) for lab in LABS for page in pages(lab)]

every_lab = pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.id)

every_page = pytest.mark.parametrize(
    ("lab", "page"), EVERY_PAGE, ids=[f"{lab.id}-{page}".rstrip("-") for lab, page in EVERY_PAGE]
)


class Shown:
    """A lab in a window of its own, with a picture."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window = window
        self.page: LabPage = window.page
        self.canvas = self.page.canvas
        self._qtbot = qtbot

    def wait(self) -> None:
        """Wait until the picture is that of the parameters."""
        page = self.page

        def there() -> None:
            assert page.banner.message.severity != "error" or not page.banner.text, page.banner.text
            assert page.frame is not None
            assert page.frame.final
            assert page.frame_parameters == page.parameters
            assert not page.banner._leave.isActive()  # its going moves the picture

        self._qtbot.waitUntil(there, timeout=COMPUTED)

    def turn_to(self, name: str) -> None:
        """Show a page."""
        parameters = on_page(self.page.parameters, name)
        self.page.set_parameters(parameters, "Turn the page", undoable=False)
        self.wait()

    def focus(self) -> QWidget:
        """Return the widget that has the focus."""
        focus = QApplication.focusWidget()
        assert focus is not None
        return focus


Open = Callable[..., Shown]
