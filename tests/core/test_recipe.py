import contextlib
import json
import zlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoetrope import __version__
from zoetrope.core.lab import Lab
from zoetrope.core.parameters import Parameters, choice, number, switch, text, whole
from zoetrope.core.recipe import LONGEST, Recipe, RecipeError, restore


@dataclass(frozen=True)
class Wave(Parameters):
    frequency: float = number(2.0, "Frequency", 0.1, 50.0, unit="Hz")
    count: int = whole(50, "Points", 2, 1000, seed=True)
    shape: str = choice("sine", "Shape", {"sine": "Sine", "square": "Square"})
    grid: bool = switch(True, "Grid")
    words: str = text("", "Words")
    sag: float | None = number(1.0, "Sag", 0.0, 9.0, linked="shape")
    span: float | None = number(None, "Span", 0.0, 9.0, linked="shape")


class WaveLab(Lab[Any]):
    id = "wave"
    title = "Wave"
    question = "How does it swing?"
    parameters = Wave

    def run(self, parameters: Any, context: Any) -> Any:
        raise AssertionError("a recipe computes nothing")


LABS = {"wave": WaveLab()}
finite = st.floats(allow_nan=False, allow_infinity=False)
scalar = st.one_of(
    st.booleans(),
    st.integers(-(10**18), 10**18),
    finite,
    st.text(st.characters(exclude_categories=["Cs"])),
)
plain = st.one_of(
    scalar, st.lists(scalar, max_size=4), st.lists(st.lists(finite, max_size=3), max_size=3)
)
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
recipes = st.builds(
    Recipe,
    lab=names,
    parameters=st.dictionaries(names, plain, max_size=5),
    data=st.dictionaries(names, plain, max_size=3),
    program=names,
)


@given(recipes)
def test_json_and_code_bring_every_recipe_back(recipe: Recipe) -> None:
    assert Recipe.from_json(recipe.to_json()) == recipe
    assert Recipe.from_json(recipe.to_json().encode()) == recipe
    assert Recipe.from_code(recipe.to_code()) == recipe
    assert Recipe.from_json(recipe.to_json()).to_json() == recipe.to_json()


def test_the_json_is_canonical() -> None:
    recipe = Recipe(lab="波", parameters={"b": 1.0, "a": True}, program="0.1.0")
    assert recipe.to_json() == (
        '{"lab":"波","parameters":{"a":true,"b":1.0},"program":"0.1.0","zoetrope":1}'
    )


def test_a_recipe_of_a_state_holds_all_parameters_and_the_version() -> None:
    recipe = Recipe.of(LABS["wave"], Wave(frequency=3.0), {"name": "a.csv", "rows": 12})
    assert recipe.parameters == Wave(frequency=3.0).plain()
    assert recipe.program == __version__
    assert json.loads(recipe.to_json())["data"] == {"name": "a.csv", "rows": 12}


def test_a_pasted_code_may_be_wrapped_and_padded() -> None:
    recipe = Recipe.of(LABS["wave"], Wave())
    code = recipe.to_code()
    assert code.startswith("zoetrope:1:")
    assert Recipe.from_text(f"\n  {code[:30]}\n{code[30:]}=\n") == recipe
    assert Recipe.from_text("\ufeff " + recipe.to_json()) == recipe


def test_restore_brings_the_parameters_back() -> None:
    parameters = Wave(frequency=7.5, words="中文", shape="square", sag=None, span=2.0)
    lab, restored, notices = restore(Recipe.of(LABS["wave"], parameters), LABS)
    assert (lab.id, restored, notices) == ("wave", parameters, [])


def test_restore_clamps_and_says_so() -> None:
    _, restored, notices = restore(
        Recipe(lab="wave", parameters={"frequency": 99.0, "colour": 3}), LABS
    )
    assert restored == Wave(frequency=50.0)
    assert len(notices) == 2
    assert "Frequency 99 Hz" in notices[0]
    assert "'colour'" in notices[1]


@pytest.mark.parametrize(
    ("recipe", "says"),
    [
        (Recipe(lab="rope", parameters={}), "'rope', which is not installed"),
        (Recipe(lab="wave", parameters={"frequency": "fast"}), "must be a number"),
        (Recipe(lab="wave", parameters={"grid": 1}), "true or false"),
        (Recipe(lab="wave", parameters={"count": 2.5}), "whole number"),
        (Recipe(lab="wave", parameters={"sag": 1.0, "span": 1.0}), "exactly one"),
        (Recipe(lab="wave", parameters={"shape": "zigzag"}), "one of"),
    ],
)
def test_restore_refuses_what_does_not_fit(recipe: Recipe, says: str) -> None:
    with pytest.raises(RecipeError, match=says):
        restore(recipe, LABS)


def code_of(data: bytes) -> str:
    return "zoetrope:1:" + urlsafe_b64encode(zlib.compress(data)).decode()


GOOD = '{"lab":"wave","parameters":{"a":1},"program":"1","zoetrope":1}'
HOSTILE = {
    "empty": "",
    "not json": "hello",
    "a list": "[]",
    "a number": "1",
    "no version": '{"lab":"a"}',
    "newer": GOOD.replace('"zoetrope":1', '"zoetrope":2'),
    "version true": GOOD.replace('"zoetrope":1', '"zoetrope":true'),
    "version zero": GOOD.replace('"zoetrope":1', '"zoetrope":0'),
    "version text": GOOD.replace('"zoetrope":1', '"zoetrope":"1"'),
    "unknown key": GOOD.replace('"lab"', '"evil":1,"lab"'),
    "no lab": GOOD.replace('"lab":"wave",', ""),
    "empty lab": GOOD.replace('"wave"', '""'),
    "lab is a number": GOOD.replace('"wave"', "3"),
    "long lab": GOOD.replace("wave", "w" * 1000),
    "no parameters": GOOD.replace('"parameters":{"a":1},', ""),
    "parameters is a list": GOOD.replace('{"a":1}', "[1]"),
    "null": GOOD.replace('"a":1', '"a":null'),
    "nested": GOOD.replace('"a":1', '"a":{"b":1}'),
    "NaN": GOOD.replace('"a":1', '"a":NaN'),
    "infinity": GOOD.replace('"a":1', '"a":-Infinity'),
    "deep list": GOOD.replace('"a":1', '"a":[[[1]]]'),
    "row of text": GOOD.replace('"a":1', '"a":[["b"]]'),
    "row of switches": GOOD.replace('"a":1', '"a":[[true]]'),
    "object in a list": GOOD.replace('"a":1', '"a":[{}]'),
    "null in a row": GOOD.replace('"a":1', '"a":[[null]]'),
    "overflow in a row": GOOD.replace('"a":1', '"a":[[1,1e999]]'),
    "surrogate in a list": GOOD.replace('"a":1', '"a":["\\ud800"]'),
    "too many rows": GOOD.replace('"a":1', '"a":[' + ",".join(["[]"] * 20_001) + "]"),
    "too many numbers": GOOD.replace('"a":1', '"a":[[' + ",".join(["1"] * 200_001) + "]]"),
    "overflow": GOOD.replace('"a":1', '"a":1e999'),
    "huge whole number": GOOD.replace('"a":1', '"a":' + "9" * 10_000),
    "duplicate key": GOOD.replace('"a":1', '"a":1,"a":2'),
    "duplicate at the top": GOOD.replace('"zoetrope":1', '"zoetrope":1,"zoetrope":1'),
    "depth bomb": "[" * 100_000,
    "deep object": '{"a":' * 50_000,
    "lone surrogate": GOOD.replace('"a":1', '"a":"\\ud800"'),
    "surrogate in a name": GOOD.replace('"a":1', '"\\udfff":1'),
    "too many": GOOD.replace('"a":1', ",".join(f'"a{i}":1' for i in range(2000))),
    "too long": GOOD.replace('"a":1', '"a":"' + "x" * LONGEST + '"'),
    "code": "zoetrope:1:",
    "code of a newer version": "zoetrope:2:abcd",
    "code that is no zlib": "zoetrope:1:AAAA",
    "code cut short": code_of(GOOD.encode())[:-8],
    "code with a tail": "zoetrope:1:"
    + urlsafe_b64encode(zlib.compress(GOOD.encode()) + b"tail").decode(),
    "inflation bomb": code_of(b"x" * (64 << 20)),
    "code of bytes": code_of(b"\xff\xfe"),
    "long code": "zoetrope:1:" + "A" * (3 << 20),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(RecipeError) as caught:
        Recipe.from_text(text)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert len(sentence) < 300


def test_bytes_that_are_no_utf8_are_refused() -> None:
    with pytest.raises(RecipeError, match="UTF-8"):
        Recipe.from_json(b'{"lab":"\xff"}')


def test_a_newer_recipe_says_what_to_do() -> None:
    with pytest.raises(RecipeError, match="update the program"):
        Recipe.from_json(HOSTILE["newer"])


@settings(max_examples=300)
@given(st.data())
def test_damaged_text_gives_a_recipe_or_a_recipe_error(data: st.DataObject) -> None:
    original = data.draw(st.sampled_from([GOOD, code_of(GOOD.encode())]))
    at = data.draw(st.integers(0, len(original)))
    gone = data.draw(st.integers(0, 3))
    new = data.draw(st.text(max_size=3))
    damaged = original[:at] + new + original[at + gone :]
    with contextlib.suppress(RecipeError):
        assert isinstance(Recipe.from_text(damaged), Recipe)


@given(st.text())
def test_any_text_gives_a_recipe_or_a_recipe_error(anything: str) -> None:
    with pytest.raises(RecipeError):
        Recipe.from_text(anything)


@given(st.dictionaries(st.sampled_from([*Wave.declarations(), "other"]), plain))
def test_any_parameters_restore_or_are_refused(values: dict[str, Any]) -> None:
    try:
        _, restored, _ = restore(Recipe(lab="wave", parameters=values), LABS)
    except RecipeError:
        return
    assert isinstance(restored, Wave)
