"""What is seen of a panel, held by parameters: zooming and panning set them, and they set it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QNativeGestureEvent, QPointingDevice
from PyQt6.QtWidgets import QApplication

from tests.gui.canvas_hand import drag, middle, surface, wheel
from tests.gui.still_engine import StillEngine
from zoetrope.core.edits import Edit, View
from zoetrope.core.figure import Axis, Figure, Panel
from zoetrope.core.items import HeatMap
from zoetrope.core.lab import Frame, Lab, follow
from zoetrope.core.parameters import Parameters, number, view_end
from zoetrope.core.theme import LIGHT
from zoetrope.gui.canvas import Canvas
from zoetrope.gui.lab_page import LabPage

SIZE = 1000.0
Z = np.arange(64.0).reshape(8, 8)


@dataclass(frozen=True)
class MatrixParameters(Parameters):
    gain: float = number(1.0, "Gain", 0.1, 10.0)
    left: float = view_end(0.0, "First column seen", 0.0, SIZE)
    right: float = view_end(SIZE, "Last column seen", 0.0, SIZE)
    top: float = view_end(0.0, "First row seen", 0.0, 1.0)  # a share of the rows
    bottom: float = view_end(1.0, "Last row seen", 0.0, 1.0)


VIEW_X = View(Edit("left"), Edit("right"), limits=(0.0, SIZE), narrowest=10.0)
VIEW_Y = View(
    Edit("top", scale=1 / SIZE), Edit("bottom", scale=1 / SIZE), limits=(0.0, SIZE), narrowest=10.0
)


def matrix(p: MatrixParameters, **more) -> Panel:
    settings = {
        "name": "main",
        "x": Axis(range=VIEW_X.fit(*sorted((p.left, p.right)))),
        "y": Axis(range=VIEW_Y.fit(*sorted((p.top * SIZE, p.bottom * SIZE)))[::-1]),
        "items": (HeatMap(key="z", z=p.gain * Z, extent=(0, SIZE, 0, SIZE)),),
        "view_x": VIEW_X,
        "view_y": VIEW_Y,
        **more,
    }
    return Panel(**settings)


class MatrixLab(Lab[MatrixParameters]):
    id = "matrix"
    title = "Matrix"
    question = "What is in it?"
    parameters = MatrixParameters

    def run(self, parameters, context):
        return follow(parameters, lambda p: Frame(figure=Figure(panels=(matrix(p),))))


class Holder:
    """The parameters that a canvas edits, and the pictures that it asks for."""

    def __init__(self, canvas: Canvas, *also: Panel) -> None:
        self.parameters = MatrixParameters()
        self.steps: list[str] = []
        canvas.parameter_value = lambda name: getattr(self.parameters, name)
        canvas.edited.connect(self.take)
        canvas.edit_started.connect(lambda: self.steps.append("started"))
        canvas.edit_finished.connect(lambda: self.steps.append("finished"))
        self.canvas = canvas
        self.also = also
        self.draw()

    def take(self, values: dict[str, float]) -> None:
        self.parameters = self.parameters.change(**values)
        self.steps.append("edited")

    def draw(self) -> None:
        self.canvas.show_figure(Figure(panels=(matrix(self.parameters), *self.also)))

    @property
    def seen(self) -> tuple[float, ...]:
        p = self.parameters
        return p.left, p.right, p.bottom * SIZE, p.top * SIZE


@pytest.fixture
def canvas(qtbot) -> Canvas:
    canvas = Canvas(theme=LIGHT)
    canvas.reduced_motion = True
    canvas.resize(640, 480)
    qtbot.addWidget(canvas)
    with qtbot.waitExposed(canvas):
        canvas.show()
    return canvas


@pytest.fixture
def held(canvas) -> Holder:
    return Holder(canvas)


def test_the_wheel_sets_the_parameters_and_the_old_picture_moves_at_once(canvas, held):
    assert canvas.visible_range("main") == pytest.approx((0, SIZE, SIZE, 0))
    at = middle(surface(canvas)) + QPoint(60, -40)
    place = QPointF(at) + QPointF(canvas.panel_rect("main").topLeft())
    under = canvas.to_data("main", place)
    wheel(surface(canvas), at, 3)
    assert held.seen[1] - held.seen[0] == pytest.approx(SIZE / 1.2**3)
    assert canvas.visible_range("main") == pytest.approx(held.seen)
    assert canvas.to_data("main", place) == pytest.approx(under, abs=1e-6)


def test_a_picture_of_an_older_range_does_not_take_the_view_back(canvas, held):
    older = Figure(panels=(matrix(held.parameters),))
    wheel(surface(canvas), middle(surface(canvas)), 5)
    canvas.show_figure(older)
    assert canvas.visible_range("main") == pytest.approx(held.seen)


def test_parameters_that_change_by_themselves_move_the_view(canvas, held):
    held.parameters = held.parameters.change(left=200.0, right=300.0, top=0.5, bottom=0.6)
    held.draw()
    assert canvas.visible_range("main") == pytest.approx((200, 300, 600, 500))


def test_ends_given_the_other_way_round_are_put_right(canvas, held):
    held.parameters = held.parameters.change(left=300.0, right=200.0, top=0.5, bottom=0.6)
    held.draw()
    assert canvas.visible_range("main") == pytest.approx((200, 300, 600, 500))


def test_a_drag_pans_within_the_limits_as_one_step(qtbot, canvas, held):
    held.parameters = held.parameters.change(left=100.0, right=200.0, top=0.1, bottom=0.2)
    held.draw()
    panel = surface(canvas)
    start = middle(panel)
    drag(qtbot, panel, start, start + QPoint(30, 0), start + QPoint(panel.width() // 2, 0))
    assert held.steps[0] == "started"
    assert held.steps[-1] == "finished"
    assert held.steps.count("started") == 1
    low, high = held.seen[:2]
    assert high - low == pytest.approx(100.0)
    assert low == pytest.approx(100.0 - 100.0 * (panel.width() // 2) / panel.width())
    drag(qtbot, panel, start, start + QPoint(30, 0), start + QPoint(4 * panel.width(), 0))
    assert held.seen[:2] == pytest.approx((0.0, 100.0))


def test_nothing_beyond_the_limits_and_nothing_narrower(canvas, held):
    panel = surface(canvas)
    wheel(panel, middle(panel), -4)
    assert held.seen == pytest.approx((0, SIZE, SIZE, 0))
    corner = QPoint(panel.width() - 8, 5)
    wheel(panel, corner, 60)
    first = held.seen
    assert first[1] - first[0] == pytest.approx(10.0)
    wheel(panel, corner, 5)
    assert held.seen == pytest.approx(first)  # the pointer does not draw it along


def test_shift_and_a_drag_draw_the_box_that_is_shown(qtbot, canvas, held):
    panel = surface(canvas)
    origin = QPointF(canvas.panel_rect("main").topLeft())
    a, b = QPoint(50, 60), QPoint(150, 120)
    wanted = [canvas.to_data("main", QPointF(at) + origin) for at in (a, b)]
    qtbot.mousePress(panel, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, pos=a)
    qtbot.mouseMove(panel, QPoint(100, 100))
    qtbot.mouseMove(panel, b)
    assert held.steps == []
    qtbot.mouseRelease(panel, Qt.MouseButton.LeftButton, pos=b)
    assert held.seen == pytest.approx((wanted[0][0], wanted[1][0], wanted[1][1], wanted[0][1]))


def test_a_click_with_shift_is_no_box(qtbot, canvas, held):
    qtbot.mouseClick(surface(canvas), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier)
    assert "edited" not in held.steps


def test_two_fingers_zoom(canvas, held):
    at = QPointF(middle(surface(canvas)))
    event = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture,
        QPointingDevice.primaryPointingDevice(),
        2,
        at,
        at,
        at,
        0.25,
        QPointF(),
    )
    assert event.type() == QEvent.Type.NativeGesture
    QApplication.sendEvent(surface(canvas), event)
    assert held.seen[1] - held.seen[0] == pytest.approx(SIZE / 1.25)


def test_the_keyboard_does_what_the_mouse_does(qtbot, canvas, held):
    panel = surface(canvas)
    panel.setFocus()
    qtbot.keyClick(panel, Qt.Key.Key_Plus)
    assert held.seen[1] - held.seen[0] == pytest.approx(SIZE / 1.2)
    left, right = held.seen[:2]
    qtbot.keyClick(panel, Qt.Key.Key_Right)
    assert held.seen[:2] == pytest.approx(
        (left + 0.1 * (right - left), right + 0.1 * (right - left))
    )
    qtbot.keyClick(panel, Qt.Key.Key_Minus)
    assert held.seen[1] - held.seen[0] == pytest.approx(SIZE)
    qtbot.keyClick(panel, Qt.Key.Key_Plus)
    held.steps.clear()
    qtbot.keyClick(panel, Qt.Key.Key_Home)
    assert held.seen == pytest.approx((0, SIZE, SIZE, 0))
    assert held.steps == ["started", "edited", "finished"]


def test_a_double_click_shows_everything(qtbot, canvas, held):
    wheel(surface(canvas), middle(surface(canvas)), 5)
    qtbot.mouseDClick(surface(canvas), Qt.MouseButton.LeftButton)
    assert held.seen == pytest.approx((0, SIZE, SIZE, 0))


def test_a_linked_panel_moves_the_view_of_its_leader(canvas):
    also = Panel(name="profile", x=Axis(range=(0, 1)), link_x="main")
    held = Holder(canvas, also)
    profile = surface(canvas, 1)
    wheel(profile, middle(profile), 3)
    assert held.seen[1] - held.seen[0] == pytest.approx(SIZE / 1.2**3)
    assert held.seen[2:] == (SIZE, 0.0)
    assert canvas.visible_range("profile")[:2] == pytest.approx(held.seen[:2])
    assert canvas.visible_range("main")[:2] == pytest.approx(held.seen[:2])


def test_without_parameters_the_canvas_holds_the_view_itself(canvas):
    canvas.show_figure(Figure(panels=(matrix(MatrixParameters()),)))
    wheel(surface(canvas), middle(surface(canvas)), 60)
    x0, x1, y0, y1 = canvas.visible_range("main")
    assert (x1 - x0, y0 - y1) == pytest.approx((10.0, 10.0))
    canvas.reset_view("main")
    assert canvas.visible_range("main") == pytest.approx((0, SIZE, SIZE, 0))


def test_a_log_axis_is_panned_in_decades(qtbot, canvas):
    view = View(Edit("left"), Edit("right"), limits=(1.0, 1e3))
    panel = matrix(
        MatrixParameters(), items=(), x=Axis(range=(1.0, 1e3), log=True), view_x=view, view_y=None
    )
    values = {"left": 10.0, "right": 100.0}
    canvas.parameter_value = values.__getitem__
    canvas.edited.connect(values.update)
    canvas.show_figure(Figure(panels=(panel,)))
    assert canvas.visible_range("main")[:2] == pytest.approx((10.0, 100.0))
    surface(canvas).setFocus()
    for _ in range(5):
        qtbot.keyClick(surface(canvas), Qt.Key.Key_Right)
    assert (values["left"], values["right"]) == pytest.approx((10**1.5, 10**2.5))
    for _ in range(15):
        qtbot.keyClick(surface(canvas), Qt.Key.Key_Right)
    assert (values["left"], values["right"]) == pytest.approx((100.0, 1000.0))


def test_a_panel_that_goes_away_ends_the_drag(qtbot, canvas, held):
    panel = surface(canvas)
    qtbot.mousePress(panel, Qt.MouseButton.LeftButton, pos=middle(panel))
    qtbot.mouseMove(panel, middle(panel) + QPoint(40, 0))
    assert held.steps[0] == "started"
    canvas.show_figure(Figure(panels=(Panel(name="other"),)))
    assert held.steps[-1] == "finished"


# On a page


@pytest.fixture
def page(qtbot):
    engine = StillEngine(MatrixLab())
    page = LabPage(engine.lab, engine)
    qtbot.addWidget(page)
    page.resize(900, 600)
    page.show()
    qtbot.waitUntil(lambda: bool(engine.submitted))
    page.collect()
    page.set_reduced_motion(True)
    return page


def test_undo_takes_a_zoom_back_and_leaves_the_rest(page):
    panel = surface(page.canvas)
    for _ in range(4):
        wheel(panel, middle(panel), 1)
    zoomed = page.parameters
    assert zoomed.right - zoomed.left == pytest.approx(SIZE / 1.2**4)
    assert page.history.stack.count() == 1
    assert page.history.stack.undoText() == "Change view"
    page.set_parameters(page.parameters.change(gain=2.0), "Change gain")
    page.history.undo()
    page.history.undo()
    assert page.parameters == MatrixParameters()
    page.collect()
    assert page.canvas.visible_range("main") == pytest.approx((0, SIZE, SIZE, 0))
    page.history.redo()
    assert page.parameters == zoomed


def test_a_session_brings_the_view_back(qtbot, page):
    wheel(surface(page.canvas), middle(surface(page.canvas)), 4)
    saved = page.session.state()
    other = LabPage(MatrixLab(), StillEngine(MatrixLab()))
    qtbot.addWidget(other)
    assert other.session.restore(saved) == []
    assert other.parameters == page.parameters


def test_a_view_goes_into_a_running_job(page):
    before = page.parameters
    wheel(surface(page.canvas), middle(surface(page.canvas)), 1)
    assert page.parameters != before
    assert page.parameters.differs_only_live(before)
