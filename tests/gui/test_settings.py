"""The settings: each is put in force as it is chosen, comes back, and can be set back."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QLabel

from tests.gui.fake_page import FakeEngine
from tests.gui.still_engine import StillEngine
from zoetrope.core.damped.lab import LAB
from zoetrope.core.device import Context
from zoetrope.core.lab import Readout, final_frame
from zoetrope.core.number_format import AS_USUAL, NumberFormat
from zoetrope.core.parameters import Number
from zoetrope.gui import session as sessions
from zoetrope.gui import settings_file
from zoetrope.gui.exporting import Subject, request_for
from zoetrope.gui.lab_page import LabPage
from zoetrope.gui.quantities import brief, editable, rounded, set_number_format
from zoetrope.gui.readout_bar import ReadoutBar
from zoetrope.gui.settings import Settings
from zoetrope.gui.settings_dialog import SettingsDialog
from zoetrope.gui.ticks import linear_ticks, log_ticks
from zoetrope.gui.window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
COMMA = NumberFormat(marks="point_comma", digits=6, power=9)


@pytest.fixture(autouse=True)
def _numbers_as_usual() -> Iterator[None]:
    yield
    set_number_format(AS_USUAL)


@pytest.fixture
def make(qtbot: Any, tmp_path: Path) -> Iterator[Callable[[], MainWindow]]:
    made: list[MainWindow] = []

    def open_() -> MainWindow:
        window = MainWindow(
            {LAB.id: LAB}, folder=tmp_path, make_page=LabPage, make_engine=FakeEngine
        )
        window.show()
        made.append(window)
        return window

    yield open_
    for window in made:
        window.close()
        window.deleteLater()


def dialog_of(window: MainWindow) -> SettingsDialog:
    window.menu_actions["settings"].trigger()
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    return dialog


def choose(box: Any, value: object) -> None:
    assert box.findData(value) >= 0
    box.setCurrentIndex(box.findData(value))


def test_numbers_are_written_as_chosen() -> None:
    set_number_format(COMMA)
    assert rounded(-1234567.891) == "−1.234.568"
    assert rounded(0.000012) == "1,20000×10⁻⁵"
    assert rounded(3e-15, 2) == "3,0×10⁻¹⁵"
    assert (rounded(12_345), brief(0.25)) == ("12.345", "0,25")
    assert editable(Number(label="x", low=0, high=9, unit="m"), 2.6) == "2,6 m"
    assert linear_ticks(0, 1, numbers=COMMA).texts[1] == "0,2"
    assert linear_ticks(0, 4e6, numbers=COMMA).texts[-1] == "4.000.000"
    assert linear_ticks(0, 4e6).factor == "×10⁶"
    assert "0,3" in log_ticks(-1, 0.5, numbers=COMMA).texts


def test_a_page_shows_them_at_once_and_reads_them_back(qtbot: Any) -> None:
    page = LabPage(LAB, StillEngine())
    qtbot.addWidget(page)
    page.frame_view.show(final_frame(LAB, page.parameters, Context()), page.parameters)
    box = page.form.rows["decay"].box
    assert box.text() == "0.4 1/s"
    set_number_format(COMMA)
    page.show_numbers()
    assert box.text() == "0,4 1/s"
    box.lineEdit().selectAll()
    QTest.keyClicks(box, "0,125")
    box.commit()
    assert page.parameters.decay == 0.125
    assert box.text() == "0,125 1/s"
    assert page.parameters.plain()["decay"] == 0.125


def test_readouts_have_the_digits_that_were_chosen(qtbot: Any) -> None:
    bar = ReadoutBar()
    qtbot.addWidget(bar)
    bar.set_readouts((Readout("a", "A", 3.14159265), Readout("b", "B", 3e-15, good=True)))
    set_number_format(COMMA)
    bar.show_anew()
    assert [cell._value for cell in bar.cells] == ["3,14159", "3,0×10⁻¹⁵"]
    bar.copy_all()  # for other programs all digits, with a point
    clipboard = QApplication.clipboard()
    assert clipboard is not None
    assert "3.14159265" in clipboard.text()


def test_an_exported_figure_is_written_so(qtbot: Any) -> None:
    page = LabPage(LAB, StillEngine())
    qtbot.addWidget(page)
    page.frame_view.show(final_frame(LAB, page.parameters, Context()), page.parameters)
    set_number_format(COMMA)
    subject = Subject.of(LAB, page, "light", "cpu")
    options = subject.choices({}).options(())
    assert request_for(subject, options, None).options.numbers == COMMA


def test_what_is_chosen_is_in_force_and_comes_back(make: Callable[[], MainWindow]) -> None:
    window = make()
    page = window.open_lab(LAB.id)
    dialog = dialog_of(window)
    choose(dialog.marks, "space_comma")
    choose(dialog.digits, 6)
    choose(dialog.power, 9)
    choose(dialog.rate, 60)
    choose(dialog.motion, True)
    assert page.form.rows["decay"].box.text() == "0,4 1/s"
    assert page.transport._timer.interval() == 17
    assert window.settings.now.numbers == NumberFormat("space_comma", 6, 9)
    window.close()
    again = make()
    assert again.settings.now == window.settings.now
    assert rounded(0.5) == "0,500000"


def test_the_defaults_are_restored(make: Callable[[], MainWindow]) -> None:
    window = make()
    dialog = dialog_of(window)
    for box in dialog._boxes.values():
        box.setCurrentIndex(box.count() - 1)
    dialog.cluster.setText("tcp://host:1")
    dialog.cluster.editingFinished.emit()
    changed = {n for n, v in Settings().plain().items() if window.settings.now.plain()[n] != v}
    assert changed >= {"theme", "number_marks", "frame_rate", "opening", "cluster", "language"}
    window.settings.choose(export={"format": "svg"})
    dialog.restore_button.click()
    assert window.settings.now == replace(Settings(), export={"format": "svg"})
    assert rounded(0.5) == "0.5000"


def test_the_dialog_follows_what_is_chosen_elsewhere(make: Callable[[], MainWindow]) -> None:
    window = make()
    dialog = dialog_of(window)
    window.menu_actions["theme_dark"].trigger()
    window.settings.choose(cluster="tcp://host:1", number_digits=6)
    assert dialog.theme.currentData() == "dark"
    assert dialog.digits.currentData() == 6
    assert dialog.cluster.text() == "tcp://host:1"
    assert window.settings.now.number_digits == 6


@pytest.mark.parametrize(
    ("opening", "lab", "amplitude"),
    [("as_left", LAB.id, 2.5), ("start_page", "", 2.5), ("afresh", "", 1.0)],
)
def test_the_program_opens_as_was_chosen(
    make: Callable[[], MainWindow], opening: str, lab: str, amplitude: float
) -> None:
    window = make()
    page = window.open_lab(LAB.id)
    page.set_parameters(page.parameters.change(amplitude=2.5), "Louder")
    choose(dialog_of(window).opening, opening)
    window.close()
    again = make()
    assert (again.tab.lab.id if again.tab is not None else "") == lab
    assert again.open_lab(LAB.id).parameters.amplitude == amplitude


def test_the_dialog_says_what_cannot_be_chosen(make: Callable[[], MainWindow]) -> None:
    dialog = dialog_of(make())
    said = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert f"Precision is not chosen: float64 in {LAB.title}." in said
    for box in dialog._boxes.values():
        assert box.accessibleName()


def test_a_file_of_settings_that_makes_no_sense_is_put_right() -> None:
    wrong = {
        "theme": "pink", "number_marks": "dots", "number_digits": 99, "number_power": 6,
        "frame_rate": 1000, "opening": "never", "reduced_motion": True, "more": 1,
    }  # fmt: skip
    assert Settings.adapt(wrong) == Settings(reduced_motion=True, number_power=6)


# The file


def test_settings_have_a_file_of_their_own(
    make: Callable[[], MainWindow], qtbot: Any, tmp_path: Path
) -> None:
    window = make()
    window.settings.choose(theme="dark")
    qtbot.waitUntil((tmp_path / "settings.json").exists)
    window.close()
    assert "settings" not in json.loads((tmp_path / "session.json").read_text())
    (tmp_path / "session.json").write_text("{")  # a damaged session takes none of them with it
    assert make().settings.now.theme == "dark"


def test_settings_of_an_earlier_session_are_taken_over(
    make: Callable[[], MainWindow], qtbot: Any, tmp_path: Path
) -> None:
    sessions.write(tmp_path, {"settings": {"theme": "dark"}})
    assert make().settings.now.theme == "dark"
    qtbot.waitUntil((tmp_path / "settings.json").exists)


def test_damaged_settings_are_said_and_replaced(
    make: Callable[[], MainWindow], qtbot: Any, tmp_path: Path
) -> None:
    (tmp_path / "settings.json").write_text("[1")
    window = make()
    assert window.settings.now == Settings()
    assert window.notices.texts() == ["The saved settings are damaged; the defaults are in force."]
    window.settings.choose(frame_rate=60)
    path = tmp_path / "settings.json"
    qtbot.waitUntil(lambda: path.read_text().startswith("{"))
    assert json.loads(path.read_text())["frame_rate"] == 60


def test_a_folder_that_takes_none_is_said_once(
    make: Callable[[], MainWindow], qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, text: str) -> None:
        raise OSError(28, "No space left on device")

    window = make()
    monkeypatch.setattr(settings_file, "put_file", full)
    window.settings.choose(frame_rate=60)
    window.settings.choose(frame_rate=15)
    qtbot.waitUntil(lambda: bool(window.notices.texts()))
    window.settings.keeper.close()
    assert window.notices.texts() == [
        "The settings cannot be saved for next time: No space left on device."
    ]


def test_they_are_kept_where_the_system_keeps_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("ZOETROPE_STATE_DIR", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    if sys.platform == "linux":
        assert settings_file.config_folder() == tmp_path / "config" / "zoetrope"
        assert sessions.state_folder() == tmp_path / "state" / "zoetrope"
    monkeypatch.setenv("ZOETROPE_STATE_DIR", str(tmp_path))
    assert settings_file.config_folder() == sessions.state_folder() == tmp_path
