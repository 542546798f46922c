"""The help pages as texts: formulas, the parameters that they name, and the tables."""

from importlib.resources import files
from typing import Any

import pytest

from zoetrope.core.damped.lab import LAB
from zoetrope.core.help_pages import (
    Formula,
    help_text,
    parameter_groups,
    parameter_tables,
    preset_table,
    take_formulas,
    written,
)
from zoetrope.core.lab import Lab
from zoetrope.core.latex_symbols import mark_symbol
from zoetrope.core.registry import registry

LABS = [lab for lab in registry().values() if lab.id != "damped"]


def test_formulas_are_taken_out_of_a_text() -> None:
    text, found = take_formulas("A $x$ and\n\n$$y\n= 2$$\n\ncosts \\$5 or 5$.")
    assert found == [Formula("x"), Formula("y\n= 2", display=True)]
    assert "$x$" not in text
    assert "costs \\$5 or 5$." in text


def test_a_comment_says_which_symbols_are_parameters_until_the_next() -> None:
    text = (
        "$A$ <!-- symbols: amplitude decay=\\lambda -->\n"
        "$A + \\lambda$\n<!-- symbols: period -->$A$, $T$"
    )
    marked, found = take_formulas(text, LAB)
    assert "symbols" not in marked
    assert [formula.parameters for formula in found] == [
        (),
        ("amplitude", "decay"),
        (),
        ("period",),
    ]
    assert found[1].marked("decay", "#ff0000") == r"A + {\color{#ff0000}\lambda}"
    assert found[1].marked("period", "#ff0000") is None


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.id)
def test_what_a_page_says_of_symbols_is_so(lab: Lab[Any]) -> None:
    """Every parameter that a comment names is one, and a formula of its part has its symbol."""
    _, formulas = take_formulas(help_text(lab), lab)
    named = {name for formula in formulas for name in formula.symbols}
    assert named
    assert named <= lab.parameters.declarations().keys()
    assert named == {name for formula in formulas for name in formula.parameters}


def test_every_page_is_a_plain_file() -> None:
    for lab in LABS:
        assert (files("zoetrope.assets") / "help" / f"{lab.id}.md").is_file()
    assert help_text(LAB).startswith("# Damped oscillation\n\nHow does a swing die away?")


@pytest.mark.parametrize(
    ("latex", "symbol", "count"),
    [
        (r"\rho\,\omega^2", r"\rho", 1),
        (r"\rho_a C_d + 2\rho", r"\rho", 1),  # another subscript is another symbol
        (r"\rho_a C_d + 2\rho", r"\rho_a", 1),
        (r"T_e - T^2/EA", "T", 1),
        (r"\frac{L}{d} = \ell", "L", 1),
        (r"\int y^2\,ds + d\,H + 2d", "d", 2),  # not the differential
        (r"\mathrm{head} + d_\mathrm{head} + a", "a", 1),
        (r"K_{ij} + x_i", "i", 0),  # not in subscripts
        (r"\sqrt{g/L}", "g", 1),
        (r"EA + E A", "EA", 1),
        (r"\omega", "o", 0),
        (r"x", "", 0),
    ],
)
def test_symbols_are_found(latex: str, symbol: str, count: int) -> None:
    marked = mark_symbol(latex, symbol, "#c2410c")
    assert marked.count("{\\color{#c2410c}") == count
    assert marked.replace(f"{{\\color{{#c2410c}}{symbol}}}", symbol) == latex


def test_the_table_says_what_the_declaration_says() -> None:
    table = parameter_tables(LAB.parameters.declarations())
    assert "Amplitude $A$ | 0 to 10\N{NO-BREAK SPACE}m |" in table
    assert "cosine, square, saw" in table
    assert "### Oscillation" in table
    groups = parameter_groups(LAB.parameters.declarations())
    assert sum(map(len, groups.values())) == len(LAB.parameters.declarations())
    assert table.count("\n| ") == len(LAB.parameters.declarations()) + len(groups)


def test_presets_are_listed_with_what_they_show() -> None:
    assert "| Slow and long | A pendulum in air. |" in preset_table(LAB.presets)


@pytest.mark.parametrize(
    ("value", "text"), [(0.02, "0.02"), (-20, "−20"), (1e-6, "10⁻⁶"), (2.5e9, "2.5·10⁹")]
)
def test_numbers_are_written_as_by_hand(value: float, text: str) -> None:
    assert written(value) == text
