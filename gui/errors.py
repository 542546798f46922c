"""Exceptions that nobody caught, and Qt's own warnings: into the log, and told in a notice."""

from __future__ import annotations

import logging
import platform
import re
import sys
import threading
import traceback
from collections.abc import Iterable
from types import TracebackType

from PyQt6.QtCore import (
    PYQT_VERSION_STR,
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    pyqtSignal,
    qInstallMessageHandler,
    qVersion,
)
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

import zoetrope
from zoetrope.gui.language import say

SENTENCE = "Something went wrong; your session is saved."
log = logging.getLogger("zoetrope")
qt_log = logging.getLogger("qt")
QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class ErrorHooks(QObject):
    """Catches what escapes, on every thread. `caught` carries the traceback, on the GUI thread."""

    caught = pyqtSignal(str)
    _raised = pyqtSignal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._raised.connect(self.caught, Qt.ConnectionType.QueuedConnection)  # type: ignore[call-arg]

    def install(self) -> None:
        """Take the place of the interpreter's, the threads' and Qt's handlers."""
        sys.excepthook = self.hook
        threading.excepthook = self._thread_hook
        qInstallMessageHandler(self._qt_message)

    def uninstall(self) -> None:
        """Give the handlers back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        qInstallMessageHandler(None)

    def hook(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        """Log an uncaught exception and pass its traceback on."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        details = "".join(traceback.format_exception(kind, error, trace))
        log.error("uncaught exception\n%s", details.rstrip())
        try:
            self._raised.emit(details)
        except RuntimeError:  # the program is ending
            sys.__excepthook__(kind, error, trace)

    def _thread_hook(self, arguments: threading.ExceptHookArgs) -> None:
        error = arguments.exc_value
        if error is not None and not isinstance(error, SystemExit):
            self.hook(type(error), error, arguments.exc_traceback)

    def _qt_message(
        self, kind: QtMsgType, context: QMessageLogContext, message: str | None
    ) -> None:
        qt_log.log(QT_LEVELS.get(kind, logging.WARNING), "%s", message)


def without_paths(text: str) -> str:
    """Return the text with folders left out: a report names no one's home and no one's data."""
    text = re.sub(r'File "([^"]*)"', lambda match: f'File "{_source_name(match[1])}"', text)
    text = re.sub(r"(?<![\w.)])(?:/[^\s\"':;,/]+)+/([^\s\"':;,/]*)", r"…/\1", text)
    return re.sub(r"\b[A-Za-z]:\\(?:[^\\\s\"]+\\)*", "…/", text)


def _source_name(path: str) -> str:
    """Return a source file's path from its package on."""
    parts = path.replace("\\", "/").split("/")
    for root in ("site-packages", "zoetrope", "core", "gui"):
        if root in parts[:-1]:
            return "/".join(parts[len(parts) - 1 - parts[::-1].index(root) :])
    return parts[-1]


def versions() -> list[str]:
    """Return this program's version and those of what it stands on."""
    from importlib.metadata import PackageNotFoundError, version

    found = [f"zoetrope {zoetrope.__version__}", f"Python {platform.python_version()}"]
    found += [f"Qt {qVersion()}", f"PyQt {PYQT_VERSION_STR}"]
    for package in ("pyqtgraph", "numpy", "torch", "matplotlib"):
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            found.append(f"{package} missing")
    return found


def report(details: str, log_lines: Iterable[str] = (), about: Iterable[str] = ()) -> str:
    """Return a report that helps to mend an error: versions, what happened, the last log lines."""
    parts = [
        ", ".join(versions()),
        f"{platform.system()} {platform.release()}, {platform.machine()}",
        *about,
        "",
        details.strip(),
        "",
        "Last log lines:",
        *list(log_lines)[-200:],
    ]
    return without_paths("\n".join(parts))


class DetailsDialog(QDialog):
    """Shows a report to read and copy. It is not modal."""

    def __init__(self, title: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("details")
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        edit = QPlainTextEdit(text)
        edit.setReadOnly(True)
        edit.setAccessibleName(say("Report"))
        edit.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton(say("&Copy report"), QDialogButtonBox.ButtonRole.ActionRole)
        assert copy is not None
        copy.clicked.connect(lambda: copy_text(text))
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(edit)
        layout.addWidget(buttons)
        self.resize(760, 420)


def copy_text(text: str) -> None:
    """Put text on the clipboard."""
    clipboard = QGuiApplication.clipboard()
    if clipboard is not None:
        clipboard.setText(text)
