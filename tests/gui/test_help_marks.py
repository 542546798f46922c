"""What is pointed at in the form is marked in the help, and the other way round."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QEnterEvent, QMouseEvent, QTextCursor
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import tests.gui.quiet_ziamath  # noqa: F401
from tests.gui.fake_page import FakeEngine
from zoetrope.core.registry import registry
from zoetrope.core.theme import LIGHT
from zoetrope.gui.help_marks import LabHelpPage, _images
from zoetrope.gui.lab_page import LabPage
from zoetrope.gui.window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
ACCENT = LIGHT.roles["accent"]


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    window = MainWindow(
        {"rope": registry()["rope"]},
        folder=tmp_path,
        make_page=LabPage,
        make_engine=FakeEngine,  # type: ignore[arg-type]
    )
    window.settings.choose(theme="light")
    window.resize(1300, 800)
    window.show()
    window.open_lab("rope")
    window.help_panel.show()
    qtbot.waitUntil(lambda: window.help_panel.page.ready == "rope", timeout=20_000)
    yield window
    window.close()
    window.deleteLater()
    QApplication.processEvents()


def accented(help_page: LabHelpPage) -> list[int]:
    """Return which formulas hold ink in the accent's colour."""
    drawings = enumerate(help_page._shown)
    return [index for index, shown in drawings if shown and ACCENT.encode() in shown.svg]


def enter(widget: object, kind: QEvent.Type) -> None:
    place = QPointF(5, 5)
    event = QEnterEvent(place, place, place) if kind == QEvent.Type.Enter else QEvent(kind)
    QApplication.sendEvent(widget, event)  # type: ignore[arg-type]


def test_a_row_under_the_mouse_is_marked_in_the_formulas(window: MainWindow, qtbot: QtBot) -> None:
    help_page, row = window.help_panel.page, window.page.form.rows["density"]
    assert accented(help_page) == []
    size = help_page.document().size()  # type: ignore[union-attr]
    enter(row, QEvent.Type.Enter)
    expected = [i for i, f in enumerate(help_page._formulas) if "density" in f.parameters]
    assert len(expected) > 5
    qtbot.waitUntil(lambda: accented(help_page) == expected)
    assert len(help_page.extraSelections()) == 1  # its row of the tables
    assert help_page.extraSelections()[0].cursor.selectedText().startswith("Density")
    assert help_page.document().size() == size  # type: ignore[union-attr]  # nothing moves
    enter(row, QEvent.Type.Leave)
    qtbot.waitUntil(lambda: accented(help_page) == [])
    assert help_page.extraSelections() == []


def test_the_focus_marks_too_and_the_page_scrolls_there(window: MainWindow, qtbot: QtBot) -> None:
    help_page = window.help_panel.page
    window.activateWindow()
    window.help_links._focus_moved(None, window.page.form.rows["gravity"].control)
    assert help_page.marked == "gravity"
    bar = help_page.verticalScrollBar()
    assert bar is not None
    assert bar.value() == 0
    qtbot.waitUntil(lambda: bar.value() > 0)
    window.help_links._focus_moved(None, window.tabs)
    assert help_page.marked == ""


def test_what_the_mouse_points_at_in_the_help_is_marked_in_the_form(
    window: MainWindow, qtbot: QtBot
) -> None:
    help_page, rows = window.help_panel.page, window.page.form.rows
    document = help_page.document()
    assert document is not None

    def marked() -> set[str]:
        return {name for name, row in rows.items() if row._marked}

    where = next(cursor for i, cursor in _images(document) if help_page._formulas[i].display)
    move_to(help_page, where)
    assert {"axial_force", "density", "speed"} <= marked()
    assert "diameter" not in marked()
    cursor = document.find("How long the rope is.")
    cursor.clearSelection()
    move_to(help_page, cursor)
    assert marked() == {"length"}
    QApplication.sendEvent(help_page, QEvent(QEvent.Type.Leave))
    assert marked() == set()


def move_to(help_page: LabHelpPage, cursor: QTextCursor) -> None:
    bar, viewport = help_page.verticalScrollBar(), help_page.viewport()
    assert bar is not None
    assert viewport is not None
    bar.setValue(bar.value() + help_page.cursorRect(cursor).top() - 200)
    place = help_page.cursorRect(cursor).center() - QPoint(15, 0)  # within what it stands behind
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(place),
        QPointF(viewport.mapToGlobal(place)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(viewport, event)


def test_a_formula_s_tooltip_says_what_its_symbols_stand_for(window: MainWindow) -> None:
    help_page = window.help_panel.page
    formula = next(f for f in help_page._formulas if f.display)
    words = help_page._words_of(formula).splitlines()
    assert "ρ: Density" in words
    assert "H: End force" in words


def test_nothing_is_marked_while_the_help_is_hidden(window: MainWindow) -> None:
    window.help_panel.hide()
    enter(window.page.form.rows["density"], QEvent.Type.Enter)
    assert window.help_panel.page.marked == ""
