"""What is no table, is damaged, or is too large."""

from __future__ import annotations

import io
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.table.written import npy, npz, read
from zoetrope.core import columns as limits
from zoetrope.core import table_json
from zoetrope.core.table import TableError, read_table


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.npy", npy(np.zeros(40_000_000)))
    return buffer.getvalue()


def claims(shape: str) -> bytes:
    """An array file whose header promises what the file does not hold."""
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".ljust(118) + "\n"
    return b"\x93NUMPY\1\0" + len(header).to_bytes(2, "little") + header.encode() + b"\0" * 16


def spreadsheet() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return buffer.getvalue()


BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\n \n", "is empty"),
    "comments": (b"# a\n# b\n", "only comments"),
    "header": (b"x,y\n", "only the names of columns"),
    "delimiters": (b",,\n,,\n", "only delimiters"),
    "ragged": (b"x,y\n1,2\n3,4,5\n", "Line 3 has 3 fields, and the table has 2 columns"),
    "ragged after quotes": (b'# c\nx,y\n"1\n",2\n3\n', "Line 5 has 1 field"),
    "words": (b"a,b\nc,d\n", "no column of numbers"),
    "garbage": (bytes(range(256)) * 8, "not text"),
    "random": (np.random.default_rng(0).bytes(5000), "not text"),
    "pickle": (pickle.dumps({"x": [1, 2]}), "pickle"),
    "objects": (npy(np.array([1, {}], dtype=object), allow_pickle=True), "Python objects"),
    "objects in an archive": (npz(x=np.array([1, {}], dtype=object)), "Python objects"),
    "bomb": (bomb(), "unpacks to more than 256 MB"),
    "huge": (claims("(10000000000000,)"), "larger than 256 MB"),
    "negative": (claims("(-1,)"), "larger than|damaged"),
    "short": (claims("(1000,)"), "ends too early"),
    "spreadsheet": (spreadsheet(), "spreadsheet"),
    "old spreadsheet": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "spreadsheet"),
    "archive": (b"PK\x05\x06" + b"\0" * 18, "no NumPy arrays"),
    "packed": (b"\x1f\x8b\x08rest", "gzip"),
    "picture": (b"\x89PNG\r\n\x1a\nrest", "picture"),
    "parquet": (b"PAR1" + b"\0" * 50 + b"PAR1", "damaged|pyarrow"),
    "json": (b'{"x": [1, 2', "line 1 cannot be read"),
    "json depth": (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
    "json value": (b'{"x": 3}', "no columns"),
    "json ragged": (b"[[1, 2], [3]]", "Row 2 has 1 values"),
    "json digits": (b'{"x": [' + b"9" * 10_000 + b"]}", "not legal JSON"),
    "utf-16": (b"\xff\xfea", "UTF-16"),
}


@pytest.mark.parametrize(("data", "says"), BAD.values(), ids=BAD.keys())
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path: Path, data: bytes, says: str) -> None:
    with pytest.raises(TableError, match=says) as caught:
        read(tmp_path, data)
    sentence = str(caught.value)
    assert sentence.endswith(".") or sentence.endswith('".')
    assert "“data.csv”" in sentence
    assert len(sentence) < 300
    assert caught.value.parameter is None
    caught.value.parameter = "file"


def test_paths_that_are_no_files(tmp_path: Path) -> None:
    for path, says in (
        (tmp_path / "none.csv", "“none.csv” was not found."),
        (tmp_path, "is a folder"),
        ("a\0b", "was not found"),
        ("x" * 5000, "cannot be read|was not found"),
    ):
        with pytest.raises(TableError, match=says):
            read_table(path)
    if Path("/dev/zero").exists():
        with pytest.raises(TableError, match="not a file"):
            read_table("/dev/zero")


def test_a_file_that_is_too_large_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "hole.csv"
    with path.open("wb") as file:
        file.truncate(limits.MOST_BYTES + 1)
    with pytest.raises(TableError, match="at most 256 MB"):
        read_table(path)
    monkeypatch.setattr(table_json, "MOST_JSON", 10)
    with pytest.raises(TableError, match="save it as CSV"):
        read(tmp_path, '{"x": [1, 2, 3, 4]}')


def test_too_many_columns(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="at most 10,000 columns"):
        read(tmp_path, ",".join(["1"] * 10_001) + "\n")


def _parquet() -> bytes:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        return b"PAR1PAR1"
    buffer = io.BytesIO()
    pq.write_table(pa.table({"x": [1.0, 2.0], "w": ["a", "b"]}), buffer)
    return buffer.getvalue()


GOOD = {
    "csv": b'x,"y",w\n1,0.5,a\n2,,"b ""c"""\n3,4,true\n',
    "numbers": b"x,y\n1,2\n3,4\n5,6\n",
    "blanks": b"# x y\n1 2\n3 4\n",
    "utf-16": "x;y\n1,5;2\n".encode("utf-16"),
    "gb18030": "身高,x\n1,2\n".encode("gb18030"),
    "json": b'[{"x": 1, "y": null}, {"x": 2.5, "y": "a"}]',
    "npy": npy(np.arange(6.0).reshape(3, 2)),
    "npz": npz(x=np.arange(3), w=np.array(["a", "b", "c"])),
    "parquet": _parquet(),
}


@pytest.mark.parametrize("kind", GOOD)
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_damaged_file_gives_a_table_or_a_table_error(
    tmp_path: Path, kind: str, data: st.DataObject
) -> None:
    mutated = bytearray(GOOD[kind])
    for _ in range(data.draw(st.integers(1, 4), label="damages")):
        at = data.draw(st.integers(0, len(mutated)), label="at")
        gone = data.draw(st.integers(0, 4), label="gone")
        mutated[at : at + gone] = data.draw(st.binary(max_size=4), label="new")
    try:
        table = read(tmp_path, bytes(mutated), f"fuzz.{kind}")
    except TableError as error:
        assert len(str(error)) < 400
        return
    assert all(len(column.values) == table.rows for column in table.columns.values())
    assert all(column.values.dtype == np.float64 for column in table.columns.values())
