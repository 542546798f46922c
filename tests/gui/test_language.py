"""The language of the interface: chosen, switched while all stays open, and put back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QCoreApplication
from PyQt6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from zoetrope.core.registry import registry
from zoetrope.gui import language as languages
from zoetrope.gui.choice_row import ChoiceRow
from zoetrope.gui.form import ParameterForm
from zoetrope.gui.language import later, say, say_again, say_all, set_language, worded
from zoetrope.gui.retranslate import speak
from zoetrope.gui.running import make_window
from zoetrope.gui.window import MainWindow

COMPUTED = 30_000
# What Qt says once, when it makes the buttons of docks and tabs.
OF_QT = {
    "Close", "Closes the dock widget", "Float", "Undocks and re-attaches the dock widget",
    "Scroll Left", "Scroll Right", "关闭", "关闭可停靠部件",
    "悬浮", "悬浮和停靠可停靠部件", "向左滚动", "向右滚动",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _english_afterwards(qapp: QApplication) -> Iterator[None]:
    yield
    speak(qapp, "en")


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    window = make_window(tmp_path)
    qtbot.addWidget(window)
    window.show()
    yield window
    window.close()


def texts(widget: QWidget) -> list[str]:
    """Return every text of a widget and of all in it, in their order."""
    found = [widget.windowTitle()]
    for part in (widget, *widget.findChildren(QWidget)):
        found += [part.toolTip(), part.accessibleName(), part.accessibleDescription()]
        if isinstance(part, (QLabel, QAbstractButton)):
            found.append(part.text())
        elif isinstance(part, QTabBar):
            found += [part.tabText(index) for index in range(part.count())]
        elif isinstance(part, QComboBox):
            found += [part.itemText(index) for index in range(part.count())]
        elif isinstance(part, QLineEdit):
            found.append(part.placeholderText())
        found += [action.text() for action in part.actions()]
    return found


def chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def test_what_was_said_is_said_again_in_another_language() -> None:
    said = say("Copy {label}", label="Settings")
    both = say_all(("Settings", later("Change {labels}", labels="speed")), "\n")
    assert (said, both) == ("Copy Settings", "Settings\nChange speed")
    assert set_language("zh_CN")
    again = say_again(said)
    assert chinese(again)
    assert "Settings" not in again
    assert all(map(chinese, say_again(both).split("\n")))
    assert say_again("a.svg") == "a.svg"  # no one said it
    assert set_language("en")
    assert say_again(again) == said
    assert not set_language("en")


@pytest.mark.parametrize("words", ["formula = {a & ", "formula = a} | {0", "x = {wave}"])
def test_words_that_a_person_typed_need_be_no_template(words: str) -> None:
    assert say_all((words, "Settings"), "\n") == f"{words}\nSettings"
    assert set_language("zh_CN")
    assert say(words) == words


def test_what_changes_with_every_picture_is_not_remembered() -> None:
    before = len(languages._said)
    for value in range(100):
        worded("{label}: {words}", label="Settings", words=str(value))
    assert len(languages._said) == before


def test_the_window_speaks_chinese_at_once_and_loses_nothing(
    window: MainWindow, qtbot: QtBot
) -> None:
    page = window.open_lab("rope")
    qtbot.waitUntil(lambda: page.frame is not None, timeout=COMPUTED)
    page.set_parameters(page.parameters.change(span=1.1), "Change span")
    ticket, parameters, english = page._ticket, page.parameters, texts(window)
    status = {*texts(window.status)}
    window.settings.choose(language="zh_CN")
    assert (page._ticket, page.parameters) == (ticket, parameters)  # nothing is computed anew
    assert page.history.stack.canUndo()
    assert chinese(window.menu_actions["undo"].text())
    assert chinese(page.tabs.tabText(0))
    assert chinese(page.form.rows["length"].toolTip())
    assert chinese(page.canvas.figure.panels[0].title)
    assert chinese(page.readouts.cells[0].readout.label)
    assert not chinese(page.frame.figure.panels[0].title)  # what is kept and exported is English
    window.settings.choose(language="en")
    status |= {*texts(window.status)}  # the engine may have become ready meanwhile
    assert set(texts(window)) - status == set(english) - status


def test_qts_own_words_follow_however_fast_the_language_is_switched(qapp: QApplication) -> None:
    for _ in range(3):  # without a turn of the event loop between
        speak(qapp, "zh_CN")
        assert chinese(QCoreApplication.translate("CloseButton", "Close Tab"))
        speak(qapp, "en")
        assert QCoreApplication.translate("CloseButton", "Close Tab") == "Close Tab"


def test_a_window_that_opens_in_chinese_is_the_one_that_was_switched(
    qtbot: QtBot, tmp_path: Path
) -> None:
    first = make_window(tmp_path)
    qtbot.addWidget(first)
    first.show()
    first.settings.choose(language="zh_CN")
    switched = texts(first)
    first.close()
    second = make_window(tmp_path)
    qtbot.addWidget(second)
    second.show()
    assert second.settings.now.language == "zh_CN"
    different = {text for text in {*texts(second)} ^ {*switched} if text not in OF_QT}
    second.close()
    assert not different


def words_of_choices(form: ParameterForm) -> dict[str, dict[str, str]]:
    """Return what stands in each choice of a form for each value, and what the choice is called."""
    found = {}
    for name, row in form.rows.items():
        if isinstance(row, ChoiceRow):
            if row.segments is not None:
                words = {v: button.text() for v, button in row.segments.buttons.items()}
            else:
                box = row.combo
                words = {box.itemData(i): box.itemText(i) for i in range(box.count())}
            found[name] = {**words, "label": row.control.accessibleName()}
    return found


@pytest.mark.parametrize("first", ["en", "zh_CN"])
def test_every_choice_of_every_lab_is_itself_after_other_languages(
    qtbot: QtBot, qapp: QApplication, first: str
) -> None:
    """Two English words may be one Chinese word: each comes back as it was."""
    speak(qapp, first)
    forms = []
    for lab in registry().values():
        forms.append(ParameterForm(lab.parameters))
        qtbot.addWidget(forms[-1])
    before = [words_of_choices(form) for form in forms]
    for code in ("zh_CN", "en", "zh_CN", "en"):
        speak(qapp, code)
        if code == first:
            assert [words_of_choices(form) for form in forms] == before
    for lab, form in zip(registry().values(), forms, strict=True):
        for name, row in form.rows.items():
            if isinstance(row, ChoiceRow):
                words = words_of_choices(form)[name]
                words.pop("label")
                assert words == dict(lab.parameters.declarations()[name].options)
        headings = {label.text() for label in form.findChildren(QLabel)}
        assert {row.declaration.group for row in form.rows.values()} <= headings


def test_what_is_asked_anew_for_each_language_follows_it(window: MainWindow, qtbot: QtBot) -> None:
    window.settings.choose(language="zh_CN")
    page = window.open_lab("rope")
    qtbot.waitUntil(lambda: page.frame is not None, timeout=COMPUTED)
    row = next(r for r in page.form.rows.values() if getattr(r.declaration, "unit", "") == "turns")
    pins = page.pin_buttons.buttons["unpin"]
    assert all(map(chinese, (row.box.text(), pins.accessibleName())))
    window.settings.choose(language="en")
    assert row.box.text().endswith(" turns")
    assert pins.accessibleName() == "Unpin"
    cells = page.readouts.cells
    spoken = [(cell.accessibleName(), cell.toolTip()) for cell in cells]
    assert not any(chinese(text) for pair in spoken for text in pair)
    assert not chinese(page.transport.speed_slider.toolTip())


def test_a_number_with_a_unit_in_words_can_be_typed_back(window: MainWindow, qtbot: QtBot) -> None:
    window.settings.choose(language="zh_CN")
    page = window.open_lab("rope")
    row = next(r for r in page.form.rows.values() if getattr(r.declaration, "unit", "") == "turns")
    shown = row.box.text()
    assert chinese(shown)
    assert row._read(shown) == getattr(page.parameters, row.name)
