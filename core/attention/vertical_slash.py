"""Heads of MInference as patterns: exact where a configuration says all, else an example.

`stream_llm` is a pattern: initial keys and a window. `vertical_and_slash` says only how many
columns and diagonals a head keeps: which ones, it chooses for every text anew (Jiang et al. 2024,
arXiv:2407.02490; microsoft/MInference@fb56c91, minference/modules/minference_forward.py).
"""

from __future__ import annotations

import numpy as np

from zoetrope.core.attention.entries import MOST, whole
from zoetrope.core.attention.errors import PatternError
from zoetrope.core.attention.minference import HeadChoice
from zoetrope.core.attention.named import pattern, tokens
from zoetrope.core.attention.patterns import Pattern
from zoetrope.core.attention.rule import built
from zoetrope.core.attention.runs import Ints
from zoetrope.core.attention.structure import scanned

FIRST_KEYS = 30  # columns that are always kept
LAST_DIAGONALS = 100  # diagonals that are always kept
LEAST_SLASH = 50


def pattern_of(head: HeadChoice, n: int, seed: int = 0) -> Pattern:
    """Return the pattern of a head over n tokens; of `vertical_and_slash` an example.

    PatternError("configuration") for `block_sparse`, of which nothing can be drawn without a text.
    """
    if head.kind == "block_sparse":
        raise PatternError(
            "configuration", "A block-sparse head chooses its blocks for every text anew; there is "
            "nothing to draw. Choose another head.",
        )  # fmt: skip
    if head.kind == "stream_llm":
        return pattern("a_shape", n, initial=min(head.vertical, n), slash=min(head.slash, n))
    return vertical_slash(n, head.vertical, head.slash, seed)


def vertical_slash(n: int, vertical: int, slash: int, seed: int = 0) -> Pattern:
    """Return an example of columns V and diagonals S: d >= 0 and (k in V or d in S).

    The first 30 columns and the 100 nearest diagonals are among them, and at least 30 columns and
    50 diagonals are kept, as in MInference; the others are drawn evenly.
    """
    n = tokens(n)
    vertical, slash = whole(vertical, "vertical", 0, MOST), whole(slash, "slash", 0, MOST)
    rng = np.random.default_rng(whole(seed, "seed", 0, 2**31 - 1))
    columns = _kept(n, max(vertical, FIRST_KEYS), FIRST_KEYS, rng)
    slashes = _kept(n, max(slash, LEAST_SLASH), LAST_DIAGONALS, rng)
    rule = built(
        "d >= 0 and (is_column[k] == 1 or is_slash[max(d, 0)] == 1)", n, {},
        {"is_column": columns, "is_slash": slashes},
    )  # fmt: skip
    left = n - np.arange(n)  # queries that see a column, pairs on a diagonal
    both = int(np.cumsum(slashes)[left - 1] @ columns)
    count = int(left @ columns) + int(left @ slashes) - both
    spec = {"kind": "vertical_slash", "n": n, "vertical": vertical, "slash": slash, "seed": seed}
    return Pattern(n, rule, scanned(rule, 1), spec, count)


def _kept(n: int, many: int, forced: int, rng: np.random.Generator) -> Ints:
    """Return 1 for `many` of n, the first `forced` among them, int64 [n]."""
    found = np.zeros(n, dtype=np.int64)
    many = min(many, n)
    first = min(forced, many)
    found[:first] = 1
    found[first + rng.choice(n - first, many - first, replace=False)] = 1
    return found
