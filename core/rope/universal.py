"""What every rope has in common: its dimensionless numbers as curves over the slack."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from zoetrope.core.items import Array

LOWEST, HIGHEST = 1e-4, 1e3  # slacks between which the curves are drawn
N_SLACKS = 241


@dataclass(frozen=True, slots=True)
class UniversalCurves:
    """Over `slack` [n] = L/d - 1, for one mode: sag in d, end angle in degrees, axial force and
    end tension in ρω²d², moment of inertia in ρd³; float64 arrays [n].
    """

    slack: Array
    sag: Array
    end_angle_deg: Array
    axial_force: Array
    end_tension: Array
    inertia: Array


@lru_cache(maxsize=16)
def universal_curves(mode: int, device: str) -> UniversalCurves:
    """Return the curves, computed as one batch on `device`."""
    from zoetrope.core.rope import solve_batch

    slack = np.geomspace(LOWEST, HIGHEST, N_SLACKS)
    batch = solve_batch(
        None, 1.0, 2, device, _precision(device), slack=slack, omega=1.0, density=1.0, mode=mode
    )
    return UniversalCurves(
        slack=slack,
        sag=batch.sag.double().cpu().numpy(),
        end_angle_deg=batch.end_angle_deg.double().cpu().numpy(),
        axial_force=batch.axial_force.double().cpu().numpy(),
        end_tension=batch.end_tension.double().cpu().numpy(),
        inertia=batch.inertia.double().cpu().numpy(),
    )


@lru_cache(maxsize=8)
def family_curves(
    low: float, high: float, count: int, mode: int, device: str
) -> tuple[Array, Array, Array]:
    """Return `count` ropes of span 1, slacks `low` to `high`: slack [n], x [p], y [n, p]."""
    from zoetrope.core.rope import solve_batch

    slack = np.geomspace(low, high, count)
    batch = solve_batch(
        None, 1.0, 257, device, _precision(device), slack=slack, omega=1.0, density=1.0, mode=mode
    )
    return slack, batch.x.double().cpu().numpy(), batch.y.double().cpu().numpy()


def _precision(device: str) -> str:
    """Apple's GPUs have no float64; everywhere else it costs nothing here."""
    return "float32" if device == "mps" else "float64"
