"""Long computations as generators: each yield reports the share done, and can be the last."""

from collections.abc import Generator
from typing import TypeAlias, TypeVar

T = TypeVar("T")
Steps: TypeAlias = Generator[float, None, T]  # yields the share done, 0 to 1


def finish(steps: Steps[T]) -> T:
    """Run the steps to their end and return the result."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result
