from __future__ import annotations

import random
from collections.abc import Generator
from dataclasses import replace

import pytest
from PyQt6.QtCore import QObject, QPoint, Qt, pyqtSignal
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QWidget

from zoetrope.core.damped.lab import LAB, DampedLab, DampedParameters, picture
from zoetrope.core.device import Context
from zoetrope.core.engine import Engine
from zoetrope.core.failure import Failure
from zoetrope.core.figure import Figure
from zoetrope.core.lab import Action, Animate, Frame, Notice, final_frame
from zoetrope.core.parameters import Parameters
from zoetrope.core.theme import DARK
from zoetrope.core.updates import Update
from zoetrope.gui.lab_page import LabPage
from zoetrope.gui.progress_line import about

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


class StillEngine:
    """Computes a frame when it is taken, on the same thread; the newest request only."""

    def __init__(self, lab=LAB) -> None:
        self.lab = lab
        self.ticket = 0
        self.wanted: tuple[int, Parameters] | None = None
        self.submitted: list[Parameters] = []
        self.cancelled = 0
        self.shown: list[str] = []
        self.answer: Update | None = None  # given in place of what the lab computes

    def submit(self, lab: str, parameters: Parameters) -> int:
        assert lab == self.lab.id
        self.ticket += 1
        self.wanted = (self.ticket, parameters)
        self.submitted.append(parameters)
        return self.ticket

    def cancel(self, lab: str) -> None:
        self.cancelled += 1
        self.wanted = None
        self.answer = Update(self.ticket, self.submitted[-1])

    def take(self, lab: str) -> Update | None:
        if self.answer is not None:
            answer, self.answer, self.wanted = self.answer, None, None
            return answer
        if self.wanted is None:
            return None
        ticket, parameters = self.wanted
        self.wanted = None
        return Update(ticket, parameters, frame=final_frame(self.lab, parameters, Context("cpu")))

    def show(self, lab: str) -> None:
        self.shown.append(lab)


@pytest.fixture
def engine():
    return StillEngine()


@pytest.fixture
def page(qtbot, engine):
    page = LabPage(LAB, engine)
    qtbot.addWidget(page)
    page.resize(1024, 640)
    page.show()
    page.activateWindow()
    QTest.qWaitForWindowActive(page)
    qtbot.waitUntil(lambda: bool(engine.submitted))  # once it has been painted
    page.collect()
    return page


def frame_of(page: LabPage, **changes) -> Frame:
    assert page.frame is not None
    return replace(page.frame, **changes)


def answer(page: LabPage, engine: StillEngine, **fields) -> None:
    engine.answer = Update(engine.ticket, page.parameters, **fields)
    page.collect()


def button(page: LabPage, key: str) -> QWidget:
    return page.actions_box.buttons[key]


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


def test_a_frame_shows_figure_readouts_linked_values_actions(page):
    assert [cell.readout.key for cell in page.readouts.cells][:2] == ["x", "omega"]
    assert page.form.rows["period"].box.text() == "0.666667 s"
    assert [b.text() for b in page.actions_box.buttons.values()] == [
        "Strike again", "Sweep the decay",
    ]  # fmt: skip
    assert page.picture_edits.value_of("period") == 1 / 1.5
    assert page.picture_edits.value_of("amplitude") == 1.0


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


def test_a_drag_on_the_canvas_is_one_step_and_stays_within_the_range(page):
    page.canvas.edit_started.emit()
    for value in (1.1, 5.0, 70.0):
        page.canvas.edited.emit({"amplitude": value})
    page.canvas.edit_finished.emit()
    assert page.parameters.amplitude == 10.0
    assert page.history.stack.count() == 1
    page.canvas.edited.emit({"points": 99.7, "somebody else": 1.0})
    assert page.parameters.points == 100
    page.canvas.edited.emit({"azimuth": 50.0})
    assert page.history.stack.count() == 2


def test_two_parameters_of_one_handle_are_one_change(page):
    page.canvas.edited.emit({"decay": 2.0, "amplitude": 1.2})
    assert page.history.stack.undoText() == "Change amplitude and decay rate"


def test_a_drag_that_does_not_fit_says_so_at_the_row(page):
    page.canvas.edited.emit({"start": 9.0})
    assert page.parameters.start == 0.0
    assert page.form.rows["stop"].message.isVisible()
    page.canvas.edited.emit({"start": 2.0})
    assert not page.form.has_refusals


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


def test_notices_stand_at_their_rows_or_above_the_picture(page):
    page.form._edit("decay", 50.0)
    page.collect()
    row = page.form.rows["decay"]
    assert row.message.text() == "This is overdamped: it would not swing."
    assert row.message.severity == "warning"
    assert page.banner.text == ""
    page.form._edit("points", 20)
    page.collect()
    assert page.banner.text == "Fewer than 20 samples a swing are drawn."
    page.history.undo()
    page.history.undo()
    page.collect()
    assert not row.message.isVisible()
    assert page.banner.text == ""


def test_a_notice_for_a_row_of_another_page_stands_above(page, engine):
    page.tabs.setCurrentIndex(1)
    page.collect()
    notice = Notice("No envelope here.", "warning", "envelope")
    answer(page, engine, frame=frame_of(page, notices=(notice,)))
    assert page.banner.text == "No envelope here."


def test_a_failure_without_a_parameter_stands_above_with_details(page, engine, qtbot):
    failure = Failure("Not enough memory.", "Take fewer samples.", "Traceback ...")
    answer(page, engine, failure=failure)
    assert page.banner.text == "Not enough memory. Take fewer samples."
    assert page.banner.message.severity == "error"
    assert page.canvas.figure is not None  # the last picture stays
    with qtbot.waitSignal(page.details_requested) as caught:
        page.banner.details_button.click()
    assert caught.args == ["Traceback ..."]
    page.form._edit("amplitude", 1.5)
    page.collect()
    assert page.banner.text == ""


def test_a_failure_of_a_parameter_stands_at_its_row(page, engine):
    answer(page, engine, failure=Failure("Too noisy.", "", "", "noise"))
    row = page.form.rows["noise"]
    assert row.isVisible()
    assert row.message.text() == "Too noisy."
    assert page.banner.text == ""
    page.form._edit("noise", 0.1)
    page.collect()
    assert not row.message.isVisible()


def test_a_failure_at_a_row_out_of_sight_is_said_above_too(page, engine, qtbot):
    page.resize(1024, 420)
    QApplication.processEvents()
    answer(page, engine, failure=Failure("Too noisy.", "", "Traceback ...", "noise"))
    qtbot.waitUntil(lambda: page.banner.text == "Too noisy.")
    assert page.form.rows["noise"].visibleRegion().isEmpty()
    assert page.form.rows["noise"].message.text() == "Too noisy."
    page.form._edit("noise", 0.1)
    page.collect()
    assert page.banner.text == ""
    answer(page, engine, failure=Failure("Too far.", "", "", "amplitude"))
    QApplication.processEvents()
    assert not page.form.rows["amplitude"].visibleRegion().isEmpty()
    assert page.banner.text == ""  # it is seen where it belongs


def test_the_failure_of_an_older_request_is_not_shown(page, engine):
    engine.answer = Update(engine.ticket - 1, page.parameters, failure=Failure("Old.", "", ""))
    page.collect()
    assert page.banner.text == ""


def test_progress_is_shown_only_after_a_while(page, engine, qtbot):
    page.progress._patience.setInterval(20)
    page.form._edit("amplitude", 1.5)
    answer(page, engine, frame=frame_of(page, progress=0.4, final=False), running=True,
           seconds_left=12.3)  # fmt: skip
    assert not page.progress.seen
    qtbot.waitUntil(lambda: page.progress.words.isVisible())
    assert page.progress.words.text() == "40 % · about 12 s left"
    assert page.progress.cancel_button.isVisible()
    answer(page, engine, frame=frame_of(page))
    assert not page.progress.words.isVisible()


def test_the_words_about_progress_leave_the_tabs_their_room(page):
    progress = page.progress
    progress.report(0.4, 12.3)
    whole = progress.words.fontMetrics().horizontalAdvance("40 % · about 12 s left")
    for room, words, cancel in (
        (whole + 200, "40 % · about 12 s left", "Cancel"),
        (whole + 40, "40 % · about 12 s left", ""),
        (whole, "40 %", ""),
        (20, "", ""),
    ):
        progress.set_room(room)
        assert (progress.words.text(), progress.cancel_button.text()) == (words, cancel)
        assert progress.words.toolTip() == "40 % · about 12 s left"
        taken = progress.words.sizeHint().width() + progress.cancel_button.sizeHint().width()
        assert taken <= max(room, 30)
    progress.end()


def test_a_frame_without_a_picture_leaves_the_one_before(page, engine):
    before = page.frame
    page.form._edit("amplitude", 1.5)
    waiting = frame_of(page, figure=Figure(panels=()), readouts=(), progress=0.4, final=False)
    answer(page, engine, frame=waiting, running=True)
    assert page.frame is before
    assert page.canvas.figure == before.figure
    assert page.progress.waiting
    answer(page, engine, frame=frame_of(page, readouts=()))
    assert page.frame is not before


def test_a_quick_answer_shows_no_progress(page, engine):
    page.form._edit("amplitude", 1.5)
    assert page.progress.waiting
    engine.wanted = (engine.ticket, page.parameters)
    page.collect()
    assert not page.progress.waiting


def test_cancelling_says_what_is_still_shown(page, engine):
    page.form._edit("amplitude", 1.5)
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert engine.cancelled == 1
    page.collect()
    assert page.banner.text == "Stopped. The picture still shows the values before."


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.3, "about a second left"), (12.3, "about 12 s left"), (170.0, "about 3 min left")],
)
def test_waiting_in_words(seconds, words):
    assert about(seconds) == words


def test_space_plays_and_the_playhead_is_no_step(page, engine):
    page.setFocus()
    QTest.keyClick(page, Qt.Key.Key_Space)
    assert page.transport.playing
    page.transport.moved.emit(3.0)
    assert page.parameters.time == 3.0
    assert page.history.stack.count() == 0
    QTest.keyClick(page, Qt.Key.Key_Space)
    assert not page.transport.playing
    page.player.toggle()
    assert page.transport.playing
    page.transport.pause()


def test_playing_waits_for_the_picture(page, engine):
    page.transport._timer.setInterval(10**6)
    page.transport.play()
    page.transport._tick()
    page.transport._tick()
    before = len(engine.submitted)
    page.transport._tick()
    assert len(engine.submitted) == before
    page.collect()
    page.transport._tick()
    assert len(engine.submitted) == before + 1
    page.transport.pause()


def test_space_belongs_to_a_check_box_that_has_the_focus(page):
    page.form.rows["envelope"].box.setFocus()
    QTest.keyClick(page.form.rows["envelope"].box, Qt.Key.Key_Space)
    assert not page.transport.playing
    assert page.parameters.envelope is False


def test_an_action_changes_at_once(page):
    page.form._edit("amplitude", 1.5)
    page.run_action(Action("loud", "Make it loud", change={"amplitude": 2.0}))
    assert page.parameters.amplitude == 2.0
    assert page.history.stack.undoText() == "Make it loud"
    page.run_action(Action("off", "Not now", enabled=False, change={"amplitude": 0.0}))
    assert page.parameters.amplitude == 2.0
    page.run_action(Action("bad", "Too much", change={"amplitude": 99.0}))
    assert page.form.rows["amplitude"].message.isVisible()


def test_an_action_copies_a_text(page, qtbot):
    before = page.parameters
    action = Action("tex", "Copy as LaTeX", copy="\\toprule")
    page.actions_box.set_actions((action,))
    page.actions_box.buttons["tex"].click()
    assert QApplication.clipboard().text() == "\\toprule"
    assert page.parameters == before
    assert page.actions_box.buttons["tex"].text() == "Copied"
    qtbot.waitUntil(lambda: page.actions_box.buttons["tex"].text() == "Copy as LaTeX")


def test_a_text_to_copy_is_made_when_it_is_asked_for(page):
    made = []
    action = Action("tex", "Copy as LaTeX", copy=lambda: f"\\toprule{made.append(1) or ''}")
    page.actions_box.set_actions((action,))
    assert not made
    page.actions_box.buttons["tex"].click()
    assert QApplication.clipboard().text() == "\\toprule"
    assert made == [1]


def test_an_animation_is_one_step_and_ends_where_it_says(page, qtbot):
    action = Action("sweep", "Sweep", animate=Animate("decay", 0.1, 5.0, 0.05, back=False))
    page.parameters_changed.connect(page.collect, Qt.ConnectionType.QueuedConnection)
    page.run_action(action)
    qtbot.waitUntil(lambda: not page.animator.running)
    assert page.parameters.decay == 5.0
    assert page.history.stack.count() == 1
    page.history.undo()
    assert page.parameters.decay == 0.4


def test_an_animation_of_whole_numbers_goes_on_between_them(page, qtbot):
    action = Action("more", "More", animate=Animate("points", 100, 103, 0.2, back=False))
    page.parameters_changed.connect(page.collect, Qt.ConnectionType.QueuedConnection)
    page.run_action(action)
    qtbot.waitUntil(lambda: not page.animator.running)
    assert page.parameters.points == 103


@pytest.mark.parametrize("touch", ["press", "key", "escape", "form", "button", "undo"])
def test_any_touch_ends_an_animation(page, touch):
    page.run_action(page.frame.actions[1])
    assert page.animator.running
    assert button(page, "swell").text() == "Stop: Sweep the decay"
    if touch == "press":
        QTest.mouseClick(page.canvas, Qt.MouseButton.LeftButton)
    elif touch == "key":
        QTest.keyClick(page.form.rows["amplitude"].box, Qt.Key.Key_Up)
        assert page.parameters.amplitude == 1.05
    elif touch == "escape":
        QTest.keyClick(page, Qt.Key.Key_Escape)
    elif touch == "undo":
        page.history.undo()
        assert page.parameters == DampedParameters()
    elif touch == "form":
        page.form._edit("amplitude", 1.5)
    else:
        QTest.mouseClick(button(page, "swell"), Qt.MouseButton.LeftButton)
    assert not page.animator.running
    assert button(page, "swell").text() == "Sweep the decay"


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


def test_reduced_motion_jumps(page):
    page.set_reduced_motion(True)
    page.run_action(page.frame.actions[1])
    assert not page.animator.running
    assert page.parameters.decay == 5.0
    assert page.history.stack.count() == 1


def test_state_comes_back(qtbot, page):
    page.form._edit("period", 0.3)
    page.tabs.setCurrentIndex(1)
    page.transport.set_speed(0.5)
    page.splitter.setSizes([280, 744])
    state = page.session.state()
    other = LabPage(LAB, StillEngine())
    qtbot.addWidget(other)
    other.resize(1024, 640)
    assert other.session.restore(state) == []
    other.show()
    assert other.parameters == page.parameters
    assert other.transport.speed == 0.5
    assert other.history.stack.count() == 0
    assert other.splitter.sizes() == page.splitter.sizes()


def test_a_state_from_elsewhere_is_adapted(page):
    sentences = page.session.restore(
        {"parameters": {"amplitude": 99.0, "colour": 3}, "splitter": "wide", "transport": 7}
    )
    assert len(sentences) == 2
    assert page.parameters.amplitude == 10.0


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


def test_everything_is_named_and_large_enough(page):
    for widget in page.findChildren(QWidget):
        reachable = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible()
        if reachable and widget.focusProxy() is None and page.canvas not in _parents(widget):
            name = widget.accessibleName() or getattr(widget, "text", lambda: "")()
            assert name, widget
            assert min(widget.width(), widget.height()) >= 24, (widget, name, widget.size())


def test_the_tab_key_goes_through_the_page_as_it_is_read(page):
    page.presets.setFocus()
    visited = []
    for _ in range(120):
        focus = QApplication.focusWidget()
        visited += [focus] if focus not in visited else []
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    stops = Qt.FocusPolicy.TabFocus
    inside = page.canvas.findChildren(QWidget)
    surfaces = [w for w in inside if w.focusPolicy() & stops and w.focusProxy() is None]
    order = [
        page.presets, page.reset_button, page.form.rows["amplitude"].box,
        page.form.rows["envelope"].box, button(page, "strike"), button(page, "swell"), page.tabs,
        surfaces[0], surfaces[-1],
        page.transport.back_button, page.transport.scrubber, page.transport.loop_button,
        page.transport.speed_slider, page.readouts.cells[0], page.readouts.cells[-1],
        page.readouts.units.buttons["si"], page.readouts.copy_button,
    ]  # fmt: skip
    places = [visited.index(widget) for widget in order]
    assert places == sorted(places)


def _parents(widget: QWidget) -> list[QWidget]:
    found = [widget]
    while (parent := found[-1].parentWidget()) is not None:
        found.append(parent)
    return found


@pytest.mark.parametrize("size", [(1440, 900), (1024, 640)])
def test_nothing_is_cut_or_overlaps(page, size):
    page.resize(*size)
    QApplication.sendPostedEvents()
    assert page.size().width() == size[0]
    assert page.canvas.height() >= 300
    assert page.transport.geometry().bottom() <= page.transport.parentWidget().height()
    assert page.readouts.geometry().bottom() <= page.height()
    for cell in page.readouts.cells:
        if cell.isVisible():
            assert page.readouts.rect().contains(cell.geometry())


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


class TurningLab(DampedLab):
    plays = True


@pytest.fixture
def turning(qtbot):
    page = LabPage(TurningLab(), StillEngine(TurningLab()))
    qtbot.addWidget(page)
    return page


def test_a_lab_that_plays_begins_to_when_it_is_told(qtbot, turning):
    assert not turning.transport.playing
    turning.begin()
    assert turning.transport.playing
    turning.show()
    qtbot.waitUntil(lambda: turning.parameters.time != DampedParameters().time)
    turning.rest()
    assert not turning.transport.playing
    assert turning.history.stack.count() == 0


def test_it_stays_still_where_motion_is_reduced_and_so_does_a_lab_that_does_not_play(turning, page):
    turning.set_reduced_motion(True)
    turning.begin()
    page.begin()
    assert not turning.transport.playing
    assert not page.transport.playing


@pytest.mark.parametrize("playing", [True, False])
def test_a_session_knows_whether_it_played(qtbot, turning, playing):
    if playing:
        turning.begin()
    state = turning.session.state()
    turning.rest()
    other = LabPage(LAB, StillEngine())
    qtbot.addWidget(other)
    other.session.restore(state)
    assert other.transport.playing == playing
    other.rest()
