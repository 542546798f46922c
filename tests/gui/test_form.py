from __future__ import annotations

from dataclasses import dataclass

import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QKeyEvent, QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QLineEdit, QWidget

from zoetrope.core.damped.lab import DampedParameters
from zoetrope.core.lab import Mark
from zoetrope.core.parameters import Parameters, choice, number, switch
from zoetrope.gui.form import FIRST_ROWS, ParameterForm, first_names
from zoetrope.gui.number_row import NumberRow
from zoetrope.gui.row import Caption

# The offscreen platform says so of every window that is shown.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def form(qtbot):
    widget = ParameterForm(DampedParameters)
    qtbot.addWidget(widget)
    widget.resize(300, 900)
    widget.show()
    widget.activateWindow()
    QTest.qWaitForWindowActive(widget)
    return widget


def number_row(form: ParameterForm, name: str) -> NumberRow:
    row = form.rows[name]
    assert isinstance(row, NumberRow)
    return row


def type_into(form: ParameterForm, name: str, text: str) -> None:
    box = number_row(form, name).box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)


def wheel(widget: QWidget, notches: int) -> None:
    centre = QPointF(widget.rect().center())
    event = QWheelEvent(
        centre, widget.mapToGlobal(centre), QPoint(), QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def test_every_parameter_but_the_hidden_and_the_playhead_has_a_row(form):
    hidden = {"page", "azimuth", "time", "probe", "encoding", "separator", "decimal"}
    assert set(form.rows) == set(DampedParameters.declarations()) - hidden


def test_at_most_seven_rows_are_seen_at_first(form):
    seen = [name for name, row in form.rows.items() if row.isVisible()]
    assert seen == first_names(DampedParameters)
    assert len(seen) == FIRST_ROWS


def test_rows_stand_on_the_pages_where_they_matter(form):
    assert form.rows["envelope"].isVisible()
    form.set_parameters(DampedParameters(page="state"))
    assert not form.rows["envelope"].isVisible()
    assert form.rows["shape"].isVisible()
    assert "envelope" not in first_names(DampedParameters, "state")


def test_more_unfolds_a_group_and_counts_what_is_changed_in_it(form):
    form.set_parameters(DampedParameters(phase=20.0))
    group = form.rows["phase"].parentWidget().parentWidget()
    assert group._more.text() == "More · 1 changed"
    assert group._more.accessibleName() == "More oscillation settings · 1 changed"
    QTest.mouseClick(group._more, Qt.MouseButton.LeftButton)
    assert form.rows["phase"].isVisible()
    assert not form.rows["noise"].isVisible()
    assert group._more.text() == "Less"


@pytest.mark.parametrize(
    ("typed", "value", "shown"),
    [
        ("1.25", 1.25, "1.25 m"),
        ("0,5 m", 0.5, "0.5 m"),
        ("1e-3", 1e-3, "0.001 m"),
        ("1.123456789", 1.123456789, "1.12346 m"),
        ("7.5", 7.5, "7.5 m"),  # beyond the slider, within the range
    ],
)
def test_a_typed_value_is_kept_exactly(form, qtbot, typed, value, shown):
    with qtbot.waitSignal(form.changed) as caught:
        type_into(form, "amplitude", typed)
    assert caught.args[0].amplitude == value
    assert form.parameters.amplitude == value
    assert number_row(form, "amplitude").box.text() == shown


def test_a_true_minus_sign_is_shown_and_read(form, qtbot):
    form.focus_row("phase")
    assert form.rows["phase"].isVisible()
    with qtbot.waitSignal(form.changed):
        box = number_row(form, "phase").box
        box.setFocus()
        box.selectAll()
        box.lineEdit().insert("−45 °")  # QTest types Latin-1 only
        QTest.keyClick(box, Qt.Key.Key_Return)
    assert form.parameters.phase == -45.0
    assert number_row(form, "phase").box.text() == "−45°"


def test_leaving_the_box_takes_the_value_over_and_unchanged_text_does_not(form, qtbot):
    form.set_parameters(DampedParameters(amplitude=1.123456789))
    box = number_row(form, "amplitude").box
    box.setFocus()
    form.rows["decay"].control.setFocus()
    assert form.parameters.amplitude == 1.123456789
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "0.7")
    with qtbot.waitSignal(form.changed):
        form.rows["decay"].control.setFocus()
    assert form.parameters.amplitude == 0.7


def test_escape_brings_the_value_back(form):
    box = number_row(form, "amplitude").box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "0.3")
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert box.text() == "1 m"
    form.rows["decay"].control.setFocus()
    assert form.parameters == DampedParameters()


def test_arrow_keys_step(form):
    box = number_row(form, "amplitude").box
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert form.parameters.amplitude == 1.05
    QTest.keyClick(box, Qt.Key.Key_PageDown)
    assert form.parameters.amplitude == 0.55
    slider = number_row(form, "amplitude").slider
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Left)
    assert form.parameters.amplitude == 0.5
    QTest.keyClick(slider, Qt.Key.Key_End)
    assert form.parameters.amplitude == 2.0


def test_dragging_the_slider(form, qtbot):
    slider = number_row(form, "amplitude").slider
    with qtbot.waitSignals([form.edit_started, form.changed]):
        QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(40, 12))
    QTest.mouseMove(slider, QPoint(slider.width(), 12))
    assert form.parameters.amplitude == 2.0
    with qtbot.waitSignal(form.edit_finished):
        QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width(), 12))


def test_the_wheel_counts_only_with_the_focus(form):
    row = number_row(form, "amplitude")
    form.rows["decay"].control.setFocus()
    wheel(row.slider, 1)
    wheel(row.box, 1)
    assert form.parameters.amplitude == 1.0
    row.slider.setFocus()
    wheel(row.slider, 1)
    assert form.parameters.amplitude == 1.05
    row.box.setFocus()
    wheel(row.box, -1)
    assert form.parameters.amplitude == 1.0


def test_double_click_on_the_label_and_the_key_reset(form):
    form.set_parameters(DampedParameters(amplitude=1.7, decay=3.0, envelope=False))
    caption = form.rows["amplitude"].findChild(Caption)
    QTest.mouseDClick(caption, Qt.MouseButton.LeftButton)
    assert form.parameters.amplitude == 1.0
    for name in ("decay", "envelope"):
        form.focus_row(name)
        control = form.rows[name].control
        key = QKeyEvent(
            QKeyEvent.Type.KeyPress, Qt.Key.Key_Backspace, Qt.KeyboardModifier.ControlModifier
        )
        QApplication.sendEvent(control, key)
    assert form.parameters == DampedParameters()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("40", "Amplitude 40 m is above the largest allowed, 10 m."),
        ("four", "Amplitude must be a number, not 'four'."),
        ("", "Amplitude must be a number, not ''."),
        ("nan", "Amplitude must be a finite number."),
    ],
)
def test_a_wrong_value_gets_a_sentence_and_the_parameters_stay(form, qtbot, typed, sentence):
    box = number_row(form, "amplitude").box
    with qtbot.assertNotEmitted(form.changed):
        box.setFocus()
        box.selectAll()
        QTest.keyClick(box, Qt.Key.Key_Delete)
        QTest.keyClicks(box, typed)
        QTest.keyClick(box, Qt.Key.Key_Return)
    row = form.rows["amplitude"]
    assert row.wrong
    assert row.message.isVisible()
    assert row.message.text() == sentence
    assert row.message.accessibleName() == f"Error: {sentence}"
    assert form.parameters == DampedParameters()
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert not row.message.isVisible()
    assert not row.wrong
    assert not form.has_refusals
    assert box.text() == "1 m"


def test_correcting_takes_the_sentence_away(form):
    type_into(form, "amplitude", "40")
    type_into(form, "amplitude", "4")
    assert not form.rows["amplitude"].message.isVisible()
    assert form.parameters.amplitude == 4.0
    type_into(form, "amplitude", "40")
    type_into(form, "amplitude", "4")  # the value in force, typed again
    assert not form.has_refusals


def test_values_that_do_not_fit_together_are_said_where_the_lab_says(form):
    form.focus_row("start")
    type_into(form, "start", "8")
    assert form.rows["stop"].message.text().startswith("To must lie after From")
    assert form.rows["start"].wrong
    assert form.parameters.start == 0.0


def test_a_refused_value_comes_into_force_once_it_fits(form):
    type_into(form, "start", "8")
    type_into(form, "stop", "9")
    assert (form.parameters.start, form.parameters.stop) == (8.0, 9.0)
    assert not form.has_refusals
    assert not form.rows["start"].wrong


def test_a_slider_let_go_where_it_may_not_stay_returns(form):
    slider = number_row(form, "stop").slider
    form.set_parameters(DampedParameters(start=5.0, stop=6.0))
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(0, 12))
    assert number_row(form, "stop").box.text() == "0 s"
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(0, 12))
    assert form.parameters.stop == 6.0
    assert number_row(form, "stop").box.text() == "6 s"
    assert slider.value() == 100
    assert form.rows["stop"].message.isVisible()
    form.clear_refusals()
    assert not form.rows["stop"].message.isVisible()


def test_linked_values_follow_in_a_lighter_tone_until_they_are_held(form):
    form.set_linked({"period": 1 / 1.5})
    frequency, period = number_row(form, "frequency"), number_row(form, "period")
    assert frequency.held
    assert not period.held
    assert period.box.text() == "0.666667 s"
    assert frequency.lock.accessibleName() == "Frequency is held"
    QTest.mouseClick(period.lock, Qt.MouseButton.LeftButton)
    assert form.parameters.period == 1 / 1.5
    assert form.parameters.frequency is None
    assert period.held
    assert frequency.box.text() == "1.5 Hz"  # until the frame says
    type_into(form, "frequency", "3")
    assert form.parameters.period is None
    assert number_row(form, "frequency").lock.glyph == "held"


def test_stepping_a_followed_value_holds_it(form):
    form.set_linked({"period": 0.5})
    box = number_row(form, "period").box
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert form.parameters.period == 0.55
    assert form.parameters.frequency is None


def test_followed_values_leave_alone_what_is_being_typed(form):
    box = number_row(form, "period").box
    form.set_linked({"period": 0.5})
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "0.2")
    form.set_linked({"period": 0.4})
    assert box.text() == "0.2"


def test_reset_of_a_linked_value_holds_the_one_held_by_default(form):
    form.set_parameters(DampedParameters(frequency=None, period=0.3))
    form.reset("period")
    assert form.parameters == DampedParameters()


def test_choices_switches_text_and_dice(form, qtbot):
    QTest.mouseClick(form.rows["shape"].segments.buttons["square"], Qt.MouseButton.LeftButton)
    assert form.parameters.shape == "square"
    form.focus_row("palette")
    combo = form.rows["palette"].findChild(QComboBox)
    QTest.keyClick(combo, Qt.Key.Key_Down)
    assert form.parameters.palette == "data2"
    form.rows["envelope"].findChild(QCheckBox).click()
    assert form.parameters.envelope is False
    line = form.rows["note"].findChild(QLineEdit)
    line.setFocus()
    QTest.keyClicks(line, "first try")
    with qtbot.waitSignal(form.changed):
        QTest.keyClick(line, Qt.Key.Key_Return)
    assert form.parameters.note == "first try"
    seeds = set()
    for _ in range(5):
        number_row(form, "seed").dice.click()
        seeds.add(form.parameters.seed)
    assert len(seeds) > 1
    assert number_row(form, "seed").slider is None


def test_notices_stand_at_their_rows_behind_refusals(form):
    form.set_notices({"decay": ("It would not swing.", "warning")})
    assert form.rows["decay"].message.text() == "It would not swing."
    type_into(form, "decay", "1000")
    assert form.rows["decay"].message.severity == "error"
    QTest.keyClick(number_row(form, "decay").box, Qt.Key.Key_Escape)
    assert form.rows["decay"].message.text() == "It would not swing."
    form.set_notices({})
    assert not form.rows["decay"].message.isVisible()


def test_an_error_at_a_folded_row_unfolds_it(form):
    assert not form.rows["noise"].isVisible()
    form.set_notices({"noise": ("Too loud.", "error")})
    assert form.rows["noise"].isVisible()


def test_set_parameters_shows_everything_and_tells_nobody(form, qtbot):
    changed = DampedParameters(
        amplitude=2.0, frequency=None, period=0.5, decay=1.0, phase=10.0, start=1.0, stop=2.0,
        shape="saw", envelope=False, noise=0.5, seed=3, points=99, palette="data3", note="x",
    )  # fmt: skip
    with qtbot.assertNotEmitted(form.changed):
        form.set_parameters(changed)
    assert form.parameters == changed
    texts = {n: r.box.text() for n, r in form.rows.items() if isinstance(r, NumberRow)}
    assert texts["amplitude"] == "2 m"
    assert texts["seed"] == "3"
    assert form.rows["shape"].segments.buttons["saw"].isChecked()
    assert form.rows["note"].line.text() == "x"


def test_every_control_can_be_reached_is_named_and_large_enough(form):
    for group in {row.parentWidget().parentWidget() for row in form.rows.values()}:
        if hasattr(group, "unfold"):
            group.unfold(True)
    QApplication.sendPostedEvents()
    form.resize(300, form.sizeHint().height())
    for row in form.rows.values():
        assert row.toolTip()
        for control in filter(QWidget.isVisible, row.findChildren(QWidget)):
            if control.focusPolicy() & Qt.FocusPolicy.TabFocus and control.focusProxy() is None:
                assert control.accessibleName(), (row.name, control)
                assert control.height() >= 24, (row.name, control, control.height())
                assert control.width() >= 24, (row.name, control)


def test_the_tab_key_goes_down_the_form(form):
    form.rows["amplitude"].control.setFocus()
    order: list[str] = []
    for _ in range(60):
        focus = QApplication.focusWidget()
        row = focus.parentWidget()
        while row is not None and row.objectName() not in form.rows:
            row = row.parentWidget()
        if row is not None and row.objectName() not in order:
            order.append(row.objectName())
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    assert order == first_names(DampedParameters)


def test_labels_are_buddies(form):
    for row in form.rows.values():
        for label in row.findChildren(Caption):
            assert isinstance(label, QLabel)
            assert label.buddy() is not None


def test_a_form_of_many_rows_folds_what_is_beyond_the_seventh(qtbot):
    @dataclass(frozen=True)
    class Many(Parameters):
        a: float = number(0.5, "A", 0, 1)
        b: float = number(0.5, "B", 0, 1)
        c: float = number(0.5, "C", 0, 1)
        d: float = number(0.5, "D", 0, 1)
        e: float = number(0.5, "E", 0, 1)
        f: float = number(0.5, "F", 0, 1)
        g: float = number(0.5, "G", 0, 1)
        h: bool = switch(True, "H")

    form = ParameterForm(Many)
    qtbot.addWidget(form)
    form.show()
    assert not form.rows["h"].isVisible()
    assert form.rows["g"].isVisible()


def press(slider: QWidget, x: float, y: float) -> None:
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))


def test_a_tick_on_a_slider_is_named_and_goes_to_its_value(form, qtbot):
    row = number_row(form, "decay")
    form.set_marks({"decay": (Mark(2.5, "critical"), Mark(1e9, "out of reach"))})
    slider = row.slider
    assert slider is not None
    assert "critical: 2.5 1/s" in slider.accessibleDescription()
    below = slider.height() - 3
    with qtbot.waitSignal(row.edited) as edited:
        press(slider, slider._x(row._scale.position(2.5)), below)
    assert edited.args == ["decay", 2.5]
    form.set_marks({})
    with qtbot.waitSignal(row.edited) as edited:
        press(slider, slider._x(300), below)
    assert edited.args[1] == pytest.approx(row._scale.value(300), rel=0.05)


def test_a_row_without_effect_is_switched_off_and_says_why(form):
    row = number_row(form, "decay")
    usual = row.toolTip()
    form.set_idle({"decay": "Nothing is damped."})
    assert not any(stop.isEnabled() for stop in row.stops)
    assert row.toolTip().startswith("Nothing is damped.")
    form.set_idle({})
    assert all(stop.isEnabled() for stop in row.stops)
    assert row.toolTip() == usual


def test_what_matters_now_stands_unfolded_in_its_group(qtbot):
    @dataclass(frozen=True)
    class Kinds(Parameters):
        kind: str = choice("near", "Kind", {"near": "Near", "far": "Far"}, group="Kind")
        width: float = number(0.5, "Width", 0, 1, group="Kind")
        height: float = number(0.5, "Height", 0, 1, group="Kind", folded=True)
        depth: float = number(0.5, "Depth", 0, 1, group="Kind", folded=True)
        other: float = number(0.5, "Other", 0, 1, group="Other")

    form = ParameterForm(Kinds)
    qtbot.addWidget(form)
    form.show()

    def seen() -> list[str]:
        rows = [name for name in form.rows if form.rows[name].isVisible()]
        return sorted(rows, key=lambda name: form.rows[name].mapTo(form, QPoint(0, 0)).y())

    assert seen() == ["kind", "width", "other"]
    form.set_unfolded(("kind", "height"))
    qtbot.waitUntil(lambda: seen() == ["kind", "height", "other"])
    stops = [form.stops.index(form.rows[name].stops[0]) for name in ("height", "width")]
    assert stops == sorted(stops)
    form.focus_row("width")  # which unfolds what lies behind "More"
    qtbot.waitUntil(lambda: seen() == ["kind", "height", "width", "depth", "other"])
    form.set_unfolded(())
    qtbot.waitUntil(lambda: seen() == ["kind", "width", "height", "depth", "other"])
