"""The language of the interface: every text that people see goes through `say`.

The mathematics speaks English; texts are translated where they are shown. What was said is
remembered, so that all that stands on the screen can be said again in another language.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

from PyQt6.QtCore import QLocale

from zoetrope.core.caption import Caption
from zoetrope.core.figure import Figure
from zoetrope.core.lab import Frame
from zoetrope.core.templates import template
from zoetrope.core.translated_frame import translated, translated_figure
from zoetrope.core.translation import LANGUAGES, AsIs, Catalogue, catalogue

_MOST_REMEMBERED = 20_000

_code = "en"
_catalogue: Catalogue | None = None
_said: OrderedDict[str, Callable[[], str]] = OrderedDict()  # what was said, and how to do it again


def say(text: str, /, **fields: Any) -> str:
    """Return a text in the language of the interface, with values in its {fields}.

    `text` is English: words as they stand in the program, or a text that the mathematics formed.
    Values that are texts are said too.
    """
    said = worded(text, **fields)
    # A text that was said already stays what it was said from.
    if said not in fields.values() and (said != text or said not in _said):
        again = {name: _again(value) for name, value in fields.items()}
        _remember(said, lambda: say(text, **{name: value() for name, value in again.items()}))
    return said


def worded(text: str, /, **fields: Any) -> str:
    """Return what `say` returns, without remembering it: for what changes with every picture."""
    if _catalogue is not None:
        return _catalogue.say(text, **fields)
    return later(text, **fields)


def say_all(texts: Iterable[str], between: str) -> str:
    """Return texts said one after another, without those that are empty."""
    parts = [text for text in texts if text]
    said = _joined(map(say, parts), between)
    if len(parts) > 1 and said not in parts:
        again = [_again(part) for part in parts]
        _remember(said, lambda: say_all([part() for part in again], between))
    return said


def _joined(said: Iterable[str], between: str) -> str:
    return between.join(said) if _catalogue is None else _catalogue.join(said, between)


def _remember(said: str, again: Callable[[], str]) -> None:
    _said[said] = again
    _said.move_to_end(said)
    if len(_said) > _MOST_REMEMBERED:
        _said.popitem(last=False)


def _again(value: Any) -> Callable[[], Any]:
    """Return what gives a part of a text in the language then in force."""
    spoken = isinstance(value, str) and not isinstance(value, AsIs)
    again = origin(value) if spoken else None
    return again or (lambda: value)


def later(text: str, /, **fields: Any) -> str:
    """Return an English text that is said when it is shown: a step of undo, a log line."""
    if not fields:
        return text
    form = template(text)
    return form.fill(form.formatted(fields))


def say_again(said: str) -> str:
    """Return a text that was said, in the language that is in force now; any other as it is."""
    again = origin(said)
    return said if again is None else again()


def origin(said: str) -> Callable[[], str] | None:
    """Return what says a text again in the language then in force; None for what was not said."""
    return _said.get(said)


def said_frame(frame: Frame) -> Frame:
    """Return a frame whose texts are in the language of the interface."""
    return frame if _catalogue is None else translated(frame, _catalogue)


def said_figure(figure: Figure) -> Figure:
    """Return a figure whose texts are in the language of the interface."""
    return figure if _catalogue is None else translated_figure(figure, _catalogue)


def spoken_caption(caption: Caption) -> Caption:
    """Return a caption in the language of the interface."""
    return caption if _catalogue is None else caption.spoken(_catalogue)


def language() -> str:
    """Return the code of the language in force, one of `LANGUAGES`."""
    return _code


def set_language(choice: str) -> bool:
    """Put a language in force, one of `LANGUAGES` or "system".

    Returns whether it is another than before. What stands on the screen stays: see `retranslate`.
    """
    global _code, _catalogue
    code = system_language() if choice == "system" else choice
    changed = code != _code
    _code, _catalogue = code, catalogue(code)
    return changed


def system_language() -> str:
    """Return the language that the desktop asks for, or English where we do not speak it."""
    for name in QLocale.system().uiLanguages():
        spoken = name.split("-")[0].lower()
        for code in LANGUAGES:
            if code.split("_")[0] == spoken:
                return code
    return "en"
