"""The files that an export writes: legal names, and a file appears whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from zoetrope.core.export_options import ANIMATIONS, DATA, DRAWINGS, OWN, ExportError

MOST_NAME = 255  # bytes


def check_name(path: Path) -> None:
    """Raise `ExportError` for a name that no file can have."""
    if not path.name:
        raise ExportError(f"{path} is a folder, not a file.")
    if "\0" in str(path):
        raise ExportError("A file's name cannot hold a null character.")
    if len(os.fsencode(path.name)) > MOST_NAME:
        raise ExportError(f"The file's name is too long: {MOST_NAME} bytes are the most.")


def format_of(path: Path) -> str:
    """Return the format that a file's ending names; raises `ExportError`."""
    ending = path.suffix[1:].lower()
    known = (*DRAWINGS, *ANIMATIONS, *DATA, *OWN)
    if ending not in known:
        said = f"the ending .{ending}" if ending else "no ending"
        raise ExportError(
            f"{path.name} has {said}, which names no format: use one of {', '.join(known)}."
        )
    return ending


def own_ending(path: Path, endings: Iterable[str]) -> str:
    """Return which of a lab's own endings, such as "csr.npz", a file's name has; "" for none."""
    name = path.name.lower()
    return max((end for end in endings if name.endswith(f".{end}")), key=len, default="")


def temporary_name(path: Path, process: int) -> str:
    """Return how the names of the unfinished files begin that a process writes for `path`."""
    return f".{path.name[:50]}.{process}-"


def unfinished_pattern(path: Path | None, process: int) -> re.Pattern[str]:
    """Return what the names match of the unfinished files that a process writes for a path, or
    for any.
    """
    beginning = rf"\..*\.{process}-" if path is None else re.escape(temporary_name(path, process))
    return re.compile(rf"{beginning}.*", re.DOTALL)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a file beside `path` to write to, and put it in place of `path` when all went well.

    Where `path` is a link, what it points to is replaced.
    """
    path = path.resolve() if path.is_symlink() else path
    beginning = temporary_name(path, os.getpid())
    temporary = path.with_name(f"{beginning}{secrets.token_hex(4)}.tmp")
    try:
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        raise ExportError(_why(error, path)) from error
    finally:
        temporary.unlink(missing_ok=True)


def _why(error: OSError, path: Path) -> str:
    """Say in a sentence why a file could not be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) or "No space left" in str(error):
        return f"The disk is full; {path.name} was not written."
    if isinstance(error, PermissionError):
        return f"{path} may not be written: permission is denied or another program holds it."
    return f"{path} could not be written: {error.strerror or error}."


def check_folder(path: Path) -> None:
    """Raise `ExportError` where nothing can be, or should be, written to `path`."""
    if not path.parent.is_dir():
        raise ExportError(f"The folder {path.parent} does not exist.")
    if path.is_dir():
        raise ExportError(f"{path} is a folder, not a file.")
    if not os.access(path.parent, os.W_OK):
        raise ExportError(f"Nothing may be written to the folder {path.parent}.")
    if path.exists() and not os.access(path, os.W_OK):
        raise ExportError(f"{path} is write-protected; choose another name.")
