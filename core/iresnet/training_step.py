"""The loss of a batch and its gradient by hand: two matrix products a block each way.

The batch's 2x2 Jacobians come with the values: [y; J] = blockdiag(W2, M) [phi(a); phi'(a)] is one
product, and log det(I + J) is closed form. For the sine, [phi; phi'] = sin([W1; W1] x + [b1; b1 +
pi/2]) is one product and one sine. Only the weights' normalisation, on small tensors, is left to
autograd; no operation here waits for a device, so that a CUDA graph can hold the whole step.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from zoetrope.core.iresnet.activations import derivatives, sine_in_place
from zoetrope.core.iresnet.block_maps import jacobian_map
from zoetrope.core.iresnet.config import IResNetConfig
from zoetrope.core.iresnet.objectives import LogDet
from zoetrope.core.iresnet.weights import Parts, effective, split

_LOG_TWO_PI = math.log(2 * math.pi)


class LossGradient:
    """The mean negative log-likelihood of a batch and its gradient, with reused memory.

    `flat` [n] (float32, or float64 to check formulas) holds the weights and `gradient` [n] takes
    the gradient; both may be read between calls, and `flat` be changed in place.
    """

    def __init__(self, flat: Tensor, config: IResNetConfig, batch: int) -> None:
        self.config = config
        self.flat = flat
        self.gradient = torch.zeros_like(flat)
        self.parts = Parts(*(p.detach().requires_grad_() for p in split(flat, config)))
        self._make_room(batch)
        for part, piece in zip(self.parts, split(self.gradient, config), strict=True):
            part.grad = piece  # autograd adds into the flat gradient

    def _make_room(self, batch: int) -> None:
        k, f = self.parts.outer.shape[0], self.parts.outer.shape[2]
        empty, zeros = self.flat.new_empty, self.flat.new_zeros
        self._features = empty(k, 2 * f, batch)  # phi(a) above phi'(a)
        self._curvature = empty(0) if self._sine else empty(k, f, batch)  # phi''(a)
        self._inputs = self.flat.new_ones(k, 3, batch)  # x above a row of ones
        self._outputs = empty(k, 6, batch)  # g(x) above J
        self._middles = empty(k, 2, batch)  # x + g(x) - b2
        self._maps = zeros(k, 6, 2 * f)  # blockdiag(W2, M)
        self._layers = empty(k, 2 * f if self._sine else f, 3)  # [W1 | b1]
        self._features_gradient = empty(2 * f, batch)
        self._outputs_gradient = empty(6, batch)
        self._maps_gradient = empty(k, 6, 2 * f)
        self._layers_gradient = empty(k, f, 3)
        self._scale_gradient = empty(k + 1, 2)
        self._shift_gradient = empty(k + 1, 2)

    @property
    def _sine(self) -> bool:
        return self.config.activation == "sin"

    def __call__(self, points: Tensor, log_det: LogDet) -> Tensor:
        """Return the loss, a scalar in nats, of standardised points [2, B]; fill `gradient`."""
        self.gradient.zero_()
        with torch.enable_grad():
            inner, bias, outer = effective(self.parts, self.config)
            layers = torch.cat([inner, bias.unsqueeze(2)], 2)
            maps = jacobian_map(inner, outer)
            scale = torch.exp(self.parts.log_scale)
        with torch.no_grad():
            self._load(layers, outer, maps)
            latent = self._forward(points, scale)
            value, jacobians_gradient = log_det(self._outputs[:, 2:])
            mean = value / points.shape[1] + self.parts.log_scale.sum()
            loss = (latent * latent).sum() / (2 * points.shape[1]) - mean + _LOG_TWO_PI
            self._backward(points, latent, scale, layers, jacobians_gradient)
        f = outer.shape[2]
        into = (
            self._layers_gradient,
            self._maps_gradient[:, :2, :f],
            self._maps_gradient[:, 2:, f:],
            self._scale_gradient,
        )
        torch.autograd.backward((layers, outer, maps, scale), into)
        self._finish_gradient(scale)
        return loss

    def _load(self, layers: Tensor, outer: Tensor, maps: Tensor) -> None:
        f = outer.shape[2]
        self._maps[:, :2, :f] = outer
        self._maps[:, 2:, f:] = maps
        self._layers[:, :f] = layers
        if self._sine:
            self._layers[:, f:] = layers
            self._layers[:, f:, 2] += math.pi / 2

    def _forward(self, points: Tensor, scale: Tensor) -> Tensor:
        factors, shift = scale.unsqueeze(2), self.parts.shift.unsqueeze(2)
        offsets = factors[1:] * self.parts.outer_bias.unsqueeze(2) + shift[1:]
        x = torch.addcmul(shift[0], points, factors[0])
        for k in range(self._inputs.shape[0]):
            self._inputs[k, :2] = x
            self._fill_features(k)
            torch.mm(self._maps[k], self._features[k], out=self._outputs[k])
            middle = torch.add(x, self._outputs[k, :2], out=self._middles[k])
            x = torch.addcmul(offsets[k], middle, factors[k + 1])
        return x

    def _fill_features(self, k: int) -> None:
        if self._sine:
            sine_in_place(torch.mm(self._layers[k], self._inputs[k], out=self._features[k]))
            return
        value, slope, curvature = derivatives(
            self.config.activation, self._layers[k] @ self._inputs[k]
        )
        f = value.shape[0]
        self._features[k, :f] = value
        self._features[k, f:] = slope
        self._curvature[k] = curvature

    def _backward(
        self, points: Tensor, latent: Tensor, scale: Tensor, layers: Tensor, jacobians: Tensor
    ) -> None:
        factors, batch = scale.unsqueeze(2), points.shape[1]
        g, out = latent / batch, self._outputs_gradient
        jacobians = jacobians / -batch
        for k in reversed(range(self._inputs.shape[0])):
            torch.sum(g, 1, out=self._shift_gradient[k + 1])
            torch.sum(g * self._middles[k], 1, out=self._scale_gradient[k + 1])
            before = torch.mul(g, factors[k + 1], out=out[:2])
            out[2:] = jacobians[k]
            both = torch.mm(self._maps[k].t(), out, out=self._features_gradient)
            a = self._into_arguments(k, both)
            torch.mm(out, self._features[k].t(), out=self._maps_gradient[k])
            torch.mm(a, self._inputs[k].t(), out=self._layers_gradient[k])
            g = torch.addmm(before, layers[k, :, :2].t(), a)
        torch.sum(g, 1, out=self._shift_gradient[0])
        torch.sum(g * points, 1, out=self._scale_gradient[0])

    def _into_arguments(self, k: int, both: Tensor) -> Tensor:
        """The gradient by a: that by phi times phi', plus that by phi' times phi''."""
        f = both.shape[0] // 2
        a = both[:f].mul_(self._features[k, f:])
        if self._sine:
            return a.addcmul_(both[f:], self._features[k, :f], value=-1)
        return a.addcmul_(both[f:], self._curvature[k])

    def _finish_gradient(self, scale: Tensor) -> None:
        # The affine layers act on x + g(x), of which the middles above lack b2.
        with torch.no_grad():
            parts = split(self.gradient, self.config)
            factors = scale[1:]
            parts.outer_bias.copy_(self._shift_gradient[1:] * factors)
            parts.shift.copy_(self._shift_gradient)
            extra = self._shift_gradient[1:] * self.parts.outer_bias * factors
            parts.log_scale[1:].add_(extra)
            parts.log_scale.sub_(1)  # of minus the sum of log scales
