"""Long computations in steps: generators that yield often and return what they found."""

from collections.abc import Generator, Iterator
from typing import Any, TypeVar

R = TypeVar("R")
Steps = Generator[None, None, R]


def finish(steps: Generator[Any, None, R]) -> R:
    """Go through all steps of a computation and return its result."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: R = end.value
            return found


def last(steps: Iterator[R | None]) -> R:
    """Go through steps that yield ever better results (None while there is none): the last one."""
    found: R | None = None
    for step in steps:
        found = step if step is not None else found
    assert found is not None  # every computation ends with a result
    return found
