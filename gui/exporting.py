"""Exports from the window: a child process does them, its answers come back on the GUI thread."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from PyQt6.QtCore import QByteArray, QMimeData, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication, QImage

from zoetrope.core.caption import Caption, caption
from zoetrope.core.comparison import Compared
from zoetrope.core.key_frames import KeyFrames
from zoetrope.core.lab import Frame, Lab
from zoetrope.core.parameters import Parameters
from zoetrope.core.recipe import Recipe
from zoetrope.core.recorded_drag import LAST_DRAG, RecordedDrag
from zoetrope.gui.export_animate import KEY_FRAMES, animated_numbers, fitting, shown_drag
from zoetrope.gui.export_choices import Choices
from zoetrope.gui.export_formats import Format, free_name, offered
from zoetrope.gui.language import language, say, spoken_caption
from zoetrope.gui.notices import Notices
from zoetrope.gui.quantities import number_format

if TYPE_CHECKING:
    from zoetrope.core.animation import Estimate
    from zoetrope.core.export_batch import Batch
    from zoetrope.core.export_messages import Reply, Request
    from zoetrope.core.export_options import ExportOptions

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is exported: a lab's state and its picture, and how large that is on the screen."""

    lab: Lab[Any]
    parameters: Parameters
    frame: Frame
    screen_size: tuple[int, int]
    screen_theme: str
    grab: Callable[[float], QImage]
    device: str = "cpu"
    up_to_date: bool = True  # whether the frame is what the parameters come to
    drag: RecordedDrag | None = None  # the last one that this page can show
    key_frames: KeyFrames | None = None  # the film through them, where there are two at least
    still: bool = False  # whether the frame is no picture of the lab that could move

    @classmethod
    def of(cls, lab: Lab[Any], page: Any, screen_theme: str, device: str) -> Self:
        """Return the subject of a lab's page as it is shown."""
        canvas = page.canvas
        return cls(
            page.pins.compared(lab),
            page.parameters,
            page.shown_frame,
            (canvas.width(), canvas.height()),
            screen_theme,
            canvas.grab_image,
            device,
            page.frame.final and page.frame_parameters == page.parameters and page.pins.settled,
            shown_drag(page.last_drag, page.parameters, page.frame),
            page.film,
        )

    @property
    def lab_id(self) -> str:
        """The lab's id."""
        return self.lab.id

    @property
    def title(self) -> str:
        """The lab's title."""
        return self.lab.title

    @property
    def animated(self) -> bool:
        """Whether there is something to animate."""
        if self.still:
            return False
        plays = self.parameters.playhead_name() is not None
        numbers = animated_numbers(self.parameters, self.frame)
        return plays or bool(numbers or self.drag or self.key_frames)

    @property
    def formats(self) -> list[Format]:
        """The formats that it can be exported to, the lab's own among them."""
        return offered(self.animated, self.frame.files)

    def choices(self, remembered: Mapping[str, Any]) -> Choices:
        """Return the choices of last time, made to fit what this page offers."""
        choices = Choices.adapt(remembered)
        if choices.format not in [known.ending for known in self.formats]:
            choices = replace(choices, format="svg")
        fits = fitting(choices.animate, self)
        return replace(choices, animate=fits)

    @property
    def panels(self) -> list[tuple[str, str]]:
        """The panels' names and their titles, or the names again where they have none."""
        return [
            (panel.name, panel.title or panel.name.capitalize())
            for panel in self.frame.figure.panels
        ]

    @property
    def panel_names(self) -> list[str]:
        """The names alone."""
        return [name for name, _ in self.panels]

    def own_text(self, ending: str) -> str | None:
        """Return the lab's own text for such a file; None where it has none."""
        own = self.frame.files.get(ending)
        return own.content if own is not None and isinstance(own.content, str) else None

    def describe(self, ending: str) -> str:
        """Say which arrays or columns a file of numbers will hold, or how large a file will be."""
        own = self.frame.files.get(ending)
        content = own.content if own is not None else None
        if own is not None and isinstance(content, bytes):
            return say("{name}, {size} kB.", name=own.name, size=max(1, round(len(content) / 1000)))
        if isinstance(content, Mapping):
            return say("Arrays: {content}", content=", ".join(content))
        names = list(self.frame.tables)
        if not names:
            return say("There are no numbers to write for this page of the lab.")
        return say("{count} columns: {names}", count=len(names), names=", ".join(names))

    def caption(self, choices: Choices) -> Caption:
        """Return the caption of the figure, with the panels that are chosen."""
        shown = [name for name in self.panel_names if name not in choices.hidden]
        told = caption(
            self.lab, self.parameters, self.frame, panels=shown or None, letters=choices.letters
        )
        return spoken_caption(told)

    def recipe(self) -> Recipe:
        """Return the recipe of the state."""
        return Recipe.of(self.lab, self.parameters)


OnFailure = Callable[[str], None]


@dataclass(slots=True)
class _Waiting:
    done: Callable[[Any], None]
    failed: OnFailure
    progress: Callable[[float, float | None], None] | None


class Exporter(QObject):
    """Hands work to the export process, which is started when first needed.

    `leaving` carries the recipe of each figure that is to be written, as JSON.
    """

    leaving = pyqtSignal(str)
    _replied = pyqtSignal(object)

    def __init__(
        self,
        make_process: Callable[[Callable[[Any], None]], Any] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._make_process = make_process or _make_process
        self._process: Any = None
        self._waiting: dict[int, _Waiting] = {}
        self._closed = False
        self._hearing = threading.Lock()
        self._replied.connect(self._deliver, Qt.ConnectionType.QueuedConnection)  # type: ignore[call-arg]

    def preview(
        self,
        subject: Subject,
        choices: Choices,
        room: tuple[int, int],
        *,
        done: Callable[[QImage], None],
        failed: OnFailure,
    ) -> int:
        """Draw the figure as the choices say, to fit `room` in pixels. Returns a ticket."""

        def show(data: bytes) -> None:
            done(QImage.fromData(data))

        options = choices.preview_options(subject.panel_names, room)
        return self._submit(request_for(subject, options, None), _Waiting(show, failed, None))

    def estimate(
        self,
        subject: Subject,
        choices: Choices,
        *,
        done: Callable[[Estimate], None],
        failed: OnFailure,
    ) -> int:
        """Find out how long an animation will take and how large it will be. Returns a ticket."""
        request = request_for(subject, choices.options(subject.panel_names), None)
        request = replace(request, estimated=choices.format)
        return self._submit(request, _Waiting(done, failed, None))

    def export(
        self,
        subject: Subject,
        choices: Choices,
        path: Path,
        *,
        progress: Callable[[float, float | None], None],
        done: Callable[[Any], None],
        failed: OnFailure,
        batch: Batch | None = None,
    ) -> int:
        """Write a file, or a `batch` to a folder. Returns a ticket.

        `done` is given the file's path, or the batch's report.
        """
        film = subject.key_frames
        self.leaving.emit(Recipe.of(subject.lab, subject.parameters, key_frames=film).to_json())
        panels = subject.panel_names if batch is None else ()
        request = replace(request_for(subject, choices.options(panels), path), batch=batch)
        return self._submit(request, _Waiting(done, failed, progress))

    def cancel(self, ticket: int) -> None:
        """Stop a piece of work and remove what it began to write; nothing more is heard of it."""
        if self._waiting.pop(ticket, None) is not None and self._process is not None:
            self._process.cancel(ticket)

    def forget(self, ticket: int) -> None:
        """Let a piece of work run to its end, and hear nothing more of it."""
        self._waiting.pop(ticket, None)

    def close(self) -> None:
        """End the process."""
        with self._hearing:  # a signal under way must not find this object half gone
            self._closed = True
        self._waiting.clear()
        if self._process is not None:
            self._process.close()
            self._process = None

    def warm_up(self) -> None:
        """Start the process ahead of need: it takes a second to load what it draws with."""
        if self._process is None and not self._closed:
            self._process = self._make_process(self._hear)

    def _submit(self, request: Any, waiting: _Waiting) -> int:
        self.warm_up()
        ticket = int(self._process.submit(request))
        self._waiting[ticket] = waiting
        return ticket

    def _hear(self, reply: Reply) -> None:
        """Take an answer on the process's listener thread."""
        with self._hearing:
            if self._closed:
                return
            try:
                self._replied.emit(reply)
            except RuntimeError:  # the window went away without closing this
                return

    def _deliver(self, reply: Reply) -> None:
        from zoetrope.core.export_messages import Done, Failed, Progress

        if isinstance(reply, Progress):
            waiting = self._waiting.get(reply.ticket)
            if waiting is not None and waiting.progress is not None:
                waiting.progress(reply.fraction, reply.seconds_left)
            return
        waiting = self._waiting.pop(reply.ticket, None)
        if waiting is None:  # cancelled or forgotten meanwhile
            return
        if isinstance(reply, Done):
            waiting.done(reply.result)
        elif isinstance(reply, Failed):
            log.warning("export failed: %s", reply.details or reply.sentence)
            waiting.failed(say(reply.sentence))


def _make_process(notify: Callable[[Reply], None]) -> Any:
    from zoetrope.core.export_process import ExportProcess  # loads what the first paint can spare

    return ExportProcess(notify)


def request_for(subject: Subject, options: ExportOptions, path: Path | None) -> Request:
    """Return the request for a file, or for a preview where there is no path."""
    from zoetrope.core.export_messages import Request

    options = replace(options, language=language(), numbers=number_format())
    if options.animate == LAST_DRAG and subject.drag is not None:
        options = replace(options, animate=subject.drag)
    if options.animate == KEY_FRAMES and subject.key_frames is not None:
        options = replace(options, animate=subject.key_frames)
    return Request(
        lab=subject.lab_id,
        parameters=subject.parameters.plain(),
        path=path,
        options=options,
        frame=subject.frame if subject.up_to_date else None,
        comparison=subject.lab.comparison if isinstance(subject.lab, Compared) else None,
        device=subject.device,
    )


def export_again(
    exporter: Exporter,
    subject: Subject,
    remembered: Mapping[str, Any],
    notices: Notices,
    said: Callable[[str], None],
) -> None:
    """Export with the choices of last time, under the next free name beside the last file."""
    choices = subject.choices(remembered)
    folder = Path(choices.folder) if choices.folder else Path.home()
    path = free_name(folder, subject.lab_id, choices.format)
    said(say("Exporting {name}…", name=path.name))
    exporter.export(
        subject,
        choices,
        path,
        progress=lambda share, _left: said(
            say("Exporting {name}: {share:.0f} %", name=path.name, share=100 * share)
        ),
        done=lambda written: said(say("Exported to {written}", written=written)),
        failed=lambda text: notices.say(
            say("{name} was not exported. {text}", name=path.name, text=text), "warning"
        ),
    )


def copy_figure(
    exporter: Exporter, subject: Subject, notices: Notices, said: Callable[[str], None]
) -> None:
    """Put the figure on the clipboard as a picture, a drawing (SVG) and its recipe code.

    The picture and the code are there at once; the drawing joins them when it is made, unless
    something else was copied meanwhile.
    """
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    image, code = subject.grab(2.0), subject.recipe().to_code()

    def put(drawing: bytes | None) -> None:
        data = QMimeData()
        data.setImageData(image)
        data.setText(code)
        if drawing is not None:
            data.setData("image/svg+xml", QByteArray(drawing))
        clipboard.setMimeData(data)

    put(None)
    said(say("The figure is on the clipboard."))
    folder = tempfile.TemporaryDirectory(prefix="zoetrope-")
    path = Path(folder.name) / "figure.svg"
    width, height = subject.screen_size
    choices = Choices(
        format="svg",
        unit="px",
        size="screen",
        width=float(width),
        height=float(height),
        theme=subject.screen_theme,
        font_size=9.0,
        letters=False,
    )

    def done(written: Path) -> None:
        drawing = written.read_bytes()
        folder.cleanup()
        if clipboard.text() == code:
            put(drawing)

    def failed(text: str) -> None:
        folder.cleanup()
        notices.say(say("The figure was copied as a picture only. {text}", text=text), "info")

    exporter.export(subject, choices, path, progress=lambda *_: None, done=done, failed=failed)
