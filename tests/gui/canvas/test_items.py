"""Items on the canvas: drawn, kept, changed in place, and gone."""

from __future__ import annotations

import gc
import time
import weakref

import numpy as np
import pytest
from PyQt6.QtWidgets import QApplication, QGraphicsItem

from tests.gui.canvas.figures import X, every_kind, one, wave
from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis
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
from zoetrope.core.theme import LIGHT
from zoetrope.gui.canvas import Canvas
from zoetrope.gui.handle_ring import HandleRing


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


def test_hundreds_of_lines_that_cross_are_drawn_in_no_time_where_pixels_are_small(canvas):
    rng = np.random.default_rng(0)
    ends = rng.uniform(0, 40, (2, 500))
    level = np.zeros(500)
    lines = Segments(key="s", x0=ends[0], y0=level, x1=ends[1], y1=level + 1, opacity=0.4)
    canvas.show_figure(one(lines, y=Axis(range=(-0.2, 1.2))))
    began = time.thread_time()
    canvas.grab_image(2.0)
    assert time.thread_time() - began < 0.5  # as one path it took seconds
