"""The rows of tables, data files and names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt6.QtGui import QDropEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QFileDialog, QWidget

from zoetrope.core.damped.lab import DampedParameters
from zoetrope.core.parameters import DataFile
from zoetrope.gui.file_row import FileRow
from zoetrope.gui.form import ParameterForm
from zoetrope.gui.names_row import NamesRow
from zoetrope.gui.row import TextRow
from zoetrope.gui.table_row import TableRow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def form(qtbot: Any) -> ParameterForm:
    form = ParameterForm(DampedParameters)
    qtbot.addWidget(form)
    form.resize(300, 900)
    form.show()
    form.set_parameters(DampedParameters(page="state"))
    form.focus_row("measured")
    return form


def row(form: ParameterForm, name: str, kind: type) -> Any:
    found = form.rows[name]
    assert isinstance(found, kind)
    return found


def copy(text: str) -> None:
    clipboard = QApplication.clipboard()
    assert clipboard is not None
    clipboard.setText(text)


def dropped(*paths: Path) -> QDropEvent:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    dropped.data = data  # the event does not own it
    return QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip


def test_a_table_is_pasted_and_cleared(form: ParameterForm) -> None:
    table = row(form, "measured", TableRow)
    assert table.count.text() == "0 points"
    assert not table.clear_button.isEnabled()
    copy("speed\tdisplacement\n3\t1\n4\t2\n")
    QTest.mouseClick(table.paste_button, Qt.MouseButton.LeftButton)
    assert form.parameters.measured == ((1.0, 3.0), (2.0, 4.0))  # by the names of the columns
    assert table.count.text() == "2 points"
    copy("5 6")
    QTest.keyClick(table.paste_button, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert form.parameters.measured == ((5.0, 6.0),)
    assert table.count.text() == "1 point"
    table.clear_button.setFocus()
    QTest.mouseClick(table.clear_button, Qt.MouseButton.LeftButton)
    assert form.parameters.measured == ()
    assert table.paste_button.hasFocus()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("hello", "no table"),
        ("", "no text"),
        ("x\n1\n2\n", "2 columns of numbers are needed"),
        ("1,2\n3,1e9\n", "Row 2 of Measured points"),
        ("\n".join(["1,2"] * 2001), "2001 rows; at most 2000"),
        ("1" * ((1 << 22) + 1), "too long"),
    ],
)
def test_what_cannot_be_pasted_is_said_beside_the_row(
    form: ParameterForm, text: str, says: str
) -> None:
    table = row(form, "measured", TableRow)
    copy(text)
    table.paste()
    assert form.parameters.measured == ()
    assert table.message is not None
    assert says in table.message.text()
    copy("1,2")
    table.paste()
    assert form.parameters.measured == ((1.0, 2.0),)
    assert not table.has_message()


def test_rows_with_gaps_are_left_out_and_said(form: ParameterForm) -> None:
    table = row(form, "measured", TableRow)
    copy("1,2\n3,\n5,6\n")
    table.paste()
    assert form.parameters.measured == ((1.0, 2.0), (5.0, 6.0))
    assert table.message.text() == "1 row with a missing value was left out."


def test_a_file_is_typed_browsed_for_and_dropped(
    form: ParameterForm, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = row(form, "file", FileRow)
    wanted: list[str] = []
    form.file_wanted.connect(lambda name, path: wanted.append(path))
    file.line.setFocus()
    QTest.keyClicks(file.line, '"/data/my file.csv"')
    QTest.keyClick(file.line, Qt.Key.Key_Return)
    assert wanted == ["/data/my file.csv"]
    form.set_parameters(form.parameters.change(file=wanted[0]))
    asked: list[Any] = []

    def answer(*arguments: Any) -> tuple[str, str]:
        asked.extend(arguments)
        return "/data/other.csv", ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", answer)
    QTest.mouseClick(file.browse_button, Qt.MouseButton.LeftButton)
    assert wanted[-1] == "/data/other.csv"
    assert "*.parquet" in asked[3]
    assert asked[2] == "/data"
    file.dropEvent(dropped(Path("/data/third.csv"), Path("/data/fourth.csv")))
    assert wanted[-1] == "/data/third.csv"
    assert form.parameters.file == "/data/my file.csv", "nothing is used before it was looked into"
    file.line.clear()
    file.line.setModified(True)
    QTest.keyClick(file.line, Qt.Key.Key_Return)
    assert form.parameters.file == ""


def test_recent_files_are_in_a_menu_with_none(form: ParameterForm) -> None:
    form.set_recent_files({"file": ["/data/a.csv", 3, "/data/b.csv"], "nothing": [], "note": [""]})
    file = row(form, "file", FileRow)
    menu = file.recent_menu()
    actions = [action for action in menu.actions() if not action.isSeparator()]
    words = ["a.csv", "b.csv", "No file", "Look into the file…"]
    assert [action.text() for action in actions] == words
    wanted: list[str] = []
    form.file_wanted.connect(lambda name, path: wanted.append(path))
    actions[1].trigger()
    assert wanted == ["/data/b.csv"]
    form.set_parameters(form.parameters.change(file="/data/b.csv"))
    form.remember_file("file", "/data/b.csv")
    assert form.recent_files() == {"file": ["/data/b.csv", "/data/a.csv"]}
    file.recent_menu().actions()[-1].trigger()
    assert wanted[1:] == ["/data/b.csv"]
    file.recent_menu().actions()[-2].trigger()
    assert form.parameters.file == ""


def test_names_are_ticked_in_a_list_with_the_keyboard(form: ParameterForm) -> None:
    names = row(form, "columns", NamesRow)
    form.set_options({"columns": ("height", "weight", "age")})
    assert names.button.text() == "Automatic"
    names.button.setFocus()
    QTest.keyClick(names.button, Qt.Key.Key_Space)
    assert names.list is not None
    assert names.list.isVisible()
    QTest.keyClick(names.list.names, Qt.Key.Key_Down)
    QTest.keyClick(names.list.names, Qt.Key.Key_Space)
    assert form.parameters.columns == ("weight",)
    QTest.keyClick(names.list.names, Qt.Key.Key_Up)
    QTest.keyClick(names.list.names, Qt.Key.Key_Space)
    assert form.parameters.columns == ("height", "weight")
    assert names.button.text() == "height, weight"
    QTest.keyClick(names.list.names, Qt.Key.Key_End)
    QTest.keyClick(names.list.names, Qt.Key.Key_Space)
    assert form.parameters.columns == ("height", "weight"), "two at most"
    assert "at most 2" in names.message.text()
    assert names.list.names.item(2).checkState() == Qt.CheckState.Unchecked
    QTest.keyClick(names.list.names, Qt.Key.Key_Escape)
    assert not names.list.isVisible()
    names.open()
    first = names.list.names.visualItemRect(names.list.names.item(0))
    viewport = names.list.names.viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=first.center())
    assert form.parameters.columns == ("weight",), "a click anywhere on a name ticks it"
    names.list.close()


def test_chosen_names_that_are_not_there_can_be_taken_out(form: ParameterForm) -> None:
    names = row(form, "columns", NamesRow)
    form.set_parameters(DampedParameters(page="state", columns=("gone",)))
    form.set_options({"columns": ("height",)})
    names.open()
    assert names.list is not None
    shown = [names.list.names.item(i).text() for i in range(names.list.names.count())]
    assert shown == ["height", "gone (not there)"]
    names.list.names.item(1).setCheckState(Qt.CheckState.Unchecked)
    assert form.parameters.columns == ()
    form.set_options({})
    names.open()
    assert names.list.names.item(0).text() == "There is nothing to choose from yet."
    names.list.close()


def test_text_is_suggested_where_the_lab_has_suggestions(form: ParameterForm) -> None:
    note = row(form, "note", TextRow)
    assert note.line.completer() is None
    form.set_options({"note": ("pendulum", "spring")})
    note.line.completer().activated.emit("spring")
    assert form.parameters.note == "spring"
    form.set_options({})
    assert note.line.completer() is None


def test_a_file_that_is_no_table_is_used_as_it_is(qtbot: Any) -> None:
    around = QWidget()
    qtbot.addWidget(around)
    file = FileRow("picture", DataFile(label="Picture", endings=(".png",)), "", around)
    asked: list[str] = []
    file.edited.connect(lambda name, path: asked.append(path))
    file.take("/data/rope.png")
    assert asked == file.recent == ["/data/rope.png"]
    words = [action.text() for action in file.recent_menu().actions() if action.text()]
    assert words == ["rope.png", "No file"]
