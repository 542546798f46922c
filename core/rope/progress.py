"""Work in small steps: generators that yield the share done, from 0 to 1, and return the result."""

from collections.abc import Generator
from typing import TypeVar

Result = TypeVar("Result")
Steps = Generator[float, None, Result]


def drained(steps: Steps[Result]) -> Result:
    """The result of work done in one go."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: Result = end.value
            return result


def within(steps: Steps[Result], low: float, high: float) -> Steps[Result]:
    """The same work as a part, from `low` to `high`, of something larger."""
    while True:
        try:
            share = next(steps)
        except StopIteration as end:
            result: Result = end.value
            return result
        yield low + (high - low) * share
