"""The sweep window: a sweep is defined at the left and its picture fills in at the right."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QEvent, QMargins, QSize, Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from zoetrope.core.lab import Frame, Lab, Readout
from zoetrope.core.parameters import ParameterError, Parameters
from zoetrope.core.sweep.definition import Definition
from zoetrope.core.sweep.durations import in_words
from zoetrope.core.sweep.errors import SweepError
from zoetrope.core.sweep.messages import (
    Drawn,
    Ended,
    Estimate,
    Estimated,
    Open,
    Running,
    Show,
    Start,
    Stop,
)
from zoetrope.core.sweep.picture import PICK, PICK_X, PICK_Y, nearest
from zoetrope.core.sweep.progress import Progress, Where
from zoetrope.core.sweep.store import open_sweep
from zoetrope.core.sweep.worked import shown_of
from zoetrope.gui.canvas import Canvas
from zoetrope.gui.dialog_buttons import DialogButtons
from zoetrope.gui.dialog_message import DialogMessage
from zoetrope.gui.export_dialog import ExportDialog
from zoetrope.gui.exporting import Exporter, Subject
from zoetrope.gui.language import said_figure, say
from zoetrope.gui.sweep_form import SweepForm
from zoetrope.gui.sweep_link import SweepLink
from zoetrope.gui.sweep_view import SweepView
from zoetrope.gui.theme import appearance, current_theme

ESTIMATE_AFTER_MS = 500
SIDE_WIDTH = 320
SIZE = QSize(1080, 700)
MARGINS = QMargins(16, 16, 16, 16)  # of the main window that stays to be seen
EMPTY = "The picture fills in here while the sweep runs. Click a cell to open it in the lab."
STILL_RUNNING = "The sweep is running: close again to stop it. What is measured is kept."


class SweepDialog(QDialog):
    """Sweeps one lab. `cell_chosen` carries the lab, the parameters of a cell that was clicked and
    what it is, in words; `exported` the options of an export, as plain values; `started` the
    definition of a sweep, as JSON, whose cells keep their recipes.
    """

    cell_chosen = pyqtSignal(object, object, str)
    exported = pyqtSignal(object, object)
    started = pyqtSignal(str)

    def __init__(
        self,
        lab: Lab[Any],
        base: Parameters,
        readouts: Sequence[Readout],
        exporter: Exporter,
        *,
        cluster: str = "",
        device: str = "auto",
        remembered: Mapping[str, Any] | None = None,
        folder: Path | None = None,
        link: SweepLink | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("sweep")
        self.setWindowTitle(say("Sweep {title}", title=lab.title))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._lab, self._exporter = lab, exporter
        self._where = Where(cluster=cluster, device=device)
        self._remembered = dict(remembered or {})
        self._link = link or SweepLink(self)
        self._link.setParent(self)
        self._link.replied.connect(self._hear)
        self._link.died.connect(self._died)
        self._running, self._warned = False, False
        self._drawn: Drawn | None = None
        self._definition: Definition | None = None  # of what is drawn
        self._folder = folder or Path.home()
        self._opened: Path | None = None
        self._ticket = 0
        self.form = SweepForm(lab, base, readouts, _free(self._folder, lab.id))
        self._build()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(ESTIMATE_AFTER_MS)
        self._later.timeout.connect(self._estimate)
        self.form.changed.connect(self._changed)
        self.form.worked_chosen.connect(self._show_worked)
        self.view.changed.connect(lambda shown: self._link.send(Show(shown)))
        self._changed()
        room = parent.size().shrunkBy(MARGINS) if parent is not None else SIZE
        self.resize(SIZE.boundedTo(room))

    # -- building --------------------------------------------------------------------------------

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(10)
        upper = QHBoxLayout()
        upper.setSpacing(14)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.form)
        scroll.setFixedWidth(SIDE_WIDTH)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        upper.addWidget(scroll)
        upper.addLayout(self._picture(), 1)
        layout.addLayout(upper, 1)
        self.message = DialogMessage()
        self.message.setOpenExternalLinks(True)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        layout.addWidget(self.message)
        layout.addLayout(self._buttons())

    def _picture(self) -> QLayout:
        self.view = SweepView()
        self.view.setEnabled(False)
        self.canvas = Canvas(theme=current_theme(), empty_text=say(EMPTY))
        self.canvas.edited.connect(self._clicked)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            appearance(app).changed.connect(self.canvas.set_theme)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(self.view)
        column.addWidget(self.canvas, 1)
        return column

    def _buttons(self) -> QLayout:
        row = DialogButtons(say("Progress of the sweep"))
        self._row, self.progress = row, row.progress
        self.open_button = row.add(
            say("&Open…"), self._open, tip=say("Show a sweep that was made before")
        )
        self.compare = row.add(
            say("&Compare…"), self._compare, tip=say("Show another sweep beside this one"),
            enabled=False,
        )  # fmt: skip
        self.export = row.add(
            say("&Export…"), self._export, tip=say("Write the figure or its table to a file"),
            enabled=False,
        )  # fmt: skip
        row.add(say("Close"), self.reject)
        self.start = row.add(say("&Start"), self._start_or_stop, name="sweep_start", default=True)
        return row

    # -- defining --------------------------------------------------------------------------------

    def _changed(self) -> None:
        """Say what is wrong with the definition, or find out how long it will take."""
        if self._running:
            return
        self._warned = False
        try:
            definition = self.form.definition()
        except SweepError as error:
            self.start.setEnabled(False)
            self.message.tell(str(error), warn=True)
            self._later.stop()
            return
        self.start.setEnabled(True)
        self.message.tell(say("{size}; estimating the time…", size=_cells(definition.size)))
        self._later.start()

    def _estimate(self) -> None:
        if self._running:
            return
        try:
            definition = self.form.definition()
        except SweepError:
            return
        self._ticket += 1
        self._link.send(Estimate(self._ticket, definition.plain(), self._where))

    def _show_estimate(self, estimated: Estimated) -> None:
        if estimated.ticket != self._ticket or self._running:
            return
        if estimated.sentence:
            self.message.tell(estimated.sentence, warn=True)
            return
        try:
            size = self.form.definition().size
        except SweepError:
            return
        if estimated.seconds is None:
            self.message.tell(
                say(
                    "{size}. One takes long: nobody knows how long they all will.",
                    size=_cells(size),
                )
            )
            return
        where = say("on {workers} cores here", workers=estimated.workers)
        if self._where.cluster:
            where = say("on one machine; less on {cluster}", cluster=self._where.cluster)
        self.message.tell(
            say(
                "{size}, about {seconds} {where}.",
                size=_cells(size),
                seconds=in_words(estimated.seconds),
                where=where,
            )
        )

    def _show_worked(self, worked: Any) -> None:
        self.view.offer(list(worked.keep), two=len(worked.vary) > 1, repeats=worked.seeds > 1)
        self.view.choose(shown_of(worked))
        self._link.send(Show(shown_of(worked)))

    # -- running ---------------------------------------------------------------------------------

    def _start_or_stop(self) -> None:
        if self._running:
            self._link.send(Stop())
            self.start.setEnabled(False)
            self.message.tell(say("Stopping…"))
            return
        try:
            definition = self.form.definition()
        except SweepError as error:
            self.message.tell(str(error), warn=True)
            return
        self._later.stop()
        self._run(True)
        self._opened = self.form.path()
        if self.view.shown().readout not in definition.keep:
            self._offer(definition)
        self._link.send(Show(self.view.shown()))
        afresh = self.form.afresh.isChecked()
        plain = definition.plain()
        self.started.emit(json.dumps(plain))
        self._link.send(Start(plain, self._opened, self._where, afresh))
        self._row.show_share(0.0, say("Starting the workers…"))
        self.message.tell("")

    def _run(self, running: bool) -> None:
        self._running = running
        self.form.setEnabled(not running)
        self.open_button.setEnabled(not running)
        self.compare.setEnabled(not running and self._drawn is not None)
        self.progress.setVisible(running)
        self.start.setText(say("&Stop") if running else say("&Start"))
        self.start.setEnabled(True)

    def _hear(self, reply: Any) -> None:
        if isinstance(reply, Estimated):
            self._show_estimate(reply)
        elif isinstance(reply, Running):
            self._show_progress(reply.progress)
        elif isinstance(reply, Drawn):
            self._show_drawn(reply)
        elif isinstance(reply, Ended):
            self._run(False)
            self.message.tell(reply.sentence, warn=reply.failed)

    def _show_progress(self, progress: Progress) -> None:
        left = ""
        if progress.seconds_left is not None and progress.done < progress.total:
            left = say(", {seconds_left} left", seconds_left=in_words(progress.seconds_left))
        failed = say(", {failed:,} failed", failed=progress.failed) if progress.failed else ""
        words = say(
            "{done:,} of {total:,}{failed}{left}",
            done=progress.done, total=progress.total, failed=failed, left=left,
        )  # fmt: skip
        self._row.show_share(progress.done / max(progress.total, 1), words)
        if progress.said:
            self.message.tell(progress.said)
        elif progress.dashboard and not self._warned:
            link = f'<a href="{progress.dashboard}">{progress.dashboard}</a>'
            workers = (
                say("1 worker")
                if progress.workers == 1
                else say("{workers:,} workers", workers=progress.workers)
            )
            self.message.tell(
                say("On {workers}. Dask’s dashboard: {link}", workers=workers, link=link)
            )

    def _show_drawn(self, drawn: Drawn) -> None:
        if self._drawn is None or self._drawn.definition != drawn.definition:
            self._definition = Definition.from_plain(drawn.definition, {self._lab.id: self._lab})
            self._offer(self._definition)
            self.view.choose(drawn.shown)
        self._drawn = drawn
        self.view.setEnabled(True)
        self.export.setEnabled(True)
        self.compare.setEnabled(not self._running)
        self.canvas.show_figure(said_figure(drawn.figure))

    def changeEvent(self, event: QEvent | None) -> None:
        """Show the picture in the words of another language."""
        super().changeEvent(event)
        drawn = getattr(self, "_drawn", None)  # Qt may tell of changes while all is built
        if drawn and event is not None and event.type() == QEvent.Type.LanguageChange:
            self.canvas.show_figure(said_figure(drawn.figure))

    def _offer(self, definition: Definition) -> None:
        self.view.offer(
            definition.keep, two=len(definition.varied) > 1, repeats=definition.seeds > 1
        )

    def _died(self, sentence: str) -> None:
        self._run(False)
        self.message.tell(sentence, warn=True)

    # -- what was made before ----------------------------------------------------------------------

    def _open(self) -> None:
        folder = self._ask_folder(say("Open a sweep"))
        if folder is not None:
            self.open_folder(folder)

    def open_folder(self, folder: Path) -> None:
        """Show the sweep that a folder holds, with its definition."""
        try:
            definition = open_sweep(folder, {self._lab.id: self._lab}).definition
        except SweepError as error:
            self.message.tell(str(error), warn=True)
            return
        self._opened = folder
        self.form.show_definition(definition)
        self.form.folder.setText(str(folder))
        self.message.tell("")
        self._link.send(Open(folder))

    def _compare(self) -> None:
        other = self._ask_folder(say("Compare with a sweep"))
        if other is not None and self._opened is not None:
            self.message.tell("")
            self._link.send(Open(self._opened, other))

    def _ask_folder(self, title: str) -> Path | None:
        start = str((self._opened or self.form.path()).parent)
        path = QFileDialog.getExistingDirectory(self, title, start)
        return Path(path) if path else None

    def _export(self) -> None:
        drawn, definition = self._drawn, self._definition
        if drawn is None or definition is None:
            return
        canvas = self.canvas
        subject = Subject(
            self._lab, definition.base,
            Frame(figure=drawn.figure, tables=drawn.tables, varied=definition.changing),
            (canvas.width(), canvas.height()), canvas.theme.name, canvas.grab_image, still=True,
        )  # fmt: skip
        dialog = ExportDialog(self._exporter, subject, self._remembered, self)
        dialog.exported.connect(self.exported)
        dialog.open()

    # -- a cell ------------------------------------------------------------------------------------

    def _clicked(self, values: Mapping[str, float]) -> None:
        """Open the cell that was clicked in the lab, at its first seed."""
        drawn, definition = self._drawn, self._definition
        if drawn is None or definition is None:
            return
        if PICK in values:
            first, second = drawn.places[round(values[PICK])]
        elif PICK_X in values and PICK_Y in values:
            first, second = nearest(definition, drawn.shown, values[PICK_X], values[PICK_Y])
        else:
            return
        _, seconds, seeds = definition.shape
        cell = definition.cell((first * seconds + second) * seeds)
        try:
            parameters = definition.base.change(**cell.changes)
        except ParameterError as error:
            self.message.tell(say("This cell has no picture: {error}", error=error), warn=True)
            return
        words = ", ".join(f"{name} = {value}" for name, value in cell.changes.items())
        self.cell_chosen.emit(self._lab, parameters, say("the sweep’s cell {words}", words=words))

    # -- the end -----------------------------------------------------------------------------------

    def reject(self) -> None:
        """Close, as Esc and the cross do; a sweep that runs is stopped only on a second wish."""
        if self._running and not self._warned:
            self._warned = True
            self.message.tell(STILL_RUNNING, warn=True)
            return
        self.end()
        super().reject()

    def end(self) -> None:
        """Stop everything, whatever runs."""
        self._later.stop()
        self._running = False
        self._link.close()


def _cells(count: int) -> str:
    return say("1 cell") if count == 1 else say("{count:,} cells", count=count)


def _free(folder: Path, lab_id: str) -> Path:
    """Return a name for a sweep that no folder has."""
    path, number = folder / f"{lab_id}-sweep.parquet", 1
    while path.exists():
        number += 1
        path = folder / f"{lab_id}-sweep-{number}.parquet"
    return path
