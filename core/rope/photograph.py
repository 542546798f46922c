"""A photograph as shades of grey, to mark points on."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from zoetrope.core.columns import TableError, shown
from zoetrope.core.rope.elliptic import FloatArray

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF")  # Pillow has others run programs, such as EPS
LARGEST = 900  # pixels a side, of what is drawn
ORIENTATION = 0x0112  # the tag of Exif that says how the camera was held
LYING = (5, 6, 7, 8)  # its values for a picture turned by a quarter


@dataclass(frozen=True, slots=True, eq=False)
class Photograph:
    """`darkness` [rows, columns] from 0 (white) to 1, the lowest row first, and the file's size."""

    darkness: FloatArray
    width: int
    height: int


def read_photograph(path: str) -> Photograph:
    """The picture in a file, upright, at most 900 pixels wide and high; raises `TableError`."""
    place = Path(path).expanduser()
    try:
        changed = place.stat().st_mtime_ns
    except (OSError, RuntimeError, ValueError):
        raise TableError(f"{shown(path)} was not found.", "photograph") from None
    return _read(str(place), changed)


@lru_cache(maxsize=2)
def _read(path: str, changed: int) -> Photograph:
    """Read a file; `changed` has a file that was saved anew be read again."""
    from PIL import Image, ImageOps

    name = shown(Path(path).name)
    try:
        with Image.open(path, formats=FORMATS) as file:
            if file.width * file.height > (Image.MAX_IMAGE_PIXELS or 89_478_485):
                raise Image.DecompressionBombError
            width, height = file.size
            if file.getexif().get(ORIENTATION, 1) in LYING:
                width, height = height, width
            file.draft("L", (LARGEST, LARGEST))  # a camera's JPEG is read at an eighth of its size
            file.thumbnail((LARGEST, LARGEST))
            grey = ImageOps.exif_transpose(file).convert("L")
    except Image.DecompressionBombError:
        message = f"{name} has too many pixels; make it smaller."
        raise TableError(message, "photograph") from None
    except Exception:  # a damaged file may make a decoder stumble in any way
        raise TableError(f"{name} is not a picture that can be read.", "photograph") from None
    darkness = 1 - np.asarray(grey, dtype=np.float64)[::-1] / 255
    darkness.flags.writeable = False
    return Photograph(darkness, width, height)
