"""Gradients, dragging, witness, spectrum, singular functions, comparisons and studies."""

import math

import numpy as np
import pytest
from scipy import stats

from zoetrope.core import hsic as lab
from zoetrope.core.hsic import coefficients
from zoetrope.core.hsic.column_matrix import correct
from zoetrope.core.hsic.datasets import RELATIONS, anscombe, sample
from zoetrope.core.hsic.kernels import RADIAL
from zoetrope.core.hsic.rotation import mixed_sources

RNG = np.random.default_rng(7)
X = RNG.standard_normal((12, 2))
Y = X[:, 0] ** 2 + 0.3 * RNG.standard_normal(12)


@pytest.mark.parametrize("kernel", [*RADIAL, "linear", "polynomial", "distance"])
def test_gradients_against_finite_differences(kernel):
    width = 1.3 if lab.Kernel(kernel).has_width else None
    options = {"kernel_x": kernel, "kernel_y": kernel, "width_x": width, "width_y": width}
    found = lab.gradient(X, Y, **options)
    assert found.value == pytest.approx(lab.hsic(X, Y, **options), rel=1e-12)
    step = 1e-6
    for i, c in ((0, 0), (3, 1), (11, 0)):
        up, down = X.copy(), X.copy()
        up[i, c] += step
        down[i, c] -= step
        slope = (lab.hsic(up, Y, **options) - lab.hsic(down, Y, **options)) / (2 * step)
        assert found.x[i, c] == pytest.approx(slope, abs=1e-6 * np.abs(found.x).max())
    if width is None:
        assert math.isnan(found.log_width_y)
        return
    up, down = (options | {"width_y": width * math.exp(s)} for s in (step, -step))
    slope = (lab.hsic(X, Y, **up) - lab.hsic(X, Y, **down)) / (2 * step)
    assert found.log_width_y == pytest.approx(slope, abs=1e-7 * found.value)


@pytest.mark.parametrize("kernel", ["gaussian", "laplace", "distance"])
def test_a_thousand_moves_equal_a_recomputation(kernel):
    width = 0.8 if lab.Kernel(kernel).has_width else None
    options = {"kernel_x": kernel, "kernel_y": kernel, "width_x": width, "width_y": width}
    x, y = RNG.standard_normal((2, 60))
    dragged = lab.DraggedSample(x, y, **options)
    dragged.p_value()
    for _ in range(1000):
        i = int(RNG.integers(60))
        x[i], y[i] = RNG.standard_normal(2)
        value = dragged.move(i, x[i], y[i])
    assert value == pytest.approx(lab.hsic(x, y, **options), rel=1e-10)
    p, log10_p = dragged.p_value()
    assert p == pytest.approx(lab.moment_test(x, y, **options).p_value, rel=1e-8)
    assert log10_p == pytest.approx(math.log10(p))


@pytest.mark.parametrize("kernel", ["gaussian", "distance", "linear"])
def test_the_witness_averages_to_hsic(kernel):
    width = "median" if kernel == "gaussian" else None
    options = {"kernel_x": kernel, "kernel_y": kernel, "width_x": width, "width_y": width}
    w = lab.witness(X, Y, X, Y, **options)
    assert np.trace(w) / 12 - w.mean() == pytest.approx(lab.hsic(X, Y, **options), rel=1e-10)


def test_the_spectrum_peaks_at_the_frequency_and_sums_to_hsic():
    drawn = sample("sine", 500, noise=0.5, parameter=8, seed=1)
    found = lab.spectrum(drawn.x, drawn.y, np.linspace(0.5, 40, 159), np.linspace(0.1, 8, 80))
    assert found.peak[0] == pytest.approx(8 * math.pi, abs=1)
    assert found.power.max() > 40 * found.noise
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    weights = weights / weights.sum()
    width = 0.7
    half = lab.spectrum(X[:, 0], Y, nodes / width, nodes / width).power
    expected = lab.hsic(X[:, 0], Y, width_x=width, width_y=width)
    assert weights @ half @ weights == pytest.approx(expected, rel=1e-8)


def test_singular_values_sum_to_hsic():
    found = lab.singular_functions(X, Y, grid_x=X, grid_y=Y)
    assert (found.values**2).sum() == pytest.approx(lab.hsic(X, Y), rel=1e-9)
    np.testing.assert_allclose(found.f, found.f_grid, atol=1e-9)
    np.testing.assert_allclose(found.g, found.g_grid, atol=1e-9)
    covariance = found.f.T @ found.g / 12
    np.testing.assert_allclose(covariance, np.diag(found.values[:3]), atol=1e-9)


def test_a_matrix_of_columns():
    table = np.column_stack([X, Y, np.full(12, 2.0)])
    found = lab.hsic_matrix(table)
    assert found.hsic[0, 2] == pytest.approx(lab.hsic(X[:, 0], Y), rel=1e-12)
    assert found.p_value[2, 0] == pytest.approx(lab.moment_test(X[:, 0], Y).p_value, rel=1e-9)
    assert found.p_value[0, 3] == 1
    assert np.isnan(found.cka[3]).all()
    permuted = lab.hsic_matrix(table, n_perm=99, correction="bh")
    alone = lab.permutation_test(X[:, 0], Y, n_perm=99)
    assert permuted.p_value[0, 2] == alone.p_value
    p = np.array([0.01, 0.04, 0.03, 0.5])
    np.testing.assert_allclose(correct(p, "holm"), [0.04, 0.09, 0.09, 0.5])
    np.testing.assert_allclose(correct(p, "bh"), stats.false_discovery_control(p))


@pytest.mark.parametrize("step", [0.0, 0.5])
@pytest.mark.parametrize("n", [20, 70])
def test_coefficients_against_scipy(step, n):
    drawn = sample("copula", n, seed=n, rounding=step)
    x, y = drawn.x, drawn.y
    for ours, theirs in (
        (coefficients.pearson, stats.pearsonr),
        (coefficients.spearman, stats.spearmanr),
        (coefficients.kendall, stats.kendalltau),
    ):
        found, expected = ours(x, y), theirs(x, y)
        assert found.value == pytest.approx(expected.statistic, rel=1e-10)
        assert found.p_value == pytest.approx(expected.pvalue, rel=1e-9)
    if step == 0 and hasattr(stats, "chatterjeexi"):
        found = coefficients.chatterjee_xi(x, y)
        expected = stats.chatterjeexi(x, y, y_continuous=True)
        assert found.value == pytest.approx(expected.statistic, rel=1e-10)
        assert found.p_value == pytest.approx(expected.pvalue, rel=1e-9)


def test_mutual_information_of_a_gaussian():
    drawn = sample("copula", 2000, noise=0, parameter=0.8, seed=0)
    value = coefficients.mutual_information(drawn.x, drawn.y)
    assert value == pytest.approx(-math.log(1 - 0.64) / 2, abs=0.06)


def test_comparing_everything():
    drawn = sample("circle", 100, seed=0)
    found = lab.compare(drawn.x, drawn.y, n_perm=19)
    names = "pearson spearman kendall xi_xy xi_yx dcor dcor_u hsic cka mi_ksg"
    assert list(found) == names.split()
    assert found["mi_ksg"].p_value == 0.05
    assert found["cka"].value == pytest.approx(lab.cka(drawn.x, drawn.y), rel=1e-9)
    assert found["hsic"].p_value == pytest.approx(lab.moment_test(drawn.x, drawn.y).p_value)
    distance = {"kernel_x": "distance", "kernel_y": "distance", "width_x": None, "width_y": None}
    unbiased = lab.cka(drawn.x, drawn.y, estimator="unbiased", **distance)
    assert found["dcor_u"].value == pytest.approx(unbiased, rel=1e-9)
    assert set(lab.compare(X, Y)) == {"dcor", "dcor_u", "hsic", "cka"}
    assert lab.compare(X[:6, 0], Y[:6], n_perm=0)["hsic"].method == "exact"


@pytest.mark.parametrize("relation", RELATIONS)
def test_relations(relation):
    first = sample(relation, 150, seed=3)
    assert first.x.shape == first.y.shape == (150,)
    assert np.isfinite([first.x, first.y]).all()
    np.testing.assert_array_equal(sample(relation, 150, seed=3).y, first.y)
    crooked = sample(relation, 150, seed=3, outliers=0.1, rounding=0.25)
    np.testing.assert_allclose(crooked.x * 4, np.round(crooked.x * 4), atol=1e-9)
    assert (crooked.y != np.round(first.y * 4) / 4).sum() <= 15
    if first.dependent:
        p = lab.width_grid(first.x, first.y).p_moment.min()
        assert p < 0.02


def test_anscombe():
    for which in ("I", "II", "III", "IV"):
        four = anscombe(which)
        assert np.corrcoef(four.x, four.y)[0, 1] == pytest.approx(0.8164, abs=5e-4)


def test_flows_climb_and_descend():
    drawn = sample("circle", 60, seed=0)
    up = [frame.hsic for frame in lab.flow_steps(drawn.x, drawn.y, n_steps=15)]
    down = [f.hsic for f in lab.flow_steps(drawn.x, drawn.y, n_steps=15, uphill=False)]
    assert len(up) == 16
    assert up == sorted(up)
    assert down == sorted(down, reverse=True)
    *_, still = lab.flow_steps(drawn.x, drawn.y, n_steps=3, moves="y")
    np.testing.assert_array_equal(still.x[:, 0], drawn.x)
    first = next(lab.flow_steps(drawn.x + 50, drawn.y, dtype="float32"))
    np.testing.assert_allclose(first.x[:, 0], drawn.x + 50, rtol=1e-6)


def test_the_rotation_finds_the_mixing_angle():
    mixed = mixed_sources(300, math.radians(30), seed=2)
    *_, curve = lab.rotation_steps(mixed, count=46)
    assert math.degrees(curve.best) == pytest.approx(30, abs=6)
    assert np.isfinite(curve.hsic).all()


def test_the_power_study_and_the_noise_sweep():
    steps = lab.power_steps(
        "sine", 60, noise=0.5, n_sets=4, n_perm=19, factors_x=(0.05, 1.0), factors_y=(0.5, 1.0)
    )
    maps = [step for step in steps if step is not None]
    assert [found.done for found in maps] == [1, 2, 3, 4]
    assert maps[-1].rate.shape == (2, 2)
    assert maps[-1].rate[0].min() >= maps[-1].rate[1].max()
    *_, sweep = lab.noise_sweep_steps("circle", [0.0, 2.0], 150)
    assert sweep.value["hsic"][0] > sweep.value["hsic"][1]
    assert sweep.p_value["hsic"][0] < 0.05
