"""What can be chosen in the attention lab, and which controls each pattern listens to."""

from __future__ import annotations

from collections.abc import Mapping

from zoetrope.core.attention.heads.heads_choices import HEADS_PAGES
from zoetrope.core.attention.named import catalogue

PATTERN_PAGES = {
    "pattern": "Pattern",
    "graph": "Graph",
    "reach": "Reach",
    "costs": "Costs",
    "savings": "Savings",
    "layers": "Layers",
    "compose": "Compose",
    "seed": "2019 code",
}
PAGES = PATTERN_PAGES | HEADS_PAGES
OWN = {
    "typed": "Your rule",
    "composed": "Combined from saved ones",
    "drawn": "Drawn blocks",
    "file": "Your mask file",
}
PATTERNS = {name: entry.title for name, entry in catalogue().items()} | OWN
SAVED = tuple("ABCDEFGH")
RIVALS = {
    "none": "Nothing",
    "causal": "Causal",
    "full": "Full",
    **{name: f"Saved {name}" for name in SAVED},
}
SHADINGS = {
    "log": "Density, logarithm",
    "root": "Density, square root",
    "linear": "Density",
    "any": "Any pair or none",
    "blocks": "Blocks: none, some, all",
}
BESIDE = {
    "row": "Keys of the query, by distance",
    "queries": "Keys of every query",
    "keys": "Queries of every key",
    "distances": "All pairs, by distance",
}
ORDERS = {
    "natural": "As they are",
    "residue": "By residue of the stride",
    "tile": "Grid in tiles of 8 by 8",
    "morton": "Grid along a Z-curve",
}
CONVENTIONS = {
    "own": "The pattern’s own source",
    "zoetrope": "Mistral, Gemma: W keys",
    "flash": "FlashAttention: W + 1 keys",
    "each_side": "Longformer’s code: w on each side",
    "hf_longformer": "HF Longformer: w/2 on each side",
    "total": "xFormers, NATTEN: w in all",
    "blocks_both": "DeepSpeed, both ways: w blocks",
    "blocks_back": "DeepSpeed, one way: w blocks",
}
SCORES = {
    "none": "Nothing",
    "alibi": "ALiBi: less with distance",
    "soft_cap": "Soft cap: at most 50",
}
DTYPES = {"fp32": "32 bits", "fp16": "16 bits", "bf16": "16 bits, bfloat"}

# Pattern: its arguments and the controls that say them.
CONTROLS: Mapping[str, Mapping[str, str]] = {
    "full": {},
    "causal": {},
    "local": {"w": "window", "dilation": "dilation", "causal": "causal"},
    "sliding": {"window": "window"},
    "atrous": {"rate": "stride", "causal": "causal"},
    "sparse": {"rate": "stride", "causal": "causal"},
    "strided": {"stride": "stride"},
    "strided_local": {"stride": "stride"},
    "strided_col": {"stride": "stride"},
    "logsparse": {},
    "sinks": {"sinks": "sinks", "window": "window"},
    "a_shape": {"initial": "sinks", "slash": "window"},
    "tri_shape": {"initial": "sinks", "slash": "window", "last": "last"},
    "initial_dilated": {"initial": "sinks", "dense": "dense", "reach": "furthest"},
    "block": {"size": "block", "causal": "causal"},
    "fixed": {"stride": "stride", "c": "summary"},
    "fixed_local": {"stride": "stride"},
    "fixed_summary": {"stride": "stride", "c": "summary"},
    "prefix": {"prefix": "prefix"},
    "document": {"lengths": "lengths", "inner": "causal"},
    "shared_prefix": {"lengths": "lengths", "prefix_of": "continues"},
    "block_diffusion": {"block": "block"},
    "longformer": {"w": "window", "globals": "globals"},
    "bigbird": {
        "block": "block", "window": "block_window", "globals": "global_blocks",
        "random": "random_blocks", "seed": "seed", "ends": "both_ends",
    },
    "dilated_blocks": {"w": "block", "r": "stride", "offset": "offset"},
    "butterfly": {"level": "level"},
    "random": {"p": "probability", "block": "block", "seed": "seed"},
    "tree": {"parents": "parents"},
    "natten1d": {
        "window": "window", "dilation": "dilation", "stride": "query_stride", "causal": "causal",
    },
    "natten2d": {
        "height": "height", "width": "width", "kh": "kernel_height", "kw": "kernel_width",
        "dilation": "dilation", "stride": "query_stride", "causal": "causal",
    },
    "sta2d": {
        "height": "height", "width": "width", "kh": "kernel_height", "kw": "kernel_width",
        "tile_h": "tile", "tile_w": "tile",
    },
    "swin": {"height": "height", "width": "width", "m": "kernel_height", "shift": "shift"},
    "axial": {"height": "height", "width": "width"},
    "typed": {
        "rule": "rule", "stride": "stride", "window": "window", "block": "block",
        "sinks": "sinks", "c": "summary", "seed": "seed",
    },
    "composed": {"formula": "formula"},
    "drawn": {"block": "block", "blocks": "painted"},
    "file": {"mask": "mask_file", "layer": "file_layer", "head": "file_head", "seed": "seed"},
}  # fmt: skip

# How each pattern with a window reads its number.
READS = {
    "sliding": "zoetrope",
    "sinks": "zoetrope",
    "a_shape": "flash",
    "tri_shape": "flash",
    "local": "each_side",
    "longformer": "each_side",
    "natten1d": "total",
}
# The same number where “Causal” is on: it counts keys back alone.
CAUSAL_READS = {"local": "flash", "natten1d": "zoetrope"}
GRIDS = ("natten2d", "sta2d", "swin", "axial")
