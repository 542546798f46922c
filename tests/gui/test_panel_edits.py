"""A hand is not exact: what a drag means is rounded to pixels, and finds zero."""

import pytest

from zoetrope.gui.panel_edits import _snapped


@pytest.mark.parametrize(
    ("value", "start", "pixel", "meant"),
    [
        (0.9525045797004961, 0.9, 0.002, 0.953),  # three digits are what a pixel can say
        (2.2e-16, 0.0, 0.002, 0.0),
        (0.009, 0.5, 0.002, 0.0),  # within five pixels of zero
        (0.011, 0.5, 0.002, 0.011),
        (0.503, 0.5, 0.002, 0.5),  # not yet clearly moved
        (1234.5678, 0.0, 20.0, 1235.0),
        (3.0, 1.0, 0.0, 3.0),
    ],
)
def test_a_dragged_value_is_rounded(value: float, start: float, pixel: float, meant: float) -> None:
    assert _snapped(value, start, pixel) == meant
