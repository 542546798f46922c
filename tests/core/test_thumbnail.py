import pytest

from zoetrope.core.damped.lab import LAB, picture
from zoetrope.core.figure import (
    Axis,
    Cell,
    Curve,
    Edit,
    Figure,
    Handle,
    Label,
    Panel,
    Scatter,
    TableEdit,
)
from zoetrope.core.thumbnail import thumbnail

LINE = Curve(key="line", label="a line", x=[0, 1], y=[0, 1])


def panel(name: str, row: int, column: int, **more: object) -> Panel:
    return Panel(name=name, items=(LINE,), cell=Cell(row=row, column=column), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("widths", "heights", "largest"),
    [((), (), "a"), ((1, 2), (), "b"), ((1, 2), (1, 3), "d"), ((3, 1), (1, 2), "c")],
)
def test_the_largest_panel_is_taken(
    widths: tuple[float, ...], heights: tuple[float, ...], largest: str
) -> None:
    panels = tuple(panel(name, i // 2, i % 2) for i, name in enumerate("abcd"))
    small = thumbnail(Figure(panels=panels, widths=widths, heights=heights))
    assert [p.name for p in small.panels] == [largest]
    assert small.panels[0].cell == Cell()


def test_a_panel_over_two_cells_counts_both() -> None:
    wide = Panel(name="wide", items=(LINE,), cell=Cell(row=1, column_span=2))
    assert thumbnail(Figure(panels=(panel("a", 0, 0), wide))).panels[0].name == "wide"


def test_words_and_what_can_be_touched_are_left_out() -> None:
    items = (
        LINE,
        Scatter(key="dots", x=[0, 1], y=[1, 0], edits=TableEdit("points"), words=("one", "two")),
        Handle(key="grip", x=0, y=0, x_edit=Edit("width")),
        Label(key="word", label="word", x=0, y=0),
    )
    whole = Panel(
        name="p", title="A title", items=items, x=Axis("Time", "s", log=True, range=(1, 9)),
        pick_x=Edit("width"), link_x="q", square=True,
    )  # fmt: skip
    follower = Panel(name="q", items=(LINE,), cell=Cell(row=1))
    (small,) = thumbnail(Figure(panels=(whole, follower), heights=(2, 1))).panels
    assert [item.key for item in small.items] == ["line", "dots"]
    assert all(item.label == "" for item in small.items)
    assert small.items[1].edits is None
    assert small.x == Axis(log=True, range=(1, 9), visible=False)
    assert (small.title, small.pick_x, small.link_x, small.square) == ("", None, "", True)
    assert small.summary == "A title"  # what it shows is still told


def test_a_figure_without_panels_stays_one() -> None:
    assert thumbnail(Figure(panels=())) == Figure(panels=())


def test_a_lab_s_figure_becomes_its_first_panel() -> None:
    figure = thumbnail(picture(LAB.parameters()).figure)
    assert figure.panels[0].name == "signal"
