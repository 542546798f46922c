"""Kernels by column, Gram matrices from elsewhere, and the rules and conventions of widths."""

import itertools
import math

import numpy as np
import pytest
from scipy.spatial.distance import cdist, pdist
from scipy.stats import gaussian_kde

from zoetrope.core import hsic as lab

RNG = np.random.default_rng(21)
X = RNG.standard_normal(40)
Y = np.cos(2 * X) + 0.3 * RNG.standard_normal(40)
GRAM = np.exp(-cdist(X[:, None], X[:, None], "sqeuclidean") / (2 * lab.median_width(X) ** 2))
GIVEN = {"kernel_x": "precomputed", "width_x": None}


def centred_sum(k, m, order=None):
    """<HKH, HLH> by its definition, y's rows in an order."""
    h = np.eye(len(k)) - 1 / len(k)
    order = np.arange(len(k)) if order is None else np.asarray(order)
    return float(np.trace(k @ h @ m[np.ix_(order, order)] @ h))


@pytest.mark.parametrize(
    "function", [lab.hsic, lab.cka, lab.nocco, lambda *a, **k: lab.moment_test(*a, **k).p_value,
                 lambda *a, **k: lab.gamma_test(*a, **k).p_value,
                 lambda *a, **k: lab.spectral_test(*a, **k).p_value,
                 lambda *a, **k: lab.permutation_test(*a, n_perm=50, **k).p_value,
                 lambda *a, **k: lab.singular_functions(*a, **k).values[0],
                 lambda *a, **k: lab.compare(*a, **k)["hsic"].value],
)  # fmt: skip
def test_a_gram_matrix_stands_for_the_data(function):
    assert function(GRAM, Y, **GIVEN) == pytest.approx(function(X, Y), rel=1e-9)


def test_a_gram_matrix_of_another_library_by_enumeration():
    k = 1 / (1 + cdist(X[:6, None], X[:6, None], "cityblock"))  # no kernel of ours
    m = np.array([[1.0, 0.5], [0.5, 1.0]])[np.ix_([0, 0, 1, 1, 0, 1], [0, 0, 1, 1, 0, 1])]
    options = GIVEN | {"kernel_y": "precomputed", "width_y": None}
    t = [centred_sum(k, m, order) for order in itertools.permutations(range(6))]
    exact = lab.permutation_test(k, m, n_perm="exact", **options)
    assert exact.statistic == pytest.approx(t[0] / 36, rel=1e-12)
    assert exact.p_value == pytest.approx(np.mean(np.array(t) >= t[0] - 1e-12), abs=1e-12)
    moments = lab.moment_test(k, m, **options)
    assert moments.mean * 36 == pytest.approx(np.mean(t), rel=1e-10)
    assert moments.variance * 36**2 == pytest.approx(np.var(t), rel=1e-9)


def test_a_map_with_a_gram_matrix():
    widths = lab.median_width(Y) * np.array([0.3, 1.0, 4.0])
    given = lab.width_grid(GRAM, Y, None, widths, kernel_x="precomputed", n_perm=30)
    plain = lab.width_grid(X, Y, [lab.median_width(X)], widths, n_perm=30)
    np.testing.assert_allclose(given.hsic, plain.hsic, rtol=1e-6)
    np.testing.assert_allclose(given.p_value, plain.p_value, atol=0.04)


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (GRAM[:, :20], "square"),
        (GRAM + np.triu(np.ones((40, 40)), 1), "symmetric"),
        (np.where(np.eye(40) > 0, np.nan, GRAM), "NaN"),
        (GRAM - 2 * np.diag(np.diag(GRAM)), "eigenvalue -"),
        (-np.sqrt(np.abs(np.subtract.outer(X, X))) - 3 * np.eye(40), "eigenvalue -"),
    ],
)
def test_matrices_that_no_kernel_makes(matrix, message):
    with pytest.raises(lab.HsicError, match=message) as caught:
        lab.hsic(matrix, Y, **GIVEN)
    assert caught.value.parameter == "x"
    assert str(caught.value).endswith(".")


def test_what_is_a_kernel_once_centred_is_taken():
    distances = -np.abs(np.subtract.outer(X, X)) / 2
    expected = lab.hsic(X, Y, kernel_x="distance", width_x=None)
    assert lab.hsic(distances, Y, **GIVEN) == pytest.approx(expected, rel=1e-12)


def test_the_check_of_large_matrices_goes_panel_by_panel(monkeypatch):
    from zoetrope.core.hsic import precomputed

    monkeypatch.setattr(precomputed, "PANEL", 7)
    lab.hsic(GRAM, Y, **GIVEN)
    bad = GRAM - 3 * np.outer(GRAM[30], GRAM[30])
    assert np.linalg.eigvalsh(bad - bad.mean(0) - bad.mean(0)[:, None] + bad.mean())[0] < -1e-3
    with pytest.raises(lab.HsicError, match="semidefinite"):
        lab.hsic(bad, Y, **GIVEN)


@pytest.mark.parametrize("columns", ["product", "sum"])
def test_another_kernel_for_every_column(columns):
    words = np.array(["a", "b", "c"])[np.arange(40) % 3]
    table = np.column_stack([X.astype(object), words])
    kernel = lab.Kernel.by_column(("laplace", "delta"), columns)
    first = np.exp(-np.abs(np.subtract.outer(X, X)) / 0.7)
    second = (words[:, None] == words).astype(float)
    expected = first * second if columns == "product" else first + second
    found = lab.gram(table, kernel, (0.7, None), minus_one=False).numpy()
    np.testing.assert_allclose(found, expected, atol=1e-14)
    m = np.exp(-(np.subtract.outer(Y, Y) ** 2) / 2)
    value = lab.hsic(table, Y, kernel_x=kernel, width_x=0.7, width_y=1.0)
    assert value == pytest.approx(centred_sum(expected, m) / 1600, rel=1e-12)
    grid = lab.width_grid(table, Y, [0.7, 2.0], [1.0], kernel_x=kernel)
    assert grid.hsic[0, 0] == pytest.approx(value, rel=1e-8)


def test_kernels_that_cannot_be_joined():
    for make in (
        lambda: lab.Kernel("linear", columns="product"),
        lambda: lab.Kernel("polynomial", columns="sum"),
        lambda: lab.Kernel.by_column(("gaussian", "distance")),
        lambda: lab.Kernel.by_column(("gaussian", lab.Kernel(columns="sum")), "sum"),
        lambda: lab.Kernel.by_column(("gaussian", "delta"), "joint"),
    ):
        with pytest.raises(lab.HsicError):
            make()
    with pytest.raises(lab.HsicError, match="2 parts for 1 column"):
        lab.hsic(X, Y, kernel_x=lab.Kernel.by_column(("gaussian", "delta")))


def test_rules_against_scipy():
    table = np.column_stack([X, 2 * Y])
    assert lab.median_width(X, "mean") == pytest.approx(pdist(X[:, None]).mean(), rel=1e-12)
    assert lab.median_width(table, "mean") == pytest.approx(pdist(table).mean(), rel=1e-12)
    dhsic = math.sqrt(np.median(pdist(table, "sqeuclidean")) / 2)
    assert lab.median_width(table, "dhsic") == pytest.approx(dhsic, rel=1e-2)
    spread = math.sqrt(table.var(0, ddof=1).mean())
    for rule in ("scott", "silverman"):
        factor = gaussian_kde(table.T, rule).factor
        assert lab.median_width(table, rule) == pytest.approx(spread * factor, rel=1e-12)
    assert lab.median_width(X, "kci") == pytest.approx(0.8 * X.std(ddof=1), rel=1e-12)
    assert lab.median_width(X, "lasso") == pytest.approx(X.std(), rel=1e-12)


def test_shifts_and_units_carry_over_to_every_rule():
    from zoetrope.core.hsic.widths import RULES

    for rule in RULES:
        width = lab.median_width(X, rule)
        assert lab.median_width(1e-3 * X + 1e3, rule) == pytest.approx(1e-3 * width, rel=1e-6)


def test_conventions_of_other_programs():
    """Each program's own formula at one distance gives the same kernel value."""
    d, sigma = 0.9, 0.4
    value = math.exp(-(d**2) / (2 * sigma**2))
    formulas = {
        "scikit-learn": lambda w: math.exp(-w * d**2),
        "hyppo": lambda w: math.exp(-w * d**2),
        "dHSIC": lambda w: math.exp(-(d**2) / (2 * w**2)),
        "openturns": lambda w: math.exp(-0.5 * (d / w) ** 2),
        "agginc": lambda w: math.exp(-(d**2) / w**2),
        "kpcalg": lambda w: math.exp(-(d**2) / w**2),
    }
    for program, formula in formulas.items():
        there = lab.convert_width(sigma, "sigma", program)
        assert formula(there) == pytest.approx(value, rel=1e-12)
        assert lab.convert_width(there, program, "sigma") == pytest.approx(sigma, rel=1e-14)
