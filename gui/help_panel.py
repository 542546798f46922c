"""The help of a lab beside its picture: its page in assets/help, formulas drawn, parameters listed.

A page is Markdown with $formulas$. Formulas are drawn on a worker thread; the page appears when
they are ready.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
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
from PyQt6.QtWidgets import QDockWidget, QTextBrowser, QWidget

from zoetrope.core.lab import Lab
from zoetrope.core.parameters import Declaration, Number
from zoetrope.gui.background import Background
from zoetrope.gui.formulas import Drawing, draw, picture, take_formulas
from zoetrope.gui.icons import theme_of

MARK = QRegularExpression("\ue000(\\d+)\ue001")
DISPLAY_SCALE = 1.12
COLUMNS = (29, 26, 45)  # per cent of a parameter table
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
FIXED: int = QTextBlockFormat.LineHeightTypes.FixedHeight.value  # type: ignore[assignment]
SINGLE: int = QTextBlockFormat.LineHeightTypes.SingleHeight.value  # type: ignore[assignment]


class HelpPanel(QDockWidget):
    """The dock. `show_lab` says whose help it shows; nothing is loaded while it is hidden."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("About this lab", parent)
        self.setObjectName("help_panel")
        self.page = HelpPage()
        self.setWidget(self.page)
        self._lab: Lab[Any] | None = None
        self.visibilityChanged.connect(self._update)

    def show_lab(self, lab: Lab[Any]) -> None:
        """Show the help of this lab, now or when the panel is opened."""
        self._lab = lab
        self.setWindowTitle(f"About: {lab.title}")
        self._update()

    def close_worker(self) -> bool:
        """Stop drawing formulas; return whether the thread ended."""
        return self.page.background.close(timeout=0.2)

    def _update(self) -> None:
        if self._lab is not None and self.isVisible():
            self.page.show_text(self._lab.id, help_text(self._lab))


class HelpPage(QTextBrowser):
    """A Markdown page with formulas that follows the theme, the width and the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("help_page")
        self.setAccessibleName("Help")
        self.setOpenExternalLinks(True)
        self.setMinimumWidth(300)
        self.background = Background("formulas", self)
        self.ready = ""  # the key of the page that is shown complete
        self._key = ""
        self._text = ""
        self._formulas: list[tuple[str, bool]] = []
        self._drawings: list[Drawing | None] = []
        self._document: QTextDocument | None = None
        self._built_for: tuple[object, ...] = ()
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(120)
        self._again.timeout.connect(self._draw)

    def show_text(self, key: str, text: str) -> None:
        """Show a Markdown text; `key` names it. The same text again changes nothing."""
        if (key, text) == (self._key, self._text):
            return
        self._key, self._text = key, text
        _, self._formulas = take_formulas(text)
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
                draw(latex, size * (DISPLAY_SCALE if display else 1.0), colour, display)
                for latex, display in formulas
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
            latex, display = self._formulas[index]
            drawing = self._drawings[index]
            if drawing is None:
                cursor.insertText(gaps or latex)
                continue
            image = picture(drawing, ratio, None if display else x_height)
            name = f"formula:{index}"
            document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(name), image)
            layout = QTextImageFormat()
            layout.setName(name)
            width, height = image.width() / ratio, image.height() / ratio
            shrink = min(1.0, room / width) if display else 1.0
            layout.setWidth(width * shrink)
            layout.setHeight(height * shrink)
            layout.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
            layout.setToolTip(latex)
            if display:
                block = QTextBlockFormat()
                block.setAlignment(Qt.AlignmentFlag.AlignHCenter)
                block.setTopMargin(4)
                block.setLineHeight(100, SINGLE)
                cursor.mergeBlockFormat(block)
            cursor.insertImage(layout)

    def _scroll_share(self) -> float:
        bar = self.verticalScrollBar()
        return bar.value() / bar.maximum() if bar is not None and bar.maximum() else 0.0

    def _scroll_to(self, share: float) -> None:
        bar = self.verticalScrollBar()
        if bar is not None:
            bar.setValue(round(share * bar.maximum()))


def help_text(lab: Lab[Any]) -> str:
    """Return a lab's page, or its question where it has none, with the table of its parameters."""
    place = files("zoetrope.assets") / "help" / f"{lab.id}.md"
    text = place.read_text(encoding="utf-8") if place.is_file() else _plain_page(lab)
    return f"{text.rstrip()}\n\n{parameter_tables(lab.parameters.declarations())}\n"


def parameter_tables(declarations: Mapping[str, Declaration]) -> str:
    """Return the parameters as Markdown tables, one for each group, from their declarations."""
    groups: dict[str, list[Declaration]] = {}
    for declaration in declarations.values():
        groups.setdefault(declaration.group, []).append(declaration)
    parts = ["## Parameters"]
    for group, members in groups.items():
        if group and len(groups) > 1:
            parts.append(f"### {_cell(group)}")
        rows = ["| Parameter | Range | Meaning |", "|---|---|---|"]
        for member in members:
            symbol = f" ${member.symbol}$" if member.symbol else ""
            rows.append(
                f"| {_cell(member.label)}{symbol} | {_range(member)} | {_cell(member.help)} |"
            )
        parts.append("\n".join(rows))
    return "\n\n".join(parts)


def _range(declaration: Declaration) -> str:
    if isinstance(declaration, Number):
        gap = "" if declaration.unit in ("", "°") else "\N{NO-BREAK SPACE}"
        unit = f"{gap}{declaration.unit}"
        return _cell(f"{_number(declaration.low)} to {_number(declaration.high)}{unit}")
    options = getattr(declaration, "options", None)
    if options is not None:
        return _cell(", ".join(options.values()).lower())
    return _cell(declaration.describe())


def _number(value: float) -> str:
    """Return a number as it is written by hand, such as 10⁻⁶."""
    mantissa, mark, exponent = f"{value:g}".partition("e")
    if not mark:
        return mantissa.replace("-", "−")
    power = f"10{str(int(exponent)).translate(RAISED)}"
    return power if mantissa == "1" else f"{mantissa.replace('-', '−')}·{power}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _plain_page(lab: Lab[Any]) -> str:
    return f"# {lab.title}\n\n{lab.question}"


def _raise(error: Exception) -> None:
    raise error
