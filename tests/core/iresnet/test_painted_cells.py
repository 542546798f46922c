"""A painted density: points lie evenly in the cells; the entropy is the area's logarithm."""

import math

import numpy as np
import pytest
import torch

from zoetrope.core.iresnet.errors import IResNetError
from zoetrope.core.iresnet.painted_cells import PaintedCells

EXTENT = (-4.0, 4.0, -2.0, 2.0)
THREE = PaintedCells(((0, 0), (3, 1), (7, 7)), 8, EXTENT)  # cells of 1 x 1/2


def test_points_lie_in_the_cells_and_each_gets_its_share():
    points = THREE.make(30_000, seed=3).double().numpy()
    columns = np.floor(points[:, 0] + 4)
    rows = np.floor(2 * (points[:, 1] + 2))
    found, counts = np.unique(np.stack([rows, columns], 1), axis=0, return_counts=True)
    assert {tuple(cell) for cell in found.tolist()} == {(0.0, 0.0), (3.0, 1.0), (7.0, 7.0)}
    assert (abs(counts - 10_000) < 4 * math.sqrt(30_000 * 2 / 9)).all()  # four standard errors
    assert torch.equal(THREE.make(100, seed=3), THREE.make(100, seed=3))
    assert not torch.equal(THREE.make(100, seed=3), THREE.make(100, seed=4))


def test_the_density_is_even_there_and_nothing_elsewhere():
    assert THREE.entropy == pytest.approx(math.log(1.5))
    points = torch.tensor([[-3.5, -1.9], [-2.5, -0.3], [3.9, 1.9], [0.0, 0.0], [-5.0, 0.0], [9, 9]])
    found = THREE.log_density(points)
    assert found[:3].tolist() == pytest.approx([-math.log(1.5)] * 3)
    assert (found[3:] == -math.inf).all()
    assert float(THREE.log_density(THREE.make(2000, 1)).min()) == pytest.approx(-math.log(1.5))


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [((), "Nothing is painted"), (((0, 8),), "lies outside"), (((1, 1), (1, 1)), "painted twice")],
)
def test_what_is_no_painting_is_refused(cells, sentence):
    with pytest.raises(IResNetError, match=sentence) as caught:
        PaintedCells(cells, 8, EXTENT)
    assert caught.value.parameter == "cells"
