"""The i-ResNet lab at work: trainings that go on, and pictures of where they stand, by turns."""

from __future__ import annotations

import time
from collections.abc import Hashable
from dataclasses import dataclass, replace
from importlib import import_module

from zoetrope.core.iresnet.lab_actions import actions
from zoetrope.core.iresnet.lab_choices import TRAINED_ON
from zoetrope.core.iresnet.lab_data import data_key, idle, load
from zoetrope.core.iresnet.lab_files import LoadedNetwork, network_files
from zoetrope.core.iresnet.lab_notices import notices
from zoetrope.core.iresnet.lab_page import Drawing, Page, Shot
from zoetrope.core.iresnet.lab_parameters import IResNetParameters
from zoetrope.core.iresnet.lab_training import Setup, Training, key_of
from zoetrope.core.iresnet.network_parameters import MOST_STEPS
from zoetrope.core.iresnet.pace import Pace, SpeedLimit
from zoetrope.core.lab import Frame
from zoetrope.core.long_work import FINISHED

SLICE_SECONDS = 0.02  # of work between two yields
WAITING_SECONDS = 0.005  # between two looks at whether the speed limit lets a step be taken
BETWEEN_SECONDS = 0.08  # from one picture of a training to the next, at least
TRAINING_SHARE = 1.5  # seconds of training for each second of drawing

# Page: its module and class, imported when it is turned to.
PAGE_OF = {
    "train": ("train_page", "TrainPage"),
    "transport": ("transport_page", "TransportPage"),
    "inverse": ("inverse_page", "InversePage"),
    "collapse": ("collapse_page", "CollapsePage"),
    "estimators": ("estimators_page", "EstimatorsPage"),
    "lipschitz": ("lipschitz_page", "LipschitzPage"),
    "line": ("line_page", "LinePage"),
}


@dataclass(slots=True)
class _Picture:
    """A drawing on its way, and what it is of."""

    drawing: Drawing
    shot: Shot
    state: object
    seconds: float = 0.0  # of work so far
    delivered: bool = False  # whether it has given a frame to show


class Session:
    """The data of some parameters, what is trained on them, and the page that is shown.

    `watched`: a person looks on, so that the speed limit holds.
    """

    def __init__(self, parameters: IResNetParameters, *, watched: bool = False) -> None:
        self.data = load(parameters)
        self._data_key = data_key(parameters)
        self._trainings: dict[Hashable, Training | LoadedNetwork] = {}
        self._pages: dict[str, Page] = {}
        self._picture: _Picture | None = None
        self._drawn: object = None  # what the last finished picture is of
        self._due = 0.0  # when the next picture of a training may begin
        self._paid = self._cost = 0.0  # seconds of training since the last picture, and it took
        self._pace = Pace()
        self._watched, self._limit = watched, SpeedLimit()
        self._show(parameters)

    def take(self, parameters: IResNetParameters) -> None:
        """Work on live changes from now on."""
        turned = parameters.page != self.parameters.page
        if self._picture is not None and (turned or self._picture.delivered):
            self._picture = None
        self._due, self._paid = 0.0, TRAINING_SHARE * self._cost  # it is drawn at once
        self._show(parameters)

    def _show(self, parameters: IResNetParameters) -> None:
        self.parameters = parameters
        self._page = self._page_of(parameters.page)
        setups = self._page.setups(parameters)
        self._shown = [self._training(place, setup) for place, setup in enumerate(setups)]

    def _page_of(self, name: str) -> Page:
        if name not in self._pages:
            module, page = PAGE_OF[name]
            made = getattr(import_module(f"zoetrope.core.iresnet.{module}"), page)
            self._pages[name] = made(self.data)
        return self._pages[name]

    def _training(self, place: int, setup: Setup) -> Training | LoadedNetwork:
        """Return a page's training; the first one is that of all pages."""
        name = (self.parameters.page, place) if place else "flow"
        known = self._trainings.get(name)
        if known is None or (place and known.setup.objective != setup.objective):
            # A rival's objective is what it is there to show: it is trained on it from the start.
            if place == 0 and self.parameters.network_file:
                known = LoadedNetwork(self.parameters.network_file)
            else:
                kept = FINISHED.get(key_of(self._data_key, setup))
                known = Training(self.data, setup, kept)
            known.begin_near(self.target)
            self._trainings[name] = known
        known.change(setup)
        return known

    # -- work ----------------------------------------------------------------------------------

    @property
    def target(self) -> int:
        """The step to which the page's trainings are to be taken."""
        return round(self.parameters.step)

    @property
    def arrived(self) -> bool:
        """Whether they are there."""
        return all(training.arrived(self.target) for training in self._shown)

    def advance(self) -> Frame | None:
        """Work for some 20 ms; return a picture if one has become ready."""
        moving = not self.arrived
        if self._picture is None and self._due_now(moving):
            shot = self._shot(moving)
            self._picture = _Picture(self._page.draw(shot), shot, self._state(moving))
        if self._picture is not None:
            return self._draw(self._picture)
        if moving:
            self._train()
        return None

    def _due_now(self, moving: bool) -> bool:
        if self._drawn == self._state(moving):
            return False
        if not moving:
            return True
        waited = time.perf_counter() >= self._due
        return waited and self._paid >= TRAINING_SHARE * self._cost

    def _train(self) -> None:
        began = time.perf_counter()
        most, taken = self._most_steps(), 0
        for training in self._shown:
            before = training.step
            if most:
                target = min(self.target, before + most)
                training.advance(target, SLICE_SECONDS / len(self._shown))
            taken = max(taken, training.step - before)
        if most:
            self._limit.take(taken)
        else:
            time.sleep(WAITING_SECONDS)
        self._paid += time.perf_counter() - began

    def _most_steps(self) -> int:
        """How many steps may be taken now."""
        per_second = self.parameters.speed_limit
        return self._limit.due(per_second) if self._watched and per_second else MOST_STEPS

    def keep(self) -> None:
        """Keep what is trained on this page, so that it is not trained again."""
        for training in self._shown:
            kept = training.kept()
            if kept is not None:
                FINISHED.keep(key_of(self._data_key, training.setup), kept, kept.size)

    def _shot(self, moving: bool) -> Shot:
        best = self.parameters.best
        trained = tuple(training.trained(best) for training in self._shown)
        return Shot(self.parameters, self.data, trained, moving)

    def _state(self, moving: bool) -> object:
        return self.parameters, [training.state for training in self._shown], moving

    def _draw(self, picture: _Picture) -> Frame | None:
        """Go on with a picture; return a frame of it if one is ready."""
        began = time.perf_counter()
        frame, ended = None, False
        while frame is None and time.perf_counter() - began < SLICE_SECONDS:
            try:
                frame = next(picture.drawing)
            except StopIteration as end:
                frame, ended = end.value, True
        picture.seconds += time.perf_counter() - began
        picture.delivered = picture.delivered or frame is not None
        if ended:
            self._picture, self._drawn = None, picture.state
            self._paid, self._cost = 0.0, picture.seconds
            self._due = time.perf_counter() + BETWEEN_SECONDS
        return None if frame is None else self._complete(frame, picture, ended)

    def _complete(self, frame: Frame, picture: _Picture, ended: bool) -> Frame:
        """Add what is common to all pages to a page's frame."""
        shot = picture.shot
        final = ended and not shot.moving and picture.state == self._state(not self.arrived)
        step = min((trained.step for trained in shot.trained), default=0)
        played = shot.parameters.page in TRAINED_ON
        return replace(
            frame,
            readouts=(*frame.readouts, *self._pace.readouts(step, shot.moving)),
            notices=(*frame.notices, *notices(shot)),
            actions=(*frame.actions, *actions(shot)),
            files={**frame.files, **(network_files(shot) if final else {})},
            options={**frame.options, "columns": self.data.options},
            idle=idle(shot.parameters),
            reached=float(step) if played else None,
            progress=step / max(1, self.target) if shot.moving else frame.progress,
            final=final,
        )
