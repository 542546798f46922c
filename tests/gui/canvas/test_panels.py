"""Panels on the canvas: their axes, their places and their labels."""

from __future__ import annotations

import numpy as np
import pytest
from PyQt6.QtCore import QCoreApplication, QEvent, QPoint, QRect

from tests.gui.canvas.figures import X, every_kind, one, wave
from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis, Cell, Figure, Panel, panel_limits
from zoetrope.core.items import Curve, Handle, Label
from zoetrope.gui.panel_surface import PanelSurface


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
