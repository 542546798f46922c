"""Files that stumbled once, each now refused in a sentence, and the short form of all bad files."""

import json
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.soak.good_files import npy
from tests.soak.hostile_files import PICKLE, npy_header
from tests.soak.watch import watching
from zoetrope.core.attention import lab_files
from zoetrope.core.attention.errors import PatternError
from zoetrope.core.attention.heads.arrays import read_arrays as read_capture
from zoetrope.core.attention.heads.errors import HeadsError
from zoetrope.core.columns import TableError, unique_names
from zoetrope.core.iresnet import checkpoint_files
from zoetrope.core.iresnet.errors import IResNetError
from zoetrope.core.rope.photograph import read_photograph
from zoetrope.core.table import read_arrays, read_table

ROOT = Path(__file__).resolve().parents[2]


def test_bad_files_of_every_kind_are_refused_or_read(tmp_path: Path) -> None:
    """In a process of its own, whose memory can be measured."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.soak.bad_files", "32", "0"],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=110,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert [line for tally in found["kinds"].values() for line in tally["wrong"]] == []
    assert all(tally["files"] >= 32 for tally in found["kinds"].values())
    assert all(tally["refused"] for tally in found["kinds"].values())
    assert found["seen"] == []
    assert found["peak"] < 1000  # MB


def test_ten_thousand_columns_of_one_name_are_told_apart_at_once() -> None:
    began = time.process_time()
    names = unique_names(["x"] * 5_000 + [f"y{i}" for i in range(5_000)] + ["x (3)"])
    assert time.process_time() - began < 1.0
    assert len(set(names)) == 10_001
    assert (names[1], names[4_999], names[-1]) == ("x (2)", "x (5000)", "x (3) (2)")


@pytest.mark.parametrize(
    "shape", ["(32768, 32768)", f"({1 << 40}, {1 << 40})", "(" + "9" * 30 + ",)"]
)
def test_an_array_that_claims_too_much_is_refused_by_all_who_read_arrays(
    shape: str, tmp_path: Path
) -> None:
    path = tmp_path / "big.npy"
    path.write_bytes(npy_header(shape))
    for read, error in ((read_table, TableError), (read_arrays, TableError),
                        (read_capture, HeadsError), (mask, PatternError)):  # fmt: skip
        with pytest.raises(error, match=r"big\.npy.*256 MB"):
            read(path)  # type: ignore[operator]


def mask(path: Path) -> object:
    return lab_files._read(str(path), path.stat().st_mtime_ns)


def test_an_archive_of_something_else_is_no_mask(tmp_path: Path) -> None:
    path = tmp_path / "mask.npz"
    for content in (PICKLE, b"", npy_header("(3,)", "'|O'") + PICKLE):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("mask.npy", content)
        with pytest.raises(PatternError, match=r"mask\.npz"):
            mask(path)
        path.unlink()


def test_arrays_are_read_as_they_stand(tmp_path: Path) -> None:
    one, two = np.arange(6.0).reshape(2, 3), np.array([True, False])
    np.savez(tmp_path / "both.npz", one=one, two=two)
    found = read_arrays(tmp_path / "both.npz")
    assert list(found) == ["one", "two"]
    assert (found["one"] == one).all()
    assert found["two"].dtype == bool
    (tmp_path / "one.npy").write_bytes(npy(np.asfortranarray(one)))
    assert (read_arrays(tmp_path / "one.npy")[""] == one).all()
    with pytest.raises(TableError, match=r"absent\.npy.* cannot be read: No such file"):
        read_arrays(tmp_path / "absent.npy")


@pytest.mark.parametrize("text", ["[" * 50_000, '{"version": 1e999}', '{"version": null}'])
def test_a_network_file_with_odd_settings_is_refused(text: str, tmp_path: Path) -> None:
    header = json.dumps({"__metadata__": {"zoetrope.iresnet": text}}).encode()
    path = tmp_path / "odd.safetensors"
    path.write_bytes(struct.pack("<Q", len(header)) + header)
    with pytest.raises(IResNetError, match="no flow of this program"):
        checkpoint_files.read(path)


def test_no_picture_has_a_program_run(tmp_path: Path) -> None:
    """Pillow reads PostScript by giving it to Ghostscript, which runs it."""
    path = tmp_path / "photograph.png"
    Image.new("RGB", (8, 8)).save(path, format="EPS")
    with (
        watching(tmp_path) as seen,
        pytest.raises(TableError, match="not a picture that can be read"),
    ):
        read_photograph(str(path))
    assert not [event for event in seen if "subprocess" in event]
