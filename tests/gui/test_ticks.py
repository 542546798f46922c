import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoetrope.gui.ticks import linear_ticks, log_ticks, plain_number, power_of_ten


def test_numbers_have_true_minus_signs_and_zero_has_none():
    assert plain_number(-0.25, 2) == "−0.25"
    assert plain_number(-0.0001, 2) == "0.00"


def test_powers_are_typeset():
    assert power_of_ten(-12) == "10⁻¹²"


def test_ticks_stand_at_round_numbers():
    ticks = linear_ticks(-1.2, 1.3)
    assert ticks.positions == pytest.approx((-1.0, -0.5, 0.0, 0.5, 1.0))
    assert ticks.texts == ("−1.0", "−0.5", "0.0", "0.5", "1.0")


def test_small_numbers_share_a_power_of_ten():
    ticks = linear_ticks(0.0, 8.1e-6)
    assert ticks.factor == "×10⁻⁶"
    assert ticks.texts == ("0", "2", "4", "6", "8")


@pytest.mark.parametrize(
    ("low", "high", "texts", "factor"),
    [
        (699_955, 700_045, ("699,960", "699,980", "700,000", "700,020", "700,040"), ""),
        (-100_010, -99_990, ("−100,010", "−100,005", "−100,000", "−99,995", "−99,990"), ""),
        (0, 1_048_576, ("0.0", "0.2", "0.4", "0.6", "0.8", "1.0"), "×10⁶"),
        (5e9, 5e9 + 4, ("5.000000000", "5.000000001", "5.000000002", "5.000000003", "5.000000004"),
         "×10⁹"),
        (12_000, 12_004, ("12000", "12001", "12002", "12003", "12004"), ""),
    ],
)  # fmt: skip
def test_close_whole_numbers_are_written_out(
    low: float, high: float, texts: tuple[str, ...], factor: str
):
    ticks = linear_ticks(low, high)
    assert (ticks.texts, ticks.factor) == (texts, factor)


def test_decades_are_powers():
    ticks = log_ticks(-4.2, 0.1)
    assert ticks.positions == (-4.0, -3.0, -2.0, -1.0, 0.0)
    assert ticks.texts == ("10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "10⁰")
    assert ticks.minor


def test_many_decades_are_thinned_to_a_common_stride():
    ticks = log_ticks(-30.0, 0.0)
    assert 4 <= len(ticks.positions) <= 6
    assert 0.0 in ticks.positions
    assert len({b - a for a, b in zip(ticks.positions, ticks.positions[1:], strict=False)}) == 1


def test_less_than_a_decade_has_plain_numbers():
    ticks = log_ticks(math.log10(2.0), math.log10(8.0))
    assert {"2", "5"} <= set(ticks.texts) or {"2", "4", "6", "8"} <= set(ticks.texts)


@given(
    low=st.floats(-1e12, 1e12),
    span=st.floats(1e-9, 1e12),
    wanted=st.integers(2, 5),
)
def test_linear_ticks_are_inside_and_few(low: float, span: float, wanted: int):
    high = low + span
    if high - low < 1e-9 * max(abs(low), abs(high)):
        return  # narrower than the canvas shows
    ticks = linear_ticks(low, high, wanted)
    room = 1e-6 * span
    assert all(low - room <= value <= high + room for value in ticks.positions)
    assert 1 <= len(ticks.positions) <= 8
    assert len(set(ticks.texts)) == len(ticks.texts)


@given(low=st.floats(-300, 300), span=st.floats(1e-3, 300))
def test_log_ticks_are_inside_and_few(low: float, span: float):
    ticks = log_ticks(low, low + span)
    assert all(low - 1e-6 <= value <= low + span + 1e-6 for value in ticks.positions)
    assert 1 <= len(ticks.positions) <= 10
