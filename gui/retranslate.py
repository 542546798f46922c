"""Says everything that stands on the screen again, after another language was chosen.

Each text of each widget is looked up among what was said; what people typed, and what is drawn,
are left alone. Widgets that draw or measure texts hear of it by a LanguageChange event.
"""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QCoreApplication, QEvent, QLibraryInfo, Qt, QTranslator
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

from zoetrope.gui.language import language, say_again, set_language

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
    before = app.findChild(QTranslator)
    if before is not None:
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


def _again(get: Callable[[], str | None], put: Callable[[str], object]) -> None:
    text = get()
    if text and (said := say_again(text)) != text:
        put(said)


def _say_widget(widget: QWidget) -> None:
    _again(widget.toolTip, widget.setToolTip)
    _again(widget.statusTip, widget.setStatusTip)
    _again(widget.accessibleName, widget.setAccessibleName)
    _again(widget.accessibleDescription, widget.setAccessibleDescription)
    _again(widget.windowTitle, widget.setWindowTitle)
    match widget:
        case QLabel() | QAbstractButton():
            _again(widget.text, widget.setText)
        case QMenu() | QGroupBox():
            _again(widget.title, widget.setTitle)
        case QTabWidget() | QTabBar():
            _say_tabs(widget)
        case QComboBox():
            _again(widget.placeholderText, widget.setPlaceholderText)
            _say_items(widget)
        case QListWidget():
            _say_list(widget)
        case QLineEdit() | QPlainTextEdit():
            _again(widget.placeholderText, widget.setPlaceholderText)
        case QSpinBox() | QDoubleSpinBox():
            _again(widget.suffix, widget.setSuffix)
            _again(widget.specialValueText, widget.setSpecialValueText)
        case QProgressBar():
            _again(widget.format, widget.setFormat)
        case QTableWidget():
            _say_headers(widget)


def _say_action(action: QAction) -> None:
    _again(action.text, action.setText)
    _again(action.toolTip, action.setToolTip)
    _again(action.statusTip, action.setStatusTip)


def _say_tabs(tabs: QTabWidget | QTabBar) -> None:
    for index in range(tabs.count()):
        _again(lambda i=index: tabs.tabText(i), lambda text, i=index: tabs.setTabText(i, text))
        _again(
            lambda i=index: tabs.tabToolTip(i), lambda text, i=index: tabs.setTabToolTip(i, text)
        )


def _say_items(box: QComboBox) -> None:
    for index in range(box.count()):
        for role in _ITEM_TEXTS:
            text = box.itemData(index, role)
            if isinstance(text, str) and (said := say_again(text)) != text:
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
            _again(item.text, item.setText)
