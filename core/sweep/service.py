"""The process that runs sweeps for a window: it measures, sums up and describes the picture.

It lives as long as the window does. A sweep that is stopped, or whose window is gone, keeps all
that was measured.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import threading
import time
import traceback
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from zoetrope.core.recipe import RecipeError
from zoetrope.core.sweep.cells import Labs
from zoetrope.core.sweep.definition import Definition
from zoetrope.core.sweep.errors import SweepError, SweepStoppedError
from zoetrope.core.sweep.messages import (
    Drawn,
    Ended,
    Estimate,
    Estimated,
    Open,
    Reply,
    Request,
    Running,
    Show,
    Start,
    Stop,
)
from zoetrope.core.sweep.picture import Shown, columns, comparison, picture, point_places
from zoetrope.core.sweep.progress import Progress
from zoetrope.core.sweep.results import Results
from zoetrope.core.sweep.run import run_sweep
from zoetrope.core.sweep.store import Row, open_sweep
from zoetrope.core.sweep.tasks import spread, task_of
from zoetrope.core.sweep.trial import try_cells
from zoetrope.core.sweep.workers import check_installed, cores

DRAW_EVERY = 0.3  # seconds between two pictures of a sweep at work, at least
DRAW_SHARE = 10.0  # times as long as a picture takes to make


class _StoppedError(BaseException):
    """The person, or a newer request, wants what is going on to end."""


def serve(pipe: Connection, labs: Labs) -> None:
    """Answer requests until the other side is gone: the whole life of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal is for the program itself
    if hasattr(os, "nice"):
        os.nice(5)  # the window comes first
    service = _Service(pipe, labs)
    while service.answer():
        pass


class _Service:
    """What is shown now, and the requests that wait."""

    def __init__(self, pipe: Connection, labs: Labs) -> None:
        self._pipe, self._labs = pipe, labs
        self._inbox: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._first: Request | None = None  # that was read too early
        self._gone = False
        self._results: Results | None = None
        self._other: tuple[Results, tuple[str, str]] | None = None
        self._shown: Shown | None = None
        self._drawn, self._drawing = 0.0, 0.0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                self._inbox.put(self._pipe.recv())
        self._inbox.put(None)

    def _send(self, reply: Reply) -> None:
        with contextlib.suppress(OSError):
            self._pipe.send(reply)

    def answer(self) -> bool:
        """Carry out one request; False when there is nobody left to answer."""
        request = self._first or self._inbox.get()
        self._first = None
        if request is None or self._gone:
            return False
        try:
            if isinstance(request, Estimate):
                self._estimate(request)
            elif isinstance(request, Start):
                self._run(request)
            elif isinstance(request, Open):
                self._open(request)
            elif isinstance(request, Show):
                self._shown = request.shown
                self._draw()
        except _StoppedError:
            pass
        except (SweepError, SweepStoppedError, RecipeError) as error:
            self._send(Ended(str(error), failed=True))
        except Exception as error:  # whatever it was, the window is told and the next one served
            from zoetrope.core.failure import explain

            failure = explain(error)
            details = "".join(traceback.format_exception(error))
            self._send(Ended(f"{failure.sentence} {failure.hint}".strip(), True, details))
        return not self._gone

    # -- while something goes on -------------------------------------------------------------------

    def _check(self) -> None:
        """Hear what was asked meanwhile: another view at once, all else ends what goes on."""
        while not self._inbox.empty():
            request = self._inbox.get()
            if isinstance(request, Show):
                self._shown = request.shown
                self._draw()
                continue
            self._gone = request is None
            if not isinstance(request, Stop):
                self._first = request
            raise _StoppedError

    def _estimate(self, request: Estimate) -> None:
        workers = request.where.workers or cores()
        try:
            check_installed()
            definition = Definition.from_plain(request.definition, self._labs())
            changes = [dict(cell.changes) for cell in spread(definition)]
            trial = try_cells(
                task_of(definition, request.where), changes, check=self._check, labs=self._labs
            )
        except (SweepError, SweepStoppedError, RecipeError) as error:
            self._send(Estimated(request.ticket, None, workers, str(error)))
            return
        seconds = trial.seconds
        total = None if seconds is None else seconds * definition.size / workers
        self._send(Estimated(request.ticket, total, workers))

    def _run(self, request: Start) -> None:
        definition = Definition.from_plain(request.definition, self._labs())
        self._results, self._other = Results(definition), None
        stopped = False
        last: Progress | None = None

        def tell(progress: Progress, rows: Sequence[Row]) -> None:
            nonlocal last
            last = progress
            assert self._results is not None
            self._results.add(rows)
            self._send(Running(progress))
            waited = time.monotonic() - self._drawn
            if progress.done == progress.total or waited > max(
                DRAW_EVERY, DRAW_SHARE * self._drawing
            ):
                self._draw()

        try:
            run_sweep(
                definition, request.folder, request.where,
                afresh=request.afresh, tell=tell, check=self._check,
            )  # fmt: skip
        except _StoppedError:
            stopped = True
        self._draw()
        self._send(Ended(_said(last, request.folder, stopped)))

    def _open(self, request: Open) -> None:
        first = self._read(request.folder)
        if request.other is None:
            self._results, self._other = first, None
        else:
            second = self._read(request.other)
            common = [key for key in first.values if key in second.values]
            if not common:
                raise SweepError("These two sweeps keep no readout in common.")
            if first.definition.lab is not second.definition.lab:
                raise SweepError("These two sweeps are of different labs.")
            self._results = first
            self._other = second, (request.folder.stem, request.other.stem)
            if self._shown is None or self._shown.readout not in common:
                self._shown = Shown(common[0])
        if self._shown is None or self._shown.readout not in first.values:
            self._shown = Shown(next(iter(first.values)))
        self._draw()

    def _read(self, folder: Path) -> Results:
        check_installed()
        store = open_sweep(folder, self._labs())
        results = Results(store.definition)
        results.add(list(store.rows()))
        return results

    def _draw(self) -> None:
        """Send the picture of what is known now."""
        results = self._results
        if results is None or not results.values:
            return
        if self._shown is None or self._shown.readout not in results.values:
            self._shown = Shown(next(iter(results.values)))
        began, shown = time.monotonic(), self._shown
        places: tuple[tuple[int, int], ...] = ()
        if self._other is None:
            figure = picture(results, shown)
            if len(results.definition.varied) < 2 or shown.form == "curves":
                places = point_places(results, shown)
        else:
            figure = comparison(results, self._other[0], shown, self._other[1])
        self._send(
            Drawn(figure, places, columns(results, shown), results.definition.plain(), shown)
        )
        self._drawn, self._drawing = time.monotonic(), time.monotonic() - began


def _said(last: Progress | None, folder: Path, stopped: bool) -> str:
    done, total, failed = (last.done, last.total, last.failed) if last else (0, 0, 0)
    if stopped:
        return f"Stopped. {done:,} of {total:,} cells are kept; Start goes on from there."
    wrong = f", {failed:,} of them with an error instead of numbers" if failed else ""
    before = f", {last.taken:,} of them measured before" if last and last.taken else ""
    return f"{done:,} cells in {folder.name}{wrong}{before}."
