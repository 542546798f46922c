"""One lab's page: its form, its picture, and the paths between them and the engine."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from typing import Any, Protocol

from PyQt6.QtCore import QEvent, QSignalBlocker, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QHideEvent, QKeyEvent, QPaintEvent, QShowEvent
from PyQt6.QtWidgets import QApplication, QWidget

from zoetrope.core.comparison import on_page_of
from zoetrope.core.declarations import is_passing
from zoetrope.core.ghost import MOST_GHOSTS
from zoetrope.core.key_frames import FEWEST, KeyFrame, KeyFrames
from zoetrope.core.lab import Action, Animate, Frame, Lab, Preset
from zoetrope.core.parameters import ParameterError, Parameters, ViewEnd
from zoetrope.core.preset_match import PresetMatch
from zoetrope.core.recorded_drag import DragRecorder, RecordedDrag
from zoetrope.core.theme import Theme
from zoetrope.core.updates import Update
from zoetrope.gui.action_runner import ActionRunner
from zoetrope.gui.beside import Computes, PicturesBeside
from zoetrope.gui.frame_view import FrameView
from zoetrope.gui.history import History, differing
from zoetrope.gui.language import later, say
from zoetrope.gui.page_files import PageFiles
from zoetrope.gui.page_layout import PageLayout
from zoetrope.gui.page_session import PageSession
from zoetrope.gui.picture_edits import PictureEdits
from zoetrope.gui.pins import Pins
from zoetrope.gui.player import Player
from zoetrope.gui.theme import appearance

log = logging.getLogger(__name__)


class PageEngine(Computes, Protocol):
    """What a page asks of the engine."""

    def show(self, lab: str) -> None:
        """Say which lab is on the screen."""


def lowered(label: str) -> str:
    """Return a label for the middle of a sentence; names and abbreviations keep their capital."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


class LabPage(PageLayout):
    """A lab in its tab.

    Every change, from wherever it comes, becomes new legal parameters, goes to the engine, and
    what the engine made is shown by `collect`, which the window calls when the engine has notified
    it. `parameters_changed` carries the parameters whenever others come into force.
    `details_requested` carries the details of a failure.
    """

    parameters_changed = pyqtSignal(object)
    details_requested = pyqtSignal(str)
    dimensionless_changed = pyqtSignal(bool)
    parameter_pointed = pyqtSignal(str)  # in the form; "" for none

    def __init__(self, lab: Lab[Any], engine: PageEngine, parent: QWidget | None = None) -> None:
        self._parameters: Parameters = lab.parameters()  # first: the transport asks for its rate
        super().__init__(lab, self._rate, parent)
        self._engine = engine
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._ticket: int | None = None  # of the newest request; None before the first
        self._reduced_motion = False
        self._presets = PresetMatch(lab.parameters, lab.presets)
        self.history = History(lambda: self._parameters, self.apply, self)
        self.files = PageFiles(self)
        self.session = PageSession(self)
        self.player = Player(self)
        self._drags = DragRecorder()
        self.key_frames: tuple[KeyFrame, ...] = ()
        self._actions = ActionRunner(self)
        self.animator = self._actions.animator
        self.picture_edits = PictureEdits(self)
        self.frame_view = FrameView(self)
        self.pictures = PicturesBeside(lab.id, "pinned", MOST_GHOSTS, engine, self)
        self.pins = Pins(self, self.pictures)
        self._connect()
        self._show_parameters()

    def _rate(self) -> float:
        return self.lab.playhead_rate(self._parameters)

    def _connect(self) -> None:
        self.form.changed.connect(self._form_changed)
        self.form.edit_started.connect(self._drag_started)
        self.form.edit_finished.connect(self.end_drag)
        self.form.pointed.connect(self.parameter_pointed)
        self.form.file_wanted.connect(self.files.look)
        self.canvas.edit_started.connect(self._drag_started)
        self.canvas.edit_finished.connect(self.end_drag)
        self.presets.activated.connect(self._preset_chosen)
        self.reset_button.clicked.connect(self.reset)
        self.actions_box.triggered.connect(self.run_action)
        self.tabs.currentChanged.connect(self._tab_changed)
        self.banner.details_requested.connect(self.details_requested)
        self.progress.cancelled.connect(self.cancel)
        self.readouts.dimensionless_changed.connect(self.dimensionless_changed)
        self.history.moving.connect(self.animator.stop)
        self.pin_buttons.pin_asked.connect(self.pins.pin)
        self.pin_buttons.unpin_asked.connect(self.pins.unpin)
        self.pins.changed.connect(self.frame_view.show_ghosts)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            appearance(app).changed.connect(self.set_theme)

    # -- what the window asks -------------------------------------------------------------------

    @property
    def parameters(self) -> Parameters:
        """The parameters in force."""
        return self._parameters

    @property
    def frame(self) -> Frame | None:
        """The lab's frame on the screen, without ghosts; None before the first."""
        return self.frame_view.frame

    @property
    def shown_frame(self) -> Frame | None:
        """The frame on the screen with the ghosts of what is pinned; None before the first."""
        return self.frame_view.shown

    @property
    def frame_parameters(self) -> Parameters | None:
        """The parameters that the frame on the screen belongs to."""
        return self.frame_view.parameters

    @property
    def last_drag(self) -> RecordedDrag | None:
        """What the last drag of a handle, a point or a slider went through; None before one."""
        return self._drags.last

    @property
    def film(self) -> KeyFrames | None:
        """The film through the key frames; None where there are too few for one."""
        return KeyFrames(self.key_frames) if len(self.key_frames) >= FEWEST else None

    def set_parameters(self, parameters: Parameters, text: str, *, undoable: bool = True) -> None:
        """Put parameters in force, as one step that `text` describes."""
        self.animator.stop()
        self.form.clear_refusals()
        if undoable:
            self.history.change(parameters, text)
        else:
            self.apply(parameters)

    def reset(self) -> None:
        """Set all values to their defaults; page, playhead and camera stay."""
        usual = type(self._parameters)()
        self.set_parameters(on_page_of(self._parameters, usual), later("Reset all"))

    def take_values(self, values: Mapping[str, Any], text: str) -> None:
        """Put values in force as one step, or say at its row why one cannot be.

        Where they are in force already all is computed anew: a file may hold something else now.
        """
        try:
            parameters = self._parameters.change(**values)
        except ParameterError as error:
            self.refuse(error, next(iter(values)))
            return
        if parameters == self._parameters:
            self._engine.cancel(self.lab.id)
            self._submit()
        self.set_parameters(parameters, text)

    def cancel(self) -> None:
        """Stop what is being computed."""
        self._engine.cancel(self.lab.id)
        self.pictures.cancel()
        self.progress.end()

    def begin(self) -> None:
        """Set in motion what moves by itself, unless motion is not wanted."""
        if self.lab.plays and not self._reduced_motion:
            self.player.play()

    def turn_to(self, page: str) -> None:
        """Turn to one of the lab's pages."""
        if self.page_name is not None:
            turned = self._parameters.change(**{self.page_name: page})
            self.set_parameters(turned, later("Page"), undoable=False)

    def show_parameter(self, name: str) -> None:
        """Put the focus into a parameter's row, on a page where it matters."""
        pages = self._parameters.declarations()[name].pages
        page = getattr(self._parameters, self.page_name or "", None)
        if pages and page not in pages:
            self.turn_to(pages[0])
        self.side.show_row(name)

    def point_at(self, names: Collection[str]) -> None:
        """Set the rows of these parameters off: something elsewhere is about them."""
        self.form.point_at(names)

    def rest(self) -> None:
        """Stop what moves by itself."""
        self.animator.stop()
        self.player.pause()

    def show_dimensionless(self, dimensionless: bool) -> None:
        """Show readouts as ratios, or in SI units."""
        self.readouts.show_dimensionless(dimensionless)

    def show_numbers(self) -> None:
        """Write all numbers anew, as after a change of how they are written."""
        self.form.show_anew()
        self.readouts.show_anew()
        if self.transport is not None:
            self.transport.show_anew()
        self.canvas.show_numbers()

    def set_theme(self, theme: Theme) -> None:
        """Colour the figure for a theme; the rest follows the palette."""
        self.canvas.set_theme(theme)

    def set_reduced_motion(self, reduced: bool) -> None:
        """Let animations jump to their end."""
        self._reduced_motion = reduced
        self.canvas.reduced_motion = reduced
        self.progress.set_reduced_motion(reduced)

    # -- changes -------------------------------------------------------------------------------

    def edit(self, values: Mapping[str, Any]) -> None:
        """Change values as an edit; edits of the same in a row are one step.

        Raises `ParameterError` if one of them cannot be.
        """
        self._change(self._parameters.change(**values), sorted(values))

    def apply(self, parameters: Parameters) -> None:
        """Put parameters in force: the one path of every change, undo and redo included."""
        self._parameters = parameters
        self._drags.note(parameters)
        self._show_parameters()
        if self._ticket is not None:
            self._submit()
        self.parameters_changed.emit(parameters)

    def _change(self, parameters: Parameters, names: list[str]) -> None:
        """Put parameters in force as an edit of these; edits of the same in a row are one step."""
        declared = parameters.declarations()
        if all(isinstance(declared[name], ViewEnd) for name in names):
            labels = "view"
        else:
            labels = " and ".join(lowered(declared[name].label) for name in names)
        self.history.change(parameters, later("Change {labels}", labels=labels), "+".join(names))

    def _submit(self) -> None:
        self._ticket = self._engine.submit(self.lab.id, self._parameters)
        self.canvas.set_stale(True)  # it dims only if nothing comes for a moment
        self.progress.begin()

    def _show_parameters(self) -> None:
        self.form.set_parameters(self._parameters)
        self.player.show()
        if self.page_name is not None:
            page = getattr(self._parameters, self.page_name)
            if self.tabs.tabData(self.tabs.currentIndex()) != page:
                index = next(i for i in range(self.tabs.count()) if self.tabs.tabData(i) == page)
                with QSignalBlocker(self.tabs):
                    self.tabs.setCurrentIndex(index)
        shown = self.presets.findData(self._presets.key_of(self._parameters))
        if self.presets.currentIndex() != shown:
            self.presets.setCurrentIndex(shown)

    def _form_changed(self, parameters: Parameters, name: str) -> None:
        self.animator.stop()
        self._change(parameters, [name])

    def refuse(self, error: ParameterError, name: str) -> None:
        """Say why a value of a parameter cannot be."""
        shown = error.parameter or name
        if shown in self.form.rows or name in self.form.rows:
            self.form.refuse(error, name)
        else:
            self.banner.say(say(str(error)), "error")

    def _drag_started(self) -> None:
        self.animator.stop()
        self.begin_drag()
        self._drags.begin(self._parameters)

    def begin_drag(self) -> None:
        """Begin a step that lasts until `end_drag`: something is dragged, or an animation runs."""
        self.history.begin_drag()
        self.canvas.set_dragging(True)

    def end_drag(self) -> None:
        """End it."""
        self.history.end_drag()
        self._drags.end()
        self.canvas.set_dragging(False)

    def _preset_chosen(self, index: int) -> None:
        self.take_preset(self.lab.presets[index])
        self._show_parameters()

    def take_preset(self, preset: Preset) -> None:
        """Put a preset in force; page, playhead and camera stay, unless it sets them."""
        wanted = self._presets.parameters(preset)
        parameters = on_page_of(self._parameters, wanted, preset.values)
        self.set_parameters(parameters, later("Preset “{label}”", label=preset.label))

    def _tab_changed(self, index: int) -> None:
        if self.page_name is not None:
            self.edit({self.page_name: self.tabs.tabData(index)})

    # -- actions -------------------------------------------------------------------------------

    def run_action(self, action: Action) -> None:
        """Do what the lab offers."""
        self._actions.run(action, jump=self._reduced_motion)

    def guide(self, begin: Parameters, text: str, animate: Animate | None = None) -> None:
        """Put parameters in force, and move a number from there, as one step that `text` names."""
        self.rest()
        self.form.clear_refusals()
        if animate is None:
            self.history.change(begin, text)
        else:
            self._actions.animate(animate, text, text, jump=self._reduced_motion, begin=begin)

    def take_change(self, parameters: Parameters, text: str) -> None:
        """Put what an action changes in force: a step of its own, unless it only passes."""
        names = differing(self._parameters, parameters)
        if all(is_passing(parameters.declarations()[name]) for name in names):
            self._change(parameters, names)
        else:
            self.set_parameters(parameters, text)

    # -- what the engine made ------------------------------------------------------------------

    def collect(self) -> None:
        """Show what is in the mailbox, if anything is."""
        updates = []  # taken first: the mailbox is empty even if one of them cannot be shown
        while (update := self._engine.take(self.lab.id)) is not None:
            updates.append(update)
        for update in updates:
            self._show_update(update)

    def _show_update(self, update: Update) -> None:
        newest = update.ticket == self._ticket
        if update.frame is not None:
            self.frame_view.show(update.frame, update.parameters)
        elif update.failure is not None and newest:
            log.info("%s: %s\n%s", self.lab.id, update.failure.sentence, update.failure.details)
            self.frame_view.fail(update.failure)
            self.rest()
        elif newest and self.frame_parameters != self._parameters:
            self.banner.say(say("Stopped. The picture still shows the values before."), "info")
        if update.running:
            share = update.frame.progress if update.frame is not None else None
            self.progress.report(share, update.seconds_left)
        elif newest:
            self.progress.end()
        self.player.follow(update.frame if newest else None)
        self.animator.frame_shown()

    # -- Qt ------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent | None) -> None:
        """Come first with the engine."""
        super().showEvent(event)
        self._engine.show(self.lab.id)
        if self.frame_parameters != self._parameters:
            self.canvas.set_stale(True)
        if self._ticket is None:
            self.setFocus()  # on the page itself: keys work, nothing is ringed

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Ask for the first picture once the page has been painted: both at once are slower."""
        super().paintEvent(event)
        if self._ticket is None:
            QTimer.singleShot(0, self._submit_first)

    def _submit_first(self) -> None:
        if self._ticket is None:
            self._submit()

    def hideEvent(self, event: QHideEvent | None) -> None:
        """Wait for nothing while nobody looks: the next picture is collected when shown again."""
        super().hideEvent(event)
        self.canvas.set_stale(False)

    def changeEvent(self, event: QEvent | None) -> None:
        """Show the picture in the words of another language."""
        super().changeEvent(event)
        changed = event is not None and event.type() == QEvent.Type.LanguageChange
        view = getattr(self, "frame_view", None)  # Qt may tell of changes while the page is built
        if changed and view is not None and view.frame is not None:
            view.say_anew()
            self.show_numbers()  # for their units

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Space plays, S steps, R goes back to the beginning; Esc takes back what was refused, or
        stops what is computed.
        """
        assert event is not None
        if self.transport is not None and self.transport.take_key(event):
            return
        if event.key() == Qt.Key.Key_Escape and self.form.has_refusals:
            self.form.clear_refusals()
        elif event.key() == Qt.Key.Key_Escape and self.progress.waiting:
            self.cancel()
        else:
            event.ignore()
