"""A stateless random number for every pair of whole numbers: splitmix64.

Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014). Any
entry of a random pattern can be looked at without making the others, and a seed gives the same
pattern in NumPy and in torch.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from zoetrope.core.attention.expression_tree import RANDOM_BITS

_GAMMA, _FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_MASK = (1 << 64) - 1


def pair_hash(first: Any, second: Any, seed: Any) -> Any:
    """Return int64 in [0, 2**31) for int64 arrays (or ints), broadcast against each other."""
    state = _mixed(_unsigned(seed))
    state = _mixed(state ^ _unsigned(first))
    state = _mixed(state ^ _unsigned(second))
    return (state >> np.uint64(64 - RANDOM_BITS)).astype(np.int64)


def _unsigned(value: Any) -> Any:
    if isinstance(value, int):
        return np.array([value & _MASK], dtype=np.uint64)[0]
    return value.astype(np.int64, copy=False).view(np.uint64)


def _mixed(state: Any) -> Any:
    with np.errstate(over="ignore"):
        state = state + np.uint64(_GAMMA)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(_FIRST)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(_SECOND)
        return state ^ (state >> np.uint64(31))


TORCH = f'''
def _mixed(state):
    """One round of splitmix64 in wrapping int64."""
    state = state + {_GAMMA - (1 << 64)}
    state = (state ^ ((state >> 30) & {(1 << 34) - 1})) * {_FIRST - (1 << 64)}
    state = (state ^ ((state >> 27) & {(1 << 37) - 1})) * {_SECOND - (1 << 64)}
    return state ^ ((state >> 31) & {(1 << 33) - 1})


def _rand(first, second, seed):
    state = _mixed(torch.as_tensor(seed, dtype=torch.int64))
    state = _mixed(state ^ first)
    state = _mixed(state ^ second)
    return (state >> {64 - RANDOM_BITS}) & {(1 << RANDOM_BITS) - 1}
'''
