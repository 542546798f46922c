"""The camera against rotation matrices, and the depth-cued line against its points."""

import math

import numpy as np
import pytest

from zoetrope.core.items import Curve
from zoetrope.core.scene3d import Camera, depth_cued


def rotation(axis: int, degrees: float) -> np.ndarray:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    i, j = [(1, 2), (2, 0), (0, 1)][axis]
    matrix = np.eye(3)
    matrix[i, i] = matrix[j, j] = c
    matrix[i, j], matrix[j, i] = -s, s
    return matrix


@pytest.mark.parametrize(
    ("azimuth", "elevation"), [(0, 0), (30, 0), (0, 40), (-120, 65), (200, -30)]
)
def test_projection_is_two_rotations(azimuth: float, elevation: float) -> None:
    points = np.random.default_rng(1).normal(size=(50, 3))
    turned = points @ (rotation(0, elevation) @ rotation(2, -azimuth)).T
    right, up, depth = Camera(azimuth, elevation).project(points)
    np.testing.assert_allclose(right, turned[:, 0], atol=1e-12)
    np.testing.assert_allclose(up, turned[:, 2], atol=1e-12)
    np.testing.assert_allclose(depth, -turned[:, 1], atol=1e-12)


def test_near_things_are_larger_in_perspective() -> None:
    near, far = np.array([1.0, -1.0, 0.0]), np.array([1.0, 1.0, 0.0])
    camera = Camera(distance=5.0)
    assert camera.project(near)[0] == pytest.approx(5 / 4)
    assert camera.project(far)[0] == pytest.approx(5 / 6)


def test_every_segment_of_a_line_is_drawn_once_and_the_nearest_last() -> None:
    points = np.random.default_rng(2).normal(size=(40, 3))
    points[10] = np.nan
    camera = Camera(20, 10)
    items = depth_cued("line", points, camera, radius=4.0, layer=3)
    assert [item.layer for item in items] == list(range(3, 8))
    drawn = []
    for item in items:
        assert isinstance(item, Curve)
        ends = zip(item.x, item.y, item.x[1:], item.y[1:], strict=False)
        drawn += [(a, b, c, d) for a, b, c, d in ends if not np.isnan(a + b + c + d)]
    right, up, _ = camera.project(points)
    expected = [(right[i], up[i], right[i + 1], up[i + 1]) for i in range(39) if i not in {9, 10}]
    assert sorted(drawn) == sorted(expected)
    opacities = [item.opacity for item in items if isinstance(item, Curve)]
    assert opacities == sorted(opacities)
