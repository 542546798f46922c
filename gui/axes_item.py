"""The frame of a panel: title, grid, axes with ticks and words, and the colour bar."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen
from PyQt6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from zoetrope.core.figure import Panel, barred
from zoetrope.core.items import ColourMap
from zoetrope.core.label_layout import wrap
from zoetrope.core.number_format import NumberFormat
from zoetrope.gui.colour_maps import colour_table
from zoetrope.gui.geometry import Limits, Look
from zoetrope.gui.panel_grid import Margins
from zoetrope.gui.quantities import number_format
from zoetrope.gui.theme import figure_font
from zoetrope.gui.ticks import Ticks, linear_ticks, log_ticks, word_ticks

TICK_SIZE, TITLE_SIZE, HEADING_SIZE = 8.0, 9.0, 10.0  # of text, in points
_TICK = 4.0  # pixels, as all below
_GAP = 5.0
_HEADING_GAP = 10.0
_LINE = 0.8  # of a line's height: numbers on the y axis that are nearer are not all written
_BAR, _BAR_GAP = 12.0, 16.0
_BREATH = 10.0  # at the sides where nothing stands, for half a tick's number


@dataclass(frozen=True, slots=True)
class ColourBar:
    """What the bar beside a panel explains."""

    label: str
    levels: tuple[float, float]
    colours: ColourMap


def colour_bar(panel: Panel) -> ColourBar | None:
    """Return the bar of the item that wants one."""
    item = barred(panel)
    if item is None or item.levels is None:
        return None
    return ColourBar(item.label, item.levels, item.colours)


@lru_cache(maxsize=64)
def _font(points: float, bold: bool = False) -> QFont:
    return figure_font(points, bold=bold)


@lru_cache(maxsize=64)
def _metrics(points: float, bold: bool = False) -> QFontMetricsF:
    return QFontMetricsF(_font(points, bold))


@lru_cache(maxsize=1024)
def _width(text: str, points: float, bold: bool = False) -> float:
    return _metrics(points, bold).horizontalAdvance(text)


@lru_cache(maxsize=256)
def _axis_ticks(low: float, high: float, log: bool, wanted: int, numbers: NumberFormat) -> Ticks:
    low, high = min(low, high), max(low, high)
    return (log_ticks if log else linear_ticks)(low, high, wanted, numbers)


def _widest(ticks: Ticks, points: float) -> float:
    return max((_width(text, points) for text in ticks.texts), default=0.0)


def _wanted(pixels: float, each: float) -> int:
    return int(min(max(pixels / each, 3), 5))


class AxesItem(QGraphicsItem):
    """Paints everything of a panel but its data. `measure`, then `arrange`, then it is painted."""

    def __init__(self) -> None:
        super().__init__()
        self._panel: Panel | None = None
        self._look: Look | None = None
        self._cell = QRectF()
        self._plot = QRectF()
        self._limits: Limits = (0.0, 1.0, 0.0, 1.0)
        self._heading: list[str] = []
        self._bar: ColourBar | None = None
        self._bar_image = QImage()

    def measure(self, panel: Panel, limits: Limits, cell: QRectF, look: Look) -> Margins:
        """Return the margins that the words of a panel need in a cell of that size."""
        scale = look.text_scale
        ticks, titles = _metrics(TICK_SIZE * scale), _metrics(TITLE_SIZE * scale)
        left = right = bottom = 0.0
        top = 4.0
        if panel.y.visible:
            marks = self._y_ticks(panel, limits, cell.height() * 0.8, look)
            widest = _widest(marks, TICK_SIZE * scale)
            left = _TICK + _GAP + widest
            if panel.y.title:
                left += _GAP + titles.height()
            top = ticks.height() * (1.3 if marks.factor else 0.5)
        if panel.x.visible:
            bottom = _TICK + _GAP + ticks.height()
            right = _BREATH
            if panel.x.title:
                bottom += _GAP + titles.height()
        bar = colour_bar(panel)
        if bar is not None:
            marks = self._bar_ticks(bar, cell.height() * 0.8, look)
            widest = _widest(marks, TICK_SIZE * scale)
            right = _BAR_GAP + _BAR + _TICK + _GAP + widest
            if bar.label:
                right += _GAP + titles.height()
        self._heading = self._broken(panel.heading, cell.width(), look)
        if self._heading:
            top += self._heading_height(look) + _HEADING_GAP
        return Margins(_rounded(left), _rounded(top), _rounded(right), _rounded(bottom))

    def arrange(self, panel: Panel, limits: Limits, cell: QRectF, plot: QRectF, look: Look) -> None:
        """Say where the panel and its axes stand and what is visible."""
        self.prepareGeometryChange()
        self._panel, self._limits, self._look = panel, limits, look
        self._cell, self._plot = cell, plot
        bar = colour_bar(panel)
        if bar is not None and (self._bar is None or bar.colours != self._bar.colours):
            table = colour_table(bar.colours)[::-1].copy()
            image = QImage(table.tobytes(), 1, 256, 4, QImage.Format.Format_RGBA8888)
            self._bar_image = image.copy()
        self._bar = bar
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the cell, with room for words that stand out."""
        return self._cell.adjusted(-20, -20, 20, 20)

    def paint(
        self,
        painter: QPainter | None,
        option: QStyleOptionGraphicsItem | None,
        widget: QWidget | None = None,
    ) -> None:
        """Draw the frame."""
        panel, look = self._panel, self._look
        if painter is None or panel is None or look is None or self._plot.isEmpty():
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        x_ticks = self._x_ticks(panel, self._limits, self._plot.width(), look)
        y_ticks = self._y_ticks(panel, self._limits, self._plot.height(), look)
        self._paint_lines(painter, panel, look, x_ticks, y_ticks)
        self._paint_x_words(painter, panel, look, x_ticks)
        self._paint_y_words(painter, panel, look, y_ticks)
        self._paint_heading(painter, panel, look)
        if self._bar is not None:
            self._paint_bar(painter, self._bar, look)

    def _x_ticks(self, panel: Panel, limits: Limits, width: float, look: Look) -> Ticks:
        if panel.x.words:
            return word_ticks(panel.x, limits[0], limits[1], width / (56 * look.text_scale))
        wanted = _wanted(width, 56 * look.text_scale)
        return _axis_ticks(limits[0], limits[1], panel.x.log, wanted, number_format())

    def _y_ticks(self, panel: Panel, limits: Limits, height: float, look: Look) -> Ticks:
        if panel.y.words:
            return word_ticks(panel.y, limits[2], limits[3], height / (16 * look.text_scale))
        wanted = _wanted(height, 45 * look.text_scale)
        return _axis_ticks(limits[2], limits[3], panel.y.log, wanted, number_format())

    def _bar_ticks(self, bar: ColourBar, height: float, look: Look) -> Ticks:
        wanted = _wanted(height, 45 * look.text_scale)
        return _axis_ticks(*bar.levels, False, wanted, number_format())

    def _x(self, value: float) -> float:
        x0, x1 = self._limits[:2]
        return self._plot.left() + (value - x0) / (x1 - x0) * self._plot.width()

    def _y(self, value: float) -> float:
        y0, y1 = self._limits[2:]
        return self._plot.bottom() - (value - y0) / (y1 - y0) * self._plot.height()

    def _paint_lines(
        self, painter: QPainter, panel: Panel, look: Look, x_ticks: Ticks, y_ticks: Ticks
    ) -> None:
        plot = self._plot
        xs = [round(self._x(value)) + 0.5 for value in x_ticks.positions]
        ys = [round(self._y(value)) + 0.5 for value in y_ticks.positions]
        if panel.grid:
            painter.setPen(QPen(QColor(look.theme.grid), 1.0))
            lines = [QLineF(x, plot.top(), x, plot.bottom()) for x in xs if panel.x.visible]
            lines += [QLineF(plot.left(), y, plot.right(), y) for y in ys if panel.y.visible]
            _draw_lines(painter, lines)
        painter.setPen(QPen(QColor(look.theme.muted), 1.0))
        bottom, left = round(plot.bottom()) + 0.5, round(plot.left()) - 0.5
        lines = []
        if panel.x.visible:
            lines.append(QLineF(left, bottom, plot.right(), bottom))
            lines += [QLineF(x, bottom, x, bottom + _TICK) for x in xs]
            minor = [round(self._x(value)) + 0.5 for value in x_ticks.minor]
            lines += [QLineF(x, bottom, x, bottom + _TICK / 2) for x in minor]
        if panel.y.visible:
            lines.append(QLineF(left, plot.top(), left, bottom))
            lines += [QLineF(left - _TICK, y, left, y) for y in ys]
            minor = [round(self._y(value)) + 0.5 for value in y_ticks.minor]
            lines += [QLineF(left - _TICK / 2, y, left, y) for y in minor]
        _draw_lines(painter, lines)

    def _paint_x_words(self, painter: QPainter, panel: Panel, look: Look, ticks: Ticks) -> None:
        if not panel.x.visible:
            return
        size = TICK_SIZE * look.text_scale
        metrics = _metrics(size)
        painter.setFont(_font(size))
        painter.setPen(QColor(look.theme.muted))
        base = self._plot.bottom() + _TICK + _GAP + metrics.ascent()
        end = -1e9
        for value, text in zip(ticks.positions, ticks.texts, strict=True):
            width = _width(text, size)
            left = self._x(value) - width / 2
            if left > end + 4:
                painter.drawText(QPointF(left, base), text)
                end = left + width
        title = panel.x.title
        if ticks.factor:
            title = f"{title}  {ticks.factor}" if title else ticks.factor
        self._paint_title(painter, look, title, rotated=False)

    def _paint_y_words(self, painter: QPainter, panel: Panel, look: Look, ticks: Ticks) -> None:
        if not panel.y.visible:
            return
        size = TICK_SIZE * look.text_scale
        metrics = _metrics(size)
        painter.setFont(_font(size))
        painter.setPen(QColor(look.theme.muted))
        right = self._plot.left() - _TICK - _GAP
        down = metrics.ascent() - metrics.height() / 2
        written: list[float] = []
        for value, text in zip(ticks.positions, ticks.texts, strict=True):
            y = self._y(value)
            if all(abs(y - other) >= _LINE * metrics.height() for other in written):
                painter.drawText(QPointF(right - _width(text, size), y + down), text)
                written.append(y)
        if ticks.factor:
            at = QPointF(self._plot.left(), self._plot.top() - metrics.descent() - 3)
            painter.drawText(at, ticks.factor)
        self._paint_title(painter, look, panel.y.title, rotated=True)

    def _paint_title(self, painter: QPainter, look: Look, title: str, *, rotated: bool) -> None:
        if not title:
            return
        size = TITLE_SIZE * look.text_scale
        metrics = _metrics(size)
        painter.setFont(_font(size))
        painter.setPen(QColor(look.theme.foreground))
        plot, cell = self._plot, self._cell
        if rotated:
            top = cell.top() + self._heading_height(look)
            text = metrics.elidedText(title, Qt.TextElideMode.ElideRight, cell.bottom() - top)
            width = metrics.horizontalAdvance(text)
            middle = min(max(plot.center().y(), top + width / 2), cell.bottom() - width / 2)
            x = plot.left() - self._words_left(look) + metrics.ascent()
            _draw_rotated(painter, QPointF(x, middle + width / 2), text)
            return
        text = metrics.elidedText(title, Qt.TextElideMode.ElideRight, cell.width())
        width = metrics.horizontalAdvance(text)
        left = min(max(plot.center().x() - width / 2, cell.left()), cell.right() - width)
        below = _TICK + _GAP + _metrics(TICK_SIZE * look.text_scale).height() + _GAP
        painter.drawText(QPointF(left, plot.bottom() + below + metrics.ascent()), text)

    def _words_left(self, look: Look) -> float:
        """Return how far the words of the y axis reach to the left of it."""
        panel = self._panel
        assert panel is not None
        ticks = self._y_ticks(panel, self._limits, self._plot.height(), look)
        widest = _widest(ticks, TICK_SIZE * look.text_scale)
        reach = _TICK + 2 * _GAP + widest + _metrics(TITLE_SIZE * look.text_scale).height()
        return _rounded(reach)

    def _paint_heading(self, painter: QPainter, panel: Panel, look: Look) -> None:
        size = HEADING_SIZE * look.text_scale
        metrics = _metrics(size, True)
        painter.setFont(_font(size, True))
        painter.setPen(QColor(look.theme.foreground))
        for row, line in enumerate(self._heading):
            text = metrics.elidedText(line, Qt.TextElideMode.ElideRight, self._cell.width())
            y = self._cell.top() + metrics.ascent() + row * metrics.height()
            painter.drawText(QPointF(self._cell.left(), y), text)

    def _heading_height(self, look: Look) -> float:
        return len(self._heading) * _metrics(HEADING_SIZE * look.text_scale, True).height()

    def _broken(self, title: str, width: float, look: Look) -> list[str]:
        if not title:
            return []
        metrics = _metrics(HEADING_SIZE * look.text_scale, True)
        words = title.split()
        widths = [metrics.horizontalAdvance(word) for word in words]
        lines = wrap(words, widths, metrics.horizontalAdvance(" "), width).split("\n")
        return lines if len(lines) <= 2 else [lines[0], " ".join(lines[1:])]

    def _paint_bar(self, painter: QPainter, bar: ColourBar, look: Look) -> None:
        plot = self._plot
        place = QRectF(plot.right() + _BAR_GAP, plot.top(), _BAR, plot.height())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        painter.drawImage(place, self._bar_image)
        size = TICK_SIZE * look.text_scale
        metrics = _metrics(size)
        ticks = self._bar_ticks(bar, plot.height(), look)
        low, high = bar.levels
        painter.setFont(_font(size))
        painter.setPen(QPen(QColor(look.theme.muted), 1.0))
        right = place.right() + _TICK + _GAP
        widest = 0.0
        for value, text in zip(ticks.positions, ticks.texts, strict=True):
            y = place.bottom() - (value - low) / (high - low) * place.height()
            line = round(y) + 0.5
            painter.drawLine(QLineF(place.right(), line, place.right() + _TICK, line))
            painter.drawText(QPointF(right, y + metrics.ascent() - metrics.height() / 2), text)
            widest = max(widest, _width(text, size))
        label = f"{bar.label}  {ticks.factor}" if ticks.factor else bar.label
        if label:
            titles = _metrics(TITLE_SIZE * look.text_scale)
            painter.setFont(_font(TITLE_SIZE * look.text_scale))
            painter.setPen(QColor(look.theme.foreground))
            text = titles.elidedText(label, Qt.TextElideMode.ElideRight, self._cell.height())
            width = titles.horizontalAdvance(text)
            x = right + widest + _GAP + titles.ascent()
            _draw_rotated(painter, QPointF(x, plot.center().y() + width / 2), text)


def _draw_lines(painter: QPainter, lines: list[QLineF]) -> None:
    if lines:
        painter.drawLines(lines[0], *lines[1:])


def _draw_rotated(painter: QPainter, at: QPointF, text: str) -> None:
    painter.save()
    painter.translate(at)
    painter.rotate(-90)
    painter.drawText(QPointF(0, 0), text)
    painter.restore()


def _rounded(pixels: float) -> float:
    """Return pixels rounded up to a coarse grid: margins should not tremble with the numbers."""
    return -(-pixels // 6) * 6.0
