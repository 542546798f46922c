"""The colours that our own widgets are painted with, as the palette has them now."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from PyQt6.QtGui import QColor, QGuiApplication, QPalette

from zoetrope.core.theme import DARK, LIGHT, THEMES, Theme


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
