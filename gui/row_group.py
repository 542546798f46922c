"""A group of rows in a form: a heading, and behind "More" what is needed less often."""

from __future__ import annotations

from collections.abc import Collection

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QFont
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from zoetrope.gui.glyph_button import TARGET, GlyphButton
from zoetrope.gui.language import say
from zoetrope.gui.retranslate import hold
from zoetrope.gui.row import Row


class RowGroup(QWidget):
    """A heading, its rows, and behind "More" the folded ones."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = title
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._heading = QHBoxLayout()
        self._heading.setContentsMargins(0, 0, 0, 2)
        label = QLabel(say(title), self)
        font = QFont(label.font())
        font.setBold(True)
        label.setFont(font)
        label.setMinimumHeight(TARGET)
        hold(label)
        self._heading.addWidget(label, 1)
        column.addLayout(self._heading)
        self.first = QVBoxLayout()
        self.first.setSpacing(4)
        column.addLayout(self.first)
        self.rows: list[Row] = []
        self._usual: set[str] = set()  # the rows that are not folded
        self.folded: QWidget | None = None
        self._rest: QVBoxLayout | None = None
        self._more: GlyphButton | None = None
        self._column = column

    def add(self, row: Row, folded: bool) -> None:
        """Add a row at the end of its part."""
        self.rows.append(row)
        if not folded:
            self._usual.add(row.name)
            self.first.addWidget(row)
            return
        if self._rest is None:
            self.folded = QWidget(self)
            self._rest = QVBoxLayout(self.folded)
            self._rest.setContentsMargins(0, 4, 0, 0)
            self._rest.setSpacing(4)
            self.folded.hide()
            self._more = GlyphButton("more", say("More"), "", self)
            self._more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self._more.clicked.connect(lambda: self.unfold(not self.unfolded))
            self._heading.addWidget(self._more)
            self._column.addWidget(self.folded)
            self.show_changed(0)
        self._rest.addWidget(row)

    def show_page(self, page: str) -> None:
        """Show the rows that matter on a page; nothing at all if none does."""
        for row in self.rows:
            pages = row.declaration.pages
            row.setVisible(not pages or page in pages)
        self.setVisible(not all(row.isHidden() for row in self.rows))
        if self._more is not None:
            self._more.setVisible(not all(row.isHidden() for row in self.behind))

    @property
    def behind(self) -> list[Row]:
        """The rows behind "More"."""
        return [row for row in self.rows if row.parentWidget() is self.folded]

    def stand(self, names: Collection[str]) -> None:
        """Let just these rows stand before "More"; the usual ones where none of them is here."""
        if self._rest is None:
            return
        wanted = {row.name for row in self.rows if row.name in names} or self._usual
        for row in self.rows:
            (self.first if row.name in wanted else self._rest).addWidget(row)

    @property
    def stops(self) -> list[QWidget]:
        """Where the tab key stops, in order."""
        folded = self.behind
        rows = [row for row in self.rows if row not in folded] + folded
        button = [self._more] if self._more is not None else []
        return [*button, *(stop for row in rows for stop in row.stops)]

    @property
    def unfolded(self) -> bool:
        """Whether the folded rows are seen."""
        return self.folded is not None and not self.folded.isHidden()

    def unfold(self, unfolded: bool) -> None:
        """Show the folded rows, or put them away."""
        if self.folded is not None and self._more is not None:
            self.folded.setVisible(unfolded)
            self.show_changed(self._changed)

    def show_changed(self, changed: int) -> None:
        """Say on the button how many of the folded values are not the default."""
        self._changed = changed
        if self._more is None:
            return
        verb = say("Less") if self.unfolded else say("More")
        note = say(" · {changed} changed", changed=changed) if changed and not self.unfolded else ""
        title = say(
            "{verb} {group} settings{note}", verb=verb, group=self._title.lower(), note=note
        )
        self._more.set_glyph("less" if self.unfolded else "more", title)
        text = say("{verb}{note}", verb=verb, note=note)
        if self._more.text() != text:
            self._more.setText(text)
            self._more.updateGeometry()
