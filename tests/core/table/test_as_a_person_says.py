"""Reading in steps, and as a person says that a text is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.table.written import read
from zoetrope.core.table import TableError, Written, read_table, table_steps


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
