"""The readouts: a lab's numbers under its figure, updated in place."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QPointF, QRect, QRectF, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import (
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PyQt6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from zoetrope.core.lab import Readout
from zoetrope.core.symbols import plain_symbol
from zoetrope.gui.glyph_button import TARGET, GlyphButton
from zoetrope.gui.glyphs import draw_glyph
from zoetrope.gui.inks import inks
from zoetrope.gui.language import later, say, say_all, worded
from zoetrope.gui.painting import painting
from zoetrope.gui.quantities import exact, rounded, with_error, with_unit
from zoetrope.gui.segments import Segments

ROWS = 2  # that are seen before "more" is pressed
_GAP = 4
_MOST_OF_PAGE = 0.4  # in height, for unfolded rows
_NAME_LIMIT = 24  # letters' widths; a longer name is cut and stands whole in the tooltip
_TOLD_MS = 1200  # for how long a readout says that it was copied


def shown_quantity(readout: Readout, dimensionless: bool) -> tuple[float | int | str, str]:
    """Return the value and the unit to show: dimensionless where there is such a form."""
    if dimensionless and readout.ratio is not None:
        return readout.ratio, readout.ratio_unit
    return readout.value, readout.unit


def shown_words(readout: Readout, dimensionless: bool) -> tuple[str, str]:
    """Return the value in words, and what stands smaller behind it: error and unit."""
    value, unit = shown_quantity(readout, dimensionless)
    in_ratio = dimensionless and readout.ratio is not None  # whose error another sum would give
    if readout.error is None or in_ratio or isinstance(value, str):
        return rounded(value, None if readout.good is None else 2), unit
    text, error = with_error(value, readout.error)
    return text, with_unit(f"± {error}", unit)


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


class ReadoutCell(QAbstractButton):
    """One readout: its name small, below it value and unit. A press copies the value.

    It becomes wider when it must and never narrower, so nothing moves while numbers run.
    """

    grown = pyqtSignal()

    def __init__(self, readout: Readout, dimensionless: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.readout = readout
        self._dimensionless = dimensionless
        self._value, self._unit = "", ""
        self._width = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._told = QTimer(self)
        self._told.setSingleShot(True)
        self._told.setInterval(_TOLD_MS)
        self._told.timeout.connect(self.update)
        self._choose_fonts()
        self.clicked.connect(self.copy)
        self._show()

    def _choose_fonts(self) -> None:
        self._small = QFont(self.font())
        self._small.setPointSizeF(max(self.font().pointSizeF() * 0.87, 6.0))
        self._large = QFont(self.font())
        self._large.setPointSizeF(self.font().pointSizeF() * 1.08)
        self._large.setWeight(QFont.Weight.DemiBold)
        self._large.setFeature(QFont.Tag("tnum"), 1)
        self._small_metrics = QFontMetricsF(self._small)
        self._large_metrics = QFontMetricsF(self._large)

    def set_readout(self, readout: Readout, dimensionless: bool) -> None:
        """Show other numbers."""
        if readout != self.readout or dimensionless != self._dimensionless:
            before, self.readout = self.readout, readout
            self._dimensionless = dimensionless
            if readout.label != before.label:  # it speaks another language
                self._width = 0
            if (readout.label, readout.help) != (before.label, before.help):
                self.setToolTip("")
            self._show()

    def forget_width(self) -> None:
        """Become as narrow as what is shown now."""
        self._choose_fonts()
        self._width = 0
        self.setToolTip("")
        self._show()

    def _show(self) -> None:
        text, unit = shown_words(self.readout, self._dimensionless)
        if (text, unit) != (self._value, self._unit) or not self._width:
            self._value, self._unit = text, unit
            state = {True: "passed", False: "failed", None: ""}[self.readout.good]
            value = f"{text} {unit}".rstrip()
            self.setAccessibleName(
                worded(
                    "{label}: {value}, {state}", label=self.readout.label, value=value, state=state
                )
                if state
                else worded("{label}: {words}", label=self.readout.label, words=value)
            )
            self.update()
            needed = self._needed_width()
            if needed > self._width:
                self._width = needed
                self.grown.emit()
        if not self.toolTip():
            self._describe()

    def _describe(self) -> None:
        readout = self.readout
        name = readout.label
        if readout.symbol:
            name += f", {plain_symbol(readout.symbol)}"
        lines = [name, readout.help]
        if readout.ratio_unit:
            lines.append(later("Also in units of {ratio_unit}", ratio_unit=readout.ratio_unit))
        if readout.error is not None:
            lines.append(later("Behind ± stands its standard error"))
        if readout.good is not None:
            lines.append(later("A check that the program makes of itself"))
        lines.append(later("Click to copy with all digits"))
        self.setToolTip(say_all(lines, "\n"))
        self.setAccessibleDescription(say_all(lines[1:], ". "))

    def _mark_width(self) -> float:
        return self._large_metrics.height() if self.readout.good is not None else 0.0

    def _gap(self) -> float:
        return 0.0 if self._unit == "°" else 4.0

    def _needed_width(self) -> int:
        most = _NAME_LIMIT * self._small_metrics.averageCharWidth()
        name = min(self._small_metrics.horizontalAdvance(self.readout.label), most)
        value = self._large_metrics.horizontalAdvance(self._value) + self._mark_width()
        if self._unit:
            value += self._gap() + self._small_metrics.horizontalAdvance(self._unit)
        return 8 * (int(max(name, value) + 16) // 8 + 1)

    def sizeHint(self) -> QSize:
        """Return the room it has taken so far."""
        height = self._small_metrics.height() + self._large_metrics.height() + 7
        return QSize(self._width, max(TARGET, round(height)))

    def copy(self) -> None:
        """Copy the value with all its digits, and say so."""
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(exact(shown_quantity(self.readout, self._dimensionless)[0]))
        self._told.start()
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        """Offer to copy this value or all."""
        assert event is not None
        bar = self.parentWidget()
        assert isinstance(bar, ReadoutBar)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, do in ((say("Copy {label}", label=self.readout.label.lower()), self.copy),
                          (say("Copy all as a table"), bar.copy_all)):  # fmt: skip
            action = menu.addAction(words)
            assert action is not None
            action.triggered.connect(do)
        menu.popup(event.globalPos())

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        """Draw name, mark, value and unit."""
        ink = inks()
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setOpacity(1.0 if self.isEnabled() else 0.4)
            body = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            if self.hasFocus() or self.underMouse():
                painter.setPen(QPen(ink.accent if self.hasFocus() else ink.edge, 1))
                painter.drawRoundedRect(body, 5, 5)
            left, width = 8.0, self.width() - 14.0
            name_height, value_height = self._small_metrics.height(), self._large_metrics.height()
            painter.setFont(self._small)
            painter.setPen(ink.muted)
            name = self.readout.label
            if self._told.isActive():
                name = say("Copied")
                painter.setPen(ink.accent)
            name = self._small_metrics.elidedText(name, Qt.TextElideMode.ElideRight, width)
            # On the base line: in a rectangle, signs of a taller font would push theirs down.
            painter.drawText(QPointF(left, 3 + self._small_metrics.ascent()), name)
            top = 3 + name_height
            if self.readout.good is not None:
                self._draw_mark(painter, left, top, value_height)
                left += self._mark_width()
            painter.setFont(self._large)
            painter.setPen(ink.warn if self.readout.good is False else ink.text)
            base = top + self._large_metrics.ascent()
            painter.drawText(QPointF(left, base), self._value)
            if self._unit:
                left += self._large_metrics.horizontalAdvance(self._value) + self._gap()
                painter.setFont(self._small)
                painter.setPen(ink.muted)
                painter.drawText(QPointF(left, base), self._unit)

    def _draw_mark(self, painter: QPainter, left: float, top: float, height: float) -> None:
        glyph = "tick" if self.readout.good else "cross"
        colour = inks().good if self.readout.good else inks().warn
        draw_glyph(painter, glyph, QRectF(left - 2, top, height, height), colour)


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
