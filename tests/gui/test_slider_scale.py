"""How numbers lie along their sliders, and how the sliders show it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import pytest

from zoetrope.core.damped.lab import DampedParameters
from zoetrope.core.parameters import Number, Parameters, number, whole
from zoetrope.gui.inks import inks
from zoetrope.gui.number_row import NumberRow
from zoetrope.gui.slider_scale import Scale, stepped

# The offscreen platform says so of every window that is shown.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@dataclass(frozen=True)
class Bounded(Parameters):
    bound: float = number(0.97, "Bound", 0.05, 1.5, step=0.01, finest=(1.0, 0.02), warn_from=1.0)
    plain: float = number(0.97, "Plain", 0.05, 1.5)


def declared(name: str) -> Number:
    declaration = Bounded.declarations()[name]
    assert isinstance(declaration, Number)
    return declaration


def test_steps_have_a_sensible_default_and_stay_in_range():
    declared = DampedParameters.declarations()
    assert stepped(declared["frequency"], 1.0, 1) == 1.1
    assert stepped(declared["frequency"], 1.1, -1) == 1.0
    assert stepped(declared["frequency"], 49.0, 5) == 50.0
    assert stepped(declared["points"], 16, 1) == 18
    assert stepped(declared["seed"], 7, -8) == 0
    assert stepped(declared["start"], 0.1, 1) == 0.6


def test_a_slider_moves_in_decades_and_rounds_to_four_digits():
    scale = Scale(DampedParameters.declarations()["decay"])
    assert scale.value(0) == 1e-3
    assert scale.value(scale.ticks) == 100.0
    assert scale.value(600) == 1.0
    assert all(scale.position(scale.value(i)) == i for i in range(scale.ticks + 1))
    assert all(scale.value(i) == float(f"{scale.value(i):.4g}") for i in range(scale.ticks))


def test_a_whole_number_has_one_tick_for_each_value():
    @dataclass(frozen=True)
    class Few(Parameters):
        lobes: int = whole(1, "Lobes", 1, 6)

    assert Scale(Few.declarations()["lobes"]).ticks == 5


def test_a_slider_that_is_finest_about_a_value_gives_each_decade_of_the_distance_like_room():
    scale = Scale(declared("bound"))
    assert (scale.value(0), scale.value(scale.ticks)) == (0.05, 1.5)
    below = [scale.position(1 - distance) for distance in (0.8, 0.4, 0.2, 0.1)]
    halves = [right - left for left, right in pairwise(below)]
    even = math.log(2) / (math.asinh(0.95 / 0.02) + math.asinh(0.5 / 0.02)) * scale.ticks
    assert halves == pytest.approx([even] * 3, rel=0.03)
    usual = Scale(declared("plain"))
    assert scale.position(1.01) - scale.position(0.99) > 8 * (
        usual.position(1.01) - usual.position(0.99)
    )


def test_what_it_gives_is_short_and_lies_where_the_hand_is():
    scale = Scale(declared("bound"))
    values = [scale.value(i) for i in range(scale.ticks + 1)]
    assert values == sorted(values)
    assert {0.5, 0.9, 0.97, 0.99, 1.0, 1.01, 1.1} <= set(values)
    assert all(value == round(value, 3) for value in values)
    assert max(abs(scale.position(value) - i) for i, value in enumerate(values)) <= 5


def test_arrow_keys_step_evenly_where_a_slider_is_finest():
    assert stepped(declared("bound"), 0.97, 3) == 1.0
    assert stepped(declared("bound"), 1.0, 1) == 1.01


@pytest.fixture
def row_of(qtbot):
    """What shows a number of `Bounded` in a row of its own."""

    def made(name):
        row = NumberRow(name, declared(name), 0.97, None)
        qtbot.addWidget(row)
        row.resize(300, 60)
        row.show()
        return row

    return made


@pytest.mark.parametrize(("name", "barred"), [("bound", True), ("plain", False)])
def test_a_slider_shows_from_where_a_value_is_unwise(row_of, name, barred):
    row = row_of(name)
    row.show_value(0.05)
    picture, slider = row.slider.grab().toImage(), row.slider
    threshold = int(slider._x(Scale(declared(name)).position(1.0)))
    above = slider.height() // 2 - 3  # where bars reach and the groove does not
    drawn = [picture.pixelColor(x, above).name() for x in range(slider.width())]
    assert (inks().amber.name() in drawn[threshold - 1 :]) == barred
    assert inks().amber.name() not in drawn[20 : threshold - 1]


def test_the_knob_has_the_colour_of_a_warning_from_there_on(row_of):
    row = row_of("bound")
    for value, ink in ((0.97, inks().accent), (1.0, inks().amber), (1.2, inks().amber)):
        row.show_value(value)
        picture, x = row.slider.grab().toImage(), round(row.slider._x(row.slider.value()))
        assert picture.pixelColor(x, row.slider.height() // 2).name() == ink.name()
