"""The formats that the export dialog offers, and the names of the files."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from zoetrope.core.export_paths import own_ending

if TYPE_CHECKING:
    from zoetrope.core.lab import OwnFile

# What is in a file: "own" is what the lab itself has written.
Kind = Literal["drawing", "picture", "animation", "data", "own"]


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: its ending, its name in the list, and what can be chosen for it."""

    ending: str
    name: str
    kind: Kind
    transparent: bool = True

    @property
    def drawn(self) -> bool:
        """Whether the file holds the figure."""
        return self.kind not in ("data", "own")


FORMATS = (
    Format("svg", "SVG drawing", "drawing"),
    Format("pdf", "PDF drawing", "drawing"),
    Format("png", "PNG picture", "picture"),
    Format("gif", "GIF animation", "animation", transparent=False),
    Format("webp", "WebP animation", "animation"),
    Format("apng", "APNG animation", "animation"),
    Format("mp4", "MP4 film", "animation", transparent=False),
    Format("zip", "PNG frames", "animation"),
    Format("csv", "CSV table", "data"),
    Format("npz", "NPZ arrays", "data"),
    Format("json", "JSON numbers", "data"),
)


def offered(animated: bool, files: Mapping[str, OwnFile]) -> list[Format]:
    """Return the formats that work here: `animated` says whether there is something to play, and
    `files` are those of the lab.
    """
    film = importlib.util.find_spec("imageio_ffmpeg") is not None
    known = [
        known
        for known in FORMATS
        if (animated or known.kind != "animation") and (film or known.ending != "mp4")
    ]
    return known + [Format(ending, file.name, "own") for ending, file in files.items()]


_KINDS: Mapping[str, Kind] = {format_.ending: format_.kind for format_ in FORMATS}


def kind_of(ending: str) -> Kind:
    """Return what a file of that ending holds."""
    return _KINDS.get(ending, "own")


def split_name(path: Path, endings: Iterable[str]) -> tuple[str, str]:
    """Return a file's name without its ending, and that: the longest of `endings` that it has.

    Where it has none of them, what stands behind the last dot, or "".
    """
    ending = own_ending(path, endings) or path.suffix[1:].lower()
    return path.name[: len(path.name) - len(ending) - 1] if ending else path.name, ending


def free_name(folder: Path, stem: str, ending: str) -> Path:
    """Return the first of STEM.ENDING, STEM-2.ENDING, ... that is not there yet."""
    stem = re.sub(r"-\d+$", "", stem)
    path = folder / f"{stem}.{ending}"
    number = 2
    while path.exists():
        path = folder / f"{stem}-{number}.{ending}"
        number += 1
    return path
