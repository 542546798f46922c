"""Whole series of figures: their names, one report of what failed, and cancelling."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.core.sine_lab import SineLab, SineParameters, picture
from zoetrope.core.export_batch import Batch, BatchReport, export_batch, series_of
from zoetrope.core.export_options import ExportCancelledError, ExportError, ExportOptions
from zoetrope.core.lab import Preset
from zoetrope.core.parameters import ParameterError, pages
from zoetrope.core.recipe_files import extract

SMALL = ExportOptions(size="160x120px", theme="light", font_size=4, seconds=0.12, fps=10)


@dataclass(frozen=True)
class PagedParameters(SineParameters):
    page: str = pages("wave", {"wave": "Wave", "other": "Other"})


class Series(SineLab):
    id = "series"
    parameters = PagedParameters
    presets = (
        Preset("slow", "Slow", "", {"frequency": 1.0}),
        Preset("bad", "Bad", "", {"frequency": 13.0}),
        Preset("fast", "Fast", "", {"frequency": 9.0, "page": "other"}),
    )

    def run(self, parameters: Any, context: Any) -> Any:
        while True:
            if parameters.frequency == 13.0:
                raise ParameterError("frequency", "Thirteen brings no luck.")
            parameters = yield picture(parameters)


LAB = Series()
P = PagedParameters()


def test_presets_are_written_and_what_failed_is_said_at_the_end(tmp_path: Path) -> None:
    told: list[tuple[float, int]] = []
    report = export_batch(
        LAB, P, Batch(series="presets", ending="png"), tmp_path, SMALL,
        progress=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    assert sorted(p.name for p in tmp_path.iterdir()) == ["series-fast.png", "series-slow.png"]
    assert report.written == (tmp_path / "series-slow.png", tmp_path / "series-fast.png")
    assert report.failed == (("bad", "Thirteen brings no luck."),)
    assert report.sentence == (
        "2 files were written, 1 could not be made:\nbad: Thirteen brings no luck."
    )
    assert extract(tmp_path / "series-fast.png").parameters["frequency"] == 9.0
    assert told[0] == (0, 3)
    assert told[-1] == (3, 3)
    assert all(a[0] <= b[0] for a, b in pairwise(told))


def test_pages_keep_the_parameters_and_films_tell_of_their_frames(tmp_path: Path) -> None:
    told: list[float] = []
    batch = Batch(series="pages", ending="apng", names="{number}-{name}")
    report = export_batch(
        LAB, P.change(count=7), batch, tmp_path, SMALL, progress=lambda done, _: told.append(done)
    )
    assert [path.name for path in report.written] == ["1-wave.apng", "2-other.apng"]
    kept = [extract(path).parameters for path in report.written]
    assert [(values["page"], values["count"]) for values in kept] == [("wave", 7), ("other", 7)]
    assert 0.5 in told
    assert not report.failed


def test_some_can_be_chosen_and_names_are_made_safe(tmp_path: Path) -> None:
    batch = Batch(series="presets", ending="json", keys=("fast",), names="a/b: {lab}")
    report = export_batch(LAB, P, batch, tmp_path, SMALL)
    assert [path.name for path in report.written] == ["a-b- series.json"]
    assert BatchReport((tmp_path,), ()).sentence == "1 file was written."


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"keys": ("none",)}, "no preset 'none'; it has slow, bad, fast"),
        ({"names": "{colour}"}, "{colour} means nothing"),
        ({"names": "{lab.__class__}"}, "alike"),
        ({"names": "figure"}, "alike for several"),
        ({"names": " . "}, "what the files are to be called"),
    ],
)
def test_what_concerns_all_is_refused_at_once(tmp_path: Path, wrong: Any, says: str) -> None:
    with pytest.raises(ExportError, match=says):
        export_batch(LAB, P, Batch(series="presets", ending="png", **wrong), tmp_path, SMALL)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="does not exist"):
        export_batch(LAB, P, Batch(series="pages", ending="png"), tmp_path / "no", SMALL)


def test_cancelling_keeps_the_files_that_are_whole(tmp_path: Path) -> None:
    def cancelled() -> bool:
        return (tmp_path / "series-wave.png").exists()

    batch = Batch(series="pages", ending="png")
    with pytest.raises(ExportCancelledError):
        export_batch(LAB, P, batch, tmp_path, SMALL, cancelled=cancelled)
    assert [path.name for path in tmp_path.iterdir()] == ["series-wave.png"]


def test_a_lab_without_pages_has_one() -> None:
    assert [member.key for member in series_of(SineLab(), SineParameters(), "pages")] == ["page"]
