"""Permutation, exact-moment and older tests against enumeration and independent formulas."""

import dataclasses
import itertools
import math

import mpmath
import numpy as np
import pytest
import torch

from zoetrope.core import hsic as lab
from zoetrope.core.hsic import spectral_law
from zoetrope.core.hsic.datasets import anscombe, sample
from zoetrope.core.hsic.gram_matrix import block, off_diagonal
from zoetrope.core.hsic.low_rank import incomplete_cholesky
from zoetrope.core.hsic.low_rank_moments import low_rank_moments
from zoetrope.core.hsic.moments import side_moments
from zoetrope.core.hsic.pearson3 import log_upper_tail
from zoetrope.core.hsic.permuted_statistic import LowRankStatistic
from zoetrope.core.stepping import finish

RNG = np.random.default_rng(5)


@pytest.mark.parametrize("n", [6, 7])
@pytest.mark.parametrize("factor", [0.05, 0.5, 50])
@pytest.mark.parametrize("kernel", ["gaussian", "laplace", "distance"])
def test_moments_against_all_permutations(n, factor, kernel):
    x = RNG.standard_normal(n)
    y = np.round(x**2 + 0.3 * RNG.standard_normal(n), 1)
    options = {"kernel_x": kernel, "kernel_y": kernel, "width_x": factor, "width_y": factor}
    if kernel == "distance":
        options |= {"width_x": None, "width_y": None}
    k, m = (lab.gram(v, kernel, options["width_x"]).numpy() for v in (x, y))
    h = np.eye(n) - 1 / n
    k, m = h @ k @ h, h @ m @ h
    t = np.array([(k * m[np.ix_(p, p)]).sum() for p in itertools.permutations(range(n))])
    result = lab.moment_test(x, y, **options)
    assert result.mean * n**2 == pytest.approx(t.mean(), rel=1e-9)
    if t.std() > 1e-6 * t.mean():
        assert result.variance * n**4 == pytest.approx(t.var(), rel=1e-6)
        skewness = ((t - t.mean()) ** 3).mean() / t.std() ** 3
        assert result.skewness == pytest.approx(skewness, rel=1e-6, abs=1e-8)
    exact = lab.permutation_test(x, y, n_perm="exact", **options)
    assert np.sort(exact.null * n**2)[-1] == pytest.approx(t.max(), rel=1e-9)


def test_exact_p_of_ties():
    x = [0, 0, 0, 0, 1, 1, 1, 1]
    y = [0, 0, 0, 1, 0, 1, 1, 1]
    result = lab.permutation_test(x, y, n_perm="exact")
    assert result.n_perm == 70
    assert result.p_value == 34 / 70
    assert lab.permutation_test(x, y, n_perm="exact", dtype="float32").p_value == 34 / 70
    assert lab.permutation_test(x, y, n_perm=4000).p_value == pytest.approx(34 / 70, abs=0.04)
    four = anscombe("IV")
    assert lab.permutation_test(four.x, four.y, n_perm="exact").p_value == 1 / 11
    p = lab.permutation_test(four.x, four.y, n_perm=20000).p_value
    assert p == pytest.approx(1 / 11, abs=0.009)


def test_the_same_seed_gives_the_same_p_however_it_is_cut():
    drawn = sample("circle", 80, seed=4)
    first = lab.permutation_test(drawn.x, drawn.y, n_perm=333, seed=9)
    *partial, last = lab.permutation_steps(drawn.x, drawn.y, n_perm=333, seed=9)
    np.testing.assert_array_equal(first.null, last.null)
    assert first.p_value == last.p_value
    assert len(first.null) == first.n_perm == 333
    for earlier in filter(None, partial):
        np.testing.assert_array_equal(earlier.null, last.null[: len(earlier.null)])
    assert lab.permutation_test(drawn.x, drawn.y, n_perm=333, seed=10).p_value != first.p_value


def test_thin_factors_give_the_statistic_of_whole_matrices(monkeypatch):
    from zoetrope.core.hsic import permuted_statistic

    drawn = sample("sine", 150, seed=1)
    thin = lab.permutation_test(drawn.x, drawn.y, n_perm=200)
    monkeypatch.setattr(permuted_statistic, "DENSE_UP_TO", 1000)
    dense = lab.permutation_test(drawn.x, drawn.y, n_perm=200)
    assert (thin.engine, dense.engine) == ("incomplete Cholesky", "dense")
    assert thin.p_value == dense.p_value
    assert np.abs(thin.null - dense.null).max() <= thin.error_bound + 1e-15
    single = lab.permutation_test(drawn.x, drawn.y, n_perm=200, dtype="float32")
    assert single.p_value == dense.p_value


@pytest.mark.parametrize("flat", ["x", "y"])
def test_a_side_without_any_feature_tells_nothing(flat):
    sides = {"x": block(RNG.standard_normal((60, 1)), 1.0, "gaussian", "x"),
             "y": block(RNG.standard_normal((60, 1)), 1.0, "gaussian", "y")}  # fmt: skip
    thin = {name: incomplete_cholesky(rows, 59) for name, rows in sides.items()}
    thin[flat] = dataclasses.replace(thin[flat], factor=thin[flat].factor[:, :0])
    statistic = LowRankStatistic(thin["x"], thin["y"])
    orders = torch.stack([torch.randperm(60) for _ in range(7)])
    assert statistic.observed == 0.0
    assert finish(statistic.of(orders)).tolist() == [0.0] * 7


@pytest.mark.parametrize("kernel", ["gaussian", "imq", "linear", "polynomial"])
@pytest.mark.parametrize("width", [0.3, 1e4])
def test_thin_moments_are_those_of_whole_matrices(kernel, width):
    x = RNG.standard_normal((120, 1 if kernel == "gaussian" else 2))
    has_width = lab.Kernel(kernel).has_width
    rows = block(x, width if has_width else None, kernel, "x")
    thin = incomplete_cholesky(rows, 119)
    found, expected = low_rank_moments(thin), side_moments(off_diagonal(rows))
    for name in ("trace", "scale", "s2", "s3", "cubes", "b", "r", "t3"):
        value = getattr(expected, name)
        torch.testing.assert_close(getattr(found, name), value, rtol=1e-7, atol=1e-11)


def gamma_tail(a, x, side):
    """log Q(a, x) for side 1, log P(a, x) for side -1: the density at x times an integral."""
    step = x / (abs(x - a) + mpmath.sqrt(a))
    places = [0, *(k * step for k in (1, 4, 16, 60, 200, 1000)), mpmath.inf]
    if side < 0:
        places = [p for p in places if p < x] + [x]
    ratio = mpmath.quad(
        lambda u: (
            mpmath.exp((a - 1) * mpmath.log1p(side * u / x) - side * u)
            if u < x or side > 0
            else mpmath.mpf(0)
        ),
        places,
    )
    return mpmath.log(ratio) + (a - 1) * mpmath.log(x) - x - mpmath.loggamma(a)


@pytest.mark.parametrize(
    "skewness", [1e-4, 2e-3, 0.01, 0.025, 0.1, 0.7, 2.5, -2e-3, -0.012, -0.025, -0.3, -1.0]
)
def test_pearson_tails_against_multiple_precision(skewness):
    z = np.array([-0.7, 0.0, 1.0, 3.9, 4.1, 9.0, 30.0, 200.0])
    z = z[(z * -skewness < 2) & (z * skewness > -1.9)]
    found = log_upper_tail(
        torch.from_numpy(z), torch.full((len(z),), skewness, dtype=torch.float64)
    )
    with mpmath.workdps(22):
        for value, log_p in zip(z, found.tolist(), strict=True):
            if abs(skewness) < 1e-3:
                expected = mpmath.log(mpmath.erfc(value / mpmath.sqrt(2)) / 2)
            else:
                a, side = mpmath.mpf(4) / mpmath.mpf(skewness) ** 2, math.copysign(1, skewness)
                expected = gamma_tail(a, a + side * value * mpmath.sqrt(a), side)
            assert log_p == pytest.approx(float(expected), rel=1e-10, abs=3e-8)


def test_beyond_the_end_of_the_curve_p_is_one_in_n_factorial():
    """A skewness below 0 ends the fitted curve; what lies beyond it is still a possible value."""
    from zoetrope.core.hsic.moments import PermutationMoments

    one = torch.ones(1, dtype=torch.float64)
    moments = PermutationMoments(9, 0 * one, one, one, -one, one > 2)
    assert float(moments.log_p(3 * one).exp()) == pytest.approx(1 / math.factorial(9))


def test_the_spectral_test_agrees_with_permutations():
    drawn = sample("circle", 60, seed=2, noise=0.3)
    spectral = lab.spectral_test(drawn.x, drawn.y)
    permuted = lab.permutation_test(drawn.x, drawn.y, n_perm=2000)
    assert spectral.p_value == pytest.approx(permuted.p_value, abs=0.04)
    assert lab.spectral_test(drawn.x, drawn.y).p_value == spectral.p_value


def weighted_chi_squares(weights, value, draws=400_000):
    """P(Σ w z² >= value) by direct simulation."""
    rng = np.random.default_rng(99)
    hits = 0
    for _ in range(0, draws, 2000):
        hits += int((rng.standard_normal((2000, len(weights))) ** 2 @ weights >= value).sum())
    return hits / draws


@pytest.mark.parametrize("width", [0.15, 1.0])
def test_the_spectral_law_against_all_its_terms(width):
    """The small products of eigenvalues, drawn together as one gamma variable, weigh as they do."""
    drawn = sample("sine", 40, noise=0.8, seed=4)
    result = lab.spectral_test(drawn.x, drawn.y, width_x=width, width_y=width)
    spectra = []
    for values in (drawn.x, drawn.y):
        k = np.exp(-(np.subtract.outer(values, values) ** 2) / (2 * width**2))
        h = np.eye(40) - 1 / 40
        spectra.append(np.clip(np.linalg.eigvalsh(h @ k @ h), 0, None) / 40)
    weights = np.outer(*spectra).ravel()
    felt = weights[weights > 1e-9 * weights.max()]  # all others add up to less than 1e-6 of them
    expected = weighted_chi_squares(felt, 40 * result.statistic, 40_000)
    assert result.p_value == pytest.approx(expected, abs=0.012)
    assert result.null.mean() * 40 == pytest.approx(weights.sum(), rel=0.02)
    assert result.null.var() * 1600 == pytest.approx(2 * (weights**2).sum(), rel=0.05)


@pytest.mark.parametrize("factor", [0.02, 1.0])
def test_the_spectra_of_many_rows_come_from_thin_factors(monkeypatch, factor):
    drawn = sample("circle", 120, seed=2, noise=0.5)
    widths = {
        "width_x": factor * lab.median_width(drawn.x),
        "width_y": factor * lab.median_width(drawn.y),
    }
    whole = lab.spectral_test(drawn.x, drawn.y, **widths)
    monkeypatch.setattr(spectral_law, "WHOLE_UP_TO", 60)
    monkeypatch.setattr(spectral_law, "MOST_RANK", 96)
    *early, thin = (step for step in lab.spectral_steps(drawn.x, drawn.y, **widths) if step)
    assert thin.p_value == pytest.approx(whole.p_value, abs=0.02)
    assert thin.null.mean() == pytest.approx(whole.null.mean(), rel=0.02)
    assert [len(step.null) for step in early] == sorted(len(step.null) for step in early)


def test_all_permutations_tie_when_the_kernel_sees_nothing():
    x = RNG.standard_normal(20)
    result = lab.permutation_test(x, x, n_perm=99, width_x=1e-12, width_y=1e-12)
    assert result.p_value == 1
    assert lab.moment_test(x, x, width_x=1e-12, width_y=1e-12).p_value == 1


def test_the_moment_test_holds_its_level():
    rejected = 0
    for seed in range(400):
        drawn = sample("exponential_t3", 40, seed=seed)
        rejected += lab.moment_test(drawn.x, drawn.y).p_value <= 0.05
    assert 8 <= rejected <= 34


def test_joint_independence():
    from zoetrope.core.hsic.datasets import xor_triple

    a, b, c = xor_triple(200)
    for one, other in ((a, b), (a, c), (b, c)):
        assert lab.dhsic([one, other], kernels="delta") < 0.004
    assert lab.dhsic([a, b, c], kernels="delta") > 0.12
    assert lab.dhsic_test([a, b, c], kernels="delta", n_perm=99).p_value == 0.01
    x = RNG.standard_normal((3, 12))
    assert lab.dhsic(x[:2]) == pytest.approx(lab.hsic(x[0], x[1]), rel=1e-12)
    k = np.array([lab.gram(v, minus_one=False).numpy() for v in x])
    tuples = itertools.product(range(12), repeat=2)
    first = np.mean([np.prod(k[:, i, j]) for i, j in tuples])
    expected = first + np.prod(k.mean((1, 2))) - 2 * np.mean(np.prod(k.mean(2), axis=0))
    assert lab.dhsic(x) == pytest.approx(expected, rel=1e-10)


def test_joint_independence_of_many_rows_comes_matrix_by_matrix(monkeypatch):
    from zoetrope.core.hsic import joint_independence

    variables = list(RNG.standard_normal((3, 40)))
    whole = lab.dhsic_test(variables, n_perm=30, seed=2)
    monkeypatch.setattr(joint_independence, "STEP_ENTRIES", 1600)
    *early, last = lab.dhsic_steps(variables, n_perm=30, seed=2)
    np.testing.assert_array_equal(last.null, whole.null)
    assert sum(step is None for step in early) == 3 + 3 * 31


def test_kernels_too_narrow_for_a_smooth_law_are_named():
    """Under which the law was .3 and the permutations .5."""
    rng = np.random.default_rng(2)
    x, y = rng.standard_normal(10), rng.standard_normal(10)
    smooth = lab.moment_test(x, y, width_x=0.05, width_y=0.05)
    exact = lab.permutation_test(x, y, width_x=0.05, width_y=0.05, n_perm=2000)
    assert abs(smooth.p_value - exact.p_value) > 0.15
    assert "so narrow" in smooth.notes[0]
    assert lab.moment_test(x, y).notes == ()
    assert lab.moment_test(x, y, kernel_x="linear", width_x=None).notes == ()


def test_near_pairs_are_counted():
    """Twins far from other twins, and one pair alone."""
    for pairs, rows in (
        (20, np.repeat(np.arange(20) * 100.0, 2)),
        (5, np.repeat(np.arange(5) * 100.0, 2)),
        (1, np.r_[0, 0, 1:9] * 100.0),
    ):
        sums = side_moments(off_diagonal(block(rows, 1.0, "gaussian", "x")))
        assert pairs < float(sums.near_pairs) < 2 * pairs


def test_nocco_of_values_that_swallow_its_ridge_is_refused_in_words():
    x = RNG.standard_normal(20)
    with pytest.raises(lab.HsicError, match="rescale the data or raise epsilon") as caught:
        lab.nocco(1e8 * x, x, kernel_x="linear", width_x=None)
    assert caught.value.parameter == "epsilon"
    assert lab.nocco(1e8 * x, x, kernel_x="linear", width_x=None, epsilon=1e9) > 0
