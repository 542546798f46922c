"""Two sheets to read: all keyboard shortcuts, and what this program is."""

from __future__ import annotations

import html
from collections.abc import Iterable

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

import zoetrope
from zoetrope.gui.actions import MENUS, Command, plain
from zoetrope.gui.icons import app_icon, theme_of
from zoetrope.gui.language import say

IN_A_LAB = (
    ("Drag a slider or a handle", "change a parameter; the whole drag is one step of undo"),
    ("Double-click a label", "set that parameter to its default"),
    ("Arrow keys, Page Up, Page Down", "move the slider that has the focus"),
    ("Tab, Shift+Tab", "go from control to control"),
    ("Point at a parameter", "with the help open, its symbol is marked in the formulas"),
)


class Sheet(QDialog):
    """A dialog that is only read. It is not modal."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(18, 16, 18, 14)
        self.body.setSpacing(12)

    def add_close(self) -> None:
        """Put the Close button below what is there."""
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        self.body.addWidget(buttons)


class ShortcutSheet(Sheet):
    """Every command that has a key, by menu."""

    def __init__(self, commands: Iterable[Command], parent: QWidget | None = None) -> None:
        super().__init__("shortcuts", say("Keyboard shortcuts"), parent)
        browser = QTextBrowser()
        browser.setAccessibleName(say("Keyboard shortcuts"))
        browser.setHtml(_shortcut_table(list(commands), theme_of(self).muted))
        self.body.addWidget(browser)
        self.add_close()
        self.resize(560, 620)


def _shortcut_table(commands: list[Command], muted: str) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    rows = []
    for menu, title in MENUS.items():
        members = [c for c in commands if c.menu == menu and c.shortcut]
        if members:
            rows.append(f"<tr><td colspan=2><b>{say(title).replace('&', '')}</b></td></tr>")
        for command in members:
            keys = QKeySequence(command.shortcut).toString(native)
            rows.append(_row(keys, plain(say(command.text)), say(command.help), muted))
    rows.append(f"<tr><td colspan=2><b>{say('In a lab')}</b></td></tr>")
    rows += [_row(say(keys), _capital(say(does)), "", muted) for keys, does in IN_A_LAB]
    return f"<table cellpadding=4 width='100%'>{''.join(rows)}</table>"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _row(keys: str, words: str, more: str, muted: str) -> str:
    note = f"<br><span style='color:{muted}'>{html.escape(more)}</span>" if more else ""
    return (
        f"<tr><td style='white-space:pre'>{html.escape(keys)}</td>"
        f"<td>{html.escape(words)}{note}</td></tr>"
    )


class AboutDialog(Sheet):
    """The program's name, version, licence and labs."""

    def __init__(self, labs: Iterable[str], versions: str, parent: QWidget | None = None) -> None:
        super().__init__("about", say("About Zoetrope"), parent)
        picture = QLabel()
        picture.setPixmap(app_icon().pixmap(72, 72))
        words = QLabel(
            say(
                "<h2>Zoetrope {version}</h2>"
                "<p>A laboratory for the mathematics of machine learning: "
                "turn a parameter and watch the mathematics move.</p>"
                "<p>Labs: {labs}</p>"
                "<p>{versions}</p>"
                "<p>Free software under the GNU General Public License, version 3 or later. "
                "Colours after Okabe and Ito (2008).</p>",
                version=zoetrope.__version__,
                labs=html.escape(", ".join(labs)),
                versions=html.escape(versions),
            )
        )
        words.setWordWrap(True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(words, 1)
        self.body.addLayout(row)
        self.add_close()
        self.setMinimumWidth(460)
