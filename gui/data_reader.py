"""Reading a table beside the window, which hears how far it is and may give it up."""

from __future__ import annotations

import threading
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal

from zoetrope.core.column_facts import ColumnFacts, facts_of
from zoetrope.core.columns import DataTable, TableError
from zoetrope.core.stepping import Steps, within
from zoetrope.core.table import table_steps
from zoetrope.core.written import Written
from zoetrope.gui.background import Background

Looked = tuple[DataTable, tuple[ColumnFacts, ...]]
_CLOSING = 0.05  # seconds that the window waits for a step to end


class _GivenUpError(Exception):
    """Nobody waits for this table any more."""


class TableReader(QObject):
    """Reads one table at a time. `done` carries it with the facts of its columns, `failed` a
    sentence; of a table that was given up neither comes.
    """

    done = pyqtSignal(object, object)
    failed = pyqtSignal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.share = 0.0
        self._background = Background("preview", self)
        self._given_up = threading.Event()

    def read(self, path: Path, written: Written) -> None:
        """Begin to read a file; what was read before is given up."""
        self.give_up()
        given_up = self._given_up = threading.Event()
        self.share = 0.0

        def work() -> Looked:
            steps = _look(path, written)
            while True:
                if given_up.is_set():
                    raise _GivenUpError
                try:
                    share = next(steps)
                except StopIteration as end:
                    looked: Looked = end.value
                    return looked
                if not given_up.is_set():
                    self.share = share

        def then(looked: Looked) -> None:
            if not given_up.is_set():
                self.done.emit(*looked)

        def failed(error: Exception) -> None:
            if given_up.is_set() or isinstance(error, _GivenUpError):
                return
            if not isinstance(error, TableError):
                raise error
            self.failed.emit(str(error))

        self._background.run(work, then, failed)

    def give_up(self) -> None:
        """Stop reading at the next step, and forget what was read."""
        self._given_up.set()

    def close(self) -> bool:
        """Stop for good; say whether the thread has ended already."""
        self.give_up()
        return self._background.close(timeout=_CLOSING)


def _look(path: Path, written: Written) -> Steps[Looked]:
    table = yield from within(table_steps(path, written), 0.0, 0.8)
    facts = yield from within(facts_of(table), 0.8, 1.0)
    return table, facts
