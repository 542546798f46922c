"""Tables that are text: their encoding, separators, numbers, dates and names."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.table.written import numbers, read
from zoetrope.core.table import TableError, parse_table, read_table


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


def test_what_this_program_exports_is_read(tmp_path: Path) -> None:
    from zoetrope.core.damped.lab import LAB
    from zoetrope.core.export import export

    for ending in ("csv", "npz", "json"):
        path = export(LAB, LAB.parameters(), tmp_path / f"out.{ending}")
        table = read_table(path)
        assert list(table.columns)[:2] == ["time", "displacement"]
        assert table.rows == LAB.parameters().points


def test_pasted_cells_are_read() -> None:
    assert numbers(parse_table("x\ty\n1\t2\n")) == {"x": [1], "y": [2]}
    assert numbers(parse_table("1 2\n3 4")) == {"column_1": [1, 3], "column_2": [2, 4]}
    with pytest.raises(TableError, match="The pasted text is no table"):
        parse_table("hello")
    with pytest.raises(TableError, match="no text"):
        parse_table("  ")


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
