"""The same numbers on every device and, as far as they go, in single precision."""

from functools import cache

import numpy as np
import pytest
import torch

from zoetrope.core import hsic as lab
from zoetrope.core.hsic.datasets import sample

CUDA = pytest.param(
    "cuda",
    marks=[
        pytest.mark.gpu,
        pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device"),
    ],
)


def numbers(n, **options):
    """Every computation that takes a device, as one list of numbers."""
    drawn = sample("sine", n, noise=0.5, seed=1)
    x, y, table = drawn.x + 50, drawn.y, np.stack([drawn.x, drawn.y], 1)
    narrow = {"width_x": 0.02, "width_y": 0.1}
    found = [
        lab.hsic(x, y, **options),
        lab.cka(x, y, estimator="unbiased", **options),
        lab.moment_test(x, y, **options).log10_p,
        lab.moment_test(x, y, **narrow, **options).log10_p,
        lab.gamma_test(x, y, **options).log10_p,
        lab.spectral_test(x, y, **options).null.mean(),
        lab.gradient(x, y, **options).x[3, 0] * n,
        *lab.witness(x, y, [50.1, 50.7], [0.2], **options).ravel(),
        *lab.singular_functions(x, y, grid_x=[50.1], **options).f_grid[0],
        lab.compare(x, y, n_perm=0, **options)["dcor"].value,
    ]
    dragged = lab.DraggedSample(x, y, **options)
    found += [dragged.move(2, 50.3, 0.4), *dragged.p_value()]
    p_values = []
    for test in (
        lab.permutation_test(x, y, n_perm=30, **options),
        lab.permutation_test(x, y, n_perm=30, **narrow, **options),
    ):
        found += [test.statistic, test.null.mean()]
        p_values.append(test.p_value)
    widths = ([0.1, 0.5, 2.0], [0.2, 1.0])
    for columns, kernel in ((x, "gaussian"), (x, "laplace"), (table, "gaussian")):
        some = widths if columns is x else ([0.8, 2.0], [0.5, 1.0])
        grid = lab.width_grid(columns, y, *some, n_perm=7, kernel_x=kernel, **options)
        found += [*grid.hsic.ravel(), *grid.cka_u.ravel(), *grid.log10_p_moment.ravel()]
        p_values += [grid.p_global, *grid.p_value.ravel()]
    return np.array(found), p_values


@pytest.mark.parametrize(("device", "dtype"), [("cpu", "float32")])
@pytest.mark.parametrize("n", [60, 550, 1010])
def test_single_precision(n, device, dtype):
    check(n, 2e-3, 0.05, device=device, dtype=dtype)


@pytest.mark.parametrize("device", [CUDA])
@pytest.mark.parametrize(
    ("dtype", "bound", "p_bound"), [("float64", 1e-7, 0), ("float32", 2e-3, 0.05)]
)
@pytest.mark.parametrize("n", [60, 550, 1010])
def test_a_gpu_finds_the_same(n, device, dtype, bound, p_bound):
    check(n, bound, p_bound, device=device, dtype=dtype)


@cache
def on_the_cpu(n):
    return numbers(n, device="cpu")


def check(n, bound, p_bound, **options):
    """Compare with the CPU in double precision."""
    expected, p_expected = on_the_cpu(n)
    found, p_found = numbers(n, **options)
    np.testing.assert_allclose(found, expected, rtol=bound, atol=bound * 1e-3)
    np.testing.assert_allclose(p_found, p_expected, atol=p_bound)


@pytest.mark.parametrize("device", ["xyz", "meta", 3.5, "mps"])
def test_a_device_that_cannot_compute_hsic_is_named(device):
    with pytest.raises(lab.HsicError) as caught:
        lab.hsic(np.arange(9.0), np.arange(9.0), device=device)
    assert (caught.value.code, caught.value.parameter) == ("unknown_choice", "device")


@pytest.mark.skipif(torch.cuda.is_available(), reason="a CUDA device is here")
def test_a_cuda_device_that_is_not_there_is_named():
    with pytest.raises(lab.HsicError, match="no CUDA device") as caught:
        lab.width_grid(np.arange(9.0), np.arange(9.0), device="cuda")
    assert caught.value.parameter == "device"
