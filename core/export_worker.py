"""The export process from within: it answers requests one after the other."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import time
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from typing import Any

from zoetrope.core.comparison import Compared
from zoetrope.core.device import Context, resolve_device
from zoetrope.core.export import estimate, export, preview
from zoetrope.core.export_batch import export_batch
from zoetrope.core.export_messages import READY, Done, Failed, Progress, Reply, Request, details
from zoetrope.core.export_options import ExportError
from zoetrope.core.lab import Lab

Labs = Callable[[], Mapping[str, Lab[Any]]]
REPORTS_EVERY = 0.1  # seconds between two reports of progress


def serve(pipe: Connection, labs: Labs) -> None:
    """Answer requests until the other side is gone: the whole life of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal is for the program itself
    if hasattr(os, "setpgrp"):
        os.setpgrp()  # so that a video encoder goes with this process
        os.nice(5)  # the window comes first
    with contextlib.suppress(OSError):
        pipe.send(READY)
    import matplotlib.backends.backend_agg
    import matplotlib.figure  # noqa: F401

    while True:
        try:
            ticket, packed = pipe.recv()
            pipe.send(_answer(pipe, ticket, packed, labs))
        except (EOFError, OSError):
            return


def _answer(pipe: Connection, ticket: int, packed: bytes, labs: Labs) -> Reply:
    """Carry out one request."""
    try:
        request: Request = pickle.loads(packed)
        lab = labs().get(request.lab)
        if lab is None:
            raise ExportError(f"The lab {request.lab!r} is not installed.")
        parameters = lab.parameters.make(request.parameters)
        if request.comparison is not None and request.batch is None:
            lab = Compared(lab, request.comparison)
        context = Context(lambda: resolve_device(request.device))
        if request.estimated:
            coming = estimate(lab, parameters, request.estimated, request.options, context=context)
            return Done(ticket, coming)
        if request.path is None:
            picture = preview(
                lab, parameters, request.options, frame=request.frame, context=context
            )
            return Done(ticket, picture)
        if request.batch is not None:
            report = export_batch(
                lab,
                parameters,
                request.batch,
                request.path,
                request.options,
                context=context,
                progress=_Reporter(pipe, ticket),
            )
            return Done(ticket, report)
        path = export(
            lab,
            parameters,
            request.path,
            request.options,
            frame=request.frame,
            context=context,
            progress=_Reporter(pipe, ticket),
        )
        return Done(ticket, path)
    except ExportError as error:
        return Failed(ticket, str(error), details(error))
    except Exception as error:
        from zoetrope.core.failure import explain

        failure = explain(error)
        return Failed(ticket, f"{failure.sentence} {failure.hint}".strip(), failure.details)


KNOWN_FROM = 2.0  # pictures or files that must be done before the time left can be told


class _Reporter:
    """Reports progress now and then, with an estimate of the time left."""

    def __init__(self, pipe: Connection, ticket: int) -> None:
        self._pipe = pipe
        self._ticket = ticket
        self._began: float | None = None
        self._reported = 0.0

    def __call__(self, done: float, total: int) -> None:
        now = time.monotonic()
        if self._began is None:
            self._began = now
        if done < total and now - self._reported < REPORTS_EVERY:
            return
        self._reported = now
        left = (now - self._began) * (total - done) / done if done > KNOWN_FROM else None
        self._pipe.send(Progress(self._ticket, done / total, left))
