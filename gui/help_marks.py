"""Pointing at parameters in the help of a lab, both ways.

The parameter that is pointed at in the form is marked in the formulas and the tables; what the
mouse points at here, the form can mark.
"""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QEvent, QPoint, QPointF, QTimer, QUrl, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QFontMetricsF,
    QMouseEvent,
    QTextCursor,
    QTextDocument,
    QTextTable,
)
from PyQt6.QtWidgets import QTextEdit, QWidget

from zoetrope.core.help_pages import parameter_groups
from zoetrope.core.lab import Lab
from zoetrope.gui.formulas import Drawing, draw, picture
from zoetrope.gui.help_page import DISPLAY_SCALE, IMAGE, HelpPage
from zoetrope.gui.icons import theme_of

REST_MS = 350  # before the page scrolls to what is pointed at


class LabHelpPage(HelpPage):
    """A lab's help. `pointed` carries the names of the parameters under the mouse: those of a
    formula, or the one of a row of the tables.
    """

    pointed = pyqtSignal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._under_mouse: tuple[str, ...] = ()
        self._marked = ""  # the parameter that is marked
        self._rows: dict[str, QTextCursor] = {}  # of the tables, by parameter
        self._shown: list[Drawing | None] = []
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._scroll_to_marked)
        self.setMouseTracking(True)

    def point_at(self, name: str) -> None:
        """Mark a parameter in the formulas and the tables; "" for none."""
        if name != self._marked:
            self._marked = name
            self._mark()
            self._rest.start()

    @property
    def marked(self) -> str:
        """The parameter that is marked."""
        return self._marked

    def laid_out(self, document: QTextDocument) -> None:
        """Mark on a new page what was marked on the one before."""
        self._rows = _parameter_rows(document, self._lab)
        self._shown = list(self._drawings)
        if self._marked:
            self._mark()

    def _mark(self) -> None:
        row = self._rows.get(self._marked)
        self.setExtraSelections([self._selection(row)] if row is not None else [])
        if not any(self._drawings):
            return
        name, built, (size, colour) = self._marked, self._built_for, self._look()
        accent = theme_of(self).roles["accent"]
        formulas, plain = tuple(self._formulas), list(self._drawings)

        def work() -> list[Drawing | None]:
            drawings = plain
            for index, formula in enumerate(formulas):
                if self._marked != name:
                    break  # the mouse has moved on; `then` drops this
                latex = formula.marked(name, accent)
                if latex is not None:
                    scale = size * (DISPLAY_SCALE if formula.display else 1.0)
                    drawings[index] = draw(latex, scale, colour, formula.display, accent)
            return drawings

        def then(drawings: list[Drawing | None]) -> None:
            if (self._marked, self._built_for) == (name, built):
                self._show_drawings(drawings)

        self.background.run(work, then, _raise)

    def _show_drawings(self, drawings: list[Drawing | None]) -> None:
        """Show other drawings of the same formulas, as large as those before."""
        document = self._document
        viewport = self.viewport()
        if document is None or viewport is None:
            return
        ratio, x_height = self.devicePixelRatioF(), QFontMetricsF(self.font()).xHeight()
        kind = QTextDocument.ResourceType.ImageResource
        for index, drawing in enumerate(drawings):
            if drawing is not None and drawing is not self._shown[index]:
                self._shown[index] = drawing
                display = self._formulas[index].display
                image = picture(drawing, ratio, None if display else x_height)
                document.addResource(kind, QUrl(f"{IMAGE}{index}"), image)
        viewport.update()

    def _selection(self, row: QTextCursor) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        selection.cursor = row
        ground = QColor(theme_of(self).roles["accent"])
        ground.setAlphaF(0.25)
        selection.format.setBackground(ground)
        return selection

    def _scroll_to_marked(self) -> None:
        """Bring the first formula, or else the row, of what is marked into sight, if none is."""
        document = self._document
        if document is None or not self._marked:
            return
        places = [
            cursor
            for index, cursor in _images(document)
            if self._formulas[index].marked(self._marked, "#000000")
        ]
        row = self._rows.get(self._marked)
        places += [row] if row is not None else []
        viewport, bar = self.viewport(), self.verticalScrollBar()
        if not places or viewport is None or bar is None:
            return
        seen = viewport.rect()
        if not any(seen.contains(self.cursorRect(place)) for place in places):
            there = self.cursorRect(places[0])
            bar.setValue(bar.value() + there.center().y() - seen.height() // 3)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        """Tell which parameters are under the mouse."""
        super().mouseMoveEvent(event)
        if event is not None:
            self._tell(self._parameters_at(event.position()))

    def leaveEvent(self, event: QEvent | None) -> None:
        """Tell that none is."""
        super().leaveEvent(event)
        self._tell(())

    def _tell(self, names: tuple[str, ...]) -> None:
        if names != self._under_mouse:
            self._under_mouse = names
            self.pointed.emit(names)

    def _parameters_at(self, place: QPointF) -> tuple[str, ...]:
        layout = self._document.documentLayout() if self._document is not None else None
        if layout is None:
            return ()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        shift = QPoint(across.value() if across else 0, down.value() if down else 0)
        name = layout.formatAt(place + QPointF(shift)).toImageFormat().name()
        if name.startswith(IMAGE):
            formula = self._formulas[int(name.removeprefix(IMAGE))]
            if formula.parameters:
                return formula.parameters
        cursor = self.cursorForPosition(place.toPoint())
        table = cursor.currentTable()
        if table is None:
            return ()
        row = table.cellAt(cursor).row()
        return tuple(
            name
            for name, known in self._rows.items()
            if known.currentTable() == table and table.cellAt(known).row() == row
        )


def _images(document: QTextDocument) -> list[tuple[int, QTextCursor]]:
    """Return where the formulas stand, with their numbers."""
    found = []
    cursor = document.find("\ufffc", 0)
    while not cursor.isNull():
        name = cursor.charFormat().toImageFormat().name()
        if name.startswith(IMAGE):
            found.append((int(name.removeprefix(IMAGE)), QTextCursor(cursor)))
        cursor = document.find("\ufffc", cursor)
    return found


def _parameter_rows(document: QTextDocument, lab: Lab[Any] | None) -> dict[str, QTextCursor]:
    """Return the label of each parameter in the tables, which stand at the end of the page."""
    root = document.rootFrame()
    if lab is None or root is None:
        return {}
    groups = parameter_groups(lab.parameters.declarations())
    tables = [frame for frame in root.childFrames() if isinstance(frame, QTextTable)]
    rows = {}
    for table, names in zip(tables[-len(groups) :], groups.values(), strict=True):
        for row, name in enumerate(names, start=1):
            cell = table.cellAt(row, 0)
            cursor = cell.firstCursorPosition()
            keep = QTextCursor.MoveMode.KeepAnchor
            cursor.setPosition(cell.lastCursorPosition().position(), keep)
            rows[name] = cursor
    return rows


def _raise(error: Exception) -> None:
    raise error
