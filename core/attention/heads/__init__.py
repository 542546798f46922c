"""Real heads: models without a network, exact sparse attention, what each head tolerates.

Importing this package loads no torch; the first use of a name does.
"""

from typing import TYPE_CHECKING

from zoetrope.core.attention.heads.errors import HeadsError
from zoetrope.core.lazy_names import lazy_names

if TYPE_CHECKING:
    from zoetrope.core.attention.heads.arrays import read_arrays
    from zoetrope.core.attention.heads.budgets import AtBudget, at_budget, mask_of
    from zoetrope.core.attention.heads.captured import Capture, Head, capture
    from zoetrope.core.attention.heads.concentration import HeadStats, head_stats
    from zoetrope.core.attention.heads.content import (
        NsaBranches,
        RowMask,
        block_topk,
        lsh,
        nsa,
        quest,
        routing,
        threshold,
        topk,
        topp,
        vertical_slash,
    )
    from zoetrope.core.attention.heads.excerpt import ALICE
    from zoetrope.core.attention.heads.layer_product import rollout
    from zoetrope.core.attention.heads.model import Model
    from zoetrope.core.attention.heads.models import load
    from zoetrope.core.attention.heads.restricted_head import Tolerance, tolerance
    from zoetrope.core.attention.heads.sparse_attention import attend, attend_steps
    from zoetrope.core.attention.heads.whole_model import EmbeddingEffect, LossEffect, effect

_HOMES = {
    "arrays": ("read_arrays",),
    "budgets": ("AtBudget", "at_budget", "mask_of"),
    "captured": ("Capture", "Head", "capture"),
    "concentration": ("HeadStats", "head_stats"),
    "content": (
        "NsaBranches", "RowMask", "block_topk", "lsh", "nsa", "quest", "routing", "threshold",
        "topk", "topp", "vertical_slash",
    ),
    "excerpt": ("ALICE",),
    "layer_product": ("rollout",),
    "model": ("Model",),
    "models": ("load",),
    "restricted_head": ("Tolerance", "tolerance"),
    "sparse_attention": ("attend", "attend_steps"),
    "whole_model": ("EmbeddingEffect", "LossEffect", "effect"),
}  # fmt: skip

__all__ = [
    "ALICE",
    "AtBudget",
    "Capture",
    "EmbeddingEffect",
    "Head",
    "HeadStats",
    "HeadsError",
    "LossEffect",
    "Model",
    "NsaBranches",
    "RowMask",
    "Tolerance",
    "at_budget",
    "attend",
    "attend_steps",
    "block_topk",
    "capture",
    "effect",
    "head_stats",
    "load",
    "lsh",
    "mask_of",
    "nsa",
    "quest",
    "read_arrays",
    "rollout",
    "routing",
    "threshold",
    "tolerance",
    "topk",
    "topp",
    "vertical_slash",
]

__getattr__, __dir__ = lazy_names(__name__, _HOMES, __all__)
