"""What each command of `actions.py` does to the window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QApplication, QFileDialog

from zoetrope.core.comparison import Comparison
from zoetrope.core.declarations import ParameterError
from zoetrope.gui.command_palette import CommandPalette
from zoetrope.gui.errors import copy_text, versions
from zoetrope.gui.export_animate import KEY_FRAMES
from zoetrope.gui.export_formats import kind_of
from zoetrope.gui.exporting import copy_figure, export_again
from zoetrope.gui.language import say
from zoetrope.gui.opening import FILE_FILTER
from zoetrope.gui.palette_entries import palette_entries
from zoetrope.gui.settings_dialog import SettingsDialog
from zoetrope.gui.sheets import AboutDialog, ShortcutSheet
from zoetrope.gui.theme import appearance

if TYPE_CHECKING:
    from zoetrope.gui.window import MainWindow

PRESENT_SCALE = 1.35  # how much larger text is when presenting


class Commands(QObject):
    """The deeds behind the menus. Each acts on the lab that is shown."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._before_present: tuple[Qt.WindowState, float] | None = None

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what to call for each command."""
        window = self._window
        choose = window.settings.choose
        handlers: dict[str, Callable[[], object]] = {
            "open": self.open,
            "export": self.export,
            "export_again": self.export_again,
            "copy_figure": self.copy_figure,
            "copy_python": self.copy_python,
            "copy_recipe": window.intake.copy_recipe,
            "paste_recipe": self.paste_recipe,
            "settings": self.settings,
            "quit": window.close,
            "sweep": self.sweep,
            "key_frames": self.key_frames,
            "pin": lambda: window.page and window.page.pins.pin(),
            "unpin": lambda: window.page and window.page.pins.unpin(),
            "compare": self.compare,
            "paste_data": window.intake.paste,
            "undo": lambda: window.page and window.page.history.undo(),
            "redo": lambda: window.page and window.page.history.redo(),
            "reset": self.reset,
            "theme_system": lambda: choose(theme="system"),
            "theme_light": lambda: choose(theme="light"),
            "theme_dark": lambda: choose(theme="dark"),
            "toggle_theme": self.toggle_theme,
            "language_system": lambda: choose(language="system"),
            "language_en": lambda: choose(language="en"),
            "language_zh_CN": lambda: choose(language="zh_CN"),
            "start": window.show_start,
            "next_tab": lambda: self._step_tab(1),
            "previous_tab": lambda: self._step_tab(-1),
            "units_si": lambda: choose(dimensionless=False),
            "units_ratio": lambda: choose(dimensionless=True),
            "present": self.present,
            "log": lambda: window.log_panel.setVisible(window.menu_actions["log"].isChecked()),
            "play": lambda: window.page and window.page.player.toggle(),
            "stop": window.stop_computing,
            "restart_engine": window.restart_engine,
            "help": lambda: window.help_panel.setVisible(window.menu_actions["help"].isChecked()),
            "tour_next": window.tours.strip.forward,
            "tour_back": window.tours.strip.back,
            "tour_leave": window.tours.strip.leave,
            "palette": self.palette,
            "shortcuts": self.shortcuts,
            "about": self.about,
        }
        for number, lab_id in enumerate(window.labs, start=1):
            handlers[f"tab_{number}"] = partial(window.open_lab, lab_id)
        return handlers

    # -- files and the clipboard -----------------------------------------------------------------

    def open(self) -> None:
        """Ask for a file and open it."""
        paths = self._window.recent.paths
        folder = str(Path(paths[0]).parent) if paths else ""
        path, _ = QFileDialog.getOpenFileName(
            self._window, say("Open a figure or data"), folder, say(FILE_FILTER)
        )
        if path:
            self._window.opener.open_file(Path(path))

    def export(self, **chosen: Any) -> None:
        """Open the export dialog on the figure that is shown, with some things chosen."""
        window, page = self._window, self._window.page
        if page is None or page.frame is None:
            return
        from zoetrope.gui.export_dialog import ExportDialog  # the first paint can spare it

        remembered = {**window.settings.now.export, **chosen}
        dialog = ExportDialog(window.exporter, window.subject(), remembered, window)
        dialog.exported.connect(lambda _path, options: window.settings.choose(export=options))
        dialog.exported.connect(lambda path, _options: window.recent.remember(str(path)))
        dialog.quit_asked.connect(window.close)
        dialog.open()

    def key_frames(self) -> None:
        """Open a window on the key frames of the lab that is shown."""
        window, page, tab = self._window, self._window.page, self._window.tab
        if page is None or page.frame is None or tab is None:
            return
        from zoetrope.gui.key_frames_dialog import KeyFramesDialog  # the first paint can spare it

        dialog = KeyFramesDialog(page, tab.lab.title, parent=window)
        dialog.changed.connect(window.keeper.touch)
        dialog.export_asked.connect(self._export_film)
        dialog.show()

    def _export_film(self) -> None:
        """Open the export dialog on the film through the key frames, in the format of last time."""
        last = self._window.settings.now.export.get("format")
        ending = last if kind_of(str(last)) == "animation" else "gif"
        self.export(format=ending, animate=KEY_FRAMES)

    def export_again(self) -> None:
        """Export with the options of last time, under the next free name."""
        window = self._window
        if window.page is None or window.page.frame is None:
            return
        if not window.settings.now.export:
            self.export()
            return
        export_again(
            window.exporter,
            window.subject(),
            window.settings.now.export,
            window.notices,
            window.say_briefly,
        )

    def copy_figure(self) -> None:
        """Copy the figure as a picture, a drawing and its recipe code."""
        window = self._window
        if window.page is not None and window.page.frame is not None:
            copy_figure(window.exporter, window.subject(), window.notices, window.say_briefly)

    def copy_python(self) -> None:
        """Copy a script that computes these numbers."""
        page, tab = self._window.page, self._window.tab
        if page is None or tab is None:
            return
        try:
            script = tab.lab.python(page.parameters)
        except NotImplementedError:
            self._window.notices.say(say("{lab} offers no script.", lab=tab.lab.title), "info")
            return
        except ParameterError as error:  # values that each are legal but cannot be together
            page.refuse(error, error.parameter or "")
            return
        self._window.intake.pasted.hold(script)
        copy_text(script)
        self._window.say_briefly(say("The script is on the clipboard."))

    def paste_recipe(self) -> None:
        """Show the figure whose recipe is on the clipboard."""
        clipboard = QGuiApplication.clipboard()
        self._window.opener.open_text(clipboard.text() if clipboard is not None else "")

    # -- parameters ----------------------------------------------------------------------------

    def reset(self) -> None:
        """Set all parameters to their defaults; the page and the playhead stay."""
        if self._window.page is not None:
            self._window.page.reset()

    # -- the view --------------------------------------------------------------------------------

    def toggle_theme(self) -> None:
        """Change to the other of light and dark."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        dark = appearance(app).theme.name == "dark"
        self._window.settings.choose(theme="light" if dark else "dark")

    def present(self) -> None:
        """Fill the screen with the picture, in large type; or go back."""
        window = self._window
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        font = app.font()
        bar, tab_bar = window.menuBar(), window.tabs.tabBar()
        assert bar is not None
        assert tab_bar is not None
        on = self._before_present is None
        if self._before_present is None:
            self._before_present = (window.windowState(), font.pointSizeF())
            font.setPointSizeF(font.pointSizeF() * PRESENT_SCALE)
            state = window.windowState() | Qt.WindowState.WindowFullScreen
        else:
            state, points = self._before_present
            self._before_present = None
            font.setPointSizeF(points)
        app.setFont(font)
        appearance(app).dresser.dress_all()
        bar.setVisible(not on)
        tab_bar.setVisible(not on)
        window.status.setVisible(not on)
        if on:
            window.help_panel.hide()
            window.log_panel.hide()
        window.setWindowState(state)
        window.menu_actions.check("present", on)
        window.toast.hide()
        if on:
            window.say_briefly(say("Press F11 or Esc to leave the full screen."))

    @property
    def presenting(self) -> bool:
        """Whether the picture fills the screen."""
        return self._before_present is not None

    def _step_tab(self, step: int) -> None:
        tabs = self._window.tabs
        if tabs.count():
            tabs.setCurrentIndex((tabs.currentIndex() + step) % tabs.count())

    # -- dialogs -----------------------------------------------------------------------------------

    def settings(self) -> None:
        """Open the settings."""
        window = self._window
        precisions = {lab.title: lab.precision for lab in window.labs.values()}
        kept = say(
            "The settings are kept in {settings}, and the session in {session}.",
            settings=str(window.settings.keeper.folder),
            session=str(window.keeper.folder),
        )
        dialog = SettingsDialog(
            window.settings.now, window.engine.status(), precisions, kept, window
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.changed.connect(lambda name, value: window.settings.choose(**{name: value}))
        window.settings.changed.connect(dialog.show_settings)
        dialog.show()

    def sweep(self) -> None:
        """Open a window that sweeps the lab that is shown."""
        window, page, tab = self._window, self._window.page, self._window.tab
        if page is None or tab is None:
            return
        from zoetrope.gui.sweep_dialog import SweepDialog  # the first paint can spare it

        readouts = page.frame.readouts if page.frame is not None else ()
        dialog = SweepDialog(
            tab.lab, page.parameters, readouts, window.exporter,
            cluster=window.settings.now.cluster, device=window.settings.now.device,
            remembered=window.settings.now.export, parent=window,
        )  # fmt: skip
        dialog.cell_chosen.connect(
            lambda lab, parameters, words: window.opener.opened.emit(lab, parameters, words, [])
        )
        dialog.exported.connect(lambda _path, options: window.settings.choose(export=options))
        dialog.exported.connect(lambda path, _options: window.recent.remember(str(path)))
        dialog.started.connect(window.intake.pasted.hold)
        dialog.show()

    def compare(self, comparison: Comparison | None = None) -> None:
        """Open a window that shows parameter sets of this lab side by side."""
        window, page, tab = self._window, self._window.page, self._window.tab
        if page is None or page.frame is None or tab is None:
            return
        from zoetrope.gui.compare_dialog import CompareDialog  # the first paint can spare it

        dialog = CompareDialog(
            tab.lab, page.parameters, page.pins.pinned, page.frame, window.engine, window.exporter,
            comparison=comparison, remembered=window.settings.now.export, parent=window,
        )  # fmt: skip
        window.noted_beside.connect(dialog.pictures.hear)
        dialog.chosen.connect(page.set_parameters)
        dialog.exported.connect(lambda _path, options: window.settings.choose(export=options))
        dialog.exported.connect(lambda path, _options: window.recent.remember(str(path)))
        dialog.show()

    def palette(self) -> None:
        """Open the command palette over the window."""
        window = self._window
        palette = CommandPalette(palette_entries(window), window)
        corner = window.mapToGlobal(window.rect().topLeft())
        palette.move(corner.x() + (window.width() - palette.width()) // 2, corner.y() + 70)
        palette.show()

    def shortcuts(self) -> None:
        """Show the sheet of keyboard shortcuts."""
        ShortcutSheet(self._window.menu_actions.commands.values(), self._window).show()

    def about(self) -> None:
        """Say what this program is."""
        titles = [lab.title for lab in self._window.labs.values()]
        AboutDialog(titles, ", ".join(versions()[1:]), self._window).show()
