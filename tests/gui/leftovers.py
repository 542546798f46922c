"""What a test must not leave behind: top-level widgets, running timers, threads."""

from __future__ import annotations

import functools
import gc
import sys
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PyQt6 import sip
from PyQt6.QtCore import QCoreApplication, QEvent, QTimer
from PyQt6.QtWidgets import QApplication, QWidget

PATIENCE = 10.0  # seconds that a thread or a deletion under way has to end

_started: weakref.WeakKeyDictionary[QTimer, str] = weakref.WeakKeyDictionary()


def watch_timers() -> Callable[[], None]:
    """Remember every timer that is started from Python, and where; return what ends this."""
    start = QTimer.start

    @functools.wraps(start)
    def noted(timer: QTimer, *arguments: Any) -> None:
        _started[timer] = _caller()
        start(timer, *arguments)

    QTimer.start = noted  # type: ignore[method-assign]

    def undo() -> None:
        QTimer.start = start  # type: ignore[method-assign]

    return undo


def _caller() -> str:
    frame = sys._getframe(2)
    return f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno} {frame.f_code.co_name}"


class Before:
    """What there was when a test began."""

    def __init__(self) -> None:
        self._widgets = _top_level_widgets()
        self._timers = set(_running_timers())
        self._threads = set(threading.enumerate())

    def leftovers(self) -> list[str]:
        """Return what came since and is still there, in words."""
        deadline = time.monotonic() + PATIENCE
        _delete_what_should_be()
        found = self._found()
        if found:  # cycles of Python objects that nobody holds are no leak
            gc.collect()
        while found and time.monotonic() < deadline:
            _delete_what_should_be()
            found = self._found()
            if found:
                time.sleep(0.02)
        return found

    def clear_away(self) -> None:
        """Delete the windows and stop the timers that are left."""
        for widget in _top_level_widgets():
            if widget not in self._widgets and widget.parentWidget() is None:
                widget.close()
                widget.deleteLater()
        _delete_what_should_be()
        for timer in _running_timers():
            if timer not in self._timers:
                timer.stop()

    def _found(self) -> list[str]:
        widgets = [w for w in _top_level_widgets() if w not in self._widgets]
        # What belongs to a window that is left goes with it: a popup, a menu.
        roots = [w for w in widgets if not any(o is not w and o in widgets for o in _owners(w))]
        return [
            *(f"the window {_named(widget)}" for widget in roots),
            *(
                f"a timer of {interval} ms that runs, started at {where}"
                for timer, where, interval in _running_details()
                if timer not in self._timers
            ),
            *(
                f"the thread {thread.name!r}"
                for thread in threading.enumerate()
                if thread not in self._threads
            ),
        ]


def _delete_what_should_be() -> None:
    app = QCoreApplication.instance()
    if app is not None:
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        app.processEvents()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _top_level_widgets() -> list[QWidget]:
    app = QCoreApplication.instance()
    if not isinstance(app, QApplication):
        return []
    # Qt keeps the label of the last tool tip for itself.
    return [w for w in app.topLevelWidgets() if not w.inherits("QTipLabel")]


def _running_timers() -> list[QTimer]:
    return [t for t in list(_started) if not sip.isdeleted(t) and t.isActive()]


def _running_details() -> list[tuple[QTimer, str, int]]:
    return [(timer, _started[timer], timer.interval()) for timer in _running_timers()]


def _owners(widget: QWidget) -> list[QWidget]:
    owners = []
    parent = widget.parentWidget()
    while parent is not None:
        owners.append(parent)
        parent = parent.parentWidget()
    return owners


def _named(widget: QWidget) -> str:
    words = widget.objectName() or widget.windowTitle() or widget.accessibleName()
    return f"{type(widget).__name__} {words!r}"
