"""A recipe knows the data files that it was made from."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from zoetrope.core.lab import Lab
from zoetrope.core.parameters import Parameters, data_file, text
from zoetrope.core.recipe import Recipe
from zoetrope.core.recipe_data import changed_files, fingerprints


@dataclass(frozen=True)
class Measured(Parameters):
    data: str = data_file("Data")
    picture: str = data_file("Picture", endings=(".png",))
    words: str = text("", "Words")


class MeasuredLab(Lab[Any]):
    id = "measured"
    title = "Measured"
    question = "What was measured?"
    parameters = Measured

    def run(self, parameters: Any, context: Any) -> Any:
        raise AssertionError("a recipe computes nothing")


LABS = {"measured": MeasuredLab()}


def recipe(parameters: Measured) -> Recipe:
    return Recipe.of(LABS["measured"], parameters, fingerprints(parameters))


def test_every_file_that_is_named_has_a_fingerprint(tmp_path: Path) -> None:
    data = tmp_path / "图 a.csv"
    data.write_bytes(b"x,y\r\n1,2\r\n")
    known = hashlib.sha256(b"x,y\r\n1,2\r\n").hexdigest()
    parameters = Measured(data=str(data), picture=str(tmp_path / "gone.png"), words=str(data))
    assert fingerprints(parameters) == {"data": known}
    assert Recipe.from_code(recipe(parameters).to_code()).data == {"data": known}
    assert fingerprints(Measured()) == {}


@pytest.mark.parametrize("name", ["", "/dev/zero", "/", "~nobody-here/a.csv", "x" * 4000])
def test_what_is_no_file_has_none(name: str) -> None:
    assert fingerprints(Measured(data=name)) == {}
    made = Recipe(lab="measured", parameters={"data": name}, data={"data": "0" * 64})
    assert changed_files(made, LABS) == []


def test_a_file_that_changed_is_said_by_its_name(tmp_path: Path) -> None:
    data = tmp_path / "a.csv"
    data.write_text("1,2")
    made = recipe(Measured(data=str(data)))
    assert changed_files(made, LABS) == []
    data.write_text("1,3")
    (sentence,) = changed_files(made, LABS)
    assert sentence.startswith("a.csv has changed since this figure was made")
    data.unlink()
    assert changed_files(made, LABS) == []


@pytest.mark.parametrize(
    "made",
    [
        Recipe(lab="unknown", parameters={"data": __file__}, data={"data": "0"}),
        Recipe(lab="measured", parameters={"words": __file__}, data={"words": "0"}),
        Recipe(lab="measured", parameters={"data": 3}, data={"data": "0"}),
        Recipe(lab="measured", parameters={}, data={"data": "0", "more": "1"}),
    ],
)
def test_only_declared_data_files_are_read(made: Recipe) -> None:
    assert changed_files(made, LABS) == []
