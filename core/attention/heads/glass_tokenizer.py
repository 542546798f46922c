"""The tokenizer of glassllm: byte-pair merges over characters, with ▁ for a space."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from zoetrope.core.attention.heads.errors import HeadsError
from zoetrope.core.attention.heads.merging import merged
from zoetrope.core.attention.heads.tokens import Tokens

SPACE = "▁"
SPECIALS = ("<pad>", "<unk>", "<bos>", "<eos>")
CHUNK = re.compile(r"\n|▁*[^▁\n]+|▁+")


class GlassTokenizer:
    """Characters of NFC text, merged in the order in which the pairs were learnt."""

    def __init__(self, alphabet: Sequence[str], merges: Sequence[tuple[str, str]]) -> None:
        self.vocabulary = [*SPECIALS, *alphabet, *(a + b for a, b in merges)]
        self._id = {token: index for index, token in enumerate(self.vocabulary)}
        self._rank = {pair: rank for rank, pair in enumerate(merges)}
        self._pieces = lru_cache(maxsize=4096)(self._merged)

    @classmethod
    def read(cls, path: Path) -> GlassTokenizer:
        """Read the package's JSON file. HeadsError if it is none."""
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            return cls(found["alphabet"], [(a, b) for a, b in found["merges"]])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise HeadsError("model", f"{path.name} is no tokenizer of glassllm.") from error

    def encode(self, text: str, most: int | None = None) -> Tokens:
        """Return the tokens of a text; unknown characters become <unk>."""
        chunks = CHUNK.findall(unicodedata.normalize("NFC", text).replace(" ", SPACE))
        ids = [self._id.get(piece, 1) for chunk in chunks for piece in self._pieces(chunk)][:most]
        return Tokens(tuple(ids), tuple(map(self.word, ids)), (False,) * len(ids))

    def word(self, token: int) -> str:
        """Return a token as people read it."""
        return self.vocabulary[token].replace(SPACE, "␣").replace("\n", "↵")

    def _merged(self, chunk: str) -> tuple[str, ...]:
        return merged(tuple(chunk), self._rank)
