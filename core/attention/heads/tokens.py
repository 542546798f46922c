"""A text as tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Tokens:
    """Ids, the words that people read for them, and which are special ([CLS] and the like)."""

    ids: tuple[int, ...]
    words: tuple[str, ...]
    special: tuple[bool, ...]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.ids)


class Tokenizer(Protocol):
    """Cuts texts into a model's tokens."""

    def encode(self, text: str, most: int | None = None) -> Tokens:
        """Return the tokens of a text, cut to `most` with its special tokens kept."""

    def word(self, token: int) -> str:
        """Return a token as people read it; a space is shown as ␣."""
