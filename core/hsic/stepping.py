"""Computations in steps whose length nobody knows: they yield often and return what they found."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TypeVar

R = TypeVar("R")
Steps = Generator[None, None, R]


def last(steps: Iterator[R | None]) -> R:
    """Go through steps that yield ever better results (None while there is none): the last one."""
    found: R | None = None
    for step in steps:
        found = step if step is not None else found
    assert found is not None  # every computation ends with a result
    return found
