"""The sweep window with a process that does what the test tells it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from zoetrope.core.caption import caption
from zoetrope.core.damped.lab import LAB
from zoetrope.core.device import Context
from zoetrope.core.lab import final_frame
from zoetrope.core.sweep.cells import Measured
from zoetrope.core.sweep.definition import Definition
from zoetrope.core.sweep.messages import (
    Drawn,
    Ended,
    Estimate,
    Estimated,
    Open,
    Running,
    Show,
    Start,
    Stop,
)
from zoetrope.core.sweep.picture import PICK, PICK_X, PICK_Y, Shown, columns, picture, point_places
from zoetrope.core.sweep.progress import Progress
from zoetrope.core.sweep.results import Results
from zoetrope.core.sweep.store import Row, open_store
from zoetrope.core.sweep.varied import parse_varied
from zoetrope.gui import sweep_dialog
from zoetrope.gui.exporting import Exporter
from zoetrope.gui.sweep_dialog import SweepDialog
from zoetrope.gui.sweep_link import SweepLink

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
BASE = LAB.parameters()
SWEEP = Definition.of(
    LAB,
    BASE,
    [parse_varied(text, LAB.parameters) for text in ("amplitude=1,2,3", "decay=0.1..1:2:log")],
    keep=("highest",),
)


class FakeLink(SweepLink):
    """Notes what is asked; the test replies."""

    closed = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Any] = []

    def send(self, request: Any) -> None:
        self.asked.append(request)

    def close(self) -> None:
        self.closed.emit()

    def last(self, kind: type) -> Any:
        return next((one for one in reversed(self.asked) if isinstance(one, kind)), None)


@pytest.fixture
def link(qtbot: QtBot) -> FakeLink:
    return FakeLink()


@pytest.fixture
def dialog(
    qtbot: QtBot, link: FakeLink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SweepDialog]:
    monkeypatch.setattr(sweep_dialog, "ESTIMATE_AFTER_MS", 0)
    parent = QWidget()
    qtbot.addWidget(parent)
    exporter = Exporter(lambda notify: None)
    frame = final_frame(LAB, BASE, Context())
    dialog = SweepDialog(
        LAB, BASE, frame.readouts, exporter, folder=tmp_path, link=link, parent=parent
    )
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.show()
    yield dialog
    dialog.end()
    dialog.hide()
    exporter.close()


def results() -> Results:
    found = Results(SWEEP)
    found.add([
        Row.of(SWEEP.cell(place), Measured({"highest": float(place)}, "", "cpu", "0", 1.0))
        for place in range(SWEEP.size)
    ])  # fmt: skip
    return found


def drawn(form: str = "map") -> Drawn:
    found, shown = results(), Shown("highest", form=form)
    places = point_places(found, shown) if form == "curves" else ()
    return Drawn(picture(found, shown), places, columns(found, shown), SWEEP.plain(), shown)


def progress(done: int, **more: Any) -> Running:
    return Running(Progress(done, 6, more.pop("failed", 0), more.pop("left", 90.0), 2, **more))


def choose(dialog: SweepDialog, name: str, low: str, high: str, count: int) -> None:
    axis = dialog.form.first
    axis.name.setCurrentIndex(axis.name.findData(name))
    axis.how.setCurrentIndex(0)
    axis.low.setText(low)
    axis.high.setText(high)
    axis.count.setValue(count)
    axis.changed.emit()


def test_the_time_is_told_before_it_starts(
    qtbot: QtBot, dialog: SweepDialog, link: FakeLink
) -> None:
    choose(dialog, "amplitude", "1", "2", 5)

    def asks_for_five() -> bool:
        asked = link.last(Estimate)
        return asked is not None and len(asked.definition["vary"][0]["values"]) == 5

    qtbot.waitUntil(asks_for_five)
    asked = link.last(Estimate)
    definition = Definition.from_plain(asked.definition, {"damped": LAB})
    assert definition.varied[0].values == (1.0, 1.25, 1.5, 1.75, 2.0)
    link.replied.emit(Estimated(asked.ticket, 200.0, 2))
    assert dialog.message.text() == "5 cells, about 3 min on 2 cores here."
    link.replied.emit(Estimated(asked.ticket - 1, 9999.0, 2))  # one that came too late
    assert "3 min" in dialog.message.text()


def test_what_is_wrong_is_said_and_nothing_starts(
    qtbot: QtBot, dialog: SweepDialog, link: FakeLink
) -> None:
    choose(dialog, "amplitude", "1", "200", 5)
    assert "above the largest allowed" in dialog.message.text()
    assert not dialog.start.isEnabled()
    choose(dialog, "amplitude", "1", "2", 5)
    assert dialog.start.isEnabled()
    dialog.form.keep.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert "Choose at least one readout" in dialog.message.text()


def test_a_sweep_starts_fills_in_and_stops(
    qtbot: QtBot, dialog: SweepDialog, link: FakeLink, tmp_path: Path
) -> None:
    named: list[str] = []
    dialog.started.connect(named.append)
    qtbot.mouseClick(dialog.start, Qt.MouseButton.LeftButton)
    started = link.last(Start)
    assert [json.loads(text) for text in named] == [started.definition]
    assert started.folder == tmp_path / "damped-sweep.parquet"
    assert started.where.cluster == ""
    assert not started.afresh
    assert not dialog.form.isEnabled()
    link.replied.emit(progress(2, failed=1, dashboard="http://127.0.0.1:8787/status"))
    assert dialog.progress.format() == "2 of 6, 1 failed, 2 min left"
    assert "http://127.0.0.1:8787/status" in dialog.message.text()
    link.replied.emit(drawn())
    assert dialog.canvas.figure == drawn().figure
    qtbot.mouseClick(dialog.start, Qt.MouseButton.LeftButton)  # which is Stop now
    assert isinstance(link.asked[-1], Stop)
    link.replied.emit(Ended("Stopped. 2 of 6 cells are kept; Start goes on from there."))
    assert "2 of 6 cells are kept" in dialog.message.text()
    assert dialog.form.isEnabled()
    assert dialog.start.text() == "&Start"


@pytest.mark.parametrize(
    ("form", "click", "values"),
    [
        ("map", {PICK_X: 2.8, PICK_Y: 0.9}, {"amplitude": 3.0, "decay": 1.0}),
        ("map", {PICK_X: -0.4, PICK_Y: 0.15}, {"amplitude": 1.0, "decay": 0.1}),
        ("curves", {PICK: 3.0}, {"amplitude": 2.0, "decay": 1.0}),
    ],
)
def test_a_click_opens_the_cell_in_the_lab(
    qtbot: QtBot, dialog: SweepDialog, link: FakeLink, form: str, click: dict[str, float],
    values: dict[str, float],
) -> None:  # fmt: skip
    link.replied.emit(drawn(form))
    with qtbot.waitSignal(dialog.cell_chosen) as chosen:
        dialog.canvas.edited.emit(click)
    lab, parameters, words = chosen.args
    assert lab is LAB
    assert parameters == BASE.change(**values)
    assert f"amplitude = {values['amplitude']}" in words


def test_another_view_is_asked_for(qtbot: QtBot, dialog: SweepDialog, link: FakeLink) -> None:
    link.replied.emit(drawn())
    assert dialog.view.form.isVisible()
    dialog.view.form.setCurrentIndex(dialog.view.form.findData("curves"))
    assert link.last(Show).shown == Shown("highest", form="curves")
    dialog.view.swapped.setChecked(True)
    assert not link.last(Show).shown.first_across


def test_a_sweep_that_was_made_before_is_opened_with_its_definition(
    qtbot: QtBot, dialog: SweepDialog, link: FakeLink, tmp_path: Path
) -> None:
    folder = tmp_path / "before.parquet"
    with open_store(folder, SWEEP) as store:
        found = Measured({"highest": 1.0}, "", "cpu", "0", 1.0)
        store.append([Row.of(SWEEP.cell(0), found)])
    dialog.open_folder(folder)
    assert link.last(Open) == Open(folder)
    assert dialog.form.definition() == SWEEP
    dialog.open_folder(tmp_path)
    assert "holds no sweep" in dialog.message.text()


def test_known_cells_are_measured_anew_on_request(
    qtbot: QtBot, dialog: SweepDialog, link: FakeLink
) -> None:
    dialog.form.afresh.click()
    dialog.start.click()
    assert link.last(Start).afresh


def test_a_process_that_is_gone_is_said_to_be(
    qtbot: QtBot, dialog: SweepDialog, link: FakeLink
) -> None:
    dialog.start.click()
    link.died.emit("The process has ended.")
    assert "has ended" in dialog.message.text()
    assert dialog.start.isEnabled()


def test_a_sweep_that_runs_is_stopped_on_a_second_wish_only(
    qtbot: QtBot, dialog: SweepDialog, link: FakeLink
) -> None:
    dialog.start.click()
    dialog.close()
    assert dialog.isVisible()
    assert "close again" in dialog.message.text()
    with qtbot.waitSignal(link.closed):
        dialog.close()
    assert not dialog.isVisible()


def test_the_figure_and_its_table_are_exported(
    qtbot: QtBot, dialog: SweepDialog, link: FakeLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    subjects: list[Any] = []

    class FakeExport(QWidget):
        exported = pyqtSignal(object, object)

        def __init__(self, _exporter: Any, subject: Any, *_: Any) -> None:
            super().__init__()
            qtbot.addWidget(self)
            subjects.append(subject)

        def open(self) -> None:
            pass

    monkeypatch.setattr(sweep_dialog, "ExportDialog", FakeExport)
    link.replied.emit(drawn())
    dialog.export.click()
    subject = subjects[0]
    assert subject.frame.figure == drawn().figure
    assert list(subject.frame.tables)[:2] == ["amplitude", "decay"]
    told = caption(LAB, BASE, subject.frame).plain()
    assert "frequency f = 1.5 Hz" in told
    assert "decay" not in told.partition("Parameters")[2]  # it varies, and the axis says how
    assert not subject.animated
