"""Profiles of a pattern along its rows, columns and diagonals, against the dense mask."""

from itertools import pairwise

import numpy as np
import pytest

from zoetrope.core.attention import catalogue, expr, pattern
from zoetrope.core.attention.final import final
from zoetrope.core.attention.lab_parameters import AttentionParameters
from zoetrope.core.attention.lab_profile import counted, distance_steps, keys_job, queries_job
from zoetrope.core.attention.lab_study import Study

NEEDED = {"stride": 4, "rate": 8, "prefix": 30, "height": 8, "width": 8, "lengths": [20, 40, 4],
          "prefix_of": [-1, 0, 0], "parents": [-1, 0, 0, 1],
          "kh": 4, "kw": 4, "block": 8}  # fmt: skip


def made(name, n=64):
    given = {key: value for key, value in NEEDED.items() if key in catalogue()[name].parameters}
    if name == "tree":
        given["prefix"] = n - 4
    return pattern(name, n, **given)


@pytest.mark.parametrize("name", list(catalogue()))
def test_the_share_at_each_distance_is_that_of_its_diagonals(name):
    found = final(distance_steps(made(name)))
    dense = made(name).dense()
    assert found.exact
    for sign, shares in ((-1, found.back), (1, found.ahead)):
        for low, high, share in zip(found.edges[:-1], found.edges[1:], shares, strict=True):
            wanted = np.concatenate([np.diagonal(dense, sign * d) for d in range(low, high)])
            if sign > 0 and low == 0:
                assert np.isnan(share)
            else:
                assert share == pytest.approx(wanted.mean(), abs=1e-12)


def test_longer_patterns_without_distances_are_sampled_and_say_so():
    """A share of 2048 pairs is off by at most 5 standard deviations, 0.055."""
    rule = expr("k <= q and k % 3 == 0 or k - q == 7", 5000)
    found = final(distance_steps(rule))
    assert not found.exact
    assert np.abs(found.back - 1 / 3).max() < 0.055
    seven = np.searchsorted(found.edges, 7, "right") - 1
    width = found.edges[seven + 1] - found.edges[seven]
    assert found.ahead[seven] == pytest.approx(1 / width, abs=0.055)
    assert np.delete(found.ahead, [0, seven]).max() == 0


@pytest.mark.parametrize("name", ["strided", "longformer", "dilated_blocks", "natten2d", "tree"])
def test_rows_and_columns_are_those_of_the_mask(name):
    parameters = AttentionParameters().change(pattern=name, n=200, height=10, width=20)
    study = Study(parameters)
    dense = study.pattern.dense()
    study.count().run()
    rows, columns = queries_job(study).run(), keys_job(study).run()
    assert rows.mean.tolist() == dense.sum(axis=1).tolist()
    assert columns.mean.tolist() == dense.sum(axis=0).tolist()
    assert columns.at.tolist() == list(range(200))


def test_long_profiles_keep_means_and_extremes():
    values = np.random.default_rng(0).integers(0, 100, 1000).astype(float)
    found = counted(values)
    edges = np.linspace(0, 1000, 257).astype(int)
    parts = [values[a:b] for a, b in pairwise(edges)]
    assert found.mean.tolist() == [part.mean() for part in parts]
    assert found.least.tolist() == [part.min() for part in parts]
    assert found.most.tolist() == [part.max() for part in parts]
    assert found.median == np.median(values)
