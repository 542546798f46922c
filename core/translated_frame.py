"""A frame in another language: the same picture, every text that people read translated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from zoetrope.core.declarations import Choice, Declaration, Number
from zoetrope.core.figure import Axis, Figure, Panel
from zoetrope.core.items import Item, Scatter
from zoetrope.core.lab import Action, Frame, Notice, OwnFile, Readout
from zoetrope.core.translation import Catalogue


def translated(frame: Frame, catalogue: Catalogue) -> Frame:
    """Return a frame in the language of a catalogue.

    What can be chosen in it (the columns of a person's file) are that person's own words, and stay.
    Columns of tables, files and texts for the clipboard stay English too.
    """
    spoken = catalogue.sparing(own_words(frame))
    return replace(
        frame,
        figure=translated_figure(frame.figure, spoken),
        readouts=tuple(_readout(readout, spoken) for readout in frame.readouts),
        notices=tuple(_notice(notice, spoken) for notice in frame.notices),
        actions=tuple(_action(action, spoken) for action in frame.actions),
        marks={
            name: tuple(replace(mark, label=spoken.say(mark.label)) for mark in marks)
            for name, marks in frame.marks.items()
        },
        idle={name: spoken.say(why) for name, why in frame.idle.items()},
        files={ending: _file(file, spoken) for ending, file in frame.files.items()},
    )


def own_words(frame: Frame) -> frozenset[str]:
    """Return a person's own words in a frame: the columns of a file, which are not translated."""
    return frozenset(word for words in frame.options.values() for word in words)


def translated_figure(figure: Figure, catalogue: Catalogue) -> Figure:
    """Return a figure in the language of a catalogue."""
    panels = tuple(_panel(panel, catalogue) for panel in figure.panels)
    spoken: Figure = _changed(figure, {"panels": panels})
    return spoken


def spoken_declaration(declared: Declaration, catalogue: Catalogue) -> Declaration:
    """Return a declaration with its label, its help, its unit and the words of its options said."""
    texts: dict[str, Any] = {"label": catalogue.say(declared.label)}
    texts["help"] = catalogue.say(declared.help)
    if isinstance(declared, Number):
        texts["unit"] = catalogue.say(declared.unit)
    if isinstance(declared, Choice):
        texts["options"] = {n: catalogue.say(words) for n, words in declared.options.items()}
    spoken: Declaration = _changed(declared, texts)
    return spoken


def _changed(thing: Any, texts: Mapping[str, Any]) -> Any:
    """Return a description with other texts; itself where they are the same, for it is known."""
    others = {n: text for n, text in texts.items() if text is not getattr(thing, n)}
    return replace(thing, **others) if others else thing


def _words(words: tuple[str, ...], catalogue: Catalogue) -> tuple[str, ...]:
    said = tuple(catalogue.say(word) for word in words)
    return said if said != words else words


def _panel(panel: Panel, catalogue: Catalogue) -> Panel:
    texts = {
        "title": catalogue.say(panel.title),
        "summary": catalogue.say(panel.summary),
        "items": tuple(_item(item, catalogue) for item in panel.items),
        "x": _axis(panel.x, catalogue),
        "y": _axis(panel.y, catalogue),
    }
    spoken: Panel = _changed(panel, texts)
    return spoken


def _item(item: Item, catalogue: Catalogue) -> Item:
    texts: dict[str, Any] = {} if item.own else {"label": catalogue.say(item.label)}
    if isinstance(item, Scatter) and item.words:
        texts["words"] = _words(item.words, catalogue)
    spoken: Item = _changed(item, texts)
    return spoken


def _axis(axis: Axis, catalogue: Catalogue) -> Axis:
    texts = {
        "label": catalogue.say(axis.label),
        "unit": catalogue.say(axis.unit),
        "words": axis.words if axis.own else _words(axis.words, catalogue),
    }
    spoken: Axis = _changed(axis, texts)
    return spoken


def _readout(readout: Readout, catalogue: Catalogue) -> Readout:
    texts = {"label": catalogue.say(readout.label), "help": catalogue.say(readout.help)}
    texts["unit"] = catalogue.say(readout.unit)
    if isinstance(readout.value, str):
        texts["value"] = catalogue.say(readout.value)
    spoken: Readout = _changed(readout, texts)
    return spoken


def _notice(notice: Notice, catalogue: Catalogue) -> Notice:
    return replace(notice, text=catalogue.say(notice.text))


def _action(action: Action, catalogue: Catalogue) -> Action:
    return replace(action, label=catalogue.say(action.label), help=catalogue.say(action.help))


def _file(file: OwnFile, catalogue: Catalogue) -> OwnFile:
    return replace(file, name=catalogue.say(file.name))
