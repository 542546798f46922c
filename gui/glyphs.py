"""Small drawn symbols and the flat button that shows one, in the colours of the palette."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import (
    QColor,
    QGuiApplication,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QPolygonF,
)
from PyQt6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from zoetrope.core.theme import DARK, LIGHT, THEMES, Theme

TARGET = 24  # the least width and height of anything to be pressed, in pixels
_SYMBOL = 18  # the width of a symbol beside usual text


@dataclass(frozen=True, slots=True)
class Inks:
    """The colours that our own widgets are painted with."""

    window: QColor
    panel: QColor
    text: QColor
    muted: QColor
    hairline: QColor
    edge: QColor
    accent: QColor
    warn: QColor
    amber: QColor
    good: QColor


@cache
def _inks(theme_name: str) -> Inks:
    theme = THEMES[theme_name]
    hairline, muted = QColor(theme.grid), QColor(theme.muted)
    return Inks(
        window=QColor(theme.background),
        panel=QColor(theme.panel),
        text=QColor(theme.foreground),
        muted=muted,
        hairline=hairline,
        edge=mixed(hairline, muted, 0.22),
        accent=QColor(theme.roles["accent"]),
        warn=QColor(theme.roles["warn"]),
        amber=QColor(theme.roles["data5"]),
        good=QColor(theme.roles["data3"]),
    )


def theme_of(palette: QPalette) -> Theme:
    """Return the theme whose canvas goes with a palette."""
    return DARK if palette.color(QPalette.ColorRole.Window).lightnessF() < 0.5 else LIGHT


def inks() -> Inks:
    """Return the colours of the program's theme, told by the application's palette.

    A widget's own palette does not do: style sheets put transparent colours into it.
    """
    return _inks(theme_of(QGuiApplication.palette()).name)


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """Return `one` with a share of `other` mixed in."""
    a, b = one.getRgbF(), other.getRgbF()
    red, green, blue = (
        (1 - share) * (x or 0.0) + share * (y or 0.0) for x, y in zip(a[:3], b[:3], strict=True)
    )
    return QColor.fromRgbF(red, green, blue)


def _polygon(*points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
    path.closeSubpath()
    return path


def _play() -> tuple[QPainterPath, bool]:
    return _polygon((4.5, 2.5), (13.5, 8), (4.5, 13.5)), True


def _pause() -> tuple[QPainterPath, bool]:
    path = QPainterPath()
    path.addRect(4, 3, 3, 10)
    path.addRect(9, 3, 3, 10)
    return path, True


def _forward() -> tuple[QPainterPath, bool]:
    path = _polygon((4, 3.5), (10.5, 8), (4, 12.5))
    path.addRect(11, 3.5, 1.8, 9)
    return path, True


def _back() -> tuple[QPainterPath, bool]:
    path = _polygon((12, 3.5), (5.5, 8), (12, 12.5))
    path.addRect(3.2, 3.5, 1.8, 9)
    return path, True


def _loop() -> tuple[QPainterPath, bool]:
    path = QPainterPath()
    path.moveTo(2.5, 9)
    path.lineTo(2.5, 7.5)
    path.quadTo(2.5, 5, 5, 5)
    path.lineTo(13, 5)
    path.moveTo(10.8, 2.6)
    path.lineTo(13.2, 5)
    path.lineTo(10.8, 7.4)
    path.moveTo(13.5, 8)
    path.lineTo(13.5, 8.5)
    path.quadTo(13.5, 11, 11, 11)
    path.lineTo(3, 11)
    path.moveTo(5.2, 8.6)
    path.lineTo(2.8, 11)
    path.lineTo(5.2, 13.4)
    return path, False


def _lock(shackle_lifted: float) -> tuple[QPainterPath, bool]:
    path = QPainterPath()
    path.addRoundedRect(QRectF(3.5, 7.5, 9, 6), 1.2, 1.2)
    left = 5.5
    path.moveTo(left, 7.5)
    path.lineTo(left, 5.2 - shackle_lifted)
    path.arcTo(QRectF(left, 2.7 - shackle_lifted, 5, 5), 180, -180)
    path.lineTo(10.5, 7.5 - 2.5 * shackle_lifted)
    return path, False


def _dice() -> tuple[QPainterPath, bool]:
    path = QPainterPath()
    path.addRoundedRect(QRectF(2.5, 2.5, 11, 11), 2.2, 2.2)
    for x, y in ((5.5, 5.5), (8, 8), (10.5, 10.5), (10.5, 5.5), (5.5, 10.5)):
        path.addEllipse(QPointF(x, y), 0.55, 0.55)
    return path, False


def _copy() -> tuple[QPainterPath, bool]:
    path = QPainterPath()
    path.addRoundedRect(QRectF(5.5, 5.5, 8, 8), 1.4, 1.4)
    path.moveTo(3.6, 10.5)
    path.lineTo(2.5, 10.5)
    path.lineTo(2.5, 2.5)
    path.lineTo(10.5, 2.5)
    path.lineTo(10.5, 3.6)
    return path, False


def _reset() -> tuple[QPainterPath, bool]:
    path = QPainterPath()
    path.arcMoveTo(QRectF(3, 3, 10, 10), 140)
    path.arcTo(QRectF(3, 3, 10, 10), 140, -290)
    path.moveTo(6.8, 5.2)
    path.lineTo(3.6, 5.0)
    path.lineTo(3.4, 1.8)
    return path, False


def _tick() -> tuple[QPainterPath, bool]:
    path = QPainterPath()
    path.moveTo(3, 8.5)
    path.lineTo(6.5, 12)
    path.lineTo(13, 4.5)
    return path, False


def _cross() -> tuple[QPainterPath, bool]:
    path = QPainterPath()
    path.moveTo(4, 4)
    path.lineTo(12, 12)
    path.moveTo(12, 4)
    path.lineTo(4, 12)
    return path, False


def _more() -> tuple[QPainterPath, bool]:
    path = QPainterPath()
    path.moveTo(5, 6.2)
    path.lineTo(8, 9.6)
    path.lineTo(11, 6.2)
    return path, False


def _less() -> tuple[QPainterPath, bool]:
    path = QPainterPath()
    path.moveTo(5, 9.6)
    path.lineTo(8, 6.2)
    path.lineTo(11, 9.6)
    return path, False


def _open() -> tuple[QPainterPath, bool]:
    path = QPainterPath()
    path.moveTo(2.5, 12.5)
    path.lineTo(2.5, 3.5)
    path.lineTo(6.5, 3.5)
    path.lineTo(8, 5.5)
    path.lineTo(12.5, 5.5)
    path.lineTo(12.5, 7.5)
    path.moveTo(2.5, 12.5)
    path.lineTo(4.8, 7.5)
    path.lineTo(14, 7.5)
    path.lineTo(11.7, 12.5)
    path.closeSubpath()
    return path, False


# Each glyph is a path on a field of 16 x 16 and whether it is filled.
_GLYPHS: dict[str, Callable[[], tuple[QPainterPath, bool]]] = {
    "play": _play,
    "pause": _pause,
    "forward": _forward,
    "back": _back,
    "loop": _loop,
    "held": lambda: _lock(0.0),
    "free": lambda: _lock(1.0),
    "dice": _dice,
    "copy": _copy,
    "reset": _reset,
    "tick": _tick,
    "cross": _cross,
    "more": _more,
    "less": _less,
    "open": _open,
}


def draw_glyph(painter: QPainter, name: str, field: QRectF, colour: QColor) -> None:
    """Draw a glyph in the middle of `field`, as large as fits."""
    path, filled = _GLYPHS[name]()
    size = min(field.width(), field.height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(field.center())
    painter.scale(size / 16, size / 16)
    painter.translate(-8, -8)
    if filled:
        painter.fillPath(path, colour)
    else:
        pen = QPen(colour, 2.0 if name in ("tick", "cross") else 1.3)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, pen)
    painter.restore()


def at_least_a_target(widget: QWidget) -> None:
    """Make a widget high enough to be pressed, and no lower than its text."""
    widget.ensurePolished()
    widget.setMinimumHeight(max(TARGET, widget.sizeHint().height()))


class GlyphButton(QAbstractButton):
    """A flat button with a drawn symbol (and its text, if it has one), named for all."""

    def __init__(self, glyph: str, name: str, tip: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glyph = glyph
        self.quiet = False  # drawn fainter: there, but not asking for attention
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.setToolTip(tip or name)

    @property
    def glyph(self) -> str:
        """The symbol that is shown."""
        return self._glyph

    def set_glyph(self, glyph: str, name: str, tip: str = "") -> None:
        """Show another symbol under another name."""
        if (glyph, name) != (self._glyph, self.accessibleName()):
            self._glyph = glyph
            self.setAccessibleName(name)
            self.setToolTip(tip or name)
            self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the target: the symbol, its text and room around them."""
        metrics = self.fontMetrics()
        side = max(TARGET, metrics.height() + 8)
        if not self.text():
            return QSize(side, side)
        symbol = max(_SYMBOL, metrics.height())
        return QSize(symbol + 6 + metrics.horizontalAdvance(self.text()), side)

    def minimumSizeHint(self) -> QSize:
        """Return the size hint: the target does not shrink."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        """Draw hover and focus softly, then the symbol and the text."""
        ink = inks()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        under = self.underMouse() and self.isEnabled()
        self._draw_ground(painter, ink, under)
        colour = ink.text if under else (ink.muted if self.quiet or self.text() else ink.text)
        if self.isCheckable():
            colour = ink.accent if self.isChecked() else ink.muted
        if not self.isEnabled() or (self.quiet and not under):
            colour = mixed(ink.muted, ink.window, 0.35)
        height = float(self.height())
        size = min(height - 8, float(max(_SYMBOL, self.fontMetrics().height())))
        left = 0.0 if self.text() else (self.width() - size) / 2
        draw_glyph(painter, self._glyph, QRectF(left, (height - size) / 2, size, size), colour)
        if self.text():
            painter.setPen(colour)
            words = QRectF(size + 3, 0, self.width() - size - 3, height)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())

    def _draw_ground(self, painter: QPainter, ink: Inks, under: bool) -> None:
        body = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.text():
            body.adjust(-2, 0, 2, 0)
            body = body.intersected(QRectF(self.rect()))
        elif under or self.isDown():
            wash = QColor(ink.text)
            wash.setAlphaF(0.14 if self.isDown() else 0.07)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(wash)
            painter.drawRoundedRect(body, 5, 5)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(ink.accent, 1.5))
            painter.drawRoundedRect(body, 5, 5)
