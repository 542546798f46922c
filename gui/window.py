"""The main window: a start page, a tab for each lab, menus, and the paths between its parts.

It knows labs only through `core/lab.py`, computes nothing, and builds a lab's page when its tab is
first shown.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtGui import QCloseEvent, QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent
from PyQt6.QtWidgets import QApplication, QDialog, QMainWindow, QVBoxLayout, QWidget

from zoetrope.core.engine import Engine
from zoetrope.core.lab import Lab
from zoetrope.core.registry import broken_labs
from zoetrope.core.slots import is_beside
from zoetrope.gui import session as sessions
from zoetrope.gui.actions import COMMANDS, Actions, tab_commands
from zoetrope.gui.commands import Commands
from zoetrope.gui.data_intake import DataIntake
from zoetrope.gui.error_reporter import ErrorReporter
from zoetrope.gui.errors import ErrorHooks
from zoetrope.gui.exporting import Exporter, Subject
from zoetrope.gui.help_links import HelpLinks
from zoetrope.gui.help_panel import HelpPanel
from zoetrope.gui.icons import app_icon
from zoetrope.gui.lab_tab import LabTab
from zoetrope.gui.lab_tabs import LabTabs
from zoetrope.gui.language import say
from zoetrope.gui.log_panel import LogHandler, LogPanel
from zoetrope.gui.menu_state import MenuState
from zoetrope.gui.moment_menus import MomentMenus
from zoetrope.gui.notices import Notices, Toast
from zoetrope.gui.opening import Opener, can_drop
from zoetrope.gui.recent_files import RecentFiles
from zoetrope.gui.recipe_shower import RecipeShower
from zoetrope.gui.settings_in_force import SettingsInForce
from zoetrope.gui.start_page import StartPage
from zoetrope.gui.start_pictures import StartPictures
from zoetrope.gui.status import StatusCorner
from zoetrope.gui.theme import appearance, current_theme
from zoetrope.gui.tour_guide import TourGuide
from zoetrope.gui.window_place import place_of, put

log = logging.getLogger(__name__)

MakePage = Callable[[Lab[Any], Engine, QWidget], Any]
MakeEngine = Callable[[Mapping[str, Lab[Any]], Callable[[str], None], str], Engine]


class Bridge(QObject):
    """Carries the engine's notes from the compute thread to the window's."""

    noted = pyqtSignal(str)


class MainWindow(QMainWindow):
    """The window. `make_page` and `make_engine` are what tests replace.

    The session is kept in `folder`, the settings in `config`, which by default is the same. With
    `plays` a lab that moves by itself does so when it is opened without a saved state.
    `noted_beside` carries the slot of a picture beside a lab's own that the engine has news of.
    """

    noted_beside = pyqtSignal(str)

    def __init__(
        self,
        labs: Mapping[str, Lab[Any]],
        *,
        folder: Path,
        config: Path | None = None,
        make_page: MakePage,
        make_engine: MakeEngine,
        exporter: Exporter | None = None,
        log_handler: LogHandler | None = None,
        hooks: ErrorHooks | None = None,
        plays: bool = False,
    ) -> None:
        super().__init__()
        self._plays = plays
        self.setObjectName("main_window")
        self.setWindowTitle("Zoetrope")
        self.setWindowIcon(app_icon())
        self.setAcceptDrops(True)
        self.setDockOptions(QMainWindow.DockOption.AnimatedDocks)
        self.labs = labs
        self._closed = False
        log_handler = log_handler or LogHandler()
        self.errors = ErrorReporter(self, log_handler)
        session, sentences = sessions.read(folder)
        saved = session or {}
        self.settings = SettingsInForce(self, config or folder, saved)
        sentences += self.settings.sentences
        self.recent = RecentFiles(saved.get("recent", []), self)

        self._bridge = Bridge(self)
        self._bridge.noted.connect(self._noted, Qt.ConnectionType.QueuedConnection)  # type: ignore[call-arg]
        self.engine = make_engine(labs, self._bridge.noted.emit, self.settings.now.device)
        self.exporter = exporter or Exporter(parent=self)
        self.intake = DataIntake(self, folder)
        self.exporter.leaving.connect(self.intake.pasted.hold)
        afresh = self.settings.now.opening == "afresh"
        self._build(make_page, log_handler, {} if afresh else saved.get("labs", {}))
        self.keeper = sessions.SessionKeeper(folder, self.state, self)
        for keeper in (self.keeper, self.settings.keeper):
            keeper.failed.connect(lambda text: self.notices.say(text, "warning"))
        self.opener = Opener(labs, self)
        self.recipes = RecipeShower(self, self.opener)
        self.opener.refused.connect(lambda text: self.notices.say(text, "warning"))
        self.opener.read.connect(self.recent.remember)
        self.opener.unreadable.connect(self.recent.forget)
        self.opener.no_recipe.connect(self.intake.take_file)
        self.opener.text_dropped.connect(self.intake.take_text)
        if hooks is not None:
            hooks.caught.connect(self.errors.tell)
        self._restore(saved)
        for sentence in sentences:
            self.notices.say(sentence, "warning")
        for name, why in broken_labs().items():
            self.notices.say(
                say("The lab {name} could not be loaded ({why}).", name=name, why=why), "warning"
            )

    # -- building -----------------------------------------------------------------------------

    def _build(
        self, make_page: MakePage, log_handler: LogHandler, states: Mapping[str, Any]
    ) -> None:
        self.notices = Notices()
        self.tours = TourGuide(self)
        self.start_page = self._make_start_page()
        self.tabs = LabTabs(
            self.start_page,
            self.labs.values(),
            lambda lab, tab: make_page(lab, self.engine, tab),
            states,
        )
        self.tabs.built.connect(self._page_built)
        self.tabs.due.connect(self._draw)
        self.tabs.said.connect(self.notices.say)
        centre = QWidget()
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notices)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(self.tours.strip)
        self.setCentralWidget(centre)
        self.toast = Toast(centre)
        self.help_panel = HelpPanel(self)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.help_panel)
        self.help_panel.hide()
        self.help_links = HelpLinks(self.help_panel.page, lambda: self.page, self)
        self.log_panel = LogPanel(log_handler, self)
        self.log_panel.set_level(self.settings.now.log_level)
        self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.log_panel)
        self.log_panel.hide()

        self.commands = Commands(self)
        table = (*COMMANDS, *tab_commands(lab.title for lab in self.labs.values()))
        self.menu_actions = Actions(table, self.commands.handlers(), self)
        bar = self.menuBar()
        assert bar is not None
        self.menu_actions.fill(bar)
        self.menu_state = MenuState(self)
        self.moment_menus = MomentMenus(self)
        self.menu_actions.menus["file"].aboutToShow.connect(self.exporter.warm_up)
        buttons = {
            "search": self.menu_actions["palette"],
            "help": self.menu_actions["help"],
            "theme": self.menu_actions["toggle_theme"],
        }
        self.status = StatusCorner(
            self.engine.status, self.stop_computing, self.restart_engine, buttons
        )
        self.tabs.setCornerWidget(self.status, Qt.Corner.TopRightCorner)
        self.tabs.currentChanged.connect(self._tab_changed)
        self.help_panel.visibilityChanged.connect(self._docks_changed)
        self.log_panel.visibilityChanged.connect(self._docks_changed)
        self.log_panel.level_changed.connect(lambda level: self.settings.choose(log_level=level))
        app = QApplication.instance()
        if isinstance(app, QApplication):
            appearance(app).changed.connect(self.menu_state.check_choices)
        self.menu_state.check_choices()

    def _make_start_page(self) -> StartPage:
        pictures = StartPictures(self)
        page = StartPage(self.labs, pictures.newest)
        page.picture_wanted.connect(pictures.ask)
        page.lab_chosen.connect(self.open_lab)
        page.tour_chosen.connect(self.tours.begin)
        page.file_chosen.connect(lambda path: self.opener.open_file(Path(path)))
        page.show_recent(self.recent.paths)
        self.recent.changed.connect(self._recent_changed)
        return page

    # -- tabs and pages -----------------------------------------------------------------------

    @property
    def tab(self) -> LabTab | None:
        """The tab that is shown."""
        return self.tabs.tab

    @property
    def page(self) -> Any:
        """The page that is shown, or None."""
        return self.tab.page if self.tab is not None else None

    def open_lab(self, lab_id: str) -> Any:
        """Show a lab and return its page; None if that could not be built."""
        return self.tabs.open(lab_id)

    def _page_built(self, page: Any, fresh: bool) -> None:
        page.parameters_changed.connect(self._parameters_changed)
        page.details_requested.connect(self.errors.show_details)
        page.dimensionless_changed.connect(lambda on: self.settings.choose(dimensionless=on))
        self.noted_beside.connect(page.pictures.hear)
        page.pins.changed.connect(self._pins_changed)
        self.help_links.follow(page)
        for signal in (page.history.stack.canUndoChanged, page.history.stack.canRedoChanged):
            signal.connect(self._steps_changed)
        self.settings.apply_to(page)
        if self._plays and fresh:
            page.begin()

    def _tab_changed(self) -> None:
        tab = self.tab
        if tab is None:
            self._start_shown()
            return
        self.tabs.fill(tab)
        self.engine.show(tab.lab.id)
        self._draw(tab)
        self.help_panel.show_lab(tab.lab)
        self.setWindowTitle(say("{title} – Zoetrope", title=tab.lab.title))
        self.status.watch()
        self.menu_state.refresh()
        self.touch()

    # -- the start page -----------------------------------------------------------------------

    def show_start(self) -> None:
        """Show the start page."""
        self.tabs.setCurrentWidget(self.start_page)

    def _start_shown(self) -> None:
        self.engine.show("")
        self.start_page.announce_all()
        self.setWindowTitle("Zoetrope")
        self.menu_state.refresh()
        self.touch()

    # -- from the engine ------------------------------------------------------------------------

    def _noted(self, lab_id: str) -> None:
        """The engine has a picture for a lab, or (with "") something to say of itself."""
        if not lab_id:
            self.status.refresh()
            return
        if is_beside(lab_id):
            self.noted_beside.emit(lab_id)
            return
        tab = self.tabs.of(lab_id)
        # A hidden lab's picture waits in its mailbox, and its next one replaces it there.
        if tab is not None and tab is self.tab:
            tab.announce()
        elif self.tab is None:
            self.start_page.announce(lab_id)

    def _draw(self, tab: LabTab) -> None:
        """Show a lab's newest picture."""
        tab.draw()
        self.status.watch()
        self.menu_state.refresh()

    def stop_computing(self) -> None:
        """Stop what the lab that is shown computes, when it next can be stopped."""
        if self.tab is not None:
            self.engine.cancel(self.tab.lab.id)
            if self.page is not None:
                self.page.pictures.cancel()
            self.status.refresh()

    def restart_engine(self) -> None:
        """Give up the step that does not end; all else that was asked for is computed."""
        self.engine.restart()
        self.status.refresh()
        self.say_briefly(say("The compute engine was started anew."))

    def _parameters_changed(self, _: object) -> None:
        self.status.watch()
        self.touch()

    def _steps_changed(self) -> None:
        # Stacks tell of it as they go too, after the menus: by then nobody hears the window.
        self.menu_state.refresh()

    def _pins_changed(self) -> None:
        self.menu_state.refresh()
        self.touch()

    def _recent_changed(self) -> None:
        self.start_page.show_recent(self.recent.paths)
        self.touch()

    def _docks_changed(self) -> None:
        self.menu_state.check_docks()
        self.touch()

    # -- in another language ---------------------------------------------------------------------

    def say_anew(self) -> None:
        """Say what the window forms from other texts, in another language."""
        self.status.refresh()
        self.menu_state.refresh()
        if self.tab is not None:
            self.setWindowTitle(say("{title} – Zoetrope", title=self.tab.lab.title))
            self.help_panel.show_lab(self.tab.lab)

    # -- files ---------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        """Take files, and text that looks like a recipe."""
        if event is not None and can_drop(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent | None) -> None:
        """Take them anywhere on the window."""
        if event is not None and can_drop(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        """Open what was dropped."""
        if event is not None:
            event.acceptProposedAction()
            self.opener.open_dropped(event.mimeData())

    def subject(self) -> Subject:
        """Return what an export of the lab that is shown is about."""
        tab = self.tab
        assert tab is not None
        assert tab.page is not None
        tab.page.player.hold()
        return Subject.of(
            tab.lab, tab.page, current_theme().name, self.engine.status().device or "cpu"
        )

    # -- messages --------------------------------------------------------------------------------

    def say_briefly(self, text: str) -> None:
        """Say for a moment that something was done."""
        self.toast.say(text)

    # -- the session ---------------------------------------------------------------------------

    def touch(self) -> None:
        """Something worth keeping changed."""
        if hasattr(self, "keeper"):
            self.keeper.touch()

    def state(self) -> sessions.Session:
        """Return what the session keeps."""
        return {
            "lab": self.tab.lab.id if self.tab is not None else "",
            "labs": self.tabs.states(),
            "window": place_of(self),
            "recent": list(self.recent.paths),
        }

    def _restore(self, saved: sessions.Session) -> None:
        put(self, self.help_panel, self.log_panel, saved.get("window", {}))
        tab = self.tabs.of(str(saved.get("lab", "")))
        if tab is not None and self.settings.now.opening == "as_left":
            self.tabs.setCurrentWidget(tab)
        self._tab_changed()
        self._docks_changed()

    def moveEvent(self, event: Any) -> None:
        """Keep the window's place."""
        super().moveEvent(event)
        self.touch()

    def resizeEvent(self, event: Any) -> None:
        """Keep the window's size."""
        super().resizeEvent(event)
        self.touch()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Esc leaves the full screen."""
        if event is not None and event.key() == Qt.Key.Key_Escape and self.commands.presenting:
            self.commands.present()
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Save the session and stop everything, within two seconds."""
        if self._closed:
            super().closeEvent(event)
            return
        self._closed = True
        if self.commands.presenting:
            self.commands.present()
        self.keeper.close()
        self._bridge.noted.disconnect(self._noted)
        self.status.rest()
        for tab in self.tabs.lab_tabs():
            tab.rest()
        self.start_page.rest()
        self.opener.close()
        self.intake.close()
        self.settings.keeper.close()
        self.help_panel.close_worker()
        self.exporter.close()
        for sweep in self.findChildren(QDialog, "sweep"):
            sweep.end()  # type: ignore[attr-defined]
        if not self.engine.close(timeout=1.0):
            log.warning("the compute thread did not stop in time")
        super().closeEvent(event)
