"""What a sweep is: values as people write them, cells and their keys, and what is refused."""

import hashlib
import json
from typing import Any

import numpy as np
import pytest

from tests.core.sweep.poison_lab import LAB, PoisonParameters
from zoetrope.core.recipe import Recipe, restore
from zoetrope.core.registry import registry
from zoetrope.core.sweep.definition import Definition
from zoetrope.core.sweep.errors import SweepError
from zoetrope.core.sweep.varied import Varied, parse_varied
from zoetrope.core.sweep.worked import definition_of, shown_of


def varied(text: str) -> Varied:
    return parse_varied(text, PoisonParameters)


def definition(*texts: str, **more: Any) -> Definition:
    base = PoisonParameters().change(**more.pop("base", {}))
    return Definition.of(LAB, base, [varied(text) for text in texts], **more)


@pytest.mark.parametrize(
    ("text", "values", "log"),
    [
        ("width=0..2:9", np.linspace(0, 2, 9), False),
        ("width=0.02..20:15:log", np.geomspace(0.02, 20, 15), True),
        ("width=3..1:3:even", [3, 2, 1], False),
        ("width=1,2.5, 7", [1, 2.5, 7], False),
        ("width=0..1 m:11", np.round(np.linspace(0, 1, 11), 12), False),
        ("count=1..1000:4:log", [1, 10, 100, 1000], True),
        ("count=1..4:9", [1, 2, 3, 4], False),  # none twice
    ],
)
def test_numbers_are_spaced_as_they_are_asked_for(text: str, values: Any, log: bool) -> None:
    found = varied(text)
    np.testing.assert_allclose(found.values, values, rtol=1e-11)
    assert (found.log, found.numeric) == (log, True)
    assert {type(value) for value in found.values} == {int if "count" in text else float}


def test_decimals_are_what_a_person_would_write() -> None:
    assert varied("width=0..1:11").values[3] == 0.3


def test_words_and_switches_are_listed() -> None:
    assert varied("shape=round,flat").values == ("round", "flat")
    assert varied("dark=no,yes").values == (False, True)
    assert not varied("dark=no,yes").numeric


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("width", "does not say what to vary"),
        ("breadth=1,2", "There is no parameter 'breadth'"),
        ("width=1..2", "Say how many values width takes"),
        ("width=1..2:1", "2 or more"),
        ("width=1..2:log", "not 'log'"),
        ("width=1..2:5:cubic", "not 'cubic'"),
        ("width=0..2:5:log", "equal factors through 0"),
        ("width=1..200:5", "above the largest allowed, 100 m"),
        ("width=2..2:5", "begins and ends at 2 m"),
        ("width=1,2,1", "a value twice"),
        ("width=1,two", "must be a number"),
        ("shape=round,oval", "must be one of round, square, flat"),
        ("width=1..2:1000000", "too many"),
    ],
)
def test_what_cannot_be_varied_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(SweepError, match=sentence) as raised:
        varied(text)
    assert str(raised.value).endswith(".")


def test_cells_are_all_combinations_with_all_seeds_and_each_has_its_key() -> None:
    sweep = definition("width=1,2,3", "shape=round,flat", seeds=2, keep=["total"])
    cells = [sweep.cell(place) for place in range(sweep.size)]
    assert sweep.shape == (3, 2, 2)
    found = [(*cell.values, cell.seed) for cell in cells]
    assert found == [
        (w, s, 5 + r) for w in (1.0, 2.0, 3.0) for s in ("round", "flat") for r in (0, 1)
    ]
    assert len({cell.key for cell in cells}) == 12
    for cell in cells:
        assert cell.key == hashlib.sha256(cell.recipe.encode()).hexdigest()
        _, parameters, notices = restore(Recipe.from_json(cell.recipe), {"poison": LAB})
        assert parameters == sweep.base.change(**cell.changes)
        assert not notices


def test_the_key_of_a_cell_says_what_it_is_and_not_which_sweep_it_is_of() -> None:
    one = definition("width=1,2,3", keep=["total"])
    other = definition("width=3,9", "height=1,2", keep=["area"])
    assert one.cell(2).key == other.cell(0).key  # width 3, height 1
    assert one.cell(0).key != one.cell(1).key


def test_the_order_is_every_cell_once_seed_by_seed() -> None:
    sweep = definition("width=0..1:7", "height=0..1:5", seeds=3, keep=["total"])
    order = list(sweep.order())
    assert sorted(order) == list(range(sweep.size))
    assert [sweep.cell(place).seed for place in order] == [5] * 35 + [6] * 35 + [7] * 35
    assert order == list(sweep.order())


def test_a_cell_that_is_not_legal_has_a_key_all_the_same() -> None:
    sweep = definition("width=1,99", "height=1,99", keep=["total"])
    assert len({sweep.cell(place).key for place in range(4)}) == 4


@pytest.mark.parametrize(
    ("texts", "more", "sentence"),
    [
        ((), {}, "one or two parameters"),
        (("width=1,2", "height=1,2", "count=1,2"), {}, "one or two parameters"),
        (("width=1,2", "width=3,4"), {}, "Width is varied twice"),
        (("width=1,2",), {"seeds": 0}, "1 to"),
        (("seed=1,2",), {"seeds": 3}, "varied already"),
        (("width=1,2",), {"keep": ["total", "total"]}, "kept twice"),
        (("width=1,2",), {"keep": ["width"]}, "column that is taken"),
        (("width=1,2",), {"keep": ["device"]}, "column that is taken"),
        (("width=0..1:5000", "height=0..1:5000"), {}, "cells are too many"),
    ],
)
def test_a_sweep_that_makes_no_sense_is_refused(
    texts: tuple[str, ...], more: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(SweepError, match=sentence):
        definition(*texts, **more)


def test_two_numbers_that_decide_each_other_cannot_both_be_varied() -> None:
    rope = registry()["rope"]
    texts = ("length=2,3", "sag=1,2")
    with pytest.raises(SweepError, match="decide each other"):
        Definition.of(
            rope, rope.parameters(), [parse_varied(text, rope.parameters) for text in texts]
        )


def test_the_definition_comes_back_from_its_json() -> None:
    sweep = definition("width=1..9:4:log", "dark=no,yes", seeds=4, keep=["total", "word"])
    again = Definition.from_plain(json.loads(json.dumps(sweep.plain())), {"poison": LAB})
    assert again == sweep
    damaged = {**sweep.plain(), "vary": [{"name": "width", "values": [1, "x"], "log": False}]}
    with pytest.raises(SweepError, match="must be a number"):
        Definition.from_plain(damaged, {"poison": LAB})


def test_the_sweeps_that_labs_ship_can_be_run() -> None:
    shipped = [(lab, worked) for lab in registry().values() for worked in lab.sweeps]
    assert shipped
    for lab, worked in shipped:
        sweep = definition_of(lab, worked)
        assert sweep.size >= 10
        assert shown_of(worked).readout in sweep.keep
        assert worked.help.endswith(".")
