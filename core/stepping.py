"""Long work in small steps: generators that yield the share done and return the result, so that
whoever waits hears how far it is and may give it up.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, TypeVar

R = TypeVar("R")
Steps = Generator[float, None, R]  # yields the share that is done, from 0 to 1


def finish(steps: Generator[Any, None, R]) -> R:
    """Go through all steps and return their result."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: R = end.value
            return result


def within(steps: Steps[R], low: float, high: float) -> Steps[R]:
    """Go through steps as a part of longer ones, the part between two shares of these."""
    while True:
        try:
            share = next(steps)
        except StopIteration as end:
            result: R = end.value
            return result
        yield low + (high - low) * share
