import math

import numpy as np
import pytest

from zoetrope.core.contour_lines import contour_segments, holding

EXTENT = (-3.0, 3.0, -2.0, 2.0)


def grid(function, rows=80, columns=120):
    x0, x1, y0, y1 = EXTENT
    x = x0 + (np.arange(columns) + 0.5) * (x1 - x0) / columns
    y = y0 + (np.arange(rows) + 0.5) * (y1 - y0) / rows
    return function(*np.meshgrid(x, y))


def test_a_circle_is_found_where_it_is_and_as_long_as_it_is():
    x0, y0, x1, y1 = contour_segments(grid(lambda x, y: x * x + y * y), EXTENT, 1.5**2)
    assert np.hypot(x0, y0) == pytest.approx(1.5, abs=1e-3)
    assert np.hypot(x1, y1) == pytest.approx(1.5, abs=1e-3)
    length = np.hypot(x1 - x0, y1 - y0).sum()
    assert length == pytest.approx(2 * math.pi * 1.5, rel=1e-3)


def test_the_pieces_of_a_closed_line_meet():
    found = contour_segments(grid(lambda x, y: np.sin(3 * x) * np.cos(4 * y)), EXTENT, 0.3)
    ends = np.round(np.concatenate([np.stack(found[:2], 1), np.stack(found[2:], 1)]), 9)
    inside = (np.abs(ends[:, 0]) < 2.97) & (np.abs(ends[:, 1]) < 1.97)  # of the outermost middles
    _, counts = np.unique(ends[inside], axis=0, return_counts=True)
    assert (counts == 2).all()


@pytest.mark.parametrize(("middle", "joins"), [(0.7, True), (0.3, False)])
def test_a_saddle_is_passed_as_its_middle_says(middle, joins):
    low = 2 * middle - 1  # of the corners beside the high ones: the mean is the middle
    x0, y0, x1, y1 = contour_segments(np.array([[1.0, low], [low, 1.0]]), (0, 2, 0, 2), 0.5)
    assert len(x0) == 2
    for ax, ay, bx, by in zip(x0, y0, x1, y1, strict=True):
        below_diagonal = (ax + bx - ay - by) / 2  # both ends to one side of the high diagonal
        assert (abs(below_diagonal) > 0.2) == joins


def test_nothing_is_found_beyond_the_values_or_beside_a_hole():
    values = grid(lambda x, y: x)
    assert contour_segments(values, EXTENT, 5.0)[0].size == 0
    values[40, 60] = np.nan
    assert len(contour_segments(values, EXTENT, 0.0)[0]) == 79 - 2


def test_the_level_that_holds_a_share_of_a_gaussian():
    density = grid(lambda x, y: np.exp(-(x * x + y * y) * 8), 400, 400)
    assert holding(density, 0.8) == pytest.approx(0.2, rel=0.01)  # exp(-r²/2s²) = 1 - share
    assert holding(np.zeros((3, 3)), 0.5) == 0.0
