"""What a worker does, in this process: cells, their errors, and how long they will take."""

import subprocess
import sys
from typing import Any

import pytest

from tests.core.sweep.conftest import ROOT
from tests.core.sweep.poison_lab import LAB, PoisonParameters
from zoetrope.core.device import Context
from zoetrope.core.hsic.lab import LAB as HSIC
from zoetrope.core.lab import final_frame
from zoetrope.core.sweep import trial
from zoetrope.core.sweep.cells import Measured, Task, measure_cell, measure_cells
from zoetrope.core.sweep.durations import in_words
from zoetrope.core.sweep.errors import SweepStoppedError
from zoetrope.core.sweep.trial import try_cells

BASE = PoisonParameters()


def task(*keep: str, **values: Any) -> Task:
    return Task("poison", BASE.change(**values).plain(), keep, "cpu")


def measured(change: dict[str, Any], *keep: str) -> Measured:
    return measure_cell(task(*keep), LAB, BASE, change)


def test_the_readouts_that_are_kept_come_back_by_their_keys() -> None:
    found = measured({"width": 3.0, "height": 2.0}, "area", "word", "none")
    assert found.values == {"area": 6.0, "word": "round", "none": None}
    assert (found.error, found.device) == ("", "cpu")
    assert set(measured({}).values) == {"total", "area", "odd", "word"}  # all unless said


def test_what_a_cell_raises_is_its_sentence() -> None:
    assert measured({"raises": 2.0, "width": 2.0}, "area").error == "Width 2 is poison."
    assert "above the largest" in measured({"width": 1e9}, "area").error
    assert "cannot both be 99" in measured({"width": 99.0, "height": 99.0}, "area").error


def test_a_worker_that_cannot_measure_says_so() -> None:
    with pytest.raises(SweepStoppedError, match="has no lab 'poison'"):
        measure_cells(task("area"), [{}])
    other = Task("rope", {}, ("sag",), version="9.9")
    with pytest.raises(SweepStoppedError, match="install the same version"):
        measure_cells(other, [{}])


def test_hsic_answers_at_its_widths_with_the_numbers_of_its_picture() -> None:
    """The short way that a sweep takes agrees with the long one."""
    parameters = HSIC.parameters().change(width_x=0.2, n=40, permutations=19, map_permutations=19)
    steps = HSIC.measure(parameters, Context(), ("p_value", "hsic", "cka_u"))
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found = end.value
            break
    frame = final_frame(HSIC, parameters, Context())
    shown = {readout.key: readout.value for readout in frame.readouts}
    for key in ("p_value", "hsic", "cka_u"):
        assert found[key] == pytest.approx(shown[key], rel=1e-12)
    assert "p_global" not in found


def test_a_trial_measures_cells_or_judges_them_by_their_progress() -> None:
    labs = lambda: {"poison": LAB}  # noqa: E731 - as short as that
    quick = try_cells(task("total"), [{"width": 1.0}, {"width": 2.0}], labs=labs)
    assert [one.values["total"] for one in quick.measured] == [7.0, 8.0]
    assert quick.seconds is not None
    assert quick.seconds < 0.5
    slow = try_cells(task("total", seconds=30.0), [{}], patience=0.2, labs=labs)
    assert slow.measured == ()
    assert slow.seconds == pytest.approx(30.0, rel=0.35)


def test_a_trial_is_patient_anew_after_its_first_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its first also loads libraries: a trial of that alone would tell far too long a time."""

    class Clock:
        now = 0.0

        def perf_counter(self) -> float:
            return self.now

        def strike(self) -> None:
            self.now += 1.0

    clock = Clock()
    monkeypatch.setattr(trial, "time", clock)
    found = try_cells(
        task("total", seconds=0.03), [{}, {"width": 2.0}], 4.5, clock.strike,
        labs=lambda: {"poison": LAB},
    )  # fmt: skip
    assert len(found.measured) == 2


def test_workers_import_core_alone() -> None:
    """Neither Qt, nor the window, nor what draws, nor Dask itself is needed to measure cells."""
    script = (
        "import sys; from zoetrope.core.sweep.cells import Task, measure_cells;"
        "print(measure_cells(Task('rope', {}, ('sag',)), [{'length': 2.0}])[0].error);"
        "print(*sorted({name.split('.')[0] for name in sys.modules} & "
        "{'PyQt6', 'pyqtgraph', 'matplotlib', 'distributed', 'dask', 'pyarrow'}));"
        "print('zoetrope.gui' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["", "", "False"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.1, "1 s"), (40, "40 s"), (100, "2 min"), (4000, "67 min"), (12000, "3 h 20 min"),
     (7200, "2 h"), (90_000, "25 h"), (1_000_000, "12 days")],
)  # fmt: skip
def test_durations_are_said_as_people_say_them(seconds: float, words: str) -> None:
    assert in_words(seconds) == words
