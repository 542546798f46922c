"""The first rows of a table for a view, and above them what is known of each column."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt
from PyQt6.QtGui import QBrush, QFont, QFontMetrics

from zoetrope.core.column_facts import ColumnFacts
from zoetrope.core.columns import Column, DataTable
from zoetrope.gui.inks import inks, mixed
from zoetrope.gui.language import say
from zoetrope.gui.quantities import brief

ROWS = 100  # of the table that are shown
KINDS = {"number": "Numbers", "text": "Text", "bool": "Yes or no", "time": "Times"}
FACTS = ("Type", "Missing", "Distinct", "Range")
_TYPE, _MISSING, _DISTINCT = range(3)  # the last is what remains
MISSING = "–"
DAY = 86_400  # seconds; where it begins, the date says all
_WORDS = 3  # of a column of text that stand for its range
_START = datetime(1970, 1, 1, tzinfo=UTC)


class DataTableModel(QAbstractTableModel):
    """Four rows of facts, then the first rows of the table."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns: Sequence[Column] = ()
        self._facts: Sequence[ColumnFacts] = ()
        self._rows = 0

    def show_table(self, table: DataTable, facts: Sequence[ColumnFacts]) -> None:
        """Show another table."""
        self.beginResetModel()
        self._columns = tuple(table.columns.values())
        self._facts = facts
        self._rows = min(table.rows, ROWS)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Return how many rows there are, of facts and of data."""
        return len(FACTS) + self._rows if self._columns and not parent.isValid() else 0

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text, and how it looks."""
        row, place = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            if row < len(FACTS):
                return self._fact(row, place)
            return cell(self._columns[place], row - len(FACTS))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            words = self._columns[place].kind == "text" and row not in (_MISSING, _DISTINCT)
            side = Qt.AlignmentFlag.AlignLeft if words else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.BackgroundRole and row < len(FACTS):
            return QBrush(mixed(inks().panel, inks().hairline, 0.45))
        if role == Qt.ItemDataRole.ForegroundRole and self._stands_out(row, place):
            return QBrush(inks().warn if row == _MISSING else inks().muted)
        if role == Qt.ItemDataRole.FontRole and row == _MISSING and self._facts[place].missing:
            font = QFont()
            font.setBold(True)
            return font
        return None

    def _stands_out(self, row: int, place: int) -> bool:
        if row == _MISSING:
            return self._facts[place].missing > 0
        return row >= len(FACTS) and math.isnan(self._columns[place].values[row - len(FACTS)])

    def _fact(self, row: int, place: int) -> str:
        column, facts = self._columns[place], self._facts[place]
        if row == _TYPE:
            return say(KINDS[column.kind])
        if row == _MISSING:
            return brief(facts.missing) if facts.missing else say("none")
        if row == _DISTINCT:
            return brief(facts.distinct)
        if column.kind == "text":
            few = ", ".join(column.categories[:_WORDS])
            return few + (", …" if len(column.categories) > _WORDS else "")
        low, high = shown_value(column, facts.low), shown_value(column, facts.high)
        return low if low == high else say("{low} to {high}", low=low, high=high)

    def headerData(
        self, section: int, side: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the names of columns, and of the facts or the number of a row."""
        if role == Qt.ItemDataRole.DisplayRole:
            if side == Qt.Orientation.Horizontal:
                return self._columns[section].name
            return say(FACTS[section]) if section < len(FACTS) else str(section - len(FACTS) + 1)
        return None

    def widest(self, metrics: QFontMetrics, place: int) -> int:
        """Return how wide the widest text of a column is, in pixels."""
        texts = [self.headerData(place, Qt.Orientation.Horizontal)]
        texts += [self.data(self.index(row, place)) for row in range(self.rowCount())]
        return max(metrics.horizontalAdvance(text) for text in texts)


def cell(column: Column, row: int) -> str:
    """Return the text of one value."""
    return shown_value(column, float(column.values[row]))


def shown_value(column: Column, value: float) -> str:
    """Return a value of a column as people read it."""
    if math.isnan(value):
        return MISSING
    if column.kind in ("text", "bool"):
        return column.categories[int(value)]
    if column.kind == "time":
        try:
            moment = _START + timedelta(seconds=value)
            return moment.strftime("%Y-%m-%d %H:%M:%S" if value % DAY else "%Y-%m-%d")
        except OverflowError:  # before the year 1 or after 9999
            return brief(value)
    return brief(value)
