"""Choices whose list says more on some of them than their words."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PyQt6.QtCore import QRect, Qt
from PyQt6.QtGui import QImage, QPainter
from PyQt6.QtWidgets import QStyleOptionViewItem

from zoetrope.core.parameters import Parameters, choice
from zoetrope.gui.choice_row import ChoiceRow
from zoetrope.gui.language import say
from zoetrope.gui.retranslate import speak
from zoetrope.gui.words_at_right import WordsAtRight

# The offscreen platform says so of every window that is shown, and of lists that fold out.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

NOTE = Qt.ItemDataRole.AccessibleDescriptionRole
SETS = {"board": "Board", "rings": "Rings", "moons": "Moons", "own": "Your own"}


@dataclass(frozen=True)
class Noted(Parameters):
    data: str = choice("board", "Data", SETS, notes={"rings": "Height", "moons": "Width"})
    plain: str = choice("board", "Data", SETS)


@pytest.fixture
def row(qtbot):
    row = ChoiceRow("data", Noted.declarations()["data"], "board", None)
    qtbot.addWidget(row)
    row.resize(160, 40)
    row.show()
    return row


def drawn(row, index):
    """The picture of a line of the list, 300 pixels wide."""
    picture = QImage(300, 30, QImage.Format.Format_RGB32)
    picture.fill(0xFFFFFF)
    option = QStyleOptionViewItem()
    option.rect, option.widget = QRect(0, 0, 300, 30), row.combo.view()
    painter = QPainter(picture)
    row.combo.itemDelegate().paint(painter, option, row.combo.model().index(index, 0))
    painter.end()
    return picture


def test_a_note_stands_at_the_right_end_of_its_line_only(row):
    right = [drawn(row, index).copy(200, 0, 100, 30) for index in range(len(SETS))]
    assert right[0] == right[3]
    assert right[1] != right[0]
    assert right[2] != right[1]


def test_the_list_has_room_for_the_notes(row, qtbot):
    metrics, view = row.combo.fontMetrics(), row.combo.view()
    row.combo.showPopup()
    qtbot.waitUntil(view.isVisible)
    needed = metrics.horizontalAdvance("Rings") + metrics.horizontalAdvance("Height")
    assert view.width() >= needed + 24
    row.combo.hidePopup()
    assert "Height" not in row.combo.currentText()


def test_notes_change_with_the_language(row, qapp):
    speak(qapp, "zh_CN")
    try:
        note = row.combo.itemData(row.combo.findData("rings"), NOTE)
        assert note == say("Height") != "Height"
    finally:
        speak(qapp, "en")


def test_without_notes_a_list_is_as_ever(qtbot):
    plain = ChoiceRow("plain", Noted.declarations()["plain"], "board", None)
    qtbot.addWidget(plain)
    assert not isinstance(plain.combo.itemDelegate(), WordsAtRight)
