"""Attention patterns: how soon a million tokens are seen, beside FlexAttention's block mask.

Everything is measured in one process on one thread.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from benchmarks.report import Figure, Report

TOKENS = 1 << 20
PIXELS = 1024
PEER_TOKENS = 8192
LENGTHS = np.diff([0, *np.sort(np.random.default_rng(0).integers(1, TOKENS, 54)), TOKENS]).tolist()
GRID: dict[str, Any] = {"height": 1024, "width": 1024}
PARAMETERS: dict[str, dict[str, Any]] = {
    "local": {"w": 256}, "sliding": {"window": 4096}, "atrous": {"rate": 1024},
    "sparse": {"rate": 724}, "strided": {"stride": 1024}, "strided_local": {"stride": 1024},
    "strided_col": {"stride": 1024}, "block": {"size": 4096}, "fixed": {"stride": 1024, "c": 32},
    "fixed_local": {"stride": 1024}, "fixed_summary": {"stride": 1024, "c": 32},
    "prefix": {"prefix": TOKENS // 4}, "document": {"lengths": LENGTHS},
    "shared_prefix": {"lengths": LENGTHS, "prefix_of": [-1] + [0] * 54},
    "longformer": {"w": 256, "globals": [0, 500_000, 1_000_000]},
    "dilated_blocks": {"w": 4096, "r": 4}, "butterfly": {"level": 15},
    "random": {"p": 0.01, "block": 64},
    "tree": {"parents": [-1] + [i // 2 for i in range(1023)], "prefix": TOKENS - 1024},
    "natten1d": {"window": 511}, "natten2d": GRID, "sta2d": GRID, "swin": GRID, "axial": GRID,
}  # fmt: skip
RULES = (
    "k <= q and (k % 1000 >= 968 or q//1000 == k//1000)", "(q ^ k) % 4096 < 64", "q*k % 7 < 3",
    "(q//64 ^ k//64) < 3 or k < 3*q//4 and q % 64 == 0",
)  # fmt: skip


def run() -> Report:
    """Time every pattern of the catalogue, and one block mask of the peer."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        figures = tuple(_figures())
    finally:
        torch.set_num_threads(before)
    return Report(
        title=f"Attention: first and exact tiles of {TOKENS:,} tokens, {PIXELS} x {PIXELS} pixels",
        how="CPU seconds on one thread, best of five, the making of the pattern included; the peer "
        f"is FlexAttention's eager create_block_mask of a causal window at {PEER_TOKENS:,} tokens, "
        "after a first call. A step is what lies between two yields, by the clock.",
        figures=figures,
    )


def _figures() -> Iterator[Figure]:
    from zoetrope.core.attention import catalogue, expr, pattern

    peer = _best(_block_mask)
    yield Figure(f"create_block_mask, {PEER_TOKENS:,} tokens", peer, "s")
    first = {
        name: _best(lambda name=name: _first(pattern(name, TOKENS, **PARAMETERS.get(name, {}))))
        for name in catalogue()
    }
    slowest = max(first, key=first.__getitem__)
    ratio = peer / first[slowest]
    yield Figure("patterns", len(first), "")
    yield Figure(f"slowest first tile: {slowest}", first[slowest] * 1e3, "ms")
    yield Figure("block mask over it", ratio, "x", "at least 30", ratio >= 30)
    yield Figure("median first tile", float(np.median(list(first.values()))) * 1e3, "ms")
    typed = max(_best(lambda rule=rule: _first(expr(rule, TOKENS))) for rule in RULES)
    yield Figure("slowest first tile of a typed rule, making it included", typed * 1e3, "ms")
    longest = slowest_exact = error = 0.0
    for name in catalogue():
        if name == "random":  # asked block by block: minutes at small blocks
            continue
        seconds, step, off = _refined(pattern(name, TOKENS, **PARAMETERS.get(name, {})))
        longest, slowest_exact = max(longest, step), max(slowest_exact, seconds)
        error = max(error, off)
    yield Figure("slowest exact tile", slowest_exact, "s")
    yield Figure("longest step of a refinement", longest * 1e3, "ms", "at most 50", longest <= 0.05)
    yield Figure("largest error of a pixel in a first tile", error, "")
    growth = _growth()
    yield Figure("memory growth over all of it", growth, "MB", "under 300", growth < 300)


def _block_mask() -> None:
    from torch.nn.attention.flex_attention import create_block_mask

    create_block_mask(
        lambda b, h, q, k: (q >= k) & (q - k < 256), None, None, PEER_TOKENS, PEER_TOKENS,
        device="cpu",
    )  # fmt: skip


def _best(work: Callable[[], object], repeats: int = 5) -> float:
    work()
    times = []
    for _ in range(repeats):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


def _first(made: Any) -> Any:
    return made.tile(0, TOKENS, 0, TOKENS, PIXELS, PIXELS, exact=False)


def _refined(made: Any) -> tuple[float, float, float]:
    """Return the seconds to the exact tile, the longest step, and the first tile's worst pixel.

    The longest step is the least of three runs': what the machine does besides is not ours.
    """
    seconds, longest, error = [], [], 0.0
    for _ in range(3):
        steps, tiles = [], []
        began = last = time.perf_counter()
        for tile in made.tile_steps(0, TOKENS, 0, TOKENS, PIXELS, PIXELS):
            now = time.perf_counter()
            steps.append(now - last)
            tiles[1:] = [tile]
            last = time.perf_counter()
        seconds.append(last - began)
        longest.append(max(steps))
        error = float(np.abs(tiles[-1].density - tiles[0].density).max())
    return min(seconds), min(longest), error


def _growth() -> float:
    """Return by how many MB a fresh process grows over all first and exact tiles."""
    code = (
        "import numpy\n"
        "from benchmarks import attention as bench\n"
        "from zoetrope.core.attention import catalogue, pattern\n"
        "numpy.arange(10).sum(); catalogue()\n"
        "def peak():\n"
        "    lines = open('/proc/self/status').read().splitlines()\n"
        "    return next(int(line.split()[1]) for line in lines if line.startswith('VmHWM'))\n"
        "before = peak()\n"
        "for name in catalogue():\n"
        "    made = pattern(name, bench.TOKENS, **bench.PARAMETERS.get(name, {}))\n"
        "    steps = made.tile_steps(0, bench.TOKENS, 0, bench.TOKENS, 1024, 1024)\n"
        "    for _ in zip(range(100), steps): pass\n"
        "    made.row_counts() if name != 'random' else None\n"
        "print((peak() - before) / 1e3)\n"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(shown.stdout)
