"""Whose turn it is on the one compute thread."""

from __future__ import annotations

from collections.abc import Sequence

VISIBLE_SHARE = 4  # slices for the visible lab to one for the others


class Turns:
    """Gives the visible lab four slices of five; the others share the fifth, one after another."""

    def __init__(self) -> None:
        self._turn = self._other = 0

    def next(self, ready: Sequence[str], visible: str) -> str | None:
        """Return which of the labs that have work comes next; None if none has."""
        if not ready:
            return None
        self._turn += 1
        others = [lab for lab in ready if lab != visible]
        if visible in ready and (not others or self._turn % (VISIBLE_SHARE + 1)):
            return visible
        self._other += 1
        return others[self._other % len(others)]
