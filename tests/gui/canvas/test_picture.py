"""The canvas as a picture: its theme, stale or fresh, empty, and as an image."""

from __future__ import annotations

import pytest
from PyQt6.QtWidgets import QLabel

from tests.gui.canvas.figures import every_kind, one, wave
from tests.gui.canvas_hand import count, ring, surface
from zoetrope.core.edits import Edit
from zoetrope.core.figure import Axis
from zoetrope.core.items import Handle
from zoetrope.core.theme import DARK, LIGHT


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


def test_the_picture_keeps_up_with_the_size(canvas):
    canvas.show_figure(one(*every_kind(), equal=True))
    for size in ((1024, 700), (300, 200), (60, 40), (640, 480)):
        canvas.resize(*size)
        canvas.grab_image()
    origin, right, up = (canvas.to_pixel("main", *point) for point in ((0, 0), (1, 0), (0, 1)))
    assert right.x() - origin.x() == pytest.approx(origin.y() - up.y())
