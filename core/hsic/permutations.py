"""Permutations of rows: drawn from a seed on the CPU, or all the distinct ones in order."""

import itertools
import math
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from zoetrope.core.hsic.gram_matrix import Block


def draw(n: int, seed: int, block_length: int = 1) -> Iterator[Tensor]:
    """An endless stream of permutations [n]; the b-th depends on the arguments and b alone.

    With a `block_length` above 1 the rows, joined end to end into a ring, are cut at a random place
    into blocks of so many neighbours (the last may be shorter) and the blocks are shuffled: what is
    autocorrelated stays so, but for the seams. From n on there is one block and a permutation is
    a shift along the ring (Chwialkowski & Gretton 2014).
    """
    generator = np.random.default_rng(seed)
    while True:
        if block_length == 1:
            yield torch.from_numpy(generator.permutation(n))
            continue
        ring = np.roll(np.arange(n), -int(generator.integers(n)))
        blocks = np.array_split(ring, range(block_length, n, block_length))
        shuffled = [blocks[i] for i in generator.permutation(len(blocks))]
        yield torch.from_numpy(np.concatenate(shuffled))


def classes(rows: Block) -> Tensor:
    """A label [n] for each row: equal rows have equal labels. A Gram matrix's rows all differ."""
    if rows.kernel.name == "precomputed":
        return torch.arange(rows.n)
    labels: Tensor = torch.unique(rows.values.cpu(), dim=0, return_inverse=True)[1]
    return labels


def count_arrangements(labels: Tensor) -> int:
    """The number of distinct orders of the labels, n!/(m_1! m_2! ...)."""
    count = math.factorial(len(labels))
    for repeats in torch.bincount(labels).tolist():
        count //= math.factorial(repeats)
    return count


def arrangements(labels: Tensor) -> Iterator[list[int]]:
    """Every distinct arrangement once, as a permutation: at place i stands row order[i].

    Each class of equal rows keeps its rows in order, so two permutations that only swap equal
    rows are one arrangement.
    """
    members: list[list[int]] = [[] for _ in range(int(labels.max()) + 1)]
    for row, label in enumerate(labels.tolist()):
        members[label].append(row)
    if all(len(rows) == 1 for rows in members):
        for order in itertools.permutations(range(len(labels))):
            yield list(order)
        return
    yield from _place(sorted(members, key=len), list(range(len(labels))), [0] * len(labels))


def _place(members: list[list[int]], free: list[int], order: list[int]) -> Iterator[list[int]]:
    if len(members) == 1:
        for place, row in zip(free, members[0], strict=True):
            order[place] = row
        yield order.copy()
        return
    for places in itertools.combinations(free, len(members[0])):
        for place, row in zip(places, members[0], strict=True):
            order[place] = row
        taken = set(places)
        yield from _place(members[1:], [p for p in free if p not in taken], order)
