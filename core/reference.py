"""The printed reference: the help of all labs in one document, from the files that help shows."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Any

import zoetrope
from zoetrope.core.help_pages import help_text, preset_table, without_symbols
from zoetrope.core.lab import Lab
from zoetrope.core.markdown_html import anchor, to_html
from zoetrope.core.translation import Catalogue, catalogue

_STYLE = """
body { font: 11pt/1.45 Georgia, "DejaVu Serif", serif; max-width: 42em; margin: 2em auto;
       padding: 0 1.5em; color: #111; background: #fff; }
h1, h2, h3, h4 { font-family: "Helvetica Neue", "DejaVu Sans", sans-serif; line-height: 1.2; }
h1 { margin-top: 2.4em; } h2 { margin-top: 1.8em; }
table { border-collapse: collapse; width: 100%; font-size: 90%; margin: 0.8em 0; }
th, td { border: 1px solid #bbb; padding: 0.25em 0.5em; text-align: left; vertical-align: top; }
.formula { text-align: center; margin: 0.9em 0; overflow-x: auto; }
@page { size: A4; margin: 22mm 20mm; }
@media print {
  body { max-width: none; margin: 0; padding: 0; font-size: 10pt; }
  h1 { break-before: page; } h1, h2, h3, h4 { break-after: avoid; }
  h1.title { break-before: auto; } tr, .formula { break-inside: avoid; }
}
"""


def reference_markdown(labs: Iterable[Lab[Any]], language: str = "en") -> str:
    """Return the reference as one Markdown text with formulas between dollar signs."""
    spoken = catalogue(language)
    say = (spoken or Catalogue({})).say
    parts = [
        say("# Zoetrope {version}: reference", version=zoetrope.__version__),
        say(
            "A laboratory for the mathematics of machine learning. The same pages stand beside "
            "each lab in the program (F1)."
        ),
    ]
    for lab in labs:
        question = say(f"{lab.question[:1].upper()}{lab.question[1:]}")
        parts += [f"# {say(lab.title)}", f"*{question}*", _page(lab, language)]
        if lab.presets:
            parts.append(preset_table(lab.presets, spoken))
    return "\n\n".join(part.strip() for part in parts) + "\n"


def reference_html(labs: Iterable[Lab[Any]], language: str = "en") -> str:
    """Return the reference as one HTML page that can be printed, formulas as MathML."""
    labs = list(labs)
    title, rest = reference_markdown(labs, language).split("\n", 1)
    name = title.removeprefix("# ")
    say = (catalogue(language) or Catalogue({})).say
    titles = [say(lab.title) for lab in labs]
    contents = "\n".join(
        f'<li><a href="#{anchor(title)}">{html.escape(title)}</a></li>' for title in titles
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{language.replace("_", "-")}">\n'
        '<head>\n<meta charset="utf-8" />\n'
        f"<title>{html.escape(name)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<h1 class="title">{html.escape(name)}</h1>\n<ul>\n{contents}\n</ul>\n'
        f"{to_html(rest)}\n</body>\n</html>\n"
    )


def _page(lab: Lab[Any], language: str) -> str:
    """Return a lab's page without its own title, which may be worded otherwise than its tab's."""
    return re.sub(r"\A# .*\n", "", without_symbols(help_text(lab, language)))
