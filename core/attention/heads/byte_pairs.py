"""Byte-level byte-pair encoding, the tokenizer of GPT-2 and RoBERTa (openai/gpt-2, encoder.py)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from zoetrope.core.attention.heads.merging import merged
from zoetrope.core.attention.heads.tokens import Tokens

CONTRACTION = re.compile(r"'(?:s|t|re|ve|m|ll|d)")


class BytePairs:
    """Words with their leading space, as bytes, merged in the order in which pairs were learnt.

    `first` and `last` are special tokens round the text, "" for none (GPT-2).
    """

    def __init__(
        self, vocabulary: Mapping[str, int], merges: Sequence[tuple[str, str]], first: str = "",
        last: str = "", unknown: str = "",
    ) -> None:  # fmt: skip
        self._id = dict(vocabulary)
        self._token = {index: token for token, index in vocabulary.items()}
        self._rank = {pair: rank for rank, pair in enumerate(merges)}
        self._first, self._last = first, last
        self._unknown = self._id.get(unknown)
        self._pieces = lru_cache(maxsize=4096)(self._merged)

    def encode(self, text: str, most: int | None = None) -> Tokens:
        """Return the tokens of a text; where it must be cut, the special ones stay."""
        pieces = [piece for word in words(text) for piece in self._pieces(word)]
        found = [self._id.get(piece, self._unknown) for piece in pieces]
        ids = [token for token in found if token is not None]
        around = [self._id[one] for one in (self._first, self._last) if one]
        if most is not None:
            ids = ids[: most - len(around)]
        special = [False] * len(ids)
        if self._first:
            ids, special = [around[0], *ids], [True, *special]
        if self._last:
            ids, special = [*ids, around[-1]], [*special, True]
        return Tokens(tuple(ids), tuple(map(self.word, ids)), tuple(special))

    def word(self, token: int) -> str:
        """Return a token as people read it: bytes that are no letter are shown as �."""
        written = self._token[token]
        known = _characters()[1]
        if any(character not in known for character in written):
            return written
        text = bytes(known[character] for character in written).decode("utf-8", "replace")
        return text.replace(" ", "␣").replace("\n", "↵")

    def _merged(self, word: str) -> tuple[str, ...]:
        letters = _characters()[0]
        return merged(tuple(letters[byte] for byte in word.encode("utf-8")), self._rank)


def words(text: str) -> Iterator[str]:
    """Yield contractions, and runs of letters, numbers or signs with a space before them.

    What GPT-2's pattern finds, which takes one of: a contraction; letters; numbers; other signs;
    white space but its last, where a word follows; white space. A word begins with its space.
    """
    at = 0
    while at < len(text):
        contraction = CONTRACTION.match(text, at)
        if contraction:
            yield contraction[0]
            at = contraction.end()
            continue
        begin = at + (text[at] == " ")
        kind = _kind(text[begin]) if begin < len(text) else "space"
        end = begin
        if kind == "space":
            begin = end = at
            while end < len(text) and _kind(text[end]) == "space":
                end += 1
            if end < len(text) and end - begin > 1:
                end -= 1  # the next word's own space, or a last one by itself
        else:
            while end < len(text) and _kind(text[end]) == kind:
                end += 1
        yield text[at:end]
        at = end


def _kind(character: str) -> str:
    if character.isspace() and not "\x1c" <= character <= "\x1f":
        return "space"
    return {"L": "letter", "N": "number"}.get(unicodedata.category(character)[0], "sign")


@lru_cache(maxsize=1)
def _characters() -> tuple[dict[int, str], dict[str, int]]:
    """Return the printable character that stands for each byte, and back."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    letters = {byte: chr(byte) for byte in plain}
    letters |= {byte: chr(256 + index) for index, byte in enumerate(others)}
    return letters, {character: byte for byte, character in letters.items()}
