"""glassllm: a small causal language model whose package holds its weights (PyPI, MIT).

Four layers of four heads, which share two keys and values, RMSNorm, rotary positions and SwiGLU,
trained on 128 tokens at a time in English or Portuguese.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from zoetrope.core.attention.heads.errors import HeadsError
from zoetrope.core.attention.heads.glass_tokenizer import GlassTokenizer
from zoetrope.core.attention.heads.model import Model
from zoetrope.core.attention.heads.transformer import (
    ACTIVATIONS,
    Affine,
    Layer,
    Mlp,
    Norm,
    Transformer,
)
from zoetrope.core.attention.heads.weight_file import Weights, read_numpy

LANGUAGES = ("en", "pt")


def glass(language: str = "en") -> Model:
    """Return the model of a language, "en" or "pt". HeadsError if the package is not there."""
    spec = importlib.util.find_spec("glassllm")
    if spec is None or not spec.submodule_search_locations:
        raise HeadsError(
            "model", "The model glassllm is not installed: run “pip install glassllm”, or choose a "
            "folder of weights.",
        )  # fmt: skip
    return read_glass(Path(next(iter(spec.submodule_search_locations))) / "weights", language)


def read_glass(folder: Path, language: str) -> Model:
    """Return the model of a language from the package's weights folder."""
    path = folder / f"{language}.npz"
    arrays = read_numpy(path, "model")
    try:
        config = json.loads(str(arrays.pop("__config__")))
        heads, shared, width = (int(config[key]) for key in ("n_heads", "n_kv_heads", "d_model"))
        layers, context = int(config["n_layers"]), int(config["max_len"])
        base, epsilon = float(config["rope_base"]), float(config["eps"])
    except (KeyError, ValueError, TypeError) as error:
        raise HeadsError("model", f"{path.name} holds no settings of glassllm.") from error
    tensors = {name: torch.from_numpy(array.astype(np.float32)) for name, array in arrays.items()}
    weights = Weights(tensors, path.name, "model")
    table = weights.get("E", -1, width)
    network = Transformer(
        embed=lambda ids: table[ids],
        layers=tuple(_layer(weights, index, width, epsilon) for index in range(layers)),
        heads=heads,
        shared=shared,
        causal=True,
        norm_first=True,
        turns=_turns(width // heads, context, base),
        last_norm=Norm(weights.get("norm_f.gamma", width), None, epsilon),
        unembed=table.T,
    )
    tokenizer = GlassTokenizer.read(folder / f"{language}.tokenizer.json")
    return Model(f"glassllm ({language})", network, tokenizer, context, context)


def _layer(weights: Weights, index: int, width: int, epsilon: float) -> Layer:
    def affine(name: str) -> Affine:
        return Affine(weights.get(f"blocks.{index}.{name}", -1, -1))

    def norm(name: str) -> Norm:
        return Norm(weights.get(f"blocks.{index}.{name}.gamma", width), None, epsilon)

    return Layer(
        affine("attn.W_Q"), affine("attn.W_K"), affine("attn.W_V"), affine("attn.W_O"),
        norm("norm1"),
        Mlp(affine("ffn.W3"), affine("ffn.W2"), ACTIVATIONS["silu"], gate=affine("ffn.W1")),
        norm("norm2"),
    )  # fmt: skip


def _turns(width: int, context: int, base: float) -> tuple[Tensor, Tensor]:
    """Return cos and sin of m base^(-2 i / width), [context, width / 2]."""
    angles = torch.outer(
        torch.arange(context, dtype=torch.float64),
        base ** (-torch.arange(0, width, 2, dtype=torch.float64) / width),
    )
    return angles.cos().to(torch.float32), angles.sin().to(torch.float32)
