"""What Newton's method looks at in one block: g and its Jacobian at points that move a little.

A look's memory is used again by the next one, which saves a third of the time: fresh megabytes are
dear. Points are columns [2, N], float64.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod

import torch
from torch import Tensor

from zoetrope.core.iresnet.activations import derivatives, sine_in_place
from zoetrope.core.iresnet.block_maps import jacobian_map
from zoetrope.core.iresnet.weights import Blocks


class Look(ABC):
    """g_k at `count` points, and its Jacobian there when it is asked for.

    rounding: what y - x - g(x) is wrong by, relative to 1 + |y|.
    """

    rounding: float

    @abstractmethod
    def value(self, x: Tensor) -> Tensor:
        """Return g_k [2, N] at x [2, N]."""

    @abstractmethod
    def value_again(self, which: Tensor, x: Tensor) -> Tensor:
        """Return g_k [2, n] at other places x of the n points of a mask [N]."""

    @abstractmethod
    def jacobian(self) -> Tensor:
        """Return the Jacobian's rows J00, J01, J10, J11 [4, N] where the points are now."""


class RoundedLook(Look):
    """Both rounded to float32: one product, one sine and one product for [g; J].

    [g; J] = blockdiag(W2, M) [phi(a); phi'(a)], and for the sine phi' is phi a quarter turn on.
    """

    rounding = 8 * torch.finfo(torch.float32).eps

    def __init__(self, flow: Blocks, k: int, count: int) -> None:
        inner, outer = flow.inner[k].float(), flow.outer[k].float()
        layer = torch.cat([inner, flow.inner_bias[k].float()[:, None]], 1)
        self._sine = flow.activation == "sin"
        if self._sine:
            layer = layer.repeat(2, 1)
            layer[len(inner) :, 2] += math.pi / 2
        self._activation = flow.activation
        self._layer, self._offset = layer, flow.outer_bias[k][:, None]
        features = len(inner)
        self._maps = torch.zeros(6, 2 * features)
        self._maps[:2, :features] = outer
        self._maps[2:, features:] = jacobian_map(inner, outer)
        self._points = torch.ones(3, count)
        self._arguments = torch.empty(len(layer), count)
        self._found = torch.empty(6, count)

    def value(self, x: Tensor) -> Tensor:
        """Return g_k [2, N] at x [2, N]."""
        self._points[:2] = x
        torch.mm(self._layer, self._points, out=self._arguments)
        torch.mm(self._maps, self._features(self._arguments), out=self._found)
        return self._found[:2] + self._offset

    def value_again(self, which: Tensor, x: Tensor) -> Tensor:
        """Return g_k [2, n] at other places x of the n points of a mask [N]."""
        a = self._layer[:, :2] @ x.float() + self._layer[:, 2:]
        self._found[:, which] = self._maps @ self._features(a)
        return self._found[:2, which] + self._offset

    def jacobian(self) -> Tensor:
        """Return the Jacobian's rows [4, N]."""
        return self._found[2:].double()

    def _features(self, a: Tensor) -> Tensor:
        if self._sine:
            return sine_in_place(a)
        return torch.cat(derivatives(self._activation, a)[:2])


class ExactLook(Look):
    """g in float64; J, which only steers, rounded to float32 within."""

    rounding = 4 * torch.finfo(torch.float64).eps

    def __init__(self, flow: Blocks, k: int, count: int) -> None:
        self._inner, self._outer = flow.inner[k], flow.outer[k]
        self._bias, self._offset = flow.inner_bias[k][:, None], flow.outer_bias[k][:, None]
        self._activation = flow.activation
        self._map = jacobian_map(self._inner, self._outer).float()
        self._arguments = self._inner.new_empty(len(self._inner), count)
        self._memory = torch.empty_like(self._arguments)

    def value(self, x: Tensor) -> Tensor:
        """Return g_k [2, N] at x [2, N]."""
        torch.mm(self._inner, x, out=self._arguments).add_(self._bias)
        return self._outer @ self._features(self._arguments, self._memory) + self._offset

    def value_again(self, which: Tensor, x: Tensor) -> Tensor:
        """Return g_k [2, n] at other places x of the n points of a mask [N]."""
        a = self._inner @ x + self._bias
        self._arguments[:, which] = a
        return self._outer @ self._features(a, torch.empty_like(a)) + self._offset

    def jacobian(self) -> Tensor:
        """Return the Jacobian's rows [4, N]."""
        if self._activation == "sin":
            slope = sine_in_place(self._arguments.add(math.pi / 2).float())
        else:
            slope = derivatives(self._activation, self._arguments.float())[1]
        return (self._map @ slope).double()

    def _features(self, a: Tensor, memory: Tensor) -> Tensor:
        if self._activation == "sin":
            return torch.sin(a, out=memory)
        return derivatives(self._activation, a)[0]
