"""The frame on a mini-map: dragged, it moves what another panel shows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QColor

from tests.gui.canvas_hand import count, drag, surface, wheel
from tests.gui.test_view import SIZE, VIEW_X, VIEW_Y, Holder, MatrixParameters
from zoetrope.core.figure import Axis, Cell, Panel
from zoetrope.core.items import Rectangle, Region
from zoetrope.core.theme import LIGHT
from zoetrope.gui.canvas import Canvas

FRAME = Rectangle(key="frame", x=(0, SIZE), y=(0, SIZE), view_x=VIEW_X, view_y=VIEW_Y)
STRIP = Region(key="frame", axis="x", low=0, high=SIZE, role="accent", view=VIEW_X)


def small(item, **more) -> Panel:
    return Panel(
        **{
            "name": "map",
            "items": (item,),
            "x": Axis(range=(0, SIZE)),
            "y": Axis(range=(SIZE, 0)),
            "cell": Cell(column=1),
            **more,
        }
    )


@pytest.fixture
def canvas(qtbot) -> Canvas:
    canvas = Canvas(theme=LIGHT)
    canvas.reduced_motion = True
    canvas.resize(900, 480)
    qtbot.addWidget(canvas)
    with qtbot.waitExposed(canvas):
        canvas.show()
    return canvas


def held(canvas, item=FRAME, **seen) -> Holder:
    holder = Holder(canvas, small(item))
    seen = {"left": 400.0, "right": 600.0, "top": 0.4, "bottom": 0.6, **seen}
    holder.parameters = MatrixParameters().change(**seen)
    holder.draw()
    return holder


def at(canvas, x: float, y: float) -> QPoint:
    place = canvas.to_pixel("map", x, y) - QPointF(canvas.panel_rect("map").topLeft())
    return place.toPoint()


def test_the_frame_stands_where_the_parameters_are(canvas):
    holder = held(canvas)
    drawn = canvas._panels["map"].drawn["frame", Rectangle].item
    assert drawn.x == pytest.approx((400, 600))
    assert drawn.y == pytest.approx((400, 600))
    wheel(surface(canvas, 0), QPoint(5, 5), 3)  # a zoom of the matrix moves it at once
    drawn = canvas._panels["map"].drawn["frame", Rectangle].item
    assert drawn.x == pytest.approx(holder.seen[:2])
    assert drawn.y == pytest.approx(holder.seen[:1:-1])


def test_dragged_it_moves_the_other_panel_at_once_as_one_step(qtbot, canvas):
    holder = held(canvas)
    panel = surface(canvas, 1)
    drag(qtbot, panel, at(canvas, 500, 500), at(canvas, 550, 500), at(canvas, 700, 300))
    pixel = SIZE / panel.width()
    assert holder.seen == pytest.approx((600, 800, 400, 200), abs=2 * pixel)
    assert holder.seen[1] - holder.seen[0] == pytest.approx(200.0)
    assert canvas.visible_range("main") == pytest.approx(holder.seen)
    assert (holder.steps[0], holder.steps[-1]) == ("started", "finished")
    assert holder.steps.count("started") == 1
    drag(qtbot, panel, at(canvas, 700, 300), at(canvas, 800, 300), at(canvas, 2000, -900))
    assert holder.seen == pytest.approx((800, 1000, 200, 0))  # it stops at the limits


@pytest.mark.parametrize(
    ("grip", "to", "seen"),
    [
        ((600, 500), (800, 480), (400, 800, 600, 400)),
        ((400, 500), (200, 520), (200, 600, 600, 400)),
        ((500, 400), (510, 100), (400, 600, 600, 100)),
        ((600, 600), (700, 900), (400, 700, 900, 400)),
        ((600, 500), (300, 500), (400, 410, 600, 400)),  # not past the other edge
        ((400, 500), (-500, 500), (0, 600, 600, 400)),
    ],
)
def test_an_edge_changes_how_much_is_seen(qtbot, canvas, grip, to, seen):
    holder = held(canvas)
    drag(qtbot, surface(canvas, 1), at(canvas, *grip), at(canvas, *to), at(canvas, *to))
    assert holder.seen == pytest.approx(seen, abs=3 * SIZE / surface(canvas, 1).width())


def test_a_press_beside_it_brings_it_there_and_drags_on(qtbot, canvas):
    holder = held(canvas)
    panel = surface(canvas, 1)
    pixel = SIZE / panel.width()
    qtbot.mousePress(panel, Qt.MouseButton.LeftButton, pos=at(canvas, 200, 800))
    assert holder.seen == pytest.approx((100, 300, 900, 700), abs=2 * pixel)
    qtbot.mouseMove(panel, at(canvas, 300, 800))
    qtbot.mouseRelease(panel, Qt.MouseButton.LeftButton, pos=at(canvas, 300, 800))
    assert holder.seen == pytest.approx((200, 400, 900, 700), abs=2 * pixel)
    assert holder.steps.count("started") == holder.steps.count("finished") == 1


def test_a_click_on_it_changes_nothing(qtbot, canvas):
    holder = held(canvas)
    qtbot.mouseClick(surface(canvas, 1), Qt.MouseButton.LeftButton, pos=at(canvas, 500, 500))
    assert holder.steps == []


def test_the_wheel_makes_it_smaller_and_the_map_stays(canvas):
    holder = held(canvas)
    wheel(surface(canvas, 1), at(canvas, 900, 900), 2)
    assert holder.seen[1] - holder.seen[0] == pytest.approx(200 / 1.44)
    assert canvas.visible_range("map") == pytest.approx((0, SIZE, SIZE, 0))


def test_the_keys_move_it_the_way_they_point(qtbot, canvas):
    holder = held(canvas)
    panel = surface(canvas, 1)
    panel.setFocus()
    qtbot.keyClick(panel, Qt.Key.Key_Right)
    assert holder.seen == pytest.approx((420, 620, 600, 400))
    qtbot.keyClick(panel, Qt.Key.Key_Down)  # rows are counted downwards
    assert holder.seen == pytest.approx((420, 620, 620, 420))
    qtbot.keyClick(panel, Qt.Key.Key_Plus)
    assert holder.seen[1] - holder.seen[0] == pytest.approx(200 / 1.2)
    qtbot.keyClick(panel, Qt.Key.Key_Home)
    assert holder.seen == pytest.approx((0, SIZE, SIZE, 0))


def test_a_strip_moves_one_axis(qtbot, canvas):
    holder = held(canvas, STRIP)
    panel = surface(canvas, 1)
    drag(qtbot, panel, at(canvas, 500, 900), at(canvas, 600, 700), at(canvas, 650, 100))
    assert holder.seen == pytest.approx((550, 750, 600, 400), abs=2 * SIZE / panel.width())
    drag(qtbot, panel, at(canvas, 750, 900), at(canvas, 800, 700), at(canvas, 900, 100))
    assert holder.seen == pytest.approx((550, 900, 600, 400), abs=4 * SIZE / panel.width())


def test_the_cursor_says_what_a_drag_does(canvas):
    held(canvas)
    cursor = canvas._tools.map.cursor
    shapes = [
        cursor("map", QPointF(at(canvas, *place)))
        for place in ((500, 500), (600, 500), (500, 400), (600, 600), (600, 400), (50, 50))
    ]
    assert [shape.name for shape in shapes] == [
        "SizeAllCursor",
        "SizeHorCursor",
        "SizeVerCursor",
        "SizeFDiagCursor",
        "SizeBDiagCursor",
        "CrossCursor",
    ]


def test_it_is_seen(canvas):
    held(canvas)
    colour = QColor(LIGHT.roles["accent"]).name()
    with_frame = count(canvas.grab_image(), colour, 40)
    canvas.show_figure(
        replace(canvas.figure, panels=(canvas.figure.panels[0], small(FRAME, items=())))
    )
    assert with_frame > count(canvas.grab_image(), colour, 40) + 100
