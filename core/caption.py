"""The caption of an exported figure: what each panel shows, and with which parameters."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zoetrope
from zoetrope.core.declarations import Choice, DataFile, Declaration, Number, Switch
from zoetrope.core.figure import panel_letters, reading_order
from zoetrope.core.lab import Frame, Lab
from zoetrope.core.latex_text import latex_text
from zoetrope.core.parameters import Parameters
from zoetrope.core.symbols import plain_symbol
from zoetrope.core.translated_frame import spoken_declaration
from zoetrope.core.translation import Catalogue

LONGEST_VALUE = 80  # characters of a text or a list of names
_MARKDOWN_SIGNS = re.compile(r"([\\`*_\[\]<>$|#])")


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption in parts: the lab's title, the panels' letters and sentences, and the parameters.

    A letter is "" where there is none.
    """

    title: str
    panels: tuple[tuple[str, str], ...]
    values: tuple[tuple[Declaration, Any], ...]
    catalogue: Catalogue | None = None  # of the language that it is in; None is English

    def spoken(self, catalogue: Catalogue) -> Caption:
        """Return the caption in the language of a catalogue."""
        return Caption(
            catalogue.say(self.title),
            tuple((letter, catalogue.say(words)) for letter, words in self.panels),
            tuple((spoken_declaration(declared, catalogue), v) for declared, v in self.values),
            catalogue,
        )

    def plain(self) -> str:
        """Return the caption as one line of plain text that every format can hold."""
        told = (f"({letter}) {words}" if letter else words for letter, words in self.panels)
        values = [self._said(value_in_words(*value)) for value in self.values]
        return self._joined(f"{self.title}{self._stop}", told, values)

    def markdown(self) -> str:
        """Return the caption as Markdown, symbols as mathematics between dollar signs."""
        return self._marked_up(_MARKDOWN)

    def latex(self) -> str:
        r"""Return the caption as LaTeX's \caption{...}, symbols as mathematics."""
        return rf"\caption{{{self._marked_up(_LATEX)}}}"

    def written(self, file_format: str) -> str:
        """Return the caption in one of `export_options.CAPTIONS`."""
        return {"txt": self.plain, "md": self.markdown, "tex": self.latex}[file_format]()

    def _marked_up(self, markup: _Markup) -> str:
        """Return the caption in a markup: title and letters bold, symbols as mathematics."""

        def in_words(declared: Declaration, value: Any) -> str:
            if not (isinstance(declared, Number) and declared.symbol):
                return markup.escaped(self._said(value_in_words(declared, value)))
            label = markup.escaped(_within_a_sentence(declared.label))
            return f"{label} {markup.equation(declared.symbol, _number(declared, value))}"

        told = (
            f"{markup.bold(f'({letter})')} {markup.escaped(words)}"
            if letter
            else markup.escaped(words)
            for letter, words in self.panels
        )
        values = [in_words(*pair) for pair in self.values]
        title = markup.bold(f"{markup.escaped(self.title)}{self._stop}")
        return self._joined(title, told, values, markup.escaped)

    def _said(self, text: str, /, **fields: Any) -> str:
        """Return a text in the language of the caption, with values in its {fields}."""
        return (self.catalogue or Catalogue({})).say(text, **fields)

    def _joined(
        self,
        title: str,
        panels: Iterable[str],
        values: Sequence[str],
        marked: Callable[[str], str] = str,
    ) -> str:
        """Join the parts; `marked` writes plain words in the markup of the others."""
        told = self._list(values, ", ")
        parameters = [self._said("Parameters: {values}.", values=told)] if values else []
        made_with = self._said("Made with Zoetrope {version}.", version=zoetrope.__version__)
        return paragraph([self._list((title, *panels, *parameters, marked(made_with)), " ")])

    @property
    def _stop(self) -> str:
        """What ends a title in the language of the caption."""
        return "." if self.catalogue is None else "。"

    def _list(self, texts: Iterable[str], between: str) -> str:
        """Join texts as the language of the caption does."""
        return (
            between.join(texts) if self.catalogue is None else self.catalogue.join(texts, between)
        )


def caption(
    lab: Lab[Any],
    parameters: Parameters,
    frame: Frame,
    *,
    panels: Sequence[str] | None = None,
    letters: bool = True,
) -> Caption:
    """Return the caption of a frame's figure.

    `panels` names those that are drawn, all by default. With `letters` several panels are named by
    the letters that they bear in print. The parameters are those that matter on the page that is
    shown, each with its symbol and unit, and the seeds of what was drawn at random.
    """
    drawn = [frame.figure.panel(name) for name in panels] if panels else frame.figure.panels
    named = panel_letters(drawn) if letters or any(panel.letter for panel in drawn) else {}
    told = [
        (named.get(panel.name, ""), _sentence(panel.title or panel.name.capitalize()))
        for panel in reading_order(drawn)
    ]
    told += [("", remark) for remark in (*frame.remarks, *lab.remarks(parameters))]
    values = _values(parameters, frame, {*lab.told_in_figure(parameters), *frame.varied})
    return Caption(lab.title, tuple(told), tuple(values))


def paragraph(sentences: Iterable[str]) -> str:
    """Return sentences as one line of text that every format can hold: no control characters."""
    joined = " ".join(sentences)
    return "".join(letter if letter.isprintable() else " " for letter in joined)


def _sentence(words: str) -> str:
    return words if words.endswith((".", "?", "!")) else f"{words}."


def _values(
    parameters: Parameters, frame: Frame, told: Collection[str]
) -> Iterator[tuple[Declaration, Any]]:
    """Yield each parameter worth a word on a page that is not `told` already, and its value.

    Those that have an effect are, of which the form shows some at once; of the others the seeds and
    those that were changed.
    """
    usual = type(parameters)()
    turner = parameters.page_name()
    page = getattr(parameters, turner) if turner else ""
    for name, declared in parameters.declarations().items():
        value = getattr(parameters, name)
        elsewhere = name == turner or (bool(declared.pages) and page not in declared.pages)
        seed = isinstance(declared, Number) and declared.seed
        aside = (declared.folded or declared.hidden) and value == getattr(usual, name)
        unsaid = name in told or name in frame.idle or value in (None, "", ())
        if unsaid or elsewhere or (aside and not seed):
            continue
        yield declared, value


def value_in_words(declared: Declaration, value: Any, *, brief: bool = False) -> str:
    """Return a parameter and its value, as "length L = 2.6 m"; `brief`, as "L = 2.6 m"."""
    label = _within_a_sentence(declared.label)
    if isinstance(declared, Number):
        symbol = plain_symbol(declared.symbol)
        named = symbol if brief and symbol else f"{label} {symbol}".rstrip()
        return f"{named} = {_number(declared, value)}"
    if isinstance(declared, Choice):
        return f"{label}: {declared.options[value]}"
    if isinstance(declared, Switch):
        return f"{label}: {'yes' if value else 'no'}"
    if isinstance(declared, DataFile):
        return f"{label}: {Path(value).name}"
    shown = declared.show(value)
    return f"{label}: {shown if len(shown) <= LONGEST_VALUE else shown[: LONGEST_VALUE - 1] + '…'}"


def _number(declared: Number, value: float) -> str:
    """Return a number with its unit, as it is printed."""
    return declared.show(value).replace(" °", "°").replace("-", "−")


def _latex_equation(symbol: str, words: str) -> str:
    """Return a formula that says a symbol's number, and the unit after it."""
    number, _, unit = words.partition(" ")
    degrees = r"^{\circ}" if number.endswith("°") else ""
    number = number.removesuffix("°").replace("−", "-").replace(",", "{,}")
    return f"${symbol} = {number}{degrees}$" + (rf"\,{latex_text(unit)}" if unit else "")


def _markdown_text(words: str) -> str:
    return _MARKDOWN_SIGNS.sub(r"\\\1", words)


@dataclass(frozen=True, slots=True)
class _Markup:
    """A way to mark words up: what writes plain words, bold ones, and a symbol's value."""

    escaped: Callable[[str], str]
    bold: Callable[[str], str]
    equation: Callable[[str, str], str]


_MARKDOWN = _Markup(
    _markdown_text,
    lambda marked: f"**{marked}**",
    lambda symbol, number: f"${symbol}$ = {_markdown_text(number)}",
)
_LATEX = _Markup(latex_text, lambda marked: rf"\textbf{{{marked}}}", _latex_equation)


def _within_a_sentence(label: str) -> str:
    """Return a label with its first letter small, unless it begins with a name or a symbol."""
    first = label.split(maxsplit=1)[0] if label else ""
    return label[:1].lower() + label[1:] if len(first) > 1 and first[1:].islower() else label
