"""No text that the window or a figure can show lacks its translation."""

from __future__ import annotations

import re
import time
from importlib.resources import files
from string import Formatter
from typing import Any

import pytest

from zoetrope.assets.languages.source_texts import FORMATTED, all_texts
from zoetrope.core.device import Context
from zoetrope.core.lab import Frame, Lab
from zoetrope.core.parameters import Choice
from zoetrope.core.print_styles import STYLES
from zoetrope.core.registry import registry
from zoetrope.core.translated_frame import translated
from zoetrope.core.translation import LANGUAGES, Catalogue, read_catalogue

CODES = [code for code in LANGUAGES if code != "en"]
LABS = list(registry().values())
OF_THE_TESTS = {"damped"}  # labs that only tests have
# Rules and references are the same in any language.
CODE = re.compile(r"[<>=]=| % | < |\n|arXiv|heads batch$")
LONGEST = 0.6  # seconds of CPU for a page beyond its first frame


def read(code: str) -> tuple[dict[str, str], list[str]]:
    """Return a language's catalogue."""
    place = files("zoetrope.assets") / "languages" / f"{code}.po"
    return read_catalogue(place.read_text(encoding="utf-8"))


def fields(text: str) -> set[str]:
    """Return the names of a text's fields."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("code", CODES)
def test_every_text_of_the_sources_has_a_translation(code: str) -> None:
    entries, _ = read(code)
    missing = [text for text in all_texts() if text not in entries]
    assert not missing, f"{len(missing)} texts, such as {missing[:5]}: run extract.py --missing"


@pytest.mark.parametrize("code", CODES)
def test_a_translation_has_no_field_that_the_text_has_not(code: str) -> None:
    entries, _ = read(code)
    templates = [text for text in entries if FORMATTED.search(text)]
    wrong = {text: entries[text] for text in templates if fields(entries[text]) - fields(text)}
    assert not wrong


@pytest.mark.parametrize("code", CODES)
def test_every_size_of_an_export_is_said(code: str) -> None:
    catalogue = Catalogue(*read(code))
    said = [catalogue.say(style.name) for style in STYLES.values()]
    assert [name for name in said if re.search(r"\b[a-z]{3,}", name)] == []
    assert not set(said) & {style.name for style in STYLES.values()}


@pytest.mark.parametrize("code", CODES)
def test_a_translation_is_not_the_english_text(code: str) -> None:
    """A word or two may be names; a sentence never is."""
    entries, _ = read(code)
    same = [text for text, said in entries.items() if said == text and not CODE.search(text)]
    wordy = [t for t in same if len(re.findall(r"\b[a-z]{3,}\b", re.sub(r"\{.*?\}", "", t))) > 2]
    assert not wordy


class Recorder(Catalogue):
    """Notes each text that it is asked for and does not know."""

    def __init__(self, *arguments: Any, unknown: set[str] | None = None) -> None:
        super().__init__(*arguments)
        self.unknown: set[str] = set() if unknown is None else unknown

    def say(self, text: str, /, **fields: Any) -> str:
        if text and not self.knows(text):
            self.unknown.add(text)
        return super().say(text, **fields)

    def sparing(self, own: frozenset[str]) -> Catalogue:
        return Recorder(self._entries, self._index, own, unknown=self.unknown)


def frames_of(lab: Lab[Any]) -> list[Frame]:
    """Return the first frame of each page, and how far it comes in a short time."""
    turner = lab.parameters.page_name()
    pages: list[str] = [""]
    if turner is not None:
        declared = lab.parameters.declarations()[turner]
        assert isinstance(declared, Choice)
        pages = list(declared.options)
    found = []
    for page in pages:
        parameters = lab.parameters()
        parameters = parameters.change(**{turner: page}) if turner else parameters
        job = lab.run(parameters, Context("cpu"))
        frame = next(job)
        found.append(frame)
        end = time.process_time() + LONGEST
        while not frame.final and time.process_time() < end:
            frame = job.send(parameters)
        job.close()
        found.append(frame)
    return found


@pytest.mark.parametrize(
    "lab", [lab for lab in LABS if lab.id not in OF_THE_TESTS], ids=lambda lab: lab.id
)
@pytest.mark.parametrize("code", CODES)
def test_every_text_that_a_lab_shows_is_known(lab: Lab[Any], code: str) -> None:
    recorder = Recorder(*read(code))
    for frame in frames_of(lab):
        translated(frame, recorder)
    unknown = {text for text in recorder.unknown if not re.fullmatch(r"[0-9a-f]{12}", text)}
    assert not unknown
