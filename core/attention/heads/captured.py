"""What the heads of a model did with one text: queries, keys and values, or saved weights."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from zoetrope.core.attention.entries import LEAST
from zoetrope.core.attention.final import final
from zoetrope.core.attention.heads.errors import HeadsError
from zoetrope.core.attention.heads.model import Model
from zoetrope.core.attention.heads.tokens import Tokens
from zoetrope.core.attention.heads.transformer import forward_steps

CELLS = 1 << 18  # weights worked on in one step


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """One head on one text: `q`, `k` [n, d] and `v` [n, e], or its `saved` weights [n, n].

    `place` is its layer and its number there, both from 0.
    """

    n: int
    causal: bool
    q: Tensor | None = None
    k: Tensor | None = None
    v: Tensor | None = None
    saved: Tensor | None = None
    place: tuple[int, int] = (0, 0)

    def scores(self, rows: slice) -> Tensor:
        """Return q k^T / sqrt(d) of some queries, float32 [r, n], -inf where none may look."""
        if self.saved is not None:
            return self.saved[rows].log()
        assert self.q is not None
        assert self.k is not None
        found = torch.matmul(self.q[rows], self.k.T) / math.sqrt(self.q.shape[-1])
        if self.causal:
            queries = torch.arange(self.n)[rows]
            found.masked_fill_(torch.arange(self.n) > queries[:, None], -math.inf)
        return found

    def weights(self, rows: slice = slice(None)) -> Tensor:
        """Return the attention weights of some queries, float32 [r, n]."""
        return self.saved[rows] if self.saved is not None else self.scores(rows).softmax(dim=-1)

    def allowed(self, rows: slice) -> Tensor:
        """Return which keys these queries may look at at all, bool [r, n]."""
        queries = torch.arange(self.n)[rows]
        if not self.causal:
            return torch.ones((len(queries), self.n), dtype=torch.bool)
        return torch.arange(self.n) <= queries[:, None]

    def row_slices(self) -> Iterator[slice]:
        """Yield all rows in slices fit for one step."""
        each = max(1, CELLS // self.n)
        for begin in range(0, self.n, each):
            yield slice(begin, min(begin + each, self.n))

    def needs_vectors(self, what: str) -> tuple[Tensor, Tensor]:
        """Return q and k; HeadsError where only weights were saved."""
        if self.q is None or self.k is None:
            raise HeadsError(
                "candidate", f"{what} needs queries and keys, and the file holds weights alone."
            )
        return self.q, self.k


@dataclass(frozen=True, slots=True, eq=False)
class Capture:
    """All heads on one text: `q`, `k`, `v` [layers, heads, n, d], or `saved` [layers, heads, n, n].

    `cut` tokens of the text did not fit and were left out. `seen` tokens is what the model was
    trained with, where that is known.
    """

    name: str
    tokens: Tokens
    causal: bool
    q: Tensor | None = None
    k: Tensor | None = None
    v: Tensor | None = None
    saved: Tensor | None = None
    cut: int = 0
    trained: int = 0

    @property
    def _whole(self) -> Tensor:
        whole = self.saved if self.q is None else self.q
        assert whole is not None
        return whole

    @property
    def layers(self) -> int:
        """How many layers there are."""
        return self._whole.shape[0]

    @property
    def heads(self) -> int:
        """How many heads a layer has."""
        return self._whole.shape[1]

    @property
    def n(self) -> int:
        """How many tokens there are."""
        return self._whole.shape[2]

    def head(self, layer: int, head: int) -> Head:
        """Return one head."""
        whole = (self.q, self.k, self.v, self.saved)
        q, k, v, saved = (None if one is None else one[layer, head] for one in whole)
        return Head(self.n, self.causal, q, k, v, saved, (layer, head))


def encoded(model: Model, text: str, most: int | None = None) -> tuple[Tokens, int]:
    """Return the tokens that fit into the context (and `most`), and how many were cut off."""
    fits = model.context if most is None else min(most, model.context)
    whole = model.tokenizer.encode(text)
    tokens = whole if len(whole) <= fits else model.tokenizer.encode(text, fits)
    if len(tokens) < LEAST:
        raise HeadsError(
            "text", f"The text has {len(tokens)} tokens for this model; write at least {LEAST}."
        )
    return tokens, len(whole) - len(tokens)


def capture(model: Model, text: str, most: int | None = None) -> Capture:
    """Return what all heads do with a text, cut to the context and to `most` tokens.

    HeadsError("text") for a text of fewer than 4 tokens.
    """
    return final(capture_steps(model, text, most))


def capture_steps(model: Model, text: str, most: int | None = None) -> Iterator[Capture | None]:
    """Yield None after each layer, then what all heads did with the text."""
    tokens, cut = encoded(model, text, most)
    layers = []
    for seen in forward_steps(model.network, torch.tensor(tokens.ids)):
        layers.append((seen.q, seen.k, seen.v))
        yield None
    q, k, v = (torch.stack(parts) for parts in zip(*layers, strict=True))
    yield Capture(model.name, tokens, model.causal, q, k, v, cut=cut, trained=model.trained)
