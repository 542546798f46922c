from importlib.resources import files
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

import tests.gui.quiet_ziamath  # noqa: F401
from zoetrope.core.damped.lab import LAB
from zoetrope.core.help_pages import help_text, take_formulas
from zoetrope.core.lab import Lab
from zoetrope.core.registry import registry
from zoetrope.core.theme import DARK, LIGHT
from zoetrope.gui.formulas import draw
from zoetrope.gui.help_page import HelpPage
from zoetrope.gui.help_panel import HelpPanel
from zoetrope.gui.theme import palette

LABS = [*registry().values(), LAB]


def pictures(page: HelpPage) -> int:
    """Return how many formulas stand on the page."""
    document = page.document()
    assert document is not None
    found, block = 0, document.begin()
    while block.isValid():
        found += block.text().count("\ufffc")
        block = block.next()
    return found


@pytest.fixture
def page(qtbot: QtBot) -> Any:
    page = HelpPage()
    qtbot.addWidget(page)
    page.resize(420, 500)
    page.show()
    yield page
    page.background.close()


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.id)
def test_every_page_is_shown_with_its_formulas(qtbot: QtBot, page: HelpPage, lab: Lab[Any]) -> None:
    text = help_text(lab)
    page.show_text(lab.id, text)
    qtbot.waitUntil(lambda: page.ready == lab.id, timeout=20_000)
    _, formulas = take_formulas(text)
    assert pictures(page) == len(formulas)
    shown = page.toPlainText()
    assert "$" not in shown
    assert "\ue000" not in shown
    assert "<!--" not in shown
    for declaration in lab.parameters.declarations().values():
        assert declaration.label in shown


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.id)
def test_every_formula_is_understood(lab: Lab[Any]) -> None:
    for formula in take_formulas(help_text(lab))[1]:
        drawn = draw(formula.latex, 14.0, "#000000", formula.display)
        assert drawn is not None, formula.latex


def test_every_lab_of_ours_has_a_page() -> None:
    for name in registry().keys() - {"damped"}:
        assert (files("zoetrope.assets") / "help" / f"{name}.md").is_file()


def test_formulas_follow_the_theme(qtbot: QtBot, page: HelpPage) -> None:
    colours = []
    for theme in (LIGHT, DARK):
        page.setPalette(palette(theme))
        page.show_text(theme.name, "Here is $x$.")
        qtbot.waitUntil(lambda name=theme.name: page.ready == name, timeout=20_000)
        drawing = page._drawings[0]
        assert drawing is not None
        colours.append(theme.foreground.encode() in drawing.svg)
    assert colours == [True, True]


def test_a_formula_that_is_not_understood_stays_text(qtbot: QtBot, page: HelpPage) -> None:
    page.show_text("x", r"Here is $\frac{a$.")
    qtbot.waitUntil(lambda: page.ready == "x", timeout=20_000)
    assert r"\frac{a" in page.toPlainText()


def test_a_wide_formula_is_drawn_to_fit(qtbot: QtBot, page: HelpPage) -> None:
    page.show_text("x", "$$" + " + ".join(f"a_{{{n}}}" for n in range(60)) + "$$")
    qtbot.waitUntil(lambda: page.ready == "x", timeout=20_000)
    bar = page.horizontalScrollBar()
    assert bar is not None
    assert bar.maximum() == 0


def test_nothing_is_done_while_the_panel_is_hidden(qtbot: QtBot) -> None:
    panel = HelpPanel()
    qtbot.addWidget(panel)
    panel.show_lab(LAB)
    assert panel.page.ready == ""
    assert panel.page.toPlainText() == ""
    assert panel.close_worker()
