"""The map over widths: every engine against single evaluations, and the honest p."""

import itertools
import math

import numpy as np
import pytest
import torch

from zoetrope.core import hsic as lab
from zoetrope.core.hsic import binned_engine, stacked_engine, width_map
from zoetrope.core.hsic.binned_engine import BinnedEngine
from zoetrope.core.hsic.datasets import sample
from zoetrope.core.hsic.family_engine import FamilyEngine
from zoetrope.core.hsic.fourier_engine import FourierEngine
from zoetrope.core.hsic.lattice import halved
from zoetrope.core.hsic.stacked_engine import StackedEngine
from zoetrope.core.stepping import finish

FACTORS = np.geomspace(0.1, 100, 7)


def use(monkeypatch, engine):
    """Make `width_grid` draw its maps with one engine."""

    def choose(x, y, widths_x, widths_y):
        if engine is FourierEngine:
            return engine(x, y, widths_x, widths_y)
        return engine(x, y, widths_x.tolist(), widths_y.tolist())

    monkeypatch.setattr(width_map, "choose_engine", choose)


def check(grid, x, y, rel, **kernels):
    for i in range(0, len(grid.widths_x), 2):
        for j in range(0, len(grid.widths_y), 3):
            options = {"width_x": grid.widths_x[i], "width_y": grid.widths_y[j]} | kernels
            options = {k: None if v != v else v for k, v in options.items()}
            value = lab.hsic(x, y, **options)
            assert grid.hsic[i, j] == pytest.approx(value, rel=rel)
            scale = value / lab.cka(x, y, **options)
            unbiased = lab.hsic(x, y, estimator="unbiased", **options)
            assert grid.hsic_u[i, j] == pytest.approx(unbiased, abs=rel * scale)
            assert grid.cka_b[i, j] == pytest.approx(lab.cka(x, y, **options), rel=rel)
            cka_u = lab.cka(x, y, estimator="unbiased", **options)
            assert grid.cka_u[i, j] == pytest.approx(cka_u, abs=2 * rel)
            moment = lab.moment_test(x, y, **options)
            assert grid.log10_p_moment[i, j] == pytest.approx(moment.log10_p, rel=100 * rel)
            assert abs(grid.hsic[i, j] - value) <= 2 * grid.error_bound * scale + 1e-13 * scale


@pytest.mark.parametrize("engine", [FourierEngine, FamilyEngine, StackedEngine])
@pytest.mark.parametrize("relation", ["sine", "exponential_t3"])
def test_engines_agree_with_single_evaluations(monkeypatch, engine, relation):
    drawn = sample(relation, 90, seed=3)
    use(monkeypatch, engine)
    widths = [lab.median_width(v) * FACTORS for v in (drawn.x, drawn.y)]
    grid = lab.width_grid(drawn.x, drawn.y, *widths, n_perm=20)
    check(grid, drawn.x, drawn.y, 1e-5)
    for i, j in ((0, 0), (2, 3)):
        options = {"width_x": widths[0][i], "width_y": widths[1][j]}
        alone = lab.permutation_test(drawn.x, drawn.y, n_perm=20, **options)
        assert grid.p_value[i, j] == pytest.approx(alone.p_value, abs=0.048)


@pytest.mark.parametrize("kernel", ["laplace", "matern32", "rq"])
def test_other_kernels_and_several_columns(kernel):
    rng = np.random.default_rng(1)
    x = rng.standard_normal((60, 2))
    y = x[:, 0] ** 2 + 0.3 * rng.standard_normal(60)
    kernels = {"kernel_x": kernel, "kernel_y": "linear"}
    grid = lab.width_grid(x, y, FACTORS, None, n_perm=10, **kernels)
    assert grid.hsic.shape == (7, 1)
    assert grid.engine == "family of Gram matrices"
    check(grid, x, y, 1e-5, **kernels)


def test_bins_agree_with_fourier_features(monkeypatch):
    drawn = sample("circle", 6000, seed=1)
    widths = [lab.median_width(v) * FACTORS for v in (drawn.x, drawn.y)]
    use(monkeypatch, FourierEngine)
    exact = lab.width_grid(drawn.x, drawn.y, *widths)
    use(monkeypatch, BinnedEngine)
    binned = lab.width_grid(drawn.x, drawn.y, *widths, n_perm=3)
    np.testing.assert_allclose(binned.hsic, exact.hsic, rtol=1e-4)
    np.testing.assert_allclose(binned.cka_u, exact.cka_u, rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(binned.log10_p_moment, exact.log10_p_moment, rtol=1e-2)
    norm = exact.hsic / exact.cka_b
    assert (np.abs(binned.hsic - exact.hsic) <= 2 * binned.error_bound * norm).all()
    assert binned.p_global == 0.25


@pytest.mark.parametrize("kernel", ["laplace", "matern32", "matern52", "rq", "imq", "distance"])
def test_bins_serve_any_kernel_of_the_distance(kernel):
    drawn = sample("circle", 310, seed=1)
    has_width = lab.Kernel(kernel).has_width
    widths = [lab.median_width(drawn.x) * np.array([0.05, 1.0, 100.0]) if has_width else None]
    widths.append(lab.median_width(drawn.y) * np.array([0.1, 1.0]))
    kernels = {"kernel_x": kernel, "kernel_y": "gaussian"}
    binned = lab.width_grid(drawn.x, drawn.y, *widths, n_perm=3, **kernels)
    assert binned.engine == "binned convolution"
    for i, j in np.ndindex(binned.hsic.shape):
        options = kernels | {"width_y": widths[1][j]}
        options["width_x"] = widths[0][i] if has_width else None
        value, cka = lab.hsic(drawn.x, drawn.y, **options), lab.cka(drawn.x, drawn.y, **options)
        assert abs(binned.hsic[i, j] - value) <= binned.error_bound * value / cka
        assert binned.hsic[i, j] == pytest.approx(value, rel=3e-3)
        assert binned.cka_b[i, j] == pytest.approx(cka, rel=1e-2)
        alone = lab.moment_test(drawn.x, drawn.y, **options)
        assert binned.log10_p_moment[i, j] == pytest.approx(alone.log10_p, rel=2e-2)


def test_halving_a_histogram_is_binning_on_every_other_node():
    x, y = np.random.default_rng(0).random((2, 500))
    found = {}
    for bins in (9, 5):
        found[bins] = finish(binned_engine._linear_histogram(x, y, bins))
    half = halved(halved(torch.from_numpy(found[9])).T).T
    np.testing.assert_allclose(half, found[5], atol=1e-12)


def test_the_engine_is_chosen_and_named():
    rng = np.random.default_rng(0)
    x = rng.random(1010)
    assert lab.width_grid(x[:300], x[:300] ** 2, [0.2], [0.2]).engine == "Fourier"
    assert lab.width_grid(x[:40], x[:40] ** 2, [0.01], [0.01]).engine.startswith("family")
    heavy = rng.standard_cauchy(1010)
    many = lab.width_grid(heavy, x, [lab.median_width(heavy) * 30], [0.3])
    assert many.engine in ("Fourier", "stacked incomplete Cholesky")
    table = rng.standard_normal((1010, 2))
    stacked = lab.width_grid(table, table[:, 0], [1.5, 5.0], [0.5, 1.0], n_perm=2)
    assert stacked.engine == "stacked incomplete Cholesky"
    check(stacked, table, table[:, 0], 1e-5)


def test_thin_factors_where_no_grid_serves(monkeypatch):
    """Two columns under a kernel too narrow for a small rank: the error is bounded and said."""
    rng = np.random.default_rng(3)
    table = rng.standard_normal((150, 2))
    y = table[:, 0] * table[:, 1] + 0.3 * rng.standard_normal(150)
    use(monkeypatch, StackedEngine)
    widths = ([0.05, 0.5, 5.0], [0.05, 1.0])
    grid = lab.width_grid(table, y, *widths, n_perm=3)
    check(grid, table, y, 1e-5)
    monkeypatch.setattr(stacked_engine, "MOST_RANK", 20)
    rough = lab.width_grid(table, y, *widths)
    assert rough.error_bound > 1e-3
    difference = np.abs(rough.hsic - grid.hsic)
    assert (difference <= rough.error_bound * grid.hsic / grid.cka_b).all()


@pytest.mark.parametrize("n", [6, 7, 8])
@pytest.mark.parametrize("seed", range(4))
def test_kernels_that_tell_all_rows_apart_have_p_one(n, seed):
    """Cells whose T differs by less than rounding tie; nothing is made of the noise."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(n)
    y = x**2 + 0.3 * rng.standard_normal(n)
    factors = np.geomspace(1e-3, 20, 7)
    widths = [lab.median_width(v) * factors for v in (x, y)]
    grid = lab.width_grid(x, y, *widths, n_perm=99)
    assert (grid.log10_p_moment >= -math.log10(math.factorial(n)) - 1e-9).all()
    assert grid.log10_p_moment[0, 0] == 0
    assert grid.p_value[0, 0] == 1
    assert grid.p_global < 1 or (grid.p_value > 0.3).all()
    for i in range(7):
        alone = lab.moment_test(x, y, width_x=widths[0][i], width_y=widths[1][i])
        assert alone.log10_p >= -math.log10(math.factorial(n)) - 1e-9
        if n > 6:
            continue  # 5040 orders and more
        exact = lab.permutation_test(
            x, y, n_perm="exact", width_x=widths[0][i], width_y=widths[1][i]
        )
        if len(np.unique(np.round(exact.null / exact.null.max(), 11))) == 1:
            assert alone.p_value == 1


def test_a_small_map_is_enumerated():
    rng = np.random.default_rng(8)
    x = rng.standard_normal(6)
    y = x**2 + 0.1 * rng.standard_normal(6)
    y[1] = y[2] = y[0]
    y[4] = y[5] = y[3]  # 20 arrangements
    widths = [lab.median_width(v) * np.array([0.3, 1.0, 3.0]) for v in (x, y)]
    grid = lab.width_grid(x, y, *widths, n_perm="exact")
    assert grid.n_perm == 20
    for i, j in np.ndindex(3, 3):
        options = {"width_x": widths[0][i], "width_y": widths[1][j]}
        alone = lab.permutation_test(x, y, n_perm="exact", **options)
        assert grid.p_value[i, j] == pytest.approx(alone.p_value, abs=1e-12)
    smallest = []
    for values in set(itertools.permutations(y)):
        cells = lab.width_grid(x, values, *widths)
        smallest.append(cells.log10_p_moment.min())
    expected = np.mean(np.array(smallest) <= grid.log10_p_moment.min() + 1e-7)
    assert grid.p_global == pytest.approx(expected, abs=1e-12)
    with pytest.raises(lab.HsicError, match="n_perm a number"):
        lab.width_grid(np.arange(12.0), np.arange(12.0), n_perm="exact")


def test_steps_come_coarse_first_and_end_with_the_whole():
    drawn = sample("sine", 90, seed=0)
    grids = [g for g in lab.width_grid_steps(drawn.x, drawn.y, n_perm=50) if g is not None]
    assert grids[0].p_moment is None
    assert np.isnan(grids[0].cka_b).all()
    assert grids[1].p_moment is not None
    assert grids[-1].n_perm == 50
    assert grids[-1].progress == 1
    assert [g.progress for g in grids] == sorted(g.progress for g in grids)
    again = lab.width_grid(drawn.x, drawn.y, n_perm=50)
    assert again.p_global == grids[-1].p_global
    np.testing.assert_array_equal(again.p_value, grids[-1].p_value)


def test_progress_and_cancelling():
    drawn = sample("sine", 200, seed=0)
    heard = []
    grid = lab.width_grid(
        drawn.x,
        drawn.y,
        n_perm=1000,
        progress=heard.append,
        cancel=lambda: heard[-1] > 0.15,
    )
    assert 0 < grid.n_perm < 1000
    assert heard == sorted(heard)
    assert grid.p_global is not None


def test_a_fine_pattern_is_found_by_the_honest_p_and_not_at_the_median():
    honest = median = 0
    for seed in range(30):
        drawn = sample("sine", 100, noise=0.5, parameter=4, seed=seed)
        median += lab.moment_test(drawn.x, drawn.y).p_value <= 0.05
        if seed < 8:
            honest += lab.width_grid(drawn.x, drawn.y, n_perm=39).p_global <= 0.05
    assert median <= 15
    assert honest >= 7


def test_the_honest_p_of_independent_data_is_spread_evenly():
    found = []
    for seed in range(40):
        drawn = sample("uniform_normal", 24, seed=seed)
        widths = [lab.median_width(v) * np.geomspace(0.05, 5, 5) for v in (drawn.x, drawn.y)]
        found.append(lab.width_grid(drawn.x, drawn.y, *widths, n_perm=39).p_global)
    assert 0.35 < np.mean(found) < 0.65
    assert np.mean(np.array(found) <= 0.1) < 0.25


def test_selecting_widths():
    drawn = sample("sine", 120, noise=0.3, parameter=4, seed=1)
    median = lab.select_widths(drawn.x, drawn.y, "median")
    assert median.width_x == lab.median_width(drawn.x)
    for method in ("minp", "power"):
        found = lab.select_widths(drawn.x, drawn.y, method, n_perm=99)
        assert found.width_x < 0.5 * median.width_x
        assert found.p_value <= 0.01


def test_the_power_criterion_against_all_4_tuples():
    import itertools

    import torch

    from zoetrope.core.hsic.gram_matrix import u_centre
    from zoetrope.core.hsic.selection import hsic_and_deviation

    n = 7
    rng = np.random.default_rng(2)
    x, y = rng.standard_normal((2, n))
    k, m = (lab.gram(v, minus_one=False).numpy() for v in (x, y))
    by_first = np.zeros(n)
    for tuple_ in itertools.combinations(range(n), 4):
        value = np.mean(
            [
                k[s, t] * (m[s, t] + m[u, v] - 2 * m[s, u])
                for s, t, u, v in itertools.permutations(tuple_)
            ]
        )
        by_first[list(tuple_)] += value
    g = by_first / math.comb(n - 1, 3)
    for gram in (k, m):
        np.fill_diagonal(gram, 0)
    value, deviation = hsic_and_deviation(*(u_centre(torch.from_numpy(g)) for g in (k, m)))
    assert value == pytest.approx(g.mean(), rel=1e-10)
    assert deviation**2 == pytest.approx(16 * (np.mean(g**2) - value**2), rel=1e-8)
