import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoetrope.core.label_layout import Box, Room, around, sampled, spread, wrap

heights = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=12)


@given(heights, st.floats(1.0, 50.0))
def test_spread_labels_never_overlap_and_keep_their_order(wanted: list[float], size: float) -> None:
    placed = spread(wanted, size, -1e6, 1e6)
    ordered = [placed[i] for i in np.argsort(wanted, kind="stable")]
    assert all(b - a >= size * (1 - 1e-9) - 1e-9 for a, b in itertools.pairwise(ordered))


@given(heights, st.floats(1.0, 50.0))
def test_spread_labels_stay_within_the_panel_where_there_is_room(
    wanted: list[float], size: float
) -> None:
    room = size * (len(wanted) - 1)
    placed = spread(wanted, size, 0.0, room + 1.0)
    assert min(placed) >= -1e-9
    assert max(placed) <= room + 1.0 + 1e-6


def test_labels_with_room_stay_where_they_are_wanted() -> None:
    assert spread([30.0, 10.0, 50.0], 10.0, 0.0, 100.0) == [30.0, 10.0, 50.0]


def test_two_labels_at_one_height_part_equally() -> None:
    assert spread([20.0, 20.0], 10.0, 0.0, 100.0) == [15.0, 25.0]


def test_spread_moves_labels_no_further_than_the_best_of_all_shifts() -> None:
    # The least-squares answer, found here by brute force over a grid.
    wanted, size = [0.0, 3.0, 9.0], 5.0
    grid = np.arange(-8.0, 20.0, 0.25)
    a, b, c = np.meshgrid(grid, grid, grid, indexing="ij")
    cost = (a - wanted[0]) ** 2 + (b - wanted[1]) ** 2 + (c - wanted[2]) ** 2
    cost[(b - a < size) | (c - b < size)] = np.inf
    placed = spread(wanted, size, -100.0, 100.0)
    found = sum((p - w) ** 2 for p, w in zip(placed, wanted, strict=True))
    assert found <= cost.min() + 1e-9


def test_a_label_avoids_the_line_and_the_other_labels() -> None:
    line = sampled(np.array([0.0, 100.0]), np.array([50.0, 50.0]))
    room = Room(Box(0, 0, 200, 100), line)
    boxes = around(100.0, 50.0, 40.0, 10.0, 4.0)
    first, second = room.place(boxes), room.place(boxes)
    assert first is not None
    assert second is not None
    assert first == boxes[0]  # to the right of the end, where there is no line
    assert first.overlap(second) == 0


def test_a_label_that_would_be_cut_or_hidden_is_left_out() -> None:
    room = Room(Box(0, 0, 30, 10))
    assert room.place([Box(100, 100, 20, 8)]) is None
    assert room.place([Box(0, 0, 20, 8)]) is not None
    assert room.place([Box(2, 1, 20, 8)]) is None


def test_sampled_points_skip_gaps() -> None:
    x = np.array([0.0, 10.0, np.nan, 50.0, 60.0])
    points = sampled(x, np.zeros(5))
    assert not ((points[:, 0] > 10.5) & (points[:, 0] < 49.5)).any()
    assert len(sampled(np.array([1.0]), np.array([1.0]))) == 0


@pytest.mark.parametrize(
    ("room", "lines"), [(100.0, "one two three"), (9.0, "one two\nthree"), (1.0, "one\ntwo\nthree")]
)
def test_words_break_into_lines_that_fit(room: float, lines: str) -> None:
    assert wrap(["one", "two", "three"], [3.0, 3.0, 5.0], 1.0, room) == lines


def test_the_points_that_a_box_covers_are_counted() -> None:
    rng = np.random.default_rng(3)
    points = np.vstack([rng.uniform(0, 100, (500, 2)), [[np.nan, 5.0], [10.0, 20.0]]])
    room = Room(Box(0, 0, 100, 100), points)
    for box in (Box(10, 20, 30, 40), Box(0, 0, 100, 100), Box(-50, 0, 20, 100), Box(99, 99, 5, 5)):
        inside = sum(box.reaches(x, y) for x, y in points)
        assert room.drawn_in(box) == inside
