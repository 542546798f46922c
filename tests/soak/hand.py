"""A hand that does anything to the window: whatever it does comes from the numbers it is given."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from PyQt6 import sip
from PyQt6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import QDropEvent, QMouseEvent, QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QTabBar,
    QWidget,
)

from zoetrope.core.declarations import Number
from zoetrope.core.recipe import Recipe
from zoetrope.gui.window import MainWindow

TEXTS = (
    "1", "0", "-1", "2.5", "1,5", "1.234,5", "1,234", "1e3", "1e308", "-1e308", "1e-300", "nan",
    "inf",
    "64k", "1.5M", "2 m", "", " ", "x", "1/0", "__import__('os')", "٣", "中文", "🎥", "q - k < 8",
    "x" * 400, "−3", "0x10", "1_000", "\t", "a,b", "1,2;3,4", "../../etc/passwd", "%n%s",
    "<b>&amp;</b>",
    "0.30000000000000004", "100000000", "causal", "the cat sat on the mat", "((((", "sin(x)", "½",
)  # fmt: skip
KEYS = (
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home,
    Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Space, Qt.Key.Key_Escape,
    Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Return, Qt.Key.Key_Delete,
    Qt.Key.Key_Backspace, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_A, Qt.Key.Key_Z,
)  # fmt: skip
MODIFIERS = (
    Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier,
)  # fmt: skip
COMMANDS = (
    "undo", "undo", "undo", "undo", "redo", "redo", "play", "play", "stop", "reset", "toggle_theme",
    "units_si", "units_ratio", "help", "log", "copy_recipe", "paste_recipe", "copy_python",
    "palette",
    "shortcuts", "about", "settings", "next_tab", "previous_tab", "start", "present", "export",
    "export_again", "copy_figure", "restart_engine", "sweep", "tour_next", "tour_back",
    "tour_leave",
)  # fmt: skip
ODD_NUMBERS = (0.0, -1.0, 1.0, 0.5, 1e308, -1e308, 1e-300, 2.0**31, math.nan, math.inf)
LEFT, NO_BUTTON = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton

W = TypeVar("W", bound=QWidget)


class Hand:
    """Acts on one window, on the page of one lab mostly. `folder` is where its files lie."""

    def __init__(self, window: MainWindow, lab: str, folder: Path) -> None:
        self.window, self.lab, self.folder = window, lab, folder
        self._detail = ""  # of the deed in hand, for who reads of it
        self._deeds: dict[str, tuple[int, Callable[[random.Random], None]]] = {
            "slide": (22, self.slide), "type": (14, self.type), "press": (10, self.press),
            "choose": (6, self.choose), "drag": (16, self.drag_on_plot), "wheel": (6, self.wheel),
            "key": (8, self.key), "command": (9, self.command), "page": (4, self.turn_page),
            "preset": (3, self.preset), "action": (3, self.action), "resize": (2, self.resize),
            "drop": (1, self.drop), "rest": (3, lambda rng: None), "change": (4, self.change),
        }  # fmt: skip

    def deed(self, rng: random.Random) -> str:
        """Do one thing, and return what it was called."""
        open_dialog = QApplication.activeModalWidget() or QApplication.activePopupWidget()
        if open_dialog is not None and rng.random() < 0.6:
            self.in_dialog(rng, open_dialog)
            return f"dialog {type(open_dialog).__name__}"
        tab = self.window.tab
        if (tab is None or tab.lab.id != self.lab) and rng.random() < 0.7:
            self.window.open_lab(self.lab)
            return "come back"
        names = list(self._deeds)
        name = rng.choices(names, [self._deeds[n][0] for n in names])[0]
        self._detail = ""
        self._deeds[name][1](rng)
        return f"{name} {self._detail}".rstrip()

    # -- what there is ---------------------------------------------------------------------------

    def _find(self, kind: type[W], within: QWidget | None = None) -> list[W]:
        root = within or self.window.page
        if root is None:
            return []
        return [w for w in root.findChildren(kind) if w.isVisible() and w.isEnabled()]

    def _one(self, rng: random.Random, kind: type[W], within: QWidget | None = None) -> W | None:
        found = self._find(kind, within)
        return rng.choice(found) if found else None

    @staticmethod
    def _spot(rng: random.Random, widget: QWidget) -> QPoint:
        rect = widget.rect()
        return QPoint(int(rng.random() * rect.width()), int(rng.random() * rect.height()))

    @staticmethod
    def _mouse(widget: QWidget, kind: Any, at: QPoint, button: Any, modifiers: Any) -> None:
        if sip.isdeleted(widget):
            return
        held = NO_BUTTON if kind == QMouseEvent.Type.MouseButtonRelease else LEFT
        spot, everywhere = QPointF(at), QPointF(widget.mapToGlobal(at))
        event = QMouseEvent(kind, spot, everywhere, button, held, modifiers)
        QApplication.sendEvent(widget, event)

    def _drag(self, rng: random.Random, widget: QWidget) -> None:
        modifiers, moves = rng.choice(MODIFIERS), rng.choice([0, 1, 3, 8])
        at = self._spot(rng, widget)
        self._mouse(widget, QMouseEvent.Type.MouseButtonPress, at, LEFT, modifiers)
        for _ in range(moves):
            at = self._spot(rng, widget)
            self._mouse(widget, QMouseEvent.Type.MouseMove, at, NO_BUTTON, modifiers)
        self._mouse(widget, QMouseEvent.Type.MouseButtonRelease, at, LEFT, modifiers)
        if rng.random() < 0.1:
            self._mouse(widget, QMouseEvent.Type.MouseButtonDblClick, at, LEFT, modifiers)
            self._mouse(widget, QMouseEvent.Type.MouseButtonRelease, at, LEFT, modifiers)

    # -- deeds -----------------------------------------------------------------------------------

    def slide(self, rng: random.Random) -> None:
        """Drag a slider, or set it at once as a fast hand does."""
        slider = self._one(rng, QAbstractSlider)
        if slider is None:
            return
        if rng.random() < 0.5:
            self._drag(rng, slider)
        else:
            for _ in range(rng.choice([1, 5, 20])):
                slider.setValue(rng.randint(slider.minimum(), slider.maximum()))

    def type(self, rng: random.Random) -> None:
        """Type into a field, and leave it by one way or another."""
        field = self._one(rng, QLineEdit)
        if field is None or field.isReadOnly():
            return
        field.setFocus()
        field.selectAll()
        field.insert(rng.choice(TEXTS))
        if not sip.isdeleted(field):
            end = rng.choice(
                [Qt.Key.Key_Return, Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Escape]
            )
            QTest.keyClick(field, end)

    def press(self, rng: random.Random) -> None:
        """Press a button."""
        button = self._one(rng, QAbstractButton)
        if button is not None:
            self._detail = button.accessibleName() or button.text()
            button.click()

    def choose(self, rng: random.Random) -> None:
        """Choose another entry."""
        box = self._one(rng, QComboBox)
        if box is not None:
            for _ in range(rng.choice([1, 2, 5])):
                QTest.keyClick(box, rng.choice([Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_End]))

    def _surface(self, rng: random.Random) -> QWidget | None:
        page = self.window.page
        panels = [p.surface for p in page.canvas._panels.values()] if page is not None else []
        panels = [p for p in panels if p.isVisible()]
        return rng.choice(panels) if panels else None

    def drag_on_plot(self, rng: random.Random) -> None:
        """Press, drag and let go on the picture."""
        surface = self._surface(rng)
        if surface is not None:
            self._drag(rng, surface)

    def wheel(self, rng: random.Random) -> None:
        """Turn the wheel over the picture, or over the form."""
        widget = self._surface(rng) if rng.random() < 0.8 else self._one(rng, QWidget)
        if widget is None:
            return
        at = QPointF(self._spot(rng, widget))
        turn = QPoint(0, rng.choice([-1200, -120, 120, 1200]))
        event = QWheelEvent(
            at, widget.mapToGlobal(at), QPoint(), turn, NO_BUTTON, rng.choice(MODIFIERS),
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(widget, event)

    def key(self, rng: random.Random) -> None:
        """Press a key wherever the focus is."""
        target = QApplication.focusWidget() or self.window
        for _ in range(rng.choice([1, 1, 4])):
            if not sip.isdeleted(target):
                QTest.keyClick(target, rng.choice(KEYS), rng.choice(MODIFIERS))

    def command(self, rng: random.Random) -> None:
        """Do what a menu offers now."""
        self._detail = rng.choice(COMMANDS)
        action = self.window.menu_actions[self._detail]
        if action.isEnabled():
            action.trigger()

    def turn_page(self, rng: random.Random) -> None:
        """Turn to another page of the lab."""
        bars = [bar for bar in self._find(QTabBar) if bar.count() > 1]
        if bars:
            bar = rng.choice(bars)
            bar.setCurrentIndex(rng.randrange(bar.count()))

    def preset(self, rng: random.Random) -> None:
        """Take a preset."""
        page = self.window.page
        if page is not None and page.lab.presets:
            preset = rng.choice(page.lab.presets)
            self._detail = preset.key
            page.take_preset(preset)

    def action(self, rng: random.Random) -> None:
        """Run an action that the lab offers."""
        page = self.window.page
        offered = [a for a in page.frame.actions if a.enabled] if page and page.frame else []
        if offered:
            page.run_action(rng.choice(offered))

    def resize(self, rng: random.Random) -> None:
        """Make the window another size."""
        self.window.resize(rng.randint(300, 1600), rng.randint(200, 1000))

    def change(self, rng: random.Random) -> None:
        """Ask for odd numbers as a picture might: they are taken as the nearest legal ones."""
        page = self.window.page
        if page is None:
            return
        declared = page.parameters.declarations()
        self._detail = rng.choice([n for n, d in declared.items() if isinstance(d, Number)])
        page.picture_edits.take({self._detail: rng.choice(ODD_NUMBERS)})

    def drop(self, rng: random.Random) -> None:
        """Drop a file, good or bad."""
        path = self.folder / f"dropped-{rng.randrange(4)}.json"
        page = self.window.page
        if page is not None and rng.random() < 0.6:
            path.write_text(Recipe.of(page.lab, page.parameters).to_json(), encoding="utf-8")
        else:
            path.write_bytes(rng.randbytes(100))
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        none = Qt.KeyboardModifier.NoModifier
        event = QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, LEFT, none)
        QApplication.sendEvent(self.window, event)

    def in_dialog(self, rng: random.Random, dialog: QWidget) -> None:
        """Do something in the dialog or menu that is open; leave it in the end."""
        how = rng.random()
        if how < 0.5:
            if isinstance(dialog, QDialog):
                dialog.reject()
            else:
                dialog.close()
        elif how < 0.65:
            field = self._one(rng, QLineEdit, dialog)
            if field is not None and not field.isReadOnly():
                field.insert(rng.choice(TEXTS))
        elif how < 0.8:
            box = self._one(rng, QComboBox, dialog)
            if box is not None:
                QTest.keyClick(box, rng.choice([Qt.Key.Key_Down, Qt.Key.Key_Up]))
        else:
            QTest.keyClick(dialog, rng.choice([Qt.Key.Key_Down, Qt.Key.Key_Tab, Qt.Key.Key_Escape]))
