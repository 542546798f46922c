"""The printed reference holds every word of the help pages, and every formula as MathML."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from zoetrope.core.command_line import run
from zoetrope.core.help_pages import help_text, take_formulas
from zoetrope.core.lab import Lab
from zoetrope.core.markdown_html import to_html
from zoetrope.core.reference import reference_html, reference_markdown
from zoetrope.core.registry import registry

LABS = list(registry().values())
MATH = "{http://www.w3.org/1998/Math/MathML}math"


def parsed(page: str) -> ElementTree.Element:
    return ElementTree.fromstring(page.removeprefix("<!DOCTYPE html>"))


def without_formulas(element: ElementTree.Element) -> Iterator[str]:
    if element.tag != MATH:
        yield element.text or ""
        for child in element:
            yield from without_formulas(child)
            yield child.tail or ""
        yield " " if element.tag not in ("em", "strong", "code", "a") else ""


@pytest.fixture(scope="module")
def page() -> ElementTree.Element:
    return parsed(reference_html(LABS))


def test_every_formula_is_mathematics(page: ElementTree.Element) -> None:
    expected = sum(len(take_formulas(help_text(lab))[1]) for lab in LABS)
    found = [element for element in page.iter() if element.tag == MATH]
    assert len(found) == expected
    for element in found:
        words = "".join(element.itertext())
        assert words.strip()
        assert "\\" not in words  # a command that was not understood
    assert {element.get("display") for element in found} == {"inline", "block"}


def test_every_lab_is_in_it_with_its_parameters_and_presets(page: ElementTree.Element) -> None:
    titles = [element.text for element in page.iter("h1")]
    assert titles[1:] == [lab.title for lab in LABS]
    targets = {element.get("id") for element in page.iter("h1")}
    assert {link.get("href") for link in page.iter("a")} == {f"#{t}" for t in targets if t}
    words = "".join(without_formulas(page))
    for lab in LABS:
        for declaration in lab.parameters.declarations().values():
            assert declaration.label in words
            assert " ".join(declaration.help.split()) in words
        for preset in lab.presets:
            assert preset.label in words
            assert preset.help in words


def test_nothing_of_the_markdown_is_left(page: ElementTree.Element) -> None:
    words = "".join(without_formulas(page))
    for sign in ("**", "$$", "\ue000", "<!--", "symbols:", "|--", "# "):
        assert sign not in words, sign


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.id)
def test_its_words_are_those_that_qt_reads(qapp: Any, lab: Lab[Any]) -> None:
    from PyQt6.QtGui import QTextDocument

    text = help_text(lab)
    document = QTextDocument()
    marked, _ = take_formulas(text)
    document.setMarkdown(marked)
    there = " ".join(document.toPlainText().split())
    for number in range(marked.count("\ue000")):
        there = there.replace(f"\ue000{number}\ue001", "")
    body = parsed(f"<body>{to_html(text)}</body>")
    here = "".join(without_formulas(body))
    assert "".join(here.split()) == "".join(there.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# A *b*", '<h1 id="a-b">A <em>b</em></h1>'),
        ("a <b\nc & d", "<p>a &lt;b c &amp; d</p>"),
        (
            "- one\n  more\n- **two**",
            "<ul>\n<li>one more</li>\n<li><strong>two</strong></li>\n</ul>",
        ),
        ("a\n\nb `x * y`", "<p>a</p>\n<p>b <code>x * y</code></p>"),
        (
            "| a | b |\n|---|---|\n| c \\| d | |",
            "<table>\n<tr><th>a</th><th>b</th></tr>\n<tr><td>c | d</td><td></td></tr>\n</table>",
        ),
    ],
)
def test_markdown_becomes_html(text: str, expected: str) -> None:
    assert to_html(text) == expected


def test_the_command_prints_it_or_writes_it(tmp_path: Path, capsys: Any) -> None:
    assert run(["labs", "--reference"]) == 0
    printed = capsys.readouterr().out
    assert printed == reference_markdown(LABS)
    for name, expected in (("r.md", printed), ("r.html", reference_html(LABS))):
        assert run(["labs", "--reference", "--out", str(tmp_path / name)]) == 0
        assert (tmp_path / name).read_text(encoding="utf-8") == expected
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--out", "r.html"], "add --reference"),
        (["--reference", "--out", "r.pdf"], "ends in .html or .md, not in '.pdf'"),
        (["--reference", "--out", "/nowhere/at/all/r.md"], "cannot be written"),
    ],
)
def test_what_cannot_be_is_said(arguments: list[str], sentence: str, capsys: Any) -> None:
    assert run(["labs", *arguments]) != 0
    assert sentence in capsys.readouterr().err
