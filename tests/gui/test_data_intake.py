"""Data that are dropped on the window, opened or pasted find the lab that reads them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest
from PyQt6.QtCore import QMimeData, Qt, QUrl
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QPushButton

from tests.gui.fake_page import FakeEngine
from tests.gui.still_engine import StillEngine
from tests.gui.test_data_rows import copy, dropped
from zoetrope.core.damped.lab import LAB, DampedParameters
from zoetrope.core.figure import Figure, Panel
from zoetrope.core.lab import Frame, Lab
from zoetrope.core.parameters import Parameters, data_file, number
from zoetrope.core.recipe import Recipe
from zoetrope.core.written import Written
from zoetrope.gui.data_preview import DataPreview
from zoetrope.gui.lab_page import LabPage
from zoetrope.gui.notices import NoticeRow
from zoetrope.gui.pasted_tables import KEPT
from zoetrope.gui.sweep_dialog import SweepDialog
from zoetrope.gui.window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@dataclass(frozen=True)
class PlainParameters(Parameters):
    size: float = number(1.0, "Size", 0.0, 2.0, help="Of nothing.")


class PlainLab(Lab[PlainParameters]):
    """A lab that takes no data."""

    id: ClassVar[str] = "plain"
    title: ClassVar[str] = "Plain"
    question: ClassVar[str] = "What is it without data?"
    parameters = PlainParameters

    def run(self, parameters: PlainParameters, context: Any) -> Any:
        yield Frame(figure=Figure(panels=(Panel(name="empty"),)))


@pytest.fixture
def window(qtbot: Any, tmp_path: Path) -> Any:
    labs: dict[str, Lab[Any]] = {LAB.id: LAB, "plain": PlainLab()}
    window = MainWindow(labs, folder=tmp_path / "state", make_page=LabPage, make_engine=FakeEngine)
    window.show()
    window.open_lab(LAB.id)
    yield window
    window.close()
    window.deleteLater()


@pytest.fixture
def said(window: MainWindow) -> Callable[[], NoticeRow]:
    return lambda: window.notices.findChildren(NoticeRow)[-1]


def preview_in(window: MainWindow, qtbot: Any) -> DataPreview:
    """Return the preview once it has read its file."""
    qtbot.waitUntil(lambda: any(p.use.isEnabled() for p in window.findChildren(DataPreview)))
    return next(p for p in window.findChildren(DataPreview) if p.use.isEnabled())


def use(window: MainWindow, qtbot: Any) -> None:
    preview = preview_in(window, qtbot)
    preview.accept()
    qtbot.waitUntil(lambda: not window.findChildren(DataPreview))


def test_a_dropped_table_is_looked_into_and_used(
    window: MainWindow, qtbot: Any, tmp_path: Path
) -> None:
    path = tmp_path / "data.csv"
    path.write_text("x,y\n1,2\n3,4\n")
    window.dropEvent(dropped(path))
    preview = preview_in(window, qtbot)
    assert window.page.parameters.file == "", "not before the person says so"
    preview.encoding.setCurrentIndex(preview.encoding.findData("utf-8"))
    use(window, qtbot)
    now = window.page.parameters
    assert (now.file, now.encoding, now.separator) == (str(path), "utf-8", "auto")
    assert (now.source, now.page) == ("file", "state"), "on the page where it matters"
    assert window.page.history.stack.count() == 1
    assert window.page.session.state()["files"] == {"file": [str(path)]}
    window.page.history.undo()
    assert window.page.parameters == DampedParameters()


def test_a_table_that_is_not_used_changes_nothing(
    window: MainWindow, qtbot: Any, tmp_path: Path
) -> None:
    path = tmp_path / "data.json"
    path.write_text('{"x": [1, 2], "y": [3, 4]}')
    window.opener.open_file(path)
    preview_in(window, qtbot).reject()
    assert window.page.parameters == DampedParameters()
    assert window.page.history.stack.count() == 0


def test_the_writing_of_the_file_in_use_is_shown_and_changed(
    window: MainWindow, qtbot: Any, tmp_path: Path
) -> None:
    path = tmp_path / "data.csv"
    path.write_text("x,y\n1,2\n3,4\n")
    window.page.files.use("file", str(path), Written("latin-1", "comma"))
    window.page.files.look("file", str(path))
    preview = preview_in(window, qtbot)
    assert preview.written == Written("latin-1", "comma")
    preview.encoding.setCurrentIndex(0)
    use(window, qtbot)
    assert window.page.parameters.encoding == "auto"


def test_the_same_file_used_again_is_read_again(
    window: MainWindow, qtbot: Any, tmp_path: Path
) -> None:
    path = tmp_path / "data.csv"
    path.write_text("x,y\n1,2\n3,4\n")
    window.page.files.use("file", str(path))
    engine: Any = window.engine
    before = len(engine.cancelled)
    window.page.files.use("file", str(path))
    assert engine.cancelled[before:] == [LAB.id]


def test_a_lab_that_takes_none_says_so_and_offers_those_that_do(
    window: MainWindow, qtbot: Any, tmp_path: Path, said: Callable[[], NoticeRow]
) -> None:
    path = tmp_path / "data.csv"
    path.write_text("x,y\n1,2\n3,4\n")
    window.open_lab("plain")
    window.dropEvent(dropped(path))
    qtbot.waitUntil(lambda: bool(window.notices.findChildren(NoticeRow)))
    assert said().text == "data.csv is data, which the lab Plain does not read."
    (button,) = said().findChildren(QPushButton)
    assert button.text() == f"Open in {LAB.title}"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.tab is not None
    assert window.tab.lab.id == LAB.id
    use(window, qtbot)
    assert window.page.parameters.file == str(path)


def test_on_the_start_page_a_lab_is_to_be_chosen(
    window: MainWindow, qtbot: Any, tmp_path: Path, said: Callable[[], NoticeRow]
) -> None:
    path = tmp_path / "data.csv"
    path.write_text("x,y\n1,2\n3,4\n")
    window.show_start()
    window.dropEvent(dropped(path))
    qtbot.waitUntil(lambda: bool(window.notices.findChildren(NoticeRow)))
    assert said().text == "data.csv is data: choose the lab that shall read it."


@pytest.mark.parametrize("name", ["README.md", "picture.png"])
def test_a_file_that_is_neither_is_said_to_be(
    window: MainWindow, qtbot: Any, tmp_path: Path, said: Callable[[], NoticeRow], name: str
) -> None:
    path = tmp_path / name
    path.write_text("nothing of the kind")
    window.opener.open_file(path)
    qtbot.waitUntil(lambda: bool(window.notices.findChildren(NoticeRow)))
    assert "holds no Zoetrope recipe" in said().text
    assert said().text.endswith("Nor is it data that any lab reads.")
    assert window.page.parameters.file == ""


def test_pasted_cells_are_kept_as_a_file_and_used(
    window: MainWindow, qtbot: Any, tmp_path: Path
) -> None:
    copy("身高\t体重\n170\t60\n180\t75\n")
    window.menu_actions["paste_data"].trigger()
    use(window, qtbot)
    path = Path(window.page.parameters.file)
    assert path.parent == tmp_path / "state" / "pasted"
    assert path.read_text(encoding="utf-8").startswith("身高\t体重\n")
    copy("1\t2\n3\t4\n")
    window.menu_actions["paste_data"].trigger()
    preview_in(window, qtbot).reject()
    qtbot.waitUntil(lambda: list(path.parent.iterdir()) == [path])  # what is not used is not kept
    assert window.page.parameters.file == str(path)
    later = path.stat().st_mtime + 2 * KEPT
    copy("")
    window.menu_actions["copy_recipe"].trigger()
    clipboard = QApplication.clipboard()
    assert clipboard is not None
    qtbot.waitUntil(lambda: clipboard.text().startswith("zoetrope:1:"))
    window.page.files.use("file", "")
    assert window.intake.pasted.tidy(later) == 0  # the recipe that left names it


@pytest.mark.parametrize("way", ["export", "copy_python", "sweep"])
def test_a_pasted_table_that_leaves_the_program_is_held(window: MainWindow, way: str) -> None:
    path, _ = window.intake.pasted.keep("x\ty\n1\t2\n3\t4\n")
    parameters = window.page.parameters.change(file=str(path))
    if way == "export":
        window.exporter.leaving.emit(Recipe.of(LAB, parameters).to_json())
    elif way == "copy_python":
        window.page.files.use("file", str(path))
        window.menu_actions["copy_python"].trigger()
    else:
        window.menu_actions["sweep"].trigger()
        dialog = window.findChild(SweepDialog)
        assert dialog is not None
        dialog.started.emit(str(path))
        dialog.close()
    assert window.intake.pasted.tidy(path.stat().st_mtime + 2 * KEPT) == 0


def test_a_table_is_dropped_as_text(window: MainWindow, qtbot: Any) -> None:
    data = QMimeData()
    data.setText("x\ty\n1\t2\n3\t4\n")
    event = dropped()
    event.mimeData = lambda: data  # type: ignore[method-assign]
    window.dropEvent(event)
    use(window, qtbot)
    assert window.page.parameters.file.endswith(".tsv")


def test_a_file_on_the_clipboard_is_opened(window: MainWindow, qtbot: Any, tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("x,y\n1,2\n3,4\n")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    clipboard = QApplication.clipboard()
    assert clipboard is not None
    clipboard.setMimeData(data)
    window.menu_actions["paste_data"].trigger()
    use(window, qtbot)
    assert window.page.parameters.file == str(path)


def test_nothing_on_the_clipboard_is_said(
    window: MainWindow, said: Callable[[], NoticeRow]
) -> None:
    copy("")
    window.menu_actions["paste_data"].trigger()
    assert said().text == "The clipboard holds neither a table nor a file."


def test_a_recipe_code_knows_the_data_and_says_when_they_have_changed(
    window: MainWindow, qtbot: Any, tmp_path: Path, said: Callable[[], NoticeRow]
) -> None:
    path = tmp_path / "data.csv"
    path.write_text("x,y\n1,2\n3,4\n")
    window.page.files.use("file", str(path))
    copy("")
    window.menu_actions["copy_recipe"].trigger()
    clipboard = QApplication.clipboard()
    assert clipboard is not None
    qtbot.waitUntil(lambda: clipboard.text().startswith("zoetrope:1:"))
    assert set(Recipe.from_code(clipboard.text()).data) == {"file"}
    path.write_text("x,y\n1,2\n3,5\n")
    window.menu_actions["paste_recipe"].trigger()
    qtbot.waitUntil(lambda: bool(window.notices.findChildren(NoticeRow)))
    assert said().text.startswith("data.csv has changed since this figure was made")


def test_recent_files_are_kept_with_the_page(qtbot: Any) -> None:
    page = LabPage(LAB, StillEngine())
    qtbot.addWidget(page)
    page.session.restore({"files": {"file": ["/data/a.csv"], "note": 3}})
    assert page.session.state()["files"] == {"file": ["/data/a.csv"]}
    page.files.use("file", "/data/b.parquet")
    assert page.parameters.file == "/data/b.parquet"
    assert page.session.state()["files"] == {"file": ["/data/b.parquet", "/data/a.csv"]}
    assert not page.files.offer("/data/b.docx")


def test_a_file_of_the_labs_own_kind_is_used_at_once(qtbot: Any) -> None:
    @dataclass(frozen=True)
    class WithPicture(DampedParameters):
        picture: str = data_file("Picture", endings=(".png",))

    class Pictured(type(LAB)):  # type: ignore[misc]
        parameters = WithPicture

    page = LabPage(Pictured(), StillEngine())
    qtbot.addWidget(page)
    assert page.files.offer("/data/rope.png")
    assert (page.parameters.file, page.parameters.picture) == ("", "/data/rope.png")
