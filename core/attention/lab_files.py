"""A mask from a person's file: an array, a picture, a pattern as JSON, or MInference's heads.

Pickles are never opened.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from zoetrope.core.attention.errors import PatternError
from zoetrope.core.attention.minference import HeadChoice, read_configuration
from zoetrope.core.attention.patterns import Pattern
from zoetrope.core.attention.typed import from_json, imported
from zoetrope.core.attention.vertical_slash import pattern_of
from zoetrope.core.columns import TableError
from zoetrope.core.parameters import ParameterError
from zoetrope.core.table import read_arrays

if TYPE_CHECKING:
    from zoetrope.core.attention.lab_parameters import AttentionParameters

MOST_ROWS = 4096
MOST_DRAWN = 1 << 20
MOST_TEXT = 8_000_000  # bytes of JSON
NAMES = ("mask", "attention_mask", "attn_mask")
KINDS = {
    "mask_file": "a mask: .npy, .npz, .png or .json",
    "configuration_file": "the heads of MInference: .json",
}
Heads = list[dict[int, HeadChoice]]


def mask_of(parameters: AttentionParameters) -> tuple[Pattern, str]:
    """Return the pattern of the mask file, and what is to be said of how it was read.

    ParameterError says what is wrong.
    """
    path = parameters.mask_file
    found = _known(path, "mask_file")
    if isinstance(found, Pattern):
        return found, _how(path)
    try:
        return _chosen(found, parameters)
    except PatternError as error:
        raise ParameterError("mask_file", error.message) from None


def holds_heads(path: str) -> bool:
    """Say whether a file is a configuration of heads, which has no length of its own."""
    try:
        return not isinstance(_known(path, "mask_file"), Pattern)
    except ParameterError:
        return False


def configuration_of(path: str) -> Heads:
    """Return what a file of MInference says of each layer's heads.

    ParameterError says at `configuration_file` what is wrong.
    """
    found = _known(path, "configuration_file")
    if isinstance(found, Pattern):
        raise ParameterError(
            "configuration_file", f"{Path(path).name} holds one pattern, and no list of layers and "
            "heads as MInference writes it; open it on the Pattern page.",
        )  # fmt: skip
    return found


def _known(path: str, control: str) -> Pattern | Heads:
    if not path:
        raise ParameterError(control, f"Choose a file with {KINDS[control]}.")
    try:
        changed = Path(path).stat().st_mtime_ns
    except (OSError, ValueError):
        raise ParameterError(control, f"There is no file {path[:80]!r} to read.") from None
    try:
        return _read(path, changed)
    except PatternError as error:
        raise ParameterError(control, error.message) from None


def _how(path: str) -> str:
    if path.lower().endswith(".png"):
        return "Pixels darker than mid-grey are pairs that attend; a row is a query."
    return ""


def _chosen(layers: Heads, parameters: AttentionParameters) -> tuple[Pattern, str]:
    """Return the pattern of the head that is chosen in a configuration of MInference."""
    number, head = parameters.file_layer, parameters.file_head
    if number >= len(layers):
        raise ParameterError(
            "file_layer", f"The file has layers 0 to {len(layers) - 1}, and no layer {number}."
        )
    heads = layers[number]
    if head not in heads:
        known = f"heads {min(heads)} to {max(heads)}, and no head {head}" if heads else "no heads"
        raise ParameterError("file_head", f"Layer {number} of the file has {known}.")
    choice = heads[head]
    if choice.kind == "vertical_and_slash" and parameters.n > MOST_DRAWN:
        raise ParameterError(
            "n", f"Columns and diagonals are drawn for up to {MOST_DRAWN:,} tokens; choose a "
            "smaller n.",
        )  # fmt: skip
    found = pattern_of(choice, parameters.n, parameters.seed)
    said = f"Head {head} of layer {number}: {choice.vertical:,} initial keys, and a window."
    if choice.kind == "vertical_and_slash":
        said = (
            f"Head {head} of layer {number} keeps {choice.vertical:,} columns and {choice.slash:,} "
            "diagonals. Which ones, it chooses for every text anew: here they are drawn by the "
            "seed, so that their number is true and their places are an example."
        )
    return found, said


@lru_cache(maxsize=2)
def _read(path: str, changed: int) -> Pattern | Heads:
    """Read a file once, as long as it is not `changed`."""
    ending = Path(path).suffix.lower()
    if ending == ".json":
        return _of_json(path)
    found = _of_picture(path) if ending == ".png" else _of_arrays(path)
    if found.ndim != 2 or found.shape[0] != found.shape[1] or not 4 <= len(found) <= MOST_ROWS:
        shape = " × ".join(f"{side:,}" for side in found.shape) or "one number"
        raise PatternError(
            "mask", f"A mask is square, from 4 to {MOST_ROWS:,} tokens a side, not {shape}."
        )
    return imported(found)


def _of_arrays(path: str) -> Any:
    try:
        found = read_arrays(Path(path))
    except TableError as error:
        raise PatternError("mask", str(error)) from None
    names = [name for name in NAMES if name in found] or list(found)[:1]
    if not names:
        raise PatternError("mask", "The file holds no array.")
    return found[names[0]]


def _of_picture(path: str) -> Any:
    """Return which pixels are darker than mid-grey, bool [rows, columns]; white shows through."""
    from PIL import Image

    name = Path(path).name
    try:
        with Image.open(path, formats=["PNG"]) as file:
            if max(file.size) > MOST_ROWS:
                return np.empty(file.size[::-1], dtype=bool)  # refused before it is unpacked
            if file.mode.startswith("I"):  # 16 bits
                return np.asarray(file) < 1 << 15
            if "A" in file.mode or "transparency" in file.info:
                colour = file.convert("RGBA")
                white = Image.new("RGBA", file.size, "white")
                return np.asarray(Image.alpha_composite(white, colour).convert("L")) < 128
            return np.asarray(file.convert("L")) < 128
    except Exception:  # a damaged file may make a decoder stumble in any way
        raise PatternError("mask", f"{name} is no PNG picture that can be read.") from None


def _of_json(path: str) -> Pattern | Heads:
    name = Path(path).name
    if Path(path).stat().st_size > MOST_TEXT:
        raise PatternError("mask", f"{name} is larger than {MOST_TEXT // 10**6} MB.")
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise PatternError("mask", f"{name} is no text that can be read.") from None
    return from_json(text) if text.lstrip().startswith("{") else read_configuration(text)
