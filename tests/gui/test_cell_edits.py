"""Cells of a matrix that a person draws and erases on the picture."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt

from tests.gui.canvas_hand import drag, surface, wheel
from zoetrope.core.edits import TableEdit
from zoetrope.core.figure import Axis, Figure, Panel
from zoetrope.core.items import HeatMap
from zoetrope.core.theme import LIGHT
from zoetrope.gui.canvas import Canvas

BLOCKS = TableEdit("blocks", also=(("source", "drawn"),))
SAMPLE = np.eye(8)
LEFT = Qt.MouseButton.LeftButton


class Held:
    """A canvas and the parameters behind it: what it emits comes into force at once."""

    def __init__(self, qtbot: Any, size: int = 8, edits: TableEdit = BLOCKS, **panel: Any) -> None:
        self.state: dict[str, Any] = {"blocks": (), "source": "sample"}
        self.size, self.edits, self.panel = size, edits, panel
        self.said: list[str] = []
        self.canvas = Canvas(theme=LIGHT, parameter_state=self.state.__getitem__)
        self.canvas.reduced_motion = True
        qtbot.addWidget(self.canvas)
        self.canvas.resize(500, 480)
        with qtbot.waitExposed(self.canvas):
            self.canvas.show()
        self.canvas.edit_started.connect(lambda: self.said.append("started"))
        self.canvas.edited.connect(self.put)
        self.canvas.edit_finished.connect(lambda: self.said.append("finished"))
        self.show()
        self.surface = surface(self.canvas)

    def put(self, values: dict[str, Any]) -> None:
        self.said.append("edited")
        self.state.update(values)

    def figure(self) -> Figure:
        z = np.eye(self.size)
        if self.state["source"] == "drawn":
            z = np.zeros((self.size, self.size))
            for row, column in self.state["blocks"]:
                z[int(row), int(column)] = 1.0
        heat = HeatMap(key="z", z=z, extent=(0, 80, 0, 80), levels=(0, 1), edits=self.edits)
        settings = {
            "name": "main", "x": Axis(range=(0, 80)), "y": Axis(range=(80, 0)), **self.panel
        }  # fmt: skip
        return Figure(panels=(Panel(items=(heat,), **settings),))

    def show(self) -> None:
        self.canvas.show_figure(self.figure())

    def at(self, row: float, column: float) -> QPoint:
        width = 80 / self.size
        place = self.canvas.to_pixel("main", (column + 0.5) * width, (row + 0.5) * width)
        return (place - QPointF(self.surface.pos())).toPoint()

    @property
    def cells(self) -> set[tuple[int, int]]:
        return {(int(i), int(j)) for i, j in self.state["blocks"]}

    @property
    def drawn(self) -> set[tuple[int, int]]:
        z = self.canvas._panels["main"].drawn["z", HeatMap].item.z
        return {(i, j) for i, j in np.argwhere(z > 0).tolist()}


@pytest.fixture
def held(qtbot) -> Held:
    return Held(qtbot)


DIAGONAL = {(k, k) for k in range(8)}


def test_a_click_draws_a_cell_beside_those_that_are_shown(qtbot, held):
    qtbot.mouseClick(held.surface, LEFT, pos=held.at(2, 5))
    assert held.cells == DIAGONAL | {(2, 5)}
    assert held.state["source"] == "drawn"
    assert held.said == ["started", "edited", "finished"]
    assert held.drawn == held.cells  # at once, before the lab has drawn anything


def test_a_stroke_that_begins_on_a_drawn_cell_erases(qtbot, held):
    drag(qtbot, held.surface, held.at(2, 2), held.at(3, 3), held.at(3, 6))
    assert held.cells == DIAGONAL - {(2, 2), (3, 3)}
    assert held.said.count("started") == held.said.count("finished") == 1


def test_a_fast_hand_leaves_no_gaps(qtbot, held):
    drag(qtbot, held.surface, held.at(0, 7), held.at(0, 1))
    assert held.cells == DIAGONAL | {(0, k) for k in range(1, 8)}
    drag(qtbot, held.surface, held.at(7, 0), held.at(1, 3))
    steps = {(7, 0), (6, 0), (5, 1), (4, 2), (3, 2), (2, 2), (1, 3)}
    assert held.cells >= steps - {(6, 0)}
    assert len(held.cells - DIAGONAL) == 7 + len(steps - DIAGONAL)


def test_an_older_picture_does_not_take_back_what_is_drawn(qtbot, held):
    older = held.figure()
    qtbot.mousePress(held.surface, LEFT, pos=held.at(2, 5))
    qtbot.mouseMove(held.surface, held.at(2, 6))
    held.canvas.show_figure(older)
    assert held.drawn == DIAGONAL | {(2, 5), (2, 6)}
    qtbot.mouseRelease(held.surface, LEFT, pos=held.at(2, 6))
    held.canvas.show_figure(older)
    assert held.drawn == DIAGONAL | {(2, 5), (2, 6)}
    held.show()
    assert held.drawn == held.cells
    held.state.update(blocks=((1.0, 1.0),))  # undone, or set elsewhere
    held.show()
    assert held.drawn == {(1, 1)}


def test_all_can_be_erased(qtbot, held):
    for k in range(8):
        qtbot.mouseClick(held.surface, LEFT, pos=held.at(k, k))
        held.show()
    assert held.state["blocks"] == ()
    held.show()
    qtbot.mouseClick(held.surface, LEFT, pos=held.at(0, 0))
    assert held.cells == {(0, 0)}


def test_beside_the_matrix_the_panel_pans(qtbot):
    held = Held(qtbot, x=Axis(range=(0, 160)))
    drag(qtbot, held.surface, held.at(4, 12), held.at(4, 10), held.at(4, 9))
    assert held.said == []
    assert held.canvas.visible_range("main")[0] > 5


def test_the_wheel_still_zooms(held):
    wheel(held.surface, held.at(4, 4), 2)
    x0, x1, *_ = held.canvas.visible_range("main")
    assert x1 - x0 == pytest.approx(80 / 1.44)


def test_ctrl_draws_a_straight_line_as_one_step(qtbot, held):
    held.surface.grab()
    places = [held.at(1, 1), held.at(6, 2), held.at(1, 5)]  # by way of a cell that is left again
    ctrl = Qt.KeyboardModifier.ControlModifier
    qtbot.mousePress(held.surface, LEFT, ctrl, held.at(1, 2))
    for place in places:
        qtbot.mouseMove(held.surface, place)
    qtbot.mouseRelease(held.surface, LEFT, ctrl, places[-1])
    assert held.cells == {(i, i) for i in range(8)} | {(1, j) for j in range(2, 6)}
    assert held.said.count("started") == held.said.count("finished") == 1


def test_the_wheel_makes_a_broad_brush_wider(qtbot):
    held = Held(qtbot, size=20, edits=replace(BLOCKS, broad=True))
    held.state["source"] = "drawn"
    held.show()
    before = held.canvas.to_pixel("main", 0.0, 0.0)
    wheel(held.surface, held.at(10, 10), 6)
    assert held.canvas.to_pixel("main", 0.0, 0.0) == before  # it does not zoom
    qtbot.mouseClick(held.surface, LEFT, pos=held.at(10, 10))
    widths = [sum(row == i for row, _ in held.cells) for i in range(20)]
    assert max(widths) == widths[10] == 13
    assert 0 < widths[4] < widths[7] < 13  # round
    wheel(held.surface, held.at(1, 1), -7)
    qtbot.mouseClick(held.surface, LEFT, pos=held.at(0, 0))
    assert len(held.cells) == sum(widths) + 1
    assert "brush" in held.canvas._panels["main"].surface.tool.words("main")


def test_by_the_keyboard(qtbot, held):
    panel = held.surface
    panel.setFocus()
    qtbot.keyClick(panel, Qt.Key.Key_Space)  # brings the cursor
    assert held.said == []
    row, column = held.canvas._tools.cells._hands["main"].cursor
    qtbot.keyClick(panel, Qt.Key.Key_Right)
    qtbot.keyClick(panel, Qt.Key.Key_Down)  # rows are counted downwards
    qtbot.keyClick(panel, Qt.Key.Key_Down)
    qtbot.keyClick(panel, Qt.Key.Key_Space)
    assert held.cells == DIAGONAL | {(row + 2, column + 1)}
    assert held.said == ["started", "edited", "finished"]
    held.show()
    qtbot.keyClick(panel, Qt.Key.Key_Space)
    assert held.cells == DIAGONAL
    mark = held.canvas._tools.cells.mark("main")
    assert mark is not None
    assert mark.contains(QPointF(held.at(row + 2, column + 1)))
    qtbot.keyClick(panel, Qt.Key.Key_Escape)
    assert held.canvas._tools.cells.mark("main") is None
    qtbot.keyClick(panel, Qt.Key.Key_Right)  # moves the view again
    assert held.canvas.visible_range("main")[0] == pytest.approx(8.0)


def test_a_stroke_over_a_large_layout_keeps_up(qtbot):
    held = Held(qtbot, size=128)
    stripes = tuple((float(i), float(j)) for i in range(128) for j in range(0, 128, 2))
    held.state.update(source="drawn", blocks=stripes)
    held.show()
    qtbot.mousePress(held.surface, LEFT, pos=held.at(0, 1))
    began = time.process_time()
    for k in range(1, 21):
        held.canvas._tools.cells.move("main", QPointF(held.at(k, 1)))
    assert (time.process_time() - began) / 20 < 0.05
    qtbot.mouseRelease(held.surface, LEFT, pos=held.at(20, 1))
    assert len(held.cells) == 128 * 64 + 21


def test_without_a_condition_the_table_itself_is_drawn_on(qtbot):
    held = Held(qtbot, edits=TableEdit("blocks"))
    qtbot.mouseClick(held.surface, LEFT, pos=held.at(2, 5))
    assert held.cells == DIAGONAL | {(2, 5)}
    assert held.state["source"] == "sample"
