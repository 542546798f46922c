"""A page of Markdown with formulas, drawn on a worker thread; it appears when they are ready."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QEvent, QRegularExpression, Qt, QTimer, QUrl
from PyQt6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextImageFormat,
    QTextLength,
    QTextTable,
)
from PyQt6.QtWidgets import QTextBrowser, QWidget

from zoetrope.core.help_pages import Formula, take_formulas
from zoetrope.core.lab import Lab
from zoetrope.core.symbols import plain_symbol
from zoetrope.gui.background import Background
from zoetrope.gui.formulas import Drawing, draw, picture
from zoetrope.gui.icons import theme_of
from zoetrope.gui.language import say

MARK = QRegularExpression("\ue000(\\d+)\ue001")
DISPLAY_SCALE = 1.12
IMAGE = "formula:"  # what the name of a formula's image begins with
COLUMNS = (29, 26, 45)  # per cent of a parameter table
FIXED: int = QTextBlockFormat.LineHeightTypes.FixedHeight.value  # type: ignore[assignment]
SINGLE: int = QTextBlockFormat.LineHeightTypes.SingleHeight.value  # type: ignore[assignment]


class HelpPage(QTextBrowser):
    """A Markdown page with formulas that follows the theme, the width and the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("help_page")
        self.setAccessibleName(say("Help"))
        self.setOpenExternalLinks(True)
        self.setMinimumWidth(300)
        self.background = Background("formulas", self)
        self.ready = ""  # the key of the page that is shown complete
        self._key = ""
        self._text = ""
        self._lab: Lab[Any] | None = None
        self._formulas: list[Formula] = []
        self._drawings: list[Drawing | None] = []
        self._document: QTextDocument | None = None
        self._built_for: tuple[object, ...] = ()
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(120)
        self._again.timeout.connect(self._draw)

    def show_text(self, key: str, text: str, lab: Lab[Any] | None = None) -> None:
        """Show a Markdown text; `key` names it. The same text again changes nothing.

        With `lab` it is its help: formulas say what their symbols stand for.
        """
        if (key, text) == (self._key, self._text):
            return
        self._key, self._text, self._lab = key, text, lab
        _, self._formulas = take_formulas(text, lab)
        self.ready = ""
        self._drawings = [None] * len(self._formulas)
        self._build(gaps="…")
        self._draw()

    def changeEvent(self, event: QEvent | None) -> None:
        """Draw again in the colours of a new theme or the size of a new font."""
        super().changeEvent(event)
        kinds = (QEvent.Type.PaletteChange, QEvent.Type.FontChange)
        if event is not None and event.type() in kinds and hasattr(self, "_again"):
            self._again.start()

    def event(self, event: QEvent | None) -> bool:
        """Draw again for a screen with other pixels."""
        if event is not None and event.type() == QEvent.Type.DevicePixelRatioChange:
            self._again.start()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Fit formulas to a new width."""
        super().resizeEvent(event)
        if self._key:
            self._again.start()

    def _look(self) -> tuple[float, str]:
        """Return the size and the colour of formulas."""
        return float(self.fontInfo().pixelSize()) * 1.12, theme_of(self).foreground

    def _draw(self) -> None:
        """Have the formulas drawn, then build the page."""
        viewport = self.viewport()
        width = viewport.width() if viewport is not None else 0
        look = self._look()
        wanted = (self._key, self._text, look, self.devicePixelRatioF(), width)
        if wanted == self._built_for:
            return
        self._built_for = wanted
        size, colour = look
        formulas = tuple(self._formulas)

        def work() -> list[Drawing | None]:
            return [
                draw(f.latex, size * (DISPLAY_SCALE if f.display else 1.0), colour, f.display)
                for f in formulas
            ]

        def then(drawings: list[Drawing | None]) -> None:
            if self._built_for == wanted:
                self._drawings = drawings
                self._build()
                self.ready = self._key

        self.background.run(work, then, _raise)

    def _build(self, gaps: str = "") -> None:
        """Lay the page out; `gaps` stands where formulas are still to come."""
        place = self._scroll_share()
        document = QTextDocument(self)
        document.setDefaultFont(self.font())
        document.setDocumentMargin(16)
        marked, _ = take_formulas(self._text)
        document.setMarkdown(marked)
        self._dress_text(document)
        self._insert_formulas(document, gaps)
        self.setDocument(document)
        if self._document is not None:
            self._document.deleteLater()
        self._document = document
        self.laid_out(document)
        self._scroll_to(place if self.ready == self._key else 0.0)

    def _dress_text(self, document: QTextDocument) -> None:
        theme = theme_of(self)
        line = QFontMetricsF(self.font()).height()
        block = document.begin()
        while block.isValid():
            cursor = QTextCursor(block)
            layout = QTextBlockFormat()
            level = block.blockFormat().headingLevel()
            in_table = cursor.currentTable() is not None
            if not level:
                # Fixed, so that a formula, padded as it is, does not push its line apart.
                layout.setLineHeight(round(line * (1.3 if in_table else 1.45)), FIXED)
            layout.setTopMargin({0: 0, 1: 0, 2: 16}.get(level, 10))
            layout.setBottomMargin(0 if in_table else 6 if level else 8)
            cursor.mergeBlockFormat(layout)
            block = block.next()
        root = document.rootFrame()
        for frame in root.childFrames() if root is not None else []:
            if isinstance(frame, QTextTable):
                self._dress_table(frame, QColor(theme.grid))

    @staticmethod
    def _dress_table(table: QTextTable, line: QColor) -> None:
        layout = table.format()
        layout.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        layout.setBorder(0.6)
        layout.setBorderBrush(QBrush(line))
        layout.setBorderCollapse(True)
        layout.setCellPadding(4)
        layout.setCellSpacing(0)
        layout.setTopMargin(4)
        layout.setBottomMargin(10)
        share = QTextLength.Type.PercentageLength
        layout.setWidth(QTextLength(share, 100))
        if table.columns() == len(COLUMNS):
            layout.setColumnWidthConstraints([QTextLength(share, width) for width in COLUMNS])
        table.setFormat(layout)

    def _insert_formulas(self, document: QTextDocument, gaps: str) -> None:
        ratio = self.devicePixelRatioF()
        x_height = QFontMetricsF(self.font()).xHeight()
        viewport = self.viewport()
        room = (viewport.width() if viewport is not None else 400) - 2 * 16.0
        while not (cursor := document.find(MARK, 0)).isNull():
            index = int(cursor.selectedText()[1:-1])
            formula = self._formulas[index]
            display = formula.display
            drawing = self._drawings[index]
            if drawing is None:
                cursor.insertText(gaps or formula.latex)
                continue
            image = picture(drawing, ratio, None if display else x_height)
            name = f"{IMAGE}{index}"
            document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(name), image)
            layout = QTextImageFormat()
            layout.setName(name)
            width, height = image.width() / ratio, image.height() / ratio
            shrink = min(1.0, room / width) if display else 1.0
            layout.setWidth(width * shrink)
            layout.setHeight(height * shrink)
            layout.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
            layout.setToolTip(self._words_of(formula))
            if display:
                block = QTextBlockFormat()
                block.setAlignment(Qt.AlignmentFlag.AlignHCenter)
                block.setTopMargin(4)
                block.setLineHeight(100, SINGLE)
                cursor.mergeBlockFormat(block)
            cursor.insertImage(layout)

    def laid_out(self, document: QTextDocument) -> None:
        """The page was built anew; subclasses put on it what belongs to it."""

    def _words_of(self, formula: Formula) -> str:
        """Return a formula's tooltip: what its symbols stand for, or else how it is written."""
        if self._lab is None:
            return formula.latex
        declared = self._lab.parameters.declarations()
        lines = [
            f"{plain_symbol(formula.symbols[name])}: {say(declared[name].label)}"
            for name in formula.parameters
        ]
        return "\n".join(lines) or formula.latex

    def _scroll_share(self) -> float:
        bar = self.verticalScrollBar()
        return bar.value() / bar.maximum() if bar is not None and bar.maximum() else 0.0

    def _scroll_to(self, share: float) -> None:
        bar = self.verticalScrollBar()
        if bar is not None:
            bar.setValue(round(share * bar.maximum()))


def _raise(error: Exception) -> None:
    raise error
