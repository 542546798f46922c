"""Which controls matter for the pattern that is shown, and what is worth a tick on a slider."""

from __future__ import annotations

import math

from zoetrope.core.attention.lab_choices import CONTROLS, GRIDS, PATTERNS, READS
from zoetrope.core.attention.lab_files import holds_heads
from zoetrope.core.attention.lab_parameters import AttentionParameters
from zoetrope.core.attention.pattern_parameters import PatternParameters
from zoetrope.core.lab import Mark

OWN_LENGTH = (*GRIDS, "document", "shared_prefix", "file")  # whose tokens n does not say
MOST_STANDING = 7  # controls that stand unfolded in the group of the pattern
ALWAYS = ("pattern", "saved")
OF_LAYERS = {
    "reach": ("layers", "cycle", "alpha"),
    "graph": ("layers", "cycle"),
    "layers": ("cycle", "layer"),
}
OF_THE_SEED = ("n", "stride", "causal", "seed")


def used(parameters: AttentionParameters) -> tuple[str, ...]:
    """Return the controls of the pattern that have an effect, the most important first."""
    if parameters.page == "seed":
        return OF_THE_SEED
    name, written_as = parameters.pattern, parameters.written_as
    heads = name == "file" and holds_heads(parameters.mask_file)
    controls = ["mask_file"] if name == "file" and not heads else CONTROLS[name].values()
    found = ["pattern", *(["n"] if heads or name not in OWN_LENGTH else []), *controls]
    if name in READS:
        found.insert(found.index("window") + 1, "written_as")
        found += ["block"] if written_as.startswith("blocks") else []
    if parameters.order != "natural" and parameters.page == "pattern":
        found.append("stride" if parameters.order == "residue" else "width")
    return tuple(dict.fromkeys(found))


def unfolded(parameters: AttentionParameters) -> tuple[str, ...]:
    """Return the controls to stand in the form: the pattern's, and those of its layers."""
    return used(parameters)[:MOST_STANDING] + OF_LAYERS.get(parameters.page, ())


def idle(parameters: AttentionParameters) -> dict[str, str]:
    """Return the controls of the pattern without an effect, and why."""
    page = parameters.page == "seed"
    who = "The 2019 code" if page else f"“{PATTERNS[parameters.pattern]}”"
    known = {*used(parameters), *ALWAYS}
    return {
        name: f"Without effect: {who} does not use it."
        for name in PatternParameters.declarations()
        if name not in known
    }


def marks(parameters: AttentionParameters, n: int) -> dict[str, tuple[Mark, ...]]:
    """Return the stride with which strided and sparse attention do the least work, √(n/2)."""
    if parameters.pattern not in ("strided", "sparse"):
        return {}
    return {"stride": (Mark(float(least_work(n)), "least work"),)}


def least_work(n: int) -> int:
    """Return the stride of the fewest pairs, about √(n/2)."""
    return max(1, round(math.sqrt(n / 2)))
