"""The readouts: a lab's numbers under its figure, updated in place."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QRect, QSize, pyqtSignal
from PyQt6.QtGui import QGuiApplication, QResizeEvent, QShowEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from zoetrope.core.lab import Readout
from zoetrope.gui.glyph_button import TARGET, GlyphButton
from zoetrope.gui.language import say
from zoetrope.gui.quantities import exact
from zoetrope.gui.readout_cell import ReadoutCell
from zoetrope.gui.segments import Segments

ROWS = 2  # that are seen before "more" is pressed
_GAP = 4
_MOST_OF_PAGE = 0.4  # in height, for unfolded rows


def as_table(readouts: Sequence[Readout]) -> str:
    """Return all readouts with all their digits as a tab-separated table."""
    lines = ["name\tvalue\tunit\tratio\tratio unit\tstandard error"]
    lines += [
        "\t".join(
            (
                readout.label,
                exact(readout.value),
                readout.unit,
                "" if readout.ratio is None else exact(readout.ratio),
                readout.ratio_unit if readout.ratio is not None else "",
                "" if readout.error is None else exact(readout.error),
            )
        )
        for readout in readouts
    ]
    return "\n".join(lines) + "\n"


class ReadoutBar(QWidget):
    """All readouts in one or two rows, with what switches units and what copies all.

    `dimensionless_changed` says that a person chose other units.
    """

    dimensionless_changed = pyqtSignal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cells: list[ReadoutCell] = []
        self._dimensionless = False
        self._unfolded = False
        self._screen = 0  # of the unfolded rows, where they do not all fit
        self._readouts: tuple[Readout, ...] = ()
        self.units = Segments({"si": "SI", "ratio": say("Ratio")}, self)
        self.units.setAccessibleName(say("Units of the readouts"))
        self.units.setToolTip(say("SI units, or ratios to a quantity of the problem itself"))
        self.units.show_value("si")
        self.units.chosen.connect(self._choose_units)
        self.more = GlyphButton("more", say("More readouts"), "", self)
        self.more.clicked.connect(self._toggle_rows)
        self.copy_button = GlyphButton(
            "copy", say("Copy all"), say("Copy all readouts as a table"), self
        )
        self.copy_button.clicked.connect(self.copy_all)
        self.setAccessibleName(say("Readouts"))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for tool in (self.units, self.more, self.copy_button):
            tool.hide()

    def set_readouts(self, readouts: Sequence[Readout]) -> None:
        """Show these numbers; the same ones as before in place."""
        self._readouts = tuple(readouts)
        if [c.readout.key for c in self.cells] != [r.key for r in readouts]:
            self._rebuild()
            return
        for cell, readout in zip(self.cells, readouts, strict=True):
            cell.set_readout(readout, self._dimensionless)

    @property
    def dimensionless(self) -> bool:
        """Whether ratios are shown where there are any."""
        return self._dimensionless

    def show_dimensionless(self, dimensionless: bool) -> None:
        """Show ratios where there are any, or SI units."""
        if dimensionless != self._dimensionless:
            self._dimensionless = dimensionless
            self.units.show_value("ratio" if dimensionless else "si")
            for cell in self.cells:
                cell.set_readout(cell.readout, dimensionless)
                cell.forget_width()
            self._relayout()

    def show_anew(self) -> None:
        """Write every number anew, as after a change of how numbers are written."""
        for cell in self.cells:
            cell.forget_width()
        self._relayout()

    def copy_all(self) -> None:
        """Copy all readouts with all digits as a tab-separated table."""
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(as_table(self._readouts))

    def _choose_units(self, value: str) -> None:
        self.show_dimensionless(value == "ratio")
        self.dimensionless_changed.emit(self._dimensionless)

    def _rebuild(self) -> None:
        for cell in self.cells:
            cell.hide()
            cell.deleteLater()
        self.cells = [ReadoutCell(r, self._dimensionless, self) for r in self._readouts]
        before: QWidget | None = None
        for cell in self.cells:
            cell.grown.connect(self._relayout)
            cell.table_wanted.connect(self.copy_all)
            if before is not None:
                QWidget.setTabOrder(before, cell)
            before = cell
        if before is not None:
            for tool in (self.more, self.units.buttons["si"], self.units.buttons["ratio"]):
                QWidget.setTabOrder(before, tool)
                before = tool
            QWidget.setTabOrder(before, self.copy_button)
        self.units.setVisible(any(r.ratio is not None for r in self._readouts))
        self.copy_button.setVisible(bool(self.cells))
        self._relayout()

    def _toggle_rows(self) -> None:
        """Show more rows: all, or a screen of them after the other; then the first two again."""
        rows = len(self._rows(self.width()))
        if not self._unfolded:
            self._unfolded, self._screen = True, 0
        elif self._seen(rows).stop < rows:
            self._screen += 1
        else:
            self._unfolded = False
        self._relayout()

    def _relayout(self) -> None:
        self.updateGeometry()
        self._arrange(self.width())

    # -- placing -------------------------------------------------------------------------------

    def set_stale(self, stale: bool) -> None:
        """Grey the numbers out while they belong to other values than the form's."""
        for cell in self.cells:
            cell.setEnabled(not stale)

    @property
    def _more_width(self) -> int:
        """The width of the "more" button with the longest text that it may come to show."""
        advance = self.more.fontMetrics().horizontalAdvance
        longer = advance(say("{cells} more", cells=len(self.cells))) - advance(self.more.text())
        return self.more.sizeHint().width() + max(0, longer)

    def _tools_width(self) -> int:
        tools = [t for t in (self.units, self.copy_button) if not t.isHidden()]
        more = self._more_width + 2
        return sum(t.sizeHint().width() + _GAP for t in tools) + more + 8

    def _rows(self, width: int) -> list[list[ReadoutCell]]:
        """Distribute the cells over rows of a width."""
        most = self._most_rows() if self._unfolded else ROWS
        rows: list[list[ReadoutCell]] = [[]]
        x = 0
        for cell in self.cells:
            size = cell.sizeHint().width()
            beside_tools = (len(rows) - 1) % most == 0  # they stand beside the first row that shows
            room = width - 12 - (self._tools_width() if beside_tools else 0)
            if rows[-1] and x + size > room:
                rows.append([])
                x = 0
            rows[-1].append(cell)
            x += size + _GAP
        return rows

    def _most_rows(self) -> int:
        """Return how many rows may be seen at once: the figure keeps most of the page."""
        page = self.parentWidget()
        if page is None:
            return len(self.cells) + ROWS
        return max(ROWS, int(_MOST_OF_PAGE * page.height()) // (self._height(1) - 6))

    def _seen(self, rows: int) -> range:
        """Return which of so many rows are seen."""
        if not self._unfolded:
            return range(min(rows, ROWS))
        most = self._most_rows()
        first = min(self._screen * most, max(rows - 1, 0) // most * most)
        return range(first, min(first + most, rows))

    def _height(self, rows: int) -> int:
        cell = self.cells[0].sizeHint().height() if self.cells else TARGET
        return 8 + rows * cell + (rows - 1) * 2

    def hasHeightForWidth(self) -> bool:
        """The narrower, the more rows."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the rows that are seen."""
        return self._height(max(len(self._seen(len(self._rows(width)))), 1))

    def sizeHint(self) -> QSize:
        """Return the size in one row."""
        return QSize(600, self._height(1))

    def minimumSizeHint(self) -> QSize:
        """Return the least room."""
        return QSize(240, self._height(1))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Place the cells anew."""
        super().resizeEvent(event)
        self._arrange(self.width())

    def showEvent(self, event: QShowEvent | None) -> None:
        """Measure anew: fonts are known only now."""
        super().showEvent(event)
        self.show_anew()

    def _arrange(self, width: int) -> None:
        rows = self._rows(width)
        seen = self._seen(len(rows))
        y = 4
        for index, row in enumerate(rows):
            x = 6
            for cell in row:
                size = cell.sizeHint()
                cell.setGeometry(QRect(x, y, size.width(), size.height()))
                cell.setVisible(index in seen)
                x += size.width() + _GAP
            if index in seen:
                y += (row[0].sizeHint().height() if row else 0) + 2
        self._arrange_tools(width, len(rows), sum(map(len, rows[seen.stop :])))

    def _arrange_tools(self, width: int, rows: int, left_over: int) -> None:
        self.more.setVisible(rows > ROWS)
        if rows > ROWS:
            text = say("{left_over} more", left_over=left_over) if left_over else say("Fewer")
            name = (
                say("{left_over} more readouts", left_over=left_over)
                if left_over
                else say("Fewer readouts")
            )
            self.more.setText(text)
            self.more.set_glyph("more" if left_over else "less", name)
        x, height = width - 8, self._height(1)
        for tool in (self.copy_button, self.units, self.more):
            if not tool.isHidden():
                size = tool.sizeHint()
                x -= size.width()
                tool.setGeometry(x, (height - size.height()) // 2, size.width(), size.height())
                x -= _GAP
