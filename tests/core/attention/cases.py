"""Random patterns of every kind, for comparisons with brute force."""

from __future__ import annotations

from typing import Any

import numpy as np

from zoetrope.core.attention.entries import CATALOGUE
from zoetrope.core.attention.named import pattern
from zoetrope.core.attention.patterns import Pattern

NAMES = tuple(CATALOGUE)


def split(total: int, generator: np.random.Generator) -> list[int]:
    """Cut a length into random positive parts."""
    cuts = generator.choice(
        np.arange(1, total), min(total - 1, int(generator.integers(0, 6))), False
    )
    return np.diff(np.concatenate(([0], np.sort(cuts), [total]))).tolist()


def grid(generator: np.random.Generator, most: int) -> tuple[int, int]:
    side = max(4, int(most**0.5))
    return int(generator.integers(3, side + 1)), int(generator.integers(3, side + 1))


def numbers(name: str, generator: np.random.Generator, most: int = 120) -> dict[str, Any]:
    """Return n and the parameters of a pattern, drawn at random."""

    def up_to(high: int, low: int = 1) -> int:
        return int(generator.integers(low, max(low, high) + 1))

    def flag() -> bool:
        return bool(generator.integers(2))

    n = up_to(most, 4)
    few = max(1, n // 3)
    found: dict[str, dict[str, Any]] = {
        "full": {}, "causal": {}, "logsparse": {},
        "local": {"w": up_to(few), "dilation": up_to(min(5, n)), "causal": flag()},
        "sliding": {"window": up_to(n)},
        "atrous": {"rate": up_to(n), "causal": flag()},
        "sparse": {"rate": up_to(n), "causal": flag()},
        "strided": {"stride": up_to(n)},
        "strided_local": {"stride": up_to(n)},
        "strided_col": {"stride": up_to(n)},
        "sinks": {"sinks": up_to(n, 0), "window": up_to(n)},
        "a_shape": {"initial": up_to(n, 0), "slash": up_to(n, 0)},
        "tri_shape": {"initial": up_to(n, 0), "slash": up_to(n, 0), "last": up_to(n, 0)},
        "initial_dilated": {"initial": up_to(few, 0), "dense": up_to(few, 0), "reach": up_to(n, 0)},
        "block": {"size": up_to(n), "causal": flag()},
        "fixed": {"stride": (s := up_to(n)), "c": up_to(s)},
        "fixed_local": {"stride": up_to(n)},
        "fixed_summary": {"stride": (s := up_to(n)), "c": up_to(s)},
        "prefix": {"prefix": up_to(n, 0)},
        "document": {
            "lengths": split(n, generator), "inner": ("causal", "full")[up_to(1, 0)]
        },
        "longformer": {
            "w": up_to(few, 0), "globals": generator.integers(0, n, up_to(4, 0)).tolist()
        },
        "bigbird": {
            "block": (b := up_to(few)), "window": up_to(min(5, -(-n // b))),
            "globals": up_to(min(2, -(-n // b)), 0), "random": up_to(4, 0), "seed": up_to(99, 0),
            "ends": ("first", "both")[up_to(1, 0)],
        },
        "dilated_blocks": {"w": up_to(n), "r": (r := up_to(min(n, 9))), "offset": up_to(r - 1, 0)},
        "butterfly": {"level": up_to(max(0, (n - 1).bit_length() - 1), 0)},
        "random": {"p": float(generator.random()), "block": up_to(few), "seed": up_to(99, 0)},
    }.get(name, {})  # fmt: skip
    if name == "shared_prefix":
        lengths = split(n, generator)
        above = [int(generator.integers(-1, i + 1)) for i in range(len(lengths))]
        found = {"lengths": lengths, "prefix_of": above}
    elif name == "block_diffusion":
        n = 2 * up_to(most // 2, 2)
        found = {"block": up_to(n // 2)}
    elif name == "tree":
        before = up_to(few, 0)
        above = [int(generator.integers(-1, i)) for i in range(n - before)]
        found = {"parents": above, "prefix": before}
    elif name == "natten1d":
        w = up_to(n, 2)
        found = {
            "window": w, "dilation": up_to(n // w), "stride": up_to(w), "causal": flag()
        }  # fmt: skip
    elif name in ("natten2d", "swin", "axial"):
        height, width = grid(generator, most)
        n = height * width
        found = {"height": height, "width": width}
        if name == "natten2d":
            kh, kw = up_to(height, 2), up_to(width, 2)
            found |= {
                "kh": kh, "kw": kw, "dilation": up_to(min(height // kh, width // kw)),
                "stride": up_to(min(kh, kw)), "causal": flag(),
            }  # fmt: skip
        elif name == "swin":
            m = up_to(max(height, width))
            found |= {"m": m, "shift": up_to(m - 1, 0)}
    elif name == "sta2d":
        tile_h, tile_w = up_to(3), up_to(3)
        down, across = up_to(4, 2), up_to(4, 2)
        n = tile_h * tile_w * down * across
        found = {
            "height": tile_h * down, "width": tile_w * across, "kh": tile_h * up_to(down),
            "kw": tile_w * up_to(across), "tile_h": tile_h, "tile_w": tile_w,
        }  # fmt: skip
    return {"n": n, **found}


def drawn(name: str, seed: int, most: int = 120) -> Pattern:
    """Return a pattern of that name with random parameters."""
    return pattern(name, **numbers(name, np.random.default_rng(seed), most))


def block_means(mask: np.ndarray, q: np.ndarray, k: np.ndarray) -> np.ndarray:
    """Return the mean of a mask over the cells with these edges."""
    rows = np.add.reduceat(mask[q[0] : q[-1], k[0] : k[-1]].astype(float), q[:-1] - q[0], axis=0)
    both = np.add.reduceat(rows, k[:-1] - k[0], axis=1)
    return both / np.multiply.outer(np.diff(q), np.diff(k))
