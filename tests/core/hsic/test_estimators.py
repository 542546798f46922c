"""Identities, invariances, limits and the corners of the number range."""

import itertools
import math
from pathlib import Path

import mpmath
import numpy as np
import pytest

from zoetrope.core import hsic as lab
from zoetrope.core.hsic.kernels import RADIAL

RNG = np.random.default_rng(11)
X = RNG.standard_normal(50)
Y = np.sin(2 * X) + 0.4 * RNG.standard_normal(50)
MEDIAN_X, MEDIAN_Y = lab.median_width(X), lab.median_width(Y)


def exact_hsic(x, y, sx, sy, unbiased=False):
    """HSIC by its definition in 60 digits."""
    with mpmath.workdps(60):
        n = len(x)
        grams = []
        for values, width in ((x, sx), (y, sy)):
            v = [mpmath.mpf(float(value)) for value in values]
            w = 2 * mpmath.mpf(width) ** 2
            grams.append([[mpmath.exp(-((a - b) ** 2) / w) for b in v] for a in v])
        k, m = grams
        if unbiased:
            for i in range(n):
                k[i][i] = m[i][i] = mpmath.mpf(0)
        rows_k, rows_m = [sum(row) for row in k], [sum(row) for row in m]
        both = sum(a * b for r, s in zip(k, m, strict=True) for a, b in zip(r, s, strict=True))
        cross = sum(a * b for a, b in zip(rows_k, rows_m, strict=True))
        whole = sum(rows_k) * sum(rows_m)
        if unbiased:
            value = both + whole / ((n - 1) * (n - 2)) - 2 * cross / (n - 2)
            return float(value / (n * (n - 3)))
        return float(both / n**2 + whole / n**4 - 2 * cross / n**3)


@pytest.mark.parametrize("factor", [1e-6, 1e-3, 0.03, 1, 10, 100, 1e3, 1e6])
def test_corners_of_the_width_range(factor):
    widths = {"width_x": factor * MEDIAN_X, "width_y": factor * MEDIAN_Y}
    expected = exact_hsic(X, Y, *widths.values())
    assert lab.hsic(X, Y, **widths) == pytest.approx(expected, rel=1e-12)
    single = lab.hsic(X, Y, dtype="float32", **widths)
    assert single == pytest.approx(expected, rel=1e-4)
    expected = exact_hsic(X, Y, *widths.values(), unbiased=True)
    floor = 1e-13 * math.sqrt(
        lab.hsic(X, X, width_x=widths["width_x"], width_y=widths["width_x"])
        * lab.hsic(Y, Y, width_x=widths["width_y"], width_y=widths["width_y"])
    )
    unbiased = lab.hsic(X, Y, estimator="unbiased", **widths)
    assert unbiased == pytest.approx(expected, rel=1e-9, abs=floor)


def test_the_unbiased_estimator_is_the_mean_over_ordered_4_tuples():
    x, y = X[:7], Y[:7]
    k, m = (lab.gram(v, minus_one=False).numpy() for v in (x, y))
    terms = [
        k[i, j] * (m[i, j] + m[q, r] - 2 * m[i, q])
        for i, j, q, r in itertools.permutations(range(7), 4)
    ]
    assert lab.hsic(x, y, estimator="unbiased") == pytest.approx(np.mean(terms), rel=1e-12)


@pytest.mark.parametrize("estimator", ["biased", "unbiased"])
def test_units_order_and_origin_do_not_matter(estimator):
    value = lab.cka(X, Y, estimator=estimator)
    shuffled = RNG.permutation(50)
    for x, y in (
        (Y, X),
        (X, 1e4 * Y),
        (1e-6 * X, Y),
        (X + 1e6, Y),
        (-X, Y),
        (X[shuffled], Y[shuffled]),
    ):
        assert lab.cka(x, y, estimator=estimator) == pytest.approx(value, rel=1e-7)


def test_wide_gaussians_see_only_covariance():
    r = np.corrcoef(X, Y)[0, 1]
    wide = {"width_x": 1e5 * MEDIAN_X, "width_y": 1e5 * MEDIAN_Y}
    assert lab.cka(X, Y, **wide) == pytest.approx(r**2, rel=1e-8)
    value = lab.hsic(X, Y, **wide) * 1e20 * MEDIAN_X**2 * MEDIAN_Y**2
    assert value == pytest.approx(np.cov(X, Y, ddof=0)[0, 1] ** 2, rel=1e-8)


def test_narrow_kernels_align_for_any_data():
    narrow = {"width_x": 1e-9, "width_y": 1e-9}
    assert lab.cka(X, Y, **narrow) == pytest.approx(1, abs=1e-12)
    assert math.isnan(lab.cka(X, Y, estimator="unbiased", **narrow))
    assert lab.hsic(X, Y, **narrow) == pytest.approx(49 / 50**2, rel=1e-12)


def test_wide_laplace_kernels_are_distance_correlation():
    options = {"kernel_x": "laplace", "kernel_y": "laplace"}
    wide = {"width_x": 1e7 * MEDIAN_X, "width_y": 1e7 * MEDIAN_Y}
    distance = {"kernel_x": "distance", "kernel_y": "energy", "width_x": None, "width_y": None}
    assert lab.cka(X, Y, **options, **wide) == pytest.approx(lab.cka(X, Y, **distance), rel=1e-5)


def test_the_distance_kernel_is_distance_covariance():
    a, b = (np.abs(v[:, None] - v) for v in (X, Y))
    a, b = (d - d.mean(0) - d.mean(1)[:, None] + d.mean() for d in (a, b))
    options = {"kernel_x": "distance", "kernel_y": "distance", "width_x": None, "width_y": None}
    assert 4 * lab.hsic(X, Y, **options) == pytest.approx((a * b).mean(), rel=1e-10)


@pytest.mark.parametrize("kernel", [*RADIAL, "linear", "polynomial", "distance", "delta"])
def test_gram_matrices_are_the_kernels(kernel):
    x = np.round(X[:8], 1)[:, None] * [1.0, -0.5]
    d = np.linalg.norm(x[:, None] - x, axis=2)
    r, inner = d / 0.7, x @ x.T
    origin = np.linalg.norm(x - x[0], axis=1)
    expected = {
        "gaussian": np.exp(-(r**2) / 2),
        "laplace": np.exp(-r),
        "matern32": (1 + math.sqrt(3) * r) * np.exp(-math.sqrt(3) * r),
        "matern52": (1 + math.sqrt(5) * r + 5 * r**2 / 3) * np.exp(-math.sqrt(5) * r),
        "rq": 1 / (1 + r**2 / 2),
        "imq": 1 / np.sqrt(1 + r**2),
        "linear": inner,
        "polynomial": (1 + inner) ** 2,
        "distance": (origin[:, None] + origin - d) / 2,
        "delta": (d == 0).astype(float),
    }[kernel]
    width = 0.7 if lab.Kernel(kernel).has_width else None
    found = lab.gram(x, kernel, width, minus_one=False).numpy()
    np.testing.assert_allclose(found, expected, atol=1e-14)
    h = np.eye(8) - 1 / 8
    np.testing.assert_allclose(
        h @ lab.gram(x, kernel, width).numpy() @ h, h @ expected @ h, atol=1e-13
    )


@pytest.mark.parametrize("kernel", RADIAL)
@pytest.mark.parametrize("factor", [1e-3, 1e4, 1e8])
def test_every_kernel_keeps_its_digits(kernel, factor):
    """HSIC of a scaled width against 60 digits of the same formula."""
    x, y = X[:6], Y[:6]
    with mpmath.workdps(60):
        forms = {
            "gaussian": lambda r: mpmath.exp(-(r**2) / 2),
            "laplace": lambda r: mpmath.exp(-r),
            "matern32": lambda r: (1 + mpmath.sqrt(3) * r) * mpmath.exp(-mpmath.sqrt(3) * r),
            "matern52": lambda r: (
                (1 + mpmath.sqrt(5) * r + 5 * r**2 / 3) * mpmath.exp(-mpmath.sqrt(5) * r)
            ),
            "rq": lambda r: 1 / (1 + r**2 / 2),
            "imq": lambda r: 1 / mpmath.sqrt(1 + r**2),
        }
        h = mpmath.eye(6) - mpmath.ones(6) / 6
        grams = [
            mpmath.matrix(
                6,
                6,
            )
            + mpmath.matrix(
                [
                    [forms[kernel](abs(mpmath.mpf(float(a)) - float(b)) / factor) for b in v]
                    for a in v
                ]
            )
            for v in (x, y)
        ]
        k, m = (h * g * h for g in grams)
        expected = float(sum(k[i, j] * m[i, j] for i in range(6) for j in range(6)) / 36)
    found = lab.hsic(x, y, width_x=factor, width_y=factor, kernel_x=kernel, kernel_y=kernel)
    assert found == pytest.approx(expected, rel=1e-10)


def test_products_and_sums_over_columns():
    table = np.column_stack([X, Y])[:20]
    for columns in ("product", "sum"):
        kernel = lab.Kernel("gaussian", columns=columns)
        parts = [
            lab.gram(c, "gaussian", w, minus_one=False).numpy()
            for c, w in zip(table.T, (0.5, 2.0), strict=True)
        ]
        expected = parts[0] * parts[1] if columns == "product" else parts[0] + parts[1]
        found = lab.gram(table, kernel, (0.5, 2.0), minus_one=False).numpy()
        np.testing.assert_allclose(found, expected, atol=1e-14)


def test_precomputed_and_categorical_blocks():
    expected = lab.hsic(X, Y)
    k = lab.gram(X, minus_one=False)
    found = lab.hsic(k, Y, kernel_x="precomputed", width_x=None)
    assert found == pytest.approx(expected, rel=1e-12)
    words = np.array(["red", "blue", "green"])[np.arange(50) % 3]
    options = {"kernel_x": "delta", "width_x": None}
    assert lab.hsic(words, Y, **options) == lab.hsic(np.arange(50) % 3, Y, **options)
    assert lab.hsic(words.astype(object), Y, **options) == lab.hsic(words, Y, **options)


def test_slices_agree_with_whole_matrices(monkeypatch):
    from zoetrope.core.hsic import estimators

    whole = [lab.hsic(X, Y, estimator=e) for e in ("biased", "unbiased")]
    monkeypatch.setattr(estimators, "DENSE_ROWS", 10)
    monkeypatch.setattr(estimators, "SLICE_ENTRIES", 350)
    sliced = [lab.hsic(X, Y, estimator=e) for e in ("biased", "unbiased")]
    assert sliced == pytest.approx(whole, rel=1e-12)


def test_nocco_is_the_trace_of_two_regressions():
    k, m = (lab.gram(v, minus_one=False).numpy() for v in (X, Y))
    h = np.eye(50) - 1 / 50
    rx, ry = (h @ g @ h @ np.linalg.inv(h @ g @ h + 50 * 1e-3 * np.eye(50)) for g in (k, m))
    assert lab.nocco(X, Y, epsilon=1e-3) == pytest.approx(np.trace(rx @ ry), rel=1e-9)


def test_the_median_of_many_rows_is_exact():
    for values in (RNG.standard_normal(1701), np.round(RNG.standard_normal(1600), 1)):
        upper = np.triu_indices(len(values), 1)
        distances = np.abs(values[upper[0]] - values[upper[1]])
        assert lab.median_width(values) == pytest.approx(np.median(distances), rel=1e-12)
        positive = np.median(distances[distances > 0])
        assert lab.median_width(values, "positive") == pytest.approx(positive, rel=1e-12)


def test_width_conventions():
    assert lab.convert_width(2.0, "sigma", "gamma") == 1 / 8
    for name in ("gamma", "bandwidth", "variance"):
        there = lab.convert_width(0.7, "sigma", name)
        assert lab.convert_width(there, name, "sigma") == pytest.approx(0.7, rel=1e-15)
    assert lab.median_width(X, "gretton") == pytest.approx(MEDIAN_X / math.sqrt(2))
    assert lab.median_width(X, "std") == pytest.approx(X.std(ddof=1))
    assert lab.median_width(X, "scott") == pytest.approx(X.std(ddof=1) * 50**-0.2)
    silverman = X.std(ddof=1) * (4 / 150) ** 0.2
    assert lab.median_width(X, "silverman") == pytest.approx(silverman)


def test_importing_the_package_loads_nothing_heavy():
    import subprocess
    import sys

    code = (
        "import sys, zoetrope.core.hsic as h; h.HsicError; "
        "print([m for m in ('torch', 'scipy', 'matplotlib', 'PyQt6') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="."
    )
    assert done.stdout.strip() == "[]"


def test_every_public_name_is_there():
    for name in lab.__all__:
        assert getattr(lab, name).__doc__
    assert set(lab.__all__) == set(dir(lab))
    modules = {path.stem for path in Path(lab.__file__).parent.glob("*.py")}
    assert not modules & set(lab.__all__)  # a submodule would hide the function
