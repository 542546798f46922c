"""What is in a table before it is used: its first rows, its columns, and how it was read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from zoetrope.core.column_facts import ColumnFacts
from zoetrope.core.columns import DataTable
from zoetrope.core.written import AUTO, DECIMALS, ENCODINGS, SEPARATORS, Written
from zoetrope.gui.data_reader import TableReader
from zoetrope.gui.data_table_model import DataTableModel
from zoetrope.gui.language import say, say_all
from zoetrope.gui.option_box import option_box
from zoetrope.gui.quantities import brief

_LOOK_MS = 50  # between two looks at how far the reading is
_SHOW_MS = 150  # a shorter wait shows no progress
_WIDEST = 220  # pixels of a column
_PADDING = 20
_ROOM = 10  # pixels above and below the text of a row, together


class DataPreview(QDialog):
    """Shows a file that may become a lab's data. `used` says that it shall, and as what it is
    written; on Esc or Cancel nothing becomes of it.
    """

    used = pyqtSignal(object)

    def __init__(
        self, path: Path, written: Written, lab: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("data_preview")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(say("Data for {lab}", lab=lab))
        self._path = path
        self._reader = TableReader(self)
        self._reader.done.connect(self._show_table)
        self._reader.failed.connect(self._show_failure)
        self._watch = QTimer(self)
        self._watch.setInterval(_LOOK_MS)
        self._watch.timeout.connect(self._show_share)
        self._waited = 0
        self._build(written)
        self.finished.connect(self._end)
        self._read()

    # -- building --------------------------------------------------------------------------------

    def _build(self, written: Written) -> None:
        name = QLabel(self._path.name)
        name.setProperty("look", "heading")
        name.setToolTip(str(self._path))
        name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.summary = QLabel(" ")
        self.summary.setProperty("look", "muted")
        self.encoding = self._box(say("Encoding"), ENCODINGS, written.encoding)
        self.separator = self._box(say("Separator"), SEPARATORS, written.separator)
        self.decimal = self._box(say("Decimal sign"), DECIMALS, written.decimal)
        self.model = DataTableModel(self)
        self.view = self._view()
        self.notes = QLabel()
        self.notes.setWordWrap(True)
        self.notes.setProperty("look", "muted")
        self.notes.hide()
        self.failure = QLabel()
        self.failure.setWordWrap(True)
        self.failure.setProperty("look", "warn")
        self.failure.hide()
        self.progress = QProgressBar()
        self.progress.setRange(0, 100)
        self.progress.setAccessibleName(say("How far the reading is"))
        policy = self.progress.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.progress.setSizePolicy(policy)
        self.progress.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(10)
        layout.addWidget(name)
        layout.addWidget(self.summary)
        layout.addWidget(self._choices())
        layout.addWidget(self.view, 1)
        layout.addWidget(self.notes)
        layout.addWidget(self.failure)
        layout.addLayout(self._foot())
        self.resize(780, 560)

    def _box(self, name: str, options: Mapping[str, str], chosen: str) -> QComboBox:
        box = option_box(name, options)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.setCurrentIndex(box.findData(chosen))
        box.currentIndexChanged.connect(self._read)
        return box

    def _choices(self) -> QWidget:
        """Return the boxes that say how the text is written."""
        self.choices = QWidget()
        row = QHBoxLayout(self.choices)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(18)
        for words, box in (
            (say("&Encoding"), self.encoding),
            (say("&Separator"), self.separator),
            (say("&Decimal sign"), self.decimal),
        ):
            form = QFormLayout()
            form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
            form.setVerticalSpacing(4)
            form.addRow(words, box)
            row.addLayout(form)
        row.addStretch(1)
        return self.choices

    def _view(self) -> QTableView:
        view = QTableView()
        view.setModel(self.model)
        view.setAccessibleName(say("The first rows, and what is known of each column"))
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setTabKeyNavigation(False)
        view.setWordWrap(False)
        view.setCornerButtonEnabled(False)
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        for header in (view.horizontalHeader(), view.verticalHeader()):
            assert header is not None
            header.setHighlightSections(False)
            header.setSectionsClickable(False)
        rows = view.verticalHeader()
        assert rows is not None
        rows.setDefaultSectionSize(view.fontMetrics().height() + _ROOM)
        return view

    def _foot(self) -> QHBoxLayout:
        self.buttons = QDialogButtonBox()
        use = self.buttons.addButton(say("&Use"), QDialogButtonBox.ButtonRole.AcceptRole)
        cancel = self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        assert use is not None
        assert cancel is not None
        cancel.setText(say("Cancel"))
        self.use: QPushButton = use
        self.use.setDefault(True)
        self.use.setToolTip(say("Take this table as the data of the lab"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self.progress, 1)
        foot.addSpacing(12)
        foot.addWidget(self.buttons)
        return foot

    # -- reading ---------------------------------------------------------------------------------

    @property
    def written(self) -> Written:
        """How the text is said to be written."""
        boxes = (self.encoding, self.separator, self.decimal)
        return Written(*(box.currentData() for box in boxes))

    def _read(self) -> None:
        """Begin to read, as the boxes say."""
        self.use.setEnabled(False)
        self.view.setEnabled(False)
        self._waited = 0
        self._watch.start()
        self._reader.read(self._path, self.written)

    def _show_share(self) -> None:
        self._waited += _LOOK_MS
        if self._waited >= _SHOW_MS:
            self.progress.show()
            self.progress.setValue(round(100 * self._reader.share))

    def _rest(self) -> None:
        self._watch.stop()
        self.progress.hide()

    def _show_table(self, table: DataTable, facts: tuple[ColumnFacts, ...]) -> None:
        self._rest()
        self.model.show_table(table, facts)
        metrics = self.view.fontMetrics()
        for place in range(min(len(facts), 100)):
            width = self.model.widest(metrics, place) + _PADDING
            self.view.setColumnWidth(place, min(width, _WIDEST))
        self.view.setEnabled(True)
        rows, columns = brief(table.rows), len(table.columns)
        self.summary.setText(
            say("{rows} rows, 1 column", rows=rows)
            if columns == 1
            else say("{rows} rows, {columns} columns", rows=rows, columns=brief(columns))
        )
        self.notes.setText(say_all(table.notes, " "))
        self.notes.setVisible(bool(table.notes))
        self.failure.hide()
        self._name_found(self.encoding, ENCODINGS, table.written.encoding)
        self._name_found(self.separator, SEPARATORS, table.written.separator)
        self._name_found(self.decimal, DECIMALS, table.written.decimal)
        self.choices.setVisible(table.written.encoding != AUTO)
        self.use.setEnabled(True)

    def _show_failure(self, sentence: str) -> None:
        self._rest()
        self.summary.setText(" ")
        self.notes.hide()
        self.failure.setText(say(sentence))
        self.failure.show()

    @staticmethod
    def _name_found(box: QComboBox, options: Mapping[str, str], found: str) -> None:
        """Say in a box what "as found" came to; a file that has none of it leaves no choice."""
        box.setEnabled(found != AUTO)
        if found != AUTO and box.currentData() == AUTO:
            box.setItemText(0, say("As found: {found}", found=options[found]))

    # -- the end ---------------------------------------------------------------------------------

    def accept(self) -> None:
        """Use the table, once it was read."""
        if self.use.isEnabled():
            self.used.emit(self.written)
            super().accept()

    def _end(self) -> None:
        self._watch.stop()
        self._reader.close()
