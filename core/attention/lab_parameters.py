"""All parameters of the attention lab: the pattern, how it is looked at, and the pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from zoetrope.core.attention.heads.heads_parameters import HeadsParameters
from zoetrope.core.attention.lab_choices import (
    BESIDE,
    DTYPES,
    ORDERS,
    PAGES,
    RIVALS,
    SCORES,
    SHADINGS,
)
from zoetrope.core.attention.pattern_parameters import MOST_TOKENS, PatternParameters
from zoetrope.core.parameters import (
    Parameters,
    choice,
    number,
    pages,
    text,
    view_end,
    whole,
)

MATRIX = ("pattern",)
QUERIED = ("pattern", "graph", "reach")
LAYERED = ("reach", "graph")
COSTED = ("pattern", "costs")


@dataclass(frozen=True)
class LookParameters(Parameters):
    """How the matrix is looked at, and which pair is asked about."""

    shading: str = choice(
        "log", "Shows", SHADINGS, group="Matrix", live=True, pages=MATRIX,
        help="What the colour of a pixel says about the pairs under it. Of one thousandth only the "
        "logarithm shows anything.",
    )  # fmt: skip
    against: str = choice(
        "none", "Compare with", RIVALS, group="Matrix", pages=MATRIX,
        help="Show the difference from another pattern: red only here, blue only there.",
    )  # fmt: skip
    beside: str = choice(
        "row", "Beside it", BESIDE, group="Matrix", live=True, pages=MATRIX,
        help="What the upper panel beside the matrix shows: the keys of one query, or a profile of "
        "the whole pattern along its rows, its columns or its diagonals.",
    )  # fmt: skip
    order: str = choice(
        "natural", "Order of tokens", ORDERS, group="Matrix", folded=True, pages=MATRIX,
        help="Kernels compute whole blocks: another order of the same tokens may waste less. "
        "Residues are those of the stride; grids have the grid width.",
    )  # fmt: skip
    pixels: int = whole(
        384, "Pixels", 64, 1024, group="Matrix", folded=True, live=True, pages=MATRIX,
        help="Of the matrix, a side; each is the exact share of its pairs where there is time.",
    )  # fmt: skip
    query: int = whole(
        700, "Query", 0, MOST_TOKENS - 1, symbol="q", group="Pair", live=True, pages=QUERIED,
        slider=(0, 4095),
        help="Whose keys are listed. Click in the matrix; a number beyond n is the last token.",
    )  # fmt: skip
    key: int = whole(
        400, "Key", 0, MOST_TOKENS - 1, symbol="k", group="Pair", live=True, pages=QUERIED,
        slider=(0, 4095),
        help="Asked about together with the query: seen or not, and through how many layers.",
    )  # fmt: skip
    span: int = whole(
        32, "Tokens drawn", 8, 512, log=True, step=0.1, group="Pair", live=True, pages=("graph",),
        help="How many tokens the upper graph has, round the query and, where it fits, the key. Of "
        "more than 5,000 pairs every so manieth is drawn.",
    )  # fmt: skip
    row_low: float = view_end(0.0, "First query shown", 0.0, 1.0, help="As a share of all tokens.")
    row_high: float = view_end(1.0, "Last query shown", 0.0, 1.0, help="As a share of all tokens.")
    column_low: float = view_end(0.0, "First key shown", 0.0, 1.0, help="As a share of all tokens.")
    column_high: float = view_end(1.0, "Last key shown", 0.0, 1.0, help="As a share of all tokens.")


@dataclass(frozen=True)
class CostParameters(Parameters):
    """The layer whose cost is counted, and the layers that a query looks through."""

    hardware_block: str = choice(
        "128", "Kernel’s block", {str(size): str(size) for size in (16, 32, 64, 128)},
        group="Cost", live=True, pages=COSTED,
        help="A block-sparse kernel computes whole blocks of so many tokens a side: FlexAttention "
        "128, most others 64.",
    )  # fmt: skip
    d_head: int = whole(
        64, "Width of a head", 1, 1024, log=True, step=1.0, group="Cost", folded=True, live=True,
        pages=COSTED, help="Numbers in a query, key or value vector.",
    )  # fmt: skip
    heads: int = whole(
        8, "Number of heads", 1, 256, log=True, step=1.0, group="Cost", folded=True, live=True,
        pages=COSTED, help="Heads of the layer, all with this pattern.",
    )  # fmt: skip
    batch: int = whole(
        1, "Batch", 1, 1024, log=True, step=1.0, group="Cost", folded=True, live=True,
        pages=COSTED, help="Sequences computed together.",
    )  # fmt: skip
    dtype: str = choice(
        "fp32", "Numbers of", DTYPES, group="Cost", folded=True, live=True,
        pages=COSTED, help="Decides the bytes, not the operations.",
    )  # fmt: skip
    score: str = choice(
        "none", "Change of scores", SCORES, group="Cost", folded=True, live=True, pages=COSTED,
        help="A soft pattern on top of this one, in the copied code: ALiBi’s slopes for all heads, "
        "with the windows that they amount to among the costs, or 50 tanh(s / 50).",
    )  # fmt: skip
    layers: int = whole(
        6, "Number of layers", 1, 128, symbol="L", log=True, step=0.1, group="Layers", live=True,
        pages=LAYERED,
        help="How many layers of this pattern follow one another.",
    )  # fmt: skip
    cycle: str = text(
        "", "Layers cycle through", longest=1000, group="Layers", pages=(*LAYERED, "layers"),
        help="Saved patterns, layer by layer from the input on and then again, as “A, B”; + joins "
        "the heads of a layer, as “A + B, C”. Empty: this pattern in every layer.",
    )  # fmt: skip
    layer: int = whole(
        1, "Layer shown", 1, 128, group="Layers", live=True, pages=("layers",), slider=(1, 12),
        help="Whose heads are drawn, counted from the input; beyond the list it begins anew.",
    )  # fmt: skip
    alpha: float = number(
        0.5, "Residual share", 0.0, 0.99, symbol=r"\alpha", step=0.01, group="Layers", live=True,
        pages=("reach", "head"),
        help="What a token keeps of itself in each layer; the rest is the mean of its keys.",
    )  # fmt: skip


@dataclass(frozen=True)
class AttentionParameters(  # a dataclass takes the fields of its last base first
    HeadsParameters, CostParameters, LookParameters, PatternParameters, Parameters
):
    """A pattern, how it is looked at, and what is asked about it."""

    page: str = pages("pattern", PAGES)

    def change(self, **values: Any) -> Self:
        """Return a copy with some values changed; what is drawn or read becomes the pattern."""
        if "model" not in values:
            if values.get("model_file"):
                values = {**values, "model": "folder"}
            elif values.get("arrays_file"):
                values = {**values, "model": "arrays"}
        if "family" not in values and values.get("configuration_file"):
            values = {**values, "family": "minference"}
        if "pattern" not in values:
            if values.get("mask_file"):
                values = {**values, "pattern": "file"}
            elif values.get("painted"):
                values = {**values, "pattern": "drawn"}
        return super().change(**values)

    @property
    def view(self) -> tuple[float, float, float, float]:
        """The visible shares of queries and keys, low before high."""
        rows = sorted((self.row_low, self.row_high))
        columns = sorted((self.column_low, self.column_high))
        return rows[0], rows[1], columns[0], columns[1]
