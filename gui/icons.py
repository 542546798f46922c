"""Our own few glyphs: SVG files drawn in the colour of the text beside them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from PyQt6.QtCore import QByteArray, QRectF, QSize, Qt
from PyQt6.QtGui import QIcon, QPalette, QPixmap
from PyQt6.QtSvg import QSvgRenderer
from PyQt6.QtWidgets import QWidget

from zoetrope.core.theme import Theme
from zoetrope.gui.inks import theme_of as theme_of_palette
from zoetrope.gui.painting import painting

SIZES = (16, 32, 48)


def theme_of(widget: QWidget) -> Theme:
    """Return the theme that a widget's palette belongs to."""
    return theme_of_palette(widget.palette())


def icon(name: str, widget: QWidget) -> QIcon:
    """Return the glyph assets/icons/NAME.svg in the colour of the widget's text."""
    palette = widget.palette()
    group = QPalette.ColorGroup
    normal = palette.color(group.Active, QPalette.ColorRole.WindowText).name()
    disabled = palette.color(group.Disabled, QPalette.ColorRole.WindowText).name()
    return _icon(name, normal, disabled)


def app_icon() -> QIcon:
    """Return the program's own icon."""
    return _icon("zoetrope", "", "")


@cache
def _icon(name: str, normal: str, disabled: str) -> QIcon:
    result = QIcon()
    sizes = (*SIZES, 64, 128, 256) if not normal else SIZES
    for colour, mode in ((normal, QIcon.Mode.Normal), (disabled, QIcon.Mode.Disabled)):
        renderer = QSvgRenderer(QByteArray(_svg(name).replace("currentColor", colour).encode()))
        for size in sizes:
            pixmap = QPixmap(QSize(size, size))
            pixmap.fill(Qt.GlobalColor.transparent)
            with painting(pixmap) as painter:
                renderer.render(painter, QRectF(0, 0, size, size))
            result.addPixmap(pixmap, mode)
    return result


@cache
def _svg(name: str) -> str:
    return (files("zoetrope.assets") / "icons" / f"{name}.svg").read_text(encoding="utf-8")
