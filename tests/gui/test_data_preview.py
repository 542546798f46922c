"""What is in a table is seen before it is used, however it is written and however long it is."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtTest import QTest

from zoetrope.core.written import AS_FOUND, Written
from zoetrope.gui.data_preview import DataPreview
from zoetrope.gui.data_table_model import FACTS

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
TABLE = "身高,组别,体重\n170.5,甲,60\n165,乙,\n180,甲,75\n"
Open = Callable[[Path, Written], DataPreview]


@pytest.fixture
def look(qtbot: Any) -> Iterator[Open]:
    opened: list[DataPreview] = []

    def open_(path: Path, written: Written = AS_FOUND) -> DataPreview:
        preview = DataPreview(path, written, "HSIC")
        preview.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(preview)
        opened.append(preview)
        preview.show()
        return preview

    yield open_
    for preview in opened:
        preview.reject()


def text(preview: DataPreview, row: int, column: int) -> str:
    return str(preview.model.data(preview.model.index(row, column)))


def fact(preview: DataPreview, name: str) -> list[str]:
    columns = range(preview.model.columnCount())
    return [text(preview, FACTS.index(name), column) for column in columns]


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16, low byte first"),
        ("utf-16-be", "UTF-16, high byte first"), ("gb18030", "Chinese (GB18030)"),
    ],
)  # fmt: skip
def test_it_shows_types_gaps_range_and_how_it_is_written(
    qtbot: Any, tmp_path: Path, look: Open, encoding: str, found: str
) -> None:
    path = tmp_path / "体检.csv"
    path.write_bytes(TABLE.encode(encoding))
    preview = look(path, AS_FOUND)
    assert not preview.use.isEnabled()
    qtbot.waitUntil(preview.use.isEnabled)
    assert preview.summary.text() == "3 rows, 3 columns"
    assert fact(preview, "Type") == ["Numbers", "Text", "Numbers"]
    assert fact(preview, "Missing") == ["none", "none", "1"]
    assert fact(preview, "Distinct") == ["3", "2", "2"]
    assert fact(preview, "Range") == ["165 to 180", "甲, 乙", "60 to 75"]
    names = [preview.model.headerData(c, Qt.Orientation.Horizontal) for c in range(3)]
    assert names == ["身高", "组别", "体重"]
    assert [text(preview, len(FACTS) + 1, c) for c in range(3)] == ["165", "乙", "–"]
    assert preview.encoding.currentText() == f"As found: {found}"
    assert preview.separator.currentText() == "As found: Comma"


def test_another_encoding_is_chosen_and_used(qtbot: Any, tmp_path: Path, look: Open) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes("größe;n\n1;2\n".encode("latin-1"))  # two bytes that could be Chinese
    preview = look(path, AS_FOUND)
    qtbot.waitUntil(preview.use.isEnabled)
    assert "Chinese" in preview.encoding.currentText()
    preview.encoding.setCurrentIndex(preview.encoding.findData("latin-1"))
    assert not preview.use.isEnabled(), "not before it was read so"
    qtbot.waitUntil(preview.use.isEnabled)
    assert preview.model.headerData(0, Qt.Orientation.Horizontal) == "größe"
    with qtbot.waitSignal(preview.used) as used:
        QTest.keyClick(preview, Qt.Key.Key_Return)
    assert used.args == [Written("latin-1")]


def test_one_column_is_called_so(qtbot: Any, tmp_path: Path, look: Open) -> None:
    (tmp_path / "one.csv").write_text("x\n1\n2\n")
    preview = look(tmp_path / "one.csv", AS_FOUND)
    qtbot.waitUntil(preview.use.isEnabled)
    assert preview.summary.text() == "2 rows, 1 column"


def test_a_wrong_separator_is_said_and_mended(qtbot: Any, tmp_path: Path, look: Open) -> None:
    path = tmp_path / "data.csv"
    path.write_text("x,word\n1,a\n2,b\n")
    preview = look(path, Written(separator="semicolon"))
    qtbot.waitUntil(preview.failure.isVisible)
    assert "no column of numbers" in preview.failure.text()
    QTest.keyClick(preview, Qt.Key.Key_Return)
    assert preview.isVisible(), "there is nothing to use"
    preview.separator.setCurrentIndex(preview.separator.findData("comma"))
    qtbot.waitUntil(preview.use.isEnabled)
    assert not preview.failure.isVisible()


def test_of_a_file_that_is_no_text_there_is_nothing_to_choose(
    qtbot: Any, tmp_path: Path, look: Open
) -> None:
    np = pytest.importorskip("numpy")
    np.savez(tmp_path / "a.npz", x=np.arange(3.0), at=np.array(["2020-01-01"] * 3, "datetime64[s]"))
    preview = look(tmp_path / "a.npz", AS_FOUND)
    qtbot.waitUntil(preview.use.isEnabled)
    assert not preview.choices.isVisible()
    assert fact(preview, "Type") == ["Numbers", "Times"]
    assert text(preview, len(FACTS), 1) == "2020-01-01"


def test_everything_is_named_and_reached_with_the_keyboard(
    qtbot: Any, tmp_path: Path, look: Open
) -> None:
    path = tmp_path / "data.csv"
    path.write_text(TABLE)
    preview = look(path, AS_FOUND)
    qtbot.waitUntil(preview.use.isEnabled)
    assert preview.windowTitle() == "Data for HSIC"
    for widget in (
        preview.encoding,
        preview.separator,
        preview.decimal,
        preview.view,
        preview.progress,
    ):
        assert widget.accessibleName()
    preview.activateWindow()
    preview.encoding.setFocus()
    met = set()
    for _ in range(8):
        met.add(preview.focusWidget())
        preview.focusNextChild()
    assert {preview.encoding, preview.separator, preview.decimal, preview.view, preview.use} <= met
    with qtbot.waitSignal(preview.rejected):
        QTest.keyClick(preview, Qt.Key.Key_Escape)


@pytest.fixture(scope="module")
def a_million_rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("long") / "million.csv"
    lines = "".join(f"{i % 977}.{i % 89},甲{i % 50},{i}\n" for i in range(100_000))
    path.write_bytes(("x,名,n\n" + lines * 10).encode("gb18030"))
    return path


@pytest.fixture
def nothing_of_others() -> Iterator[None]:
    """Keep the garbage collector from going through what all other tests have left."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("nothing_of_others")
def test_a_million_rows_are_read_while_the_window_answers(
    qtbot: Any, look: Open, a_million_rows: Path
) -> None:
    ticks: list[tuple[float, float]] = []
    timer = QTimer()
    timer.setInterval(10)
    timer.timeout.connect(lambda: ticks.append((time.perf_counter(), time.thread_time())))
    timer.start()
    preview = look(a_million_rows, AS_FOUND)
    qtbot.waitUntil(preview.use.isEnabled, timeout=60_000)
    timer.stop()
    assert preview.summary.text() == "1,000,000 rows, 3 columns"
    assert len(ticks) > 20
    own = [after[1] - before[1] for before, after in pairwise(ticks)]
    assert max(own) < 0.1, "the window's own work between two ticks"
    late = sorted(b[0] - a[0] - 0.01 for a, b in pairwise(ticks))
    assert late[len(late) // 2] < 0.1, "half of the ticks came in time, whatever else ran"


def test_a_long_reading_is_given_up_at_once(qtbot: Any, look: Open, a_million_rows: Path) -> None:
    preview = look(a_million_rows, Written(separator="comma"))
    qtbot.waitUntil(preview.progress.isVisible)
    assert preview.progress.value() < 100
    began = time.thread_time()
    preview.reject()
    assert time.thread_time() - began < 0.1
    assert not preview.isVisible()
    qtbot.waitUntil(preview._reader.close, timeout=5000)  # the thread ends at its next step
