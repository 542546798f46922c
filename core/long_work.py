"""Long work in steps: done a little at a time, kept while what it depends on stays the same."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Generator, Hashable, Iterator
from concurrent.futures import Future, wait
from typing import Any, Generic, TypeVar

R = TypeVar("R")
KEPT_BYTES = 64_000_000
WAITING_SECONDS = 0.02


class Job(Generic[R]):
    """Steps that yield ever better results (None while there is none yet)."""

    def __init__(self, steps: Iterator[R | None]) -> None:
        self._steps = steps
        self.result: R | None = None
        self.done = False

    def step(self) -> None:
        """Go on to the next yield."""
        try:
            result = next(self._steps)
        except StopIteration:
            self.done = True
            return
        if result is not None:
            self.result = result

    def run(self) -> R | None:
        """Go on to the end."""
        while not self.done:
            self.step()
        return self.result


def on_a_thread(work: Callable[[], R]) -> Generator[None, None, R]:
    """Do what cannot be cut into steps, such as reading a file, on a thread; yield meanwhile.

    Returns what `work` returns and raises what it raises. Whoever gives up waiting leaves it to
    come to its end unheard.
    """
    future: Future[R] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, name="reading", daemon=True).start()
    while not future.done():
        wait([future], WAITING_SECONDS)
        yield
    return future.result()


class Jobs:
    """One job a name; asking for it with another key begins it anew."""

    def __init__(self) -> None:
        self._jobs: dict[str, tuple[Hashable, Job[Any]]] = {}

    def get(self, name: str, key: Hashable, make: Callable[[], Iterator[R | None]]) -> Job[R]:
        """Return the job of that name and key, begun now if need be."""
        known = self._jobs.get(name)
        if known is None or known[0] != key:
            known = (key, Job(make()))
            self._jobs[name] = known
        return known[1]


class Finished:
    """Results that took long, the last used ones of at most so many bytes."""

    def __init__(self, most: int = KEPT_BYTES) -> None:
        self._kept: OrderedDict[Hashable, tuple[int, Any]] = OrderedDict()
        self._most = most
        self.bytes = 0

    def steps(
        self, key: Hashable, make: Callable[[], Iterator[R | None]], size: Callable[[R], int]
    ) -> Iterator[R | None]:
        """Yield what is kept under `key`; else go through the steps and keep their last result."""
        known = self.get(key)
        if known is not None:
            yield known
            return
        last: R | None = None
        for result in make():
            last = result if result is not None else last
            yield result
        if last is not None:
            self.keep(key, last, size(last))

    def get(self, key: Hashable) -> Any | None:
        """Return what is kept under `key`; None if nothing is."""
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key][1]

    def keep(self, key: Hashable, result: Any, size: int) -> None:
        """Keep a result, in place of one of its key, letting the longest unused ones go."""
        if key in self._kept:
            self.bytes -= self._kept.pop(key)[0]
        self._kept[key] = (size, result)
        self.bytes += size
        while self.bytes > self._most and self._kept:
            _, (gone, _) = self._kept.popitem(last=False)
            self.bytes -= gone


FINISHED = Finished()
