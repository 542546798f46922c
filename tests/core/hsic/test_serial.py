"""Series whose rows may not be shuffled one by one."""

import numpy as np
import pytest

from zoetrope.core import hsic as lab
from zoetrope.core.hsic.permutations import draw
from zoetrope.core.hsic.serial import autocorrelations, block_length, ljung_box


def series(phi, n, seed):
    """x_t = phi x_{t-1} + e_t."""
    noise = np.random.default_rng(seed).standard_normal(n)
    x = np.zeros(n)
    for t in range(n):
        x[t] = (phi * x[t - 1] if t else 0) + noise[t]
    return x


def test_ljung_box_against_statsmodels():
    x = series(0.8, 200, 0)
    assert ljung_box(x) == pytest.approx((351.78772626, 1.663373e-69), rel=1e-5)
    np.testing.assert_allclose(autocorrelations(x, 3), [0.82386778, 0.6726429, 0.52041351])
    quiet = np.random.default_rng(9).standard_normal(60)
    assert ljung_box(quiet, 10) == pytest.approx((9.176285535, 0.515459271), rel=1e-8)


@pytest.mark.parametrize(
    ("phi", "n", "seed", "expected"),
    [(0.8, 200, 0, 10.36), (0.5, 500, 1, 9.52), (0.0, 300, 2, 0.97), (0.95, 1000, 4, 56.3)],
)
def test_the_block_length_is_that_of_other_programs(phi, n, seed, expected):
    """`arch` norms autocorrelations slightly otherwise, hence the tolerance."""
    assert block_length(series(phi, n, seed)) == pytest.approx(expected, rel=0.15, abs=1)


def test_what_counts_as_serial_dependence():
    x, y = series(0.9, 300, 1), series(0.9, 300, 2)
    found = lab.serial_dependence(x, y)
    assert found.notable
    # two AR(1) series: n_eff = n (1 - phi²)/(1 + phi²) (Bartlett 1935)
    assert found.effective_n == pytest.approx(300 * 0.19 / 1.81, rel=0.5)
    assert found.lag_one_x == pytest.approx(autocorrelations(x, 1)[0])
    noise = np.random.default_rng(3).standard_normal(300)
    assert not lab.serial_dependence(x, noise).notable
    assert not lab.serial_dependence(noise, noise[::-1]).notable
    constant = lab.serial_dependence(np.ones(20), noise[:20])
    assert (constant.lag_one_x, constant.p_x, constant.effective_n) == (0, 1, 20)
    with pytest.raises(lab.HsicError, match="at least 8 rows"):
        lab.serial_dependence(x[:7], y[:7])


def test_blocks_stay_together():
    n, length = 23, 5
    stream = draw(n, 3, length)
    for _ in range(50):
        order = next(stream).numpy()
        assert sorted(order) == list(range(n))
        seams = ((np.diff(order) - 1) % n != 0).sum()
        assert seams <= -(-n // length) - 1
    shift = next(draw(n, 3, n)).numpy()
    assert ((np.diff(shift) - 1) % n == 0).all()
    np.testing.assert_array_equal(next(draw(n, 3, 1)), next(draw(n, 3)))


def test_blocks_keep_the_level_where_single_rows_do_not():
    rejected = {1: 0, 12: 0}
    for seed in range(40):
        x, y = series(0.9, 100, 2 * seed), series(0.9, 100, 2 * seed + 1)
        for length in rejected:
            result = lab.permutation_test(x, y, n_perm=99, block_length=length)
            assert result.block_length == length
            rejected[length] += result.p_value <= 0.05
    assert rejected[1] >= 12
    assert rejected[12] <= 8


def test_blocks_of_a_map_and_of_many_variables():
    x = series(0.9, 60, 5)
    y = np.roll(x, 1) + 0.1 * series(0.5, 60, 6)
    cell = lab.width_grid(x, y, [1.0], [1.0], n_perm=60, block_length=10, seed=4)
    alone = lab.permutation_test(x, y, n_perm=60, block_length=10, seed=4, width_x=1.0, width_y=1.0)
    assert cell.p_value[0, 0] == alone.p_value
    assert cell.block_length == 10
    assert lab.dhsic_test([x, y], n_perm=20, block_length=10).block_length == 10
    with pytest.raises(lab.HsicError):
        lab.permutation_test(x[:6], y[:6], n_perm="exact", block_length=2)
