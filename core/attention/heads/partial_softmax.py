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
    """What queries have gathered so far: `out` [b, m, e] and `lse` [b, m], changed in place, of
    scores `scale` q k^T.
    """

    out: Tensor
    lse: Tensor
    scale: float

    @classmethod
    def nothing(cls, values: Tensor, scale: float) -> Attended:
        """Return queries that have seen no key yet; `values` [b, m, e] gives sizes and dtype."""
        return cls(torch.zeros_like(values), values.new_full(values.shape[:-1], -math.inf), scale)

    def part(self, batch: slice, rows: slice) -> Attended:
        """Return some of the queries, still those of this one."""
        return Attended(self.out[batch, rows], self.lse[batch, rows], self.scale)

    def blocks(self, one: int, rows: slice, size: int) -> Attended:
        """Return a stretch of one sequence's queries in blocks [blocks, size, e], still those."""
        out, lse = self.out[one, rows], self.lse[one, rows]
        return Attended(out.view(-1, size, out.shape[-1]), lse.view(-1, size), self.scale)

    def add(self, q: Tensor, k: Tensor, v: Tensor, bias: Tensor) -> None:
        """Merge more keys: `q` [b, m, d], `k` [b, keys, d], `v` [b, keys, e]; `bias` [1, m, keys]
        is 0 where a key is seen and -inf elsewhere.
        """
        scores = torch.baddbmm(bias, q, k.mT, alpha=self.scale)
        top = scores.amax(dim=-1, keepdim=True)
        weights = scores.sub_(top.masked_fill(top == -math.inf, 0.0)).exp_()
        total = weights.sum(dim=-1, keepdim=True)
        lse = torch.logaddexp(self.lse, (top + total.log_()).squeeze(-1))
        base = lse.masked_fill(lse == -math.inf, 0.0)
        # the new keys' mean times their share; where there are none, top is -inf and that is 0
        share = top.squeeze(-1).sub_(base).exp_().unsqueeze(-1)
        before = self.lse.sub(base).exp_().unsqueeze(-1)
        self.out.mul_(before).add_(torch.bmm(weights, v).mul_(share))
        self.lse.copy_(lse)


def bias_of(hidden: Tensor, like: Tensor) -> Tensor:
    """Return -inf where `hidden`, bool [m, keys], and 0 elsewhere, [1, m, keys], typed `like`."""
    return like.new_zeros((1, *hidden.shape)).masked_fill_(hidden, -math.inf)
