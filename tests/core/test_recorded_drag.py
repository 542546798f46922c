"""A drag as a film: what is noted while it lasts, and what the film shows of it."""

import pickle
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.core.sine_lab import LAB, SineParameters
from zoetrope.core import animation
from zoetrope.core.animation_files import Pixels
from zoetrope.core.device import Context
from zoetrope.core.export import estimate, export, preview
from zoetrope.core.export_options import ExportOptions
from zoetrope.core.parameters import ParameterError, Parameters, number, table, view_end
from zoetrope.core.recipe import Recipe
from zoetrope.core.recipe_files import extract
from zoetrope.core.recorded_drag import MOST_STATES, DragRecorder, RecordedDrag

SMALL = ExportOptions(size="160x120px", theme="light", font_size=4.0, fps=10.0)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def recorded(*states: Parameters, every: float = 0.5) -> RecordedDrag | None:
    """Return the drag through these states, the first before it began."""
    clock = Clock()
    recorder = DragRecorder(clock)
    recorder.begin(states[0])
    for state in states[1:]:
        clock.now += every
        recorder.note(state)
    recorder.end()
    return recorder.last


def through(*frequencies: float) -> RecordedDrag:
    found = recorded(*(SineParameters(frequency=f) for f in frequencies))
    assert found is not None
    return found


def test_a_drag_is_what_it_changed_and_when() -> None:
    drag = through(2.0, 3.0, 3.5, 9.0)
    assert drag.names == ("frequency",)
    assert drag.seconds == (0.0, 0.5, 1.0, 1.5)
    assert [values["frequency"] for values in drag.values] == [2.0, 3.0, 3.5, 9.0]


def test_a_click_and_a_playhead_that_runs_are_no_drag() -> None:
    before, after = SineParameters(), SineParameters(frequency=9.0)
    assert recorded(before, after) is None
    assert recorded(before, before.change(phase=1.0), after.change(phase=2.0)) is None
    assert recorded(before, before.change(phase=1.0), before.change(phase=2.0)) is None


def test_nothing_is_noted_before_a_drag_or_after_it_and_the_last_one_stays() -> None:
    recorder = DragRecorder(Clock())
    recorder.note(SineParameters(frequency=5.0))
    recorder.end()
    assert recorder.last is None
    recorder.begin(SineParameters())
    for frequency in (3.0, 4.0):
        recorder.note(SineParameters(frequency=frequency))
    recorder.end()
    recorder.note(SineParameters(frequency=5.0))
    recorder.begin(SineParameters())
    recorder.end()
    assert recorder.last is not None
    assert [values["frequency"] for values in recorder.last.values] == [2.0, 3.0, 4.0]


def test_a_long_drag_keeps_its_ends_and_few_states_evenly_in_time() -> None:
    count = 20_000
    drag = recorded(*(SineParameters(count=2 + i % 900) for i in range(count)), every=0.004)
    assert drag is not None
    assert MOST_STATES / 3 < len(drag.values) <= MOST_STATES
    assert drag.values[0] == {"count": 2}
    assert drag.values[-1] == {"count": 2 + (count - 1) % 900}
    assert drag.duration == pytest.approx(0.004 * (count - 1))
    gaps = np.diff(drag.seconds)
    assert gaps.max() < 4 * np.median(gaps)


def test_a_picture_shows_where_it_was_at_that_time() -> None:
    clock = Clock()
    recorder = DragRecorder(clock)
    recorder.begin(SineParameters())
    for seconds, frequency in ((0.125, 3.0), (0.75, 4.0), (0.125, 5.0)):  # held for long at 3 Hz
        clock.now += seconds
        recorder.note(SineParameters(frequency=frequency))
    recorder.end()
    drag, shown = recorder.last, SineParameters(phase=90.0, count=7)
    assert drag is not None
    states = [drag.apply(shown, step, 9) for step in range(9)]
    assert [state.frequency for state in states] == [2.0, *[3.0] * 6, 4.0, 5.0]
    assert {(state.phase, state.count) for state in states} == {(90.0, 7)}  # all else as it is


@dataclass(frozen=True)
class Linked(Parameters):
    length: float | None = number(2.0, "Length", 0.1, 9.0, linked="size")
    area: float | None = number(None, "Area", 0.1, 9.0, linked="size")
    low: float = view_end(0.0, "From", -9.0, 9.0)
    points: tuple[tuple[float, ...], ...] = table("Points", ("x", "y"))


def test_a_handle_that_takes_the_place_of_a_linked_number() -> None:
    start = Linked()
    drag = recorded(start, *(start.change(area=value, low=value) for value in (3.0, 4.0)))
    assert drag is not None
    assert drag.names == ("length", "area")  # a view that moves is another matter
    for shown in (start, start.change(area=7.0)):
        states = [drag.apply(shown, step, 3) for step in range(3)]
        assert [(p.length, p.area) for p in states] == [(2.0, None), (None, 3.0), (None, 4.0)]


def test_rows_that_stand_still_are_sent_once() -> None:
    rows = tuple((float(i), float(i) / 7) for i in range(2000))
    states = [Linked(points=(*rows[:5], (float(x), 0.0), *rows[6:])) for x in range(100)]
    drag = recorded(*states)
    assert drag is not None
    assert len(drag.values) == 100
    # 9 bytes a number and 5 to point at a row that is there already
    assert len(pickle.dumps(drag)) < 2000 * 30 + 100 * 2000 * 6
    last = pickle.loads(pickle.dumps(drag)).apply(Linked(), 99, 100)
    assert last == states[-1]


def test_what_no_longer_fits_is_said() -> None:
    drag = RecordedDrag((0.0, 1.0), ({"gone": 1.0}, {"gone": 2.0}))
    with pytest.raises(ParameterError, match="There is no parameter 'gone' here"):
        drag.apply(SineParameters(), 0, 2)


def test_a_film_lasts_as_long_as_the_drag_within_reason() -> None:
    for every, seconds in ((0.1, animation.SHORTEST), (1.5, 4.5), (60.0, animation.LONGEST)):
        drag = recorded(*(SineParameters(frequency=f) for f in (1.0, 2.0, 3.0, 4.0)), every=every)
        assert drag is not None
        played = animation.film(LAB, SineParameters(), Context(), fps=10.0, animate=drag)
        assert (played.moved, played.count) == (drag, round(10 * seconds))


def shot(path: Path, place: int) -> Pixels:
    with Image.open(path) as film:
        film.seek(place)
        return np.asarray(film.convert("RGB"))


def test_a_file_begins_and_ends_where_the_drag_did(tmp_path: Path) -> None:
    drag, shown = through(1.0, 2.0, 3.0), SineParameters(frequency=7.0, count=300)
    options = ExportOptions(
        size="160x120px", theme="light", font_size=4.0, fps=10.0, seconds=0.5, animate=drag
    )
    seen: list[tuple[int, int]] = []
    path = export(
        LAB, shown, tmp_path / "a.apng", options, progress=lambda *told: seen.append(told)
    )
    assert seen == [(done, 5) for done in range(6)]
    for place, frequency in ((0, 1.0), (2, 2.0), (4, 3.0)):
        still = tmp_path / f"{place}.png"
        still.write_bytes(preview(LAB, shown.change(frequency=frequency), SMALL))
        assert np.abs(shot(path, place).astype(int) - shot(still, 0)).mean() < 0.5
    assert (shot(path, 0) != shot(path, 4)).any(axis=2).mean() > 0.05
    assert extract(path) == Recipe.of(LAB, shown)  # what was on the screen
    coming = estimate(LAB, shown, "apng", options)
    assert coming.frames == 5
    assert coming.size == pytest.approx(path.stat().st_size, rel=0.2)
