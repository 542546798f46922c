"""Saved attention weights, or queries, keys and values, from a person's file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from zoetrope.core.attention.entries import LEAST
from zoetrope.core.attention.heads.captured import Capture
from zoetrope.core.attention.heads.errors import HeadsError
from zoetrope.core.attention.heads.heads_parameters import MOST_TOKENS
from zoetrope.core.attention.heads.tokens import Tokens
from zoetrope.core.attention.heads.weight_file import read_numpy, read_safetensors

FIELD = "arrays_file"
WEIGHTS = ("attentions", "attention", "weights", "attn", "")
MOST_NUMBERS = 1 << 27  # half a gigabyte
CLOSE = 1e-3  # how far a row's sum may be from 1


def read_arrays(path: Path, causal: bool = False) -> Capture:
    """Return what a .npy, .npz or .safetensors file holds of heads.

    Weights `attentions` [layers, heads, n, n] or [heads, n, n], or `q`, `k` and `v` [.., n, d].
    Rows of weights must sum to 1; heads of which no query looks ahead are taken as causal. Whether
    vectors belong to `causal` heads, they do not show.
    """
    if not path.is_file():
        raise HeadsError(FIELD, f"There is no file {str(path)[:80]!r} to read.")
    if path.suffix == ".safetensors":
        found = read_safetensors(path, FIELD)
    else:
        arrays = read_numpy(path, FIELD)
        found = {name: _tensor(array, name) for name, array in arrays.items()}
    if {"q", "k", "v"} <= set(found):
        return _of_vectors(path, causal, *(_shaped(found[name], name) for name in ("q", "k", "v")))
    name = next((one for one in WEIGHTS if one in found), None)
    if name is None:
        raise HeadsError(
            FIELD, f"{path.name} holds {', '.join(sorted(found))[:80] or 'nothing'}; name weights "
            "“attentions”, or vectors “q”, “k” and “v”.",
        )  # fmt: skip
    return _of_weights(path, _shaped(found[name], name or "attentions"))


def _tensor(array: np.ndarray[tuple[int, ...], np.dtype[np.generic]], name: str) -> Tensor:
    if array.dtype.kind not in "fiub":
        raise HeadsError(FIELD, f"“{name}” holds no numbers but {array.dtype}.")
    if array.size > MOST_NUMBERS:  # before they take four bytes each
        raise HeadsError(
            FIELD, f"“{name}” holds {array.size:,} numbers; {MOST_NUMBERS:,} are read."
        )
    return torch.from_numpy(np.ascontiguousarray(array).astype(np.float32))


def _shaped(found: Tensor, name: str) -> Tensor:
    """Return [layers, heads, n, d] float32; a missing first axis is one layer."""
    if found.ndim == 3:
        found = found[None]
    sides = " × ".join(f"{side:,}" for side in found.shape) or "one number"
    if found.ndim != 4 or min(found.shape) < 1:
        raise HeadsError(FIELD, f"“{name}” must be layers × heads × n × …, not {sides}.")
    if not LEAST <= found.shape[2] <= MOST_TOKENS or found.numel() > MOST_NUMBERS:
        raise HeadsError(
            FIELD, f"“{name}” is {sides}; heads are read from {LEAST} to {MOST_TOKENS:,} tokens, "
            f"and {MOST_NUMBERS:,} numbers in all.",
        )  # fmt: skip
    found = found.to(torch.float32)
    bad = int((~torch.isfinite(found)).sum())
    if bad:
        raise HeadsError(FIELD, f"“{name}” holds {bad:,} numbers that are not finite.")
    return found


def _of_vectors(path: Path, causal: bool, q: Tensor, k: Tensor, v: Tensor) -> Capture:
    if q.shape != k.shape or q.shape[:3] != v.shape[:3]:
        shapes = "; ".join(str(tuple(one.shape)) for one in (q, k, v))
        raise HeadsError(FIELD, f"q, k and v differ in shape: {shapes}.")
    return Capture(path.name, _numbered(q.shape[2]), causal, q=q, k=k, v=v)


def _of_weights(path: Path, weights: Tensor) -> Capture:
    n = weights.shape[2]
    if weights.shape[3] != n:
        raise HeadsError(
            FIELD, f"Weights must be square, not {n:,} queries × {weights.shape[3]:,} keys."
        )
    if bool((weights < 0).any()):
        raise HeadsError(FIELD, f"{int((weights < 0).sum()):,} weights are below 0.")
    off = (weights.double().sum(dim=-1) - 1).abs()
    if float(off.max()) > CLOSE:
        layer, head, row = (int(i) for i in np.unravel_index(int(off.argmax()), off.shape))
        total = float(weights[layer, head, row].double().sum())
        raise HeadsError(
            FIELD, f"Rows of weights must sum to 1: row {row:,} of layer {layer}, head {head} sums "
            f"to {total:.4g}.",
        )  # fmt: skip
    causal = not bool(weights.triu(diagonal=1).any())
    return Capture(path.name, _numbered(n), causal, saved=weights)


def _numbered(n: int) -> Tokens:
    return Tokens(tuple(range(n)), tuple(map(str, range(n))), (False,) * n)
