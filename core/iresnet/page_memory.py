"""What a page has found out, kept while what it depends on stays the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import TYPE_CHECKING, TypeVar

from zoetrope.core.long_work import Jobs

if TYPE_CHECKING:
    from zoetrope.core.iresnet.lab_page import Part
    from zoetrope.core.stepping import Steps

T = TypeVar("T")


class Memory:
    """One result a name, begun anew when it is asked for with another key.

    A drawing that is dropped half way leaves its computations here, and the next one goes on.
    """

    def __init__(self) -> None:
        self._jobs = Jobs()
        self._known: dict[str, Hashable] = {}

    def known(self, name: str, key: Hashable) -> bool:
        """Say whether the result of that name and key is there."""
        return self._known.get(name) == key

    def part(self, name: str, key: Hashable, make: Callable[[], Steps[T]]) -> Part[T]:
        """Take the steps that are left of a computation and return its result."""
        job = self._jobs.get(name, key, lambda: _last(make()))
        job.step()
        while not job.done:
            yield None
            job.step()
        assert job.result is not None
        self._known[name] = key
        return job.result[0]


def _last(steps: Steps[T]) -> Iterator[tuple[T] | None]:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            yield (end.value,)
            return
        yield None
