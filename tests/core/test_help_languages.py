"""Help pages in other languages: the same headings, formulas and marked symbols as the English."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from zoetrope.core.help_pages import help_text, take_formulas
from zoetrope.core.parameters import Choice
from zoetrope.core.reference import reference_html, reference_markdown
from zoetrope.core.registry import registry
from zoetrope.core.translation import LANGUAGES, catalogue

HELP = files("zoetrope.assets") / "help"
LABS = {lab.id: lab for lab in registry().values() if (HELP / f"{lab.id}.md").is_file()}
CODES = {code.split("_")[0]: code for code in LANGUAGES if code != "en"}
PAGES = [(lab, code) for lab in LABS for code in CODES]
MARKED = re.compile(r"(?<![*\w])\*{1,2}([^*$`\n][^*`]*?)\*{1,2}(?!\*)")  # *italic*, **bold**


def headings(text: str) -> list[int]:
    """Return the levels of the headings of a page."""
    return [len(marks) for marks in re.findall(r"^(#+) ", text, re.MULTILINE)]


@pytest.mark.parametrize(("lab", "code"), PAGES)
def test_a_page_has_the_headings_formulas_and_symbols_of_the_english_one(
    lab: str, code: str
) -> None:
    english = (HELP / f"{lab}.md").read_text(encoding="utf-8")
    other = (HELP / f"{lab}.{code}.md").read_text(encoding="utf-8")
    assert headings(other) == headings(english)
    marked, formulas = take_formulas(other, LABS[lab])
    _, expected = take_formulas(english, LABS[lab])
    assert sorted(f.latex for f in formulas) == sorted(f.latex for f in expected)
    assert {(f.latex, f.parameters) for f in formulas} == {
        (f.latex, f.parameters) for f in expected
    }
    assert re.search(r"[一-鿿]", marked)


@pytest.mark.parametrize(("lab", "code"), PAGES)
def test_a_page_names_controls_and_choices_as_the_interface_does(lab: str, code: str) -> None:
    english = (HELP / f"{lab}.md").read_text(encoding="utf-8")
    other = (HELP / f"{lab}.{code}.md").read_text(encoding="utf-8")
    declared = LABS[lab].parameters.declarations().values()
    names = {member.label for member in declared}
    names.update(*(member.options.values() for member in declared if isinstance(member, Choice)))
    marked = {re.sub(r"\s+", " ", found).rstrip(".") for found in MARKED.findall(english)} & names
    assert len(marked) >= 3
    spoken = catalogue(CODES[code])
    assert spoken is not None
    assert {name for name in marked if spoken.say(name) not in other} == set()


@pytest.mark.parametrize("code", CODES.values())
def test_the_tables_of_a_page_are_in_its_language(code: str) -> None:
    text = help_text(LABS["rope"], code)
    tables = text[text.rindex("\n## ") :]
    assert "## Parameters" not in tables
    assert re.search(r"\| 长度 \$L\$ \|", tables)


def test_the_reference_is_printed_in_chinese() -> None:
    labs = [LABS["rope"]]
    text = reference_markdown(labs, "zh_CN")
    assert not text.startswith("# Zoetrope 0.1.0: reference")
    page = reference_html(labs, "zh_CN")
    assert '<html lang="zh-CN">' in page
    anchors = re.findall(r'<li><a href="#([^"]+)">', page)
    assert anchors
    assert all(f'id="{anchor}"' in page for anchor in anchors)
