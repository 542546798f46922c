"""Many ropes at once against one rope at a time, and their derivatives."""

import math

import mpmath
import numpy as np
import pytest
import torch

from zoetrope.core.rope import RopeError, solve, solve_batch

SLACKS = [1e-15, 1e-8, 1e-3, 0.5, 3.0, 20.0, 100.0, 1e5]
SCALARS = ("length", "modulus", "sag", "axial_force", "inertia", "kinetic_energy", "area", "volume")


@pytest.mark.parametrize("mode", [1, 4])
@pytest.mark.parametrize("slacks", [SLACKS, [1e-12, 1e12]], ids=["ordinary", "extreme"])
def test_every_row_is_the_single_rope(slacks, mode):
    batch = solve_batch(None, 0.9, 101, slack=slacks, mode=mode)
    s = batch.arc_length()
    assert batch.y.shape == s.shape == (len(slacks), 101)
    for row, slack in enumerate(slacks):
        rope = solve(None, 0.9, slack=slack, mode=mode, n_points=101)
        assert np.abs(batch.y[row].numpy() - rope.y).max() < 1e-14 * rope.sag
        assert np.abs(s[row].numpy() - rope.s).max() < 1e-13 * rope.length
        for name in (*SCALARS, "tip_speed"):
            assert getattr(batch, name)[row].item() == pytest.approx(
                getattr(rope, name), rel=5e-14
            ), name
        assert batch.end_tension[row].item() == pytest.approx(rope.end_tension[0], rel=5e-14)
        assert batch.radial_force[row].item() == pytest.approx(rope.radial_force[0], rel=5e-14)
        assert batch.end_angle_deg[row].item() == pytest.approx(rope.end_angle_deg[0], abs=1e-12)
    assert torch.allclose(batch.x, torch.linspace(0, 0.9, 101, dtype=torch.float64), atol=1e-15)


def test_the_curve_against_multiple_precision():
    batch = solve_batch([1.3, 40.0], 1.0, 9)
    for row in range(2):
        with mpmath.workdps(40):
            m = mpmath.mpf(batch.modulus[row].item()) ** 2
            K = mpmath.ellipk(m)
            y = [float(mpmath.ellipfun("sn", 2 * K * i / 8, m=m)) for i in range(9)]
        assert (batch.y[row] / batch.sag[row]).tolist() == pytest.approx(y, abs=1e-13)


@pytest.mark.parametrize("n_points", [2, 3, 64, 101])
@pytest.mark.parametrize("mode", [1, 2])
def test_mirror_images(mode, n_points):
    y = solve_batch([1.2, 9.0], 1.0, n_points, mode=mode).y
    assert torch.allclose(y, y.flip(1) * (1 if mode == 1 else -1), rtol=0, atol=1e-14)


def test_single_precision_is_good_enough_to_draw():
    slack = np.geomspace(1e-6, 1e4, 300)
    narrow = solve_batch(None, 1.0, slack=slack, dtype="float32")
    wide = solve_batch(None, 1.0, slack=slack)
    assert narrow.y.dtype == narrow.inertia.dtype == torch.float32
    error = (narrow.y.double() - wide.y).abs().amax(1) / wide.sag
    assert error.max() < 3e-6
    for name in ("sag", "axial_force", "end_tension", "inertia", "area"):
        ratio = getattr(narrow, name).double() / getattr(wide, name)
        assert (ratio - 1).abs().max() < 5e-6, name


def test_the_derivative_of_the_sag():
    slack = torch.tensor([0.5], dtype=torch.float64, requires_grad=True)
    sag = solve_batch(None, 1.0, 4, slack=slack).sag
    (first,) = torch.autograd.grad(sag.sum(), slack, create_graph=True)
    assert first.item() == pytest.approx(0.63841309742, abs=1e-11)
    (second,) = torch.autograd.grad(first.sum(), slack)
    h = 1e-4
    sags = [solve(None, 1.0, slack=0.5 + i * h).sag for i in (-1, 0, 1)]
    assert second.item() == pytest.approx((sags[0] - 2 * sags[1] + sags[2]) / h**2, rel=1e-6)


def test_everything_is_differentiable():
    lengths = torch.tensor([1.001, 1.1, 3.0, 31.0], dtype=torch.float64, requires_grad=True)

    def outputs(values):
        batch = solve_batch(values, 1.0, 7)
        return batch.y, batch.axial_force, batch.end_angle_deg, batch.inertia, batch.area

    assert torch.autograd.gradcheck(outputs, (lengths,), rtol=1e-4)
    batch = solve_batch(lengths, 1.0, 2, omega=1, density=1)
    (by_length,) = torch.autograd.grad(batch.inertia.sum(), lengths)
    assert torch.allclose(by_length, 2 * batch.end_tension, rtol=1e-9)


def test_gradients_stay_finite_beside_an_almost_straight_rope():
    slack = torch.tensor([1e-15, 1e5], dtype=torch.float64, requires_grad=True)
    y = solve_batch(None, 1.0, 16, slack=slack).y
    (gradient,) = torch.autograd.grad(y.sum(), slack)
    assert torch.isfinite(gradient).all()


@pytest.mark.parametrize(
    "lengths",
    [
        [2, 3],
        (2.0, 3.0),
        np.array([2.0, 3.0]),
        np.array([2, 3]),
        torch.tensor([2, 3]),
        torch.tensor([2.0, 3.0]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_lengths_may_be(lengths):
    batch = solve_batch(lengths, 1.0, 16)
    assert batch.y.dtype == torch.float64
    assert batch.slack.tolist() == [1.0, 2.0]
    assert batch.sag[0].item() == pytest.approx(0.8114138298103, rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ({"lengths": [2.0, 0.9, 0.5]}, "too_short", r"lengths\[1\]: .* 0.9 m"),
        ({"lengths": [2.0, 3.0, 1.0]}, "taut", r"lengths\[2\]"),
        ({"lengths": [math.nan, 2.0]}, "bad_value", r"lengths\[0\]"),
        ({"lengths": [2.0, math.inf]}, "bad_value", r"lengths\[1\]"),
        ({"lengths": [2.0, -1.0]}, "bad_value", r"lengths\[1\]"),
        ({"lengths": None, "slack": [0.1, -0.1]}, "too_short", r"slack\[1\]"),
        ({"lengths": None, "slack": [0.1, 1e30], "dtype": "float32"}, "bad_value", "use float64"),
        ({"lengths": []}, "bad_value", "at least one"),
        ({"lengths": [[2.0]]}, "bad_value", "at least one"),
        ({"lengths": None}, "bad_value", "list of numbers"),
        ({"lengths": ["2"]}, "bad_value", "list of numbers"),
        ({"lengths": [True]}, "bad_value", "list of numbers"),
        ({"lengths": [[2.0], [2.0, 3.0]]}, "bad_value", "list of numbers"),
        ({"lengths": torch.tensor([True])}, "bad_value", "real numbers"),
        ({"lengths": [2.0], "dtype": "float16"}, "bad_value", "float64 or float32"),
        ({"lengths": [2.0], "omega": 0}, "undetermined", "every shape"),
        ({"lengths": [2.0], "mode": 0}, "bad_value", "mode"),
        ({"lengths": [2.0], "n_points": 1}, "bad_value", "n_points"),
    ],
    ids=str,
)
def test_bad_rows_are_named(arguments, code, words):
    with pytest.raises(RopeError, match=words) as caught:
        solve_batch(span=1.0, **arguments)
    assert caught.value.code == code


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize(("dtype", "bound"), [("float64", 1e-13), ("float32", 3e-6)])
def test_a_gpu_gives_the_same_ropes(dtype, bound):
    slack = np.geomspace(1e-4, 1e4, 500)
    here = solve_batch(None, 1.0, slack=slack)
    there = solve_batch(None, 1.0, slack=slack, device="cuda", dtype=dtype)
    assert there.y.is_cuda
    assert there.inertia.is_cuda
    error = (there.y.cpu().double() - here.y).abs().amax(1) / here.sag
    assert error.max() < bound
    ratio = there.end_tension.cpu().double() / here.end_tension
    assert (ratio - 1).abs().max() < 10 * bound


@pytest.mark.parametrize("device", ["xyz", "meta:x", 3.5])
def test_a_device_that_is_not_there_is_named(device):
    with pytest.raises(RopeError) as caught:
        solve_batch([2.6], 0.9, device=device)
    assert (caught.value.code, caught.value.parameter) == ("bad_value", "device")


@pytest.mark.skipif(torch.cuda.is_available(), reason="a CUDA device is here")
def test_a_cuda_device_that_is_not_there_is_named():
    with pytest.raises(RopeError) as caught:
        solve_batch([2.6], 0.9, device="cuda")
    assert (caught.value.code, caught.value.parameter) == ("bad_value", "device")


def test_a_single_number_is_a_batch_of_one():
    assert solve_batch(2.6, 0.9).y.shape == (1, 512)
    assert solve_batch(None, 0.9, slack=np.float64(1.5)).y.shape == (1, 512)


@pytest.mark.parametrize("span", [1e-20, 1e-30 * 1.01, 1e20])
def test_single_precision_says_what_it_cannot_carry(span):
    with pytest.raises(RopeError, match="float64") as caught:
        solve_batch(None, span, slack=[1.0], dtype="float32")
    assert (caught.value.code, caught.value.parameter) == ("bad_value", "span")


def test_a_batch_refuses_the_speeds_that_one_rope_refuses():
    with pytest.raises(RopeError) as caught:
        solve_batch([2.6], 1, omega=1e200)
    assert (caught.value.code, caught.value.parameter) == ("bad_value", "omega")
