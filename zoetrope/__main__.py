"""The one entry point: a command that needs no display, or the window."""

import multiprocessing
import sys


def main(arguments: list[str] | None = None) -> int:
    """Run a command of `zoetrope.core.command_line`, or open the window with the files named.

    Returns the exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
    """
    multiprocessing.freeze_support()
    given = sys.argv[1:] if arguments is None else arguments
    from zoetrope.core import command_line

    if command_line.wants(given):
        return command_line.run(given)
    from zoetrope.gui.app import main as open_window

    return open_window(given)


if __name__ == "__main__":
    sys.exit(main())
