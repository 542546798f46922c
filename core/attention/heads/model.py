"""A model whose heads can be looked at, and the models that are found without a network."""

from __future__ import annotations

from dataclasses import dataclass

from zoetrope.core.attention.heads.tokens import Tokenizer
from zoetrope.core.attention.heads.transformer import Transformer


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A transformer with its tokenizer.

    `context` tokens fit; of these `trained` were seen in training (as many, for most).
    """

    name: str
    network: Transformer
    tokenizer: Tokenizer
    context: int
    trained: int

    @property
    def causal(self) -> bool:
        """Whether it predicts the next token; else it reads whole sentences."""
        return self.network.causal
