"""How numbers are written for people, on the screen and on exported figures."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoetrope.core.damped.lab import LAB
from zoetrope.core.export import export
from zoetrope.core.export_options import ExportOptions
from zoetrope.core.figure import Axis, Figure, Panel
from zoetrope.core.items import Curve
from zoetrope.core.number_format import AS_USUAL, MARKS, THIN, NumberFormat, with_thousands
from zoetrope.core.render import render

COMMA = NumberFormat(marks="point_comma")


@pytest.mark.parametrize(
    ("marks", "shown"),
    [
        ("comma_point", "−1,234,567.5"), ("space_point", f"−1{THIN}234{THIN}567.5"),
        ("point", "−1234567.5"), ("point_comma", "−1.234.567,5"),
        ("space_comma", f"−1{THIN}234{THIN}567,5"), ("comma", "−1234567,5"),
    ],
)  # fmt: skip
def test_a_number_has_the_marks_that_were_chosen(marks: str, shown: str) -> None:
    assert NumberFormat(marks=marks).marked(f"{-1234567.5:,}") == shown


@given(st.sampled_from(list(MARKS)), st.floats(-1e15, 1e15))
def test_a_number_typed_as_it_is_shown_is_the_same(marks: str, value: float) -> None:
    numbers = NumberFormat(marks=marks)
    shown = numbers.marked(f"{value:.6f}")
    assert float(numbers.unmarked(shown).replace("−", "-")) == pytest.approx(value, abs=1e-6)


def test_thousands_are_parted_where_numbers_are_long() -> None:
    assert [with_thousands(t) for t in ("99999", "-100000.50", "1e5", "0.123456789")] == [
        "99999", "-100,000.50", "1e5", "0.123456789",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong", [{"marks": "dots"}, {"digits": 1}, {"digits": 99}, {"power": 2}, {"digits": True}]
)
def test_a_format_that_makes_no_sense_is_refused_or_put_right(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        NumberFormat(**wrong)  # type: ignore[arg-type]
    assert NumberFormat.adapt({**wrong, "more": 1}) == AS_USUAL
    assert NumberFormat.adapt({"marks": "comma", "digits": "6"}) == NumberFormat(marks="comma")


def words_at(figure: Figure, **how: object) -> list[str]:
    axes = render(figure, **how).axes[0]
    labels = (*axes.get_xticklabels(), *axes.get_yticklabels())
    return [label.get_text() for label in labels]


def test_the_axes_of_a_figure_are_written_so() -> None:
    x = np.array([0.0, 1.0])
    curve = Curve(key="c", x=x, y=3e6 * x)
    figure = Figure(panels=(Panel(name="p", items=(curve,), x=Axis("x"), y=Axis("y")),))
    usual = words_at(figure)
    assert any(re.fullmatch(r"0\.\d+", text) for text in usual)
    assert not any("000" in text for text in usual), "the millions are a power of ten"
    chosen = words_at(figure, numbers=NumberFormat(marks="point_comma", power=9))
    assert any(re.fullmatch(r"0,\d+", text) for text in chosen)
    assert "3.000.000" in chosen


def test_files_for_other_programs_are_written_as_ever(tmp_path: Path) -> None:
    parameters = LAB.parameters()
    for ending in ("csv", "json"):
        usual = export(LAB, parameters, tmp_path / f"a.{ending}")
        chosen = export(LAB, parameters, tmp_path / f"b.{ending}", ExportOptions(numbers=COMMA))
        assert usual.read_bytes() == chosen.read_bytes()
