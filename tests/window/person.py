"""A person at the window: a pointer and a keyboard, and eyes for what is on the screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PyQt6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QMouseEvent,
    QWindow,
)
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from zoetrope.gui.lab_page import LabPage
from zoetrope.gui.number_row import NumberRow
from zoetrope.gui.slider import Slider
from zoetrope.gui.window import MainWindow

PATIENCE = 60_000  # ms for whatever is waited for, on a loaded machine
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton

OpenWindow = Callable[..., "Person"]
Pixels = npt.NDArray[np.uint8]


class Person:
    """Drives a window. Events go to the system's window, so that Qt finds out who they are for."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window = window
        self._qtbot = qtbot

    @property
    def page(self) -> LabPage:
        """The page that is shown."""
        page = self.window.page
        assert isinstance(page, LabPage)
        return page

    @property
    def steps(self) -> int:
        """How many steps can be undone."""
        return self.page.history.stack.index()

    def number(self, name: str) -> NumberRow:
        """Return a number's row in the form."""
        row = self.page.form.rows[name]
        assert isinstance(row, NumberRow)
        return row

    # -- waiting -------------------------------------------------------------------------------

    def wait(self, until: Callable[[], Any]) -> None:
        """Wait until something is so."""
        self._qtbot.waitUntil(lambda: bool(until()), timeout=PATIENCE)

    def wait_for_picture(self) -> None:
        """Wait until the final picture of the present parameters is there, and stands still."""

        def there() -> None:
            page = self.page
            assert page.frame is not None
            assert page.frame.final
            assert page.frame_parameters == page.parameters
            assert not page.canvas.moving

        self._qtbot.waitUntil(there, timeout=PATIENCE)

    def wait_for_notice(self, words: str) -> str:
        """Wait for a notice that holds these words and return it."""
        self.wait(lambda: any(words in text for text in self.window.notices.texts()))
        return next(text for text in self.window.notices.texts() if words in text)

    # -- the pointer ---------------------------------------------------------------------------

    def click(self, widget: QWidget, place: QPoint | None = None) -> None:
        """Click on a widget, in its middle if no place is given."""
        handle, at = _spot(widget, place)
        QTest.mouseClick(handle, LEFT, Qt.KeyboardModifier.NoModifier, at)

    def press(self, widget: QWidget, place: QPoint | None = None) -> None:
        """Press the button."""
        handle, at = _spot(widget, place)
        QTest.mousePress(handle, LEFT, Qt.KeyboardModifier.NoModifier, at)

    def move(self, widget: QWidget, place: QPoint) -> None:
        """Move the pointer while the button is held."""
        # QTest's own moves say that no button is pressed.
        handle, at = _spot(widget, place)
        event = QMouseEvent(
            QMouseEvent.Type.MouseMove,
            QPointF(at),
            QPointF(handle.mapToGlobal(at)),
            Qt.MouseButton.NoButton,
            LEFT,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(handle, event)

    def release(self, widget: QWidget, place: QPoint) -> None:
        """Let the button go."""
        handle, at = _spot(widget, place)
        QTest.mouseRelease(handle, LEFT, Qt.KeyboardModifier.NoModifier, at)

    def drag(
        self,
        widget: QWidget,
        start: QPoint,
        stop: QPoint,
        *,
        pictures: Callable[[], object] | None = None,
        moves: int = 12,
    ) -> None:
        """Drag from a place on a widget to another; `pictures` is called after every move."""
        base = self.window  # the widget itself may move with the pointer
        start, stop = widget.mapTo(base, start), widget.mapTo(base, stop)
        self.press(base, start)
        for step in range(1, moves + 1):
            self.move(base, start + (stop - start) * step / moves)
            if pictures is not None:
                pictures()
        self.release(base, stop)

    def drag_slider(self, slider: Slider, share: float, **more: Any) -> None:
        """Take a slider's knob to a share of its way."""
        middle = slider.height() // 2
        knob = QPoint(round(slider._x(slider.value())), middle)
        left, right = slider._span()
        self.drag(slider, knob, QPoint(round(left + share * (right - left)), middle), **more)

    def drop(self, widget: QWidget, path: Path) -> bool:
        """Drag a file from elsewhere over a widget and drop it; say whether it was taken."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
        over = widget.rect().center()
        enter = QDragEnterEvent(over, copy, data, LEFT, none)
        QApplication.sendEvent(widget, enter)
        if not enter.isAccepted():
            return False
        QApplication.sendEvent(widget, QDragMoveEvent(over, copy, data, LEFT, none))
        event = QDropEvent(QPointF(over), copy, data, LEFT, none)
        QApplication.sendEvent(widget, event)
        return event.isAccepted()

    # -- the keyboard --------------------------------------------------------------------------

    def key(
        self,
        key: Qt.Key,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        into: QWidget | None = None,
    ) -> None:
        """Press a key; it goes to whatever has the focus in the window (or the dialog `into`)."""
        QTest.keyClick(_handle(into or self.window), key, modifiers)

    def type(self, text: str, into: QWidget | None = None) -> None:
        """Type text."""
        handle = _handle(into or self.window)
        for letter in text:
            QTest.keyClick(handle, letter)

    def fill(self, field: QWidget, text: str, end: Qt.Key = Qt.Key.Key_Return) -> None:
        """Click into a field, put text in place of what is there and press a key."""
        self.click(field)
        self.key(Qt.Key.Key_A, CONTROL, field.window())
        self.type(text, field.window())
        self.key(end, into=field.window())

    def come_back(self) -> None:
        """Turn to the window again after a dialog: here is no window manager to do it."""
        self.window.activateWindow()
        assert QTest.qWaitForWindowActive(self.window, PATIENCE)

    # -- eyes ----------------------------------------------------------------------------------

    def screen(self) -> Pixels:
        """Return the window as it is on the screen, [height, width, red-green-blue]."""
        screen = self.window.screen()
        assert screen is not None
        image = screen.grabWindow(self.window.winId()).toImage()  # type: ignore[arg-type]
        return pixels(image)

    def panel(self, name: str) -> Pixels:
        """Return a panel of the figure as it is on the screen."""
        canvas = self.page.canvas
        place = canvas.panel_rect(name)
        corner = canvas.mapTo(self.window, place.topLeft())
        top, left = corner.y(), corner.x()
        return self.screen()[top : top + place.height(), left : left + place.width()]

    def parameter(self, name: str) -> Any:
        """Return a parameter that is in force."""
        return getattr(self.page.parameters, name)


def pixels(image: QImage) -> Pixels:
    """Return a picture's pixels, [height, width, red-green-blue]."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    bits = image.constBits()
    assert bits is not None
    rows = np.frombuffer(bits.asarray(image.sizeInBytes()), np.uint8)
    rows = rows.reshape(image.height(), image.bytesPerLine())[:, : 3 * image.width()]
    return rows.reshape(image.height(), image.width(), 3).copy()


def clipboard() -> QMimeData:
    """Return what is on the clipboard."""
    board = QGuiApplication.clipboard()
    assert board is not None
    data = board.mimeData()
    assert data is not None
    return data


def _handle(widget: QWidget) -> QWindow:
    handle = widget.window().windowHandle()  # type: ignore[union-attr]
    assert handle is not None
    return handle


def _spot(widget: QWidget, place: QPoint | None) -> tuple[QWindow, QPoint]:
    window = widget.window()
    assert window is not None
    at = widget.mapTo(window, widget.rect().center() if place is None else place)
    return _handle(widget), at
