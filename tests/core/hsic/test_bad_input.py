"""Bad input gets a sentence, a code and the name of what is wrong; never a silent number."""

import math

import numpy as np
import pytest

from zoetrope.core import hsic as lab
from zoetrope.core.hsic.datasets import sample

X = np.arange(10.0)
Y = X**2


@pytest.mark.parametrize(
    ("x", "y", "options", "code", "parameter"),
    [
        (np.where(X == 3, np.nan, X), Y, {}, "not_finite", "x"),
        (X, np.where(X == 3, np.inf, Y), {}, "not_finite", "y"),
        ([], [], {}, "too_few", "x"),
        ([1.0], [2.0], {}, "too_few", None),
        (X[:3], Y[:3], {"estimator": "unbiased"}, "too_few", "x"),
        (X, Y[:9], {}, "length_mismatch", "y"),
        (X.reshape(5, 2, 1), Y, {}, "bad_shape", "x"),
        (5.0, 3.0, {}, "bad_shape", "x"),
        ([[1.0], [1.0, 2.0]], Y, {}, "bad_shape", "x"),
        (["a"] * 10, Y, {}, "bad_value", "x"),
        (X + 1j, Y, {}, "bad_value", "x"),
        (X, Y, {"width_x": 0}, "bad_width", "width_x"),
        (X, Y, {"width_y": -1.0}, "bad_width", "width_y"),
        (X, Y, {"width_y": math.nan}, "bad_width", "width_y"),
        (X, Y, {"width_x": None}, "bad_width", "width_x"),
        (X, Y, {"width_x": "mode"}, "unknown_choice", "width_x"),
        (X, Y, {"kernel_x": "linear", "width_x": 1.0}, "bad_width", "width_x"),
        (X, Y, {"kernel_x": "cosine"}, "unknown_kernel", "kernel_x"),
        (X, Y, {"kernel_y": 3}, "unknown_kernel", "kernel_y"),
        (X, Y, {"estimator": "plain"}, "unknown_choice", "estimator"),
        (X, Y, {"dtype": "float16"}, "unknown_choice", "dtype"),
        (X, Y, {"kernel_x": "precomputed", "width_x": None}, "bad_shape", "x"),
        (np.triu(np.ones((10, 10))), Y, {"kernel_x": "precomputed"}, "bad_value", "x"),
    ],
)
def test_hsic_refuses(x, y, options, code, parameter):
    with pytest.raises(lab.HsicError) as caught:
        lab.hsic(x, y, **options)
    assert caught.value.code == code
    assert parameter is None or caught.value.parameter == parameter
    message = str(caught.value)
    assert message.endswith(".")
    assert len(message) < 200


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: lab.moment_test(X[:5], Y[:5]), "too_few"),
        (lambda: lab.gamma_test(X[:5], Y[:5]), "too_few"),
        (lambda: lab.gamma_test(X, Y, kernel_x="linear", width_x=None), "undefined"),
        (lambda: lab.permutation_test(X, Y, n_perm=0), "bad_value"),
        (lambda: lab.permutation_test(X, Y, n_perm=2.5), "bad_value"),
        (lambda: lab.permutation_test(X, Y, seed=-1), "bad_value"),
        (
            lambda: lab.permutation_test(np.arange(30.0), np.arange(30.0), n_perm="exact"),
            "too_large",
        ),
        (lambda: lab.width_grid(X, Y, [1.0, -1.0], [1.0]), "bad_width"),
        (lambda: lab.width_grid(X, Y, [], [1.0]), "bad_width"),
        (lambda: lab.width_grid(X, Y, ["a"], [1.0]), "bad_width"),
        (lambda: lab.width_grid(X[:3], Y[:3]), "too_few"),
        (lambda: lab.width_grid(X, Y, [1.0], kernel_x="linear"), "bad_width"),
        (lambda: lab.dhsic([X]), "too_few"),
        (lambda: lab.dhsic([X, Y[:9]]), "length_mismatch"),
        (lambda: lab.dhsic([X[:5], Y[:5], X[:5]]), "too_few"),
        (lambda: lab.dhsic([X, Y], kernels=["gaussian"]), "length_mismatch"),
        (lambda: lab.dhsic([X, Y], kernels="linear"), "undefined"),
        (lambda: lab.witness(X, Y, np.ones((3, 2)), X), "bad_shape"),
        (lambda: lab.gradient(X, Y, kernel_x="delta"), "undefined"),
        (lambda: lab.hsic_matrix(X[:, None]), "too_few"),
        (lambda: lab.hsic_matrix(np.ones((10, 3)), correction="sidak"), "unknown_choice"),
        (lambda: lab.spectrum(np.ones((9, 2)), np.ones(9), [1.0], [1.0]), "bad_shape"),
        (lambda: lab.select_widths(X, Y, "best"), "unknown_choice"),
        (lambda: lab.convert_width(1.0, "sigma", "tau"), "unknown_choice"),
        (lambda: lab.median_width(X, "mode"), "unknown_choice"),
        (lambda: lab.Kernel("distance", exponent=2.0), "bad_value"),
        (lambda: lab.Kernel("polynomial", degree=2.5), "bad_value"),
        (lambda: lab.Kernel("polynomial", offset=math.nan), "bad_value"),
        (lambda: lab.Kernel("gauss"), "unknown_kernel"),
        (lambda: lab.DraggedSample(X, Y, kernel_x="delta"), "undefined"),
        (lambda: lab.DraggedSample(X, Y).move(10, 0.0, 0.0), "bad_value"),
        (lambda: lab.DraggedSample(X, Y).move(0, math.nan, 0.0), "not_finite"),
        (lambda: lab.DraggedSample(np.stack([X, Y], 1), Y).move(0, 1.0, 0.0), "bad_shape"),
        (lambda: next(lab.rotation_steps(np.ones((9, 3)))), "bad_shape"),
        (lambda: next(lab.rotation_steps(np.ones((9, 1)) * [1.0, 2.0])), "undefined"),
        (lambda: sample("sines"), "unknown_choice"),
        (lambda: sample("linear", noise=-1), "bad_value"),
    ],
)
def test_others_refuse(call, code):
    with pytest.raises(lab.HsicError) as caught:
        call()
    assert caught.value.code == code
    assert str(caught.value).endswith(".")


def test_a_point_that_is_refused_leaves_the_dragged_sample_as_it_was():
    dragged = lab.DraggedSample(X, Y)
    with pytest.raises(lab.HsicError):
        dragged.move(0, 5.0, math.nan)
    assert dragged.hsic == pytest.approx(lab.hsic(X, Y), rel=1e-12)


def test_what_is_too_few_is_counted_in_its_own_words():
    with pytest.raises(lab.HsicError, match="at least 2 columns") as caught:
        lab.hsic_matrix(X[:, None])
    assert caught.value.parameter == "table"
    with pytest.raises(lab.HsicError, match="there is 1 row"):
        lab.hsic([1.0], [2.0])
    with pytest.raises(lab.HsicError, match="variable 1 and variable 2 have 10 and 9 rows"):
        lab.dhsic([X, Y[:9]])


def test_a_constant_column_is_independent_of_everything():
    constant = np.full(10, 3.0)
    assert lab.hsic(constant, Y) == 0
    assert lab.hsic(constant, Y, estimator="unbiased") == 0
    assert math.isnan(lab.cka(constant, Y))
    assert lab.permutation_test(constant, Y, n_perm=50).p_value == 1
    result = lab.moment_test(constant, Y)
    assert result.p_value == 1
    assert any("All rows are equal" in note for note in result.notes)
    grid = lab.width_grid(constant, Y, [1.0, 2.0], [1.0], n_perm=20)
    assert (grid.hsic == 0).all()
    assert np.isnan(grid.cka_b).all()
    assert (grid.p_moment == 1).all()
    assert grid.p_global == 1
    found = lab.compare(constant, Y, n_perm=9)
    assert all(coefficient.p_value == 1 for coefficient in found.values())
    assert math.isnan(found["pearson"].value)


def test_a_zero_median_is_replaced_and_said():
    ties = np.array([8.0] * 10 + [19.0])
    result = lab.moment_test(ties, np.arange(11.0))
    assert result.width_x == 11
    assert any("median distance is 0" in note for note in result.notes)
    assert any("only 2 distinct rows" in note for note in result.notes)


def test_sampling_for_the_median_is_said():
    table = np.random.default_rng(0).standard_normal((5200, 2))
    from zoetrope.core.hsic.gram_matrix import block

    assert any(
        "2000 of 5200 rows" in note for note in block(table, "median", "gaussian", "x").notes
    )


def test_tiny_p_values_are_not_zero():
    x = np.linspace(0, 1, 1500)
    result = lab.moment_test(x, x)
    assert result.log10_p < -320
    assert result.p_value > 0
    assert lab.permutation_test(x[:60], x[:60], n_perm=99).p_value == 0.01
