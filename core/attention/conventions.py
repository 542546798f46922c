"""What the same window number means in different libraries.

"Window W" lets an interior query see W, W + 1 or 2 W + 1 keys, depending on who reads it. Each
convention here is the distances d = q - k that a number means; translating goes through them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from zoetrope.core.attention.entries import whole
from zoetrope.core.attention.errors import PatternError

MOST = 1 << 24


@dataclass(frozen=True)
class Convention:
    """How one family of libraries reads a window.

    `span(number, block)` gives the smallest and largest distance an interior query sees;
    `number(low, high, block)` the number that means them, or None. `causal`: no key ahead.
    """

    name: str
    title: str
    libraries: str
    causal: bool
    span: Callable[[int, int], tuple[int, int]]
    number: Callable[[int, int, int], int | None]


def _behind(extra: int) -> Callable[[int, int, int], int | None]:
    def number(low: int, high: int, block: int) -> int | None:
        return high + 1 - extra if low == 0 else None

    return number


def _both(low: int, high: int, block: int) -> int | None:
    return high if low == -high else None


def _odd(low: int, high: int, block: int) -> int | None:
    return 2 * high + 1 if low == -high else None


CONVENTIONS: dict[str, Convention] = {
    convention.name: convention
    for convention in (
        Convention(
            "zoetrope", "W keys, the query's own among them",
            "Zoetrope sliding; Hugging Face Mistral and Gemma; OpenAI local_attn_ctx; fla-org NSA",
            True, lambda w, b: (0, w - 1), _behind(0),
        ),
        Convention(
            "flash", "W keys back, and the query's own",
            "FlashAttention (W, 0); attention-gym sliding window; MInference A-shape; "
            "StreamingLLM trimmed after the forward pass",
            True, lambda w, b: (0, w), _behind(1),
        ),
        Convention(
            "each_side", "w keys on each side, and the query's own",
            "Zoetrope local; Longformer's repository; attention-gym dilated and global windows; "
            "bojone neighbors",
            False, lambda w, b: (-w, w), _both,
        ),
        Convention(
            "hf_longformer", "w / 2 keys on each side, and the query's own",
            "Hugging Face Longformer attention_window",
            False, lambda w, b: (-(w // 2), w // 2),
            lambda low, high, b: 2 * high if low == -high else None,
        ),
        Convention(
            "total", "w keys in all, w odd, the query in the middle",
            "xFormers local_1d_pattern; NATTEN kernel (which keeps w at the borders)",
            False, lambda w, b: (w // 2 + 1 - w, w // 2), _odd,
        ),
        Convention(
            "blocks_both", "w blocks in all, the query's own in the middle",
            "DeepSpeed num_sliding_window_blocks, bidirectional",
            False, lambda w, b: (-(w // 2) * b, (w // 2) * b),
            lambda low, high, b: (
                2 * (high // b) + 1 if low == -high and high % b == 0 else None
            ),
        ),
        Convention(
            "blocks_back", "w // 2 blocks back, and the query's own",
            "DeepSpeed num_sliding_window_blocks, unidirectional",
            True, lambda w, b: (0, (w // 2) * b),
            lambda low, high, b: 2 * (high // b) + 1 if low == 0 and high % b == 0 else None,
        ),
    )
}  # fmt: skip


def distances(convention: str, number: int, block: int = 1) -> tuple[int, int]:
    """Return the smallest and largest d = q - k that a number means.

    For conventions of blocks: for a query at the start of its block looking at the starts of
    others (a block holds `block` tokens).
    """
    found = _known(convention)
    first, last = found.span(0, 1)
    number = whole(number, "window", 0 if first <= last else 1, MOST)
    return found.span(number, whole(block, "block", 1, MOST))


def keys_seen(convention: str, number: int, block: int = 1) -> int:
    """Return how many keys an interior query sees; in blocks, how many blocks times `block`."""
    low, high = distances(convention, number, block)
    if convention.startswith("blocks"):
        return high - low + block
    return high - low + 1


def translate(number: int, source: str, target: str, block: int = 1) -> int:
    """Return the number that means in `target` what `number` means in `source`.

    PatternError where no number does.
    """
    low, high = distances(source, number, block)
    found = _known(target).number(low, high, block)
    if found is None:
        raise PatternError(
            "window",
            f"No number of “{_known(target).title}” means the distances {low} to {high}.",
        )
    return found


def explained(convention: str, number: int, block: int = 1) -> str:
    """Return the set of distances in a line, for a tooltip."""
    low, high = distances(convention, number, block)
    unit = " (between blocks' first tokens)" if convention.startswith("blocks") else ""
    return f"{low} ≤ q − k ≤ {high}{unit}: {keys_seen(convention, number, block):,} keys"


def _known(name: str) -> Convention:
    if name not in CONVENTIONS:
        raise PatternError(
            "convention", f"The conventions are {', '.join(CONVENTIONS)}, not {name!r}."
        )
    return CONVENTIONS[name]
