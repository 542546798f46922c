"""Columns that are made beside x and y, and computations over columns in single precision."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zoetrope.core import hsic as lab
from zoetrope.core.device import Context
from zoetrope.core.hsic.datasets import sample
from zoetrope.core.hsic.lab import LAB
from zoetrope.core.hsic.lab_data import companions
from zoetrope.core.hsic.lab_parameters import HsicParameters
from zoetrope.core.hsic.rotation import mixed_sources
from zoetrope.core.lab import Frame, final_frame

SINGLE = 2e-4  # relative; float32 has 6e-8, of which the centring leaves this at 40 rows


def frame_of(**values: Any) -> Frame:
    few = {"page": "columns", "n": 60, "permutations": 19}
    return final_frame(LAB, HsicParameters().change(**{**few, **values}), Context())


def test_the_sum_weighs_both_columns_alike_and_the_shuffle_keeps_the_values() -> None:
    drawn = sample("linear", 50, noise=0.5, seed=3)
    x, y = 1000 * drawn.x, drawn.y
    table, names = companions(x, y)
    assert names == ("x", "y", "x + y", "shuffled y")
    np.testing.assert_array_equal(table[:, :2], np.column_stack([x, y]))
    standard = (x - x.mean()) / x.std() + (y - y.mean()) / y.std()
    np.testing.assert_allclose(table[:, 2] - table[:, 2].mean(), standard, atol=1e-9)
    np.testing.assert_array_equal(np.sort(table[:, 3]), np.sort(y))
    assert (table[:, 3] != y).any()
    np.testing.assert_array_equal(companions(x, y)[0], table)  # the same at every call


def test_a_constant_column_has_companions() -> None:
    table, _ = companions(np.full(8, 3.0), np.arange(8.0))
    assert np.isfinite(table).all()
    np.testing.assert_allclose(table[:, 2], 3.0 + np.arange(8.0) / np.arange(8.0).std())


def test_two_columns_are_shown_with_their_companions_and_it_is_said() -> None:
    frame = frame_of(source="linear")
    assert "a shuffled y stand beside x and y" in " ".join(n.text for n in frame.notices)
    pairs = list(zip(frame.tables["column 1"], frame.tables["column 2"], strict=True))
    assert pairs == [
        ("x", "y"), ("x", "x + y"), ("x", "shuffled y"),
        ("y", "x + y"), ("y", "shuffled y"), ("x + y", "shuffled y"),
    ]  # fmt: skip
    p = dict(zip(pairs, frame.tables["p"], strict=True))
    assert p["x", "x + y"] < 1e-6
    assert p["y", "x + y"] < 1e-6


def test_the_shuffled_column_is_found_dependent_as_rarely_as_chance_has_it() -> None:
    found = 0
    for seed in range(100):
        drawn = sample("linear", 60, noise=0.5, seed=seed)
        table, _ = companions(drawn.x, drawn.y)
        found += lab.moment_test(table[:, 1], table[:, 3]).p_value <= 0.05
    assert found <= 12  # of 5 expected: more come in 1 of 700 such runs


def test_columns_of_ones_own_get_no_companions() -> None:
    frame = frame_of(source="xor", kernel_x="delta", kernel_y="delta")
    assert set(frame.tables["column 1"]) | set(frame.tables["column 2"]) == {
        "first coin", "second coin", "XOR",
    }  # fmt: skip
    assert "stand beside" not in " ".join(n.text for n in frame.notices)


def test_the_title_over_a_pair_says_that_its_p_is_corrected() -> None:
    assert frame_of().figure.panel("points").title.endswith(" (Holm)")
    assert "(" not in frame_of(correction="none").figure.panel("points").title


def test_another_correction_starts_nothing_anew() -> None:
    parameters = HsicParameters().change(page="columns", n=60, permutations=19)
    job = LAB.run(parameters, Context())
    frame = next(job)
    while not frame.final:
        frame = job.send(parameters)
    changed = job.send(parameters.change(correction="bh"))
    assert changed.final
    expected = frame_of(correction="bh").tables
    np.testing.assert_array_equal(changed.tables["p corrected"], expected["p corrected"])
    assert (changed.tables["p corrected"] != frame.tables["p corrected"]).any()


def test_columns_beyond_those_that_are_compared_are_counted_aloud(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    names = [f"c{k}" for k in range(27)]
    table = np.random.default_rng(1).normal(size=(12, 27))
    np.savetxt(path, table, delimiter=",", header=",".join(names), comments="")
    said = " ".join(n.text for n in frame_of(data_file=str(path)).notices)
    assert "The first 24 of 27 columns of numbers are compared" in said
    some = frame_of(data_file=str(path), table_columns=("c1", "c26", "c5"))
    assert "columns of numbers are compared" not in " ".join(n.text for n in some.notices)


# -- dtype -----------------------------------------------------------------------------------------


def variables(n: int = 40) -> np.ndarray:
    drawn = sample("circle", n, noise=0.3, seed=5)
    return np.column_stack([drawn.x, drawn.y, drawn.x + drawn.y])


def is_single(found: float, exact: float) -> bool:
    """Near in single precision, and not computed in double."""
    return found == pytest.approx(exact, rel=SINGLE) and found != pytest.approx(exact, rel=1e-13)


def test_the_joint_measure_in_single_precision() -> None:
    columns = list(variables().T)
    assert is_single(lab.dhsic(columns, dtype="float32"), lab.dhsic(columns))
    found, exact = (
        lab.dhsic_test(columns, n_perm=60, seed=2, dtype=dtype) for dtype in ("float32", "float64")
    )
    assert is_single(found.statistic, exact.statistic)
    assert found.p_value == pytest.approx(exact.p_value, abs=0.05)


def test_the_matrix_of_columns_in_single_precision() -> None:
    found, exact = (lab.hsic_matrix(variables(), dtype=dtype) for dtype in ("float32", "float64"))
    for i, j in ((0, 1), (0, 2), (1, 2)):
        assert is_single(found.hsic[i, j], exact.hsic[i, j])
        assert found.cka[i, j] == pytest.approx(exact.cka[i, j], rel=SINGLE)
        assert found.p_value[i, j] == pytest.approx(exact.p_value[i, j], rel=1e-2)


def test_the_rotation_in_single_precision() -> None:
    mixed = mixed_sources(60, math.radians(30), seed=2)
    *_, found = lab.rotation_steps(mixed, count=10, dtype="float32")
    *_, exact = lab.rotation_steps(mixed, count=10)
    assert all(map(is_single, found.hsic, exact.hsic))
    assert found.best == exact.best


@pytest.mark.parametrize(
    "asked",
    [
        lambda dtype: lab.dhsic(list(variables().T), dtype=dtype),
        lambda dtype: lab.hsic_matrix(variables(), dtype=dtype),
        lambda dtype: list(lab.rotation_steps(variables()[:, :2], dtype=dtype)),
    ],
)
def test_a_precision_that_is_none_is_refused(asked: Any) -> None:
    with pytest.raises(lab.HsicError, match="float64"):
        asked("float16")
