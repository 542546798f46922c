"""How categories and long names are drawn, and in which order what is known of many rows comes."""

from itertools import combinations, permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zoetrope.core.device import Context
from zoetrope.core.hsic import witness
from zoetrope.core.hsic.coefficients import Coefficient
from zoetrope.core.hsic.compare_view import coefficients_page
from zoetrope.core.hsic.comparison_text import NAMES
from zoetrope.core.hsic.dependence_page import DependencePage
from zoetrope.core.hsic.lab import LAB
from zoetrope.core.hsic.lab_data import load
from zoetrope.core.hsic.lab_parameters import HsicParameters
from zoetrope.core.hsic.lab_study import study_steps
from zoetrope.core.items import HeatMap, Label, Scatter
from zoetrope.core.lab import Frame, final_frame
from zoetrope.core.stepping import finish

TOWNS, MOODS = ("Oslo", "Bergen", "Tromsø"), ("low", "high")


@pytest.fixture
def own(tmp_path: Path) -> str:
    rng = np.random.default_rng(4)
    town, mood = rng.integers(0, 3, 90), rng.integers(0, 2, 90)
    rows = [
        f"{TOWNS[t]},{MOODS[m]},{t + rng.normal():.3f},{rng.normal():.3f}"
        for t, m in zip(town, mood, strict=True)
    ]
    path = tmp_path / "own.csv"
    path.write_text("\n".join(["town,mood,rain on the hills in autumn,sun", *rows]), "utf-8")
    return str(path)


def frame_of(**values: Any) -> Frame:
    few = {"map_permutations": 19, "permutations": 19, **values}
    return final_frame(LAB, HsicParameters().change(**few), Context())


def test_categories_have_cells_words_and_points_beside_each_other(own: str) -> None:
    delta = {"kernel_x": "delta", "kernel_y": "delta"}
    frame = frame_of(data_file=own, columns_x=("town",), columns_y=("mood",), **delta)
    panel = frame.figure.panel("scatter")
    assert panel.x.words in permutations(TOWNS)  # in the order in which they are met
    assert panel.y.words in permutations(MOODS)
    heat = next(i for i in panel.items if isinstance(i, HeatMap))
    assert heat.extent == (-0.5, 2.5, -0.5, 1.5)
    points = next(i for i in panel.items if isinstance(i, Scatter))
    assert points.edits is None  # a category is not dragged
    assert len(set(zip(points.x, points.y, strict=True))) == 90
    codes = np.rint(points.x), np.rint(points.y)
    cells = witness(*codes, np.arange(3.0), np.arange(2.0), kernel_x="delta", kernel_y="delta",
                    width_x=None, width_y=None)  # fmt: skip
    np.testing.assert_allclose(heat.z, cells.T, atol=1e-12)


def test_numbers_that_are_no_codes_keep_their_places() -> None:
    points = tuple((float(i % 3) / 2, float(i % 2)) for i in range(12))
    frame = frame_of(points=points, kernel_x="delta")
    panel = frame.figure.panel("scatter")
    drawn = next(i for i in panel.items if isinstance(i, Scatter))
    assert drawn.edits is not None
    np.testing.assert_array_equal(drawn.x, [x for x, _ in points])
    assert panel.x.words == ()


def test_numbers_beside_text_keep_their_kernel(own: str) -> None:
    text = {"columns_x": ("town",), "columns_y": ("mood",), "kernel_x": "delta"}
    frame = frame_of(page="columns", data_file=own, kernel_y="delta", **text)
    assert "Text takes the delta kernel" in " ".join(n.text for n in frame.notices)
    numbers = frame_of(page="columns", data_file=own)
    np.testing.assert_array_equal(frame.tables["cka"], numbers.tables["cka"])


@pytest.mark.parametrize("count", [2, 4, 7, 9])
def test_names_below_the_matrix_do_not_touch(count: int, tmp_path: Path) -> None:
    names = [f"long name {k}" for k in range(count)]
    rows = np.random.default_rng(1).normal(size=(20, count)).round(3)
    path = tmp_path / "many.csv"
    np.savetxt(path, rows, "%.3f", ",", header=",".join(names), comments="")
    panel = frame_of(page="columns", data_file=str(path)).figure.panel("columns")
    below = [i for i in panel.items if isinstance(i, Label) and i.key.startswith("column ")]
    assert len(below) == count
    assert panel.x.range is not None
    assert panel.y.range is not None
    letter = (panel.x.range[1] - panel.x.range[0]) * 6 / 280  # in the smallest window
    line = (panel.y.range[1] - panel.y.range[0]) * 12 / 440
    assert min(label.y for label in below) - line > panel.y.range[0]
    for a, b in combinations(below, 2):
        apart = abs(a.x - b.x) - letter * (len(a.label) + len(b.label)) / 2
        assert apart > 0 or abs(a.y - b.y) > line


@pytest.mark.parametrize("value", [-1.0, -0.3, 0.0, 0.35, 0.6, 0.97])
@pytest.mark.parametrize("p", [0.96, 0.06, 0.04, 1e-50])
def test_words_about_measures_stay_clear_of_lines_and_dots(value: float, p: float) -> None:
    found = {name: Coefficient(value, p, "by hand") for name in NAMES}
    values, p_values = coefficients_page(found).panels
    for panel, width in ((values, 420), (p_values, 240)):
        assert panel.x.range is not None
        pixel = (panel.x.range[1] - panel.x.range[0]) / width  # of the smallest window
        dots = {i.y[0]: i.x[0] for i in panel.items if isinstance(i, Scatter)}
        lines = [i.value for i in panel.items if i.key == "level"]
        for label in (i for i in panel.items if isinstance(i, Label)):
            length = pixel * 6.4 * len(label.label.strip())
            gap = pixel * 6
            start = label.x + gap if label.anchor == "left" else label.x - gap - length
            assert panel.x.range[0] <= start
            assert start + length <= panel.x.range[1]
            for at in (*lines, *(x for y, x in dots.items() if y == label.y)):
                assert not start < at < start + length


def test_the_map_of_many_rows_comes_before_their_shuffles() -> None:
    parameters = HsicParameters().change(n=1200, map_permutations=19, permutations=19)
    study = finish(study_steps(load(parameters), parameters, "cpu"))
    page = DependencePage(study, parameters)
    known, shares = [], []
    while not page.advance():
        if page.presentable:
            null, grid = study.null((1.0, 1.0), 19).result, study.map(19).result
            fine = grid is not None and grid.p_moment is not None
            known.append((fine, null is not None))
            share = page.frame(False).progress
            assert share is not None
            shares.append(share)
    assert (True, False) in known
    assert (False, True) not in known
    assert shares == sorted(shares)
    assert shares[-1] == 0.99
