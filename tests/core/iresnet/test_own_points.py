"""People's own points: what is left out, refused or warned of, in a sentence."""

import numpy as np
import pytest
import torch

from zoetrope.core import iresnet


def cloud(n=100):
    return np.random.default_rng(0).standard_normal((n, 2))


def refusal(data):
    with pytest.raises(iresnet.IResNetError) as caught:
        iresnet.from_points(data)
    return caught.value


def test_rows_that_are_not_finite_are_left_out_and_said():
    points = cloud()
    points[[4, 7], 1] = np.nan, np.inf
    own = iresnet.from_points(points)
    assert own.points.shape == (98, 2)
    assert own.notices == ("2 rows are not numbers and were left out, the first: 5, 8.",)


def test_a_single_row_that_is_left_out_is_named():
    points = cloud()
    points[4, 0] = np.nan
    assert iresnet.from_points(points).notices == ("Row 5 is not two numbers and was left out.",)


def test_too_few_points_are_refused():
    assert refusal(cloud(19)).code == "too_few"


@pytest.mark.parametrize("slope", [0.0, 1.0, 1e6])
def test_points_on_a_line_are_refused(slope):
    x = np.linspace(-1, 1, 50)
    assert refusal(np.stack([x, slope * x + 3], 1)).code == "degenerate"


@pytest.mark.parametrize("units", [(50.0, 1e-3), (1e12, 1e-12), (1e-25, 1e25)])
def test_columns_of_different_units_are_no_line(units):
    points = cloud() * units
    own = iresnet.from_points(points)
    assert np.array_equal(own.points.numpy(), points)


def test_times_far_from_0_keep_their_digits_and_a_line_of_them_is_refused():
    times = 1.7e9 + 50 * cloud()
    assert np.array_equal(iresnet.from_points(times).points.numpy(), times)
    line = np.stack([times[:, 0], times[:, 0] / 3 + 7], 1)
    assert refusal(line).code == "degenerate"
    constant = np.stack([times[:, 0], np.full(100, 1.7e9)], 1)
    assert refusal(constant).code == "degenerate"


def test_numbers_that_no_weight_can_scale_are_refused():
    assert "larger unit" in str(refusal(cloud() * (1e200, 1.0)))


def test_jitter_makes_a_line_fit_for_training():
    line = iresnet.make("line", 100, 0)
    own = iresnet.from_points(iresnet.with_jitter(line, 0.01, 0))
    assert own.points.shape == (100, 2)
    assert torch.equal(iresnet.with_jitter(line, 0.01, 0), iresnet.with_jitter(line, 0.01, 0))


@pytest.mark.parametrize("data", [np.zeros((30, 3)), np.zeros(30), [["a", "b"]] * 30])
def test_other_shapes_are_refused(data):
    assert refusal(data).code == "bad_shape"


def test_repeated_points_are_warned_of():
    repeated = iresnet.from_points(np.concatenate([cloud(), cloud()[:20]]))
    assert "17% of the points repeat" in repeated.notices[0]
    lattice = np.stack(np.meshgrid(np.arange(6.0), np.arange(6.0)), -1).reshape(-1, 2)
    assert "whole numbers" in iresnet.from_points(lattice).notices[0]
    assert iresnet.from_points(cloud()).notices == ()


def test_many_rows_are_thinned_by_the_seed():
    many = np.random.default_rng(0).standard_normal((1_000_001, 2))
    own = iresnet.from_points(many, seed=1)
    assert own.points.shape == (200_000, 2)
    assert "drawn at random" in own.notices[0]


def test_a_table_gives_its_first_columns_of_numbers_or_the_named_ones(tmp_path):
    path = tmp_path / "points.csv"
    rows = [f"p{i};{x:.3f};{y:.3f};{i}".replace(".", ",") for i, (x, y) in enumerate(cloud(30))]
    path.write_text("\n".join(["name;x;y;i", *rows]))
    assert np.allclose(iresnet.from_csv(path).points, cloud(30), atol=1e-3)
    assert iresnet.from_csv(path, ["y", "i"]).points[7, 1] == 7
    for columns in (["x", "z"], ["x", "name"], ["x"]):
        with pytest.raises(iresnet.IResNetError, match="column"):
            iresnet.from_csv(path, columns)
    with pytest.raises(iresnet.IResNetError, match="not found"):
        iresnet.from_csv(tmp_path / "none.csv")


def test_rows_with_words_among_the_numbers_are_left_out_and_said(tmp_path):
    """A file put together from two has the names of its columns in the middle."""
    rows = [f"{x:.3f},{y:.3f}" for x, y in cloud(40)]
    path = tmp_path / "points.csv"
    path.write_text("\n".join(["x,y", *rows[:20], "x,y", *rows[20:30], "1.5,?", *rows[30:]]))
    own = iresnet.from_csv(path)
    assert np.allclose(own.points, cloud(40), atol=1e-3)
    assert own.notices == ("2 rows are not numbers and were left out, the first: 21, 32.",)
