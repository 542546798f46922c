"""Files: every format is exported from the dialog and comes back, opened or dropped."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtWidgets import QApplication, QFileDialog, QLineEdit

from tests.window.person import CONTROL, PATIENCE, Person
from zoetrope.core.recipe import Recipe, restore
from zoetrope.core.recipe_files import extract
from zoetrope.core.registry import registry
from zoetrope.gui.export_dialog import ExportDialog
from zoetrope.gui.export_formats import FORMATS, offered

ENDINGS = [known.ending for known in FORMATS]


def ask_for_export(
    person: Person, path: Path, *, fps: str = "5", seconds: str = "0.6", size: str = "column"
) -> ExportDialog:
    """Fill in the export dialog as a person does, and press its button."""
    person.key(Qt.Key.Key_E, CONTROL)
    person.wait(lambda: person.window.findChild(ExportDialog) is not None)
    dialog = person.window.findChild(ExportDialog)
    assert dialog is not None
    person.wait(lambda: dialog.isActiveWindow() or dialog.activateWindow())
    for box, value in ((dialog.form.format, path.suffix[1:]), (dialog.form.size_, size)):
        if box.isVisible():
            box.setFocus()
            person.key(Qt.Key.Key_Home, into=dialog)
            for _ in range(box.findData(value)):
                person.key(Qt.Key.Key_Down, into=dialog)
            assert box.currentData() == value
    if dialog.form.dpi.isVisible():
        person.fill(dialog.form.dpi, "96", Qt.Key.Key_Tab)
    if dialog.form.fps.isVisible():
        person.fill(dialog.form.fps, fps, Qt.Key.Key_Tab)
        person.fill(dialog.form.seconds, seconds, Qt.Key.Key_Tab)
    person.fill(dialog.file, str(path), Qt.Key.Key_Tab)
    person.click(dialog.export)
    assert dialog.progress.isVisible()
    return dialog


def export(person: Person, path: Path) -> None:
    """Export and wait until the dialog is gone."""
    dialog = ask_for_export(person, path)
    gone: list[bool] = []
    dialog.destroyed.connect(lambda: gone.append(True))
    person.wait(lambda: gone or dialog.message.text())
    assert gone, dialog.message.text()
    person.come_back()


def test_every_format_is_exported_and_comes_back(rope: Person, tmp_path: Path) -> None:
    if "mp4" not in [known.ending for known in offered(animated=True, files={})]:
        pytest.skip("films are made with imageio-ffmpeg, which is not installed")
    rope.fill(rope.number("sag").box, "0.75")
    rope.page.setFocus()
    rope.wait_for_picture()
    was = rope.page.parameters
    for ending in ENDINGS:
        path = tmp_path / f"rope.{ending}"
        export(rope, path)
        lab, parameters, sentences = restore(extract(path), registry())
        assert (lab.id, parameters, sentences) == ("rope", was, []), ending
    assert sorted(tmp_path.glob("rope*")) == sorted(tmp_path / f"rope.{e}" for e in ENDINGS)
    assert rope.window.recent.paths[0].endswith(".json")
    assert rope.window.notices.texts() == []

    by_menu, by_drop = tmp_path / "rope.mp4", tmp_path / "rope.svg"
    for path, bring in ((by_menu, open_by_menu), (by_drop, open_by_drop)):
        rope.window.open_lab("damped")
        rope.window.open_lab("rope").reset()
        before, steps = rope.page.parameters, rope.steps
        assert before != was
        rope.window.open_lab("damped")
        rope.wait_for_picture()
        bring(rope, path)
        rope.wait(lambda: rope.page.lab.id == "rope")
        assert rope.page.parameters == was
        assert rope.steps == steps + 1
        rope.wait_for_picture()
        assert rope.number("sag").box.text() == "0.75 m"
        assert path.name in rope.window.toast.text()
        rope.key(Qt.Key.Key_Z, CONTROL)
        assert rope.page.parameters == before
        rope.key(Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
        assert rope.page.parameters == was


def open_by_menu(person: Person, path: Path) -> None:
    """File > Open: type the path into the dialog, which holds this thread until it closes."""
    deadline = time.monotonic() + PATIENCE / 1000
    looking = QTimer()
    looking.setInterval(20)

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QFileDialog) and dialog.isVisible():
            looking.stop()
            edit = dialog.findChild(QLineEdit)
            assert edit is not None
            edit.selectAll()
            person.type(str(path), dialog)
            person.key(Qt.Key.Key_Return, into=dialog)
        elif time.monotonic() > deadline:
            looking.stop()
            QApplication.closeAllWindows()

    looking.timeout.connect(look)
    looking.start()
    person.key(Qt.Key.Key_O, CONTROL)
    person.come_back()


def open_by_drop(person: Person, path: Path) -> None:
    """Drop the file on the picture."""
    assert person.drop(next(iter(person.page.canvas._panels.values())).surface, path)


def test_what_cannot_be_opened_is_said_and_changes_nothing(rope: Person, tmp_path: Path) -> None:
    before = rope.page.parameters
    stranger = Recipe(lab="numerology", parameters={"x": 1}).to_json()
    for name, content, said in (
        ("damaged.png", b"\x89PNG\r\n\x1a\n" + os.urandom(500), "damaged.png"),
        ("empty.svg", b"", "empty.svg"),
        ("holiday.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(1000), "holiday.mp4"),
        ("stranger.json", stranger.encode(), "numerology"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        assert rope.drop(rope.page, path)
        assert rope.wait_for_notice(said).endswith(".")
    assert rope.page.parameters == before
    assert rope.page.lab.id == "rope"
    assert rope.steps == 0
    assert rope.window.recent.paths == []
