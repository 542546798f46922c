"""A mask from a person's file. Pickles are never opened."""

from __future__ import annotations

import zipfile
from functools import lru_cache
from pathlib import Path

import numpy as np

from zoetrope.core.attention.errors import PatternError
from zoetrope.core.attention.patterns import Pattern
from zoetrope.core.attention.typed import imported
from zoetrope.core.parameters import ParameterError

MOST_ROWS = 4096
NAMES = ("mask", "attention_mask", "attn_mask")


def mask_of(path: str) -> Pattern:
    """Return the pattern of a mask in a .npy or .npz file. ParameterError says what is wrong."""
    if not path:
        raise ParameterError("mask_file", "Choose a file with a mask: .npy or .npz.")
    try:
        changed = Path(path).stat().st_mtime_ns
    except (OSError, ValueError):
        raise ParameterError("mask_file", f"There is no file {path[:80]!r} to read.") from None
    return _read(path, changed)


@lru_cache(maxsize=2)
def _read(path: str, changed: int) -> Pattern:
    """Read a file once, as long as it is not `changed`."""
    try:
        found = np.load(path, allow_pickle=False, mmap_mode="r")
        if isinstance(found, np.lib.npyio.NpzFile):
            names = [name for name in NAMES if name in found.files] or found.files[:1]
            if not names:
                raise ParameterError("mask_file", "The file holds no array.")
            found = found[names[0]]
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        raise ParameterError(
            "mask_file", f"{Path(path).name} is no .npy or .npz file of plain numbers."
        ) from None
    if found.ndim != 2 or found.shape[0] != found.shape[1] or not 4 <= len(found) <= MOST_ROWS:
        shape = " × ".join(f"{side:,}" for side in found.shape) or "one number"
        raise ParameterError(
            "mask_file", f"A mask is square, from 4 to {MOST_ROWS:,} tokens a side, not {shape}."
        )
    try:
        return imported(found)
    except PatternError as error:
        raise ParameterError("mask_file", error.message) from None
