"""The frequencies at which two columns depend on each other: HSIC before any width is chosen.

HSIC = ∬ |φ_xy(s, t) - φ_x(s) φ_y(t)|² dΛ(s) dΛ(t) with characteristic functions φ; for a Gaussian
kernel Λ is a normal law of standard deviation 1/width. A width is a low-pass window on this image.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from zoetrope.core.hsic import arguments
from zoetrope.core.hsic.errors import HsicError
from zoetrope.core.hsic.results import Floats
from zoetrope.core.hsic.stepping import Steps
from zoetrope.core.stepping import finish

ROWS = 10_000  # rows taken between two yields


@dataclass(frozen=True, slots=True, eq=False)
class Spectrum:
    """`power` [len(omega_x), len(omega_y)]: |φ_xy - φ_x φ_y|², averaged over the sign of omega_y.

    Frequencies are in radians per unit of the data. `noise` is its mean under independence, which
    is about the same at all but the lowest frequencies.
    """

    omega_x: Floats
    omega_y: Floats
    power: Floats
    noise: float

    @property
    def peak(self) -> tuple[float, float]:
        """The frequencies of the greatest power."""
        i, j = np.unravel_index(int(np.argmax(self.power)), self.power.shape)
        return float(self.omega_x[i]), float(self.omega_y[j])


def spectrum(x: Any, y: Any, omega_x: Any, omega_y: Any, *, device: str = "cpu") -> Spectrum:
    """The dependence spectrum of two single columns at the given frequencies.

    In double precision always: its noise is 1/n, and angles of high frequencies lose the digits
    that single precision does not have.
    """
    return finish(spectrum_steps(x, y, omega_x, omega_y, device=device))


def spectrum_steps(
    x: Any, y: Any, omega_x: Any, omega_y: Any, *, device: str = "cpu"
) -> Steps[Spectrum]:
    """As `spectrum`, in steps of some rows."""
    columns = [arguments.rows(values, name) for values, name in ((x, "x"), (y, "y"))]
    for column, name in zip(columns, ("x", "y"), strict=True):
        if column.shape[1] != 1:
            raise HsicError(
                "bad_shape", f"The spectrum needs one column and {name} has several.", name
            )
    arguments.same_length(len(columns[0]), len(columns[1]))
    omegas = [
        arguments.rows(values, name)[:, 0]
        for values, name in ((omega_x, "omega_x"), (omega_y, "omega_y"))
    ]
    n = len(columns[0])
    places = [torch.from_numpy(column[:, 0] - np.median(column)).to(device) for column in columns]
    waves = [torch.from_numpy(omega).to(device) for omega in omegas]
    sums = [torch.zeros(2 * len(omega), dtype=torch.float64, device=device) for omega in omegas]
    cross = torch.outer(*sums)
    for start in range(0, n, ROWS):
        features = []
        for place, omega, total in zip(places, waves, sums, strict=True):
            angles = place[start : start + ROWS, None] * omega
            features.append(torch.cat([torch.cos(angles), torch.sin(angles)], 1))
            total += features[-1].sum(0)
        cross += features[0].T @ features[1]
        yield
    cross = cross / n - torch.outer(sums[0] / n, sums[1] / n)
    power = cross.square().reshape(2, len(omegas[0]), 2, len(omegas[1])).sum((0, 2))
    return Spectrum(omegas[0], omegas[1], power.cpu().numpy(), 1 / n)
