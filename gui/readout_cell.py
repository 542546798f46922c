"""One readout: a number with its name, drawn so that it stands still while it changes."""

from __future__ import annotations

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import (
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QPen,
)
from PyQt6.QtWidgets import QAbstractButton, QMenu, QWidget

from zoetrope.core.lab import Readout
from zoetrope.core.symbols import plain_symbol
from zoetrope.gui.glyph_button import TARGET
from zoetrope.gui.glyphs import draw_glyph
from zoetrope.gui.inks import inks
from zoetrope.gui.language import later, say, say_all, worded
from zoetrope.gui.painting import painting
from zoetrope.gui.quantities import exact, rounded, with_error, with_unit

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


class ReadoutCell(QAbstractButton):
    """One readout: its name small, below it value and unit. A press copies the value.

    It becomes wider when it must and never narrower, so nothing moves while numbers run; `grown`
    says that it did. `table_wanted` asks for all readouts as a table.
    """

    grown = pyqtSignal()
    table_wanted = pyqtSignal()

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
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, do in ((say("Copy {label}", label=self.readout.label.lower()), self.copy),
                          (say("Copy all as a table"), self.table_wanted.emit)):  # fmt: skip
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
