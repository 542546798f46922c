"""Comparisons as part of a lab's state: their words, their pictures, recipes and files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.core.sine_lab import LAB, SineParameters
from tests.labs.damped import lab as damped
from zoetrope.core import command_line
from zoetrope.core.caption import caption
from zoetrope.core.comparison import (
    Compared,
    Comparison,
    looked_from,
    on_page_of,
    seen_as,
    uncompared,
)
from zoetrope.core.device import Context
from zoetrope.core.differences import SAME, differing_names, pinned_words, told_apart
from zoetrope.core.edits import Edit, Orbit, View
from zoetrope.core.export import estimate, export, preview
from zoetrope.core.export_options import ExportOptions
from zoetrope.core.figure import Figure, Panel
from zoetrope.core.items import Curve
from zoetrope.core.lab import Preset, final_frame
from zoetrope.core.parameters import ParameterError
from zoetrope.core.recipe import Recipe, RecipeError, restore
from zoetrope.core.recipe_files import extract
from zoetrope.core.registry import registry
from zoetrope.core.side_by_side import ComparisonError

P = SineParameters()
DAMPED = damped.DampedLab()
D = damped.DampedParameters()
LABS: dict[str, Any] = {LAB.id: LAB}
BESIDE = Compared(LAB, Comparison.over_values(P, "frequency", [2.0, 4.0, 8.0]))
UNDER = Compared(LAB, Comparison.under([P.change(frequency=4.0)]))
SMALL = ExportOptions(size="320x160px", theme="light", font_size=4.0)


# -- what sets differ in ---------------------------------------------------------------------------


def test_sets_are_told_apart_by_what_differs() -> None:
    sets = [D.change(amplitude=a) for a in (1.0, 2.0)]
    assert told_apart(DAMPED, sets) == ["A = 1 m", "A = 2 m"]
    assert pinned_words(DAMPED, sets[1], sets[0]) == "pinned: A = 2 m"
    assert pinned_words(DAMPED, D, D) == f"pinned: {SAME}"


def test_of_values_that_follow_from_one_another_the_given_one_is_told() -> None:
    sets = [D.change(frequency=2.0), D.change(period=0.25)]
    assert told_apart(DAMPED, sets) == ["f = 2 Hz", "T = 0.25 s"]


def test_the_moment_is_told_only_where_nothing_else_differs() -> None:
    assert differing_names([D, D.change(time=3.0)]) == ["time"]
    assert differing_names([D, D.change(time=3.0, decay=1.0, azimuth=9.0)]) == ["decay"]
    assert differing_names([D, D.change(azimuth=9.0)]) == []


def test_what_has_no_meaning_on_the_page_is_not_told() -> None:
    assert differing_names([D, D.change(envelope=False)]) == ["envelope"]
    state = D.change(page="state")
    assert differing_names([state, state.change(envelope=False)]) == []


def test_a_preset_that_differs_in_much_is_told_by_its_name() -> None:
    class Named(damped.DampedLab):
        presets = (Preset("far", "Far out", "Far.", {"amplitude": 2.0, "decay": 0.1, "phase": 9.0,
                                                     "noise": 0.2}),)  # fmt: skip

    many = D.change(**Named.presets[0].values)
    assert told_apart(Named(), [D, many])[1] == "Far out"
    assert told_apart(DAMPED, [D, many])[1] == (
        "A = 2 m, γ = 0.1 1/s, phase at the start = 9° and 1 more"
    )


def test_a_preset_keeps_the_page_that_is_shown() -> None:
    live = D.change(time=3.0)
    preset = D.change(**DAMPED.presets[2].values)
    put = on_page_of(live, preset)
    assert (put.page, put.time, put.source) == ("signal", 3.0, "drawn")
    assert on_page_of(live, preset, {"page"}).page == "state"


# -- the compared picture --------------------------------------------------------------------------


def test_a_compared_lab_draws_what_the_lab_draws_of_each() -> None:
    frame = final_frame(BESIDE, P, Context())
    for letter, frequency in zip("abc", (2.0, 4.0, 8.0), strict=True):
        alone = final_frame(LAB, P.change(frequency=frequency), Context()).figure.panel("wave")
        drawn = frame.figure.panel(f"wave {letter}").items[0]
        assert isinstance(drawn, Curve)
        assert drawn.y.tolist() == alone.items[0].y.tolist()  # type: ignore[attr-defined]


def test_a_pinned_state_lies_under_the_live_one_on_its_page_only() -> None:
    frame = final_frame(UNDER, P, Context())
    pinned = final_frame(LAB, P.change(frequency=4.0), Context()).figure.panel("wave").items[0]
    items = {item.key: item for item in frame.figure.panel("wave").items}
    assert items["pinned 0 y"].y.tolist() == pinned.y.tolist()  # type: ignore[attr-defined]
    assert items["pinned 0"].label == "pinned: frequency = 4 Hz"
    elsewhere = Compared(DAMPED, Comparison.under([D.change(page="state", decay=1.0)]))
    alone = final_frame(DAMPED, D, Context()).figure
    assert final_frame(elsewhere, D, Context()).figure == alone


def test_what_the_others_have_in_common_with_the_live_state_moves_with_it() -> None:
    moved = P.change(phase=90.0, count=20)
    assert [(o.frequency, o.phase, o.count) for o in BESIDE.comparison.others(moved)] == [
        (4.0, 90.0, 20), (8.0, 90.0, 20),
    ]  # fmt: skip
    assert [o.phase for o in UNDER.comparison.others(moved)] == [0.0]  # a pin keeps its moment


def test_live_changes_go_into_the_running_jobs() -> None:
    job = BESIDE.run(P, Context())
    frame = next(job)
    while not frame.final:
        frame = job.send(P)
    turned = job.send(P.change(phase=90.0))
    while not turned.final:
        turned = job.send(P.change(phase=90.0))
    wanted = final_frame(BESIDE, P.change(phase=90.0), Context())
    assert turned.figure == wanted.figure
    job.close()


def test_a_comparison_has_few_sets() -> None:
    for values in ([1.0], [1.0, 2.0, 3.0, 4.0, 5.0]):
        with pytest.raises(ComparisonError, match="1 to 3 other parameter sets"):
            Comparison.over_values(P, "frequency", values)
    with pytest.raises(ComparisonError):
        Comparison.under([])


def test_a_pin_is_seen_with_the_camera_and_the_range_of_the_live_picture() -> None:
    low = View(Edit("start"), Edit("stop"), (0.0, 60.0))
    turned = Panel(name="p", orbit=Orbit(Edit("azimuth"), Edit("amplitude")))
    names = looked_from(Figure(panels=(turned, Panel(name="q", view_x=low))))
    assert names == {"azimuth", "amplitude", "start", "stop"}
    live = D.change(azimuth=77.0, decay=3.0, start=1.0, time=4.0)
    seen = seen_as(D, live, {"azimuth", "start", "stop"})
    assert (seen.azimuth, seen.start, seen.decay, seen.time) == (77.0, 1.0, D.decay, D.time)
    assert seen_as(D.change(stop=0.5), live, {"start"}).start == D.start  # which would be illegal


# -- recipes and files -----------------------------------------------------------------------------


@pytest.mark.parametrize("lab", [BESIDE, UNDER], ids=["beside", "under"])
@pytest.mark.parametrize("ending", ["svg", "csv", "gif"])
def test_a_compared_figure_comes_back_from_its_file(
    lab: Compared, ending: str, tmp_path: Path
) -> None:
    options = ExportOptions(size="320x160px", theme="light", font_size=4.0, seconds=0.08, fps=25)
    path = export(lab, P, tmp_path / f"figure.{ending}", options)
    again, parameters, sentences = restore(extract(path), LABS)
    assert isinstance(again, Compared)
    assert uncompared(again) is LAB
    assert (again.comparison, parameters, sentences) == (lab.comparison, P, [])
    again_path = export(again, parameters, tmp_path / f"again.{ending}", options)
    assert again_path.read_bytes() == path.read_bytes()


def test_a_drawing_says_the_letters_and_what_differs_in_print_too(tmp_path: Path) -> None:
    path = export(BESIDE, P, tmp_path / "figure.svg", ExportOptions(size="170x60mm"))
    drawing = path.read_text(encoding="utf-8")
    for heading in ("(a) frequency = 2 Hz", "(b) frequency = 4 Hz", "(c) frequency = 8 Hz"):
        assert heading in drawing


def test_a_caption_tells_what_differs_once_and_what_is_pinned() -> None:
    told = caption(BESIDE, P, final_frame(BESIDE, P, Context()), letters=False).plain()
    assert "(a) frequency = 2 Hz. (b) frequency = 4 Hz. (c) frequency = 8 Hz." in told
    assert "frequency" not in told.partition("Parameters:")[2]
    told = caption(UNDER, P, final_frame(UNDER, P, Context())).plain()
    assert "Paler: pinned: frequency = 4 Hz. Parameters: frequency = 2 Hz" in told


def test_a_table_has_the_columns_of_every_set(tmp_path: Path) -> None:
    path = export(BESIDE, P, tmp_path / "figure.csv")
    (head,) = [line for line in path.read_text().splitlines() if not line.startswith("#")][:1]
    names = list(final_frame(LAB, P, Context()).tables)
    assert head.split(",") == [f"{name} ({letter})" for letter in "abc" for name in names]


def test_previews_and_estimates_take_a_comparison() -> None:
    assert preview(BESIDE, P, SMALL).startswith(b"\x89PNG")
    options = ExportOptions(size="160x80px", theme="light", font_size=4.0, seconds=0.2)
    assert estimate(UNDER, P, "gif", options).frames == 5


@pytest.mark.parametrize(
    "damage",
    [
        [], {"way": "beside"}, {"way": "over", "sets": [{}]}, {"way": "beside", "sets": []},
        {"way": "beside", "sets": [{}] * 4}, {"way": "beside", "sets": [3]},
        {"way": "beside", "sets": [{"frequency": {}}]}, {"way": [], "sets": [{}]},
        {"way": "beside", "sets": [{}], "panels": [3]},
        {"way": "beside", "sets": [{}], "panels": 3},
        {"way": "beside", "sets": [{}], "more": 1}, {"way": "beside", "sets": {"a": {}}},
    ],
)  # fmt: skip
def test_a_recipe_whose_comparison_is_damaged_is_refused(damage: Any) -> None:
    values = {**Recipe.of(LAB, P).plain(), "compare": damage}
    with pytest.raises(RecipeError):
        Recipe.from_json(json.dumps(values))


@pytest.mark.parametrize("sets", [[{"frequency": -1.0}], [{"frequency": "x"}], [{"nope": 1.0}]])
@pytest.mark.parametrize("way", ["beside", "under"])
def test_a_comparison_that_does_not_fit_the_lab_is_refused(way: str, sets: Any) -> None:
    values = {**Recipe.of(LAB, P).plain(), "compare": {"way": way, "sets": sets}}
    with pytest.raises(RecipeError, match="does not fit the lab Sine"):
        restore(Recipe.from_json(json.dumps(values)), LABS)


# -- the command line ------------------------------------------------------------------------------


def run(*arguments: str) -> int:
    return command_line.run([*arguments])


def test_values_are_compared_from_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "rope.png"
    size = ("--size", "170x80mm", "--dpi", "50")
    assert run("export", "rope", "--compare", "span=1,1.5,2", "--out", str(path), *size) == 0
    recipe = extract(path)
    assert recipe.parameters["span"] == 1.0
    assert recipe.compare == {"way": "beside", "sets": [{"span": 1.5}, {"span": 2.0}]}
    again = tmp_path / "again.png"
    assert run("export", "--recipe", str(path), "--out", str(again), *size) == 0
    assert again.read_bytes() == path.read_bytes()


def test_chosen_panels_of_each_are_compared(tmp_path: Path) -> None:
    path = tmp_path / "rope.json"
    names = [p.name for p in final_frame(registry()["rope"], registry()["rope"].parameters(),
                                         Context()).figure.panels]  # fmt: skip
    chosen = [flag for name in names[:2] for flag in ("--panel", name)]
    assert run("export", "rope", "--compare", "span=1,2", *chosen, "--out", str(path)) == 0
    assert extract(path).compare["panels"] == names[:2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("span", "no equals sign"), ("spam=1,2", "no parameter 'spam', but span"),
        ("span=1", "2 to 4 values can be compared, not 1"),
        ("span=1,2,3,4,5", "2 to 4 values can be compared, not 5"),
        ("span=1,many", "must be a number"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_comparison_is_said(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("export", "rope", "--compare", text, "--out", str(tmp_path / "x.png")) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_values_that_are_not_legal_together_are_refused_while_a_film_moves() -> None:
    compared = Comparison.over_values(D, "stop", [6.0, 8.0])
    with pytest.raises(ParameterError):
        compared.others(D.change(start=5.0, stop=59.0).change(start=20.0))
