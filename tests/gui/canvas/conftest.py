"""A canvas in a window, and all that it says."""

from __future__ import annotations

import pytest

from zoetrope.core.theme import LIGHT
from zoetrope.gui.canvas import Canvas


@pytest.fixture
def canvas(qtbot) -> Canvas:
    canvas = Canvas(theme=LIGHT)
    canvas.resize(640, 480)
    qtbot.addWidget(canvas)
    with qtbot.waitExposed(canvas):
        canvas.show()
    return canvas


@pytest.fixture
def said(canvas) -> list:
    """Everything the canvas emits, in order."""
    heard: list = []
    canvas.edit_started.connect(lambda: heard.append("started"))
    canvas.edited.connect(heard.append)
    canvas.edit_finished.connect(lambda: heard.append("finished"))
    return heard
