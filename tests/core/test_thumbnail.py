from zoetrope.core.damped.lab import LAB, picture
from zoetrope.core.edits import Edit, TableEdit
from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.items import Curve, Handle, Label, Scatter
from zoetrope.core.thumbnail import thumbnail

LINE = Curve(key="line", label="a line", x=[0, 1], y=[0, 1])


def test_the_first_panel_is_taken() -> None:
    panels = [Panel(name=name, items=(LINE,), cell=Cell(row=n)) for n, name in enumerate("ab")]
    small = thumbnail(Figure(panels=(panels[1], panels[0]), heights=(3, 1)))
    assert [panel.name for panel in small.panels] == ["b"]
    assert small.panels[0].cell == Cell()


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
