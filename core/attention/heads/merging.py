"""Byte-pair encoding (Sennrich et al. 2016, arXiv:1508.07909): merging a word's pieces."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise


def merged(pieces: tuple[str, ...], rank: Mapping[tuple[str, str], int]) -> tuple[str, ...]:
    """Join neighbours, always the pair that was learnt first, until none is known."""
    while len(pieces) > 1:
        known = [pair for pair in pairwise(pieces) if pair in rank]
        if not known:
            break
        pieces = _joined(pieces, min(known, key=rank.__getitem__))
    return pieces


def _joined(pieces: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    found = []
    at = 0
    while at < len(pieces):
        if pieces[at : at + 2] == pair:
            found.append(pieces[at] + pieces[at + 1])
            at += 2
        else:
            found.append(pieces[at])
            at += 1
    return tuple(found)
