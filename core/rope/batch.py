"""Many ropes at once, on any device, differentiable: the curves are one matrix product.

sn has the series (π/kK) Σ sin((2j+1)πu/2K)/sinh((j+½)πK'/K) (DLMF 22.11.1). The sines are the same
for all ropes, so a family is its coefficients [B, T] times one table of sines [T, P]. T grows only
like the logarithm of the longest rope: 13 terms at L/d = 2, 24 at 20, 68 at 1e6.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zoetrope.core.rope.arguments import (
    angular_speed,
    carried_scales,
    digits,
    oddest,
    positive,
    slack_from_length,
    slack_from_slack,
    whole,
)
from zoetrope.core.rope.elliptic import (
    AGM_STEPS,
    LARGEST_SLACK,
    SMALLEST_SLACK,
    FloatArray,
    agm,
    ratio_from_slack,
    slack_mismatch,
)
from zoetrope.core.rope.errors import RopeError
from zoetrope.core.rope.troposkein import DEFAULT_DENSITY, DEFAULT_OMEGA, MOST_POINTS

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    Lengths = Sequence[float] | NDArray[np.generic] | Tensor

NEWTON_STEPS = 3  # from any slack between 1e-15 and 1e12 to 1e-14 of log(m/mc)
SINGLE_RANGE = (1e-20, 1e12)  # slacks whose forces float32 can carry
SINGLE_CHECKED = (
    "length",
    "modulus",
    "sag",
    "axial_force",
    "end_tension",
    "end_angle_deg",
    "radial_force",
    "inertia",
    "kinetic_energy",
    "area",
    "volume",
    "tip_speed",
)


@dataclass(frozen=True, slots=True, eq=False)
class BatchSolution:
    """Ropes of one span, density and speed with both ends on the axis; SI units as in RopeSolution.

    `x` [P] and `y` [B, P]; every other tensor is [B], of the same dtype and device. `end_angle_deg`
    and `radial_force` are those at end 0. All follow the slack in autograd.
    """

    x: "Tensor"
    y: "Tensor"
    slack: "Tensor"
    length: "Tensor"
    modulus: "Tensor"
    sag: "Tensor"
    axial_force: "Tensor"
    end_tension: "Tensor"
    end_angle_deg: "Tensor"
    radial_force: "Tensor"
    inertia: "Tensor"
    kinetic_energy: "Tensor"
    area: "Tensor"
    volume: "Tensor"
    tip_speed: "Tensor"
    span: float
    omega: float
    density: float
    mode: int

    def arc_length(self) -> "Tensor":
        """s [B, P] at every x: (L/d) x + Z(u) d/(nKk'²), with the series of Jacobi's zeta."""
        longest = float(self.slack.detach().max())
        ratio = _ratio(self.slack, AGM_STEPS)
        K, exponent = _periods(ratio)
        factors = _multiples(_terms(longest, self.slack), self.slack, 1.0)
        scale = math.pi * self.span / (self.mode * K * K) * (1 + ratio)
        coefficients = scale[:, None] * _reciprocal_sinh(factors * exponent[:, None])
        sines = _sines(2 * np.arange(1, len(factors) + 1), len(self.x), self.mode)
        wave = coefficients @ _like(sines, self.slack)
        return self.x * (1 + self.slack)[:, None] + wave


def solve_batch(
    lengths: "Lengths | float | None",
    span: float,
    n_points: int = 512,
    device: "torch.device | str | None" = None,
    dtype: "torch.dtype | str | None" = None,
    *,
    slack: "Lengths | float | None" = None,
    omega: float = DEFAULT_OMEGA,
    density: float = DEFAULT_DENSITY,
    mode: int = 1,
) -> BatchSolution:
    """Solve one rope for each of `lengths` [B] in metres, at `n_points` evenly spaced along x.

    `slack` [B], L/d - 1, takes the place of `lengths` when given. Either is a sequence, an array or
    a tensor, which may require gradients; a single number is a batch of one.
    `dtype` is torch.float64 or torch.float32, or its name; None is float64, where the device has
    it. `device` None is the tensor's own, or the CPU. In float32 curves are within 3e-6 of the sag.

    Raises RopeError as `solve` does, naming the first rope that has no solution.
    """
    import torch

    span, omega = positive(span, "span"), angular_speed(omega)
    density, mode = positive(density, "density"), whole(mode, "mode", 1, 10_000)
    carried_scales(span, omega, density)
    n_points = whole(n_points, "n_points", 2, MOST_POINTS)
    given, name = (lengths, "lengths") if slack is None else (slack, "slack")
    values = _as_tensor(given, name)
    place = _device(device) if device is not None else values.device
    number = _dtype(dtype, place)
    wanted = (values - span) / span if slack is None else values
    longest = _check(values, wanted, name, span, number)
    delta = wanted.to(number).to(place)
    batch = _solve(delta, longest, span, omega, density, mode, n_points)
    if number == torch.float32:
        _check_single(batch)
    return batch


def _device(device: "torch.device | str") -> "torch.device":
    """A device that tensors can be put on here."""
    import torch

    try:
        place = torch.device(device)
        torch.empty(0, device=place)
    except (RuntimeError, AssertionError, TypeError, NotImplementedError):
        raise RopeError("bad_value", f"No device {device!r} can be used here.", "device") from None
    return place


def _check_single(batch: BatchSolution) -> None:
    """RopeError where a number left the range of float32."""
    import torch

    found = (getattr(batch, name).detach() for name in SINGLE_CHECKED)
    least, most = torch.stack([torch.stack(torch.aminmax(one)) for one in found]).unbind(1)
    fits = (least >= torch.finfo(torch.float32).tiny) & (most < math.inf)
    if not bool(fits.all()):
        name = oddest(batch.span, batch.omega, batch.density)
        raise RopeError(
            "bad_value",
            f"With {name} at {digits(getattr(batch, name))} some of the results are outside what "
            "float32 can carry; use float64.",
            name,
        )


def _as_tensor(values: Any, name: str) -> "Tensor":
    """A one-dimensional float64 tensor on the device it came from (float32 where it came as that).

    float32 stays because some devices have nothing wider.
    """
    import torch

    if isinstance(values, torch.Tensor):
        tensor = values
        if tensor.is_complex() or tensor.dtype == torch.bool:
            raise RopeError("bad_value", f"{name} must be real numbers.", name)
        if not tensor.is_floating_point():
            tensor = tensor.double()
    else:
        try:
            array = np.asarray(values)
        except ValueError:
            array = np.empty(0, dtype=object)
        if array.dtype.kind not in "fiu":
            raise RopeError("bad_value", f"{name} must be a list of numbers.", name)
        tensor = torch.tensor(array, dtype=torch.float64)
    if tensor.ndim == 0:
        tensor = tensor.reshape(1)
    if tensor.ndim != 1 or tensor.numel() == 0:
        raise RopeError("bad_value", f"{name} must be a list of at least one number.", name)
    return tensor


def _dtype(dtype: "torch.dtype | str | None", device: "torch.device") -> "torch.dtype":
    import torch

    known = {"float64": torch.float64, "float32": torch.float32}
    if dtype is None:
        return torch.float32 if device.type == "mps" else torch.float64
    found = known.get(dtype) if isinstance(dtype, str) else dtype
    if found is None or found not in known.values():
        raise RopeError("bad_value", f"dtype must be float64 or float32, not {dtype}.", "dtype")
    return found


def _check(
    values: "Tensor", slack: "Tensor", name: str, span: float, dtype: "torch.dtype"
) -> float:
    """The greatest slack; RopeError for the first rope without a solution."""
    import torch

    double = SMALLEST_SLACK, LARGEST_SLACK
    low, high = double if dtype == torch.float64 else SINGLE_RANGE
    least, most = torch.stack(torch.aminmax(slack.detach())).tolist()
    if low <= least and most <= high:  # false for nan
        return float(most)
    wrong = ~((slack >= low) & (slack <= high))
    index = int(torch.nonzero(wrong)[0])
    value = float(values[index])
    try:
        if name == "lengths":
            slack_from_length(value, span)
        else:
            slack_from_slack(value)
    except RopeError as error:
        raise RopeError(error.code, f"{name}[{index}]: {error}", name) from None
    raise RopeError(
        "bad_value",
        f"{name}[{index}]: a slack of {float(slack[index]):g} is outside the {low:g} to {high:g} "
        f"that {str(dtype).removeprefix('torch.')} can carry; use float64.",
        name,
    )


def _solve(
    slack: "Tensor",
    longest: float,
    span: float,
    omega: float,
    density: float,
    mode: int,
    n_points: int,
) -> BatchSolution:
    """The closed forms of the troposkein on tensors; `slack` is checked."""
    import torch

    ratio = _ratio(slack, 8 if longest < 1e6 else AGM_STEPS)
    m, mc = ratio / (1 + ratio), 1 / (1 + ratio)
    k = torch.sqrt(m)
    K, r = agm(m, mc, torch.sqrt)
    _, exponent = _periods(ratio)
    lobe = span / (mode * K)
    sag = lobe * k / mc
    force = density * (omega * lobe) ** 2 / (4 * mc)
    inertia = density * span / 3 * sag * sag * (1 + slack / 2 + slack / (2 * m))
    factors = _multiples(_terms(longest, slack), slack, 0.5)
    scale = math.pi * lobe / (K * mc)
    coefficients = scale[:, None] * _reciprocal_sinh(factors * exponent[:, None])
    sines = _sines(2 * np.arange(len(factors)) + 1, n_points, mode)
    return BatchSolution(
        x=_like(span * np.linspace(0.0, 1.0, n_points), slack),
        y=coefficients @ _like(sines, slack),
        slack=slack,
        length=span * (1 + slack),
        modulus=k,
        sag=sag,
        axial_force=force,
        end_tension=force * (1 + 2 * ratio),
        end_angle_deg=2 * torch.atan(k) * (180 / math.pi),
        radial_force=2 * force * k / mc,
        inertia=inertia,
        kinetic_energy=inertia * (omega * omega / 2),
        area=lobe * span * torch.asinh(torch.sqrt(ratio)) / (K * mc),
        volume=math.pi * span * sag * sag * (1 - r),
        tip_speed=omega * sag,
        span=span,
        omega=omega,
        density=density,
        mode=mode,
    )


def _ratio(slack: "Tensor", agm_steps: int) -> "Tensor":
    """m/mc from the slack. Only the last steps are recorded for autograd.

    A Newton step at the root has the derivative of the implicit function, whatever the derivative
    of its starting point; a second one gives the second derivative too.
    """
    import torch

    def step(ratio: "Tensor", wanted: "Tensor") -> "Tensor":
        value, slope = slack_mismatch(ratio, wanted, torch.sqrt, torch.log, agm_steps)
        return ratio * torch.exp(-value / slope)

    with torch.no_grad():
        ratio = slack.detach()
        for _ in range(NEWTON_STEPS):
            ratio = step(ratio, slack.detach())
    for _ in range(2 if slack.requires_grad else 1):
        ratio = step(ratio, slack)
    return ratio


def _terms(longest: float, slack: "Tensor") -> int:
    """How many terms the series of the longest rope needs: those above the dtype's last digit."""
    import torch

    ratio, _ = ratio_from_slack(longest)
    m, mc = ratio / (1 + ratio), 1 / (1 + ratio)
    exponent = math.pi * agm(mc, m, math.sqrt)[0] / agm(m, mc, math.sqrt)[0]
    return math.ceil(-math.log(torch.finfo(slack.dtype).eps) / exponent) + 1


def _periods(ratio: "Tensor") -> tuple["Tensor", "Tensor"]:
    """K, and πK'/K: minus the logarithm of the nome."""
    import torch

    m, mc = ratio / (1 + ratio), 1 / (1 + ratio)
    K, _ = agm(m, mc, torch.sqrt)
    other, _ = agm(mc, m, torch.sqrt)
    return K, math.pi * other / K


def _multiples(terms: int, like: "Tensor", first: float) -> "Tensor":
    """first, first + 1, ... [terms], with the dtype and device of `like`."""
    import torch

    return torch.arange(terms, dtype=like.dtype, device=like.device) + first


def _like(values: FloatArray, like: "Tensor") -> "Tensor":
    """A tensor of `values` with the dtype and device of `like`; narrowed before it travels."""
    import torch

    return torch.from_numpy(values).to(like.dtype).to(like.device)


def _reciprocal_sinh(x: "Tensor") -> "Tensor":
    """1/sinh x for x > 0; its gradient stays finite where sinh overflows."""
    import torch

    return 2 * torch.exp(-x) / -torch.expm1(-2 * x)


def _sines(orders: NDArray[np.int_], n_points: int, mode: int) -> FloatArray:
    """sin(order·n π i/(P-1)) [T, P], reduced in whole numbers: exact at any order."""
    steps = n_points - 1
    turns = orders[:, None] * mode * np.arange(n_points) % (2 * steps)
    half = np.where(turns > steps, turns - steps, turns)
    quarter = np.minimum(half, steps - half)
    sines: FloatArray = np.where(turns > steps, -1.0, 1.0) * np.sin(np.pi * quarter / steps)
    return sines
