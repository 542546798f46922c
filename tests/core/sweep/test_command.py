"""The command as it is typed: what it refuses, and what it writes without a cluster of others."""

import itertools
from pathlib import Path

import pyarrow.dataset
import pytest

from tests.core.sweep.conftest import Sweeps
from tests.core.test_layers import loaded_after
from zoetrope.core import command_line
from zoetrope.core.recipe_files import extract
from zoetrope.core.registry import registry

ROPE = ("sweep", "rope", "--vary", "length=2,3", "--keep", "sag")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("sweep", "rope"), "varies one or two parameters"),
        (("sweep", "rope", "--vary", "lenght=2,3"), "no parameter 'lenght' to vary"),
        (("sweep", "ropes", "--vary", "length=2,3"), "no lab 'ropes'"),
        ((*ROPE, "--seeds", "0"), "number of seeds"),
        ((*ROPE, "--workers", "-1"), "number of workers"),
        ((*ROPE, "--set", "span=0"), "below the smallest"),
        ((*ROPE, "--cluster", "nowhere"), "tcp://host:port"),
        ((*ROPE, "--figure", "out.gif"), "stands still"),
        ((*ROPE, "--figure", "out.xyz"), "names no format"),
        (("sweep", "rope", "--worked", "none"), "ships no sweep 'none'"),
        (("sweep", "hsic", "--worked", "power", "--seeds", "2"), "as it stands"),
    ],
)
def test_wrong_flags_are_refused_in_a_sentence_and_leave_nothing(
    arguments: tuple[str, ...], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.parquet"
    assert command_line.run([*arguments, "--out", str(out)]) == 2
    complained = capsys.readouterr().err
    assert sentence in complained
    assert len(complained.splitlines()) == 1
    assert not out.exists()


def test_the_command_line_loads_no_dask_before_a_sweep_runs() -> None:
    loaded = loaded_after("from zoetrope.core import command_line; command_line.run(['labs'])")
    assert not loaded & {"dask", "distributed", "pyarrow", "torch", "PyQt6"}


def test_a_sweep_from_the_first_cell_to_its_figure(sweeps: Sweeps) -> None:
    """Types, keys of readouts, the figure with its recipe; and a second run measures nothing."""
    figure = sweeps.folder / "figure.svg"
    arguments = ("--vary", "count=1..3:3", "--vary", "shape=round,flat", "--seeds", 2, "--set",
                 "height=4", "--figure", figure, "--workers", 1)  # fmt: skip
    status, said, complained = sweeps.run(*arguments)
    assert status == 0, complained
    assert "12 cells in" in said
    assert "on 1 worker" in said
    table = pyarrow.dataset.dataset(sweeps.out).to_table()
    # Without --keep every number that the lab says: "odd" is a number in the second cell only.
    assert table.schema.names[:4] == ["count", "shape", "total", "area"]
    rows = table.to_pylist()
    found = {(row["count"], row["shape"], row["seed"]) for row in rows}
    assert found == set(itertools.product((1, 2, 3), ("round", "flat"), (5, 6)))
    assert all(row["total"] == 1 + 4 + row["seed"] and row["device"] == "cpu" for row in rows)
    begun = len(sweeps.measured())
    assert begun == 12  # the cells of the estimate are not measured again

    status, said, complained = sweeps.run(*arguments)
    assert (status, len(sweeps.measured())) == (0, begun), complained
    assert "12 cells in" in said
    assert extract(figure).parameters["height"] == 4.0
    assert "Flat" in figure.read_text()

    status, _, complained = sweeps.run("--vary", "count=1,2", "--keep", "mass",
                                       out=sweeps.folder / "none.parquet")  # fmt: skip
    assert status == 2
    assert "no readout 'mass' here; it has total, area, odd, word" in complained
    assert not (sweeps.folder / "none.parquet").exists()


def test_show_lists_the_sweeps_that_a_lab_ships(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.run(["show", "hsic"]) == 0
    shown = capsys.readouterr().out
    for worked in registry()["hsic"].sweeps:
        assert f"  {worked.key}: {worked.label}" in shown
