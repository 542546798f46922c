"""The help page of a lab: its file in assets/help, and tables of its parameters and presets.

A page is Markdown with $formulas$. A comment says which symbols of the formulas that follow, up to
the next such comment, stand for parameters:

    <!-- symbols: length density air=\\rho_a -->

names parameters by the symbols they are declared with, or by another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from zoetrope.core.lab import Lab, Preset
from zoetrope.core.latex_symbols import mark_symbol
from zoetrope.core.parameters import Declaration, Number
from zoetrope.core.translated_frame import spoken_declaration
from zoetrope.core.translation import Catalogue, catalogue

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SYMBOLS = r"<!--\s*symbols:(?P<symbols>.*?)-->\n?"
_MARKED = re.compile(
    rf"{_SYMBOLS}"
    r"|\$\$(?P<display>.+?)\$\$"
    r"|(?<![\\$])\$(?P<inline>[^$\n]+)\$",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula of a page as LaTeX; `symbols` tells what parameters are called in this place."""

    latex: str
    display: bool = False
    symbols: Mapping[str, str] = field(default_factory=dict)

    def marked(self, name: str, colour: str) -> str | None:
        """Return the formula with a parameter's symbol in a colour; None if it has none there."""
        symbol = self.symbols.get(name)
        marked = mark_symbol(self.latex, symbol, colour) if symbol else self.latex
        return marked if marked != self.latex else None

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters whose symbols stand in it."""
        return tuple(name for name in self.symbols if self.marked(name, "#000000"))


def help_text(lab: Lab[Any], language: str = "en") -> str:
    """Return a lab's page, or its question where it has none, with tables of its parameters.

    In a language in which there is no page it is the English one; the tables are translated.
    """
    spoken = catalogue(language)
    declared = lab.parameters.declarations()
    text = f"# {lab.title}\n\n{lab.question}"
    folder = files("zoetrope.assets") / "help"
    named = [f"{lab.id}.{language.split('_')[0]}.md", f"{lab.id}.md"]
    place = next((folder / name for name in named if (folder / name).is_file()), None)
    if place is not None:
        text = place.read_text(encoding="utf-8")
    return f"{text.rstrip()}\n\n{parameter_tables(declared, spoken)}\n"


def without_symbols(text: str) -> str:
    """Return a page without the comments about symbols."""
    return re.sub(_SYMBOLS, "", text, flags=re.DOTALL)


def take_formulas(text: str, lab: Lab[Any] | None = None) -> tuple[str, list[Formula]]:
    """Replace the formulas of a page by marks, and leave out the comments about symbols.

    Mark number n is U+E000 n U+E001, which Markdown leaves alone.
    """
    declared = lab.parameters.declarations() if lab is not None else {}
    found: list[Formula] = []
    symbols: dict[str, str] = {}

    def mark(match: re.Match[str]) -> str:
        nonlocal symbols
        if match["symbols"] is not None:
            symbols = dict(_bound(word, declared) for word in match["symbols"].split())
            return ""
        display = match["display"] is not None
        found.append(Formula((match["display"] or match["inline"]).strip(), display, symbols))
        return f"\ue000{len(found) - 1}\ue001"

    return _MARKED.sub(mark, text), found


def _bound(word: str, declared: Mapping[str, Declaration]) -> tuple[str, str]:
    name, _, symbol = word.partition("=")
    return name, symbol or (declared[name].symbol if name in declared else "")


def parameter_groups(declarations: Mapping[str, Declaration]) -> dict[str, list[str]]:
    """Return the names of the parameters by their group, in the order of the tables."""
    groups: dict[str, list[str]] = {}
    for name, declaration in declarations.items():
        groups.setdefault(declaration.group, []).append(name)
    return groups


def parameter_tables(
    declarations: Mapping[str, Declaration], spoken: Catalogue | None = None
) -> str:
    """Return the parameters as Markdown tables, one for each group, from their declarations."""
    say = (spoken or Catalogue({})).say
    groups = parameter_groups(declarations)
    parts = [f"## {say('Parameters')}"]
    for group, names in groups.items():
        if group and len(groups) > 1:
            parts.append(f"### {_cell(say(group))}")
        rows = [f"| {say('Parameter')} | {say('Range')} | {say('Meaning')} |", "|---|---|---|"]
        for declared in (declarations[name] for name in names):
            member = declared if spoken is None else spoken_declaration(declared, spoken)
            symbol = f" ${member.symbol}$" if member.symbol else ""
            allowed = _cell(say(_range(member)))
            rows.append(f"| {_cell(member.label)}{symbol} | {allowed} | {_cell(member.help)} |")
        parts.append("\n".join(rows))
    return "\n\n".join(parts)


def preset_table(presets: tuple[Preset, ...], spoken: Catalogue | None = None) -> str:
    """Return the presets as a Markdown table."""
    say = (spoken or Catalogue({})).say
    rows = [
        f"## {say('Presets')}",
        "",
        f"| {say('Preset')} | {say('What it shows')} |",
        "|---|---|",
    ]
    rows += [f"| {_cell(say(p.label))} | {_cell(say(p.help))} |" for p in presets]
    return "\n".join(rows)


def _range(declaration: Declaration) -> str:
    if isinstance(declaration, Number):
        gap = "" if declaration.unit in ("", "°") else "\N{NO-BREAK SPACE}"
        unit = f"{gap}{declaration.unit}"
        return f"{written(declaration.low)} to {written(declaration.high)}{unit}"
    options = getattr(declaration, "options", None)
    if options is not None:
        return ", ".join(options.values()).lower()
    return declaration.describe()


def written(value: float) -> str:
    """Return a number as it is written by hand, such as 10⁻⁶."""
    mantissa, mark, exponent = f"{value:g}".partition("e")
    if not mark:
        return mantissa.replace("-", "−")
    power = f"10{str(int(exponent)).translate(RAISED)}"
    return power if mantissa == "1" else f"{mantissa.replace('-', '−')}·{power}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
