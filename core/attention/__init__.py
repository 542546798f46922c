"""Attention patterns: who may attend to whom, to a million tokens, and what it costs.

Importing this package loads neither torch nor NumPy; the first use of a name does.
"""

from typing import TYPE_CHECKING

from zoetrope.core.attention.errors import ExpressionError, PatternError
from zoetrope.core.lazy_names import lazy_names

if TYPE_CHECKING:
    from zoetrope.core.attention.cache import curve, curve_steps
    from zoetrope.core.attention.conventions import (
        CONVENTIONS,
        Convention,
        distances,
        explained,
        keys_seen,
        translate,
    )
    from zoetrope.core.attention.cost_model import (
        BLOCK_SIZES,
        FORMULAS,
        BlockCost,
        Cost,
        block_cost,
        block_cost_steps,
        cost,
    )
    from zoetrope.core.attention.depth_search import depth, depth_steps
    from zoetrope.core.attention.entries import Entry
    from zoetrope.core.attention.heads.sparse_attention import attend
    from zoetrope.core.attention.named import catalogue, pattern
    from zoetrope.core.attention.patterns import Pattern
    from zoetrope.core.attention.receptive_field import (
        band,
        influence,
        influence_steps,
        path,
        path_steps,
        reach,
        reach_steps,
    )
    from zoetrope.core.attention.reordering import ORDERS, order_of, reordered
    from zoetrope.core.attention.row import Stretch
    from zoetrope.core.attention.schedule import Heads, layers
    from zoetrope.core.attention.scores import (
        alibi,
        alibi_code,
        alibi_slopes,
        effective_window,
        soft_cap,
        soft_cap_code,
    )
    from zoetrope.core.attention.tile import Tile
    from zoetrope.core.attention.typed import expr, from_json, imported, layout, parameters_of

_HOMES = {
    "cache": ("curve", "curve_steps"),
    "named": ("catalogue", "pattern"),
    "conventions": (
        "CONVENTIONS", "Convention", "distances", "explained", "keys_seen", "translate"
    ),
    "cost_model": (
        "BLOCK_SIZES", "FORMULAS", "BlockCost", "Cost", "block_cost", "block_cost_steps", "cost"
    ),
    "depth_search": ("depth", "depth_steps"),
    "entries": ("Entry",),
    "heads.sparse_attention": ("attend",),
    "patterns": ("Pattern",),
    "receptive_field": (
        "band", "influence", "influence_steps", "path", "path_steps", "reach", "reach_steps"
    ),
    "reordering": ("ORDERS", "order_of", "reordered"),
    "row": ("Stretch",),
    "schedule": ("Heads", "layers"),
    "scores": (
        "alibi", "alibi_code", "alibi_slopes", "effective_window", "soft_cap", "soft_cap_code"
    ),
    "tile": ("Tile",),
    "typed": ("expr", "from_json", "imported", "layout", "parameters_of"),
}  # fmt: skip

__all__ = [
    "BLOCK_SIZES",
    "CONVENTIONS",
    "FORMULAS",
    "ORDERS",
    "BlockCost",
    "Convention",
    "Cost",
    "Entry",
    "ExpressionError",
    "Heads",
    "Pattern",
    "PatternError",
    "Stretch",
    "Tile",
    "alibi",
    "alibi_code",
    "alibi_slopes",
    "attend",
    "band",
    "block_cost",
    "block_cost_steps",
    "catalogue",
    "cost",
    "curve",
    "curve_steps",
    "depth",
    "depth_steps",
    "distances",
    "effective_window",
    "explained",
    "expr",
    "from_json",
    "imported",
    "influence",
    "influence_steps",
    "keys_seen",
    "layers",
    "layout",
    "order_of",
    "parameters_of",
    "path",
    "path_steps",
    "pattern",
    "reach",
    "reach_steps",
    "reordered",
    "soft_cap",
    "soft_cap_code",
    "translate",
]

__getattr__, __dir__ = lazy_names(__name__, _HOMES, __all__)
