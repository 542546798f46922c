"""Pins of a page: pictures that stay as ghosts under the live one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, pyqtSignal

from zoetrope.core.comparison import Compared, Comparison, looked_from, same_page, seen_as
from zoetrope.core.differences import pinned_words
from zoetrope.core.figure import Figure
from zoetrope.core.ghost import MOST_GHOSTS, Ghost, with_ghosts
from zoetrope.core.lab import Frame, Lab
from zoetrope.core.parameters import ParameterError, Parameters
from zoetrope.gui.beside import PicturesBeside
from zoetrope.gui.language import later, say

if TYPE_CHECKING:
    from zoetrope.gui.lab_page import LabPage


class Pin:
    """A pinned state, with its newest picture and the parameters that this was seen with."""

    def __init__(
        self,
        parameters: Parameters,
        frame: Frame | None = None,
        seen: Parameters | None = None,
    ) -> None:
        self.parameters, self.frame, self.seen = parameters, frame, seen
        self._ghost: tuple[Figure, Ghost] | None = None

    def ghost(self, number: int) -> Ghost | None:
        """Return its ghost as the one of that number, made once; None before it has a picture."""
        if self.frame is None:
            return None
        figure = self.frame.figure
        made = self._ghost
        if made is None or made[0] is not figure or made[1].number != number:
            made = self._ghost = figure, Ghost.of(figure, number)
        return made[1]


Pinned = tuple[Pin, ...]


class Pins(QObject):
    """What is pinned on a lab's pages, at most `MOST_GHOSTS` states. `changed` comes when that, or
    a ghost of it, is another.

    A ghost belongs to the page on which it was pinned. It keeps its values and its moment; the
    camera and the visible ranges are those of the live picture, so it is computed anew when those
    move. Pinning and unpinning are steps of undo.
    """

    changed = pyqtSignal()

    def __init__(self, page: LabPage, pictures: PicturesBeside) -> None:
        super().__init__(page)
        self._page = page
        self._pictures = pictures
        self._pictures.arrived.connect(self._arrived)
        self._pinned: Pinned = ()

    @property
    def pinned(self) -> list[Parameters]:
        """The states that are pinned, on whatever page."""
        return [pin.parameters for pin in self._pinned]

    @property
    def room(self) -> bool:
        """Whether one more can be pinned."""
        return len(self._pinned) < MOST_GHOSTS

    @property
    def settled(self) -> bool:
        """Whether all ghosts are as they will be."""
        return self._pictures.settled

    def pin(self) -> None:
        """Pin the picture that is shown."""
        frame, parameters = self._page.frame, self._page.frame_parameters
        if frame is None or parameters is None or not self.room:
            return
        seen = parameters if frame.final else None  # what is on its way is computed to its end
        self._change(later("Pin the picture"), (*self._pinned, Pin(parameters, frame, seen)))

    def unpin(self) -> None:
        """Take the newest pin of the page that is shown away, or the newest of all."""
        for gone in (self._here() or list(self._pinned))[-1:]:
            rest = tuple(pin for pin in self._pinned if pin is not gone)
            self._change(later("Unpin the picture"), rest)

    def take(self, pinned: Sequence[Parameters], text: str) -> None:
        """Pin these states in place of what is pinned, as one step that `text` names."""
        if self.pinned != list(pinned):
            self._change(text, tuple(Pin(parameters) for parameters in pinned[:MOST_GHOSTS]))

    def follow(self) -> None:
        """Want the ghosts that belong under the page's parameters, as far as they are not there."""
        here = self._here()
        seen = [(pin, self._as_seen(pin) if pin in here else pin.seen) for pin in self._pinned]
        self._pictures.want([None if wanted == pin.seen else wanted for pin, wanted in seen])

    def words(self) -> list[str]:
        """Return what stands at each ghost of the page that is shown."""
        lab, live = self._page.lab, self._page.parameters
        return [pinned_words(lab, pin.parameters, live) for pin in self._here()]

    def under(self, frame: Frame, parameters: Parameters) -> Frame:
        """Return a live frame with the ghosts of its page under it, as far as they are there."""
        ghosts = [
            (ghost, pinned_words(self._page.lab, pin.parameters, parameters))
            for number, pin in enumerate(self._here(parameters))
            if (ghost := pin.ghost(number)) is not None
        ]
        return replace(frame, figure=with_ghosts(frame.figure, ghosts)) if ghosts else frame

    def compared(self, lab: Lab[Any]) -> Lab[Any]:
        """Return the lab with what is pinned on the page that is shown, as it is seen now."""
        seen = [self._as_seen(pin) for pin in self._here()]
        return Compared(lab, Comparison.under(seen)) if seen else lab

    def state(self) -> list[Mapping[str, Any]]:
        """Return what a session keeps."""
        return [parameters.plain() for parameters in self.pinned]

    def restore(self, state: object) -> None:
        """Take over what a session kept; what cannot be used any more is left out."""
        pinned = []
        for plain in state if isinstance(state, list) else ():
            try:
                pinned.append(Pin(self._page.lab.parameters.adapt(plain)[0]))
            except (ParameterError, TypeError, AttributeError):
                continue
        self._put(tuple(pinned[:MOST_GHOSTS]))

    def _here(self, live: Parameters | None = None) -> list[Pin]:
        """Return the pins of the page that is shown, or that some parameters show."""
        shown = live or self._page.parameters
        return [pin for pin in self._pinned if same_page(pin.parameters, shown)]

    def _as_seen(self, pin: Pin) -> Parameters:
        """Return the state of a pin of the page that is shown as it is seen now."""
        frame = self._page.frame
        names = looked_from(frame.figure) if frame is not None else ()
        return seen_as(pin.parameters, self._page.parameters, names)

    def _change(self, text: str, after: Pinned) -> None:
        before = self._pinned
        self._page.history.do(text, lambda: self._put(after), lambda: self._put(before))

    def _put(self, pinned: Pinned) -> None:
        self._pinned = pinned
        if self._page.frame is not None:
            self.follow()
        self.changed.emit()

    def _arrived(self) -> None:
        """Take over the pictures that came."""
        for pin, picture in zip(self._pinned, self._pictures.pictures, strict=False):
            if picture.failure is not None:
                why = picture.failure.sentence
                text = say("A pinned picture cannot be shown. {why}", why=why)
                self._page.banner.say(text, "warning")
            if picture.frame is not None and picture.parameters == picture.wanted:
                pin.frame, pin.seen = picture.frame, picture.parameters
        self.changed.emit()
