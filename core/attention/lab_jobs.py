"""Long work in steps, each kept as long as what it depends on stays the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Any, Generic, TypeVar

R = TypeVar("R")


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
