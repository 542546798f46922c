"""The same numbers on every device and, as far as they go, in single precision."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch

from tests.core.hsic.absent_device import AbsentDevice
from zoetrope.core import hsic as lab
from zoetrope.core.device import Context
from zoetrope.core.hsic import choose_engine, flow_page, gram_matrix
from zoetrope.core.hsic.datasets import sample
from zoetrope.core.hsic.lab import LAB
from zoetrope.core.hsic.lab_parameters import HsicParameters
from zoetrope.core.lab import Frame, final_frame

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
        lab.permutation_test(x, y, n_perm=19, **options),
        lab.permutation_test(x, y, n_perm=19, **narrow, **options),
    ):
        found += [test.statistic, test.null.mean()]
        p_values.append(test.p_value)
    widths = ([0.1, 0.5, 2.0], [0.2, 1.0])
    for columns, kernel in ((x, "gaussian"), (x, "laplace"), (table, "gaussian")):
        some = widths if columns is x else ([0.8, 2.0], [0.5, 1.0])
        grid = lab.width_grid(columns, y, *some, n_perm=3, kernel_x=kernel, **options)
        found += [*grid.hsic.ravel(), *grid.cka_u.ravel(), *grid.log10_p_moment.ravel()]
        p_values += [grid.p_global, *grid.p_value.ravel()]
    return np.array(found), p_values


@pytest.fixture(autouse=True)
def _many_rows_from(monkeypatch):
    """Beyond 300 rows matrices are formed by slices and no family is, as else beyond 1000."""
    monkeypatch.setattr(gram_matrix, "WHOLE_ROWS", 300)
    monkeypatch.setattr(choose_engine, "LARGEST_N", 300)
    monkeypatch.setattr(flow_page, "STEPS", 10)


@pytest.mark.parametrize("n", [60, 310])
def test_single_precision(n):
    check(n, 2e-3, 0.05, device="cpu", dtype="float32")


@pytest.mark.parametrize("device", [CUDA])
@pytest.mark.parametrize(
    ("dtype", "bound", "p_bound"), [("float64", 1e-7, 0), ("float32", 2e-3, 0.05)]
)
@pytest.mark.parametrize("n", [60, 310])
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


@pytest.fixture
def absent(monkeypatch: pytest.MonkeyPatch) -> AbsentDevice:
    """A CUDA device that is not there, for a `with` statement."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    return AbsentDevice()


@pytest.mark.parametrize("n", [60, 310])
def test_every_computation_stays_on_the_device_it_was_given(n: int, absent: AbsentDevice) -> None:
    expected, p_expected = on_the_cpu(n)
    with absent:
        found, p_found = numbers(n, device="cuda")
    np.testing.assert_array_equal(found, expected)
    assert p_found == p_expected


ROWS = 24
STATES: dict[str, dict[str, Any]] = {
    "dependence": {"witness": True, "gamma_curve": True, "spectral_curve": True, "test": "split"},
    "dependence, any kernel": {"kernel_x": "laplace", "kernel_y": "distance"},
    "dependence, many rows": {"n": 1001, "map_rows": 100, "permutations": 19},
    "why": {"page": "why"},
    "why, pairs": {"page": "why", "family": "singular"},
    "matrices": {"page": "matrices", "row_order": "alike"},
    "compare": {"page": "compare"},
    "columns": {"page": "columns", "source": "xor", "kernel_x": "delta", "kernel_y": "delta"},
    "flow": {"page": "flow"},
}


@pytest.mark.parametrize("state", STATES)
def test_the_lab_computes_on_the_engines_device(
    state: str, absent: AbsentDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = {"n": ROWS, "permutations": 19, "map_permutations": 19, **STATES[state]}
    parameters = HsicParameters().change(**values)
    on_cpu = final_frame(LAB, parameters, Context("cpu"))
    with absent:
        there = final_frame(LAB, parameters, Context("cuda"))
    assert shown(there) == shown(on_cpu)
    computed_there(absent, values["n"])


@pytest.mark.parametrize("comparison", ["noise", "power"])
def test_long_comparisons_run_on_the_engines_device(comparison: str, absent: AbsentDevice) -> None:
    parameters = HsicParameters().change(page="compare", comparison=comparison, n=ROWS)
    with absent:
        frames = frames_of(parameters)
        while (next(frames).progress or 0.0) < 0.02:
            pass
    computed_there(absent, ROWS)


def frames_of(parameters: HsicParameters) -> Iterator[Frame]:
    """What the lab shows on the absent device, one frame after the other."""
    job = LAB.run(parameters, Context("cuda"))
    frame = next(job)
    while True:
        yield frame
        frame = job.send(parameters)


def computed_there(absent: AbsentDevice, n: int) -> None:
    """Nothing was computed beside the device of pairs of n rows."""
    assert sum(absent.calls.values()) > 100
    most = max(4 * n, 1000)
    assert {name: size for name, size in absent.beside.items() if size > most} == {}


def shown(frame: Frame) -> list[tuple[str, str]]:
    """What the numbers beside a picture are, in words, as NaN is not itself."""
    return [(one.key, repr(one.value)) for one in frame.readouts]


def test_a_drag_is_answered_on_the_engines_device(absent: AbsentDevice) -> None:
    points = tuple(map(tuple, np.random.default_rng(0).normal(size=(ROWS, 2)).tolist()))
    parameters = HsicParameters().change(source="drawn", points=points, map_permutations=19)
    moved = parameters.change(points=((0.5, 0.5), *points[1:]))
    with absent:
        job = LAB.run(parameters, Context("cuda"))
        frame = next(job)
        while not frame.final:
            frame = job.send(parameters)
        absent.calls.clear()
        frame = job.send(moved)
        job.close()
    assert sum(absent.calls.values()) > 20
    width_x, width_y = (lab.median_width(column) for column in np.array(points).T)
    x, y = np.array(moved.points).T
    expected = lab.hsic(x, y, width_x=width_x, width_y=width_y)
    assert float(dict(shown(frame))["hsic"]) == pytest.approx(expected, rel=1e-9)


def test_a_device_without_double_precision_leaves_the_work_to_the_cpu() -> None:
    parameters = HsicParameters().change(n=ROWS, page="why")
    frame = final_frame(LAB, parameters, Context("mps"))
    assert [n.text for n in frame.notices if "double precision" in n.text]
    plain = final_frame(LAB, parameters, Context("cpu"))
    assert shown(frame) == shown(plain)
    assert not [n.text for n in plain.notices if "double precision" in n.text]
