"""A camera that is turned, points that are picked, and the menu."""

from __future__ import annotations

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QContextMenuEvent
from PyQt6.QtWidgets import QApplication

from tests.gui.canvas.figures import X, one, wave
from tests.gui.canvas_hand import drag, middle, surface, wheel
from zoetrope.core.edits import Edit, Orbit
from zoetrope.core.figure import Axis, Figure, panel_limits
from zoetrope.core.items import Bars


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
