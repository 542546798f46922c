"""Attention over some of the keys, and how such parts make the whole.

A part is (out, lse): its softmax-weighted mean of the values and the logarithm of its sum of
exponentials. Parts over disjoint keys merge exactly,

    lse = log(exp(lse_1) + exp(lse_2)),   out = out_1 exp(lse_1 - lse) + out_2 exp(lse_2 - lse)

(Milakov and Gimelshein 2018, arXiv:1805.02867). Queries without a key have out = 0, lse = -inf.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Attended:
    """What queries have gathered so far: `out` [b, m, e] and `lse` [b, m], changed in place."""

    out: Tensor
    lse: Tensor

    @classmethod
    def nothing(cls, batch: int, queries: int, values: Tensor) -> Attended:
        """Return queries that have seen no key yet; `values` [..., e] gives width and dtype."""
        out = values.new_zeros((batch, queries, values.shape[-1]))
        return cls(out, values.new_full((batch, queries), -math.inf))

    def part(self, batch: slice, rows: slice) -> Attended:
        """Return some of the queries, still those of this one."""
        return Attended(self.out[batch, rows], self.lse[batch, rows])

    def blocks(self, one: int, rows: slice, size: int) -> Attended:
        """Return a stretch of one sequence's queries in blocks [blocks, size, e], still those."""
        out, lse = self.out[one, rows], self.lse[one, rows]
        return Attended(out.view(-1, size, out.shape[-1]), lse.view(-1, size))

    def add(self, scores: Tensor, values: Tensor) -> None:
        """Merge more keys: `scores` [b, m, keys], -inf where one is not seen, are used up;
        `values` [b, keys, e].
        """
        top = scores.amax(dim=-1, keepdim=True)
        weights = scores.sub_(top.masked_fill(top == -math.inf, 0.0)).exp_()
        total = weights.sum(dim=-1, keepdim=True)
        lse = torch.logaddexp(self.lse, (top + total.log_()).squeeze(-1))
        base = lse.masked_fill(lse == -math.inf, 0.0)
        # the new keys' mean times their share; where there are none, top is -inf and that is 0
        share = top.squeeze(-1).sub_(base).exp_().unsqueeze(-1)
        before = self.lse.sub(base).exp_().unsqueeze(-1)
        self.out.mul_(before).add_(torch.bmm(weights, values).mul_(share))
        self.lse.copy_(lse)
