"""What parameter sets of one lab differ in, in words short enough to stand in a figure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from zoetrope.core.caption import value_in_words
from zoetrope.core.declarations import Declaration, is_passing
from zoetrope.core.lab import Lab
from zoetrope.core.parameters import Parameters, Playhead, ViewEnd

MOST_TOLD = 3  # values in one heading
SAME = "the same values"


def differing_names(sets: Sequence[Parameters]) -> list[str]:
    """Return the parameters in which sets differ on the page of the first, in their order.

    The camera and what part is seen are none; the playhead is one where nothing else differs.
    """
    first = sets[0]
    page_name = first.page_name()
    page = getattr(first, page_name) if page_name else ""
    names, moments = [], []
    for name, declared in first.declarations().items():
        values = [getattr(each, name) for each in sets]
        if all(value == values[0] for value in values) or (
            declared.pages and page not in declared.pages
        ):
            continue
        if isinstance(declared, Playhead):
            moments.append(name)
        elif not (is_passing(declared) or isinstance(declared, ViewEnd)):
            names.append(name)
    return names or moments


def told_apart(lab: Lab[Any], sets: Sequence[Parameters]) -> list[str]:
    """Return for each set what makes it differ from the others: "d = 2 m, n = 3".

    A preset that differs in more than `MOST_TOLD` values is named instead.
    """
    names = differing_names(sets)
    return [_told(lab, each, names) for each in sets]


def pinned_words(lab: Lab[Any], pinned: Parameters, live: Parameters) -> str:
    """Return what stands at a pinned picture: "pinned: d = 2 m"."""
    return f"pinned: {_told(lab, pinned, differing_names((pinned, live)))}"


def _told(lab: Lab[Any], parameters: Parameters, names: Sequence[str]) -> str:
    declared = parameters.declarations()
    # Of values that follow from one another only the one that is given has a value.
    given = [name for name in names if getattr(parameters, name) is not None]
    if len(given) > MOST_TOLD and (label := _preset_label(lab, parameters)):
        return label
    told = [_value(declared[name], getattr(parameters, name)) for name in given[:MOST_TOLD]]
    more = len(given) - len(told)
    return ", ".join(told) + (f" and {more} more" if more else "") if told else SAME


def _value(declared: Declaration, value: Any) -> str:
    if value in ("", ()):
        return f"{declared.label}: none"
    return value_in_words(declared, value, brief=True)


def _preset_label(lab: Lab[Any], parameters: Parameters) -> str:
    """Return the name of the preset that parameters are, but for what only passes."""
    decisive = [
        name
        for name, declared in parameters.declarations().items()
        if not (is_passing(declared) or isinstance(declared, ViewEnd))
    ]
    for label, wanted in _presets(lab):
        if all(getattr(wanted, name) == getattr(parameters, name) for name in decisive):
            return label
    return ""


@cache
def _presets(lab: Lab[Any]) -> tuple[tuple[str, Parameters], ...]:
    """Return the presets by their names: words are needed for every picture of a drag."""
    return tuple((preset.label, lab.parameters.make(preset.values)) for preset in lab.presets)
