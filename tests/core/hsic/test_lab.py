"""The HSIC lab: its numbers against the tables, what it says, and what a touch does."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zoetrope.core.caption import caption
from zoetrope.core.device import Context
from zoetrope.core.figure import Panel
from zoetrope.core.hsic import HsicError
from zoetrope.core.hsic.datasets import RELATIONS
from zoetrope.core.hsic.kernels import KERNELS
from zoetrope.core.hsic.lab import LAB
from zoetrope.core.hsic.lab_parameters import KERNELS as KERNELS_OFFERED
from zoetrope.core.hsic.lab_parameters import PAGES, HsicParameters
from zoetrope.core.hsic.lab_parameters import RELATIONS as RELATIONS_OFFERED
from zoetrope.core.items import Handle, Scatter
from zoetrope.core.lab import Frame, final_frame
from zoetrope.core.long_work import FINISHED

ROOT = Path(__file__).resolve().parents[3]
REFERENCE = json.loads((ROOT / "tests/data/hsic/reference_small.json").read_text("utf-8"))


FEW: dict[str, Any] = {"map_permutations": 19, "permutations": 19}  # where p does not matter
SOME: dict[str, Any] = {"map_permutations": 199, "permutations": 199}  # where p of .01 does


def frame_of(**values: Any) -> Frame:
    return final_frame(LAB, HsicParameters().change(**values), Context())


def readout(frame: Frame, key: str) -> Any:
    return next(r.value for r in frame.readouts if r.key == key)


def words(frame: Frame) -> str:
    return " ".join(notice.text for notice in frame.notices)


def points_of(name: str) -> tuple[tuple[float, float], ...]:
    data = REFERENCE[name]
    return tuple((float(x), float(y)) for x, y in zip(data["x"], data["y"], strict=True))


def test_what_it_offers_is_what_the_mathematics_has() -> None:
    assert {name: r.label for name, r in RELATIONS.items()} == {
        name: RELATIONS_OFFERED[name] for name in RELATIONS
    }
    assert set(RELATIONS_OFFERED) == set(RELATIONS)
    assert set(KERNELS_OFFERED) <= set(KERNELS)


@pytest.mark.parametrize("name", ["d04_parab7", "d06_sine12", "d08_lin20", "d20_anscombeII"])
def test_the_readouts_are_the_reference_values(name: str) -> None:
    """Gaussian kernels at several widths, to the digits of 50-digit arithmetic."""
    unit = REFERENCE[name]["median_all"]
    cases = [c for c in REFERENCE[name]["cases"] if c["kernel"] == "gaussian"]
    checked = 0
    for case in cases:
        factors = [case[f"width_{axis}"] / unit[i] for i, axis in enumerate("xy")]
        if not all(1e-3 <= factor <= 1e3 for factor in factors):
            continue
        frame = frame_of(
            source="drawn", points=points_of(name), width_x=factors[0], width_y=factors[1],
            page="why",
        )  # fmt: skip
        assert readout(frame, "hsic") == pytest.approx(case["hsic_b"], rel=1e-9)
        assert readout(frame, "hsic_u") == pytest.approx(case["hsic_u"], rel=1e-8, abs=1e-18)
        assert readout(frame, "cka") == pytest.approx(case["cka_b"], rel=1e-8)
        assert readout(frame, "p_value") == pytest.approx(case["p_moments"], rel=1e-5)
        checked += 1
    assert checked >= 2


def test_seven_points_get_their_exact_p() -> None:
    parameters = HsicParameters().change(source="drawn", points=points_of("d04_parab7"), **FEW)
    job = LAB.run(parameters, Context())
    frame = next(job)
    while not any("Of all 5040 orders" in r.help for r in frame.readouts):
        frame = job.send(parameters)  # the map comes after them
    assert readout(frame, "p_permutation") == 185 / 5040
    assert "orders" in frame.figure.panel("null").title


def test_anscombe_iv_is_not_fooled_by_one_point() -> None:
    frame = frame_of(source="anscombe IV", gamma_curve=True)
    assert readout(frame, "p_permutation") == pytest.approx(1 / 11, abs=0.03)
    assert readout(frame, "p_global") == pytest.approx(1 / 11, abs=0.06)
    assert readout(frame, "p_gamma") == pytest.approx(5.14e-16, rel=1e-2)
    assert "fewer than 6 distinct" in words(frame)


@pytest.fixture(scope="module")
def default() -> Frame:
    """The first picture in full."""
    return frame_of()


def test_the_default_tells_the_story_of_the_widths(default: Frame) -> None:
    """The medians see nothing, the map everything, and the best width lies off the diagonal."""
    frame = default
    assert readout(frame, "p_value") > 0.2
    assert readout(frame, "p_global") == 1 / 1000
    assert readout(frame, "p_best") < 1e-10
    factors = {r.key: r.ratio for r in frame.readouts if r.key.startswith("best_width")}
    assert factors["best_width_y"] / factors["best_width_x"] > 5  # type: ignore[operator]
    assert frame.figure.panel("scatter").title == "x and y depend: p = .001, whole map"


def test_independent_data_look_significant_somewhere_and_are_not_called_so() -> None:
    preset = next(p for p in LAB.presets if p.key == "independent")
    frame = frame_of(**preset.values, **SOME)
    assert readout(frame, "p_best") < 0.05
    assert readout(frame, "p_global") > 0.05
    assert frame.figure.panel("scatter").title.startswith("No dependence found")


@pytest.mark.parametrize("key", ["sine", "circle", "checkerboard"])
def test_presets_find_what_they_promise(key: str) -> None:
    preset = next(p for p in LAB.presets if p.key == key)
    assert readout(frame_of(**preset.values, **SOME), "p_global") <= 0.01


def test_coins_are_independent_in_pairs_only() -> None:
    preset = next(p for p in LAB.presets if p.key == "xor")
    frame = frame_of(**preset.values, **SOME)
    assert readout(frame, "p_pair") > 0.05
    assert readout(frame, "p_dhsic") <= 0.01
    assert frame.figure.panel("columns").title.startswith("No pair depends, all 3 jointly do")


# -- Bad inputs ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "sentence", "parameter"),
    [
        ({"source": "drawn"}, "There are 0 points", "source"),
        ({"source": "file"}, "Choose a file", "data_file"),
        ({"data_file": "nowhere.csv"}, "“nowhere.csv” was not found", "data_file"),
    ],
)
def test_what_cannot_be_shown_says_why(
    values: dict[str, Any], sentence: str, parameter: str
) -> None:
    with pytest.raises(HsicError, match=sentence) as caught:
        frame_of(**values)
    assert caught.value.parameter == parameter


@pytest.fixture
def own(tmp_path: Path) -> str:
    rng = np.random.default_rng(5)
    lines = ["height,weight,group,note"]
    for i in range(60):
        height = rng.normal(170, 8)
        weight = "" if i in (3, 17) else f"{0.9 * height - 85 + rng.normal(0, 4):.2f}"
        lines.append(f"{height:.2f},{weight},{'ab'[i % 2]},{i % 5}")
    path = tmp_path / "own.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


def test_a_file_is_shown_as_soon_as_it_is_chosen(own: str) -> None:
    frame = frame_of(data_file=own, map_permutations=99, permutations=19)
    assert HsicParameters().change(data_file=own).source == "file"
    assert frame.figure.panel("scatter").x.label == "height"
    assert frame.figure.panel("scatter").title.startswith("height and weight depend: p = .01")
    assert readout(frame, "n") == 58
    told = caption(LAB, HsicParameters().change(data_file=own), frame).plain()
    assert "58 pairs. Parameters: " in told
    assert "number of points" not in told
    assert "2 of 60 rows miss a value; without them 58 are used." in words(frame)
    assert frame.options["columns_x"] == ("height", "weight", "group", "note")


def test_text_needs_the_delta_kernel(own: str) -> None:
    with pytest.raises(HsicError, match="choose the delta kernel for y") as caught:
        frame_of(data_file=own, columns_y=("group",))
    assert caught.value.parameter == "kernel_y"
    frame = frame_of(data_file=own, columns_y=("group",), kernel_y="delta", **FEW)
    assert readout(frame, "n") == 60
    assert frame.figure.panel("map").title.startswith("Best of 15 widths")


def test_unknown_columns_list_the_known_ones(own: str) -> None:
    with pytest.raises(HsicError, match="no column “mass”; it has height, weight"):
        frame_of(data_file=own, columns_x=("mass",))


def test_blocks_of_columns_are_standardised_aloud(own: str) -> None:
    frame = frame_of(data_file=own, columns_x=("height", "note"), columns_y=("weight",), **FEW)
    assert "The 2 columns of x are scaled to unit variance." in words(frame)


def test_rows_left_out_are_counted_aloud(own: str) -> None:
    fifty = {"data_file": own, "most_rows": 50, "columns_y": ("weight",), **FEW}
    several = frame_of(columns_x=("height", "note"), **fifty)
    assert "50 of 58 rows are used" in words(several)
    single = frame_of(columns_x=("height",), **fifty)
    assert readout(single, "n") == 58


def test_a_constant_column_is_not_an_error() -> None:
    points = tuple((float(i), 2.0) for i in range(12))
    for page in PAGES:
        frame = frame_of(source="drawn", points=points, page=page, **FEW)
        assert "All values of y are equal" in words(frame)
    frame = frame_of(source="drawn", points=points, **FEW)
    assert (readout(frame, "hsic"), readout(frame, "cka")) == (0.0, "undefined")
    assert readout(frame, "p_permutation") == 1.0


def test_ties_and_maps_of_some_rows_are_named() -> None:
    ties = next(p for p in LAB.presets if p.key == "ties")
    assert "The median distance is 0" in words(frame_of(**ties.values, **FEW))
    many = words(frame_of(n=200, map_rows=100, kernel_x="delta", **FEW))
    assert "use 100 of the 200 rows" in many


# -- Live changes ----------------------------------------------------------------------------------


def test_widths_and_pages_are_answered_by_the_running_job() -> None:
    parameters = HsicParameters().change(**FEW)
    job = LAB.run(parameters, Context())
    frame = next(job)
    while not frame.final:
        frame = job.send(parameters)
    before = readout(frame, "p_global")
    moved = parameters.change(width_x=0.1, width_y=0.8)
    assert moved.differs_only_live(parameters)
    frame = job.send(moved)
    assert readout(frame, "p_global") == before
    assert readout(frame, "hsic") > 0.01
    assert {p.name for p in job.send(moved.change(page="why")).figure.panels} >= {"spectrum"}


def test_handle_and_click_set_both_widths() -> None:
    panel: Panel = frame_of(**FEW).figure.panel("map")
    assert panel.pick_x is not None
    assert panel.pick_y is not None
    assert (panel.pick_x.parameter, panel.pick_y.parameter) == ("width_x", "width_y")
    handle = next(i for i in panel.items if isinstance(i, Handle))
    assert (handle.x, handle.y) == (1.0, 1.0)
    linked = frame_of(linked_widths=True, width_x=0.5, **FEW).figure.panel("map")
    assert linked.pick_y is None


def test_the_corner_of_the_spectrum_is_one_over_the_widths() -> None:
    frame = frame_of(page="why", width_x=0.2, width_y=2.0)
    handle = next(i for i in frame.figure.panel("spectrum").items if isinstance(i, Handle))
    assert handle.x == pytest.approx(1 / readout(frame, "width_x"))
    assert handle.x_edit is not None
    assert handle.x_edit.value(handle.x) == pytest.approx(0.2, rel=0.02)


def test_a_dragged_point_is_answered_at_once_and_then_in_full() -> None:
    generator = np.random.default_rng(0)
    rows = [tuple(row) for row in generator.normal(size=(60, 2)).tolist()]
    parameters = HsicParameters().change(source="drawn", points=tuple(rows), **FEW)
    job = LAB.run(parameters, Context())
    next(job)
    rows[5] = (3.0, -3.0)
    moved = parameters.change(points=tuple(rows))
    quick = job.send(moved)
    assert not quick.final
    scatter = next(i for i in quick.figure.panel("scatter").items if isinstance(i, Scatter))
    assert (scatter.x[5], scatter.y[5]) == (3.0, -3.0)
    frame = quick
    while not frame.final:
        frame = job.send(moved)
    whole = frame_of(source="drawn", points=tuple(rows), **FEW)
    assert readout(frame, "hsic") == readout(whole, "hsic")
    assert readout(quick, "hsic") == pytest.approx(readout(whole, "hsic"), rel=0.05)


def test_more_points_are_a_new_sample() -> None:
    rows = tuple((float(i), float(i * i)) for i in range(10))
    parameters = HsicParameters().change(source="drawn", points=rows)
    job = LAB.run(parameters, Context())
    next(job)
    frame = job.send(parameters.change(points=(*rows, (4.5, 1.0))))
    assert readout(frame, "n") == 11


def test_a_width_that_is_turned_keeps_the_map_steady() -> None:
    """No step is long, also when nothing is kept from before."""
    import gc
    import time

    parameters = HsicParameters().change(n=150, map_permutations=99, permutations=99)
    final_frame(LAB, parameters.change(**FEW), Context())  # what is imported the first time
    FINISHED.keep("all else goes", None, 10**12)
    gc.collect()
    gc.disable()  # what other tests left is not swept up within a step
    try:
        job, slowest, frame = LAB.run(parameters, Context()), 0.0, None
        while frame is None or not frame.final:
            began = time.thread_time()
            frame = next(job) if frame is None else job.send(parameters)
            slowest = max(slowest, time.thread_time() - began)
            assert frame.figure.panel("map").title
    finally:
        gc.enable()
    assert slowest < 0.1


# -- What leaves -----------------------------------------------------------------------------------


def test_the_map_is_exported_in_long_form(default: Frame) -> None:
    tables = default.tables
    assert len(tables["map width x"]) == len(tables["map log10_p_moment"]) == 225
    assert len(tables["hsic under permutation"]) == 999
    assert len(tables["x"]) == 120
