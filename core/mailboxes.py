"""What waits to be shown: a mailbox of one frame for each lab, so nothing queues behind a slow
screen.
"""

from __future__ import annotations

from collections.abc import Mapping

from zoetrope.core.updates import Update


class Mailboxes:
    """The unread updates of all labs. Whoever uses it from two threads holds a lock meanwhile.

    A mailbox holds at most two: the newest frame, and why no newer one followed.
    """

    def __init__(self, unread: Mapping[str, list[Update]]) -> None:
        self._unread = {lab: list(updates) for lab, updates in unread.items()}

    def put(self, lab: str, update: Update) -> bool:
        """Put an update there, a frame in place of all that is unread; say if it was empty."""
        unread = self._unread.setdefault(lab, [])
        was_empty = not unread
        frames = [] if update.frame is not None else [u for u in unread if u.frame is not None]
        unread[:] = [*frames, update]
        return was_empty

    def take(self, lab: str) -> Update | None:
        """Take the oldest update of a lab; None if there is none."""
        unread = self._unread.get(lab)
        return unread.pop(0) if unread else None

    def unread(self) -> dict[str, list[Update]]:
        """Return a copy of what is unread, of labs that have any."""
        return {lab: list(updates) for lab, updates in self._unread.items() if updates}
