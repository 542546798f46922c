"""Points that are the same in several panels: marked in one, they are marked in all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtTest import QTest

from tests.gui.canvas_hand import hover
from zoetrope.core.edits import Edit, TableEdit
from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.items import Places, Scatter
from zoetrope.core.theme import LIGHT
from zoetrope.gui.canvas import Canvas
from zoetrope.gui.panel_surface import PanelSurface

AT = np.array([[0.2, 0.2], [0.5, 0.5], [0.8, 0.2], [0.8, 0.8]])
LEFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
UNIT = Axis(range=(0.0, 1.0))


def surface(canvas: Canvas, name: str) -> PanelSurface:
    return next(found for found in canvas.findChildren(PanelSurface) if found.name == name)


def panel(name: str, column: int, places: Any, key: str = "data", **more: Any) -> Panel:
    x, y = np.asarray(places).T
    return Panel(name=name, x=UNIT, y=UNIT, cell=Cell(0, column),
                 places=(Places(key=key, x=x, y=y),), **more)  # fmt: skip


class Pages:
    """A canvas with two panels of the same points, one of fewer, and one of others."""

    def __init__(self, qtbot: Any) -> None:
        self.picked: list[dict[str, float]] = []
        self.canvas = Canvas(theme=LIGHT)
        self.canvas.edited.connect(self.picked.append)
        qtbot.addWidget(self.canvas)
        self.canvas.resize(900, 400)
        with qtbot.waitExposed(self.canvas):
            self.canvas.show()
        self.show(panel("a", 0, AT, pick_x=Edit("x")), panel("b", 1, 1 - AT[:3]),
                  panel("c", 2, AT, key="others"))  # fmt: skip

    def show(self, *panels: Panel) -> None:
        self.canvas.show_figure(Figure(panels=panels))

    def at(self, name: str, x: float, y: float) -> QPoint:
        origin = QPointF(surface(self.canvas, name).pos())
        return (self.canvas.to_pixel(name, x, y) - origin).toPoint()

    def hover(self, name: str, x: float, y: float) -> None:
        hover(surface(self.canvas, name), self.at(name, x, y))

    def loop(self, name: str, *corners: tuple[float, float]) -> None:
        widget, places = surface(self.canvas, name), [self.at(name, *at) for at in corners]
        QTest.mousePress(widget, LEFT, CTRL, places[0])
        for place in places[1:]:
            QTest.mouseMove(widget, place)
        QTest.mouseRelease(widget, LEFT, CTRL, places[-1])

    def rings(self, name: str) -> list[tuple[float, float]]:
        return self._data(name, surface(self.canvas, name).marks.rings)

    def chosen(self, name: str) -> list[tuple[float, float]]:
        return self._data(name, surface(self.canvas, name).marks.chosen)

    def _data(self, name: str, places: list[QPointF]) -> list[tuple[float, float]]:
        origin = QPointF(surface(self.canvas, name).pos())
        found = [self.canvas.to_data(name, origin + place) for place in places]
        return [(round(x, 6), round(y, 6)) for x, y in found]


@pytest.fixture
def pages(qtbot: Any) -> Pages:
    return Pages(qtbot)


def test_the_point_under_the_mouse_is_ringed_in_every_panel_that_has_it(pages: Pages) -> None:
    pages.hover("b", 0.5, 0.5)
    assert pages.rings("a") == [(0.5, 0.5)]
    assert pages.rings("b") == [(0.5, 0.5)]
    assert pages.rings("c") == []
    pages.hover("a", 0.8, 0.8)  # the fourth, which b has not
    assert pages.rings("a") == [(0.8, 0.8)]
    assert pages.rings("b") == []
    pages.hover("a", 0.05, 0.9)  # far from all
    assert pages.rings("a") == []
    pages.hover("a", 0.2, 0.2)
    assert pages.rings("b") == [(0.8, 0.8)]
    surface(pages.canvas, "a").left.emit("a")
    assert pages.rings("b") == []


def test_nothing_is_computed_for_a_mark(pages: Pages, qtbot: Any) -> None:
    pages.canvas.hovered.connect(lambda values: pytest.fail(f"asks for {values}"))
    pages.hover("a", 0.5, 0.5)
    pages.loop("a", (0.1, 0.1), (0.6, 0.1), (0.6, 0.6), (0.1, 0.6))
    assert pages.picked == []


def test_a_loop_marks_points_in_every_panel_and_on_every_page(pages: Pages) -> None:
    pages.loop("a", (0.1, 0.1), (0.6, 0.1), (0.6, 0.6), (0.1, 0.6))
    assert pages.chosen("a") == [(0.2, 0.2), (0.5, 0.5)]
    assert pages.chosen("b") == [(0.8, 0.8), (0.5, 0.5)]
    assert pages.chosen("c") == []
    pages.show(panel("d", 0, AT[:, ::-1] / 2))  # another page
    assert pages.chosen("d") == [(0.1, 0.1), (0.25, 0.25)]
    pages.show(panel("a", 0, AT, key="other data"))
    assert pages.chosen("a") == []


def test_a_loop_round_nothing_or_escape_lets_them_go(pages: Pages) -> None:
    for let_go in (
        lambda: pages.loop("b", (0.05, 0.5), (0.1, 0.5), (0.1, 0.55)),
        lambda: pages.loop("b", (0.5, 0.5)),  # a click
        lambda: QTest.keyClick(surface(pages.canvas, "b"), Qt.Key.Key_Escape),
    ):
        pages.loop("a", (0.1, 0.1), (0.6, 0.1), (0.6, 0.6), (0.1, 0.6))
        assert pages.chosen("b")
        let_go()
        assert pages.chosen("a") == pages.chosen("b") == []


def test_a_click_and_a_drag_are_still_the_panels(pages: Pages) -> None:
    widget = surface(pages.canvas, "a")
    QTest.mouseClick(widget, LEFT, Qt.KeyboardModifier.NoModifier, pages.at("a", 0.5, 0.5))
    assert [round(values["x"], 2) for values in pages.picked] == [0.5]
    assert pages.chosen("a") == []


def test_points_that_are_selected_to_be_moved_are_marked_elsewhere(qtbot: Any) -> None:
    pages = Pages(qtbot)
    x, y = AT.T
    table = Scatter(key="points", x=x, y=y, edits=TableEdit("table"))
    edited = panel("a", 0, AT, key="table", items=(table,))
    pages.show(edited, panel("b", 1, 1 - AT, key="table"))
    widget = surface(pages.canvas, "a")
    QTest.mouseClick(widget, LEFT, Qt.KeyboardModifier.NoModifier, pages.at("a", 0.8, 0.2))
    assert pages.chosen("b") == [(0.2, 0.8)]


def test_a_point_that_is_nowhere_is_not_found(pages: Pages) -> None:
    lost = AT.copy()
    lost[1] = np.nan
    pages.show(panel("a", 0, lost), panel("b", 1, AT), panel("e", 2, np.empty((0, 2))))
    pages.hover("a", 0.5, 0.5)
    assert pages.rings("b") == []
    pages.hover("b", 0.5, 0.5)  # and can be asked to be ringed there
    assert pages.rings("b") == [(0.5, 0.5)]
    pages.canvas.grab()
