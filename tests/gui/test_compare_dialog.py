"""The window that shows parameter sets side by side, with the real engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from zoetrope.core.comparison import Compared, Comparison
from zoetrope.core.damped.lab import LAB
from zoetrope.core.engine import Engine
from zoetrope.gui import compare_dialog
from zoetrope.gui.compare_dialog import CompareDialog
from zoetrope.gui.compare_form import suggested
from zoetrope.gui.lab_page import LabPage
from zoetrope.gui.window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
BASE = LAB.parameters()
DECLARED = LAB.parameters.declarations()


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setattr(compare_dialog, "SETTLED_MS", 0)
    window = MainWindow(
        {LAB.id: LAB},
        folder=tmp_path,
        make_page=LabPage,
        make_engine=lambda labs, notify, _: Engine(labs, notify, device="cpu", warm_up=False),
    )
    window.show()
    window.open_lab(LAB.id)
    qtbot.waitUntil(lambda: window.page.frame is not None, timeout=20_000)
    yield window
    window.close()
    window.deleteLater()


def opened(window: MainWindow) -> CompareDialog:
    window.menu_actions["compare"].trigger()
    return found(window)


def found(window: MainWindow) -> CompareDialog:
    dialog = window.findChild(QDialog, "compare")
    assert isinstance(dialog, CompareDialog)
    return dialog


def headings(dialog: CompareDialog) -> list[str]:
    figure = dialog.canvas.figure
    return [panel.heading for panel in figure.panels] if figure is not None else []


def compare_values(dialog: CompareDialog, name: str, values: str) -> None:
    form = dialog.form
    form.way.setCurrentIndex(form.way.findData("values"))
    form.parameter.setCurrentIndex(form.parameter.findData(name))
    form.values.setText(values)


def wait_for(qtbot: QtBot, dialog: CompareDialog, wanted: list[str]) -> None:
    def there() -> None:
        assert headings(dialog) == wanted
        assert dialog.pictures.settled

    qtbot.waitUntil(there, timeout=20_000)


def test_it_opens_on_values_worth_comparing(qtbot: QtBot, window: MainWindow) -> None:
    dialog = opened(window)
    wait_for(qtbot, dialog, ["(a) A = 0.6 m", "(b) A = 1 m", "(c) A = 1.4 m"])
    figure = dialog.canvas.figure
    assert figure is not None
    assert len({panel.y.range for panel in figure.panels}) == 1
    assert dialog.export.isEnabled()


def test_values_that_are_typed_are_compared(qtbot: QtBot, window: MainWindow) -> None:
    dialog = opened(window)
    compare_values(dialog, "frequency", "1, 2 Hz,4, 8")
    wait_for(qtbot, dialog, [f"({a}) f = {f} Hz" for a, f in zip("abcd", "1248", strict=True)])
    assert [button.isVisible() for button in dialog.choices] == [True] * 4


@pytest.mark.parametrize(
    ("values", "said"),
    [("1", "Choose 2 to 4"), ("1,2,3,4,5", "these are 5"), ("1, many", "must be a number"),
     ("1, 99", "above the largest"), ("", "these are 0")],
)  # fmt: skip
def test_what_is_wrong_is_said_and_the_pictures_stay(
    qtbot: QtBot, window: MainWindow, values: str, said: str
) -> None:
    dialog = opened(window)
    wait_for(qtbot, dialog, ["(a) A = 0.6 m", "(b) A = 1 m", "(c) A = 1.4 m"])
    compare_values(dialog, "amplitude", values)
    qtbot.waitUntil(lambda: said in dialog.message.text(), timeout=5000)
    assert dialog.message.property("look") == "warn"
    assert len(headings(dialog)) == 3
    compare_values(dialog, "amplitude", "2,3")
    wait_for(qtbot, dialog, ["(a) A = 2 m", "(b) A = 3 m"])
    assert dialog.message.text() == ""


def test_options_of_a_choice_and_both_sides_of_a_switch_are_compared(
    qtbot: QtBot, window: MainWindow
) -> None:
    dialog = opened(window)
    form = dialog.form
    form.parameter.setCurrentIndex(form.parameter.findData("shape"))
    wait_for(qtbot, dialog, ["(a) wave: Cosine", "(b) wave: Square", "(c) wave: Saw"])
    assert form.values.isHidden()
    assert form._values_label.text() == "2 to 4 of these"
    form.parameter.setCurrentIndex(form.parameter.findData("envelope"))
    wait_for(qtbot, dialog, ["(a) show the envelope: no", "(b) show the envelope: yes"])


def test_what_is_pinned_and_presets_are_compared(qtbot: QtBot, window: MainWindow) -> None:
    page: LabPage = window.page
    page.pins.pin()
    page.set_parameters(BASE.change(amplitude=2.0), "Change")
    qtbot.waitUntil(lambda: page.frame_parameters == page.parameters, timeout=20_000)
    dialog = opened(window)
    wait_for(qtbot, dialog, ["(a) A = 2 m", "(b) A = 1 m"])
    sets = dialog.form.sets
    texts = [sets.item(i).text() for i in range(sets.count())]  # type: ignore[union-attr]
    assert texts[:2] == ["Now: A = 2 m", "Pinned: A = 1 m"]
    assert texts[2:] == [preset.label for preset in LAB.presets]
    fast = sets.item(3)
    assert fast is not None
    fast.setCheckState(Qt.CheckState.Checked)
    qtbot.waitUntil(lambda: len(headings(dialog)) == 3, timeout=20_000)
    assert headings(dialog)[2] == "(c) A struck string"


def test_chosen_panels_of_each_are_shown(qtbot: QtBot, window: MainWindow) -> None:
    dialog = opened(window)
    panels = dialog.form.panels
    second = panels.item(1)
    assert second is not None
    second.setCheckState(Qt.CheckState.Checked)

    def both() -> None:
        figure = dialog.canvas.figure
        assert figure is not None
        assert [panel.name for panel in figure.panels][::3] == ["signal a", "energy a"]

    qtbot.waitUntil(both, timeout=20_000)


@pytest.mark.parametrize("by", ["a click", "a button"])
def test_one_goes_on_from_a_picture(qtbot: QtBot, window: MainWindow, by: str) -> None:
    dialog = opened(window)
    compare_values(dialog, "amplitude", "1, 2, 3")
    wait_for(qtbot, dialog, ["(a) A = 1 m", "(b) A = 2 m", "(c) A = 3 m"])
    if by == "a button":
        dialog.choices[2].click()
    else:
        surface = dialog.canvas._panels["signal c"].surface
        qtbot.mouseClick(surface, Qt.MouseButton.LeftButton, pos=surface.rect().center())
    page: LabPage = window.page
    assert page.parameters == BASE.change(amplitude=3.0)
    assert page.history.stack.undoText() == "Go on from A = 3 m"
    page.history.undo()
    assert page.parameters == BASE


def test_the_figure_is_exported_as_it_looks(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    subjects: list[Any] = []

    class Fake(QObject):
        exported = pyqtSignal(object, object)

        def __init__(self, _exporter: Any, subject: Any, _choices: Any, parent: QObject) -> None:
            super().__init__(parent)
            subjects.append(subject)

        def open(self) -> None:
            pass

    monkeypatch.setattr(compare_dialog, "ExportDialog", Fake)
    dialog = opened(window)
    compare_values(dialog, "amplitude", "1, 2")
    wait_for(qtbot, dialog, ["(a) A = 1 m", "(b) A = 2 m"])
    dialog.export.click()
    (subject,) = subjects
    assert subject.frame.figure == dialog.canvas.figure
    assert isinstance(subject.lab, Compared)
    assert subject.lab.comparison == Comparison.over_values(
        BASE, "amplitude", [1.0, 2.0], ["signal"]
    )
    assert subject.parameters == BASE
    endings = {known.ending for known in subject.formats}
    assert {"svg", "pdf", "png", "gif", "csv", "npz", "json"} <= endings


def test_a_recipe_that_compares_opens_the_window(qtbot: QtBot, window: MainWindow) -> None:
    comparison = Comparison.over_values(BASE, "amplitude", [2.0, 3.0])
    parameters = BASE.change(amplitude=2.0)
    window.opener.opened.emit(Compared(LAB, comparison), parameters, "a file", [])
    wait_for(qtbot, found(window), ["(a) A = 2 m", "(b) A = 3 m"])
    assert window.page.parameters == parameters


def test_nothing_is_computed_for_a_window_that_is_closed(qtbot: QtBot, window: MainWindow) -> None:
    dialog = opened(window)
    pictures = dialog.pictures
    slots = [picture.slot for picture in pictures.pictures]
    dialog.reject()
    assert pictures.settled
    assert all(picture.wanted is None for picture in pictures.pictures)
    assert len(set(slots)) == 4


def test_stopping_is_said(qtbot: QtBot, window: MainWindow) -> None:
    dialog = opened(window)
    dialog.stop.click()
    assert dialog.pictures.settled
    assert dialog.message.text().startswith("Stopped.")


def test_suggested_values_are_legal_and_differ() -> None:
    for name in ("amplitude", "frequency", "points", "noise", "phase", "seed"):
        declared: Any = DECLARED[name]
        for value in (getattr(BASE, name), declared.low, declared.high, None):
            values = suggested(declared, value)
            assert 2 <= len(values) <= 3, (name, value, values)
            assert all(declared.check(name, each) == each for each in values)
