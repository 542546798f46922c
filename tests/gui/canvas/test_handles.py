"""Handles on the canvas, by mouse and by keys."""

from __future__ import annotations

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt

from tests.gui.canvas.figures import one, wave
from tests.gui.canvas_hand import middle, ring, surface
from zoetrope.core.edits import Edit, TableEdit
from zoetrope.core.figure import Axis, Cell, Figure, Panel
from zoetrope.core.items import Handle, HeatMap
from zoetrope.gui.handle_ring import HandleRing


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
