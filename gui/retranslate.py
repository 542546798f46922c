"""Says everything that stands on the screen again, after another language was chosen.

Each text of each widget is looked up among what was said; what people typed, and what is drawn,
are left alone. Widgets that draw or measure texts hear of it by a LanguageChange event.

Two English texts may be one in another language, "Cost" and "Costs": what was said last is found.
Whoever builds many widgets lets each `hold` its texts while they are what was said last.
"""

from __future__ import annotations

from PyQt6.QtCore import QCoreApplication, QEvent, QLibraryInfo, QObject, Qt, QTranslator
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QPlainTextEdit,
    QProgressBar,
    QSpinBox,
    QTabBar,
    QTableWidget,
    QTabWidget,
    QWidget,
)

from zoetrope.gui.language import language, origin, say_again, set_language

_KEPT = "said"  # the property of a widget that holds what its texts were said from
_ITEM_TEXTS = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
)


def speak(app: QApplication, choice: str) -> bool:
    """Put a language in force for the whole program, Qt's own texts included.

    All that stands on the screen is said again. Returns whether it is another language than before.
    """
    if not set_language(choice):
        return False
    for before in app.findChildren(QTranslator):  # one that goes may still be there
        app.removeTranslator(before)
        before.deleteLater()
    own = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if own.load(f"qtbase_{language()}", folder):
        app.installTranslator(own)
    retranslate(app)
    return True


def retranslate(app: QApplication) -> None:
    """Say all texts of all widgets again."""
    for widget in app.allWidgets():
        _say_widget(widget)
        for action in widget.actions():
            _say_action(action)
    for window in app.topLevelWidgets():  # which hand it on to what is in them
        QCoreApplication.sendEvent(window, QEvent(QEvent.Type.LanguageChange))


def hold(widget: QWidget) -> None:
    """Keep with a widget, and with all in it, what their texts were said from a moment ago."""
    for part in (widget, *widget.findChildren(QWidget)):
        _say_widget(part)


def _again(owner: QObject, name: str) -> None:
    """Say a text of a widget or an action again."""
    text = getattr(owner, name)()
    if (said := _kept_again(owner, name, text)) != text:
        getattr(owner, f"set{name[0].upper()}{name[1:]}")(said)


def _kept_again(owner: QObject, place: str, text: str) -> str:
    """Return a text that stands in a place of a widget said again, and keep there what it was said
    from.
    """
    kept = owner.property(_KEPT) or {}
    known, again = kept.get(place, ("", None))
    again = again if known == text else origin(text)
    if not text or again is None:
        return text
    said = again()
    if kept.get(place) != (said, again):
        owner.setProperty(_KEPT, {**kept, place: (said, again)})
    return said


def _say_widget(widget: QWidget) -> None:
    _again(widget, "toolTip")
    _again(widget, "statusTip")
    _again(widget, "accessibleName")
    _again(widget, "accessibleDescription")
    _again(widget, "windowTitle")
    match widget:
        case QLabel() | QAbstractButton():
            _again(widget, "text")
        case QMenu() | QGroupBox():
            _again(widget, "title")
        case QTabWidget() | QTabBar():
            _say_tabs(widget)
        case QComboBox():
            _again(widget, "placeholderText")
            _say_items(widget)
        case QListWidget():
            _say_list(widget)
        case QLineEdit() | QPlainTextEdit():
            _again(widget, "placeholderText")
        case QSpinBox() | QDoubleSpinBox():
            _again(widget, "suffix")
            _again(widget, "specialValueText")
        case QProgressBar():
            _again(widget, "format")
        case QTableWidget():
            _say_headers(widget)


def _say_action(action: QAction) -> None:
    _again(action, "text")
    _again(action, "toolTip")
    _again(action, "statusTip")


def _say_tabs(tabs: QTabWidget | QTabBar) -> None:
    for index in range(tabs.count()):
        text, tip = tabs.tabText(index), tabs.tabToolTip(index)
        if (said := _kept_again(tabs, f"text {index}", text)) != text:
            tabs.setTabText(index, said)
        if (said := _kept_again(tabs, f"tip {index}", tip)) != tip:
            tabs.setTabToolTip(index, said)


def _say_items(box: QComboBox) -> None:
    for index in range(box.count()):
        for role in _ITEM_TEXTS:
            text = box.itemData(index, role)
            if not isinstance(text, str):
                continue
            if (said := _kept_again(box, f"{role.name} {index}", text)) != text:
                box.setItemData(index, said, role)


def _say_list(box: QListWidget) -> None:
    for row in range(box.count()):
        item = box.item(row)
        for role in _ITEM_TEXTS:
            text = item.data(role) if item is not None else None
            if item is not None and isinstance(text, str) and (said := say_again(text)) != text:
                item.setData(role, said)


def _say_headers(table: QTableWidget) -> None:
    for column in range(table.columnCount()):
        item = table.horizontalHeaderItem(column)
        if item is not None:
            item.setText(say_again(item.text()))
