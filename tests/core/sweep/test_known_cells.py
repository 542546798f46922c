"""The cells that this machine knows: whose they are, what they hold, and what damages nothing."""

import math
import sqlite3
from pathlib import Path

import pytest

from tests.core.sweep.poison_lab import LAB, PoisonParameters
from zoetrope.core import command_line
from zoetrope.core.registry import registry
from zoetrope.core.sweep import known_cells
from zoetrope.core.sweep.cells import Measured, Value
from zoetrope.core.sweep.definition import Definition
from zoetrope.core.sweep.known_cells import KnownCells, code_of, forget_cells, open_known
from zoetrope.core.sweep.store import Row
from zoetrope.core.sweep.varied import parse_varied

SWEEP = Definition.of(
    LAB, PoisonParameters(), [parse_varied("width=0..99:100", PoisonParameters)], keep=("total",)
)
CELLS = [SWEEP.cell(place) for place in range(100)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "cells.sqlite"


def row(place: int, device: str = "cpu", error: str = "", **values: Value) -> Row:
    return Row.of(CELLS[place], Measured(values, error, device, "0.1.0", 0.25))


def found(known: KnownCells, place: int, *keep: str) -> dict[str, Value] | None:
    cell = CELLS[place]
    one = known.find([cell], keep).get(cell.key)
    return None if one is None else dict(one.values)


def test_what_was_kept_is_known_later_to_the_last_bit(file: Path) -> None:
    values: dict[str, Value] = {"total": 0.1 + 0.2, "word": "größer", "odd": None}
    with open_known(file, LAB, "cpu") as known:
        known.add([row(0, **values), row(1, total=math.inf), row(2, total=math.nan)])
    with open_known(file, LAB, "cpu") as known:
        assert found(known, 0, "total", "word", "odd") == values
        assert found(known, 0, "word") == {"word": "größer"}
        assert found(known, 1, "total") == {"total": math.inf}
        (not_a_number,) = (found(known, 2, "total") or {}).values()
        assert isinstance(not_a_number, float)
        assert math.isnan(not_a_number)
        assert found(known, 3, "total") is None
        one = known.find(CELLS, ("total",))[CELLS[0].key]
        assert (one.device, one.duration, one.error) == ("cpu", 0.25, "")


def test_readouts_of_a_cell_come_together_from_several_sweeps(file: Path) -> None:
    with open_known(file, LAB, "auto") as known:
        known.add([row(0, total=1.0)])
        assert found(known, 0, "total", "area") is None
        known.add([row(0, area=2.0)])
        assert found(known, 0, "total", "area") == {"total": 1.0, "area": 2.0}


def test_a_cell_without_numbers_is_tried_again(file: Path) -> None:
    with open_known(file, LAB, "auto") as known:
        known.add([row(0, error="Its worker died.")])
        assert known.find(CELLS, ()) == {}


def test_cells_of_another_device_or_other_code_are_not_taken(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_known(file, LAB, "cpu") as known:
        known.add([row(0, device="cuda", total=1.0)])
        assert found(known, 0, "total") is None
    with open_known(file, LAB, "auto") as known:
        assert found(known, 0, "total") == {"total": 1.0}
    monkeypatch.setattr(known_cells, "code_of", lambda lab: b"changed")
    with open_known(file, LAB, "auto") as known:
        assert found(known, 0, "total") is None


def test_code_is_that_of_the_core_and_of_the_lab(tmp_path: Path) -> None:
    """A lab of a package of its own is other code than those beside it; a change shows."""
    assert code_of(registry()["rope"]) == code_of(registry()["hsic"]) != code_of(LAB)
    (tmp_path / "one.py").write_text("x = 1\n")
    module = type(known_cells)("package")
    module.__path__ = [str(tmp_path)]
    before = known_cells._sources(module)
    (tmp_path / "one.py").write_text("x = 2\n")
    assert known_cells._sources(module) != before


@pytest.mark.parametrize(
    "damage", [b"not a database at all" * 100, b"SQLite format 3\0" + b"\0" * 99]
)
def test_a_damaged_file_is_begun_anew(file: Path, damage: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(damage)
    for expected in (None, {"total": 1.0}):
        with open_known(file, LAB, "auto") as known:
            assert found(known, 0, "total") == expected
            known.add([row(0, total=1.0)])


def test_a_file_of_another_format_is_begun_anew(file: Path) -> None:
    file.parent.mkdir()
    database = sqlite3.connect(file)
    database.execute("CREATE TABLE cells (other)")
    database.execute("PRAGMA user_version = 77")
    database.close()
    with open_known(file, LAB, "auto") as known:
        known.add([row(0, total=1.0)])
        assert found(known, 0, "total") == {"total": 1.0}


def test_where_nothing_can_be_kept_nothing_is_known(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with open_known(tmp_path / "file" / "cells.sqlite", LAB, "auto") as known:
        known.add([row(0, total=1.0)])
        assert found(known, 0, "total") is None


def test_two_programs_use_it_at_the_same_time(file: Path) -> None:
    with open_known(file, LAB, "auto") as one, open_known(file, LAB, "auto") as other:
        one.add([row(0, total=1.0)])
        other.add([row(1, total=2.0)])
        assert found(one, 1, "total") == {"total": 2.0}
        assert found(other, 0, "total") == {"total": 1.0}


def test_the_oldest_are_forgotten_when_there_are_too_many(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_cells, "MOST_CELLS", 50)
    with open_known(file, LAB, "auto") as known:
        known.add([row(place, total=float(place)) for place in range(60)])
    with open_known(file, LAB, "auto") as known:
        there = [place for place in range(60) if found(known, place, "total")]
    assert there == list(range(6, 60))


def test_all_are_forgotten_on_request(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZOETROPE_CACHE_DIR", str(file.parent))
    with open_known(known_cells.known_file(), LAB, "auto") as known:
        known.add([row(0, total=1.0), row(1, total=2.0)])
    assert command_line.run(["forget-cells"]) == 0
    assert f"2 cells in {file} are forgotten" in capsys.readouterr().out
    assert list(file.parent.iterdir()) == []
    assert forget_cells(file) == 0
