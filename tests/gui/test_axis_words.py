"""Words in place of numbers on an axis: the screen and the file write the same."""

import pytest

from zoetrope.core.figure import Axis, Figure, Panel
from zoetrope.core.items import HeatMap
from zoetrope.core.render import Drawing
from zoetrope.core.sheet import Sheet
from zoetrope.gui.ticks import word_ticks

WORDS = ("strided", "sliding window", "global", "random", "dilated", "block")


def axis(count: int = len(WORDS)) -> Axis:
    return Axis("Pattern", range=(-0.5, count - 0.5), words=WORDS[:count])


def test_words_stand_at_their_places() -> None:
    assert axis(3).words_between(-0.5, 2.5, 9) == [(0, "strided"), (1, WORDS[1]), (2, "global")]
    assert axis().words_between(5.5, -0.5, 9)[0] == (0, "strided")  # a reversed axis
    assert axis().words_between(0.6, 3.4, 9) == [(1, WORDS[1]), (2, "global"), (3, "random")]


@pytest.mark.parametrize(("most", "places"), [(6, 6), (3, 3), (2, 2), (1, 1), (0, 1)])
def test_where_there_is_no_room_every_second_or_third_is_left_out(most: int, places: int) -> None:
    assert len(axis().words_between(-0.5, 5.5, most)) == places


def test_the_screen_and_the_file_write_the_same_words() -> None:
    heat = HeatMap(key="z", z=[[1, 2, 3], [4, 5, 6]], extent=(-0.5, 2.5, 0.0, 2.0))
    panel = Panel(name="map", items=(heat,), x=axis(3), y=Axis("Count"))
    drawing = Drawing(Figure(panels=(panel,)), Sheet(dpi=100))
    axes = next(axes for axes in drawing.picture.axes if axes.get_xlabel() == "Pattern")
    written = [label.get_text() for label in axes.get_xticklabels()]
    ticks = word_ticks(panel.x, -0.5, 2.5, 9.0)
    assert written == list(ticks.texts) == list(WORDS[:3])
    assert list(axes.get_xticks()) == list(ticks.positions) == [0.0, 1.0, 2.0]
