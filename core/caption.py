"""The caption of an exported figure: what each panel shows, and with which parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from zoetrope.core.declarations import Choice, DataFile, Declaration, Number, Switch
from zoetrope.core.figure import panel_letters, reading_order
from zoetrope.core.lab import Frame, Lab
from zoetrope.core.parameters import Parameters
from zoetrope.core.symbols import plain_symbol

LONGEST_VALUE = 80  # characters of a text or a list of names


def caption(
    lab: Lab[Any],
    parameters: Parameters,
    frame: Frame,
    *,
    panels: Sequence[str] | None = None,
    letters: bool = True,
) -> str:
    """Return the caption of a frame's figure, one paragraph of plain text.

    `panels` names those that are drawn, all by default. With `letters` several panels are named by
    the letters that they bear in print. The parameters are those that matter on the page that is
    shown, each with its symbol and unit.
    """
    drawn = [frame.figure.panel(name) for name in panels] if panels else frame.figure.panels
    named = panel_letters(drawn) if letters else {}
    told = []
    for panel in reading_order(drawn):
        title = panel.title or panel.name.capitalize()
        told.append(_sentence(f"({named[panel.name]}) {title}" if panel.name in named else title))
    page = parameters.page_name()
    values = ", ".join(_values(parameters, getattr(parameters, page) if page else ""))
    return paragraph([f"{lab.title}.", *told, *([f"Parameters: {values}."] if values else [])])


def paragraph(sentences: Iterable[str]) -> str:
    """Return sentences as one line of text that every format can hold: no control characters."""
    joined = " ".join(sentences)
    return "".join(letter if letter.isprintable() else " " for letter in joined)


def _sentence(words: str) -> str:
    return words if words.endswith((".", "?", "!")) else f"{words}."


def _values(parameters: Parameters, page: str) -> Iterator[str]:
    """Yield each parameter worth a word on a page, as "length L = 2.6 m".

    Those that the form shows at once are, and of the others those that were changed.
    """
    usual = type(parameters)()
    for name, declared in parameters.declarations().items():
        value = getattr(parameters, name)
        elsewhere = bool(declared.pages) and page not in declared.pages
        aside = (declared.folded or declared.hidden) and value == getattr(usual, name)
        if name == parameters.page_name() or elsewhere or aside or value in (None, "", ()):
            continue
        yield value_in_words(declared, value)


def value_in_words(declared: Declaration, value: Any, *, brief: bool = False) -> str:
    """Return a parameter and its value, as "length L = 2.6 m"; `brief`, as "L = 2.6 m"."""
    label = _within_a_sentence(declared.label)
    if isinstance(declared, Number):
        symbol = plain_symbol(declared.symbol)
        named = symbol if brief and symbol else f"{label} {symbol}".rstrip()
        return f"{named} = {declared.show(value).replace(' °', '°').replace('-', '−')}"
    if isinstance(declared, Choice):
        return f"{label}: {declared.options[value]}"
    if isinstance(declared, Switch):
        return f"{label}: {'yes' if value else 'no'}"
    if isinstance(declared, DataFile):
        return f"{label}: {Path(value).name}"
    shown = declared.show(value)
    return f"{label}: {shown if len(shown) <= LONGEST_VALUE else shown[: LONGEST_VALUE - 1] + '…'}"


def _within_a_sentence(label: str) -> str:
    """Return a label with its first letter small, unless it begins with a name or a symbol."""
    first = label.split(maxsplit=1)[0] if label else ""
    return label[:1].lower() + label[1:] if len(first) > 1 and first[1:].islower() else label
