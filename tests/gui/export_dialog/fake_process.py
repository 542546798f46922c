"""An export process that does what the test tells it, and hands for the dialog."""

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QBuffer, QIODevice, Qt
from PyQt6.QtGui import QImage

from zoetrope.core.export_messages import Request
from zoetrope.gui.export_dialog import ExportDialog


class FakeProcess:
    def __init__(self, notify: Callable[[Any], None]) -> None:
        self.notify = notify
        self.requests: list[Request] = []
        self.cancelled: list[int] = []
        self.closed = False

    def submit(self, request: Request) -> int:
        self.requests.append(request)
        return len(self.requests)

    def cancel(self, ticket: int) -> None:
        self.cancelled.append(ticket)

    def close(self) -> None:
        self.closed = True

    @property
    def files(self) -> list[int]:
        return [n for n, request in enumerate(self.requests, 1) if request.path is not None]

    @property
    def previews(self) -> list[int]:
        return [n for n, request in enumerate(self.requests, 1) if request.path is None]


def a_picture(colour: str = "#336699") -> QImage:
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.blue)
    return image


def png() -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    a_picture().save(buffer, "PNG")
    return bytes(buffer.data().data())


def choose(dialog: ExportDialog, **values: str) -> None:
    for name, value in values.items():
        box = getattr(dialog.form, name)
        box.setCurrentIndex(box.findData(value))
        assert box.currentData() == value
