"""Small multiples: one figure of several, on the same axes and colours, with shared words."""

from __future__ import annotations

import numpy as np
import pytest

from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis, Cell, Figure, Panel, panel_letters
from zoetrope.core.items import Curve, Handle, HeatMap, Label, Scatter
from zoetrope.core.lab import Frame, Notice, Readout
from zoetrope.core.side_by_side import (
    CHOSEN,
    ComparisonError,
    frames_side_by_side,
    shared_panels,
    side_by_side,
)

X = np.linspace(0.0, 1.0, 5)


def figure(height: float, **more: object) -> Figure:
    """Two panels: a wave whose axes follow it, and a map."""
    wave = Panel(
        name="wave", title="A wave",
        items=(
            Curve(key="y", x=X * height, y=X * height, label="wave"),
            Curve(key="n", x=X, y=X, label=f"{height:g} N"),
            Label(key="t", label="time", x=0.0, y=0.0),
            Handle(key="h", x=0.0, y=0.0, x_edit=Edit("height")),
            Scatter(key="s", x=X, y=X, pick=Edit("node")),
        ),
        x=Axis("Time", "s"), y=Axis("Height", "m", range=(0.0, height)),
        cell=Cell(0, 0), pick_x=Edit("probe"), crosshair="mine", **more,  # type: ignore[arg-type]
    )  # fmt: skip
    z = np.full((2, 2), height)
    mapped = Panel(
        name="map", title="A map", cell=Cell(0, 1),
        items=(HeatMap(key="z", z=z, extent=(0, 1, 0, 1), label="p", levels=(0.0, height)),),
    )  # fmt: skip
    return Figure(panels=(wave, mapped))


def three(*panels: str) -> Figure:
    heights = (1.0, 3.0, 2.0)
    headings = [f"h = {height:g} m" for height in heights]
    return side_by_side([figure(height) for height in heights], headings, panels)


def test_the_first_panel_of_each_stands_in_a_row_with_its_letter_and_heading() -> None:
    shown = three()
    assert [panel.heading for panel in shown.panels] == [
        "(a) h = 1 m", "(b) h = 3 m", "(c) h = 2 m",
    ]  # fmt: skip
    assert [(panel.cell.row, panel.cell.column) for panel in shown.panels] == [
        (0, 0), (0, 1), (0, 2),
    ]  # fmt: skip
    assert shown.even
    assert list(panel_letters(shown.panels).values()) == ["a", "b", "c"]


def test_all_have_the_axes_that_hold_all_of_them_and_move_together() -> None:
    first, second, third = three().panels
    assert first.y.range == second.y.range == third.y.range == (0.0, 3.0)
    assert first.x.range == second.x.range
    assert first.x.range[0] <= 0.0  # type: ignore[index]
    assert first.x.range[1] >= 3.0  # type: ignore[index]
    assert (first.link_x, second.link_x, third.link_y) == ("", first.name, first.name)
    assert first.crosshair == second.crosshair != ""


def test_words_that_all_share_are_said_once() -> None:
    first, second, third = three().panels
    labels = [{item.key: item.label for item in p.items} for p in (first, second, third)]
    assert labels[0]["y"] == "wave"
    assert labels[1]["y"] == labels[2]["y"] == ""
    assert [each["n"] for each in labels] == ["1 N", "3 N", "2 N"]  # what differs is said of each
    assert [each["t"] for each in labels] == ["time"] * 3
    assert [p.y.title for p in (first, second, third)] == ["Height (m)", "", ""]
    assert [p.x.title for p in (first, second, third)] == ["Time (s)"] * 3


def test_colours_mean_the_same_and_have_one_bar() -> None:
    maps = [panel.items[0] for panel in three("map").panels]
    assert all(isinstance(item, HeatMap) for item in maps)
    assert [item.levels for item in maps] == [(0.0, 3.0)] * 3  # type: ignore[attr-defined]
    assert [item.bar for item in maps] == [False, False, True]  # type: ignore[attr-defined]


def test_several_panels_of_each_stand_below_one_another() -> None:
    shown = three("map", "wave")
    assert [panel.name for panel in shown.panels] == [
        "wave a", "wave b", "wave c", "map a", "map b", "map c",
    ]  # fmt: skip
    assert [(panel.cell.row, panel.cell.column) for panel in shown.panels][4] == (1, 1)
    assert [panel.heading for panel in shown.panels[3:]] == ["", "", ""]


def test_four_stand_in_a_square() -> None:
    shown = side_by_side([figure(h) for h in (1.0, 2.0, 3.0, 4.0)], list("pqrs"))
    assert [(p.cell.row, p.cell.column) for p in shown.panels] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert [p.y.title for p in shown.panels] == ["Height (m)", "", "Height (m)", ""]
    assert [p.x.title for p in shown.panels] == ["", "", "Time (s)", "Time (s)"]


def test_a_click_chooses_the_set_and_nothing_else_can_be_done() -> None:
    for number, panel in enumerate(three().panels):
        assert panel.pick_x is not None
        assert (panel.pick_x.parameter, panel.pick_x.value(0.7)) == (CHOSEN, float(number))
        assert panel.pick_y is None
        assert not any(isinstance(item, Handle) for item in panel.items)
        assert all(getattr(item, "pick", None) is None for item in panel.items)


def test_axes_that_mean_something_else_keep_their_own_range_and_title() -> None:
    other = Figure(
        panels=(Panel(name="wave", items=(Curve(key="y", x=X, y=9 * X),), y=Axis("Height", "cm")),)
    )
    first, second = side_by_side([figure(1.0), other], ["p", "q"]).panels
    assert second.y.title == "Height (cm)"
    assert second.y.range is None
    assert second.link_y == ""
    assert first.y.range is not None


def test_what_cannot_be_compared_is_refused_in_a_sentence() -> None:
    alone = Figure(panels=(Panel(name="other"),))
    assert shared_panels([figure(1.0), alone]) == []
    with pytest.raises(ComparisonError, match="no panel in common"):
        side_by_side([figure(1.0), alone], ["p", "q"])
    with pytest.raises(ComparisonError, match=r"no panel 'nope'.*wave, map"):
        side_by_side([figure(1.0), figure(2.0)], ["p", "q"], ["nope"])


def test_numbers_bear_the_letter_of_their_set() -> None:
    frames = [
        Frame(
            figure=figure(h), readouts=(Readout("h", "Height", h, "m"),), tables={"x": X},
            notices=(Notice(f"It is {h:g} m.", parameter="height"),),
        )
        for h in (1.0, 2.0)
    ]  # fmt: skip
    frame = frames_side_by_side(frames, ["p", "q"])
    assert [(r.key, r.label, r.value) for r in frame.readouts] == [
        ("h a", "Height (a)", 1.0), ("h b", "Height (b)", 2.0),
    ]  # fmt: skip
    assert list(frame.tables) == ["x (a)", "x (b)"]
    assert [notice.text for notice in frame.notices] == ["(a) It is 1 m.", "(b) It is 2 m."]
