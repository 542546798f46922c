"""The export dialog: what the file will look like, and the few things to choose about it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QCloseEvent, QImage, QKeySequence, QShortcut
from PyQt6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLayout, QScrollArea, QVBoxLayout, QWidget

from zoetrope.core.export_batch import BatchReport
from zoetrope.core.export_options import ExportError
from zoetrope.core.sweep.durations import in_words
from zoetrope.gui.dialog_buttons import DialogButtons
from zoetrope.gui.export_caption import CaptionBox
from zoetrope.gui.export_choices import Choices
from zoetrope.gui.export_file import FileRow
from zoetrope.gui.export_form import ExportForm
from zoetrope.gui.export_preview import Preview
from zoetrope.gui.exporting import Exporter, Subject
from zoetrope.gui.language import say

if TYPE_CHECKING:
    from zoetrope.core.animation import Estimate

PREVIEW_AFTER_MS = 150
SIDE_WIDTH = 350
LINES_SHOWN = 4  # of a report of failures; the others are in its tooltip
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
        self._typing = False  # whether the format follows what is typed just now
        self._replacing: list[Path] = []  # the files that Export would replace now
        choices = subject.choices(remembered)
        self._debounce = QTimer(self)
        self._debounce.setSingleShot(True)
        self._debounce.setInterval(PREVIEW_AFTER_MS)
        self._debounce.timeout.connect(self._ask_preview)
        self.form = ExportForm(subject, choices)
        folder = Path(choices.folder) if choices.folder else Path.home()
        self.place = FileRow(folder, subject.lab_id, lambda: self.form.endings)
        self.file = self.place.edit
        self.caption = CaptionBox(choices.caption, choices.caption_file)
        self._build()
        self.place.edited.connect(self._follow_ending)
        self.form.changed.connect(self._changed)
        self.caption.changed.connect(self._check)
        self._changed()
        quit_ = QShortcut(QKeySequence("Ctrl+Q"), self)
        quit_.activated.connect(self._quit)
        self.setTabOrder(self.form, self.caption)
        self.form.format.setFocus()
        self.resize(980, 700)

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
        layout.addLayout(self.place)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setProperty("look", "warn")
        self.message.hide()
        layout.addWidget(self.message)
        buttons = DialogButtons(say("Progress of the export"))
        self.progress = buttons.progress
        self._buttons = buttons
        self.cancel = buttons.add(say("Close"), self._cancel, name="export_cancel")
        self.export = buttons.add(say("&Export"), self.start, name="export_button", default=True)
        layout.addLayout(buttons)

    def _picture(self) -> QLayout:
        """Return the preview, the words about it and the caption."""
        self.preview = Preview()
        grabbed = self._subject.grab(1.0)  # stands there until there is a real one
        self.preview.image = grabbed.convertToFormat(QImage.Format.Format_RGB32)
        self.preview.resized.connect(self._debounce.start)
        self.about = QLabel()
        self.about.setProperty("look", "muted")
        self.about.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout()
        column.addWidget(self.preview, 1)
        column.addWidget(self.about)
        column.addWidget(self.caption)
        return column

    # -- choices -----------------------------------------------------------------------------------

    def choices(self) -> Choices:
        """Return what is chosen now."""
        return self.form.choices(
            str(self.place.folder),
            caption=self.caption.form.currentData(),
            caption_file=self.caption.beside.isChecked(),
        )

    def _changed(self) -> None:
        known, whole = self.form.format_, self.form.series.whole
        self.place.follow(known, whole=whole, rename=not self._typing)
        choices = self.choices()
        self._about(choices)
        self.caption.show_caption(self._subject.caption(choices))
        self.caption.setVisible(known.drawn)
        self._keep_old()
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
        lines = text.split("\n")
        more = ["…"] if len(lines) > LINES_SHOWN else []
        self.message.setText("\n".join(lines[:LINES_SHOWN] + more))
        self.message.setToolTip(text if more else "")
        self.message.setVisible(bool(text))

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
            self._about(choices, say("estimating size and time…"))
            self._estimate_ticket = self._exporter.estimate(
                self._subject,
                choices,
                done=lambda coming: self._show_estimate(choices, coming),
                failed=lambda _: self._about(self.choices()),  # the export will say why
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
            self._about(choices, pictures)

    def _about(self, choices: Choices, film: str = "") -> None:
        """Say how large the figure will be, and what is known of its film."""
        self.about.setText("\n".join(filter(None, (choices.describe(), film))))

    # -- exporting --------------------------------------------------------------------------------

    def start(self) -> None:
        """Export with what is chosen."""
        choices = self.choices()
        try:
            path = self.place.named()
            batch = self.form.series.batch(choices.format)
            files = [path] if batch is None else self.form.series.paths(batch, path)
        except (ExportError, ValueError) as error:
            self._say(say(str(error)))
            self.file.setFocus()
            return
        there = [file for file in files if file.exists()]
        if there and self._replacing != there:
            self._replacing = there
            self.export.setText(say("&Replace"))
            self._say(
                say("Replace {name}? It is there already.", name=there[0].name)
                if len(there) == 1
                else say("Replace {count} files? They are there already.", count=len(there))
            )
            return
        self._keep_old()
        self._say("")
        self._ticket = self._exporter.export(
            self._subject,
            choices,
            path,
            batch=batch,
            progress=self._show_progress,
            done=self._done,
            failed=self._failed,
        )
        self._buttons.show_share(0.0, say("Starting…"))
        self.cancel.setText(say("Cancel"))
        self._check()

    def _follow_ending(self) -> None:
        """Choose the format that the typed ending names."""
        self._keep_old()
        if self.place.ending:
            self._typing = True
            self.form.choose_format(self.place.ending)
            self._typing = False

    def _keep_old(self) -> None:
        """Ask again before a file is replaced."""
        if self._replacing:
            self._replacing = []
            self.export.setText(say("&Export"))
            self._say("")

    def _show_progress(self, share: float, seconds_left: float | None) -> None:
        left = (
            ""
            if seconds_left is None
            else say(", {seconds_left} left", seconds_left=in_words(seconds_left))
        )
        self._buttons.show_share(share, f"%p %{left}")

    def _done(self, result: Path | BatchReport) -> None:
        self._rest()
        if isinstance(result, BatchReport) and result.failed:
            self._say(result.sentence)
            return
        path = result.written[0] if isinstance(result, BatchReport) else result
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
        whole = self.form.series.whole
        self._rest()
        self._say(
            say("The export was cancelled; the files that were done are there.")
            if whole
            else say("The export was cancelled; nothing was written.")
        )

    def _quit(self) -> None:
        """End the program; a running export is stopped only on a second wish."""
        if self._ticket is not None and self.message.text() != say(STILL_EXPORTING):
            self._say(say(STILL_EXPORTING))
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


def in_bytes(size: float) -> str:
    """Return the size of a file as "12 kB" or "3.4 MB", to two digits."""
    unit, shown = ("kB", size / 1e3) if size < 0.9995e6 else ("MB", size / 1e6)
    return f"{shown:.1f} {unit}" if shown < 9.95 else f"{shown:.0f} {unit}"
