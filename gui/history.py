"""Undo and redo of parameters: what a person did in one go is one step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from typing import Any

from PyQt6.QtCore import QObject, QTimer, pyqtSignal
from PyQt6.QtGui import QUndoCommand, QUndoStack

from zoetrope.core.declarations import is_passing
from zoetrope.core.parameters import ParameterError, Parameters

IDLE_MS = 800  # after this long without a change, the next one is a step of its own

_serial = count(1)


def differing(before: Parameters, after: Parameters) -> list[str]:
    """Return the names whose values differ, linked values that are not given among them."""
    return [name for name in after.declarations() if getattr(before, name) != getattr(after, name)]


def transplant(source: Parameters, names: list[str], into: Parameters) -> Parameters:
    """Return `into` with the named values of `source`; `source` itself if they do not fit."""
    try:
        return replace(into, **{name: getattr(source, name) for name in names})
    except ParameterError:
        return source


class _Step(QUndoCommand):
    def __init__(
        self, history: History, before: Parameters, after: Parameters, text: str, merge: int
    ) -> None:
        super().__init__(text)
        self._history = history
        self._before = before
        self._after = after
        self._names = differing(before, after)
        self._merge = merge
        self._passing = self._only_passes()  # then it was wanted as a step all the same

    def id(self) -> int:
        return self._merge

    def mergeWith(self, other: QUndoCommand | None) -> bool:
        assert isinstance(other, _Step)
        self._after = other._after
        self._names = [n for n in self._after.declarations() if n in {*self._names, *other._names}]
        # What passes (a playhead that runs meanwhile) is no difference that would keep a step.
        self.setObsolete(not self._passing and self._only_passes())
        return True

    def _only_passes(self) -> bool:
        declared = self._after.declarations()
        return all(is_passing(declared[name]) for name in differing(self._before, self._after))

    def redo(self) -> None:
        self._history.put(self._after, self._names)

    def undo(self) -> None:
        self._history.put(self._before, self._names)


class _Deed(QUndoCommand):
    """A step that changes no parameters."""

    def __init__(self, text: str, do: Callable[[], None], undo: Callable[[], None]) -> None:
        super().__init__(text)
        self._do, self._undo = do, undo

    def redo(self) -> None:
        self._do()

    def undo(self) -> None:
        self._undo()


class History(QObject):
    """The undo stack of one lab.

    `current` returns the parameters in force and `apply` puts others in force: a change, its undo
    and its redo all go through `apply`. Undo gives back only the values that a step changed, so
    a page turned or an animation played meanwhile stays where it is. `moving` comes before an
    undo or a redo, for whatever is still changing parameters by itself.
    """

    moving = pyqtSignal()

    def __init__(
        self,
        current: Callable[[], Parameters],
        apply: Callable[[Any], None],
        parent: QObject | None = None,
        *,
        idle_ms: int = IDLE_MS,
    ) -> None:
        super().__init__(parent)
        self.stack = QUndoStack(self)
        self._current = current
        self._apply = apply
        self._open: str | None = None  # what further changes may join the last step
        self._serial = -1
        self._dragging = False
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(idle_ms)
        self._idle.timeout.connect(self.close_step)
        self.stack.indexChanged.connect(self._index_changed)
        self._expected = 0

    def change(self, after: Parameters, text: str, merge: str | None = None) -> None:
        """Put `after` in force as a step; steps of one `merge` name in a row become one.

        Nothing happens if nothing differs. Changes of passing parameters alone are no step.
        """
        before = self._current()
        names = differing(before, after)
        if not names:
            return
        declarations = after.declarations()
        if merge is not None and all(is_passing(declarations[name]) for name in names):
            self._apply(after)
            return
        if merge is None or merge != self._open:
            self.close_step()
            self._serial = next(_serial)
            self._open = merge
        self.stack.push(_Step(self, before, after, text, self._serial))
        if self._open is not None and not self._dragging:
            self._idle.start()

    def do(self, text: str, do: Callable[[], None], undo: Callable[[], None]) -> None:
        """Do something that changes no parameters, as a step of its own."""
        self.close_step()
        self.stack.push(_Deed(text, do, undo))

    @contextmanager
    def together(self, text: str) -> Iterator[None]:
        """Let all steps that are made within, at least one, be one."""
        self.close_step()
        self.stack.beginMacro(text)
        try:
            yield
        finally:
            self.stack.endMacro()
            self.close_step()

    def join(self, merge: str) -> None:
        """Let further changes of this merge name become part of the step that was just made."""
        self._open = merge

    def begin_drag(self) -> None:
        """Start a step that lasts until `end_drag`, however long the pauses in it are."""
        self.close_step()
        self._dragging = True

    def end_drag(self) -> None:
        """End it."""
        self._dragging = False
        self.close_step()

    def close_step(self) -> None:
        """Let the next change be a step of its own."""
        self._idle.stop()
        self._open = None

    def undo(self) -> None:
        """Take back the last step."""
        self.moving.emit()
        self.stack.undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        self.moving.emit()
        self.stack.redo()

    def put(self, source: Parameters, names: list[str]) -> None:
        """Put the named values of `source` in force beside all others as they are now."""
        self._apply(transplant(source, names, self._current()))

    def _index_changed(self, index: int) -> None:
        if index < self._expected:  # undone: what comes next joins nothing
            self.close_step()
        self._expected = index
