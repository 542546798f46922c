"""The caption in the export dialog: how it reads, in which form, and where it goes."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from zoetrope.core.caption import Caption
from zoetrope.core.export_options import CAPTIONS
from zoetrope.gui.language import say
from zoetrope.gui.option_box import option_box

LINES = 6


class CaptionBox(QWidget):
    """Shows a caption as plain text, Markdown or LaTeX; `changed` comes when the form changes."""

    changed = pyqtSignal()

    def __init__(self, form: str, beside: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption: Caption | None = None
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(say("Caption"))
        self.text.setFixedHeight(self.fontMetrics().lineSpacing() * LINES + 10)
        self.form = option_box(say("Form of the caption"), CAPTIONS)
        self.form.setCurrentIndex(self.form.findData(form))
        self.form.currentIndexChanged.connect(self._show)
        self.form.currentIndexChanged.connect(self.changed)
        self.copy = QPushButton(say("C&opy caption"))
        self.copy.setToolTip(say("The caption is in the file too, as its description"))
        self.copy.clicked.connect(self._copy)
        self.beside = QCheckBox(say("&Keep it as a file too"))
        self.beside.setAccessibleName(say("Write the caption to a file of its own"))
        self.beside.setToolTip(say("A text file beside the figure, named after it"))
        self.beside.setChecked(beside)
        self.beside.toggled.connect(self.changed)
        side = QVBoxLayout()
        side.setSpacing(6)
        for widget in (self.form, self.copy, self.beside):
            side.addWidget(widget)
        side.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.text, 1, Qt.AlignmentFlag.AlignTop)
        row.addLayout(side)

    def show_caption(self, caption: Caption) -> None:
        """Show another caption."""
        self._caption = caption
        self._show()

    def _show(self) -> None:
        if self._caption is not None:
            self.text.setPlainText(self._caption.written(self.form.currentData()))

    def _copy(self) -> None:
        clipboard = QGuiApplication.clipboard()
        assert clipboard is not None
        clipboard.setText(self.text.toPlainText())
