"""The canvas as a person meets it: what it shows, and what it says when it is touched."""

from __future__ import annotations

import gc
import time
import weakref

import numpy as np
import pytest
from PyQt6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRect, Qt
from PyQt6.QtGui import QColor, QContextMenuEvent, QImage, QMouseEvent, QWheelEvent
from PyQt6.QtWidgets import QApplication, QGraphicsItem, QLabel

from zoetrope.core.edits import Edit, Orbit, TableEdit
from zoetrope.core.figure import Axis, Cell, Figure, Panel, panel_limits
from zoetrope.core.items import (
    Arrows,
    Band,
    Bars,
    Curve,
    Handle,
    HeatMap,
    Label,
    Region,
    Rule,
    Scatter,
    Segments,
)
from zoetrope.core.theme import DARK, LIGHT
from zoetrope.gui.canvas import Canvas
from zoetrope.gui.handle_ring import HandleRing
from zoetrope.gui.panel_surface import PanelSurface

X = np.linspace(0.0, 1.0, 101)


def one(*items, **panel) -> Figure:
    panel = {"name": "main", "title": "A panel", **panel}
    return Figure(panels=(Panel(items=items, **panel),))


def wave(height: float = 1.0, **how) -> Curve:
    return Curve(**{"key": "wave", "x": X, "y": height * np.sin(6 * X), **how})


def every_kind(phase: float = 0.0) -> tuple:
    y = np.sin(6 * X + phase)
    return (
        HeatMap(key="map", z=np.outer(X[:20], X[:30]) + phase, extent=(0, 1, -1, 1), label="z"),
        Band(key="band", x=X, low=y - 0.1, high=y + 0.1),
        Curve(key="curve", x=X, y=y, label="a wave"),
        Segments(key="segments", x0=X[:5], y0=y[:5], x1=X[:5] + 0.1, y1=y[:5]),
        Scatter(key="points", x=X[::9], y=y[::9], values=X[::9]),
        Bars(key="bars", x=X[::20], height=y[::20], width=0.05),
        Arrows(key="arrows", x=X[::25], y=y[::25], dx=X[::25] * 0 + 0.1, dy=y[::25]),
        Label(key="label", x=0.5, y=0.0, label=f"phase {phase:.2f}"),
        Rule(key="rule", axis="y", value=0.5, label="half"),
        Region(key="region", axis="x", low=0.2, high=0.3, label="here"),
        Handle(key="handle", x=0.5, y=float(y[50]), y_edit=Edit("height"), label="Drag me"),
    )


@pytest.fixture
def canvas(qtbot) -> Canvas:
    canvas = Canvas(theme=LIGHT)
    canvas.resize(640, 480)
    qtbot.addWidget(canvas)
    with qtbot.waitExposed(canvas):
        canvas.show()
    return canvas


@pytest.fixture
def said(canvas) -> list:
    """Everything the canvas emits, in order."""
    heard: list = []
    canvas.edit_started.connect(lambda: heard.append("started"))
    canvas.edited.connect(heard.append)
    canvas.edit_finished.connect(lambda: heard.append("finished"))
    return heard


def ring(canvas: Canvas, index: int = 0) -> HandleRing:
    return canvas.findChildren(HandleRing)[index]


def surface(canvas: Canvas, index: int = 0) -> PanelSurface:
    return canvas.findChildren(PanelSurface)[index]


def middle(widget) -> QPoint:
    return widget.rect().center()


def wheel(widget, at: QPoint, notches: int) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(widget.mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def hover(widget, at: QPoint) -> None:
    """Move the mouse over a widget, wherever the system's pointer is and no button is pressed."""
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(at),
        QPointF(widget.mapToGlobal(at)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(widget, event)


def drag(qtbot, widget, start: QPoint, *steps: QPoint) -> None:
    qtbot.mousePress(widget, Qt.MouseButton.LeftButton, pos=start)
    for step in steps:
        qtbot.mouseMove(widget, step)
    qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=steps[-1])


def count(image: QImage, colour: str, tolerance: int = 3) -> int:
    """Return how many pixels of an image have a colour."""
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    pixels = np.frombuffer(image.constBits().asarray(image.sizeInBytes()), dtype=np.uint8)
    wanted = np.array(QColor(colour).getRgb()[:3])
    pixels = pixels.reshape(-1, 4)[:, :3].astype(int)
    return int((np.abs(pixels - wanted).max(axis=1) <= tolerance).sum())


# What is shown


def test_the_ranges_are_those_of_the_description(canvas):
    figure = one(wave(), x=Axis(range=(-1.0, 3.0)))
    canvas.show_figure(figure)
    assert canvas.visible_range("main") == pytest.approx(panel_limits(figure.panels[0]))
    assert canvas.visible_range("main")[:2] == (-1.0, 3.0)


def test_places_and_data_are_each_others_inverse(canvas):
    canvas.show_figure(one(wave(), x=Axis(range=(1.0, 100.0), log=True), y=Axis(range=(3, -1))))
    place = canvas.to_pixel("main", 10.0, 2.0)
    assert canvas.to_data("main", place) == pytest.approx((10.0, 2.0))
    rect = canvas.panel_rect("main")
    assert place.x() == pytest.approx(rect.left() + rect.width() / 2)
    assert place.y() == pytest.approx(rect.bottom() + 1 - rect.height() / 4)  # 3 is below


def test_equal_scales(canvas):
    canvas.show_figure(one(wave(3.0), equal=True))
    origin, right, up = (canvas.to_pixel("main", *point) for point in ((0, 0), (1, 0), (0, 1)))
    assert right.x() - origin.x() == pytest.approx(origin.y() - up.y())


def test_square_axes(canvas):
    canvas.show_figure(one(wave(3.0), square=True))
    for size in ((1024, 700), (300, 400)):
        canvas.resize(*size)
        canvas.grab_image()
        place = canvas.panel_rect("main")
        assert place.width() == place.height()


def test_items_are_kept_and_only_moved(canvas):
    canvas.show_figure(one(*every_kind()))
    before = {id(item) for item in canvas._scene.items()}
    canvas.show_figure(one(*every_kind(0.3)))
    assert {id(item) for item in canvas._scene.items()} == before


def test_an_item_that_vanishes_is_removed(canvas):
    canvas.show_figure(one(wave()))
    bare = len(canvas._scene.items())
    canvas.show_figure(one(*every_kind(), wave()))
    canvas.show_figure(one(wave()))
    assert len(canvas._scene.items()) == bare
    assert not [ring for ring in canvas.findChildren(HandleRing) if ring.isVisible()]


def test_a_key_may_change_its_kind(canvas):
    canvas.show_figure(one(wave()))
    canvas.show_figure(one(Scatter(key="wave", x=X, y=X)))
    canvas.show_figure(one(wave()))
    assert canvas.figure == one(wave())


def test_many_frames_leave_nothing_behind(canvas):
    def objects() -> int:
        gc.collect()
        return len(gc.get_objects())

    def play() -> None:
        for phase in range(300):
            canvas.show_figure(one(*every_kind(phase / 10)))
        QApplication.processEvents()

    play()
    graphics, before = len(canvas._scene.items()), objects()
    play()
    assert len(canvas._scene.items()) == graphics
    assert objects() - before < 60


def test_panels_come_and_go(canvas):
    two = Figure(
        panels=(
            Panel(name="a", items=(wave(),)),
            Panel(name="b", items=every_kind(), cell=Cell(column=1)),
        ),
        widths=(2.0, 1.0),
    )
    canvas.show_figure(one(wave(), name="a"))
    bare = [item for item in canvas._scene.items() if item.isVisible()]
    whole = canvas.panel_rect("a")
    canvas.show_figure(two)
    left, right = canvas.panel_rect("a"), canvas.panel_rect("b")
    assert left.right() < right.left()
    assert whole.width() > left.width() > right.width()
    assert (left.top(), left.bottom()) == (right.top(), right.bottom())
    canvas.show_figure(one(wave(), name="a"))
    assert [item for item in canvas._scene.items() if item.isVisible()] == bare
    with pytest.raises(KeyError):
        canvas.panel_rect("b")
    canvas.show_figure(two)  # as it was, though b was away
    assert canvas.panel_rect("b") == right
    assert canvas.visible_range("b") == pytest.approx(panel_limits(two.panel("b")))


def test_of_panels_out_of_sight_few_are_kept(canvas):
    for number in range(20):
        canvas.show_figure(one(wave(), name=str(number)))
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(canvas.findChildren(PanelSurface)) <= 6


def test_panels_of_a_column_have_one_left_edge(canvas):
    figure = Figure(
        panels=(
            Panel(name="a", items=(wave(1e-3),), y=Axis(label="y"), cell=Cell(0, 0)),
            Panel(name="b", items=(wave(3.0),), cell=Cell(1, 0)),
            Panel(name="c", items=(wave(),), cell=Cell(0, 1, row_span=2)),
        )
    )
    canvas.show_figure(figure)
    rects = {name: canvas.panel_rect(name) for name in "abc"}
    assert rects["a"].left() == rects["b"].left()
    assert rects["a"].bottom() < rects["b"].top()
    assert rects["c"].top() == rects["a"].top()
    assert rects["c"].bottom() == rects["b"].bottom()


def test_hidden_axes_leave_the_room_to_the_scene(canvas):
    hidden = Axis(visible=False)
    canvas.show_figure(one(wave(), title="", x=hidden, y=hidden, grid=False))
    assert canvas.panel_rect("main").width() > 600


@pytest.mark.parametrize("log_x", [False, True])
@pytest.mark.parametrize("log_y", [False, True])
def test_hopeless_data_are_drawn_as_well_as_can_be(canvas, log_x, log_y):
    nothing = np.full(101, np.nan)
    items = (
        wave(x=nothing, y=nothing, label="gone"),
        Band(key="band", x=X, low=nothing, high=nothing, label="gone"),
        Scatter(key="points", x=nothing, y=nothing, label="gone"),
        Bars(key="bars", x=X, height=nothing, width=0.1, label="gone"),
        Arrows(key="arrows", x=X, y=X, dx=nothing, dy=nothing, label="gone"),
        Segments(key="seg", x0=nothing, y0=X, x1=X, y1=X, label="gone"),
        Curve(key="empty", x=[], y=[], label="empty"),
        Scatter(key="none", x=[], y=[]),
        HeatMap(key="map", z=np.full((2, 2), np.nan), extent=(-1, 1, -1, 1)),
        Rule(key="rule", axis="x", value=float("nan"), label="nowhere"),
        Region(key="region", axis="y", low=-1, high=float("inf"), label="up"),
        Label(key="label", x=float("nan"), y=0.0, label="nowhere"),
        Handle(key="handle", x=float("nan"), y=0.0, y_edit=Edit("a")),
        Curve(key="far", x=X * 1e300, y=-X * 1e300),
    )
    canvas.show_figure(one(*items, x=Axis(log=log_x), y=Axis(log=log_y)))
    near = {"x": Axis(log=log_x, range=(-1, 1)), "y": Axis(log=log_y, range=(-1, 1))}
    canvas.show_figure(one(*items, **near))
    canvas.grab_image()


def test_a_heat_map_of_more_cells_than_pixels_is_averaged(canvas):
    canvas.resize(300, 300)
    halves = np.repeat([[1.0], [0.0]], 1000, axis=0) * np.ones(
        (1, 1500)
    )  # black below, white above
    items = HeatMap(key="map", z=halves, extent=(0, 1, 0, 1), colours="grey", bar=False)
    canvas.show_figure(one(items))
    image = canvas.grab_image()
    middle = image.width() // 2
    greys = {image.pixelColor(middle, y).lightness() for y in range(40, image.height() - 60)}
    assert {0, 255} <= greys


def test_a_dense_scatter_becomes_a_picture_quickly(canvas):
    rng = np.random.default_rng(0)
    many = Scatter(key="many", x=rng.normal(size=50_000), y=rng.normal(size=50_000))
    canvas.show_figure(one(many, x=Axis(range=(-2, 2)), y=Axis(range=(-2, 2))))
    drawing = canvas._panels["main"].drawn["many", Scatter]
    assert drawing._density.isVisible()
    assert not drawing._points.isVisible()
    image = drawing._density.image
    assert image[image.shape[0] // 2, image.shape[1] // 2, 3] > image[2, 2, 3]


def test_labels_keep_clear_of_each_other_and_of_the_edges(canvas):
    family = tuple(
        Curve(key=f"c{k}", x=X, y=np.cos(3 * X) + 0.01 * k, label=f"curve {k}", label_at=at)
        for k, at in enumerate((1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.0))
    )
    canvas.show_figure(one(*family, Handle(key="h", x=0.5, y=0.0, x_edit=Edit("a"))))
    rect = QRect(QPoint(), canvas.panel_rect("main").size())
    places = canvas._panels["main"].labels.rectangles()
    assert len(places) == len(family)
    edge = canvas.width() - canvas.panel_rect("main").left()
    for key, place in places.items():
        assert place.top() >= -8
        assert place.bottom() <= rect.height() + 8
        assert place.left() >= 0
        assert place.right() <= edge
        for other, its in places.items():
            if other > key:
                both = place.intersected(its)
                assert both.width() * both.height() < 0.15 * place.width() * place.height()


def test_a_label_at_the_edge_is_moved_inward(canvas):
    long = Label(key="l", x=1.0, y=1.0, label="a label that would be cut off", anchor="left")
    canvas.show_figure(one(long, x=Axis(range=(0, 1)), y=Axis(range=(0, 1))))
    place = canvas._panels["main"].drawn["l", Label].rectangle
    rect = canvas.panel_rect("main")
    assert place.left() >= 0
    assert place.right() <= rect.width()
    assert place.top() >= 0


def test_themes_recolour_in_place(canvas):
    canvas.show_figure(one(wave(width=3.0)))
    before = {id(item) for item in canvas._scene.items()}
    light = canvas.grab_image()
    assert count(light, LIGHT.roles["data1"]) > 100
    canvas.set_theme(DARK)
    dark = canvas.grab_image()
    assert {id(item) for item in canvas._scene.items()} == before
    assert count(dark, DARK.roles["data1"]) > 100
    assert count(dark, DARK.panel) > 0.7 * count(light, LIGHT.panel)


def test_a_stale_picture_is_dimmed_after_a_while_and_bright_at_once(canvas, qtbot):
    canvas.show_figure(one(wave(width=3.0)))
    canvas.set_stale(True)
    assert count(canvas.grab_image(), LIGHT.roles["data1"]) > 100
    qtbot.waitUntil(lambda: count(canvas.grab_image(), LIGHT.roles["data1"]) == 0)
    canvas.set_stale(False)
    assert count(canvas.grab_image(), LIGHT.roles["data1"]) > 100


def test_a_short_wait_is_not_shown(canvas):
    canvas.show_figure(one(wave()))
    canvas.set_stale(True)
    canvas.set_stale(False)
    assert not canvas._dimmer.isActive()


def test_the_empty_state_says_what_to_do(canvas):
    canvas.set_empty_text("Choose a lab to begin.")
    empty = canvas.findChild(QLabel)
    assert empty.isVisible()
    canvas.show_figure(one(wave()))
    assert not empty.isVisible()
    canvas.clear()
    assert empty.isVisible()
    assert canvas.figure is None


def test_a_picture_has_the_resolution_asked_for_and_lines_as_thick(canvas):
    canvas.show_figure(one(wave(width=2.0), x=Axis(visible=False), y=Axis(visible=False)))
    single, triple = canvas.grab_image(1.0), canvas.grab_image(3.0)
    assert (triple.width(), triple.height()) == (3 * single.width(), 3 * single.height())
    ink = [count(image, LIGHT.roles["data1"], tolerance=90) for image in (single, triple)]
    assert ink[1] == pytest.approx(9 * ink[0], rel=0.2)


def test_handles_are_on_the_picture_only_if_asked_for(canvas):
    canvas.show_figure(one(wave(), Handle(key="h", x=0.5, y=0.0, x_edit=Edit("a"))))
    accent = LIGHT.roles["accent"]
    assert count(canvas.grab_image(), accent) == 0
    assert count(canvas.grab_image(handles=True), accent) > 20
    assert ring(canvas).isVisible()


def test_what_is_seen_is_said(canvas):
    handle = Handle(key="h", x=0.5, y=0.0, x_edit=Edit("a"), label="Move the middle")
    canvas.show_figure(one(wave(), handle, summary="A wave that rises and falls."))
    assert surface(canvas).accessibleName() == "A panel"
    assert surface(canvas).accessibleDescription() == "A wave that rises and falls."
    assert ring(canvas).accessibleName() == "Move the middle"
    assert ring(canvas).toolTip() == "Move the middle"
    assert min(ring(canvas).width(), ring(canvas).height()) >= 24


# Ranges while something moves


def test_ranges_only_grow_while_dragging_and_shrink_afterwards(canvas, qtbot):
    canvas.show_figure(one(wave(1.0)))
    tall = panel_limits(one(wave(2.0)).panels[0])
    low = panel_limits(one(wave(0.5)).panels[0])
    canvas.set_dragging(True)
    canvas.show_figure(one(wave(2.0)))
    assert canvas.visible_range("main") != pytest.approx(tall)  # not with a jump
    qtbot.waitUntil(lambda: canvas.visible_range("main") == pytest.approx(tall))
    canvas.show_figure(one(wave(0.5)))
    assert canvas.visible_range("main") == pytest.approx(tall)
    canvas.set_dragging(False)
    qtbot.waitUntil(lambda: canvas.visible_range("main") == pytest.approx(low))
    assert not canvas.moving


def test_ranges_jump_with_reduced_motion(canvas):
    canvas.reduced_motion = True
    canvas.show_figure(one(wave(1.0)))
    canvas.set_dragging(True)
    canvas.show_figure(one(wave(2.0)))
    tall = panel_limits(one(wave(2.0)).panels[0])
    assert canvas.visible_range("main") == pytest.approx(tall)


def test_a_zoom_survives_new_frames_and_a_double_click_ends_it(canvas, qtbot):
    canvas.show_figure(one(wave()))
    before = canvas.visible_range("main")
    at = QPoint(50, 60)
    kept = canvas.to_data("main", QPointF(canvas.panel_rect("main").topLeft() + at))
    wheel(surface(canvas), at, 2)
    zoomed = canvas.visible_range("main")
    assert zoomed[1] - zoomed[0] == pytest.approx((before[1] - before[0]) / 1.2**2)
    place = canvas.to_pixel("main", *kept) - QPointF(canvas.panel_rect("main").topLeft())
    assert (place.x(), place.y()) == pytest.approx((50, 60), abs=7)  # the numbers got longer
    canvas.show_figure(one(wave(1.5)))
    assert canvas.visible_range("main") == pytest.approx(zoomed)
    qtbot.mouseDClick(surface(canvas), Qt.MouseButton.LeftButton, pos=at)
    wanted = panel_limits(one(wave(1.5)).panels[0])
    qtbot.waitUntil(lambda: canvas.visible_range("main") == pytest.approx(wanted))


def test_a_drag_pans_and_says_nothing(canvas, qtbot, said):
    canvas.show_figure(one(wave()))
    before = canvas.visible_range("main")
    rect = canvas.panel_rect("main")
    drag(qtbot, surface(canvas), QPoint(100, 100), QPoint(150, 100), QPoint(200, 150))
    after = canvas.visible_range("main")
    width = before[1] - before[0]
    assert before[0] - after[0] == pytest.approx(width * 100 / rect.width())
    assert after[1] - after[0] == pytest.approx(width)
    assert after[2] - before[2] == pytest.approx((before[3] - before[2]) * 50 / rect.height())
    assert said == []


def test_linked_axes_move_together(canvas):
    figure = Figure(
        panels=(
            Panel(name="a", items=(wave(),)),
            Panel(name="b", items=(wave(x=3 * X),), cell=Cell(1, 0), link_x="a"),
        )
    )
    canvas.show_figure(figure)
    assert canvas.visible_range("a")[:2] == canvas.visible_range("b")[:2]
    follower = canvas._panels["b"].surface
    own = canvas.visible_range("b")[2:]
    wheel(follower, middle(follower), 1)
    assert canvas.visible_range("a")[:2] == pytest.approx(canvas.visible_range("b")[:2])
    assert canvas.visible_range("b")[2:] != own
    assert canvas.visible_range("a")[:2] != panel_limits(figure.panels[0])[:2]


def test_the_keys_pan_zoom_and_go_back(canvas, qtbot):
    canvas.reduced_motion = True
    canvas.show_figure(one(wave()))
    before = canvas.visible_range("main")
    qtbot.keyClick(surface(canvas), Qt.Key.Key_Plus)
    qtbot.keyClick(surface(canvas), Qt.Key.Key_Right)
    after = canvas.visible_range("main")
    assert after[1] - after[0] < before[1] - before[0]
    qtbot.keyClick(surface(canvas), Qt.Key.Key_Home)
    assert canvas.visible_range("main") == pytest.approx(before)


# What the person does


def test_dragging_a_handle_edits_what_it_sets(canvas, qtbot, said):
    handle = Handle(
        key="h", x=0.5, y=0.0, x_edit=Edit("place", 2.0, 1.0), y_edit=Edit("height"), label="Drag"
    )
    canvas.show_figure(one(wave(), handle))
    before = canvas.visible_range("main")
    target = canvas.to_pixel("main", 0.75, 0.5)
    widget = ring(canvas)
    grip = QPoint(9, 17)  # not at its centre: it must not jump there
    start = QPointF(widget.pos()) + QPointF(14, 14)
    qtbot.mousePress(widget, Qt.MouseButton.LeftButton, pos=grip)
    assert said == ["started"]
    qtbot.mouseMove(widget, grip + (target - start).toPoint())
    qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=grip)
    assert said[0] == "started"
    assert said[-1] == "finished"
    assert said[1] == pytest.approx({"place": 2 * 0.75 + 1, "height": 0.5}, abs=0.02)
    assert canvas.visible_range("main") == before  # nothing was panned


def test_a_held_handle_stands_where_the_parameter_is(canvas, qtbot):
    values = {"height": 0.0}
    canvas.parameter_value = values.__getitem__
    canvas.edited.connect(lambda new: values.update(height=min(new["height"], 0.5)))

    def figure() -> Figure:
        return one(
            Handle(key="h", x=0.5, y=values["height"], y_edit=Edit("height")),
            x=Axis(range=(0, 1)),
            y=Axis(range=(-1, 1)),
        )

    canvas.show_figure(figure())
    widget = ring(canvas)
    qtbot.mousePress(widget, Qt.MouseButton.LeftButton, pos=middle(widget))
    top = canvas.to_pixel("main", 0.9, 0.9) - QPointF(widget.pos())
    qtbot.mouseMove(widget, top.toPoint())
    wanted = canvas.to_pixel("main", 0.5, 0.5)  # not beyond what is legal, nor sideways
    assert (widget.centre.x(), widget.centre.y()) == pytest.approx((wanted.x(), wanted.y()))
    stale = one(
        Handle(key="h", x=0.6, y=0.1, y_edit=Edit("height")),
        x=Axis(range=(0, 1)),
        y=Axis(range=(-1, 1)),
    )
    canvas.show_figure(stale)  # a frame computed before the last move
    wanted = canvas.to_pixel("main", 0.6, 0.5)
    assert (widget.centre.x(), widget.centre.y()) == pytest.approx((wanted.x(), wanted.y()))
    qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=middle(widget))
    canvas.show_figure(figure())
    wanted = canvas.to_pixel("main", 0.5, 0.5)
    assert (widget.centre.x(), widget.centre.y()) == pytest.approx((wanted.x(), wanted.y()))


def test_arrow_keys_nudge_a_handle_as_one_edit(canvas, qtbot, said):
    canvas.show_figure(
        one(Handle(key="h", x=0.5, y=0.0, x_edit=Edit("a")), x=Axis(range=(0.0, 2.0)))
    )
    widget = ring(canvas)
    widget.setFocus()
    qtbot.keyPress(widget, Qt.Key.Key_Right)
    qtbot.keyPress(widget, Qt.Key.Key_Right)
    qtbot.keyRelease(widget, Qt.Key.Key_Right)
    assert said[0] == "started"
    assert said[-1] == "finished"
    assert [round(change["a"], 6) for change in said[1:-1]] == [0.52, 0.54]
    said.clear()
    qtbot.keyClick(widget, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert said[1]["a"] == pytest.approx(0.5 - 0.002)  # from where the figure has it


def test_tab_visits_panels_and_handles_in_order(canvas, qtbot):
    canvas.show_figure(
        one(*(Handle(key=f"h{k}", x=k / 4, y=0.0, x_edit=Edit("a")) for k in range(3)))
    )
    widget = surface(canvas)
    visited = []
    for _ in range(4):
        visited.append(widget)
        widget = widget.nextInFocusChain()
    assert visited == [surface(canvas), *canvas.findChildren(HandleRing)]


def test_a_handle_that_vanishes_while_held_ends_the_edit(canvas, qtbot, said):
    canvas.show_figure(one(wave(), Handle(key="h", x=0.5, y=0.0, x_edit=Edit("a"))))
    qtbot.mousePress(ring(canvas), Qt.MouseButton.LeftButton)
    canvas.show_figure(one(wave()))
    assert said == ["started", "finished"]


def orbit_figure(**more) -> Figure:
    orbit = Orbit(azimuth=Edit("azimuth"), elevation=Edit("elevation", scale=-1.0, offset=90.0))
    return one(wave(), orbit=orbit, x=Axis(visible=False), y=Axis(visible=False), **more)


def test_a_drag_turns_the_camera_with_the_pointer(canvas, qtbot, said):
    canvas.parameter_value = {"azimuth": 30.0, "elevation": 70.0}.__getitem__
    canvas.show_figure(orbit_figure())
    before = canvas.visible_range("main")
    rect = canvas.panel_rect("main")
    start = QPoint(rect.width() // 2, rect.height() // 2)
    step = QPoint(rect.width() // 4, rect.height() // 3)
    drag(qtbot, surface(canvas), start, start + QPoint(20, 0), start + step)
    assert said[0] == "started"
    assert said[-1] == "finished"
    assert said[-2]["azimuth"] == pytest.approx(30.0 - 180.0 / 4, abs=0.5)
    assert said[-2]["elevation"] == pytest.approx(70.0 - 90.0 / 3, abs=0.5)
    assert canvas.visible_range("main") == before
    wheel(surface(canvas), start, 1)
    assert canvas.visible_range("main") == before


def test_arrow_keys_turn_the_camera(canvas, qtbot, said):
    canvas.parameter_value = {"azimuth": 30.0, "elevation": 70.0}.__getitem__
    canvas.show_figure(orbit_figure())
    qtbot.keyPress(surface(canvas), Qt.Key.Key_Right)
    qtbot.keyPress(surface(canvas), Qt.Key.Key_Right)
    qtbot.keyRelease(surface(canvas), Qt.Key.Key_Right)
    assert said[0] == "started"
    assert said[-1] == "finished"
    assert [change["azimuth"] for change in said[1:-1]] == [25.0, 20.0]


def test_a_click_picks_and_a_drag_does_not(canvas, qtbot, said):
    canvas.show_figure(one(wave(), pick_x=Edit("x", 10.0), pick_y=Edit("y")))
    rect = canvas.panel_rect("main")
    at = (canvas.to_pixel("main", 0.25, 0.5) - QPointF(rect.topLeft())).toPoint()
    qtbot.mouseClick(surface(canvas), Qt.MouseButton.LeftButton, pos=at)
    assert said[0] == "started"
    assert said[2] == "finished"
    assert said[1] == pytest.approx({"x": 2.5, "y": 0.5}, abs=0.03)
    said.clear()
    drag(qtbot, surface(canvas), at, at + QPoint(40, 0), at + QPoint(60, 10))
    assert said == []


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_right_click_offers_our_menu_and_no_other(canvas, qtbot):
    canvas.reduced_motion = True
    canvas.show_figure(one(wave(), Bars(key="bars", x=X[:2], height=X[:2], width=0.1)))
    menu = canvas.menu("main")
    texts = [action.text() for action in menu.actions()]
    assert texts == ["Reset view", "Copy data", "Copy picture"]
    wheel(surface(canvas), middle(surface(canvas)), 3)
    menu.actions()[0].trigger()
    assert canvas.visible_range("main") == pytest.approx(panel_limits(canvas.figure.panels[0]))
    menu.actions()[1].trigger()
    lines = QApplication.clipboard().text().split("\n")
    assert lines[0] == "wave: x\twave: y\tbars: x\tbars: height"
    assert (
        lines[2].split("\t")
        == [repr(float(X[1])), repr(float(np.sin(6 * X[1])))] + [repr(float(X[1]))] * 2
    )
    assert lines[5].split("\t")[2:] == ["", ""]
    menu.actions()[2].trigger()
    assert QApplication.clipboard().image().width() > canvas.width()
    menu.deleteLater()
    place = middle(surface(canvas))
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, place, surface(canvas).mapToGlobal(place)
    )
    QApplication.sendEvent(surface(canvas), event)
    shown = QApplication.activePopupWidget()
    assert shown is not None
    assert [action.text() for action in shown.actions()] == texts
    shown.close()


def test_the_picture_keeps_up_with_the_size(canvas):
    canvas.show_figure(one(*every_kind(), equal=True))
    for size in ((1024, 700), (300, 200), (60, 40), (640, 480)):
        canvas.resize(*size)
        canvas.grab_image()
    origin, right, up = (canvas.to_pixel("main", *point) for point in ((0, 0), (1, 0), (0, 1)))
    assert right.x() - origin.x() == pytest.approx(origin.y() - up.y())


def test_a_canvas_that_nobody_wants_goes(qapp):
    canvas = Canvas(theme=LIGHT)
    canvas.show_figure(one(*every_kind()))
    canvas.menu("main")
    gone = weakref.ref(canvas)
    del canvas
    gc.collect()
    assert gone() is None


def test_closing_leaves_no_graphics_items(qtbot):
    canvas = Canvas(theme=LIGHT)
    canvas.show_figure(one(*every_kind()))
    canvas.clear()
    left = [item for item in canvas._scene.items() if isinstance(item, QGraphicsItem)]
    assert left == []
    canvas.deleteLater()


def test_a_drag_on_a_panel_that_goes_ends_well(canvas, qtbot):
    canvas.edit_started.connect(lambda: canvas.set_dragging(True))
    canvas.edit_finished.connect(lambda: canvas.set_dragging(False))
    cells = HeatMap(key="cells", z=np.zeros((8, 8)), extent=(0, 8, 0, 8), edits=TableEdit("cells"))
    canvas.show_figure(one(cells, name="cells"))
    of_cells = surface(canvas)
    qtbot.mousePress(of_cells, Qt.MouseButton.LeftButton, pos=middle(of_cells))
    qtbot.mouseMove(of_cells, middle(of_cells) + QPoint(40, 0))
    parts = (Panel(items=(wave(),), name=name, cell=Cell(0, column))
             for column, name in enumerate(("weights", "rest")))  # fmt: skip
    canvas.show_figure(Figure(panels=tuple(parts)))
    assert set(canvas._panels) == {"weights", "rest"}
    assert not canvas._ranges.growing


def test_hundreds_of_lines_that_cross_are_drawn_in_no_time_where_pixels_are_small(canvas):
    rng = np.random.default_rng(0)
    ends = rng.uniform(0, 40, (2, 500))
    level = np.zeros(500)
    lines = Segments(key="s", x0=ends[0], y0=level, x1=ends[1], y1=level + 1, opacity=0.4)
    canvas.show_figure(one(lines, y=Axis(range=(-0.2, 1.2))))
    began = time.thread_time()
    canvas.grab_image(2.0)
    assert time.thread_time() - began < 0.5  # as one path it took seconds
