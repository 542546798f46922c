"""A painter ends with its block."""

import pytest
from PyQt6.QtGui import QPixmap
from pytestqt.qtbot import QtBot

from zoetrope.gui.painting import painting


def paint_badly(picture: QPixmap) -> None:
    """Raise while a painter is at work."""
    with painting(picture) as painter:
        painter.drawPoint(1, 1)
        raise ValueError("in the middle")


def test_a_painter_ends_though_something_is_raised_and_its_frame_kept(qtbot: QtBot) -> None:
    picture = QPixmap(4, 4)
    with pytest.raises(ValueError, match="in the middle") as raised:
        paint_badly(picture)
    assert raised.tb is not None  # which holds on to the painter
    assert not picture.paintingActive()
