"""The data set on the disk: what other programs read, what survives, what is refused."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset
import pytest

from tests.core.sweep.poison_lab import LAB, PoisonParameters
from zoetrope.core.recipe import Recipe
from zoetrope.core.sweep import store as stores
from zoetrope.core.sweep.cells import Measured
from zoetrope.core.sweep.definition import Definition
from zoetrope.core.sweep.errors import SweepError
from zoetrope.core.sweep.store import Row, open_store, open_sweep
from zoetrope.core.sweep.varied import parse_varied


def definition(*texts: str, keep: tuple[str, ...] = ("total", "word"), **more: Any) -> Definition:
    varied = [parse_varied(text, PoisonParameters) for text in texts]
    return Definition.of(LAB, PoisonParameters(), varied, keep=keep, **more)


SWEEP = definition("count=1,2,3", "dark=no,yes", seeds=2)


def row(sweep: Definition, place: int, **found: Any) -> Row:
    cell = sweep.cell(place)
    values = {"total": float(place), "word": "x", **found}
    return Row.of(cell, Measured(values, "", "cpu", "0.1.0", 0.5))


def opened(folder: Path, sweep: Definition = SWEEP) -> Any:
    return open_store(folder, sweep)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "out.parquet"


def test_pyarrow_opens_it_one_row_a_cell_with_the_names_that_people_know(folder: Path) -> None:
    with opened(folder) as store:
        store.append([row(SWEEP, 0), row(SWEEP, 5)])
        store.fold()
        failed = Measured({}, "It broke.", "cuda", "0.1.0", 0.25)
        store.append([Row.of(SWEEP.cell(11), failed)])
    table = pyarrow.dataset.dataset(folder).to_table()
    assert table.schema.names[:4] == ["count", "dark", "total", "word"]
    assert table.schema.field("count").type == pa.int64()
    assert table.schema.field("dark").type == pa.bool_()
    assert table.schema.field("total").type == pa.float64()
    first, second, third = table.to_pylist()
    assert (first["count"], first["dark"], first["seed"], first["total"]) == (1, False, 5, 0.0)
    assert (second["count"], second["dark"], second["seed"]) == (2, False, 6)
    assert (third["error"], third["total"], third["device"]) == ("It broke.", None, "cuda")
    assert Recipe.from_json(second["recipe"]).parameters["count"] == 2
    assert (first["version"], first["duration"], first["cell"]) == ("0.1.0", 0.5, SWEEP.cell(0).key)


def test_files_that_are_no_data_begin_with_an_underscore_or_a_dot(folder: Path) -> None:
    with opened(folder) as store:
        store.append([row(SWEEP, 0)])
        store.fold()
        store.append([row(SWEEP, 1)])
        names = {path.name for path in folder.iterdir()}
        assert {name for name in names if name[0] not in "_."} == {
            path.name for path in folder.glob("part-*.parquet")
        }
        assert "_journal.jsonl" in names
        assert pyarrow.dataset.dataset(folder).count_rows() == 1


def test_what_a_killed_program_left_in_the_journal_is_taken_over_once(folder: Path) -> None:
    with opened(folder) as store:
        store.append([row(SWEEP, 0)])
    journal = folder / "_journal.jsonl"
    lines = [stores._written(row(SWEEP, place)) for place in (0, 1, 2)]
    journal.write_text("\n".join(lines) + '\n[1, "torn', encoding="utf-8")
    with opened(folder) as store:
        keys = sorted(found.key for found in store.rows())
    assert keys == sorted(SWEEP.cell(place).key for place in (0, 1, 2))
    assert not journal.exists()


def test_a_number_that_is_undefined_is_missing_and_texts_stay_texts(folder: Path) -> None:
    with opened(folder) as store:
        store.append([row(SWEEP, 0, total="undefined"), row(SWEEP, 1, total=2.0, word=None)])
        store.fold()
        store.append([row(SWEEP, 2, total="more", word=3.0)])
    rows = pyarrow.dataset.dataset(folder).to_table().to_pylist()
    assert [found["total"] for found in rows] == [None, 2.0, None]
    assert [found["word"] for found in rows] == ["x", None, "3"]


def test_more_values_and_more_seeds_share_the_cells_that_are_there(folder: Path) -> None:
    with opened(folder) as store:
        store.append([row(SWEEP, place) for place in range(SWEEP.size)])
    larger = definition("count=1,2,3,4", "dark=no,yes", seeds=3)
    with opened(folder, larger) as store:
        known = {found.key for found in store.rows()}
    wanted = {larger.cell(place).key for place in range(larger.size)}
    assert len(wanted & known) == SWEEP.size == 12
    assert open_sweep(folder, {"poison": LAB}).definition == larger


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        (definition("count=1,2", "dark=no,yes", keep=("total",)), "kept readouts differ"),
        (definition("count=1,2", "shape=round,flat"), "varied parameters differ"),
        (
            Definition.of(LAB, PoisonParameters(height=9.0), SWEEP.varied, keep=SWEEP.keep),
            "parameters, data or program version differ",
        ),
    ],
)
def test_another_sweep_does_not_get_into_the_folder(
    folder: Path, other: Definition, sentence: str
) -> None:
    with opened(folder) as store:
        store.append([row(SWEEP, 0)])
    with pytest.raises(SweepError, match=sentence), opened(folder, other):
        pass
    assert pyarrow.dataset.dataset(folder).count_rows() == 1


def test_folders_that_are_something_else_are_left_alone(tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "thesis.tex").write_text("x")
    file = tmp_path / "file.parquet"
    file.write_text("x")
    for folder, sentence in (
        (full, "holds other files"),
        (file, "is a file"),
        (tmp_path / "none" / "out", "does not exist"),
    ):
        with pytest.raises(SweepError, match=sentence), opened(folder):
            pass
    assert [path.name for path in full.iterdir()] == ["thesis.tex"]


def test_a_sweep_that_came_to_nothing_leaves_no_folder(folder: Path) -> None:
    with opened(folder):
        assert folder.is_dir()
    assert not folder.exists()
    with pytest.raises(RuntimeError), opened(folder):
        raise RuntimeError
    assert not folder.exists()


def test_one_program_at_a_time_writes(folder: Path) -> None:
    class StillThereError(Exception):
        pass

    def give_up() -> None:
        raise StillThereError

    with opened(folder) as store:
        store.append([row(SWEEP, 0)])
        with pytest.raises(StillThereError), open_store(folder, SWEEP, give_up):
            pass
    with open_store(folder, SWEEP, give_up):  # now it is free
        pass


def test_a_damaged_definition_is_refused_in_a_sentence(folder: Path) -> None:
    with pytest.raises(SweepError, match="holds no sweep"):
        open_sweep(folder, {"poison": LAB})
    with opened(folder) as store:
        store.append([row(SWEEP, 0)])
    file = folder / "_definition.json"
    values = json.loads(file.read_text())
    for damaged in (
        "{",
        "[]",
        json.dumps({**values, "vary": 3}),
        json.dumps({**values, "seeds": "x"}),
    ):
        file.write_text(damaged)
        with pytest.raises(SweepError):
            open_sweep(folder, {"poison": LAB})
