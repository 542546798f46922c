"""The Markdown of the help pages as HTML with formulas as MathML, which browsers print as text.

Understood is what the pages use: headings, paragraphs, lists, tables, emphasis, code, formulas.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from zoetrope.core.help_pages import Formula, take_formulas

_HEADING = re.compile(r"(#{1,6}) +(.*)")
_ALONE = re.compile("\ue000(\\d+)\ue001")
_INLINE = (
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"\*\*(.+?)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"(?<![*\w])\*(?!\s)(.+?)(?<!\s)\*(?![*\w])"), r"<em>\1</em>"),
    (re.compile(r"\\([|$*`\\])"), r"\1"),
)


def to_html(text: str) -> str:
    """Return a Markdown text as HTML elements, one a line; titles have ids for links."""
    marked, formulas = take_formulas(text)
    body = "\n".join(_element(block) for block in _blocks(marked))
    return _ALONE.sub(lambda match: _math(formulas[int(match[1])]), body)


def anchor(title: str) -> str:
    """Return the id of a title."""
    return re.sub(r"\W+", "-", title.lower()).strip("-")


def _blocks(text: str) -> Iterator[list[str]]:
    """Yield the lines of each block: a heading is one, and empty lines part the others."""
    block: list[str] = []
    for line in [*text.splitlines(), ""]:
        heading = _HEADING.match(line)
        if block and (heading or not line.strip()):
            yield block
            block = []
        if heading:
            yield [line]
        elif line.strip():
            block.append(line)


def _element(block: list[str]) -> str:
    if heading := _HEADING.match(block[0]):
        level, title = len(heading[1]), heading[2]
        name = f' id="{anchor(title)}"' if level == 1 else ""
        return f"<h{level}{name}>{_inline(title)}</h{level}>"
    if block[0].startswith("|"):
        return _table(block)
    if block[0].startswith("- "):
        return _list(block)
    joined = " ".join(line.strip() for line in block)
    if _ALONE.fullmatch(joined):
        return f'<div class="formula">{joined}</div>'
    return f"<p>{_inline(joined)}</p>"


def _table(rows: list[str]) -> str:
    head, _, *body = (_cells(row) for row in rows)
    lines = ["<table>", _row(head, "th"), *(_row(cells, "td") for cells in body), "</table>"]
    return "\n".join(lines)


def _cells(row: str) -> list[str]:
    inside = row.strip().removeprefix("|").removesuffix("|")
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", inside)]


def _row(cells: list[str], kind: str) -> str:
    return "<tr>" + "".join(f"<{kind}>{_inline(cell)}</{kind}>" for cell in cells) + "</tr>"


def _list(lines: list[str]) -> str:
    entries: list[str] = []
    for line in lines:
        if line.startswith("- "):
            entries.append(line[2:].strip())
        else:
            entries[-1] += f" {line.strip()}"
    return "<ul>\n" + "\n".join(f"<li>{_inline(entry)}</li>" for entry in entries) + "\n</ul>"


def _inline(text: str) -> str:
    escaped = html.escape(text, quote=False)
    for pattern, replacement in _INLINE:
        escaped = pattern.sub(replacement, escaped)
    return escaped


def _math(formula: Formula) -> str:
    from latex2mathml.converter import convert  # only the reference needs it

    mathml: str = convert(formula.latex, display="block" if formula.display else "inline")
    return mathml
