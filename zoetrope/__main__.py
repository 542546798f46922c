"""The one entry point: a command that needs no display, or the window."""

import os
import sys


def main(arguments: list[str] | None = None) -> int:
    """Run a command of `zoetrope.core.command_line`, or open the window with the files named.

    Returns the exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
    """
    if getattr(sys, "frozen", False):
        import multiprocessing

        multiprocessing.freeze_support()
    # NumPy's dense solves are small here: threads only wait for each other on a busy machine.
    # To be said before NumPy is loaded; torch has threads of its own.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    given = sys.argv[1:] if arguments is None else arguments
    if is_command(given):
        from zoetrope.core import command_line

        return command_line.run(given)
    from zoetrope.gui.app import main as open_window

    return open_window(given)


def is_command(arguments: list[str]) -> bool:
    """Say whether these are a command (or meant to be one) rather than files for the window.

    Here and not with the commands, whose import would hold up the window.
    """
    return bool(arguments) and not os.path.isfile(arguments[0])


if __name__ == "__main__":
    sys.exit(main())
