"""Points that are chosen with a click, and say what they are under the mouse."""

from __future__ import annotations

from typing import Any

import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt

from tests.gui.canvas_hand import drag, hover, surface
from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis, Figure, Panel
from zoetrope.core.items import Scatter, Segments
from zoetrope.core.theme import LIGHT
from zoetrope.gui.canvas import Canvas

X, Y = [0.2, 0.5, 0.8, 0.8], [0.2, 0.5, 0.2, 0.8]
LEFT = Qt.MouseButton.LeftButton


class Graph:
    """A canvas with a graph of four nodes, and the parameters that it sets."""

    def __init__(self, qtbot: Any) -> None:
        self.state: dict[str, float] = {"node": 0.0, "seen": -1.0, "x": 0.0}
        self.said: list[str] = []
        nodes = Scatter(
            key="nodes", x=X, y=Y, size=12, pick=Edit("node"), hover=Edit("seen"),
            words=("the", "cat", "sat", "down"),
        )  # fmt: skip
        edges = Segments(key="edges", x0=X[:3], y0=Y[:3], x1=X[1:], y1=Y[1:])
        panel = Panel(
            name="main", items=(edges, nodes), x=Axis(range=(0, 1)), y=Axis(range=(0, 1)),
            pick_x=Edit("x"),
        )  # fmt: skip
        self.canvas = Canvas(theme=LIGHT, parameter_value=self.state.__getitem__)
        qtbot.addWidget(self.canvas)
        self.canvas.resize(500, 400)
        with qtbot.waitExposed(self.canvas):
            self.canvas.show()
        self.canvas.edit_started.connect(lambda: self.said.append("started"))
        self.canvas.edited.connect(self.put)
        self.canvas.hovered.connect(self.state.update)
        self.canvas.edit_finished.connect(lambda: self.said.append("finished"))
        self.canvas.show_figure(Figure(panels=(panel,)))
        self.surface = surface(self.canvas)

    def put(self, values: dict[str, float]) -> None:
        self.said.append("edited")
        self.state.update(values)

    def hover(self, x: float, y: float) -> None:
        hover(self.surface, self.at(x, y))

    def at(self, x: float, y: float) -> QPoint:
        return (self.canvas.to_pixel("main", x, y) - QPointF(self.surface.pos())).toPoint()


@pytest.fixture
def graph(qtbot) -> Graph:
    return Graph(qtbot)


def test_a_click_chooses_the_nearest_point(qtbot, graph):
    qtbot.mouseClick(graph.surface, LEFT, pos=graph.at(0.79, 0.21))
    assert graph.state["node"] == 2.0
    assert graph.state["x"] == 0.0  # the point comes before the place
    assert graph.said == ["started", "edited", "finished"]
    qtbot.mouseClick(graph.surface, LEFT, pos=graph.at(0.3, 0.7))
    assert graph.state["node"] == 2.0
    assert graph.state["x"] == pytest.approx(0.3, abs=0.01)


def test_a_drag_from_a_point_pans(qtbot, graph):
    drag(qtbot, graph.surface, graph.at(0.5, 0.5), graph.at(0.6, 0.5), graph.at(0.7, 0.5))
    assert graph.said == []
    assert graph.canvas.visible_range("main")[0] < -0.05


def test_under_the_mouse_a_point_says_what_it_is(graph):
    graph.hover(0.5, 0.5)
    assert graph.state["seen"] == 1.0
    marks = graph.surface.marks
    assert marks.point_words == "cat"
    assert (marks.point - QPointF(graph.at(0.5, 0.5))).manhattanLength() < 3
    assert graph.surface.cursor().shape() == Qt.CursorShape.PointingHandCursor
    graph.hover(0.3, 0.8)
    assert graph.state["seen"] == -1.0
    assert not graph.surface.marks.any
    assert graph.surface.cursor().shape() == Qt.CursorShape.CrossCursor
    assert graph.said == []  # no step of undo


def test_the_mouse_that_leaves_the_panel_leaves_the_point(graph):
    graph.hover(0.5, 0.5)
    graph.surface.leaveEvent(None)
    assert graph.state["seen"] == -1.0
    assert not graph.surface.marks.any


def test_page_down_and_page_up_choose_the_next(qtbot, graph):
    graph.surface.setFocus()
    seen = []
    for key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp, Qt.Key.Key_PageUp,
                Qt.Key.Key_PageUp):  # fmt: skip
        qtbot.keyClick(graph.surface, key)
        seen.append(graph.state["node"])
    assert seen == [1.0, 2.0, 1.0, 0.0, 3.0]


def test_words_must_be_as_many_as_the_points():
    with pytest.raises(ValueError, match="4 points, 1 words"):
        Scatter(key="s", x=X, y=Y, words=("one",))
