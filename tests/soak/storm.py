"""A storm: seeded random interactions with one lab in the program's own window.

`python -m tests.soak.storm LAB COUNT SEED [DEED ...]` runs one in this process and prints what it
found as JSON. Deeds are numbered; what number n does depends on the seed and n alone, so that a
storm of a few chosen deeds is what is left when a failure is made minimal.
"""

from __future__ import annotations

import faulthandler
import gc
import json
import logging
import os
import random
import sys
import tempfile
import threading
import time
import traceback
from collections import deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil

LONGEST = 0.25  # seconds that the event loop may be held
MEMORY_FROM = 2_500  # interactions, by when all is loaded and the caches are full
REOPEN_EVERY = 500
STUCK = 60.0  # seconds after which the window is taken not to answer any more
SETTLE = 20.0  # seconds at most until the window has shown what it was asked for last


@dataclass
class Found:
    """What a storm found. `errors` are uncaught exceptions and errors in the log, `hangs` turns of
    the event loop that took too long: (deed, what it was, ms, where it was in the middle)."""

    lab: str
    seed: int
    done: int = 0
    errors: list[tuple[int, str]] = field(default_factory=list)
    hangs: list[tuple[int, str, int, str]] = field(default_factory=list)
    longest: float = 0.0
    growth: float = 0.0
    rss: float = 0.0
    restored: bool = False
    lost: list[str] = field(default_factory=list)
    seconds: float = 0.0


def waits(threads: Iterable[int]) -> dict[int, float]:
    """Return how many seconds each of these threads, if it still runs, has waited for a CPU."""
    found = {}
    for number in threads:
        try:
            stat = Path(f"/proc/self/task/{number}/schedstat").read_text()
            found[number] = int(stat.split()[1]) / 1e9
        except (OSError, IndexError):
            continue
    return found


def waited_since(before: dict[int, float]) -> float:
    """Return how many seconds the threads of `waits` that still run have waited since.

    Those that have ended are left out: they told how long they had waited in all.
    """
    return sum(now - before[number] for number, now in waits(before).items())


class Errors(logging.Handler):
    """Notes what nobody caught, from wherever it comes."""

    def __init__(self, storm: Storm) -> None:
        super().__init__(logging.INFO)
        self._storm = storm
        sys.excepthook = lambda kind, error, trace: self.note(
            "".join(traceback.format_exception(kind, error, trace))
        )
        threading.excepthook = lambda told: self.note(
            "".join(traceback.format_exception(told.exc_value)) if told.exc_value else "?"
        )

    def note(self, text: str) -> None:
        """Note an error."""
        self._storm.found.errors.append((self._storm.deed, text[-3000:]))

    def emit(self, record: logging.LogRecord) -> None:
        """Note errors in the log, and failures of a lab that are no sentence of its own."""
        text = record.getMessage()
        if record.levelno >= logging.ERROR or "This could not be computed" in text:
            self.note(self.format(record))


class Watch:
    """Looks where the threads are in a turn that takes long, and ends what does not end by itself.

    Not with faulthandler's own timer, which looks without the interpreter lock and may crash: so
    where that lock is held all the while, nothing is seen.
    """

    def __init__(self, storm: Storm) -> None:
        self._storm = storm
        self._since = 0.0
        self._stack = ""
        threading.Thread(target=self._look, name="watch", daemon=True).start()

    def begin(self) -> None:
        """A turn begins."""
        self._stack, self._since = "", time.perf_counter()

    def end(self) -> str:
        """A turn has ended: return where all threads were in the middle, if it took long."""
        self._since = 0.0
        return self._stack

    def _look(self) -> None:
        while True:
            time.sleep(LONGEST / 5)
            held = time.perf_counter() - self._since if self._since else 0.0
            if held > 0.6 * LONGEST and not self._stack:
                self._stack = stacks()
            if held > STUCK:
                self._storm.errors.note(f"The window does not answer any more:\n{self._stack}")
                tell(self._storm.found)


def stacks() -> str:
    """Return where all threads are, the window's last.

    No other thread may run meanwhile: to follow the frames of one that does may crash, and what it
    leaves behind in a frame that is looked at, a painter say, would end here and too late.
    """
    main, before = threading.main_thread().ident, sys.getswitchinterval()
    sys.setswitchinterval(STUCK)
    try:
        seen = {ident: traceback.StackSummary.extract(traceback.walk_stack(frame), limit=30,
                                                      lookup_lines=False)
                for ident, frame in sys._current_frames().items()}  # fmt: skip
    finally:
        sys.setswitchinterval(before)
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    parts = []
    for ident, stack in sorted(seen.items(), key=lambda one: one[0] == main):
        stack.reverse()  # the newest last
        ours = [entry for entry in stack if not entry.filename.endswith("/storm.py")][-7:]
        if names.get(ident) in ("compute", "MainThread"):
            parts.append(
                f"{names[ident]}:\n{''.join(traceback.StackSummary.from_list(ours).format())}"
            )
    return "".join(parts)


class Storm:
    """One storm, from the first window to the last."""

    def __init__(self, lab: str, count: int, seed: int, deeds: list[int], folder: Path) -> None:
        from PyQt6.QtWidgets import QApplication

        from zoetrope.core.device import load_torch, share_heaps

        self.found = Found(lab, seed)
        self.deed = -1
        share_heaps()  # as the program does when it starts
        self.folder = folder
        self._todo = deque(deeds or range(count))
        self._app = QApplication.instance() or QApplication(["zoetrope"])
        load_torch()
        self.errors = Errors(self)
        logging.getLogger().addHandler(self.errors)
        logging.getLogger("zoetrope").setLevel(logging.INFO)
        self._names: deque[str] = deque(maxlen=3)
        self._watch = Watch(self)
        self._base = 0.0
        self._open()

    def _open(self) -> None:
        from tests.soak.hand import Hand
        from zoetrope.gui import running

        self.window = running.make_window(self.folder / "state")
        self.window.show()
        self.window.open_lab(self.found.lab)
        self.window.settings.choose(export={"folder": str(self.folder), "format": "png"})
        self.hand = Hand(self.window, self.found.lab, self.folder)

    def _close(self) -> None:
        from PyQt6.QtCore import QEvent
        from PyQt6.QtWidgets import QApplication

        for widget in QApplication.topLevelWidgets():
            if widget is not self.window and widget.isVisible():
                widget.close()
        self.window.close()
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def run(self) -> Found:
        """Do it all."""
        from PyQt6.QtCore import QTimer

        began = time.perf_counter()
        self._settle()
        self._mark()
        QTimer.singleShot(0, self._turn)
        self._app.exec()
        self._settle()
        self._check_restored()
        self.found.rss = self._resident()
        if self._base:
            self.found.growth = self.found.rss - self._base
        self._close()
        self.found.seconds = time.perf_counter() - began
        return self.found

    # -- the event loop --------------------------------------------------------------------------

    def _mark(self) -> None:
        """Begin to time a turn of the event loop."""
        names = {t.native_id for t in threading.enumerate() if t.native_id is not None}
        self._began = (time.perf_counter(), time.thread_time(), waits(names))
        self._watch.begin()

    def _turn(self) -> None:
        """One turn of the event loop has come to its end; do the next deed."""
        from PyQt6.QtCore import QTimer

        wall, cpu, waited = self._began
        stack = self._watch.end()
        spent = time.thread_time() - cpu
        held = time.perf_counter() - wall - waited_since(waited)
        took = max(spent, held)
        self.found.longest = max(self.found.longest, took)
        if took > LONGEST:
            names = " < ".join(self._names)
            self.found.hangs.append((self.deed, names, round(1000 * took), stack))
        if not self._todo:
            self._app.quit()
            return
        if self.found.done == MEMORY_FROM:
            self._base = self._resident()
        # A timer anew each time: one of its own does not fire in the loop of a dialog.
        QTimer.singleShot(0, self._turn)
        self.deed = self._todo.popleft()
        self.found.done += 1
        reopens = self.deed % REOPEN_EVERY == REOPEN_EVERY - 1
        if reopens or not self.window.isVisible():
            self._reopen()
            self._names.appendleft("reopen")
            self._mark()
            return
        self._mark()
        name = "?"
        try:
            name = self.hand.deed(random.Random(f"{self.found.lab} {self.found.seed} {self.deed}"))
        except Exception:
            self.errors.note(traceback.format_exc())
        self._names.appendleft(name)

    def _reopen(self) -> None:
        """Close the window and open it again: every lab must be as it was."""
        states = self._states()
        self._close()
        self._open()
        self._compare(states)

    def _states(self) -> dict[str, Any]:
        """Return the parameters of all labs at rest: what plays is where it has come to."""
        pages = {t.lab.id: t.page for t in self.window.tabs.lab_tabs() if t.page is not None}
        for page in pages.values():
            page.rest()
        return {lab: page.parameters for lab, page in pages.items()}

    def _compare(self, states: dict[str, Any]) -> None:
        for lab, parameters in states.items():
            page = self.window.open_lab(lab)
            if page is None or page.parameters != parameters:
                now = page and page.parameters.changes(parameters)
                self.found.lost.append(f"deed {self.deed}: {lab}: {now}")
        self.window.open_lab(self.found.lab)

    def _settle(self) -> None:
        """Wait until the picture is that of the last parameters, or a failure says why not."""
        deadline = time.perf_counter() + SETTLE
        page = self.window.open_lab(self.found.lab)
        while time.perf_counter() < deadline:
            self._app.processEvents()
            if page.frame is not None and not self.window.engine.status().busy:
                return
            time.sleep(0.005)

    def _resident(self) -> float:
        """Return the megabytes of the process with the lab at its defaults and at rest: what
        the state of a moment needs is no growth.
        """
        from zoetrope.core.device import return_free_memory

        page = self.window.open_lab(self.found.lab)
        page.rest()
        before = page.parameters
        page.set_parameters(type(before)(), "Measure")
        self._settle()
        gc.collect()
        return_free_memory()  # as the engine does within seconds
        found = psutil.Process().memory_info().rss / 1e6
        page.set_parameters(before, "Measure")
        return float(found)

    def _check_restored(self) -> None:
        """Compare the recipe on the disk, and the session, with what is on the screen."""
        from zoetrope.core.recipe import Recipe, restore
        from zoetrope.core.recipe_files import extract

        page = self.window.open_lab(self.found.lab)
        page.rest()
        path = self.folder / "last.json"
        path.write_text(Recipe.of(page.lab, page.parameters).to_json(), encoding="utf-8")
        _, restored, sentences = restore(extract(path), self.window.labs)
        self._reopen()
        self.found.restored = restored == page_parameters(page) and not sentences
        self.found.restored &= not self.found.lost


def page_parameters(page: Any) -> Any:
    """Return a page's parameters, though its window is gone."""
    return page._parameters


def run(lab: str, count: int, seed: int, deeds: list[int]) -> Found:
    """Run a storm in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="storm-") as name:
        os.environ["HOME"] = name
        return Storm(lab, count, seed, deeds, Path(name)).run()


def tell(found: Found) -> None:
    """Print what was found, and end at once."""
    sys.stdout.write(json.dumps(asdict(found)) + "\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    faulthandler.enable()
    lab, count, seed, *chosen = sys.argv[1:]
    tell(run(lab, int(count), int(seed), [int(one) for one in chosen]))
