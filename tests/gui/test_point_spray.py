"""A brush that scatters points while the button is held, and takes them out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtTest import QTest

from tests.gui.canvas_hand import hover, surface
from zoetrope.core.edits import Spray, TableEdit
from zoetrope.core.figure import Axis, Figure, Panel
from zoetrope.core.theme import LIGHT
from zoetrope.gui.canvas import Canvas
from zoetrope.gui.spray_stroke import Stroke

LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
GROUND = (-2.0, 2.0, -2.0, 2.0)


class Ground:
    """A canvas with an empty ground, the parameters that it sets, and a clock that stands."""

    def __init__(self, qtbot: Any) -> None:
        self.state: dict[str, Any] = {
            "points": (), "source": "else", "radius": 0.25, "rate": 100.0, "erase": False,
        }  # fmt: skip
        self.said: list[str] = []
        self.now = 50.0
        table = TableEdit("points", also=(("source", "drawn"),))
        panel = Panel(
            name="main", x=Axis(range=GROUND[:2]), y=Axis(range=GROUND[2:]), equal=True,
            spray=Spray(table, "radius", "rate", "erase", GROUND, 300),
        )  # fmt: skip
        self.canvas = Canvas(theme=LIGHT, parameter_state=self.state.__getitem__)
        qtbot.addWidget(self.canvas)
        self.canvas.resize(500, 500)
        with qtbot.waitExposed(self.canvas):
            self.canvas.show()
        self.canvas.edit_started.connect(lambda: self.said.append("started"))
        self.canvas.edited.connect(self.put)
        self.canvas.edit_finished.connect(lambda: self.said.append("finished"))
        self.canvas.show_figure(Figure(panels=(panel,)))
        self.surface = surface(self.canvas)
        self.tool = self.surface.tool
        self.tool.clock = lambda: self.now
        self.tool._timer.setInterval(10**6)  # the tests tick

    def put(self, values: dict[str, Any]) -> None:
        self.said.append("edited")
        self.state.update(values)

    def at(self, x: float, y: float) -> QPoint:
        return (self.canvas.to_pixel("main", x, y) - QPointF(self.surface.pos())).toPoint()

    def press(self, x: float, y: float, modifier: Any = PLAIN) -> None:
        QTest.mousePress(self.surface, LEFT, modifier, self.at(x, y))

    def hold(self, seconds: float) -> None:
        self.now += seconds
        self.tool.tick()

    def move(self, x: float, y: float) -> None:
        QTest.mouseMove(self.surface, self.at(x, y))

    def release(self, x: float, y: float) -> None:
        QTest.mouseRelease(self.surface, LEFT, PLAIN, self.at(x, y))

    @property
    def points(self) -> Any:
        return np.array(self.state["points"]).reshape(-1, 2)


@pytest.fixture
def ground(qtbot: Any) -> Ground:
    return Ground(qtbot)


def test_points_fall_at_their_rate_within_the_brush(ground: Ground) -> None:
    ground.press(0.5, -0.5)
    for _ in range(20):
        ground.hold(0.1)
    ground.release(0.5, -0.5)
    assert len(ground.points) == 201  # 100 a second, and one at once
    away = np.linalg.norm(ground.points - (0.5, -0.5), axis=1)
    assert away.max() <= 0.25 + 0.02  # and a pixel
    assert 0.4 < (away < 0.25 / 2**0.5).mean() < 0.6  # evenly: half of them in half of the area
    assert ground.state["source"] == "drawn"


def test_a_stroke_is_one_step_and_the_next_adds_to_it(ground: Ground) -> None:
    ground.press(0.0, 0.0)
    ground.hold(0.2)
    ground.release(0.0, 0.0)
    first = ground.points
    assert ground.said == ["started", "edited", "finished"]
    ground.press(1.0, 1.0)
    ground.release(1.0, 1.0)
    assert np.array_equal(ground.points[: len(first)], first)
    assert len(ground.points) == len(first) + 1


def test_a_click_lets_one_point_fall(ground: Ground) -> None:
    QTest.mouseClick(ground.surface, LEFT, PLAIN, ground.at(0.3, 0.3))
    assert len(ground.points) == 1


def test_a_drag_leaves_its_points_along_the_way(ground: Ground) -> None:
    ground.press(-1.0, 0.0)
    ground.move(1.0, 0.0)
    ground.hold(1.0)
    ground.release(1.0, 0.0)
    assert ground.points[1:, 0].min() < -0.5
    assert ground.points[1:, 0].max() > 0.5
    assert abs(ground.points[:, 1]).max() <= 0.27


def test_with_ctrl_the_stroke_is_a_straight_line(ground: Ground) -> None:
    ground.press(-1.0, -1.0, CTRL)
    ground.hold(0.5)
    ground.move(-1.0, 1.5)  # a detour
    ground.hold(0.5)
    ground.move(1.0, 1.0)
    ground.hold(0.5)
    ground.release(1.0, 1.0)
    across = (ground.points[:, 0] - ground.points[:, 1]) / 2**0.5
    assert len(ground.points) == 151
    assert abs(across).max() <= 0.27
    assert ground.points[:, 0].max() > 0.7


def test_what_is_erased_is_what_the_brush_passes_over(ground: Ground) -> None:
    across = np.linspace(-1.9, 1.9, 39)
    ground.state |= {"points": tuple((x, 0.0) for x in across), "source": "drawn", "erase": True}
    ground.press(-0.5, 0.0)
    ground.move(0.5, 0.0)
    ground.hold(0.1)
    assert len(ground.surface.marks.gone) == len([x for x in across if abs(x) <= 0.75])
    assert ground.said == ["started"]  # the picture stays under the brush
    ground.release(0.5, 0.0)
    expected = [x for x in across if abs(x) > 0.75]
    assert ground.points[:, 0] == pytest.approx(expected)


def test_no_more_points_than_the_table_holds_and_none_beyond_the_ground(ground: Ground) -> None:
    ground.press(1.95, 1.95)
    ground.hold(60.0)
    ground.hold(60.0)
    ground.release(1.95, 1.95)
    assert len(ground.points) == 300
    assert ground.points.max() <= 2.0


def test_points_of_another_source_are_no_part_of_a_drawing(ground: Ground) -> None:
    ground.state["points"] = ((0.0, 0.0),) * 5
    QTest.mouseClick(ground.surface, LEFT, PLAIN, ground.at(1.0, 1.0))
    assert len(ground.points) == 1


def test_the_wheel_makes_the_brush_wider_and_shift_leaves_the_panel_its_box(ground: Ground) -> None:
    hover(ground.surface, ground.at(0.0, 0.0))
    _, across, up = ground.surface.marks.brush
    QTest.keyClick(ground.surface, Qt.Key.Key_Plus)
    assert ground.state["radius"] == pytest.approx(0.3)
    wider = ground.surface.marks.brush
    assert wider[1] == pytest.approx(1.2 * across)
    assert wider[2] == pytest.approx(up * 1.2)
    ground.press(0.0, 0.0, SHIFT)
    ground.release(0.0, 0.0)
    assert ground.state["points"] == ()


def test_a_picture_that_comes_meanwhile_does_not_end_the_stroke(ground: Ground) -> None:
    ground.press(0.0, 0.0)
    ground.hold(0.5)
    ground.canvas.show_figure(ground.canvas.figure)
    assert len(ground.surface.marks.fresh) == 51
    ground.release(0.0, 0.0)
    ground.canvas.show_figure(ground.canvas.figure)  # that has the points
    assert ground.surface.marks.fresh == []
    ground.press(0.0, 0.0)
    ground.canvas.clear()  # the panel goes away
    assert ground.said[-1] == "finished"


def test_equal_strokes_on_equal_points_are_equal() -> None:
    def drawn(before: int) -> Any:
        stroke = Stroke(np.zeros((before, 2)), np.zeros(2), straight=False, erases=False)
        stroke.go(np.ones(2), 50, 0.3)
        return stroke.points

    assert np.array_equal(drawn(3), drawn(3))
    assert not np.array_equal(drawn(3)[3:], drawn(4)[4:])
