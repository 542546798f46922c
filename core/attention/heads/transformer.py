"""A transformer in plain torch: the forward passes of GPT-2, BERT and their kin, layer by layer.

Vaswani et al. 2017, arXiv:1706.03762; normalisation before the layers (Radford et al. 2019) or
after them (Devlin et al. 2019); RMSNorm, rotary positions, gated MLPs and shared keys and values
(Touvron et al. 2023, arXiv:2302.13971; Su et al. 2021, arXiv:2104.09864).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

# layer, q [heads, n, d], k [heads, n, d], v [heads, n, d] -> [heads, n, d]
AttentionOf = Callable[[int, Tensor, Tensor, Tensor], Tensor]

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "gelu": functional.gelu,
    "gelu_new": lambda x: functional.gelu(x, approximate="tanh"),
    "gelu_pytorch_tanh": lambda x: functional.gelu(x, approximate="tanh"),
    "relu": functional.relu,
    "silu": functional.silu,
}


@dataclass(frozen=True, slots=True, eq=False)
class Affine:
    """x W + b: `weight` [in, out], `bias` [out]."""

    weight: Tensor
    bias: Tensor | None = None

    def __call__(self, x: Tensor) -> Tensor:
        """Apply to [..., in]."""
        out = torch.matmul(x, self.weight)
        return out if self.bias is None else out + self.bias


@dataclass(frozen=True, slots=True, eq=False)
class Norm:
    """LayerNorm with `scale` and `shift` [d]; without a shift RMSNorm (arXiv:1910.07467)."""

    scale: Tensor
    shift: Tensor | None
    epsilon: float

    def __call__(self, x: Tensor) -> Tensor:
        """Apply to [..., d]."""
        if self.shift is not None:
            return functional.layer_norm(x, x.shape[-1:], self.scale, self.shift, self.epsilon)
        mean_square = x.square().mean(dim=-1, keepdim=True)
        return x / torch.sqrt(mean_square + self.epsilon) * self.scale


@dataclass(frozen=True, slots=True, eq=False)
class Mlp:
    """down(activation(up x)), or down(activation(gate x) * up x)."""

    up: Affine
    down: Affine
    activation: Callable[[Tensor], Tensor]
    gate: Affine | None = None

    def __call__(self, x: Tensor) -> Tensor:
        """Apply to [..., d]."""
        if self.gate is None:
            return self.down(self.activation(self.up(x)))
        return self.down(self.activation(self.gate(x)) * self.up(x))


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One layer's weights."""

    query: Affine
    key: Affine
    value: Affine
    out: Affine
    attention_norm: Norm
    mlp: Mlp
    mlp_norm: Norm


@dataclass(frozen=True, slots=True, eq=False)
class Transformer:
    """The weights of a model and how they are put together.

    `embed` turns token ids [n] into vectors [n, d]. `heads` queries share `shared` keys and values.
    `turns` are the cosines and sines [n, d / 2] of rotary positions. `unembed` [d, vocabulary]
    makes next-token scores; None for an encoder.
    """

    embed: Callable[[Tensor], Tensor]
    layers: tuple[Layer, ...]
    heads: int
    shared: int
    causal: bool
    norm_first: bool
    turns: tuple[Tensor, Tensor] | None = None
    last_norm: Norm | None = None
    unembed: Tensor | None = None

    @property
    def width(self) -> int:
        """Numbers in a query of one head."""
        return self.layers[0].query.weight.shape[1] // self.heads


@dataclass(frozen=True, slots=True, eq=False)
class LayerSeen:
    """What one layer did: its q, k, v [heads, n, d] and the vectors [n, width] that it left."""

    q: Tensor
    k: Tensor
    v: Tensor
    x: Tensor


@torch.no_grad()
def weights_of(q: Tensor, k: Tensor, causal: bool) -> Tensor:
    """Return softmax(q k^T / sqrt(d)) [..., n, n] of q, k [..., n, d]."""
    scores = torch.matmul(q, k.mT) / math.sqrt(q.shape[-1])
    if causal:
        n = q.shape[-2]
        ahead = torch.ones((n, n), dtype=torch.bool, device=q.device).triu_(1)
        scores.masked_fill_(ahead, -math.inf)
    return scores.softmax(dim=-1)


def forward_steps(
    model: Transformer, ids: Tensor, attention: AttentionOf | None = None
) -> Iterator[LayerSeen]:
    """Yield what each layer does to the tokens [n]; `attention` takes the place of the model's."""
    with torch.no_grad():
        x = model.embed(ids)
    for index, layer in enumerate(model.layers):
        seen = _layer(model, layer, index, x, attention)
        x = seen.x
        yield seen


@torch.no_grad()
def _layer(
    model: Transformer, layer: Layer, index: int, x: Tensor, attention: AttentionOf | None
) -> LayerSeen:
    inside = layer.attention_norm(x) if model.norm_first else x
    q = _split(layer.query(inside), model.heads)
    k, v = (_split(one(inside), model.shared) for one in (layer.key, layer.value))
    if model.turns is not None:
        q, k = _turned(q, *model.turns), _turned(k, *model.turns)
    each = model.heads // model.shared
    k, v = k.repeat_interleave(each, dim=0), v.repeat_interleave(each, dim=0)
    if attention is None:
        mixed = torch.matmul(weights_of(q, k, model.causal), v)
    else:
        mixed = attention(index, q, k, v)
    added = layer.out(mixed.transpose(0, 1).flatten(1))
    if model.norm_first:
        x = x + added
        x = x + layer.mlp(layer.mlp_norm(x))
    else:
        x = layer.attention_norm(x + added)
        x = layer.mlp_norm(x + layer.mlp(x))
    return LayerSeen(q, k, v, x)


def _split(x: Tensor, heads: int) -> Tensor:
    """Return [heads, n, d] of [n, heads d]."""
    return x.reshape(*x.shape[:-1], heads, -1).transpose(0, 1)


def _turned(x: Tensor, cosines: Tensor, sines: Tensor) -> Tensor:
    """Rotate neighbouring pairs of [heads, n, d] by each position's angles."""
    n = x.shape[1]
    even, odd = x[..., 0::2], x[..., 1::2]
    cos, sin = cosines[:n], sines[:n]
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), dim=-1).flatten(-2)


@torch.no_grad()
def next_token_scores(model: Transformer, x: Tensor) -> Tensor:
    """Return the scores [n, vocabulary] of the next token after the last layer's vectors [n, d]."""
    assert model.unembed is not None
    return torch.matmul(x if model.last_norm is None else model.last_norm(x), model.unembed)
