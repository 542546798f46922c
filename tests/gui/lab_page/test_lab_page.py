"""The paths of a change through a page: form, presets, undo, the engine."""

from __future__ import annotations

import random
from collections.abc import Generator
from dataclasses import replace

import pytest
from PyQt6.QtCore import QObject, QPoint, Qt, pyqtSignal
from PyQt6.QtTest import QTest

from tests.gui.still_engine import StillEngine
from zoetrope.core.damped.lab import LAB, DampedLab, DampedParameters, picture
from zoetrope.core.device import Context
from zoetrope.core.engine import Engine
from zoetrope.core.lab import Frame
from zoetrope.core.theme import DARK
from zoetrope.gui.lab_page import LabPage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_the_first_picture_is_asked_for_when_the_page_is_seen(qtbot, engine):
    page = LabPage(LAB, engine)
    qtbot.addWidget(page)
    assert engine.submitted == []
    page.show()
    qtbot.waitUntil(lambda: engine.submitted == [DampedParameters()])
    assert engine.shown == ["damped"]
    page.collect()
    assert page.frame is not None
    assert page.canvas.figure == page.frame.figure
    page.hide()
    page.show()
    assert len(engine.submitted) == 1


def test_a_change_in_the_form_goes_to_the_engine_and_can_be_undone(page, engine, qtbot):
    with qtbot.waitSignal(page.parameters_changed) as caught:
        page.form._edit("amplitude", 1.5)
    assert caught.args[0] == page.parameters == DampedParameters(amplitude=1.5)
    assert engine.submitted[-1] == page.parameters
    assert page.history.stack.undoText() == "Change amplitude"
    page.history.undo()
    assert page.parameters == DampedParameters()
    assert engine.submitted[-1] == page.parameters
    assert page.form.rows["amplitude"].box.text() == "1 m"


def test_a_drag_of_a_slider_is_one_step(page):
    slider = page.form.rows["amplitude"].slider
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(30, 12))
    for x in range(40, 200, 10):
        QTest.mouseMove(slider, QPoint(x, 12))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(200, 12))
    assert page.history.stack.count() == 1
    page.history.undo()
    assert page.parameters == DampedParameters()


def test_pages(page, engine):
    assert [page.tabs.tabText(i) for i in range(page.tabs.count())] == ["Signal", "State space"]
    page.tabs.setCurrentIndex(1)
    assert page.parameters.page == "state"
    assert page.history.stack.count() == 0
    page.set_parameters(DampedParameters(), "Open a file")
    assert page.tabs.currentIndex() == 0


def test_presets_keep_the_page_and_are_one_step(page):
    page.tabs.setCurrentIndex(1)
    page.presets.setCurrentIndex(1)
    page.presets.activated.emit(1)
    assert page.parameters == DampedParameters(
        frequency=None, period=0.05, decay=8.0, stop=0.6, page="state"
    )
    assert page.history.stack.undoText() == "Preset “A struck string”"
    assert page.presets.currentText() == "A struck string"
    page.form._edit("amplitude", 1.5)
    assert page.presets.currentIndex() == -1
    page.history.undo()
    assert page.presets.currentText() == "A struck string"


def test_a_preset_may_turn_the_page(page):
    page.presets.activated.emit(2)
    assert page.parameters.page == "state"
    page.history.undo()
    assert page.parameters.page == "signal"


def test_reset_keeps_the_page(page):
    page.tabs.setCurrentIndex(1)
    page.form._edit("amplitude", 1.5)
    page.reset_button.click()
    assert page.parameters == DampedParameters(page="state")
    page.history.undo()
    assert page.parameters.amplitude == 1.5


def test_cancelling_says_what_is_still_shown(page, engine):
    page.form._edit("amplitude", 1.5)
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert engine.cancelled == 1
    page.collect()
    assert page.banner.text == "Stopped. The picture still shows the values before."


def test_a_parameter_is_shown_on_a_page_where_it_matters(page, qtbot):
    page.show_parameter("envelope")
    assert page.form.rows["envelope"].control.hasFocus()
    assert page.parameters.page == "signal"
    page.show_parameter("columns")  # folded, and of the other page
    row = page.form.rows["columns"]
    assert page.parameters.page == "state"
    assert row.control.hasFocus()
    qtbot.waitUntil(lambda: not row.visibleRegion().isEmpty())
    assert page.history.stack.count() == 0


def test_units_and_theme_are_handed_on(page, qtbot):
    page.show_dimensionless(True)
    assert page.readouts.dimensionless
    page.set_theme(DARK)
    assert page.canvas.theme is DARK


def test_a_lab_without_page_playhead_presets(qtbot):
    class Bare(DampedLab):
        id = "bare"
        presets = ()

    engine = StillEngine(Bare())
    page = LabPage(engine.lab, engine)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: bool(engine.submitted))
    page.collect()
    assert not page.presets.isVisible()
    assert page.frame is not None


def test_random_changes_undo_to_the_beginning(page, engine):
    dice = random.Random(3)
    for _ in range(300):
        name = dice.choice(["amplitude", "frequency", "period", "decay", "stop", "noise"])
        page.form._edit(name, dice.choice([dice.random(), 10 * dice.random(), -1.0]))
        page.collect()
        if dice.random() < 0.2:
            page.history.undo()
        if dice.random() < 0.1:
            page.history.redo()
        page.history.close_step()
    while page.history.stack.canUndo():
        page.history.undo()
    page.collect()
    assert page.parameters == DampedParameters()
    assert engine.submitted[-1] == page.parameters


def test_with_the_real_engine(qtbot):
    class Slow(DampedLab):
        id = "slow"

        def run(
            self, parameters: DampedParameters, context: Context
        ) -> Generator[Frame, DampedParameters, None]:
            for step in range(3):
                yield replace(picture(parameters), progress=step / 3, final=False)
            while True:
                parameters = yield picture(parameters)

    lab = Slow()

    class Bridge(QObject):
        noted = pyqtSignal(str)

    bridge = Bridge()
    engine = Engine({"slow": lab}, bridge.noted.emit, device="cpu", warm_up=False)
    try:
        page = LabPage(lab, engine)
        qtbot.addWidget(page)
        bridge.noted.connect(lambda lab_id: page.collect() if lab_id else None)
        page.show()
        qtbot.waitUntil(lambda: page.frame is not None and page.frame.final)
        page.form._edit("amplitude", 1.5)
        qtbot.waitUntil(lambda: page.frame_parameters == page.parameters)
        page.transport.play()
        qtbot.waitUntil(lambda: page.frame_parameters.time > 0.05)
        page.transport.pause()
    finally:
        bridge.noted.disconnect()
        assert engine.close()
