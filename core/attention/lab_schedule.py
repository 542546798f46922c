"""The heads of every layer, as "A + B, C" says them: saved patterns, + joins heads, a comma layers.

Layers count from the input on; after the last the list begins anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from zoetrope.core.attention.lab_build import unordered
from zoetrope.core.attention.lab_parameters import AttentionParameters
from zoetrope.core.attention.lab_saved import read_saved
from zoetrope.core.attention.patterns import Pattern
from zoetrope.core.attention.schedule import Heads
from zoetrope.core.parameters import ParameterError

MOST_HEADS = 16  # of a layer
MOST_LAYERS = 128
OWN = "this one"


@dataclass(frozen=True)
class Layer:
    """The heads of a layer: the names of their patterns, and the patterns."""

    names: tuple[str, ...]
    heads: Heads


def layers_of(parameters: AttentionParameters, pattern: Pattern) -> list[Layer]:
    """Return the layers that are listed; this pattern alone where none is. ParameterError else."""
    listed = names_of(parameters.cycle)
    if not listed:
        return [Layer((OWN,), Heads((pattern,)))]
    known = read_saved(parameters)
    made: dict[str, Pattern] = {}
    for name in dict.fromkeys(name for layer in listed for name in layer):
        if name not in known:
            raise ParameterError(
                "cycle", f"Nothing is saved as {name[:20]}; write saved patterns, as “A, B” for "
                "two layers or “A + B” for two heads.",
            )  # fmt: skip
        made[name] = unordered(known[name])[0]
        if made[name].n != pattern.n:
            raise ParameterError(
                "cycle", f"Saved {name} has {made[name].n:,} tokens and this pattern "
                f"{pattern.n:,}; make them equal.",
            )  # fmt: skip
    return [Layer(names, Heads(tuple(made[name] for name in names))) for names in listed]


def names_of(text: str) -> list[tuple[str, ...]]:
    """Return the names of each layer's heads in a list such as "A + B, C"."""
    found = [
        tuple(re.findall(r"[^\s+]+", layer)) for layer in re.split(r"[,;]", text) if layer.strip()
    ]
    if len(found) > MOST_LAYERS or any(not 1 <= len(heads) <= MOST_HEADS for heads in found):
        raise ParameterError(
            "cycle", f"Write up to {MOST_LAYERS} layers with commas between them, each of 1 to "
            f"{MOST_HEADS} heads with + between them, as “A + B, C”.",
        )  # fmt: skip
    return found
