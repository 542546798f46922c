"""Another language for the texts of the program: a gettext catalogue, and texts found in it.

`assets/languages/<code>.po` is the catalogue. English is the key. A text with values in it is a
template with named fields, "{count} rows": it is asked for with its values, or found again in a
text that is already formed ("12 rows").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

from zoetrope.core.templates import TemplateIndex, has_words, template

LANGUAGES = {"en": "English", "zh_CN": "中文"}  # each by its own name
_ENTRY = re.compile(r"((?:^#.*\n)*)^msgid ((?:\".*\"\n)+)^msgstr ((?:\".*\"(?:\n|\Z))+)", re.M)
_QUOTED = re.compile(r'^"(.*)"$', re.M)
_ESCAPED = re.compile(r"\\(.)")
_PARTS = re.compile(r"((?<=[.!?:;…])\s+|\n+|\s[·–]\s)")
_ENDS = re.compile(r"[.!?](\s+[A-Z0-9“(]|$)|\n")
_CITED = re.compile(r"“[^”A-Z]*”")
_TOKEN = re.compile(r"[^\sA-Z]*")
_TWO_STOPS = re.compile("[，。](?=[。；])")  # where a field ended in one
_STOPS = re.compile(r"(\s*)(.*?)([.,:;]*)", re.DOTALL)
_SIGNS = re.compile(r"([(“\s]*)(.*?)([).,:;!?”…\s]*)", re.DOTALL)
_GAP = re.compile("(?<=[。！？：；…]) ")  # their own width parts sentences in Chinese
_NARROW = re.compile("(?<=[一-鿿])([,:;]) ")  # a sign after Chinese is as wide
_BETWEEN = {", ": "，", ". ": "。"}
_WIDE = {":": "：", ";": "；", ",": "，"}
_MEET = re.compile("[一-鿿][0-9A-Za-z]|[0-9A-Za-z%][一-鿿]")  # what a space parts in Chinese
_DEEPEST = 3  # fields within fields
_TELLING = 8  # characters of a template that tell it though a field of it is not known
_MOST_KEPT = 8192  # formed texts whose translation is remembered


def read_catalogue(text: str) -> tuple[dict[str, str], list[str]]:
    """Return the translations of a PO file, and those texts that the comment "#. formed" marks.

    What is not translated, or marked as fuzzy, is left out.
    """
    found, formed = {}, []
    for notes, source, target in _ENTRY.findall(text):
        if "#, fuzzy" not in notes and (translated := _unquoted(target)):
            original = _unquoted(source)
            found[original] = translated
            if "#. formed" in notes:
                formed.append(original)
    found.pop("", None)  # the header
    return found, formed


def _widened(text: str) -> str:
    return _NARROW.sub(lambda sign: _WIDE[sign[1]], text)


def _filled(text: str, said: Mapping[str, str]) -> str:
    """Return a template with its values, and a space where Chinese and a number or a name meet."""
    form = template(text)
    filled = form.literals[0]
    for name, literal in zip(form.names, form.literals[1:], strict=True):
        for part in (said[name], literal):
            gap = " " if _MEET.fullmatch(filled[-1:] + part[:1]) else ""
            filled = f"{filled}{gap}{part}"
    return filled


def _unquoted(lines: str) -> str:
    joined = "".join(_QUOTED.findall(lines))
    if "\\" not in joined:
        return joined
    return _ESCAPED.sub(lambda escaped: {"n": "\n", "t": "\t"}.get(escaped[1], escaped[1]), joined)


class AsIs(str):
    """A field's value that is the same in any language: a key, a name in a person's data."""

    __slots__ = ()


class Catalogue:
    """The texts of one language; a text that is not in it stays English.

    Those of `formed` are templates that are found again in texts. `own` are words that stay as they
    are: names in a person's data.
    """

    def __init__(
        self,
        entries: Mapping[str, str],
        formed: Iterable[str] | TemplateIndex = (),
        own: frozenset[str] = frozenset(),
    ) -> None:
        self._entries = entries
        self._own = own
        self._index = formed if isinstance(formed, TemplateIndex) else TemplateIndex(formed)
        self._kept: dict[tuple[str, int], str] = {}

    def say(self, text: str, /, **fields: Any) -> str:
        """Return a text in this language: a template with its values, or a formed text."""
        if not fields:
            return self._formed(text, 0) or text
        shown = template(text).formatted(fields)
        said = {
            name: value if isinstance(fields[name], AsIs) else self._field(value, 1) or value
            for name, value in shown.items()
        }
        return _TWO_STOPS.sub("", _filled(self._entries.get(text, text), said))

    def join(self, said: Iterable[str], between: str) -> str:
        """Return texts of this language one after another, a comma between as wide as it has it."""
        joined = _widened(_BETWEEN.get(between, between).join(said))
        return _TWO_STOPS.sub("", _GAP.sub("", joined))

    def knows(self, text: str) -> bool:
        """Say whether a formed text has a translation, or needs none."""
        return self._stays(text) or self._formed(text, 0) is not None

    def sparing(self, own: frozenset[str]) -> Catalogue:
        """Return this catalogue with words that stay as they are."""
        return _sparing(self, own) if own else self

    def _formed(self, text: str, depth: int) -> str | None:
        if not self._entries or self._stays(text):  # in English nothing is looked for
            return None
        kept = self._kept.get((text, depth))
        if kept is None:
            kept = self._found(text, depth) or ""
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[text, depth] = kept
        return kept or None

    def _found(self, text: str, depth: int) -> str | None:
        exact = self._entries.get(text) or self._entries.get(text[:1].lower() + text[1:])
        if exact is not None or depth > _DEEPEST:
            return exact
        return (
            self._listed(text, depth)
            or self._matched(text, depth)
            or self._in_parts(text, depth)
            or self._pieced(text)
        )

    def _matched(self, text: str, depth: int) -> str | None:
        """Return a text said through the template that says most of it."""
        doubtful = None
        for form, values in self._index.matches(text):
            known = {
                name: self._quoted(value, depth)
                if name in form.quoted
                else self._field(value, depth + 1)
                for name, value in values.items()
            }
            said = {name: known[name] or value for name, value in values.items()}
            # A form without words of its own, "{label} ({unit})", says nothing unless a field does.
            if said == values and not any(map(has_words, form.literals)):
                continue
            if any(map(_ENDS.search, values.values())):
                continue  # a field that runs to the end of a sentence: two texts in a row
            if all(known[name] or self._stays(value) for name, value in values.items()):
                return _filled(self._entries[form.text], said)
            if doubtful is None and form.weight >= _TELLING:
                doubtful = _filled(self._entries[form.text], said)
        return doubtful

    def _listed(self, text: str, depth: int) -> str | None:
        """Return a list of texts that are all known, "Newton needs 4, Picard needs 31"."""
        items = text.split(", ")
        said = [self._formed(item, depth + 1) for item in items] if len(items) > 1 else []
        known = [item for item in said if item is not None]
        return "，".join(known) if known and len(known) == len(items) else None

    def _quoted(self, text: str, depth: int) -> str:
        """Return what is quoted: one word in small letters is a token of a text, and no label."""
        return text if _TOKEN.fullmatch(text) else self._field(text, depth + 1) or text

    def _stays(self, text: str) -> bool:
        """Whether a field's value is the same in any language."""
        return text in self._own or not has_words(_CITED.sub("", text))

    def _in_parts(self, text: str, depth: int) -> str | None:
        """Return several sentences said one by one; a title may have become one by a full stop."""
        parts = _PARTS.split(text)
        if len(parts) == 1 and text.endswith(".") and (title := self._formed(text[:-1], depth)):
            return f"{title}。"
        said = [self._part(part, depth + 1) for part in parts]
        return _GAP.sub("", "".join(said)) if said != parts else None

    def _part(self, text: str, depth: int) -> str:
        """Return one of several parts, which may end in a colon or the like."""
        known = self._formed(text, depth)
        if known is None and text.endswith(tuple(_WIDE)):
            known = self._formed(text[:-1], depth)
            return text if known is None else known + _WIDE[text[-1]]
        return known or text

    def _pieced(self, text: str) -> str | None:
        """Return a text that is put together from known ones and numbers, such as "Sag 1.2 m"."""
        tokens = text.split(" ")
        said: list[str] = []
        begin = 0
        while begin < len(tokens):
            for end in range(len(tokens), begin, -1):
                piece = self._piece(" ".join(tokens[begin:end]), alone=end == begin + 1)
                if piece is not None:
                    said.append(piece)
                    begin = end
                    break
            else:
                return None
        return _widened(" ".join(said))

    def _piece(self, text: str, *, alone: bool) -> str | None:
        """Return a known text between signs; one `alone` may also be the same in any language."""
        for around in (_STOPS, _SIGNS):
            found = around.fullmatch(text)
            assert found is not None  # it takes anything
            before, plain, after = found.groups()
            word = self._entries.get(plain) or self._lowered.get(plain.lower())
            if word or (alone and self._stays(plain)):
                return f"{before}{word or plain}{after}"
        return None

    def _field(self, text: str, depth: int) -> str | None:
        """Return a field's value said, where that is known.

        A label may have lost its capital within a sentence.
        """
        if self._stays(text):
            return None
        found = self._formed(text, depth)
        if found is None and text[:1].islower():
            found = self._formed(text[:1].upper() + text[1:], depth)
        return found or self._lowered.get(text)

    @cached_property
    def _lowered(self) -> dict[str, str]:
        """The texts with small letters throughout."""
        return {source.lower(): said for source, said in self._entries.items()}


@lru_cache(maxsize=8)
def _sparing(catalogue: Catalogue, own: frozenset[str]) -> Catalogue:
    return Catalogue(catalogue._entries, catalogue._index, own)


def language_code(name: str) -> str:
    """Return the code of a language by that or by its first part, "zh"; raises KeyError."""
    for code in LANGUAGES:
        if name in (code, code.split("_")[0]):
            return code
    raise KeyError(name)


@lru_cache
def catalogue(code: str) -> Catalogue | None:
    """Return the catalogue of a language; None for English. Raises KeyError for an unknown one."""
    if LANGUAGES[code] == "English":
        return None
    place = files("zoetrope.assets") / "languages" / f"{code}.po"
    return Catalogue(*read_catalogue(place.read_text(encoding="utf-8")))
