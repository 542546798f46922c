"""MInference's configurations: which pattern each head of a language model takes.

A list of layers, each {head: [kind, v, s, score]} (Jiang et al. 2024, arXiv:2407.02490;
microsoft/MInference@fb56c91, minference/configs). The score's unit differs from file to file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zoetrope.core.attention.errors import PatternError

KINDS = ("vertical_and_slash", "stream_llm", "block_sparse")
MOST_LAYERS = 256
MOST_HEADS = 256
MOST_SIZE = 1 << 24


@dataclass(frozen=True, slots=True)
class HeadChoice:
    """One head's pattern: v columns (or initial keys) and s diagonals (or the window)."""

    kind: str
    vertical: int
    slash: int
    score: float


def read_configuration(text: str) -> list[dict[int, HeadChoice]]:
    """Return what each layer's heads take. PatternError("configuration") for anything else."""
    try:
        layers = json.loads(text)
    except (ValueError, RecursionError):
        raise _refused("it is no JSON") from None
    if not isinstance(layers, list) or not 0 < len(layers) <= MOST_LAYERS:
        raise _refused(f"it must be a list of 1 to {MOST_LAYERS} layers")
    return [_layer(index, layer) for index, layer in enumerate(layers)]


def _layer(index: int, layer: Any) -> dict[int, HeadChoice]:
    if not isinstance(layer, Mapping) or len(layer) > MOST_HEADS:
        raise _refused(f"layer {index} must name up to {MOST_HEADS} heads")
    found = {}
    for name, value in layer.items():
        if not name.isascii() or not name.isdigit() or len(name) > 4:
            raise _refused(f"layer {index} has a head {name[:20]!r}, which is no number")
        found[int(name)] = _head(f"head {name} of layer {index}", value)
    return found


def _head(where: str, value: Any) -> HeadChoice:
    if not isinstance(value, list) or len(value) != 4:
        raise _refused(f"{where} must be [kind, v, s, score]")
    kind, *sizes, score = value
    if kind not in KINDS:
        raise _refused(f"{where} is of kind {str(kind)[:30]!r}; known are {', '.join(KINDS)}")
    whole = all(type(size) is int and 0 <= size <= MOST_SIZE for size in sizes)
    if not whole or isinstance(score, bool) or not isinstance(score, (int, float)):
        raise _refused(f"{where} must hold whole numbers v and s from 0, and a score")
    return HeadChoice(kind, sizes[0], sizes[1], float(score))


def _refused(reason: str) -> PatternError:
    return PatternError("configuration", f"This is no configuration of MInference: {reason}.")
