"""Reading data in steps, so that whoever waits hears how far it is and may give it up."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

R = TypeVar("R")
Reading = Generator[float, None, R]  # yields the share that is done, from 0 to 1


def finish(steps: Reading[R]) -> R:
    """Go through all steps and return what they return."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: R = end.value
            return result


def within(steps: Reading[R], low: float, high: float) -> Reading[R]:
    """Go through steps as a part of longer ones, the part between two shares of these."""
    while True:
        try:
            share = next(steps)
        except StopIteration as end:
            result: R = end.value
            return result
        yield low + (high - low) * share
