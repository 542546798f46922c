"""Running steps to their end."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TypeVar

Found = TypeVar("Found")


def final(steps: Iterator[Found | None]) -> Found:
    """Run all steps and return what the last one yields."""
    found = deque(steps, maxlen=1).pop()
    assert found is not None
    return found
