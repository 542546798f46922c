"""WordPiece, the tokenizer of BERT and DistilBERT (Devlin et al. 2019, google-research/bert)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping

from zoetrope.core.attention.heads.tokens import Tokens

LONGEST_WORD = 100  # characters; longer ones are unknown
IDEOGRAPHS = (
    (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F),
)  # fmt: skip


class WordPiece:
    """Words and punctuation, cut greedily into the longest known pieces."""

    def __init__(self, vocabulary: Mapping[str, int], lower: bool = True) -> None:
        self._id = dict(vocabulary)
        self._token = {index: token for token, index in vocabulary.items()}
        self._lower = lower

    def encode(self, text: str, most: int | None = None) -> Tokens:
        """Return [CLS] pieces [SEP]; where it must be cut, [SEP] stays the last."""
        pieces = [piece for word in self._words(text) for piece in self._pieces(word)]
        if most is not None:
            pieces = pieces[: most - 2]
        ids = [self._id[piece] for piece in ("[CLS]", *pieces, "[SEP]")]
        special = (True, *(False,) * len(pieces), True)
        return Tokens(tuple(ids), tuple(map(self.word, ids)), special)

    def word(self, token: int) -> str:
        """Return a token as people read it."""
        return self._token[token]

    def _words(self, text: str) -> Iterator[str]:
        for run in "".join(map(_cleaned, text)).split():
            if self._lower:
                lowered = unicodedata.normalize("NFD", run.lower())
                run = "".join(c for c in lowered if unicodedata.category(c) != "Mn")
            word = ""
            for character in run:
                if _punctuation(character):
                    if word:
                        yield word
                    yield character
                    word = ""
                else:
                    word += character
            if word:
                yield word

    def _pieces(self, word: str) -> list[str]:
        if len(word) > LONGEST_WORD:
            return ["[UNK]"]
        found: list[str] = []
        start = 0
        while start < len(word):
            stop = len(word)
            while stop > start:
                piece = word[start:stop] if start == 0 else f"##{word[start:stop]}"
                if piece in self._id:
                    break
                stop -= 1
            if stop == start:
                return ["[UNK]"]
            found.append(piece)
            start = stop
        return found


def _cleaned(character: str) -> str:
    """Return white space as a space, ideographs between spaces, control characters as nothing."""
    code = ord(character)
    if character in "\t\n\r" or unicodedata.category(character) == "Zs":
        return " "
    if code in (0, 0xFFFD) or unicodedata.category(character).startswith("C"):
        return ""
    if any(low <= code <= high for low, high in IDEOGRAPHS):
        return f" {character} "
    return character


def _punctuation(character: str) -> bool:
    """Say so of all ASCII that is neither letter, number nor space, too."""
    code = ord(character)
    ascii_sign = 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126
    return ascii_sign or unicodedata.category(character).startswith("P")
