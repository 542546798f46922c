"""People's data: every way in which a table is written, and one sentence for what is no table."""

from __future__ import annotations

import io
import json
import pickle
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zoetrope.core import columns as limits
from zoetrope.core import table_json
from zoetrope.core.table import (
    DataTable,
    TableError,
    Written,
    parse_table,
    read_table,
    table_steps,
)

X = np.array([1.0, 2.5, -3e4])
Y = np.array([0.5, np.nan, 7.0])


def read(tmp_path: Path, data: bytes | str, name: str = "data.csv") -> DataTable:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_table(path)


def numbers(table: DataTable) -> dict[str, list[float | None]]:
    return {
        name: [None if value != value else value for value in column.values.tolist()]
        for name, column in table.columns.items()
    }


@pytest.mark.parametrize(
    "text",
    [
        "x,y\n1,0.5\n2.5,\n-3e4,7\n",
        "x,y\r\n1,0.5\r\n2.5,\r\n-3e4,7",
        "x,y\r1,0.5\r2.5,\r-3e4,7\r",
        "x;y\n1;0,5\n2,5;\n-30000;7\n",
        "x\ty\n1\t0.5\n2.5\t\n-3e4\t7\n",
        "x\ty\n1\t0,5\n2,5\t\n-30000\t7,0\n",
        "x|y\n1|0.5\n2.5|NA\n-3e4|7\n",
        '"x","y"\n"1","0.5"\n"2.5","n/a"\n"-3e4","7"\n',
        "# a comment, with a comma\n\nx,y\n1,0.5\n# another\n2.5,nan\n\n-3e4,7\n",
        "# x y\n1 0.5\n2.5 nan\n-3e4 7\n",
        "#x,y\n1,0.5\n2.5,nan\n-3e4,7\n",
        "  x   y\n  1.0   0.5\n  2.5   nan\n -3e4   7.0\n",
        "x, y\n1, 0.5\n2.5, -\n-3e4, 7\n",
        "x,y,\n1,0.5,\n2.5,,\n-3e4,7,\n",
        "x,y\n1,0.5,\n2.5,,\n−3e4,7,\n",
    ],
)
def test_a_table_is_the_same_however_it_is_written(tmp_path: Path, text: str) -> None:
    table = read(tmp_path, text)
    assert numbers(table) == {"x": [1.0, 2.5, -3e4], "y": [0.5, None, 7.0]}
    assert [column.kind for column in table.columns.values()] == ["number", "number"]
    assert [column.missing for column in table.columns.values()] == [0, 1]
    assert table.rows == 3
    assert not table.columns["x"].values.flags.writeable


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_recognised(tmp_path: Path, encoding: str) -> None:
    table = read(tmp_path, "größe,名\n1,甲\n2,乙\n".encode(encoding))
    assert list(table.columns) == ["größe", "名"]
    assert table.columns["名"].categories == ("甲", "乙")


@pytest.mark.parametrize(
    ("encoding", "name", "note"),
    [("gb18030", "身高与体重", "GB18030"), ("latin-1", "größe,né", "Latin-1")],
)
def test_older_encodings_are_guessed_and_said(
    tmp_path: Path, encoding: str, name: str, note: str
) -> None:
    table = read(tmp_path, f"{name}\n{','.join('1' * len(name.split(',')))}\n".encode(encoding))
    assert list(table.columns) == name.split(",")
    assert any(note in sentence for sentence in table.notes)


def test_words_switches_and_gaps(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        'id,kind,ok,note\n1,"a, b",true,\n2,c,FALSE,\n3,"say ""hi""\nthere",,\n4,c,true,\n',
    )
    kind, ok = table.columns["kind"], table.columns["ok"]
    assert (kind.kind, ok.kind) == ("text", "bool")
    assert kind.categories == ("a, b", "c", 'say "hi"\nthere')
    assert kind.values.tolist() == [0, 1, 2, 1]
    assert numbers(table)["ok"] == [1, 0, None, 1]
    assert "note" not in table.columns
    assert table.notes == ("“note” holds no values and was left out.",)
    assert table.names() == ("id", "kind", "ok")
    assert table.names("number") == ("id",)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-01-28", datetime(2026, 1, 28, tzinfo=UTC)),
        ("2026/1/28", datetime(2026, 1, 28, tzinfo=UTC)),
        ("28.01.2026", datetime(2026, 1, 28, tzinfo=UTC)),
        ("28.1.2026 07:30", datetime(2026, 1, 28, 7, 30, tzinfo=UTC)),
        ("1969-12-31T23:59:59.5Z", datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=UTC)),
        ("2026-01-28 07:30:05+02:00", datetime(2026, 1, 28, 5, 30, 5, tzinfo=UTC)),
    ],
)
def test_dates_are_times(tmp_path: Path, written: str, moment: datetime) -> None:
    table = read(tmp_path, f"when;height\n{written};1\n;2\n")
    when = table.columns["when"]
    assert when.kind == "time"
    seconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
    assert numbers(table)["when"] == [seconds, None]
    assert table.numbers() == ("height", "when")  # a measurement first, when nobody chooses


@pytest.mark.parametrize(
    "word", ["01/02/2026", "2026-13-01", "30.2.2026", "1.2", "2026-01-28 25:00"]
)
def test_what_may_be_another_day_or_none_is_no_date(tmp_path: Path, word: str) -> None:
    table = read(tmp_path, f"when,height\n2026-01-01,1\n{word},2\n")
    assert table.columns["when"].kind == "text"
    assert table.columns["when"].categories == ("2026-01-01", word)


def test_thousands_may_be_apart_and_commas_between_them_are_said(tmp_path: Path) -> None:
    table = read(tmp_path, 'who,income,weight\na,"12,345.5",1 234\nb,"-1,234,567",70\nc,17,−8\n')
    assert numbers(table)["income"] == [12345.5, -1234567, 17]
    assert numbers(table)["weight"] == [1234, 70, -8]
    said = "In “income” commas were read as between thousands, as in 12,345.5."
    assert table.notes == (said,)
    spaced = read(tmp_path, "a;b\n1 234,5;'x'\n2 000 000,25;'y'\n")
    assert numbers(spaced)["a"] == [1234.5, 2000000.25]


@pytest.mark.parametrize("word", ["0,123", "1,23", "1,2345", "12 34", "1,234 567", "1,234,56"])
def test_what_only_looks_like_thousands_is_none(tmp_path: Path, word: str) -> None:
    table = read(tmp_path, f'a,b\n"{word}",1\n3,2\n')
    assert table.columns["a"].kind == "text"


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("x,y\n{rows}abc,1\n2,7\n", "In “x” a word among numbers was taken as missing: “abc”."),
        ("{rows}x,y\n3,z\n", "In “column_2” 2 words among numbers were taken as missing, the "
         "first: “y”."),
        ("x;y\n{comma}abc;1\n2;7,5\n", "In “x” a word among numbers was taken as missing: “abc”."),
    ],
)  # fmt: skip
def test_few_words_among_many_numbers_are_slips(tmp_path: Path, text: str, note: str) -> None:
    rows = "".join(f"{i}.5,{i % 3}\n" for i in range(1500))
    table = read(tmp_path, text.format(rows=rows, comma=rows.replace(",", ";").replace(".", ",")))
    kinds = [column.kind for column in table.columns.values()]
    assert kinds == ["number", "number"]
    assert note in table.notes
    x, y = (column.values for column in table.columns.values())
    assert np.array_equal(x[:1500], np.arange(1500) + 0.5)
    assert np.array_equal(y[:1500], np.arange(1500) % 3)
    assert np.isnan(x[1500])


def test_more_words_than_slips_make_a_column_of_words(tmp_path: Path) -> None:
    for words, kind in ((10, "number"), (11, "text")):
        rows = [f"{i},1" for i in range(90)] + ["sold,1"] * words
        table = read(tmp_path, "x,y\n" + "\n".join(rows))
        assert table.columns["x"].kind == kind


def test_a_column_that_turns_into_words_late_is_read_again(tmp_path: Path) -> None:
    rows = [f"{i},{i}" for i in range(25_000)] + [f"{i},late" for i in range(5000)]
    table = read(tmp_path, "x,y\n" + "\n".join(rows))
    assert table.columns["x"].kind == "number"
    assert table.columns["y"].kind == "text"
    assert table.columns["y"].categories[:2] == ("0", "1")
    assert len(table.columns["y"].categories) == 25_001


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("1,2\n3,4\n", ["column_1", "column_2"]),
        ("a,a,\n1,2,3\n", ["a", "a (2)", "column_3"]),
        ("year,1999\n1,2\n", ["year", "1999"]),
        ("7\n8\n9\n", ["column_1"]),
        ("height\n8\n9\n", ["height"]),
        ("1_0,2\n3,4\n", ["1_0", "2"]),
    ],
)
def test_names_come_from_the_first_row_where_it_has_any(
    tmp_path: Path, text: str, names: list[str]
) -> None:
    assert list(read(tmp_path, text).columns) == names


def test_infinite_values_are_missing_and_said(tmp_path: Path) -> None:
    table = read(tmp_path, "x,y\n1,inf\n2,3\n")
    assert numbers(table)["y"] == [None, 3.0]
    assert table.notes == ("Infinite values in “y” were taken as missing.",)


def npz(**arrays: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def npy(array: np.ndarray, **more: bool) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, **more)
    return buffer.getvalue()


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


def test_what_this_program_exports_is_read(tmp_path: Path) -> None:
    from zoetrope.core.damped.lab import LAB
    from zoetrope.core.export import export

    for ending in ("csv", "npz", "json"):
        path = export(LAB, LAB.parameters(), tmp_path / f"out.{ending}")
        table = read_table(path)
        assert list(table.columns)[:2] == ["time", "displacement"]
        assert table.rows == LAB.parameters().points


def test_the_fingerprint_is_that_of_the_bytes(tmp_path: Path) -> None:
    one, other = read(tmp_path, "x\n1\n2\n"), read(tmp_path, "x\n1\n3\n")
    assert len(one.sha256) == 64
    assert one.sha256 != other.sha256
    assert one.sha256 == parse_table("x\n1\n2\n").sha256


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


def test_pasted_cells_are_read() -> None:
    assert numbers(parse_table("x\ty\n1\t2\n")) == {"x": [1], "y": [2]}
    assert numbers(parse_table("1 2\n3 4")) == {"column_1": [1, 3], "column_2": [2, 4]}
    with pytest.raises(TableError, match="The pasted text is no table"):
        parse_table("hello")
    with pytest.raises(TableError, match="no text"):
        parse_table("  ")


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


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_pasted_text_is_a_table_or_refused(text: str) -> None:
    try:
        table = parse_table(text)
    except TableError as error:
        assert str(error).endswith(".")
        return
    assert table.rows > 0


@given(
    st.lists(st.tuples(st.floats(-1e300, 1e300), st.floats(-1e300, 1e300)), min_size=1, max_size=9),
    st.sampled_from([",", ";", "\t", " "]),
)
def test_numbers_come_back_exactly(rows: list[tuple[float, float]], delimiter: str) -> None:
    text = "\n".join(delimiter.join(map(repr, row)) for row in rows)
    table = parse_table(text)
    assert table.columns["column_1"].values.tolist() == [row[0] for row in rows]
    assert table.columns["column_2"].values.tolist() == [row[1] for row in rows]


# Reading in steps, and as a person says


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "gb18030"])
def test_json_is_read_in_any_encoding_of_the_list(tmp_path: Path, encoding: str) -> None:
    table = read(tmp_path, '[{"身高": 1, "名": "甲"}, {"身高": 2}]'.encode(encoding), "data.json")
    assert numbers(table) == {"身高": [1, 2], "名": [0, None]}
    assert table.columns["名"].categories == ("甲",)
    assert table.written.encoding == encoding.removesuffix("-sig")


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"), ("gb18030", "gb18030"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("separator", "sign"), [("comma", ","), ("semicolon", ";"), ("tab", "\t"), ("bar", "|")]
)
def test_how_a_text_turned_out_to_be_written_is_told(
    tmp_path: Path, encoding: str, found: str, separator: str, sign: str
) -> None:
    text = f"身高{sign}姓名与体重\n1.5{sign}甲乙\n2{sign}丙丁\n"
    assert read(tmp_path, text.encode(encoding)).written == Written(found, separator, "point")


def test_what_a_person_says_of_the_writing_counts(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes("größe;n\n1;2,5\n".encode("latin-1"))
    assert read_table(path).written.encoding == "gb18030", "two bytes that may be either"
    assert list(read_table(path, Written("latin-1")).columns) == ["größe", "n"]
    with pytest.raises(TableError, match="Line 2 has 2 fields, and the table has 1 column"):
        read_table(path, Written(separator="comma"))
    with pytest.raises(TableError, match="It is not UTF-8 text; choose another encoding"):
        read_table(path, Written("utf-8"))
    path.write_bytes("\ufeffx,y\n1,2\n".encode("utf-16-be"))
    assert list(read_table(path, Written("utf-16-be")).columns) == ["x", "y"]


def test_the_steps_tell_how_far_they_are_and_can_be_given_up(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("x,word\n" + "".join(f"{i},w{i % 7}\n" for i in range(100_000)))
    shares = list(table_steps(path))
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 1
    assert len(shares) > 5
    again = list(table_steps(path))
    assert len(again) == 1, "of the same bytes the table is there"
    path.write_text(path.read_text().replace("w3", "w9"))
    assert len(list(table_steps(path))) > 5, "of others it is not"
    given_up = table_steps(path, Written(separator="semicolon"))
    next(given_up)
    given_up.close()


def test_records_of_json_that_differ_in_kind_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="Entry 2 is of another kind than the first"):
        read(tmp_path, '[{"x": 1}, [2]]', "data.json")
    with pytest.raises(TableError, match="line 3 cannot be read"):
        read(tmp_path, '[{"x": 1},\n{"x": 2}\n{"x": 3}]', "data.json")


@pytest.mark.parametrize(
    ("text", "decimal", "values"),
    [
        ("n;x\n1;1,234\n2;5,678\n", "auto", [1.234, 5.678]),
        ("n;x\n1;1,234\n2;5,678\n", "point", [1234.0, 5678.0]),
        ("n;x\n1;1.234\n2;5.678\n", "point", [1.234, 5.678]),
        ("n\tx\n1\t-1,5\n2\t2,5e3\n", "comma", [-1.5, 2500.0]),
        ('n,x\n1,"1,5"\n2,"2,5"\n', "comma", [1.5, 2.5]),  # in quotes a comma may be both
        ("x\n1,5\n2,5\n", "comma", [1.5, 2.5]),  # and where it is the decimals', it parts no fields
        ("n x\n1 1,5\n2 2,5\n", "comma", [1.5, 2.5]),
    ],
)
def test_the_decimal_sign_may_be_said(
    tmp_path: Path, text: str, decimal: str, values: list[float]
) -> None:
    path = tmp_path / "table.csv"
    path.write_text(text)
    separator = "comma" if '"' in text else "auto"
    table = read_table(path, Written(separator=separator, decimal=decimal))
    assert table.columns["x"].values.tolist() == values
    if decimal != "auto":
        assert table.written.decimal == decimal
        assert not any("decimal comma" in note for note in table.notes)
