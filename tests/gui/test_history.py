from __future__ import annotations

import random

import pytest

from zoetrope.core.damped.lab import DampedParameters
from zoetrope.core.parameters import ParameterError
from zoetrope.gui.history import History


class Place:
    """Where parameters are in force."""

    def __init__(self) -> None:
        self.parameters = DampedParameters()
        self.seen: list[DampedParameters] = []
        self.history = History(lambda: self.parameters, self.apply, idle_ms=1)

    def apply(self, parameters: DampedParameters) -> None:
        self.parameters = parameters
        self.seen.append(parameters)

    def change(self, text: str = "Change", merge: str | None = None, **values) -> None:
        self.history.change(self.parameters.change(**values), text, merge)


@pytest.fixture
def place(qapp):
    return Place()


def test_a_change_its_undo_and_its_redo_take_one_path(place):
    place.change("Change amplitude", amplitude=2.0)
    place.history.undo()
    place.history.redo()
    assert [p.amplitude for p in place.seen] == [2.0, 1.0, 2.0]
    assert place.history.stack.undoText() == "Change amplitude"


def test_no_step_for_nothing(place):
    place.change(amplitude=1.0)
    assert place.history.stack.count() == 0
    assert place.seen == []


def test_a_drag_is_one_step_however_long_it_pauses(place, qtbot):
    place.history.begin_drag()
    place.change(merge="amplitude", amplitude=1.1)
    place.history._idle.start()  # as if it had been left running
    place.change(merge="amplitude", amplitude=1.2)
    place.change(merge="amplitude", amplitude=1.3)
    place.history.end_drag()
    place.change(merge="amplitude", amplitude=1.4)
    assert place.history.stack.count() == 2
    place.history.undo()
    place.history.undo()
    assert place.parameters == DampedParameters()


def test_a_pause_closes_a_step(place, qtbot):
    place.change(merge="amplitude", amplitude=1.1)
    place.change(merge="amplitude", amplitude=1.2)
    assert place.history.stack.count() == 1
    with qtbot.waitSignal(place.history._idle.timeout):
        pass
    place.change(merge="amplitude", amplitude=1.3)
    assert place.history.stack.count() == 2


def test_another_parameter_closes_a_step(place):
    place.change(merge="amplitude", amplitude=1.1)
    place.change(merge="decay", decay=1.0)
    place.change(merge="amplitude", amplitude=1.2)
    assert place.history.stack.count() == 3


def test_undo_closes_a_step(place):
    place.change(merge="amplitude", amplitude=1.1)
    place.change(merge="decay", decay=1.0)
    place.history.undo()
    place.change(merge="decay", decay=2.0)
    place.history.undo()
    assert place.parameters.decay == 0.4


def test_a_drag_back_to_where_it_began_leaves_no_step(place):
    place.history.begin_drag()
    place.change(merge="amplitude", amplitude=1.1)
    place.change(merge="amplitude", amplitude=1.0)
    place.history.end_drag()
    assert place.history.stack.count() == 0


def test_pages_playhead_and_camera_are_no_steps_but_a_preset_with_them_is(place):
    place.change(merge="page", page="state")
    place.change(merge="time", time=3.0)
    place.change(merge="azimuth", azimuth=80.0)
    assert place.history.stack.count() == 0
    assert place.parameters.time == 3.0
    place.change("Preset", page="signal", amplitude=2.0)
    place.history.undo()
    assert place.parameters.page == "state"


def test_undo_leaves_the_page_and_the_playhead_where_they_are(place):
    place.change(amplitude=2.0)
    place.change(merge="time", time=5.0)
    place.change(merge="page", page="state")
    place.history.undo()
    assert place.parameters == DampedParameters(time=5.0, page="state")


def test_linked_values_come_back_as_they_were_given(place):
    place.change(period=0.2)
    place.history.undo()
    assert place.parameters == DampedParameters()
    place.history.redo()
    assert (place.parameters.period, place.parameters.frequency) == (0.2, None)


def test_hundreds_of_random_operations_lose_nothing(place):
    dice = random.Random(5)
    states = [place.parameters]
    for _ in range(600):
        if dice.random() < 0.25 and len(states) > 1:
            place.history.undo()
            states.pop()
        else:
            name = dice.choice(["amplitude", "frequency", "period", "decay", "start", "shape"])
            value = dice.choice(["cosine", "square", "saw"]) if name == "shape" else dice.random()
            try:
                wanted = place.parameters.change(**{name: value})
            except ParameterError:
                continue
            if wanted != states[-1]:
                place.history.change(wanted, "Change")
                states.append(wanted)
        assert place.parameters == states[-1]
    for state in reversed(states[:-1]):
        place.history.undo()
        assert place.parameters == state
    for state in states[1:]:
        place.history.redo()
        assert place.parameters == state


def test_what_joins_a_step_is_taken_back_with_it(place):
    place.history.begin_drag()
    place.change("Step of a tour", page="state", amplitude=2.0)
    place.history.join("decay")
    place.change(merge="decay", decay=1.0)
    place.change(merge="time", time=4.0)
    place.history.end_drag()
    place.change(merge="decay", decay=3.0)
    assert place.history.stack.count() == 2
    place.history.undo()
    place.history.undo()
    assert place.parameters == DampedParameters(time=4.0)


def test_a_page_that_was_turned_as_a_step_stays_one_when_another_joins_it(place):
    place.change("Step of a tour", page="state")
    place.history.join("decay")
    place.change(merge="decay", decay=1.0)
    place.change(merge="decay", decay=0.4)
    assert place.history.stack.count() == 1
    place.history.undo()
    assert place.parameters == DampedParameters()
