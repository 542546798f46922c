"""Starts the program. Nothing of Qt is imported before it is known that a window can be shown."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from zoetrope.gui.platform_check import display_problem


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window, with the files that are named opened in it; return the exit status."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    problem = display_problem()
    if problem is not None:
        sys.stderr.write(f"{problem}\n")
        return 1
    from zoetrope.gui.running import run

    return run([Path(argument) for argument in arguments])
