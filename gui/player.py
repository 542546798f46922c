"""Playing a lab: its transport moves the playhead of the page that is shown, and follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from zoetrope.core.lab import Frame

if TYPE_CHECKING:
    from zoetrope.gui.lab_page import LabPage


class Player(QObject):
    """Joins a lab's transport to the parameters in force.

    A lab without a playhead has no transport, and nothing here does anything then.
    """

    def __init__(self, page: LabPage) -> None:
        super().__init__(page)
        self._page = page
        self._transport = page.transport
        self._name = page.playhead_name  # of the playhead that the transport plays
        if self._transport is not None:
            self._transport.moved.connect(self._moved)
            self._transport.limit.chosen.connect(self._limited)

    def show(self) -> None:
        """Have the transport play the page's playhead; hide and pause it where there is none."""
        if self._transport is None:
            return
        parameters = self._page.parameters
        played = parameters.played()
        if played is None:
            self._transport.pause()
        else:
            name, declaration = played
            if name != self._name:
                self._name = name
                self._transport.set_playhead(declaration)
            else:
                self._transport.set_ends(declaration)
            self._transport.set_value(getattr(parameters, name))
            if declaration.limit:
                self._transport.limit.show_value(getattr(parameters, declaration.limit))
            self._transport.refresh_rate()
        self._transport.setVisible(played is not None)

    def play(self) -> None:
        """Play, if the page has a playhead."""
        if self._transport is not None and self._page.parameters.playhead_name():
            self._transport.play()

    def toggle(self) -> None:
        """Play or pause, if the page has a playhead."""
        if self._transport is not None and not self._transport.isHidden():
            self._transport.toggle()

    def pause(self) -> None:
        """Stop."""
        if self._transport is not None:
            self._transport.pause()

    def hold(self) -> None:
        """Stop a playhead that the lab drives: parameters that are on their way are of no use."""
        if self._transport is not None and self._transport.driving:
            self._transport.pause()

    def follow(self, frame: Frame | None) -> None:
        """Go on: an answer was shown. `frame` is what it brought, if it was the newest."""
        if self._transport is None:
            return
        if frame is not None and frame.reached is not None:
            self._transport.reach(frame.reached, ended=frame.final)
        self._transport.frame_shown()

    def set_frame_rate(self, rate: int) -> None:
        """Draw at most so many pictures a second while something plays."""
        if self._transport is not None:
            self._transport.set_frame_rate(rate)

    def _moved(self, value: float) -> None:
        name = self._page.parameters.playhead_name()
        if name is not None:
            self._page.edit({name: value})

    def _limited(self, value: float) -> None:
        played = self._page.parameters.played()
        if played is not None:
            self._page.edit({played[1].limit: value})
