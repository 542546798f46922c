"""The life of the application: made, shown, listened to, and ended."""

from __future__ import annotations

import faulthandler
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, NoReturn

from PyQt6.QtCore import QEvent, QObject, QSocketNotifier, Qt, QTimer
from PyQt6.QtWidgets import QApplication, QWidget

import zoetrope
from zoetrope.core.device import share_heaps
from zoetrope.core.engine import Engine
from zoetrope.core.lab import Lab
from zoetrope.core.registry import registry
from zoetrope.gui import session as sessions
from zoetrope.gui.errors import ErrorHooks
from zoetrope.gui.lab_page import LabPage
from zoetrope.gui.log_panel import LogHandler
from zoetrope.gui.settings_file import config_folder
from zoetrope.gui.window import MainWindow

log = logging.getLogger(__name__)


def make_window(
    folder: Path,
    log_handler: LogHandler | None = None,
    hooks: ErrorHooks | None = None,
    *,
    config: Path | None = None,
    plays: bool = False,
) -> MainWindow:
    """Return the main window with all labs, an engine and the session of `folder`.

    The settings are those of the folder `config`, by default of the same. With `plays` what moves
    by itself begins to, as for a person; a picture of the window is to be the same each time.
    """

    def make_page(lab: Lab[Any], engine: Engine, parent: QWidget) -> LabPage:
        return LabPage(lab, engine, parent)

    def make_engine(
        labs: Mapping[str, Lab[Any]], notify: Callable[[str], None], device: str
    ) -> Engine:
        return Engine(labs, notify, device=device)

    return MainWindow(
        registry(),
        folder=folder,
        config=config,
        make_page=make_page,
        make_engine=make_engine,
        log_handler=log_handler,
        hooks=hooks,
        plays=plays,
    )


def run(files: Sequence[Path] = ()) -> int:
    """Show the window, open files in it, and return the exit status when it was closed."""
    share_heaps()
    QApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    app = QApplication(["zoetrope"])
    app.setApplicationName("zoetrope")
    app.setApplicationDisplayName("Zoetrope")
    app.setApplicationVersion(zoetrope.__version__)
    app.setDesktopFileName("zoetrope")
    folder, config = sessions.state_folder(), config_folder()
    handler = LogHandler()
    logging.getLogger().addHandler(handler)
    logging.getLogger("zoetrope").setLevel(logging.INFO)
    hooks = ErrorHooks(app)
    hooks.install()
    crash_file = _log_crashes(folder)
    try:
        window = make_window(folder, handler, hooks, config=config, plays=True)
        end = _end_on_signals(window.close, app)
        window.show()
        for path in files:
            window.opener.open_file(path)
        QTimer.singleShot(2000, lambda: [*map(sessions.sweep, {folder, config})])
        QTimer.singleShot(2000, window.intake.tidy)
        status = app.exec()
        end()
        # Now, while all that it needs is there, and not in whatever order the interpreter ends in.
        window.deleteLater()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    finally:
        hooks.uninstall()
        logging.getLogger().removeHandler(handler)
        if crash_file is not None:
            faulthandler.disable()
            crash_file.close()
    if any(thread.daemon for thread in threading.enumerate()):
        _leave_at_once(status)
    return status


def _leave_at_once(status: int) -> NoReturn:
    """End the process though a thread still works: the compute thread, loading torch perhaps.

    All is saved and closed. The interpreter's own end would wait for that thread's native code,
    or take away what it stands on.
    """
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _log_crashes(folder: Path) -> IO[str] | None:
    """Have the interpreter write where it was if it is ever killed by its own fault."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / "crash.log").open("w", encoding="utf-8")
    except OSError as error:
        log.info("crashes are not logged: %s", error.strerror or error)
        return None
    faulthandler.enable(file)
    return file


def _end_on_signals(close: Callable[[], object], parent: QObject) -> Callable[[], None]:
    """Close the window on Ctrl+C in the terminal and on the system's request to end.

    Python's handlers run only when its interpreter does, which Qt's loop prevents: so the signal
    also writes a byte to a socket that the loop listens to. Returns what undoes all this.
    """
    receiver, sender = socket.socketpair()
    for end in (receiver, sender):
        end.setblocking(False)
    notifier = QSocketNotifier(receiver.fileno(), QSocketNotifier.Type.Read, parent)  # type: ignore[call-overload]

    def heard() -> None:
        if set(receiver.recv(64)) & {signal.SIGINT, signal.SIGTERM}:
            close()

    notifier.activated.connect(heard)
    previous_fd = signal.set_wakeup_fd(sender.fileno())
    previous = {
        number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)
    }

    def undo() -> None:
        notifier.setEnabled(False)
        signal.set_wakeup_fd(previous_fd)
        for number, handler in previous.items():
            signal.signal(number, handler)
        receiver.close()
        sender.close()

    return undo
