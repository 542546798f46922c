"""The start page: the labs as pictures, tours, and recent figures."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.gui.fake_page import FakeEngine, FakePage
from zoetrope.core.damped.lab import DampedLab
from zoetrope.core.lab import Frame, Lab
from zoetrope.core.recipe import Recipe
from zoetrope.core.registry import registry
from zoetrope.gui import session as sessions
from zoetrope.gui.retranslate import speak
from zoetrope.gui.start_cards import Card, LabCard, LineCard
from zoetrope.gui.start_page import StartPage
from zoetrope.gui.window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class OtherLab(DampedLab):
    id = "other"
    title = "Other lab"
    tours = ()


class FailingLab(DampedLab):
    id = "failing"
    title = "Failing lab"
    tours = ()


LABS: Mapping[str, Lab[Any]] = {lab.id: lab for lab in (DampedLab(), FailingLab(), OtherLab())}


class Engine(FakeEngine):
    """Of the failing lab nothing comes but a note."""

    asked: list[str]

    def submit(self, lab: str, parameters: Any) -> int:
        self.asked = [*getattr(self, "asked", []), lab]
        if lab == "failing":
            self.notify(lab)
            return 1
        return super().submit(lab, parameters)


@pytest.fixture
def make(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[], MainWindow]]:
    made: list[MainWindow] = []

    def make() -> MainWindow:
        window = MainWindow(LABS, folder=tmp_path, make_page=FakePage, make_engine=Engine)  # type: ignore[arg-type]
        made.append(window)
        window.show()
        return window

    yield make
    for window in made:
        window.close()
        window.deleteLater()
    QApplication.processEvents()


def figures(window: MainWindow) -> dict[str, Any]:
    return {name: card.canvas.figure for name, card in window.start_page.cards.items()}


def test_a_first_start_shows_the_labs_as_they_are_computed(
    qtbot: QtBot, make: Callable[[], MainWindow]
) -> None:
    window = make()
    assert window.tabs.currentWidget() is window.start_page
    assert window.tab is None
    assert all(tab.page is None for tab in window.tabs.lab_tabs())
    assert not hasattr(window.engine, "asked")  # nothing is computed before the window is painted
    qtbot.waitUntil(lambda: figures(window)["other"] is not None)
    assert window.engine.asked == ["damped", "failing", "other"]  # type: ignore[attr-defined]
    shown = figures(window)
    assert shown["failing"] is None
    (panel,) = shown["damped"].panels
    assert panel.name == "signal"  # the first one
    assert panel.title == panel.x.title == ""


def test_a_card_opens_its_lab_and_its_picture_follows(
    qtbot: QtBot, make: Callable[[], MainWindow]
) -> None:
    window = make()
    card = window.start_page.cards["damped"]
    qtbot.waitUntil(lambda: card.canvas.figure is not None)
    before = card.canvas.figure
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    assert window.tab is not None
    assert window.tab.lab.id == "damped"
    window.page.set_parameters(window.page.parameters.change(amplitude=3.0), "x")
    window.menu_actions["start"].trigger()
    qtbot.waitUntil(lambda: card.canvas.figure != before)
    assert window.windowTitle() == "Zoetrope"


def test_it_is_used_by_the_keyboard_alone(qtbot: QtBot, make: Callable[[], MainWindow]) -> None:
    window = make()
    cards = window.start_page.findChildren(Card)
    assert len(cards) == 4  # three labs and a tour
    for card in cards:
        assert card.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert card.accessibleName()
        assert card.height() >= 24
        if isinstance(card, LabCard):
            assert card.accessibleDescription() == "How does a swing die away?"
            assert not card.canvas.isEnabled()  # the tab key passes over what is on it
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        window.show_start()
        qtbot.keyClick(window.start_page.cards["other"], key)
        assert window.tab is not None
        assert window.tab.lab.id == "other"


def test_a_tour_begins_from_its_line(qtbot: QtBot, make: Callable[[], MainWindow]) -> None:
    window = make()
    (line,) = window.start_page.findChildren(LineCard)
    assert line.accessibleName() == "Tour of Damped oscillation: How a swing dies"
    line.click()
    assert window.page.parameters.amplitude == 2.0
    assert window.tours.strip.isVisible()


def test_recent_figures_come_back_from_their_lines(
    qtbot: QtBot, make: Callable[[], MainWindow], tmp_path: Path
) -> None:
    window = make()
    words = " ".join(label.text() for label in window.start_page.findChildren(QLabel))
    assert "Drop one on the window" in words
    path = tmp_path / "figure.json"
    parameters = {**LABS["damped"].parameters().plain(), "amplitude": 4.0}
    path.write_text(Recipe(lab="damped", parameters=parameters).to_json())
    window.recent.remember("/nowhere/gone.png")
    window.recent.remember(str(path))
    QApplication.processEvents()
    lines = [
        card for card in window.start_page.findChildren(LineCard) if "Open" in card.accessibleName()
    ]
    lines = [card for card in lines if not card.isHidden()]
    assert [card.accessibleName() for card in lines] == ["Open figure.json", "Open gone.png"]
    with qtbot.waitSignal(window.opener.opened):
        lines[0].click()
    assert window.page.parameters.amplitude == 4.0
    window.show_start()
    with qtbot.waitSignal(window.opener.refused):
        lines[1].click()
    assert window.recent.paths == [str(path)]


def test_data_that_is_dropped_here_is_answered(
    qtbot: QtBot, make: Callable[[], MainWindow], tmp_path: Path
) -> None:
    window = make()
    path = tmp_path / "table.csv"
    path.write_text("x,y\n1,2\n")
    with qtbot.waitSignal(window.opener.no_recipe):
        window.opener.open_file(path)
    assert "choose the lab" in window.notices.texts()[-1]


@pytest.mark.parametrize("last", ["", "other"])
def test_a_session_goes_back_to_where_it_was(
    make: Callable[[], MainWindow], tmp_path: Path, last: str
) -> None:
    window = make()
    if last:
        window.open_lab(last)
    window.close()
    session, _ = sessions.read(tmp_path)
    assert session is not None
    assert session["lab"] == last
    again = make()
    assert (again.tab.lab.id if again.tab is not None else "") == last


@pytest.mark.parametrize(
    ("count", "width", "columns"),
    [(4, 1440, 4), (4, 1024, 4), (8, 1440, 4), (5, 1440, 3), (1, 900, 1)],
)
def test_the_labs_stand_in_even_rows(qtbot: QtBot, count: int, width: int, columns: int) -> None:
    def picture_of(_: str) -> Frame | None:
        return None

    labs = {str(n): LABS["other"] for n in range(count)}
    for n in labs:
        labs[n] = type("Lab", (OtherLab,), {"id": n})()
    page = StartPage(labs, picture_of)
    qtbot.addWidget(page)
    page.resize(width, 800)
    page.show()
    QApplication.processEvents()
    tops = sorted({card.y() for card in page.cards.values()})
    rows = [sum(card.y() == top for card in page.cards.values()) for top in tops]
    assert max(rows) <= columns
    assert max(rows) - min(rows) <= 1
    for card in page.cards.values():
        lines = card.words.height() / card.words.fontMetrics().lineSpacing()
        assert 1 <= lines <= 3.2  # room for its question, and no more
    page.rest()


def test_titles_stand_in_one_line_though_some_are_chinese(qtbot: QtBot, qapp: QApplication) -> None:
    names = {"hsic": registry()["hsic"], "rope": registry()["rope"]}
    page = StartPage(names, lambda _lab: None)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    qtbot.waitUntil(lambda: bool(page.cards))
    try:
        speak(qapp, "zh_CN")
        cards = page.cards.values()
        assert {card.title.text() for card in cards} == {"HSIC", "旋转的绳"}
        qtbot.waitUntil(lambda: len({card.title.geometry().bottom() for card in cards}) == 1)
        assert len({card.geometry().height() for card in cards}) == 1
        assert len({card.maximumHeight() for card in cards}) == 1
    finally:
        speak(qapp, "en")
