"""Where panels stand, checked by hand-made sums and against matplotlib's own measuring."""

import numpy as np
import pytest

from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.items import Curve, HeatMap
from zoetrope.core.render import Drawing
from zoetrope.core.render_grid import Grid, Margins
from zoetrope.core.sheet import Sheet


def bare(name: str, *cell: int) -> Panel:
    return Panel(name=name, cell=Cell(*cell))


def test_frames_share_what_the_margins_leave() -> None:
    panels = [bare("a", 0, 0), bare("b", 0, 1)]
    grid = Grid.of(Figure(panels=tuple(panels), widths=(3, 1)), panels)
    words = {"a": Margins(10, 2, 5, 4), "b": Margins(20, 6, 3, 9)}
    frames = grid.frames(words, 100 + 3 + 10 + 2 + 20 + 6, 50, gap=1)
    assert (frames["a"].x, frames["a"].width) == (11, 75)
    assert (frames["b"].x, frames["b"].width) == (11 + 75 + 2 + 1 + 20, 25)
    assert {(box.y, box.height) for box in frames.values()} == {(6, 50 - 6 - 10)}


def test_a_panel_over_two_rows_is_in_line_with_both() -> None:
    panels = [bare("tall", 0, 0, 2, 1), bare("up", 0, 1), bare("down", 1, 1)]
    grid = Grid.of(Figure(panels=tuple(panels), heights=(1, 2)), panels)
    words = dict.fromkeys(grid.cells, Margins(1, 1, 1, 1))
    tall, up, down = grid.frames(words, 100, 100, gap=0.5).values()
    assert tall.y == down.y
    assert tall.y + tall.height == up.y + up.height
    assert down.height == pytest.approx(2 * up.height)


def test_unused_rows_and_columns_take_no_room() -> None:
    panels = [bare("only", 3, 5)]
    grid = Grid.of(Figure(panels=tuple(panels), widths=(1, 1)), panels)
    assert grid.frames({"only": Margins()}, 10, 20, gap=0)["only"].width == 10


def test_the_size_needed_gives_frames_of_just_that_size() -> None:
    panels = [bare("a", 0, 0), bare("b", 0, 1), bare("wide", 1, 0, 1, 2)]
    grid = Grid.of(Figure(panels=tuple(panels), widths=(2, 1)), panels)
    words = {"a": Margins(10, 2, 5, 4), "b": Margins(20, 6, 3, 9), "wide": Margins(1, 2, 3, 4)}
    width, height = grid.needs(words, dict.fromkeys(words, (30, 20)), gap=1)
    frames = grid.frames(words, width, height, gap=1).values()
    assert min(box.width for box in frames) == pytest.approx(30)
    assert min(box.height for box in frames) == pytest.approx(20)


def test_a_stack_has_one_column_and_no_panel_that_towers() -> None:
    panels = [bare("right", 0, 1), bare("left", 0, 0), bare("below", 1, 0)]
    grid = Grid.of(Figure(panels=tuple(panels), heights=(9, 1)), panels, stacked=True)
    assert [name for name, _ in sorted(grid.cells.items(), key=lambda pair: pair[1].row)] == [
        "left",
        "right",
        "below",
    ]
    assert grid.widths == (1.0,)
    assert grid.heights == (1.5, 1.5, 1.0)


X = np.linspace(0, 10, 50)
PANELS = {
    "plain": Panel(name="p", items=(Curve(key="c", x=X, y=X),), x=Axis("Time", "s"), y=Axis("y")),
    "powers": Panel(
        name="p", title="A title that is too long for one line of so narrow a panel, surely",
        items=(Curve(key="c", x=1e9 * X, y=1e-7 * X),), x=Axis("Time", "s"), y=Axis("Height"),
    ),
    "log": Panel(
        name="p", title="T", items=(Curve(key="c", x=X + 1e-3, y=10 ** X),),
        x=Axis("Time", log=True), y=Axis("Height", log=True),
    ),
    "bar": Panel(
        name="p", items=(HeatMap(key="m", z=1e5 * np.eye(3), extent=(0, 1, 0, 1), label="Height"),)
    ),
    "hidden": Panel(name="p", title="Only a title", x=Axis(visible=False), y=Axis(visible=False)),
}  # fmt: skip


@pytest.mark.parametrize("kind", PANELS)
def test_words_take_the_room_that_matplotlib_says(kind: str) -> None:
    """The frame and the margins round it, against the box that matplotlib measures."""
    drawing = Drawing(Figure(panels=(PANELS[kind],)), Sheet(width_mm=60, height_mm=50, dpi=200))
    drawing.pixels()
    picture = drawing.picture
    axes, renderer = picture.axes[0], picture.canvas.get_renderer()
    box = axes.get_tightbbox(renderer)
    pad = 0.03 * 200  # what is left free at the edges, so that the words fill the rest
    slack = 5.0  # pixels, 0.6 mm
    assert box.x0 == pytest.approx(pad, abs=slack)
    assert box.x1 == pytest.approx(picture.bbox.width - pad, abs=slack)
    assert box.y0 == pytest.approx(pad, abs=slack)
    assert box.y1 == pytest.approx(picture.bbox.height - pad, abs=slack)
