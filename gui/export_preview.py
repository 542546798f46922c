"""The preview in the export dialog: a sheet on a table."""

from __future__ import annotations

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFontDatabase, QImage, QPainter, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from zoetrope.gui.icons import theme_of
from zoetrope.gui.language import say
from zoetrope.gui.painting import painting

_LINES, _LONGEST = 80, 200  # of a text file's beginning


class Preview(QWidget):
    """Shows the newest preview on a grey table; the old one stays, dimmed, until there is one."""

    resized = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preview")
        self.setMinimumSize(300, 240)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(say("Preview"))
        self.image: QImage | None = None
        self.text = ""
        self.page = False  # whether the text is the beginning of a file
        self.waiting = True
        self.chequered = False  # to show where there is no background

    def room(self) -> QSize:
        """Return the pixels of the screen that a preview may cover."""
        return (self.size() - QSize(28, 28)) * self.devicePixelRatioF()

    def show_image(self, image: QImage) -> None:
        """Show a picture."""
        self.image, self.text, self.waiting = image, "", False
        self.page = False
        self.update()

    def show_text(self, text: str, keep: bool = False) -> None:
        """Show words, instead of the picture or (with `keep`) below it."""
        self.text, self.waiting = text, False
        self.page = False
        if not keep:
            self.image = None
        self.update()

    def show_page(self, text: str) -> None:
        """Show how a text file begins, on a sheet."""
        self.show_text("\n".join(line[:_LONGEST] for line in text.split("\n", _LINES)[:_LINES]))
        self.page = True

    def wait(self) -> None:
        """Dim what is shown: there will be something newer."""
        self.waiting = True
        self.update()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Have a preview of the new size made."""
        super().resizeEvent(event)
        self.resized.emit()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw the table, the sheet on it, and the words."""
        theme = theme_of(self)
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.fillRect(self.rect(), QColor(theme.grid))
            if self.image is not None and not self.image.isNull():
                ratio = self.devicePixelRatioF()
                size = (
                    self.image.size().scaled(self.room(), Qt.AspectRatioMode.KeepAspectRatio)
                    / ratio
                )
                area = self.rect()
                area.setSize(size)
                area.moveCenter(self.rect().center())
                if self.chequered:
                    _chequer(painter, area.x(), area.y(), area.width(), area.height())
                painter.setOpacity(0.15 if self.text else 0.6 if self.waiting else 1.0)
                painter.drawImage(area, self.image)
                painter.setOpacity(1.0)
            if self.text and self.page:
                sheet = self.rect().adjusted(14, 14, -14, -14)
                painter.fillRect(sheet, QColor(theme.panel))
                painter.setPen(QColor(theme.foreground))
                painter.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
                painter.setClipRect(sheet)
                painter.drawText(
                    sheet.adjusted(12, 10, 0, 0),
                    Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop,
                    self.text,
                )
            elif self.text:
                painter.setPen(QColor(theme.muted))
                painter.drawText(
                    self.rect().adjusted(20, 12, -20, -12),
                    Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
                    self.text,
                )


def _chequer(painter: QPainter, x: int, y: int, width: int, height: int, step: int = 8) -> None:
    painter.save()
    painter.setClipRect(x, y, width, height)
    painter.fillRect(x, y, width, height, QColor("#ffffff"))
    for row in range(0, height, step):
        for column in range((row // step % 2) * step, width, 2 * step):
            painter.fillRect(x + column, y + row, step, step, QColor("#dddddd"))
    painter.restore()
