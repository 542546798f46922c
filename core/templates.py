"""Texts with named fields, "{count} rows", found again in texts that are already formed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from string import Formatter
from typing import Any

_WORD = re.compile(r"[^\W\d_²³⁰-₟Α-ω]{2,}")  # of letters, but none of formulas
# Words that are the same in any language: signs of units, and names in capitals, HSIC or CPU.
_SAME = re.compile(
    r"sin|cos|tanh|exp|kg|mm|cm|Hz|ms|ns|px|pt|dB|rad|rpm|[kMGT]i?B|[kM]N|[A-Z]{2,}s?"
)
_END = 3  # characters of a template's beginning or end by which it is looked up


def has_words(text: str) -> bool:
    """Say whether a text holds words that another language may have others for."""
    return any(_SAME.fullmatch(word) is None for word in _WORD.findall(text))


class Template:
    """A text with fields. `literals` are what stands between and around them, one more of them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.literals = [""]
        self.names: list[str] = []
        self._formats: dict[str, tuple[str, str]] = {}
        for literal, name, spec, conversion in Formatter().parse(text):
            self.literals[-1] += literal
            if name is not None:
                self.names.append(name)
                self._formats[name] = (conversion or "", spec or "")
                self.literals.append("")

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        escaped = [re.escape(literal) for literal in self.literals]
        return re.compile("(.*?)".join(escaped), re.DOTALL)

    @cached_property
    def quoted(self) -> frozenset[str]:
        """The fields that stand between quotation marks."""
        around = zip(self.names, self.literals[:-1], self.literals[1:], strict=True)
        return frozenset(n for n, a, b in around if a.endswith("“") and b.startswith("”"))

    @cached_property
    def weight(self) -> int:
        """How many characters are not fields: what is longer says more."""
        return sum(map(len, self.literals))

    @cached_property
    def longest(self) -> str:
        """The longest stretch between two fields."""
        return max(self.literals, key=len)

    def match(self, text: str) -> dict[str, str] | None:
        """Return the values of the fields in a formed text; None where it is not of this form."""
        found = self._pattern.fullmatch(text)
        if found is None:
            return None
        values: dict[str, str] = {}
        for name, value in zip(self.names, found.groups(), strict=True):
            if values.setdefault(name, value) != value:
                return None
        return values

    def formatted(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Return the values as this text formats them. Raises KeyError for one that is missing."""
        shown = {}
        for name, (conversion, spec) in self._formats.items():
            value = values[name]
            shown[name] = format(repr(value) if conversion == "r" else value, spec)
        return shown

    def fill(self, shown: Mapping[str, str]) -> str:
        """Return the text with formatted values in its fields."""
        parts = [self.literals[0]]
        for name, literal in zip(self.names, self.literals[1:], strict=True):
            parts += (shown[name], literal)
        return "".join(parts)


@lru_cache(maxsize=8192)
def template(text: str) -> Template:
    """Return a text as a template."""
    return Template(text)


class TemplateIndex:
    """Many templates, among which those that a text may be of are found fast."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._begun: dict[str, list[Template]] = {}
        self._ended: dict[str, list[Template]] = {}
        self._loose: list[Template] = []
        for form in map(template, texts):
            first, last = form.literals[0], form.literals[-1]
            if len(first) >= _END:
                self._begun.setdefault(first[:_END], []).append(form)
            elif len(last) >= _END:
                self._ended.setdefault(last[-_END:], []).append(form)
            else:
                self._loose.append(form)

    def matches(self, text: str) -> Iterator[tuple[Template, dict[str, str]]]:
        """Yield the templates that a text is of, those that say most first, with its values."""
        likely = [
            *self._begun.get(text[:_END], ()),
            *self._ended.get(text[-_END:], ()),
            *self._loose,
        ]
        likely = [form for form in likely if form.longest in text]
        for form in sorted(likely, key=lambda form: -form.weight):
            values = form.match(text)
            if values is not None:
                yield form, values
