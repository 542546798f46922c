"""Points that a person edits on the picture, the crosshair, and live values under the mouse."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QColor
from PyQt6.QtTest import QTest

from tests.gui.canvas_hand import hover
from tests.gui.still_engine import StillEngine
from zoetrope.core.damped.lab import LAB
from zoetrope.core.edits import Edit, TableEdit
from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.items import Curve, Scatter
from zoetrope.core.theme import LIGHT
from zoetrope.gui.canvas import Canvas
from zoetrope.gui.lab_page import LabPage
from zoetrope.gui.panel_surface import PanelSurface
from zoetrope.gui.point_places import within

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

DRAWN = TableEdit("points", also=(("source", "drawn"),))
SHOWN = ((0.2, 0.2), (0.5, 0.5), (0.8, 0.2), (0.8, 0.8))
LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier


class Held:
    """A canvas and the parameters behind it: what it emits comes into force at once."""

    def __init__(self, qtbot: Any, **panel: Any) -> None:
        self.state: dict[str, Any] = {"points": (), "source": "sample"}
        self.panel = panel
        self.said: list[Any] = []
        self.sample = SHOWN
        self.canvas = Canvas(theme=LIGHT, parameter_state=self.state.__getitem__)
        qtbot.addWidget(self.canvas)
        self.canvas.resize(500, 400)
        self.canvas.show()
        self.canvas.edit_started.connect(lambda: self.said.append("started"))
        self.canvas.edited.connect(self.put)
        self.canvas.edit_finished.connect(lambda: self.said.append("finished"))
        self.show()
        self.surface = self.canvas.findChildren(PanelSurface)[0]

    def put(self, values: dict[str, Any]) -> None:
        self.said.append("edited")
        self.state.update(values)

    @property
    def rows(self) -> tuple[tuple[float, ...], ...]:
        return self.state["points"]

    def figure(self) -> Figure:
        rows = self.rows if self.state["source"] == "drawn" else self.sample
        x, y = np.array(rows, dtype=float).reshape(-1, 2).T
        points = Scatter(key="p", x=x, y=y, edits=DRAWN)
        settings = {
            "name": "main", "brush": DRAWN, "x": Axis(range=(0.0, 1.0)), "y": Axis(range=(0.0, 1.0))
        } | self.panel  # fmt: skip
        return Figure(panels=(Panel(items=(points,), **settings),))

    def show(self) -> None:
        self.canvas.show_figure(self.figure())

    def at(self, x: float, y: float) -> QPoint:
        place = self.canvas.to_pixel("main", x, y) - QPointF(self.surface.pos())
        return place.toPoint()

    def drag(self, *places: tuple[float, float], modifier: Any = None) -> None:
        modifier = modifier or Qt.KeyboardModifier.NoModifier
        QTest.mousePress(self.surface, LEFT, modifier, self.at(*places[0]))
        for place in places[1:]:
            QTest.mouseMove(self.surface, self.at(*place))
        QTest.mouseRelease(self.surface, LEFT, modifier, self.at(*places[-1]))

    def selected(self) -> tuple[int, ...]:
        return self.canvas.selected_rows("main")

    def drawn(self) -> np.ndarray:
        points = self.canvas._tools.points.scatter("main")
        return np.column_stack([points.x, points.y])


@pytest.fixture
def hold(qtbot: Any) -> Iterator[Callable[..., Held]]:
    made: list[Held] = []

    def hold(**panel: Any) -> Held:
        made.append(Held(qtbot, **panel))
        return made[-1]

    yield hold
    made.clear()


@pytest.fixture
def held(hold: Callable[..., Held]) -> Held:
    return hold()


def test_the_first_drag_copies_the_points_that_are_shown(held: Held) -> None:
    held.drag((0.5, 0.5), (0.5, 0.6), (0.6, 0.7))
    assert held.state["source"] == "drawn"
    assert held.rows[1] == pytest.approx((0.6, 0.7), abs=0.005)
    assert [held.rows[i] for i in (0, 2, 3)] == [SHOWN[i] for i in (0, 2, 3)]
    assert held.said[0] == "started"
    assert held.said[-1] == "finished"
    assert held.said.count("started") == held.said.count("finished") == 1


def test_later_drags_change_the_table_though_the_picture_is_older(held: Held) -> None:
    held.drag((0.5, 0.5), (0.6, 0.7))
    held.drag((0.2, 0.2), (0.3, 0.4))
    assert held.rows[1] == pytest.approx((0.6, 0.7), abs=0.005)
    assert held.rows[0] == pytest.approx((0.3, 0.4), abs=0.005)


def test_points_of_another_source_are_copied_anew(held: Held) -> None:
    held.drag((0.5, 0.5), (0.6, 0.7))
    held.state["source"] = "sample"
    held.show()
    held.drag((0.2, 0.2), (0.3, 0.4))
    assert held.rows[1] == SHOWN[1]


def test_a_point_in_hand_stays_under_the_mouse_whatever_picture_comes(held: Held) -> None:
    QTest.mousePress(held.surface, LEFT, pos=held.at(0.5, 0.5))
    QTest.mouseMove(held.surface, held.at(0.6, 0.6))
    older = held.figure()
    QTest.mouseMove(held.surface, held.at(0.7, 0.6))
    assert held.drawn()[1] == pytest.approx((0.7, 0.6), abs=0.005)
    held.canvas.show_figure(older)
    assert held.drawn()[1] == pytest.approx((0.7, 0.6), abs=0.005)
    QTest.mouseRelease(held.surface, LEFT, pos=held.at(0.7, 0.6))
    held.canvas.show_figure(older)  # still on its way when the person let go
    assert held.drawn()[1] == pytest.approx((0.7, 0.6), abs=0.005)
    held.show()
    assert held.drawn()[1] == pytest.approx((0.7, 0.6), abs=0.005)
    held.state.update(points=SHOWN)  # undone
    held.show()
    assert held.drawn()[1] == pytest.approx(SHOWN[1])


def test_digits_are_those_that_a_hand_can_mean(held: Held) -> None:
    held.drag((0.5, 0.5), (0.61, 0.73))
    assert all(len(repr(value)) <= 8 for value in held.rows[1])


def test_a_double_click_adds_a_point_and_selects_it(held: Held) -> None:
    QTest.mouseDClick(held.surface, LEFT, pos=held.at(0.3, 0.9))
    assert held.rows[:4] == SHOWN
    assert held.rows[4] == pytest.approx((0.3, 0.9), abs=0.005)
    assert held.selected() == (4,)
    assert held.said == ["started", "edited", "finished"]
    held.show()
    assert held.selected() == (4,)
    QTest.mouseDClick(held.surface, LEFT, pos=held.at(0.3, 0.9))
    assert len(held.rows) == 5, "a double click on a point adds none"


def test_a_lasso_selects_and_what_is_selected_moves_together(held: Held) -> None:
    held.drag((0.7, 0.05), (0.95, 0.05), (0.95, 0.95), (0.7, 0.95))
    assert held.selected() == (2, 3)
    assert held.said == []
    held.drag((0.8, 0.2), (0.7, 0.3))
    assert held.rows[2] == pytest.approx((0.7, 0.3), abs=0.005)
    assert held.rows[3] == pytest.approx((0.7, 0.9), abs=0.005)
    assert held.selected() == (2, 3)


def test_shift_adds_to_the_selection_and_takes_from_it(held: Held) -> None:
    QTest.mouseClick(held.surface, LEFT, pos=held.at(0.5, 0.5))
    assert held.selected() == (1,)
    QTest.mouseClick(held.surface, LEFT, SHIFT, held.at(0.2, 0.2))
    assert set(held.selected()) == {0, 1}
    held.drag((0.7, 0.05), (0.95, 0.05), (0.95, 0.5), (0.7, 0.5), modifier=SHIFT)
    assert set(held.selected()) == {0, 1, 2}
    QTest.mouseClick(held.surface, LEFT, SHIFT, held.at(0.5, 0.5))
    assert set(held.selected()) == {0, 2}
    QTest.mouseClick(held.surface, LEFT, pos=held.at(0.2, 0.2))
    assert held.selected() == (0,)
    QTest.mouseClick(held.surface, LEFT, pos=held.at(0.05, 0.95))
    assert held.selected() == ()


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_delete_removes_what_is_selected_in_one_step(held: Held, key: Qt.Key) -> None:
    held.drag((0.7, 0.05), (0.95, 0.05), (0.95, 0.95), (0.7, 0.95))
    QTest.keyClick(held.surface, key)
    assert held.rows == SHOWN[:2]
    assert held.selected() == ()
    assert held.said == ["started", "edited", "finished"]
    QTest.keyClick(held.surface, key)
    assert held.rows == SHOWN[:2]


def test_everything_can_be_done_with_the_keyboard(held: Held) -> None:
    QTest.keyClick(held.surface, Qt.Key.Key_PageDown)
    QTest.keyClick(held.surface, Qt.Key.Key_PageDown)
    assert held.selected() == (1,)
    QTest.keyPress(held.surface, Qt.Key.Key_Right)
    QTest.keyPress(held.surface, Qt.Key.Key_Right)
    QTest.keyPress(held.surface, Qt.Key.Key_Up)
    QTest.keyRelease(held.surface, Qt.Key.Key_Up)
    assert held.rows[1] == pytest.approx((0.52, 0.51), abs=1e-6)
    assert held.said.count("started") == held.said.count("finished") == 1
    QTest.keyClick(held.surface, Qt.Key.Key_PageUp)
    assert held.selected() == (0,)
    QTest.keyClick(held.surface, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert held.selected() == (0, 1, 2, 3)
    QTest.keyClick(held.surface, Qt.Key.Key_Escape)
    assert held.selected() == ()
    QTest.keyClick(held.surface, Qt.Key.Key_Insert)
    assert held.rows[4] == pytest.approx((0.5, 0.5), abs=0.01)
    assert "Page Down" in held.surface.accessibleDescription()


def test_esc_takes_a_drag_back(held: Held) -> None:
    QTest.mousePress(held.surface, LEFT, pos=held.at(0.5, 0.5))
    QTest.mouseMove(held.surface, held.at(0.9, 0.6))
    QTest.keyClick(held.surface, Qt.Key.Key_Escape)
    assert held.rows == SHOWN
    assert held.said[-1] == "finished"
    QTest.mouseMove(held.surface, held.at(0.1, 0.6))
    QTest.mouseRelease(held.surface, LEFT, pos=held.at(0.1, 0.6))
    assert held.rows == SHOWN


def test_without_a_selection_the_arrows_pan_and_without_a_brush_the_mouse_does(
    qtbot: Any, hold: Callable[..., Held]
) -> None:
    held = hold(brush=None)
    before = held.canvas.visible_range("main")
    QTest.keyClick(held.surface, Qt.Key.Key_Right)
    assert held.canvas.visible_range("main") != before
    QTest.mouseDClick(held.surface, LEFT, pos=held.at(0.4, 0.9))
    qtbot.waitUntil(lambda: held.canvas.visible_range("main") == before)
    held.drag((0.4, 0.9), (0.5, 0.9), (0.6, 0.9))
    assert held.canvas.visible_range("main") != before
    assert held.said == []
    held.canvas.reset_view("main")
    qtbot.waitUntil(lambda: held.canvas.visible_range("main") == before)
    held.drag((0.5, 0.5), (0.6, 0.7))
    assert held.rows[1] == pytest.approx((0.6, 0.7), abs=0.005)


def test_a_click_beside_all_points_still_picks(hold: Callable[..., Held]) -> None:
    held = hold(pick_x=Edit("chosen"))
    QTest.mouseClick(held.surface, LEFT, pos=held.at(0.5, 0.5))
    assert "chosen" not in held.state
    QTest.mouseClick(held.surface, LEFT, pos=held.at(0.4, 0.9))
    assert held.state["chosen"] == pytest.approx(0.4, abs=0.005)


def test_the_middle_button_pans_where_the_left_one_draws(held: Held) -> None:
    middle = Qt.MouseButton.MiddleButton
    before = held.canvas.visible_range("main")
    QTest.mousePress(held.surface, middle, pos=held.at(0.4, 0.9))
    QTest.mouseMove(held.surface, held.at(0.5, 0.9))
    QTest.mouseMove(held.surface, held.at(0.6, 0.9))
    QTest.mouseRelease(held.surface, middle, pos=held.at(0.6, 0.9))
    assert held.canvas.visible_range("main") != before


def test_a_selection_ends_when_there_are_other_points(held: Held) -> None:
    QTest.keyClick(held.surface, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    held.sample = SHOWN[:2]
    held.show()
    assert held.selected() == ()


@pytest.mark.parametrize("gone", ["panel", "points", "canvas"])
def test_a_drag_ends_when_its_points_go_away(held: Held, gone: str) -> None:
    QTest.mousePress(held.surface, LEFT, pos=held.at(0.5, 0.5))
    QTest.mouseMove(held.surface, held.at(0.6, 0.6))
    if gone == "canvas":
        held.canvas.clear()
    else:
        name = "other" if gone == "panel" else "main"
        held.canvas.show_figure(Figure(panels=(Panel(name=name),)))
    assert held.said[-1] == "finished"


def test_points_on_a_log_axis_move_by_factors(hold: Callable[..., Held]) -> None:
    held = hold(x=Axis(range=(0.01, 1.0), log=True))
    held.drag((0.5, 0.5), (0.1, 0.6), (0.05, 0.6))
    assert held.rows[1] == pytest.approx((0.05, 0.6), rel=0.03)


def ink(image: Any, colour: str) -> int:
    wanted = np.array(QColor(colour).getRgb()[:3])
    image = image.convertToFormat(image.Format.Format_RGBA8888)
    pixels = np.frombuffer(image.constBits().asarray(image.sizeInBytes()), dtype=np.uint8)
    near = np.abs(pixels.reshape(-1, 4)[:, :3].astype(int) - wanted).sum(axis=1) < 30
    return int(near.sum())


def test_selected_points_have_a_ring_that_is_in_no_copy_of_the_picture(held: Held) -> None:
    accent = LIGHT.roles["accent"]
    assert ink(held.canvas.grab().toImage(), accent) == 0
    QTest.mouseClick(held.surface, LEFT, pos=held.at(0.5, 0.5))
    QTest.mousePress(held.surface, LEFT, SHIFT, held.at(0.1, 0.9))
    QTest.mouseMove(held.surface, held.at(0.2, 0.9))
    QTest.mouseMove(held.surface, held.at(0.2, 0.8))
    assert ink(held.canvas.grab().toImage(), accent) > 20
    assert ink(held.canvas.grab_image(), accent) == 0
    QTest.mouseRelease(held.surface, LEFT, SHIFT, held.at(0.2, 0.8))
    assert ink(held.canvas.grab().toImage(), accent) > 20


def test_a_thousand_points_are_dragged_within_a_frame(held: Held) -> None:
    held.sample = tuple(map(tuple, np.random.default_rng(0).uniform(size=(1000, 2)).tolist()))
    held.show()
    x, y = held.sample[500]
    QTest.mousePress(held.surface, LEFT, pos=held.at(x, y))
    (chosen,) = held.selected()
    x, y = held.sample[chosen]
    took = []
    for step in range(20):
        began = time.perf_counter()
        QTest.mouseMove(held.surface, held.at(x + 0.01 * step, y))
        held.show()
        took.append(time.perf_counter() - began)
    QTest.mouseRelease(held.surface, LEFT, pos=held.at(x, y))
    assert float(np.median(took)) < 0.033  # a sixtieth of a second on a machine that is not busy


def test_which_points_lie_in_a_polygon() -> None:
    x, y = np.meshgrid(np.linspace(-2, 2, 41), np.linspace(-2, 2, 41))
    square = [(-1.01, -1.01), (1.01, -1.01), (1.01, 1.01), (-1.01, 1.01)]
    np.testing.assert_array_equal(within(x, y, square), (abs(x) < 1.005) & (abs(y) < 1.005))
    bow = [(-1.0, -1.0), (1.0, 1.0), (1.0, -1.0), (-1.0, 1.0)]
    assert within(np.array([0.5, 0.0]), np.array([0.1, 0.5]), bow).tolist() == [True, False]


# The mouse that only hovers


def linked(group: str = "time") -> Figure:
    axis = Axis(range=(0.0, 1.0))
    line = Curve(key="c", x=[0, 1], y=[0, 1])
    return Figure(
        panels=(
            Panel(name="a", items=(line,), x=axis, y=axis, crosshair=group, hover_x=Edit("probe"),
                  hover_y=Edit("level", scale=10.0)),
            Panel(name="b", items=(line,), x=axis, y=axis, crosshair=group, cell=Cell(row=1)),
            Panel(name="c", items=(line,), x=axis, y=axis, cell=Cell(row=2)),
        )
    )  # fmt: skip


def test_panels_share_a_crosshair(qtbot: Any) -> None:
    canvas = Canvas(theme=LIGHT)
    qtbot.addWidget(canvas)
    canvas.resize(500, 600)
    canvas.show()
    canvas.show_figure(linked())
    a, b, c = canvas.findChildren(PanelSurface)
    said: list[dict[str, float]] = []
    canvas.hovered.connect(said.append)
    assert a.hasMouseTracking()
    assert not c.hasMouseTracking()
    for place in (QPoint(30, 30), QPoint(80, 40), QPoint(a.width() // 2, a.height() // 4)):
        hover(a, place)
    assert a.marks.cross is not None
    assert b.marks.cross is not None
    assert b.marks.cross[0] == pytest.approx(a.marks.cross[0], abs=1.0)
    assert a.marks.words == b.marks.words
    assert a.marks.words.startswith("0.50")
    assert c.marks.cross is None
    qtbot.waitUntil(lambda: bool(said))
    assert len(said) == 1, "one change a frame"
    assert said[0]["probe"] == pytest.approx(0.5, abs=0.01)
    assert said[0]["level"] == pytest.approx(7.5, abs=0.2)
    image = canvas.grab_image()
    assert canvas.grab().toImage() != image
    a.leaveEvent(None)
    assert a.marks.cross is None
    assert b.marks.cross is None


def test_a_panel_that_goes_away_takes_its_crosshair_along(qtbot: Any) -> None:
    canvas = Canvas(theme=LIGHT)
    qtbot.addWidget(canvas)
    canvas.resize(500, 600)
    canvas.show()
    canvas.show_figure(linked())
    QTest.mouseMove(canvas.findChildren(PanelSurface)[0], QPoint(80, 40))
    said: list[dict[str, float]] = []
    canvas.hovered.connect(said.append)
    rest = Figure(panels=linked().panels[1:])
    canvas.show_figure(rest)
    QTest.qWait(40)
    assert said == []
    assert all(surface.marks.cross is None for surface in canvas.findChildren(PanelSurface))


# In a lab's page


@pytest.fixture
def page(qtbot: Any) -> LabPage:
    engine = StillEngine()
    page = LabPage(LAB, engine)
    qtbot.addWidget(page)
    page.resize(1024, 640)
    page.show()
    qtbot.waitUntil(lambda: bool(engine.submitted))
    page.set_parameters(page.parameters.change(page="state"), "Turn", undoable=False)
    page.collect()
    return page


def place_of(page: LabPage, row: int) -> QPoint:
    points = page.canvas._tools.points.scatter("state")
    surface = page.canvas.findChildren(PanelSurface)[0]
    pixel = page.canvas.to_pixel("state", float(points.x[row]), float(points.y[row]))
    return (pixel - QPointF(surface.pos())).toPoint()


def test_one_drag_is_one_step_of_undo(page: LabPage) -> None:
    surface = page.canvas.findChildren(PanelSurface)[0]
    start = place_of(page, 3)
    QTest.mousePress(surface, LEFT, pos=start)
    for step in range(1, 6):
        QTest.mouseMove(surface, start + QPoint(8 * step, 5 * step))
        page.collect()
    QTest.mouseRelease(surface, LEFT, pos=start + QPoint(40, 25))
    page.collect()
    assert page.history.stack.count() == 1
    assert page.parameters.source == "drawn"
    assert len(page.parameters.measured) == 12
    page.history.undo()
    assert page.parameters.source == "samples"
    assert page.parameters.measured == ()
    page.history.redo()
    QTest.mousePress(surface, LEFT, pos=place_of(page, 4))
    QTest.mouseMove(surface, place_of(page, 4) + QPoint(30, 0))
    QTest.mouseRelease(surface, LEFT, pos=place_of(page, 4))
    assert page.history.stack.count() == 2


def test_points_stay_within_what_the_table_takes(page: LabPage) -> None:
    page.canvas.edited.emit({"measured": ((1e9, -1e9), (1.0,))})
    assert page.parameters.measured == ((1e4, -1e4), (1.0, 0.0))


def test_too_many_points_are_refused_in_a_sentence(page: LabPage) -> None:
    page.canvas.edited.emit({"measured": ((0.0, 0.0),) * 2001})
    assert page.parameters.measured == ()
    message = page.form.rows["measured"].message
    assert message is not None
    assert "at most 2000" in message.text()


def test_what_follows_the_mouse_is_no_step_and_stops_no_animation(page: LabPage) -> None:
    page.canvas.hovered.emit({"probe": 1.25, "amplitude": 3.0, "nothing": 1.0})
    assert page.parameters.probe == 1.25
    assert page.parameters.amplitude == 1.0, "only live values follow the mouse"
    assert page.history.stack.count() == 0
    page.canvas.hovered.emit({"probe": 1e9})
    assert page.parameters.probe == 60.0
