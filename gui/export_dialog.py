"""The export dialog: what the file will look like, and the few things to choose about it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QCloseEvent, QGuiApplication, QImage, QKeySequence, QShortcut
from PyQt6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from zoetrope.core.export_paths import check_name
from zoetrope.gui.export_choices import Choices, free_name, split_name
from zoetrope.gui.export_form import ExportForm
from zoetrope.gui.export_preview import Preview
from zoetrope.gui.exporting import Exporter, Subject
from zoetrope.gui.language import say

if TYPE_CHECKING:
    from zoetrope.core.animation import Estimate

PREVIEW_AFTER_MS = 150
SIDE_WIDTH = 350
CAPTION_LINES = 5
STILL_EXPORTING = "An export is running: press Ctrl+Q again to stop it and quit."


class ExportDialog(QDialog):
    """Exports one subject. `exported` carries the file's path and the choices, as plain values.

    `quit_asked` comes when the program is to end, after the dialog has closed.
    """

    exported = pyqtSignal(object, object)
    quit_asked = pyqtSignal()

    def __init__(
        self,
        exporter: Exporter,
        subject: Subject,
        remembered: Mapping[str, Any],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("export")
        self.setWindowTitle(say("Export {title}", title=subject.title))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._exporter = exporter
        self._subject = subject
        self._ticket: int | None = None
        self._preview_ticket: int | None = None
        self._estimate_ticket: int | None = None
        self._naming = False  # whether the name is just being put in place
        self._typing = False  # whether the format follows what is typed just now
        self._replacing: Path | None = None  # the file that Export would replace now
        choices = subject.choices(remembered)
        self._debounce = QTimer(self)
        self._debounce.setSingleShot(True)
        self._debounce.setInterval(PREVIEW_AFTER_MS)
        self._debounce.timeout.connect(self._ask_preview)
        self._folder = Path(choices.folder) if choices.folder else Path.home()
        self.form = ExportForm(subject, choices)
        self._build()
        self._name_file(free_name(self._folder, subject.lab_id, choices.format))
        self.form.changed.connect(self._changed)
        self._changed()
        quit_ = QShortcut(QKeySequence("Ctrl+Q"), self)
        quit_.activated.connect(self._quit)
        self.setTabOrder(self.form, self.caption)
        self.form.format.setFocus()
        self.resize(940, 660)

    # -- building --------------------------------------------------------------------------------

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 14)
        layout.setSpacing(12)
        upper = QHBoxLayout()
        upper.setSpacing(16)
        upper.addLayout(self._picture(), 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.form)
        scroll.setFixedWidth(SIDE_WIDTH)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        upper.addWidget(scroll)
        layout.addLayout(upper, 1)
        layout.addLayout(self._file_row())
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setProperty("look", "warn")
        self.message.hide()
        layout.addWidget(self.message)
        layout.addLayout(self._buttons())

    def _picture(self) -> QLayout:
        """Return the preview, the words about it and the caption."""
        self.preview = Preview()
        grabbed = self._subject.grab(1.0)  # stands there until there is a real one
        self.preview.image = grabbed.convertToFormat(QImage.Format.Format_RGB32)
        self.preview.resized.connect(self._debounce.start)
        self.about = QLabel()
        self.about.setProperty("look", "muted")
        self.about.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.caption = QPlainTextEdit()
        self.caption.setReadOnly(True)
        self.caption.setTabChangesFocus(True)
        self.caption.setAccessibleName(say("Caption"))
        self.caption.setFixedHeight(self.fontMetrics().lineSpacing() * CAPTION_LINES + 10)
        self.copy_caption = QPushButton(say("C&opy caption"))
        self.copy_caption.setToolTip(say("The caption is in the file too, as its description"))
        self.copy_caption.clicked.connect(self._copy_caption)
        row = QHBoxLayout()
        row.addWidget(self.caption, 1)
        row.addWidget(self.copy_caption, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.addWidget(self.preview, 1)
        column.addWidget(self.about)
        column.addLayout(row)
        return column

    def _file_row(self) -> QLayout:
        self.file = QLineEdit()
        self.file.setAccessibleName(say("File"))
        self.file.setObjectName("export_file")
        self.file.textChanged.connect(self._follow_ending)
        browse = QPushButton(say("Bro&wse…"))
        browse.setAccessibleName(say("Choose the file's place"))
        browse.clicked.connect(self._browse)
        label = QLabel(say("F&ile"))
        label.setBuddy(self.file)
        row = QHBoxLayout()
        for widget in (label, self.file, browse):
            row.addWidget(widget)
        return row

    def _buttons(self) -> QLayout:
        self.progress = QProgressBar()
        self.progress.setAccessibleName(say("Progress of the export"))
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(True)
        self.progress.hide()
        self.export = QPushButton("&Export")
        self.export.setObjectName("export_button")
        self.export.setDefault(True)
        self.export.clicked.connect(self.start)
        self.cancel = QPushButton(say("Close"))
        self.cancel.setObjectName("export_cancel")
        self.cancel.clicked.connect(self._cancel)
        row = QHBoxLayout()
        row.addWidget(self.progress, 1)
        row.addStretch(0)
        row.addWidget(self.cancel)
        row.addWidget(self.export)
        return row

    # -- choices -----------------------------------------------------------------------------------

    def choices(self) -> Choices:
        """Return what is chosen now."""
        return self.form.choices(str(self._typed().parent))

    def _split(self, path: Path) -> tuple[str, str]:
        return split_name(path, self.form.endings)

    def _typed(self) -> Path:
        """Return the file that is typed; a "~" before no one's name is a letter like others."""
        path = Path(self.file.text().strip())
        with contextlib.suppress(RuntimeError):
            path = path.expanduser()
        return self._folder / path

    def _changed(self) -> None:
        choices, known = self.choices(), self.form.format_
        path = Path(self.file.text())
        stem, ending = self._split(path)
        of_another = ending in self.form.endings and ending != known.ending
        if of_another and not self._typing:
            self.file.setText(str(free_name(path.parent, stem, known.ending)))
        self.about.setText(choices.describe())
        self.caption.setPlainText(self._subject.caption(choices))
        for widget in (self.caption, self.copy_caption):
            widget.setVisible(known.drawn)
        self._say("")
        self._check()
        self._debounce.start()

    def _check(self) -> None:
        """Allow the export only if it would hold something."""
        problem = self.form.problem
        self.export.setEnabled(self._ticket is None and not problem)
        if problem:
            self._say(problem)

    def _say(self, text: str) -> None:
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def _copy_caption(self) -> None:
        clipboard = QGuiApplication.clipboard()
        assert clipboard is not None
        clipboard.setText(self.caption.toPlainText())

    def _browse(self) -> None:
        known = self.form.format_
        path, _ = QFileDialog.getSaveFileName(
            self,
            say("Export to"),
            self.file.text(),
            f"{known.name} (*.{known.ending})",
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if path:
            named = Path(path)
            if self._split(named)[1] not in self.form.endings:
                named = named.with_name(f"{named.name}.{known.ending}")
            self.file.setText(str(named))

    # -- the preview ------------------------------------------------------------------------------

    def _ask_preview(self) -> None:
        choices = self.choices()
        if not self.form.format_.drawn:
            text = self._subject.own_text(choices.format)
            if text is not None:
                self.preview.show_page(text)
            else:
                self.preview.show_text(self._subject.describe(choices.format))
            return
        if self.form.problem:
            return
        self.preview.wait()
        self.preview.chequered = choices.transparent and self.form.transparent.isEnabled()
        room = self.preview.room()
        self._preview_ticket = self._exporter.preview(
            self._subject,
            choices,
            (room.width(), room.height()),
            done=self._show_preview,
            failed=lambda text: self.preview.show_text(text, keep=True),
        )

    def _show_preview(self, image: QImage) -> None:
        self.preview.show_image(image)
        if self.form.format_.kind == "animation" and self._ticket is None:
            choices = self.choices()
            self._estimate_ticket = self._exporter.estimate(
                self._subject,
                choices,
                done=lambda coming: self._show_estimate(choices, coming),
                failed=lambda _: None,  # the export itself will say what is wrong
            )

    def _show_estimate(self, choices: Choices, coming: Estimate) -> None:
        if choices == self.choices():
            size, left = in_bytes(coming.size), in_words(coming.seconds)
            pictures = say(
                "{frames} pictures, about {size}, takes about {left}",
                frames=coming.frames,
                size=size,
                left=left,
            )
            self.about.setText(f"{choices.describe()}\n{pictures}")

    # -- exporting --------------------------------------------------------------------------------

    def start(self) -> None:
        """Export with what is chosen."""
        choices = self.choices()
        try:
            path = self._named()
        except ValueError as error:
            self._say(str(error))
            self.file.setFocus()
            return
        if path.exists() and self._replacing != path:
            self._replacing = path
            self.export.setText("&Replace")
            self._say(say("Replace {name}? It is there already.", name=path.name))
            return
        self._keep_old()
        self._say("")
        self._ticket = self._exporter.export(
            self._subject,
            choices,
            path,
            progress=self._show_progress,
            done=self._done,
            failed=self._failed,
        )
        self.progress.setValue(0)
        self.progress.setFormat(say("Starting…"))
        self.progress.show()
        self.cancel.setText(say("Cancel"))
        self._check()

    def _named(self) -> Path:
        """Return the file that is meant, and show it; raises `ValueError` with a sentence."""
        if not self.file.text().strip():
            raise ValueError("Type a file name.")
        path, ending = self._typed(), self.form.format_.ending
        if path.name and self._split(path)[1] != ending:
            path = path.with_name(f"{path.name}.{ending}")
        check_name(path)
        if path.is_dir():
            raise ValueError(f"{path} is a folder: add a file name.")
        if not path.parent.is_dir():
            raise ValueError(
                f"There is no folder {path.parent}: choose another place for the file."
            )
        self._name_file(path)
        return path

    def _name_file(self, path: Path) -> None:
        self._naming = True
        self.file.setText(str(path))
        self._naming = False

    def _follow_ending(self) -> None:
        """Choose the format that the typed ending names."""
        self._keep_old()
        if not self._naming:
            self._typing = True
            self.form.choose_format(self._split(Path(self.file.text().strip()))[1])
            self._typing = False

    def _keep_old(self) -> None:
        """Ask again before a file is replaced."""
        if self._replacing is not None:
            self._replacing = None
            self.export.setText("&Export")
            self._say("")

    def _show_progress(self, share: float, seconds_left: float | None) -> None:
        self.progress.setValue(round(1000 * share))
        left = (
            ""
            if seconds_left is None
            else say(", {seconds_left} left", seconds_left=in_words(seconds_left))
        )
        self.progress.setFormat(f"%p %{left}")

    def _done(self, path: Path) -> None:
        self._rest()
        self.exported.emit(path, self.choices().plain())
        self.accept()

    def _failed(self, text: str) -> None:
        self._rest()
        self._say(text)

    def _rest(self) -> None:
        self._ticket = None
        self.progress.hide()
        self.cancel.setText(say("Close"))
        self._check()

    def _cancel(self) -> None:
        if self._ticket is None:
            self.reject()
            return
        self._exporter.cancel(self._ticket)
        self._rest()
        self._say(say("The export was cancelled; nothing was written."))

    def _quit(self) -> None:
        """End the program; a running export is stopped only on a second wish."""
        if self._ticket is not None and self.message.text() != STILL_EXPORTING:
            self._say(STILL_EXPORTING)
            return
        self.reject()
        self.quit_asked.emit()

    def done(self, result: int) -> None:
        """Stop what is under way when the dialog closes."""
        self._debounce.stop()
        if self._ticket is not None:
            self._exporter.cancel(self._ticket)
        for ticket in (self._preview_ticket, self._estimate_ticket):
            if ticket is not None:
                self._exporter.forget(ticket)
        self._ticket = self._preview_ticket = self._estimate_ticket = None
        super().done(result)

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Closing by the window's cross is the same as Close."""
        self.done(0)
        super().closeEvent(event)


def in_words(seconds: float) -> str:
    """Return a duration as "2 min 5 s", at least a second."""
    minutes, rest = divmod(max(1, round(seconds)), 60)
    return say("{minutes} min {rest} s", minutes=minutes, rest=rest) if minutes else f"{rest} s"


def in_bytes(size: float) -> str:
    """Return the size of a file as "12 kB" or "3.4 MB", to two digits."""
    unit, shown = ("kB", size / 1e3) if size < 0.9995e6 else ("MB", size / 1e6)
    return f"{shown:.1f} {unit}" if shown < 9.95 else f"{shown:.0f} {unit}"
