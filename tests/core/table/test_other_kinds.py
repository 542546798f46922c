"""Tables that are arrays, JSON or Parquet."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.core.table.written import X, npy, npz, numbers, read
from zoetrope.core.table import TableError, parse_table, read_table


def test_arrays_are_columns(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        npz(
            x=X,
            big=X.astype(">f4"),
            z=np.asfortranarray(np.arange(6).reshape(3, 2)),
            word=np.array(["a", "b", "a"]),
            ok=np.array([True, False, True]),
            day=np.array(["2024-01-01", "NaT", "2024-01-03"], dtype="datetime64[D]"),
            cube=np.zeros((2, 2, 2)),
            one=np.float64(3),
            spin=X * 1j,
        ),
        "data.npz",
    )
    assert list(table.columns) == ["x", "big", "z_0", "z_1", "word", "ok", "day"]
    assert table.columns["z_1"].values.tolist() == [1, 3, 5]
    assert table.columns["word"].categories == ("a", "b")
    assert table.columns["day"].values[0] == 1704067200.0
    assert table.columns["day"].missing == 1
    assert "“cube”, “one”, “spin”" in table.notes[0]


def test_one_array_and_one_of_records(tmp_path: Path) -> None:
    assert list(read(tmp_path, npy(np.eye(3)), "a.npy").columns) == [
        "column_0", "column_1", "column_2"
    ]  # fmt: skip
    records = np.array([(1, 2.0), (3, 4.0)], dtype=[("a", int), ("b", float)])
    assert numbers(read(tmp_path, npy(records), "b.npy")) == {"a": [1, 3], "b": [2, 4]}


def test_shorter_arrays_end_in_missing_values(tmp_path: Path) -> None:
    table = read(tmp_path, npz(x=np.arange(3.0), y=np.arange(2.0)))
    assert numbers(table)["y"] == [0, 1, None]
    assert "“y” is shorter" in table.notes[0]


@pytest.mark.parametrize(
    "values",
    [
        [{"x": 1, "y": 0.5}, {"x": 2.5}, {"x": -3e4, "y": 7, "more": [1]}],
        {"x": [1, 2.5, -3e4], "y": [0.5, None, 7], "more": {"a": 1}},
        {"recipe": {}, "tables": {"x": [1, 2.5, -3e4], "y": [0.5, None, 7], "more": [[1]]}},
    ],
)
def test_json_is_records_or_lists(tmp_path: Path, values: object) -> None:
    table = read(tmp_path, json.dumps(values), "data.json")
    assert numbers(table) == {"x": [1.0, 2.5, -3e4], "y": [0.5, None, 7.0]}
    assert "“more”" in table.notes[0]


def test_json_may_be_rows_or_one_column(tmp_path: Path) -> None:
    assert numbers(read(tmp_path, "[[1, 2], [3, 4]]")) == {"column_1": [1, 3], "column_2": [2, 4]}
    assert numbers(read(tmp_path, "[1, 2, null]")) == {"column_1": [1, 2, None]}


def test_parquet(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    table = pa.table(
        {
            "x": pa.array([1, None, 3]),
            "word": pa.array(["a", None, "b"]),
            "kind": pa.array(["u", "v", "u"]).dictionary_encode(),
            "ok": pa.array([True, None, False]),
            "at": pa.array([0, 1_500_000, None], type=pa.timestamp("us")),
            "nested": pa.array([[1], [2], [3]]),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    read_back = read_table(tmp_path / "a.parquet")
    assert numbers(read_back) == {
        "x": [1, None, 3], "word": [0, None, 1], "kind": [0, 1, 0], "ok": [1, None, 0],
        "at": [0, 1.5, None],
    }  # fmt: skip
    assert read_back.columns["word"].categories == ("a", "b")
    assert "“nested”" in read_back.notes[0]


def test_parquet_without_pyarrow_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(TableError, match=r'pip install "zoetrope\[parquet\]"'):
        read(tmp_path, b"PAR1....PAR1")


def test_the_fingerprint_is_that_of_the_bytes(tmp_path: Path) -> None:
    one, other = read(tmp_path, "x\n1\n2\n"), read(tmp_path, "x\n1\n3\n")
    assert len(one.sha256) == 64
    assert one.sha256 != other.sha256
    assert one.sha256 == parse_table("x\n1\n2\n").sha256


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "gb18030"])
def test_json_is_read_in_any_encoding_of_the_list(tmp_path: Path, encoding: str) -> None:
    table = read(tmp_path, '[{"身高": 1, "名": "甲"}, {"身高": 2}]'.encode(encoding), "data.json")
    assert numbers(table) == {"身高": [1, 2], "名": [0, None]}
    assert table.columns["名"].categories == ("甲",)
    assert table.written.encoding == encoding.removesuffix("-sig")


def test_records_of_json_that_differ_in_kind_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="Entry 2 is of another kind than the first"):
        read(tmp_path, '[{"x": 1}, [2]]', "data.json")
    with pytest.raises(TableError, match="line 3 cannot be read"):
        read(tmp_path, '[{"x": 1},\n{"x": 2}\n{"x": 3}]', "data.json")
