"""The name of the file: typed, formed, free or taken."""

from pathlib import Path

import pytest

from tests.gui.export_dialog.fake_process import FakeProcess, choose
from zoetrope.gui.export_dialog import ExportDialog
from zoetrope.gui.export_formats import free_name

# The offscreen platform says so of every window with a least size, and of every popup.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_the_ending_follows_the_format(dialog: ExportDialog, tmp_path: Path) -> None:
    assert dialog.file.text() == str(tmp_path / "damped.svg")
    choose(dialog, format="pdf")
    assert dialog.file.text() == str(tmp_path / "damped.pdf")


def test_a_folder_that_is_not_there_is_said(
    dialog: ExportDialog, process: list[FakeProcess], tmp_path: Path
) -> None:
    dialog.file.setText(str(tmp_path / "nowhere" / "figure.svg"))
    dialog.export.click()
    assert "There is no folder" in dialog.message.text()
    assert not process or not process[0].files


def test_the_next_free_name(tmp_path: Path) -> None:
    assert free_name(tmp_path, "rope", "svg").name == "rope.svg"
    for name in ("rope.svg", "rope-2.svg"):
        (tmp_path / name).write_text("")
    assert free_name(tmp_path, "rope", "svg").name == "rope-3.svg"
    assert free_name(tmp_path, "rope-2", "svg").name == "rope-3.svg"


def test_a_typed_ending_chooses_the_format(
    dialog: ExportDialog, process: list[FakeProcess], tmp_path: Path
) -> None:
    dialog.file.setText("x.png")
    assert dialog.choices().format == "png"
    assert "pixels" in dialog.about.text()
    assert dialog.file.text() == "x.png"
    dialog.export.click()
    assert process[0].requests[-1].path == tmp_path / "x.png"
    assert dialog.file.text() == str(tmp_path / "x.png")


def test_a_name_without_an_ending_gets_that_of_the_format(
    dialog: ExportDialog, process: list[FakeProcess], tmp_path: Path
) -> None:
    dialog.file.setText("x")
    dialog.export.click()
    assert process[0].requests[-1].path == tmp_path / "x.svg"


def test_a_tilde_before_no_ones_name_is_a_letter_like_others(
    dialog: ExportDialog, process: list[FakeProcess], tmp_path: Path
) -> None:
    dialog.file.setText("~no-such-person.svg")
    dialog.form.font_size.setValue(9.0)  # reads the choices, and the file's folder among them
    dialog.export.click()
    assert process[0].requests[-1].path == tmp_path / "~no-such-person.svg"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "Type a file name."),
        ("a" * 300, "too long"),
        ("a\0b.svg", "null character"),
        ("/", "is a folder"),
    ],
)
def test_a_name_that_cannot_be_is_said(
    dialog: ExportDialog, process: list[FakeProcess], name: str, says: str
) -> None:
    dialog.file.setText(name)
    dialog.export.click()
    assert says in dialog.message.text()
    assert not process or not process[0].files


def test_a_file_that_is_there_is_replaced_only_on_a_second_click(
    dialog: ExportDialog, process: list[FakeProcess], tmp_path: Path
) -> None:
    (tmp_path / "x.svg").write_text("mine")
    dialog.file.setText("x.svg")
    dialog.export.click()
    assert dialog.message.text().startswith("Replace x.svg?")
    assert dialog.export.text() == "&Replace"
    assert not process or not process[0].files
    dialog.file.setText("y.svg")
    assert dialog.export.text() == "&Export"
    dialog.file.setText("x.svg")
    dialog.export.click()
    dialog.export.click()
    assert len(process[0].files) == 1
