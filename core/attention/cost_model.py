"""What a pattern costs, counted: floating-point operations, bytes, wasted blocks.

Every number is a formula of the pattern's allowed pairs (nnz); `FORMULAS` says each in a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zoetrope.core.attention import blocks
from zoetrope.core.attention.entries import triangle, whole
from zoetrope.core.attention.errors import PatternError
from zoetrope.core.attention.final import final

if TYPE_CHECKING:
    from zoetrope.core.attention.patterns import Pattern

BYTES = {"fp32": 4, "fp16": 2, "bf16": 2}
BLOCK_SIZES = (16, 32, 64, 128)
FLEX_BLOCK = 128

FORMULAS = {
    "matmul_flops": "4 nnz d_head heads batch: two for the scores, two for the values",
    "softmax_flops": "5 nnz heads batch",
    "backward_flops": "2.5 x the forward products",
    "share_of_full": "nnz / n^2",
    "share_of_causal": "nnz / (n (n + 1) / 2)",
    "score_bytes": "n^2 bytes heads batch: the scores of a naive implementation",
    "mask_bytes": "n^2: one boolean mask",
    "stream_bytes": "4 n d_head bytes heads batch: queries, keys, values and output",
    "csr_bytes": "8 (n + 1) + 4 nnz: row pointers and key numbers",
    "block_mask_bytes": "4 x 4 (n/128)^2: FlexAttention's four index tensors",
    "waste": "(partial + full blocks) block^2 / nnz",
}


@dataclass(frozen=True)
class BlockCost:
    """What a kernel of square blocks computes: `waste` is the computed area over nnz.

    `computed` is the pairs in all partial and full blocks, block^2 each, as a kernel pads them.
    """

    size: int
    partial: int
    full: int
    total: int
    computed: int
    waste: float


@dataclass(frozen=True)
class Cost:
    """The cost of one layer's attention; see FORMULAS. Operations and bytes are whole numbers."""

    nnz: int
    matmul_flops: int
    softmax_flops: int
    backward_flops: int
    full_flops: int
    causal_flops: int
    share_of_full: float
    share_of_causal: float
    score_bytes: int
    mask_bytes: int
    stream_bytes: int
    csr_bytes: int
    block_mask_bytes: int


def cost(
    pattern: Pattern, d_head: int = 64, heads: int = 8, batch: int = 1, dtype: str = "fp32"
) -> Cost:
    """Return the cost of `heads` heads of this pattern. dtype: "fp32", "fp16" or "bf16"."""
    d_head = whole(d_head, "d_head", 1, 1 << 16)
    copies = whole(heads, "heads", 1, 1 << 16) * whole(batch, "batch", 1, 1 << 20)
    if dtype not in BYTES:
        raise PatternError("dtype", f"dtype is one of {', '.join(BYTES)}, not {dtype!r}.")
    each = BYTES[dtype]
    n, nnz = pattern.n, pattern.nnz()
    matmul = 4 * nnz * d_head * copies
    return Cost(
        nnz=nnz,
        matmul_flops=matmul,
        softmax_flops=5 * nnz * copies,
        backward_flops=5 * matmul // 2,
        full_flops=4 * n * n * d_head * copies,
        causal_flops=4 * triangle(n) * d_head * copies,
        share_of_full=nnz / n**2,
        share_of_causal=nnz / triangle(n),
        score_bytes=n * n * each * copies,
        mask_bytes=n * n,
        stream_bytes=4 * n * d_head * each * copies,
        csr_bytes=8 * (n + 1) + 4 * nnz,
        block_mask_bytes=16 * (-(-n // FLEX_BLOCK)) ** 2,
    )


def block_cost(pattern: Pattern, size: int) -> BlockCost:
    """Return what blocks of this size cost."""
    return final(block_cost_steps(pattern, size))


def block_cost_steps(pattern: Pattern, size: int) -> Iterator[BlockCost | None]:
    """Yield None between steps, then what blocks of this size cost."""
    partial = full = 0
    for found in blocks.totals_steps(pattern, size):
        if found is not None:
            partial, full = found
        yield None
    computed = (partial + full) * size * size
    nnz = pattern.nnz()
    total = (-(-pattern.n // size)) ** 2
    yield BlockCost(size, partial, full, total, computed, computed / nnz if nnz else 0.0)
