"""Texts in another language: templates found again in what is formed, and catalogues as files."""

from __future__ import annotations

import pytest

from zoetrope.core.figure import Axis, Figure, Panel
from zoetrope.core.items import Curve, Label
from zoetrope.core.lab import Frame, Notice, Readout
from zoetrope.core.templates import Template, has_words
from zoetrope.core.translated_frame import translated
from zoetrope.core.translation import AsIs, Catalogue, catalogue, language_code, read_catalogue

ENTRIES = {
    "Sag": "下垂",
    "Rope length": "绳长",
    "Newton": "牛顿法",
    "lost": "丢失",
    "Nothing moves.": "没有东西在动。",
    "{n} rows of {what}": "{what}的 {n} 行",
    "{n} of {total}": "{total} 中的 {n}",
    "{solver} needs {n}": "{solver}需要 {n} 次",
    "{i}: “{word}”, {state}": "{i}：“{word}”，{state}",
    "{label} ({unit})": "{label}（{unit}）",
    "{count:,} cells": "{count} 格",
    "Pinned {what} by hand": "手动固定{what}",
}
SPOKEN = Catalogue(ENTRIES, [source for source in ENTRIES if "{" in source])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Sag", "下垂"),
        ("12 rows of Rope length", "绳长的 12 行"),
        ("12 rows of rope length", "绳长的 12 行"),  # within a sentence it has no capital
        ("Rope length (m)", "绳长（m）"),
        ("Sag 1.2 m", "下垂 1.2 m"),
        ("Sag, 4.6 %", "下垂，4.6 %"),
        ("Newton needs 4, Newton needs 31", "牛顿法需要 4 次，牛顿法需要 31 次"),
        ("Nothing moves. 3 rows of Sag", "没有东西在动。下垂的 3 行"),
        ("3 rows of Sag.", "下垂的 3 行。"),
        ("3: “to”, lost", "3：“to”，丢失"),
        ("Pinned foo by hand", "手动固定 foo"),
        ("3 of 4", "4 中的 3"),
        ("Way of life", "Way of life"),  # the words between say too little
        ("HSIC", "HSIC"),
        ("5 mm", "5 mm"),
        ("", ""),
        ("A text of which nothing is known.", "A text of which nothing is known."),
    ],
)
def test_a_text_is_found_however_it_was_formed(text: str, said: str) -> None:
    assert SPOKEN.say(text) == said


def test_values_are_formatted_as_the_english_text_says() -> None:
    assert SPOKEN.say("{count:,} cells", count=1234567) == "1,234,567 格"
    assert SPOKEN.say("{n} rows of {what}", n=2, what="Sag") == "下垂的 2 行"
    assert SPOKEN.say("{missing} here", missing="Sag") == "下垂 here"


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        SPOKEN.say("{n} rows of {what}", n=2)


def test_a_key_is_no_word_though_it_is_written_as_one() -> None:
    assert SPOKEN.say("{label} ({unit})", label="Sag", unit="Sag") == "下垂（下垂）"
    assert SPOKEN.say("{label} ({unit})", label="Sag", unit=AsIs("Sag")) == "下垂（Sag）"


def test_what_is_a_persons_own_stays() -> None:
    own = SPOKEN.sparing(frozenset({"Sag"}))
    assert own.say("Sag") == "Sag"
    assert own.say("3 rows of Sag") == "Sag 的 3 行"
    assert own.knows("Sag")
    assert SPOKEN.say("Sag") == "下垂"


def test_it_is_told_what_is_known() -> None:
    assert SPOKEN.knows("12 rows of Sag")
    assert SPOKEN.knows("3.5 kg")
    assert not SPOKEN.knows("12 lines of Sag")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("m²", False),
        ("kg·m/s", False),
        ("HSIC", False),
        ("of", True),
        ("绳长", True),
        ("½ρω²", False),
    ],
)
def test_words_are_told_from_signs(text: str, words: bool) -> None:
    assert has_words(text) is words


def test_a_field_that_stands_twice_has_one_value() -> None:
    twice = Template("{a} and {a}")
    assert twice.match("x and x") == {"a": "x"}
    assert twice.match("x and y") is None
    assert Template("{{a}} {b}").match("{a} 1") == {"b": "1"}


def test_a_catalogue_is_read_as_gettext_writes_it() -> None:
    text = (
        "# Glossary: sag 下垂\n"
        'msgid ""\nmsgstr ""\n"Language: zh_CN\\n"\n\n'
        "#. formed\n#: core/rope.py\n"
        'msgid "{n} rows"\nmsgstr "{n} 行"\n\n'
        'msgid ""\n"two \\"lines\\"\\n"\n"here"\nmsgstr "两行\\n\\\\"\n\n'
        'msgid "not yet"\nmsgstr ""\n\n'
        '#, fuzzy\nmsgid "doubtful"\nmsgstr "可疑"\n\n'
        '#~ msgid "gone"\n#~ msgstr "没了"\n'
    )
    entries, formed = read_catalogue(text)
    assert entries == {"{n} rows": "{n} 行", 'two "lines"\nhere': "两行\n\\"}
    assert formed == ["{n} rows"]


def test_the_catalogues_are_read_as_babel_reads_them() -> None:
    pofile = pytest.importorskip("babel.messages.pofile")
    from importlib.resources import files

    place = files("zoetrope.assets") / "languages" / "zh_CN.po"
    entries, formed = read_catalogue(place.read_text(encoding="utf-8"))
    with place.open("rb") as file:
        known = {m.id: m for m in pofile.read_po(file) if m.id and m.string and not m.fuzzy}
    assert entries == {text: message.string for text, message in known.items()}
    assert formed == [text for text, m in known.items() if "formed" in m.auto_comments]


def test_languages_are_named_by_code_or_its_beginning() -> None:
    assert language_code("zh") == language_code("zh_CN") == "zh_CN"
    assert language_code("en") == "en"
    with pytest.raises(KeyError):
        language_code("fr")
    assert catalogue("en") is None


def test_every_text_of_a_frame_is_translated_and_nothing_else_changes() -> None:
    curve = Curve(key="c", label="Sag", x=[0.0, 1.0], y=[0.0, 1.0])
    token = Label(key="t", label="Sag", x=0.0, y=0.0, own=True)
    panel = Panel(
        name="Sag", title="3 rows of Sag", items=(curve, token), x=Axis("Rope length", "m"),
        y=Axis(words=("Sag", "of"), own=True), summary="Nothing moves.",
    )  # fmt: skip
    frame = Frame(
        figure=Figure(panels=(panel,)),
        readouts=(Readout("sag", "Sag", 1.5, "m", help="Nothing moves."),),
        notices=(Notice("Nothing moves.", "warning", "sag"),),
        options={"columns": ("Newton",)},
        idle={"sag": "Nothing moves."},
        tables={"Sag": [1.0]},
    )
    spoken = translated(frame, SPOKEN)
    drawn = spoken.figure.panels[0]
    assert (drawn.name, drawn.title) == ("Sag", "下垂的 3 行")
    assert (drawn.x.title, drawn.y.words) == ("绳长 (m)", ("Sag", "of"))
    assert [item.label for item in drawn.items] == ["下垂", "Sag"]
    assert drawn.items[0].x is curve.x  # no array is copied
    assert drawn.items[1] is token
    assert drawn.summary == spoken.notices[0].text == spoken.idle["sag"] == "没有东西在动。"
    assert (spoken.readouts[0].label, spoken.readouts[0].value) == ("下垂", 1.5)
    assert spoken.options == frame.options
    assert spoken.tables == frame.tables
