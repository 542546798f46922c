"""One declaration: checks, linked groups, plain values and files' values."""

import json
from dataclasses import dataclass

import pytest

from zoetrope.core.parameters import (
    ParameterError,
    Parameters,
    choice,
    data_file,
    names,
    number,
    pages,
    playhead,
    switch,
    table,
    text,
    whole,
)


@dataclass(frozen=True)
class Wave(Parameters):
    length: float | None = number(2.0, "Length", 0.5, 50.0, unit="m", linked="size")
    period: float | None = number(None, "Period", 0.1, 9.0, unit="s", linked="size")
    count: int = whole(3, "Count", 1, 8)
    total: int = whole(1000, "Total", 1, 1 << 24)
    width: float = number(1.0, "Width", 1e-3, 1e3, log=True)
    shape: str = choice("sine", "Shape", {"sine": "Sine", "square": "Square"})
    smooth: bool = switch(True, "Smooth")
    name: str = text("", "Name", longest=5)
    phase: float = playhead(0.0, "Phase", 0.0, 360.0, unit="°")
    page: str = pages("one", {"one": "One", "two": "Two"})
    points: tuple[tuple[float, ...], ...] = table("Points", ("x", "y"), most_rows=3, high=100.0)
    file: str = data_file("File")
    columns: tuple[str, ...] = names("Columns", most=2)

    def check(self) -> None:
        if self.length is not None and self.length < self.width / 100:
            raise ParameterError("width", "Width must be at most a hundred lengths.")


def test_defaults_are_legal_and_plain_values_come_back() -> None:
    wave = Wave()
    assert Wave.make(wave.plain()) == wave
    assert "period" not in wave.plain()


def test_tables_and_names_are_lists_in_json_and_tuples_here() -> None:
    wave = Wave().change(points=[[1, 2.5]], columns=["a", "b"])
    assert wave.points == ((1.0, 2.5),)
    assert wave.plain()["points"] == [[1.0, 2.5]]
    assert Wave.make(json.loads(json.dumps(wave.plain()))) == wave
    assert hash(wave) == hash(Wave().change(points=((1.0, 2.5),), columns=("a", "b")))


def test_a_table_that_is_known_to_be_legal_is_not_gone_through_again() -> None:
    wave = Wave().change(points=[[1, 2]])
    assert wave.change(count=4).points is wave.points


def test_a_files_table_is_cut_and_clamped() -> None:
    wave, sentences = Wave.adapt({"points": [[1, 200]] * 5, "columns": ["a", "b", "c"]})
    assert wave.points == ((1.0, 100.0),) * 3
    assert wave.columns == ("a", "b")
    assert "It was set to 3 points." in sentences[0]
    assert "It was set to a, b." in sentences[1]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("length", 0.4, "below the smallest allowed, 0.5 m"),
        ("length", 60, "above the largest allowed, 50 m"),
        ("length", float("nan"), "finite"),
        ("length", float("inf"), "finite"),
        ("length", "2", "must be a number"),
        ("count", 10**400, "finite"),
        ("length", True, "must be a number"),
        ("count", 2.5, "whole number"),
        ("count", 9, "above the largest"),
        ("shape", "round", "one of sine, square"),
        ("smooth", 1, "true or false"),
        ("name", "abcdef", "at most 5"),
        ("nothing", 1, "no parameter"),
        ("points", 3, "must be rows of numbers"),
        ("points", [[1, 2], [3]], r"Row 2 of Points must have 2 numbers \(x, y\), not 1"),
        ("points", [[1, 2], 3], "Row 2 of Points"),
        ("points", [[1, "2"]], "its y is '2'"),
        ("points", [[True, 2]], "its x is True"),
        ("points", [[1, float("nan")]], "finite"),
        ("points", [[1, 10**400]], "finite"),
        ("points", [[1, 101]], "Row 1 of Points: y 101 is not within"),
        ("points", [[1, 2]] * 4, "4 rows; at most 3"),
        ("file", 3, "must be text"),
        ("file", "a\0b", "no path"),
        ("columns", "ab", "must be names"),
        ("columns", ["a", 1], "must be names"),
        ("columns", ["a", "a"], "twice"),
        ("columns", ["a", "b", "c"], "3 names; at most 2"),
        ("columns", ["a" * 201], "201 characters"),
        ("columns", [""], "must be names"),
    ],
)
def test_an_illegal_value_is_refused_with_a_sentence(name: str, value: object, words: str) -> None:
    with pytest.raises(ParameterError, match=words) as caught:
        Wave().change(**{name: value})
    assert caught.value.parameter == name
    assert str(caught.value).endswith(".")


def test_a_whole_number_may_be_written_as_a_float() -> None:
    count = Wave().change(count=4.0).count
    assert count == 4
    assert isinstance(count, int)


def test_one_linked_value_replaces_its_siblings() -> None:
    wave = Wave().change(period=1.5)
    assert (wave.length, wave.period) == (None, 1.5)
    assert wave.change(length=3.0).period is None


def test_two_linked_values_at_once_are_refused() -> None:
    with pytest.raises(ParameterError, match="exactly one of length, period"):
        Wave(length=1.0, period=1.0)
    with pytest.raises(ParameterError, match="exactly one"):
        Wave(length=None)


def test_values_that_do_not_fit_together_are_refused_at_their_parameter() -> None:
    with pytest.raises(ParameterError, match="hundred lengths") as caught:
        Wave().change(width=500.0)
    assert caught.value.parameter == "width"


def test_a_files_values_are_clamped_and_said() -> None:
    wave, sentences = Wave.adapt({"length": 99.0, "count": 0, "name": "abcdefgh", "gone": 1})
    assert (wave.length, wave.count, wave.name) == (50.0, 1, "abcde")
    assert len(sentences) == 4
    assert any("'gone'" in sentence for sentence in sentences)


@pytest.mark.parametrize(
    "values",
    [
        {"length": "long"},
        {"length": None},
        {"shape": "round"},
        {"count": float("nan")},
        {"length": 1.0, "period": 1.0},
        {"width": 900.0},
        {"smooth": "yes"},
        {"points": [["a", "b"]] * 9},
        {"points": 3},
        {"columns": {"a": 1}},
    ],
)
def test_a_files_values_of_the_wrong_kind_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(ParameterError):
        Wave.adapt(values)


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("length", "2.6", 2.6),
        ("length", " 2,6 m ", 2.6),
        ("width", "1e-3", 1e-3),
        ("phase", "90°", 90.0),
        ("count", "4", 4),
        ("total", "64k", 64_000),
        ("total", "64 K", 64_000),
        ("total", "64Ki", 65_536),
        ("total", "1M", 1_000_000),
        ("total", "1Mi", 1_048_576),
        ("total", "1.005k", 1005),
        ("total", "1,048,576", 1_048_576),
        ("total", "0,5Mi", 524_288),
        ("smooth", "off", False),
        ("smooth", "Yes", True),
        ("shape", "square", "square"),
        ("name", "abc", "abc"),
        ("points", "1,2;3,4", ((1.0, 2.0), (3.0, 4.0))),
        ("points", " 1 −2 \n\n 3e1, 4; ", ((1.0, -2.0), (30.0, 4.0))),
        ("points", "", ()),
        ("file", '"C:\\my data.csv"', "C:\\my data.csv"),
        ("columns", 'one, "two, three"', ("one", "two, three")),
        ("columns", "", ()),
    ],
)
def test_typed_values_are_read(name: str, typed: str, value: object) -> None:
    assert Wave.declarations()[name].parse(name, typed) == value


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("length", "two"), ("count", "2.5"), ("length", "2k"), ("total", "k"), ("total", "1m"),
        ("total", "0.0001k"), ("total", "1kk"), ("total", "17Mi"), ("total", "1ki k"),
        ("total", "1,04,576"), ("total", "1,048"),
        ("smooth", "maybe"), ("length", ""),
        ("points", "1,2;three,4"), ("points", "1,2,3"), ("columns", 'a,"b"c'),
    ],
)  # fmt: skip
def test_typed_nonsense_is_refused(name: str, typed: str) -> None:
    with pytest.raises(ParameterError):
        Wave.declarations()[name].parse(name, typed)


@pytest.mark.parametrize("name", Wave.declarations())
@pytest.mark.parametrize("wrong", ["x" * 10_000, "9" * 10_000 + ",000", "1;2," * 5000])
def test_the_sentence_is_short_however_long_the_nonsense(name: str, wrong: str) -> None:
    for read in (Wave.declarations()[name].parse, Wave.declarations()[name].check):
        try:
            read(name, wrong)
        except ParameterError as error:
            assert len(str(error)) < 300
        else:
            assert name == "file"


def test_live_changes_are_told_from_others() -> None:
    wave = Wave()
    assert wave.change(phase=90.0, page="two").differs_only_live(wave)
    assert not wave.change(phase=90.0, count=4).differs_only_live(wave)
    assert not wave.change(period=2.0).differs_only_live(wave)


def test_changes_since_another_state() -> None:
    wave = Wave()
    assert wave.change(period=2.0, count=4).changes(wave) == {"period": 2.0, "count": 4}


def test_the_special_parameters_are_found() -> None:
    assert Wave.playhead_names() == ("phase",)
    assert Wave().playhead_name() == "phase"
    assert Wave.page_name() == "page"
    assert Wave.siblings("length") == ("period",)
    assert Wave.siblings("count") == ()


@dataclass(frozen=True)
class Film(Parameters):
    angle: float = playhead(0.0, "Angle", 0.0, 360.0, pages=("wheel",))
    seconds: float = playhead(0.0, "Time", 0.0, 10.0, pages=("run",))
    page: str = pages("wheel", {"wheel": "Wheel", "run": "Run", "still": "Still"})


def test_a_page_has_a_playhead_of_its_own_or_none() -> None:
    assert Film.playhead_names() == ("angle", "seconds")
    shown = [Film(page=page).playhead_name() for page in ("wheel", "run", "still")]
    assert shown == ["angle", "seconds", None]
    assert Film(page="run").played() == ("seconds", Film.declarations()["seconds"])
    assert Film(page="still").played() is None


@dataclass(frozen=True)
class Run(Parameters):
    length: int = whole(30, "Length", 10, 900, live=True)
    step: float = playhead(20.0, "Step", 0.0, 900.0, slider=(0.0, 30.0), until="length")


def test_a_playhead_may_end_where_another_parameter_says() -> None:
    assert Run.declarations()["step"].travel == (0.0, 30.0)
    name, declared = Run(length=200).played()
    assert (name, declared.travel) == ("step", (0.0, 200.0))
    assert declared.describe() == "0 to 200"
    assert Run(length=10).step == 20.0  # what is there already stays
    with pytest.raises(ParameterError, match="above the largest allowed, 900"):
        Run(step=901.0)
