"""Which preset parameters are said to be."""

from __future__ import annotations

from dataclasses import dataclass

from zoetrope.core.lab import Preset
from zoetrope.core.parameters import Parameters, number, playhead
from zoetrope.core.preset_match import PresetMatch


@dataclass(frozen=True, kw_only=True)
class Swing(Parameters):
    length: float = number(1.0, "Length", low=0.1, high=9.0)
    weight: float = number(1.0, "Weight", low=0.1, high=9.0)
    time: float = playhead(0.0, "Time", low=0.0, high=9.0)


LONG = Preset("long", "Long", "Five metres.", {"length": 5.0})
LATE = Preset("late", "Late", "Five metres, after a while.", {"length": 5.0, "time": 4.0})
MATCH = PresetMatch(Swing, (LONG, LATE))


def test_all_that_counts_must_be_as_the_preset_says() -> None:
    assert MATCH.parameters(LONG) == Swing(length=5.0)
    assert MATCH.key_of(Swing(length=5.0)) == "long"
    assert MATCH.key_of(Swing(length=5.0, weight=2.0)) == ""
    assert MATCH.key_of(Swing()) == ""


def test_what_passes_decides_only_where_a_preset_sets_it_and_the_last_of_several_is_named() -> None:
    assert MATCH.key_of(Swing(length=5.0, time=3.0)) == "long"
    assert MATCH.key_of(Swing(length=5.0, time=4.0)) == "late"
