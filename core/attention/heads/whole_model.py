"""What a change of some heads does to the whole model: its loss, or its sentence embedding."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from zoetrope.core.attention.entries import LEAST
from zoetrope.core.attention.final import final
from zoetrope.core.attention.heads.captured import Head, encoded
from zoetrope.core.attention.heads.content import RowMask
from zoetrope.core.attention.heads.errors import HeadsError
from zoetrope.core.attention.heads.model import Model
from zoetrope.core.attention.heads.transformer import (
    LayerSeen,
    forward_steps,
    next_token_scores,
    weights_of,
)

WINDOWS = 8
SHOWN = 5  # next tokens in the table

Restriction = Callable[[Head], RowMask | None]  # a head's mask; None leaves it as it is


@dataclass(frozen=True, slots=True)
class NextToken:
    """One line of the table of next tokens: its word, its probability before and after."""

    word: str
    before: float
    after: float


@dataclass(frozen=True, slots=True, eq=False)
class LossEffect:
    """Mean next-token loss in nats of each window, before and after, float64 [windows]."""

    before: Tensor
    after: Tensor
    table: tuple[NextToken, ...]

    @property
    def change(self) -> float:
        """The mean change of the loss."""
        return float((self.after - self.before).mean())

    @property
    def spread(self) -> float:
        """The standard deviation of that change over the windows."""
        return float((self.after - self.before).std()) if len(self.before) > 1 else 0.0


@dataclass(frozen=True, slots=True)
class EmbeddingEffect:
    """The cosine of a sentence's embedding with what it was."""

    cosine: float


def _dense_steps(model: Model, ids: Tensor) -> Generator[None, None, list[LayerSeen]]:
    """Yield after each layer; return what they all did."""
    found = []
    for seen in forward_steps(model.network, ids):
        found.append(seen)
        yield
    return found


def _restricted_steps(
    model: Model, ids: Tensor, dense: list[LayerSeen], restriction: Restriction
) -> Generator[None, None, Tensor]:
    """Yield between steps; return the last layer's vectors when some heads see fewer keys.

    Patterns that look at content choose their keys from what the unrestricted model did.
    """
    masks: dict[int, Tensor] = {}

    def attention(layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        weights = weights_of(q, k, model.causal)
        for index, mask in masks.items():
            left = weights[index] * mask
            weights[index] = left / left.sum(dim=1, keepdim=True).clamp_min(1e-30)
        return torch.matmul(weights, v)

    steps = forward_steps(model.network, ids, attention)
    x = dense[-1].x
    for layer, seen in enumerate(dense):
        masks.clear()
        for index, (q, k, v) in enumerate(zip(seen.q, seen.k, seen.v, strict=True)):
            head = Head(len(ids), model.causal, q, k, v, place=(layer, index))
            mask = restriction(head)
            if mask is not None:
                masks[index] = mask(slice(0, len(ids)))
                yield
        x = next(steps).x
        yield
    return x


def windows_of(model: Model, text: str, wanted: int = WINDOWS) -> Tensor:
    """Return so many stretches of a text that fill the context, int64 [windows, n].

    They are spread evenly and overlap where the text is short; a text within the context is one.
    """
    ids = torch.tensor(model.tokenizer.encode(text).ids, dtype=torch.int64)
    if len(ids) < LEAST:
        raise HeadsError("text", f"The text has {len(ids)} tokens; write at least {LEAST}.")
    n = min(len(ids), model.context)
    starts = torch.linspace(0, len(ids) - n, wanted if len(ids) > n else 1).round().long()
    return ids[torch.tensor(sorted(set(starts.tolist())))[:, None] + torch.arange(n)]


def effect(model: Model, text: str, restriction: Restriction) -> LossEffect | EmbeddingEffect:
    """Return what restricting some heads does to a model's loss, or to its embedding of a text."""
    if model.causal:
        return final(loss_effect_steps(model, text, restriction))
    return final(embedding_effect_steps(model, text, restriction))


def effect_steps(
    model: Model, text: str, restriction: Restriction
) -> Iterator[LossEffect | EmbeddingEffect | None]:
    """Yield between steps what is known of the effect: None at first."""
    if model.causal:
        yield from loss_effect_steps(model, text, restriction)
    else:
        yield from embedding_effect_steps(model, text, restriction)


def loss_effect_steps(
    model: Model, text: str, restriction: Restriction
) -> Iterator[LossEffect | None]:
    """Yield None after each layer, and after each window what is known."""
    losses: list[tuple[float, float]] = []
    table: tuple[NextToken, ...] = ()
    for ids in windows_of(model, text):
        dense = yield from _dense_steps(model, ids)
        sparse = yield from _restricted_steps(model, ids, dense, restriction)
        scores = [next_token_scores(model.network, x).double() for x in (dense[-1].x, sparse)]
        yield None
        before, after = (functional.cross_entropy(one[:-1], ids[1:]) for one in scores)
        losses.append((float(before), float(after)))
        if not table:
            table = _next_tokens(model, scores[0][-1], scores[1][-1])
        found = torch.tensor(losses, dtype=torch.float64)
        yield LossEffect(found[:, 0], found[:, 1], table)


def _next_tokens(model: Model, before: Tensor, after: Tensor) -> tuple[NextToken, ...]:
    first, then = before.softmax(dim=-1), after.softmax(dim=-1)
    wanted = torch.maximum(first, then).topk(min(SHOWN, len(first))).indices.tolist()
    wanted.sort(key=lambda token: -float(first[token]))
    return tuple(
        NextToken(model.tokenizer.word(token), float(first[token]), float(then[token]))
        for token in wanted
    )


def embedding_effect_steps(
    model: Model, text: str, restriction: Restriction
) -> Iterator[EmbeddingEffect | None]:
    """Yield None after each layer, then the cosine of the mean of the last layer's vectors."""
    ids = torch.tensor(encoded(model, text)[0].ids)
    dense = yield from _dense_steps(model, ids)
    sparse = yield from _restricted_steps(model, ids, dense, restriction)
    before, after = (x.double().mean(dim=0) for x in (dense[-1].x, sparse))
    yield EmbeddingEffect(float(functional.cosine_similarity(before, after, dim=0)))
