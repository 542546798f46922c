"""Every figure of the 50-digit reference tables, and real data."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from zoetrope.core import hsic as lab
from zoetrope.core.hsic.datasets import anscombe

DATA = Path(__file__).parents[2] / "data" / "hsic"
SMALL = json.loads((DATA / "reference_small.json").read_text())
REAL = json.loads((DATA / "reference_real.json").read_text())
COLUMNS = json.loads((DATA / "columns.json").read_text())
NAMES = [name for name in SMALL if not name.startswith("_")]


def cases(name):
    entry = SMALL[name]
    x, y = np.array(entry["x"]), np.array(entry["y"])
    for case in entry["cases"]:
        kernel = case["kernel"]
        options = {"kernel_x": kernel, "kernel_y": kernel}
        options |= {"width_x": case["width_x"], "width_y": case["width_y"]}
        yield x, y, case, options


def scale(x, y, options):
    """√(HSIC(x, x) HSIC(y, y)), what the absolute floor is measured in."""
    own = [
        lab.hsic(v, v, width_x=w, width_y=w, kernel_x=k, kernel_y=k)
        for v, w, k in (
            (x, options["width_x"], options["kernel_x"]),
            (y, options["width_y"], options["kernel_y"]),
        )
    ]
    return math.sqrt(own[0] * own[1])


@pytest.mark.parametrize("name", NAMES)
def test_estimators(name):
    for x, y, case, options in cases(name):
        value = lab.hsic(x, y, **options)
        assert value == pytest.approx(case["hsic_b"], rel=1e-9, abs=0)
        if case["cka_b"] is None:
            assert math.isnan(lab.cka(x, y, **options))
        else:
            assert lab.cka(x, y, **options) == pytest.approx(case["cka_b"], rel=1e-8)
        if len(x) < 4:
            with pytest.raises(lab.HsicError, match="at least 4 rows"):
                lab.hsic(x, y, estimator="unbiased", **options)
            continue
        floor = 1e-12 * scale(x, y, options)
        value = lab.hsic(x, y, estimator="unbiased", **options)
        assert value == pytest.approx(case["hsic_u"], rel=1e-8, abs=floor)
        value = lab.cka(x, y, estimator="unbiased", **options)
        if case["cka_u"] is None:
            assert math.isnan(value)
        else:
            assert value == pytest.approx(case["cka_u"], rel=1e-8)


@pytest.mark.parametrize("name", NAMES)
def test_widths(name):
    entry = SMALL[name]
    for rule, key in (("median", "median_all"), ("positive", "median_positive")):
        for values, expected in zip((entry["x"], entry["y"]), entry[key], strict=True):
            if expected:
                assert lab.median_width(values, rule) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_exact_p(name):
    for x, y, case, options in cases(name):
        if case.get("p_exact") is not None:
            result = lab.permutation_test(x, y, n_perm="exact", **options)
            assert result.p_value == pytest.approx(case["p_exact"], abs=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_moments_and_gamma(name):
    for x, y, case, options in cases(name):
        n = len(x)
        if "perm_mean" in case and n >= 6:
            result = lab.moment_test(x, y, **options)
            assert result.mean * n**2 == pytest.approx(case["perm_mean"], rel=1e-9)
            assert result.variance * n**4 == pytest.approx(
                case["perm_var"], rel=1e-9, abs=1e-24 * case["perm_mean"] ** 2
            )
            if case.get("p_moments") is not None:
                assert result.skewness == pytest.approx(case["perm_skew"], rel=1e-9)
                assert result.p_value == pytest.approx(case["p_moments"], rel=1e-6)
        if case.get("gamma_p") is not None:
            result = lab.gamma_test(x, y, **options)
            assert result.mean == pytest.approx(case["gamma_mean"], rel=1e-9)
            assert result.variance == pytest.approx(case["gamma_var"], rel=1e-9)
            assert result.p_value == pytest.approx(case["gamma_p"], rel=1e-6)


def real_pairs():
    iris, wine = COLUMNS["iris"], COLUMNS["wine"]
    diabetes, cancer = COLUMNS["diabetes"], COLUMNS["cancer"]
    sepal = np.column_stack([iris["sepal length"], iris["sepal width"]])
    petal = np.column_stack([iris["petal length"], iris["petal width"]])
    quartet = zip(
        ("d19_anscombeI", "d20_anscombeII", "d21_anscombeIII", "d22_anscombeIV"),
        ("I", "II", "III", "IV"),
        strict=True,
    )
    return {name: (anscombe(w).x, anscombe(w).y) for name, w in quartet} | {
        "iris_sepal_len_vs_petal_len": (iris["sepal length"], iris["petal length"]),
        "iris_sepal_wid_vs_petal_wid": (iris["sepal width"], iris["petal width"]),
        "iris_sepal2d_vs_petal2d": (sepal, petal),
        "wine_alcohol_vs_color": (wine["alcohol"], wine["color"]),
        "diabetes_bmi_vs_target": (diabetes["bmi"], diabetes["target"]),
        "diabetes_age_vs_s3": (diabetes["age"], diabetes["s3"]),
        "cancer_radius_vs_texture": (cancer["radius"], cancer["texture"]),
    }


@pytest.mark.parametrize("name", real_pairs())
def test_real_data(name):
    x, y = (np.array(values) for values in real_pairs()[name])
    expected = REAL[name]
    widths = {"width_x": expected["width_x"], "width_y": expected["width_y"]}
    if name != "d22_anscombeIV":  # its median is 0 and the table put 1 in its place
        assert lab.median_width(x) == pytest.approx(widths["width_x"], rel=1e-12)
        assert lab.hsic(x, y, estimator="unbiased", **widths) == pytest.approx(
            expected["hsic_u"], rel=1e-8
        )
    assert lab.hsic(x, y, **widths) == pytest.approx(expected["hsic_b"], rel=1e-9)
    assert lab.cka(x, y, **widths) == pytest.approx(expected["cka_b"], rel=1e-9)
    assert lab.moment_test(x, y, **widths).p_value == pytest.approx(expected["p_moments"], rel=1e-6)
    assert lab.gamma_test(x, y, **widths).p_value == pytest.approx(expected["p_gamma"], rel=1e-6)
    p = lab.permutation_test(x, y, n_perm=2000, **widths).p_value
    assert p == pytest.approx(expected["p_perm"], abs=5 * math.sqrt(p / 2000) + 5e-4)
    if "pearson_r" in expected:
        found = lab.compare(x, y, n_perm=0)
        for ours, theirs in (("pearson", "pearson_r"), ("spearman", "spearman"), ("dcor", "dcor")):
            assert found[ours].value == pytest.approx(expected[theirs], rel=1e-9)
        assert found["pearson"].p_value == pytest.approx(expected["pearson_p"], rel=1e-9)


def test_scikit_learns_diabetes_where_a_shared_width_goes_wrong():
    """Scales of 0.05 and 75: one width for both variables, as hyppo has it, says p = 0.004."""
    x, y = COLUMNS["diabetes"]["bmi"], COLUMNS["diabetes"]["target"]
    assert lab.moment_test(x, y).p_value == pytest.approx(6.6e-35, rel=0.01)
    assert lab.moment_test(x, 1e4 * np.array(y)).p_value == pytest.approx(
        lab.moment_test(x, y).p_value, rel=1e-6
    )
