"""Painting on widgets with painters that end in time.

A painter still at work when its widget's turn is over takes the program down. One that is left to
Python lives as long as anything looks at its frame: the traceback of an exception, or a profiler.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PyQt6.QtGui import QPaintDevice, QPainter


@contextmanager
def painting(device: QPaintDevice) -> Iterator[QPainter]:
    """Paint on a widget, a picture or a printer; the painter ends with the block."""
    painter = QPainter(device)
    try:
        yield painter
    finally:
        painter.end()
