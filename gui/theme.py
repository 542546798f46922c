"""How the whole program looks: Qt's palette, fonts and a small style sheet, light and dark.

The style is Fusion with our own palette, since following the desktop's colours fails on bare
displays; the desktop is told which scheme we use, and followed when the choice is "system".
"""

from __future__ import annotations

from typing import Literal

from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PyQt6.QtWidgets import QApplication

from zoetrope.core.theme import DARK, FONT_FAMILIES, LIGHT, Theme, chinese_font
from zoetrope.gui.dressing import Dresser

ThemeChoice = Literal["system", "light", "dark"]

_SHEET = """
* {{ outline: none; }}
QToolTip {{
    background: {raised}; color: {text}; border: 1px solid {line}; padding: 5px 8px;
}}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QTabWidget::pane {{ border: none; }}
QTabBar {{ qproperty-drawBase: 0; }}
QTabBar::tab {{
    background: transparent; color: {muted}; padding: 7px 10px; margin: 0 1px;
    border: 2px solid transparent; border-radius: 6px;
}}
QTabBar::tab:hover {{ color: {text}; background: {hover}; }}
QTabBar::tab:selected {{ color: {text}; background: {raised}; border-color: {line}; }}
QTabBar::tab:selected:focus {{ border-color: {accent}; }}
QPushButton, QToolButton {{
    background: {raised}; color: {text}; border: 1px solid {edge}; border-radius: 6px;
    padding: 5px 12px; min-height: 18px;
}}
QToolButton {{ padding: 4px 8px; }}
QTabBar QToolButton {{ padding: 0; min-height: 0; }}
QToolButton[autoRaise="true"] {{ background: transparent; border-color: transparent; }}
QPushButton:hover, QToolButton:hover {{ background: {hover}; }}
QPushButton:pressed, QToolButton:pressed, QPushButton:checked, QToolButton:checked {{
    background: {line};
}}
QPushButton:disabled, QToolButton:disabled {{ color: {disabled}; border-color: {line}; }}
QPushButton:default {{ border-color: {accent}; }}
QPushButton:focus, QToolButton:focus {{ border: 2px solid {accent}; padding: 4px 11px; }}
QToolButton:focus {{ padding: 3px 7px; }}
QPushButton::menu-indicator, QToolButton::menu-indicator {{ width: 10px; }}
QLineEdit, QAbstractSpinBox, QPlainTextEdit, QTextEdit {{
    background: {raised}; color: {text}; border: 1px solid {edge}; border-radius: 6px;
    padding: 4px 6px; selection-background-color: {accent}; selection-color: {on_accent};
}}
QLineEdit:focus, QAbstractSpinBox:focus, QPlainTextEdit:focus, QTextEdit:focus {{
    border: 2px solid {accent}; padding: 3px 5px;
}}
QLineEdit:disabled, QAbstractSpinBox:disabled {{ color: {disabled}; }}
QMenu {{ background: {raised}; color: {text}; border: 1px solid {line}; padding: 5px; }}
QMenu::item {{ padding: 6px 22px; border-radius: 4px; }}
QMenu::item:selected {{ background: {accent}; color: {on_accent}; }}
QMenu::item:disabled {{ color: {disabled}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 5px 8px; }}
QStatusBar {{ background: {window}; color: {muted}; }}
QStatusBar::item {{ border: none; }}
QSplitter::handle {{ background: {line}; }}
QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
QScrollBar:vertical {{ background: transparent; width: 11px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 11px; margin: 0; }}
QScrollBar::handle {{ background: {edge}; border-radius: 4px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 28px; }}
QScrollBar::handle:horizontal {{ min-width: 28px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QSlider {{ min-height: 24px; }}
QSlider::groove:horizontal {{ height: 4px; background: {line}; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {edge}; border-radius: 2px; }}
QSlider::handle:horizontal {{
    width: 14px; height: 14px; margin: -6px 0; border-radius: 8px;
    background: {raised}; border: 1px solid {muted};
}}
QSlider::handle:horizontal:hover {{ border-color: {accent}; }}
QSlider::handle:horizontal:focus {{ border: 2px solid {accent}; width: 12px; height: 12px; }}
QSlider::handle:horizontal:pressed {{ background: {accent}; border-color: {accent}; }}
QSlider::handle:horizontal:disabled {{ border-color: {line}; }}
QCheckBox::indicator:unchecked, QAbstractItemView::indicator:unchecked {{
    width: 11px; height: 11px; border: 1px solid {muted}; border-radius: 3px;
    background: {raised};
}}
QLabel[look="muted"] {{ color: {muted}; }}
QLabel[look="heading"] {{ color: {text}; font-weight: 600; }}
QLabel[look="warn"] {{ color: {warn}; }}
QLabel[look="value"] {{ color: {text}; font-weight: 600; }}
"""
# By what name a style sheet calls the palette's role that holds a colour. It says no colour itself:
# a new theme is then a new palette, and the sheet, slow to take, stays.
_ROLES = {
    "window": "window",
    "raised": "base",
    "text": "text",
    "muted": "shadow",
    "line": "mid",
    "edge": "dark",
    "hover": "midlight",
    "disabled": "link-visited",
    "accent": "highlight",
    "on_accent": "highlighted-text",
    "warn": "bright-text",
}
STYLE_SHEET = _SHEET.format(**{name: f"palette({role})" for name, role in _ROLES.items()})


class Appearance(QObject):
    """The program's theme. `changed` carries the new `Theme`, also when the desktop changes it."""

    changed = pyqtSignal(object)

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._choice: ThemeChoice = "system"
        self._theme: Theme | None = None
        self.dresser = Dresser(app)
        hints = app.styleHints()
        if hints is not None:
            hints.colorSchemeChanged.connect(self._follow)

    @property
    def theme(self) -> Theme:
        """Return the theme in use; the light one before any was chosen."""
        return self._theme or LIGHT

    @property
    def choice(self) -> ThemeChoice:
        """Return what was chosen, "system" included."""
        return self._choice

    def choose(self, choice: ThemeChoice) -> Theme:
        """Use a theme, or the desktop's with "system"; return it."""
        self._choice = choice
        hints = self._app.styleHints()
        if hints is not None:
            scheme = {
                "system": Qt.ColorScheme.Unknown,
                "light": Qt.ColorScheme.Light,
                "dark": Qt.ColorScheme.Dark,
            }[choice]
            hints.setColorScheme(scheme)
        self._apply()
        return self.theme

    def _follow(self) -> None:
        if self._choice == "system" and self._theme is not None:
            self._apply()

    def _apply(self) -> None:
        theme = {"light": LIGHT, "dark": DARK}.get(self._choice) or system_theme(self._app)
        if theme is self._theme:
            return
        first = self._theme is None
        self._theme = theme
        if first:
            self._app.setStyle("Fusion")
            QFontDatabase.addApplicationFont(str(chinese_font()))  # people type Chinese too: 2 ms
            self._app.setFont(interface_font(self._app.font()))
        self._app.setPalette(palette(theme))
        if first:
            self._app.setStyleSheet(STYLE_SHEET)
        else:
            self.dresser.dress_all()
        self.changed.emit(theme)


def appearance(app: QApplication) -> Appearance:
    """Return the application's appearance, made on first use."""
    found = app.findChild(Appearance)
    return found if found is not None else Appearance(app)


def apply_theme(app: QApplication, theme_name: ThemeChoice) -> Theme:
    """Dress the whole program in a theme, or in the desktop's with "system"; return it."""
    return appearance(app).choose(theme_name)


def current_theme() -> Theme:
    """Return the running program's theme."""
    app = QApplication.instance()
    return appearance(app).theme if isinstance(app, QApplication) else LIGHT


def system_theme(app: QApplication) -> Theme:
    """Return the theme that the desktop asks for; light where it does not say."""
    hints = app.styleHints()
    dark = hints is not None and hints.colorScheme() == Qt.ColorScheme.Dark
    return DARK if dark else LIGHT


def interface_font(system: QFont) -> QFont:
    """Return the desktop's own font and size, with fonts behind it that have every sign we use."""
    font = QFont(system)
    families = [family for family in system.families() if family not in FONT_FAMILIES]
    font.setFamilies([*families, *FONT_FAMILIES])
    return font


def figure_font(points: float, *, bold: bool = False) -> QFont:
    """Return the font of the figures: the one they are exported with."""
    font = QFont()
    font.setFamilies(list(FONT_FAMILIES))
    font.setPointSizeF(points)
    font.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)  # as wide as in files
    if bold:
        font.setWeight(QFont.Weight.Bold)  # from this on Chinese characters are thickened
    return font


def mixed(first: str, second: str, share: float) -> str:
    """Return a colour between two: `share` of the second in the first."""
    a, b = QColor(first), QColor(second)
    channels = zip(a.getRgb()[:3], b.getRgb()[:3], strict=True)
    return "#" + "".join(
        f"{round((x or 0) + share * ((y or 0) - (x or 0))):02x}" for x, y in channels
    )


def _colours(theme: Theme) -> dict[str, str]:
    return {
        "window": theme.background,
        "raised": theme.panel,
        "text": theme.foreground,
        "muted": theme.muted,
        "line": theme.grid,
        "edge": mixed(theme.grid, theme.muted, 0.45),
        "hover": mixed(theme.panel, theme.grid, 0.6),
        "disabled": mixed(theme.muted, theme.background, 0.35),
        "accent": theme.roles["accent"],
        "on_accent": theme.panel,
        "warn": theme.roles["warn"],
    }


def palette(theme: Theme) -> QPalette:
    """Return Qt's palette for a theme, the disabled colours included."""
    colours = {name: QColor(value) for name, value in _colours(theme).items()}
    role = QPalette.ColorRole
    table = {
        role.Window: "window",
        role.WindowText: "text",
        role.Base: "raised",
        role.AlternateBase: "window",
        role.ToolTipBase: "raised",
        role.ToolTipText: "text",
        role.PlaceholderText: "muted",
        role.Text: "text",
        role.Button: "raised",
        role.ButtonText: "text",
        role.BrightText: "warn",
        role.Light: "hover",
        role.Midlight: "hover",
        role.Mid: "line",
        role.Dark: "edge",
        role.Shadow: "muted",
        role.Highlight: "accent",
        role.HighlightedText: "on_accent",
        role.Accent: "accent",
        role.Link: "accent",
        role.LinkVisited: "disabled",  # no link here is shown as visited
    }
    result = QPalette()
    for target, name in table.items():
        result.setColor(target, colours[name])
    for target in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        result.setColor(QPalette.ColorGroup.Disabled, target, colours["disabled"])
    result.setColor(QPalette.ColorGroup.Disabled, role.Highlight, colours["line"])
    return result
