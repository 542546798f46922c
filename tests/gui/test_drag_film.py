"""What is dragged on a page can be exported as a film, by the dialog and its real process."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.core.sine_lab import LAB, find_labs
from tests.gui.still_engine import StillEngine
from zoetrope.core.damped.lab import LAB as DAMPED
from zoetrope.core.damped.lab import DampedParameters
from zoetrope.core.export import preview
from zoetrope.core.export_options import ExportOptions
from zoetrope.core.export_process import ExportProcess
from zoetrope.core.recorded_drag import LAST_DRAG, RecordedDrag
from zoetrope.gui.export_animate import AnimateChoice, fitting, shown_drag
from zoetrope.gui.export_choices import Choices
from zoetrope.gui.export_dialog import ExportDialog
from zoetrope.gui.exporting import Exporter, Subject
from zoetrope.gui.lab_page import LabPage

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", "propagateSizeHints")


def a_page(qtbot: QtBot, lab: Any) -> LabPage:
    engine = StillEngine(lab)
    page = LabPage(lab, engine)
    qtbot.addWidget(page)
    page.resize(1024, 640)
    page.show()
    qtbot.waitUntil(lambda: bool(engine.submitted))
    page.collect()
    return page


def drag_slider(page: LabPage, name: str) -> None:
    slider = page.form.rows[name].slider
    assert slider is not None
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(30, 12))
    for x in range(40, 180, 20):
        QTest.mouseMove(slider, QPoint(x, 12))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(180, 12))


@pytest.fixture
def exporter() -> Iterator[Exporter]:
    exporter = Exporter(lambda notify: ExportProcess(notify, find_labs))
    yield exporter
    exporter.close()


def test_a_dragged_slider_becomes_a_film(qtbot: QtBot, exporter: Exporter, tmp_path: Path) -> None:
    page = a_page(qtbot, LAB)
    before = page.parameters
    drag_slider(page, "frequency")
    after = page.parameters
    assert after != before
    page.collect()
    subject = Subject.of(LAB, page, "light", "cpu")
    usual = Choices(
        format="apng", size="own", unit="px", width=160.0, height=120.0, font_size=4.0,
        theme="light", letters=False, fps=5.0, folder=str(tmp_path),
    ).plain()  # fmt: skip
    dialog = ExportDialog(exporter, subject, usual)
    qtbot.addWidget(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.show()
    what = dialog.form.animate.what
    what.setCurrentIndex(what.findText("Your last drag"))
    assert dialog.choices().animate == LAST_DRAG
    qtbot.waitUntil(lambda: "10 pictures" in dialog.about.text(), timeout=30_000)
    with qtbot.waitSignal(dialog.exported, timeout=30_000) as done:
        dialog.export.click()
    path, remembered = done.args
    with Image.open(path) as film:
        assert film.n_frames == 10
        shots = []
        for place in range(10):
            film.seek(place)
            shots.append(np.asarray(film.convert("RGB"), dtype=int))
    options = ExportOptions(size="160x120px", theme="light", font_size=4.0, letters=False)
    for shot, state in ((shots[0], before), (shots[-1], after)):
        still = tmp_path / "still.png"
        still.write_bytes(preview(LAB, state, options))
        with Image.open(still) as picture:
            assert np.abs(shot - np.asarray(picture.convert("RGB"), dtype=int)).mean() < 0.5
    assert (shots[0] != shots[-1]).any(axis=2).mean() > 0.05
    assert subject.choices(remembered).animate == LAST_DRAG  # the next time too
    assert Subject.of(LAB, a_page(qtbot, LAB), "light", "cpu").choices(remembered).animate == ""


def test_a_dragged_handle_is_a_drag_and_what_else_changes_is_none(qtbot: QtBot) -> None:
    page = a_page(qtbot, DAMPED)
    assert page.last_drag is None
    page.canvas.edited.emit({"amplitude": 1.1})
    page.take_preset(DAMPED.presets[0])
    page.form.edit_started.emit("decay")
    page.form.edit_finished.emit("decay")
    assert page.last_drag is None
    page.canvas.edit_started.emit()
    for value in (1.2, 1.4, 1.6):
        page.canvas.edited.emit({"amplitude": value})
    page.canvas.edit_finished.emit()
    drag = page.last_drag
    assert drag is not None
    assert drag.names == ("amplitude",)
    assert drag.values[0] == {"amplitude": 1.0}
    assert drag.values[-1] == {"amplitude": 1.6}
    page.history.undo()
    assert page.last_drag is drag


def test_a_drag_is_offered_where_it_can_be_seen(qtbot: QtBot) -> None:
    page = a_page(qtbot, DAMPED)
    assert page.frame is not None
    rows = (((0.0, 1.0),), ((0.0, 2.0),), ((0.0, 3.0),))
    points = RecordedDrag((0.0, 1.0, 2.0), tuple({"measured": row} for row in rows))
    signal, state = DampedParameters(), DampedParameters(page="state")
    frame = page.frame
    assert shown_drag(points, signal, frame) is None  # the points are on the other page
    assert shown_drag(points, state, frame) is points
    ends = RecordedDrag((0.0, 1.0, 2.0), ({"stop": 2.0}, {"stop": 3.0}, {"stop": 4.0}))
    assert shown_drag(ends, signal, frame) is ends
    assert shown_drag(ends, signal.change(start=5.0, stop=9.0), frame) is None  # it does not fit
    subject = replace(Subject.of(DAMPED, page, "light", "cpu"), parameters=state)
    assert fitting(LAST_DRAG, replace(subject, drag=points)) == LAST_DRAG
    assert fitting(LAST_DRAG, replace(subject, parameters=signal)) == ""
    for drag, offered in ((points, True), (None, False)):
        form = AnimateChoice(replace(subject, drag=drag))
        qtbot.addWidget(form)
        assert (form.what.findText("Your last drag") >= 0) is offered
        form.choose(LAST_DRAG)
        assert form.text() == (LAST_DRAG if offered else "")
        assert form.problem == ""
