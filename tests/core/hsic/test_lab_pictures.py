"""What the HSIC lab's pictures are made of: level lines, families of functions, words for p."""

import math
import threading
from typing import Any

import numpy as np
import pytest
import torch

from zoetrope.core.device import Context
from zoetrope.core.hsic import HsicError, hsic, median_width
from zoetrope.core.hsic.contours import level_line
from zoetrope.core.hsic.datasets import sample
from zoetrope.core.hsic.function_families import ROWS, climb_steps, gaussian_family
from zoetrope.core.hsic.lab import LAB
from zoetrope.core.hsic.lab_parameters import LAYERS, HsicParameters
from zoetrope.core.hsic.lab_words import p_number, short, tail_words
from zoetrope.core.hsic.matrices_page import block_means
from zoetrope.core.items import Curve, HeatMap, Label, Scatter
from zoetrope.core.lab import Frame, final_frame
from zoetrope.core.long_work import Finished, Job, Jobs, on_a_thread
from zoetrope.core.stepping import finish


def frame_of(**values: Any) -> Frame:
    few = {"map_permutations": 39, "permutations": 39, **values}
    return final_frame(LAB, HsicParameters().change(**few), Context())


def test_a_level_line_is_where_the_level_is() -> None:
    x, y = np.linspace(-2, 2, 41), np.linspace(-2, 2, 51)
    line_x, line_y = level_line(x, y, x**2 + y[:, None] ** 2, 1.0)
    np.testing.assert_allclose(np.hypot(line_x, line_y), 1.0, atol=5e-3)
    assert not np.isnan(line_x).any(), "a circle is one piece"
    assert (line_x[0], line_y[0]) == (line_x[-1], line_y[-1])


def test_level_lines_have_gaps_and_skip_what_is_unknown() -> None:
    x = np.linspace(0, 10, 21)
    z = np.sin(x) * np.ones((3, 1))
    line_x, _ = level_line(x, np.arange(3.0), z, 0.5)
    assert np.isnan(line_x).sum() == 3
    z[:, 10:] = np.nan
    assert np.nanmax(level_line(x, np.arange(3.0), z, 0.5)[0]) < 5
    assert level_line(x, np.arange(3.0), z, 7.0)[0].size == 0


@pytest.mark.parametrize("family", ["fourier", "monomials", "bumps"])
@pytest.mark.parametrize("widths", [(0.6, 0.8), (5.0, 3.0)])
def test_squared_covariances_add_up_to_hsic(family: str, widths: tuple[float, float]) -> None:
    drawn = sample("sine", 120, noise=0.5, seed=3)
    value = hsic(drawn.x, drawn.y, width_x=widths[0], width_y=widths[1])
    found = finish(climb_steps(drawn.x, drawn.y, widths, family, value))
    assert (len(found.names_x), len(found.names_y)) == found.squares.shape
    assert found.running[-1] == pytest.approx(value, rel=1e-4)
    assert (np.diff(found.running) >= 0).all()


@pytest.mark.parametrize("family", ["fourier", "monomials", "bumps"])
def test_squared_covariances_of_many_rows_come_in_steps(family: str) -> None:
    drawn = sample("sine", ROWS + 500, noise=0.5, seed=3)
    steps = climb_steps(drawn.x, drawn.y, (0.6, 0.8), family, 1.0)
    assert sum(1 for _ in steps) == 2
    found = finish(climb_steps(drawn.x, drawn.y, (0.6, 0.8), family, 1.0))
    f, g = (
        gaussian_family(column, width, family).at(torch.from_numpy(column)).numpy()
        for column, width in ((drawn.x, 0.6), (drawn.y, 0.8))
    )
    whole = np.cov(f.T, g.T, bias=True)[: f.shape[1], f.shape[1] :]
    np.testing.assert_allclose(found.squares, whole**2, rtol=1e-9, atol=1e-15 * whole.max() ** 2)


@pytest.mark.parametrize(
    ("p", "log10_p", "words"),
    [
        (0.5, None, ".50"), (0.0312, None, ".031"), (0.001, None, ".001"), (1.0, None, "1"),
        (2.1e-7, None, "2×10⁻⁷"), (9.7e-5, None, "1×10⁻⁴"), (5e-324, -1191.3, "5×10⁻¹¹⁹²"),
        (math.nan, None, "undefined"),
    ],
)  # fmt: skip
def test_p_is_never_zero_nor_too_precise(p: float, log10_p: float | None, words: str) -> None:
    assert p_number(p, log10_p) == words


def test_the_floor_of_permutations_is_named() -> None:
    assert tail_words(0, 999, exact=False) == "p = .001, the least that 999 shuffles can give"
    assert tail_words(0, 999, exact=False) != tail_words(1, 999, exact=False)
    assert tail_words(185, 5040, exact=True) == "p = .037"
    assert short(-1.5e-7) == "−1.5×10⁻⁷"


def test_jobs_are_kept_by_key_and_results_by_size() -> None:
    jobs = Jobs()
    first = jobs.get("a", 1, lambda: iter([None, 1, 2]))
    assert jobs.get("a", 1, lambda: iter([3])) is first
    assert first.run() == 2
    assert jobs.get("a", 2, lambda: iter([3])) is not first
    kept = Finished(most=100)
    assert Job(kept.steps("k", lambda: iter([None, 5]), lambda _: 60)).run() == 5
    assert Job(kept.steps("k", lambda: iter([7]), lambda _: 60)).run() == 5
    kept.keep("other", 1, 60)
    assert Job(kept.steps("k", lambda: iter([7]), lambda _: 60)).run() == 7


def test_what_has_no_steps_is_done_on_a_thread() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work() -> str:
        begun.set()
        go_on.wait()
        return threading.current_thread().name

    steps = on_a_thread(work)
    next(steps)
    begun.wait()
    next(steps)  # it is not waited for
    go_on.set()
    assert finish(steps) == "reading"

    def fail() -> None:
        raise HsicError("bad_value", "No.", "data_file")

    with pytest.raises(HsicError, match="No"):
        finish(on_a_thread(fail))


def test_blocks_keep_the_mean() -> None:
    matrix = np.random.default_rng(0).normal(size=(512, 512))
    drawn = block_means(matrix)
    assert len(drawn) <= 256
    assert drawn.mean() == pytest.approx(matrix.mean(), rel=1e-9)


@pytest.mark.parametrize("layer", list(LAYERS))
def test_every_layer_is_drawn_over_the_same_cells(layer: str) -> None:
    panel = frame_of(layer=layer, n=80).figure.panel("map")
    heat = next(i for i in panel.items if isinstance(i, HeatMap))
    assert heat.z.shape == (15, 15)
    assert heat.extent[0] < 0.025
    marked = [i for i in panel.items if i.key == "marked"]
    if layer == "cka_b":
        assert marked, "the places where biased CKA means nothing are crossed out"


def test_the_lines_of_the_map_are_where_p_is() -> None:
    frame = frame_of()
    line = next(i for i in frame.figure.panel("map").items if i.key == "p = .05")
    assert isinstance(line, Curve)
    known = np.isfinite(line.x)
    assert ((line.x[known] > 0.019) & (line.x[known] < 21)).all()


def test_widthless_kernels_have_a_curve_or_a_sentence() -> None:
    one = frame_of(n=60, kernel_x="distance").figure.panel("map")
    assert any(isinstance(i, Curve) and len(i.x) == 15 for i in one.items)
    other = frame_of(n=60, kernel_x="distance", layer="hsic", width_rule="kci")
    curve = next(i for i in other.figure.panel("map").items if isinstance(i, Curve))
    np.testing.assert_array_equal(curve.y, other.tables["map hsic"])
    assert other.figure.panel("map").x.label.startswith("Width of y, × KCI's ")
    none = frame_of(n=60, kernel_x="distance", kernel_y="distance").figure.panel("map")
    assert any(isinstance(i, Label) for i in none.items)


def test_wide_kernels_stand_on_the_map_where_they_are() -> None:
    panel = frame_of(n=60, width_x=800.0).figure.panel("map")
    assert panel.x.range is not None
    assert panel.x.range[1] > 800
    here = next(i for i in panel.items if i.key == "here")
    assert isinstance(here, Scatter)
    assert here.x[0] == 800.0


@pytest.mark.parametrize("comparison", ["noise", "power"])
def test_comparisons_over_many_data_sets_need_a_relation(comparison: str) -> None:
    frame = frame_of(page="compare", comparison=comparison, n=12, power_sets=10)
    assert len(frame.figure.panels) == 2
    frame = frame_of(page="compare", comparison=comparison, source="anscombe I")
    assert "choose one as the data" in frame.figure.panels[0].title


def test_flow_downhill_loses_dependence_and_uphill_gains_it() -> None:
    down = frame_of(page="flow", n=60, width_x=0.2).tables["flow hsic"]
    up = frame_of(page="flow", n=60, width_x=0.2, uphill=True).tables["flow hsic"]
    assert down[-1] < 0.5 * down[0]
    assert up[-1] > up[0]


def test_the_sliders_have_ticks_where_other_rules_stand():
    frame = final_frame(LAB, HsicParameters().change(n=40, map_permutations=19), Context())
    data = sample("sine", 40, noise=0.3, parameter=4.0, seed=1)
    ticks = {mark.label: mark.value for mark in frame.marks["width_y"]}
    assert ticks["Median distance"] == 1.0
    assert ticks["Standard deviation"] == pytest.approx(
        data.y.std(ddof=1) / median_width(data.y), rel=1e-12
    )
    assert len(ticks) == 4


def test_what_draws_data_is_switched_off_where_data_are_given():
    points = tuple((float(i), i * i / 3) for i in range(9))
    given = final_frame(LAB, HsicParameters().change(points=points, map_permutations=19), Context())
    assert {"n", "noise", "outliers", "rounding", "waves"} <= set(given.idle)
    drawn = final_frame(LAB, HsicParameters().change(n=30, map_permutations=19), Context())
    assert set(drawn.idle) == {"correlation", "datasaurus"}
