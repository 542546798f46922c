"""Bounds of a block's Lipschitz constant, exact norms of two-column matrices, and the truth below.

For g(x) = W2 phi(W1 x + b1) with slopes in [-1, 1], Lip(g) <= max over |d_h| <= 1 of
||W2 diag(d) W1||. All norms are of 2x2 Gram matrices and so in closed form and differentiable:
nothing here is a power iteration, and no bound is ever exceeded.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

_TINY = 1e-12  # keeps gradients finite where a neuron is dead
_TINY_SQUARE = 1e-30


def largest_eigenvalue(gram: Tensor) -> Tensor:
    """Return the largest eigenvalue of symmetric matrices [..., 2, 2], shape [...]."""
    middle = (gram[..., 0, 0] + gram[..., 1, 1]) / 2
    half = (gram[..., 0, 0] - gram[..., 1, 1]) / 2
    return middle + torch.sqrt(half * half + gram[..., 0, 1] ** 2 + _TINY_SQUARE)


def layer_norms(inner: Tensor, outer: Tensor) -> tuple[Tensor, Tensor]:
    """Return the spectral norms [K] of W1 [K, H, 2] and W2 [K, 2, F]."""
    first = largest_eigenvalue(inner.transpose(1, 2) @ inner)
    second = largest_eigenvalue(outer @ outer.transpose(1, 2))
    return torch.sqrt(first), torch.sqrt(second)


def spectral(inner: Tensor, outer: Tensor) -> Tensor:
    """Return ||W1|| ||W2|| [K], the bound of the papers."""
    first, second = layer_norms(inner, outer)
    return first * second


def balanced(inner: Tensor, outer: Tensor) -> Tensor:
    """Return the bound ||W2 T^-1|| ||T W1|| [K] with t_h^2 = |w2_h| / |w1_h|.

    For any diagonal T, W2 D W1 = (W2 T^-1) D (T W1), so this bounds Lip(g) too, and this T makes
    it invariant under a neuron's rescaling: the first layer may be steep at no cost. F may be 2 H
    (a neuron's mirrored features lie H apart): |w2_h| is then the norm of both its columns.
    """
    pairs = outer.view(*outer.shape[:2], -1, inner.shape[1])  # [K, 2, F / H, H]
    first = torch.linalg.vector_norm(inner, dim=2) + _TINY
    second = torch.linalg.vector_norm(pairs, dim=(1, 2)) + _TINY
    squares = second / first  # t^2, [K, H]
    left = (inner * squares.unsqueeze(2)).transpose(1, 2) @ inner
    scaled = (pairs / squares[:, None, None]).flatten(2)
    right = scaled @ outer.transpose(1, 2)
    return torch.sqrt(largest_eigenvalue(left) * largest_eigenvalue(right))


def normalised(inner: Tensor, outer: Tensor, bound: str, lip: float) -> tuple[Tensor, Tensor]:
    """Return weights within the bound, scaled down only where they exceed it.

    The norm stays in the graph: a gradient that only lengthens the weights is then rightly zero
    and the direction goes on training. inner [K, H, 2], outer [K, 2, F].
    """
    if bound == "none" or inner.shape[0] == 0:
        return inner, outer
    if bound == "per_layer":
        share = math.sqrt(lip)
        first, second = layer_norms(inner, outer)
        first, second = (share / norm.clamp(min=share) for norm in (first, second))
        return inner * first[:, None, None], outer * second[:, None, None]
    size = balanced(inner, outer) if bound == "balanced" else spectral(inner, outer)
    return inner, outer * (lip / size.clamp(min=lip))[:, None, None]


def block_bounds(inner: Tensor, outer: Tensor) -> Tensor:
    """Return the smaller of the balanced and the spectral bound, [K]: each is one."""
    return torch.minimum(balanced(inner, outer), spectral(inner, outer))


def matrix_norm(jacobians: Tensor) -> Tensor:
    """Return the spectral norm of matrices [..., 2, 2], in closed form, shape [...]."""
    a, b = jacobians[..., 0, 0], jacobians[..., 0, 1]
    c, d = jacobians[..., 1, 0], jacobians[..., 1, 1]
    return (torch.hypot(a + d, b - c) + torch.hypot(a - d, b + c)) / 2


def one_dimensional(inner: Tensor, outer: Tensor, slopes: tuple[float, float]) -> Tensor:
    """Return the exact bound [K] of sum w2_h phi(w1_h x + b_h) on the line, inner, outer [K, H].

    The derivative is sum p_h d_h with p = w1 w2 and d_h in the slopes' range, each free.
    """
    products = inner * outer
    rises, falls = products.clamp(min=0).sum(1), (-products).clamp(min=0).sum(1)
    low, high = slopes
    return torch.maximum(high * rises - low * falls, high * falls - low * rises)
