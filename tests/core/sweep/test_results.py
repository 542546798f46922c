"""What repeats come to, against SciPy and the standard library, and how it is drawn."""

import math
import statistics
from typing import Any

import numpy as np
import pytest
from scipy.stats import binomtest

from tests.core.sweep.poison_lab import LAB, PoisonParameters
from zoetrope.core.items import Curve, HeatMap, Scatter, Segments
from zoetrope.core.sweep.cells import Measured
from zoetrope.core.sweep.definition import Definition
from zoetrope.core.sweep.picture import (
    Shown,
    columns,
    comparison,
    nearest,
    picture,
    point_places,
    scale_of,
)
from zoetrope.core.sweep.results import Results, wilson
from zoetrope.core.sweep.store import Row
from zoetrope.core.sweep.varied import parse_varied


def definition(*texts: str, seeds: int = 1) -> Definition:
    varied = [parse_varied(text, PoisonParameters) for text in texts]
    return Definition.of(LAB, PoisonParameters(), varied, seeds=seeds, keep=("total", "word"))


def filled(sweep: Definition, value: Any, error: Any = lambda cell: "") -> Results:
    results = Results(sweep)
    cells = [sweep.cell(place) for place in range(sweep.size)]
    results.add([
        Row.of(cell, Measured({"total": value(cell)} if not error(cell) else {}, error(cell),
                              "cpu", "0", 1.0))
        for cell in cells
    ])  # fmt: skip
    return results


def noisy(cell: Any) -> float:
    return float(cell.values[0] + (cell.seed * 7) % 5)


SWEEP = definition("width=1,2,4", "height=0..1:5", seeds=6)


def test_the_mean_has_the_standard_error_of_the_library() -> None:
    summary = filled(SWEEP, noisy).summary("total")
    for i, width in enumerate((1.0, 2.0, 4.0)):
        sample = [width + ((5 + repeat) * 7) % 5 for repeat in range(6)]
        error = statistics.stdev(sample) / math.sqrt(6)
        assert summary.centre[i, 2] == pytest.approx(statistics.mean(sample))
        assert summary.low[i, 2] == pytest.approx(statistics.mean(sample) - error)
        assert summary.high[i, 2] == pytest.approx(statistics.mean(sample) + error)


def test_the_median_stands_between_the_quartiles() -> None:
    summary = filled(SWEEP, noisy).summary("total", "median")
    sample = [1.0 + ((5 + repeat) * 7) % 5 for repeat in range(6)]
    found = (summary.low[0, 0], summary.centre[0, 0], summary.high[0, 0])
    assert found == pytest.approx(statistics.quantiles(sample, n=4, method="inclusive"))


@pytest.mark.parametrize(("hits", "count"), [(0, 20), (1, 20), (10, 20), (20, 20), (3, 7)])
def test_the_interval_of_a_share_is_wilsons(hits: int, count: int) -> None:
    deviations = 1.0
    inside = math.erf(deviations / math.sqrt(2))
    known = binomtest(hits, count).proportion_ci(inside, method="wilson")
    low, high = wilson(np.array([hits], float), np.array([count], float), deviations)
    assert (low[0], high[0]) == pytest.approx((known.low, known.high), abs=1e-12)


def test_a_share_counts_values_at_or_below_the_level() -> None:
    summary = filled(SWEEP, lambda cell: float(cell.seed)).summary("total", "share", 7.0)
    assert summary.centre[0, 0] == 3 / 6  # the seeds 5, 6, 7 of 5 to 10


def test_what_failed_is_no_number_and_what_is_unknown_is_nothing() -> None:
    results = filled(
        SWEEP, lambda cell: 1.0, lambda cell: "It broke." if cell.values == (2.0, 0.5) else ""
    )
    summary = results.summary("total")
    assert math.isnan(summary.centre[1, 2])
    assert np.isfinite(summary.centre).sum() == 14
    assert results.failed.sum() == 6
    assert np.isnan(results.summary("word").centre).all()  # a text
    table = columns(results, Shown("total"))
    assert table["failed"].tolist() == [0] * 7 + [6] + [0] * 7
    assert table["width"].tolist() == np.repeat([1.0, 2.0, 4.0], 5).tolist()
    assert table["height"].tolist() == [0.0, 0.25, 0.5, 0.75, 1.0] * 3


def test_cells_of_a_smaller_or_larger_sweep_are_left_out() -> None:
    larger, results = definition("width=1,2,4,9", "height=0..1:5", seeds=9), Results(SWEEP)
    results.add([
        Row.of(larger.cell(place), Measured({"total": 1.0}, "", "cpu", "0", 1.0))
        for place in range(larger.size)
    ])  # fmt: skip
    assert (results.summary("total").count == 6).all()


def test_a_map_puts_each_cell_where_its_values_are() -> None:
    sweep = definition("width=1,2,4", "height=0..1:5")
    results = filled(sweep, lambda cell: 10 * cell.values[0] + cell.values[1])
    panel = picture(results, Shown("total")).panels[0]
    heat = next(item for item in panel.items if isinstance(item, HeatMap))
    assert panel.x.words == ("1", "2", "4")  # no even scale
    assert panel.y.words == ()
    assert heat.extent == pytest.approx((-0.5, 2.5, -0.125, 1.125))
    assert heat.z.shape == (5, 3)
    assert heat.z[4, 2] == 41.0
    turned = picture(results, Shown("total", first_across=False)).panels[0]
    heat = next(item for item in turned.items if isinstance(item, HeatMap))
    assert heat.z[2, 4] == 41.0
    for shown, x, y in ((Shown("total"), 1.6, 0.9), (Shown("total", first_across=False), 0.9, 1.6)):
        assert nearest(sweep, shown, x, y) == (2, 4)


def test_equal_factors_are_a_log_axis_and_falling_values_rise() -> None:
    sweep = definition("width=0.1..10:3:log", "height=4..1:4")
    assert scale_of(sweep, 0, even=True).axis.log
    results = filled(sweep, lambda cell: cell.values[1])
    panel = picture(results, Shown("total")).panels[0]
    heat = next(item for item in panel.items if isinstance(item, HeatMap))
    edges = math.sqrt(10)
    assert heat.extent == pytest.approx((0.1 / edges, 10 * edges, 0.5, 4.5))
    assert heat.z[:, 0].tolist() == [1.0, 2.0, 3.0, 4.0]
    assert nearest(sweep, Shown("total"), 0.2, 3.9) == (0, 0)


def test_curves_have_error_bars_and_points_that_know_their_cell() -> None:
    results, shown = filled(SWEEP, noisy), Shown("total", form="curves")
    panel = picture(results, shown).panels[0]
    curves = [item for item in panel.items if isinstance(item, Curve)]
    bars = [item for item in panel.items if isinstance(item, Segments)]
    points = next(item for item in panel.items if isinstance(item, Scatter))
    assert [curve.label for curve in curves] == [
        f"Height = {h} m" for h in ("0", "0.25", "0.5", "0.75", "1")
    ]
    assert all(bar.x0.size == 3 for bar in bars)
    summary = results.summary("total")
    for index, (i, j) in enumerate(point_places(results, shown)):
        assert points.y[index] == summary.centre[i, j]
        assert f"Width = {(1, 2, 4)[i]} m" in points.words[index]
    assert "standard error" in panel.summary


def test_many_curves_are_thinned_and_it_is_said() -> None:
    sweep = definition("width=1,2,4", "height=0..1:30")
    panel = picture(filled(sweep, lambda cell: 1.0), Shown("total", form="curves")).panels[0]
    assert sum(isinstance(item, Curve) for item in panel.items) == 7
    assert "23 of 30 curves are left out" in panel.summary


def test_words_stand_on_the_axis_of_a_choice() -> None:
    sweep = definition("shape=round,flat", "dark=no,yes")
    panel = picture(filled(sweep, lambda cell: 1.0), Shown("total")).panels[0]
    assert (panel.x.words, panel.y.words) == (("Round", "Flat"), ("no", "yes"))


def test_two_sweeps_are_compared_by_their_difference() -> None:
    one, other = filled(SWEEP, noisy), filled(SWEEP, lambda cell: noisy(cell) - cell.values[1])
    figure = comparison(one, other, Shown("total"), ("new", "old"))
    assert [panel.title for panel in figure.panels] == ["new", "old", "new minus old"]
    heat = next(i for i in figure.panel("difference").items if isinstance(i, HeatMap))
    np.testing.assert_allclose(heat.z, np.outer([0, 0.25, 0.5, 0.75, 1], [1, 1, 1]), atol=1e-12)
    assert heat.levels == pytest.approx((-1.0, 1.0))
    apart = filled(definition("width=1,2", "height=0..1:5"), lambda cell: 1.0)
    assert len(comparison(one, apart, Shown("total"), ("a", "b")).panels) == 2
