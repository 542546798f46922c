"""The ranges that are seen: as they follow the data, and as a person moves them."""

from __future__ import annotations

import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt

from tests.gui.canvas.figures import X, one, wave
from tests.gui.canvas_hand import drag, middle, surface, wheel
from zoetrope.core.figure import Cell, Figure, Panel, panel_limits


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
