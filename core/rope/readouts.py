"""The numbers beside the rope's figure, and the columns that leave with it."""

from __future__ import annotations

import math

import numpy as np

from zoetrope.core.figure import Array
from zoetrope.core.lab import Readout
from zoetrope.core.rope.solution import RopeSolution

GOOD = 1e-9  # what a self-check may be off by, relative


def nearest_sample(rope: RopeSolution, probe: float) -> int:
    """Return the index of the sample nearest to the share `probe` of the rope's length."""
    return int(np.argmin(np.abs(rope.s - probe * rope.s[-1])))


def readouts(rope: RopeSolution, probe: float) -> tuple[Readout, ...]:
    """Return the rope's numbers, its self-checks, and the local values at `probe`."""
    return (*_shape(rope), *_forces(rope), *_checks(rope), *_local(rope, probe))


def _shape(rope: RopeSolution) -> tuple[Readout, ...]:
    d = rope.span
    return (
        Readout("length_ratio", "Length ÷ span", rope.length / d, symbol="L/d"),
        Readout("modulus", "Modulus", rope.modulus, symbol="k",
                help="Of the elliptic sine it follows; tan(θ/2) = k where it meets the axis."),
        Readout("sag", "Sag", rope.sag, "m", "h", rope.sag / d, "d",
                help="The rope's largest distance from the axis."),
        Readout("end_angle_deg", "End angle", rope.end_angle_deg[0], "°", r"\theta",
                help="Between rope and axis at the left end."),
        Readout("area", "Area", rope.area, "m²", "A", rope.area / d**2, "d²",
                help="Between the rope and the axis."),
        Readout("volume", "Volume", rope.volume, "m³", "V", rope.volume / d**3, "d³",
                help="What the rope encloses in a turn."),
        Readout("apex_curvature", "Curvature at the apex", rope.apex_curvature, "1/m",
                r"\kappa", rope.apex_curvature * d, "1/d"),
    )  # fmt: skip


def _forces(rope: RopeSolution) -> tuple[Readout, ...]:
    d = rope.span
    force = rope.density * (rope.omega * d) ** 2
    inertia = rope.density * d**3
    energy = inertia * rope.omega**2
    tip = rope.tip_speed
    return (
        Readout("axial_force", "Axial end force", rope.axial_force, "N", "H",
                rope.axial_force / force, "ρω²d²", "Along the axis; also the tension at the apex."),
        Readout("end_tension", "Tension at the left end", rope.end_tension[0], "N", "T_0",
                rope.end_tension[0] / force, "ρω²d²", "The tension is largest nearest the axis."),
        Readout("radial_force", "Radial end force", rope.radial_force[0], "N", "F_r",
                rope.radial_force[0] / force, "ρω²d²", "Away from the axis, at the left end."),
        Readout("inertia", "Moment of inertia", rope.inertia, "kg·m²", "I",
                rope.inertia / inertia, "ρd³",
                "About the axis. In mode 1 no rope of this length between these ends has more."),
        Readout("kinetic_energy", "Kinetic energy", rope.kinetic_energy, "J", "E",
                rope.kinetic_energy / energy, "ρω²d³"),
        Readout("tip_speed", "Tip speed", tip, "m/s", "v", tip / (rope.omega * d), "ωd",
                f"Of the point farthest out: {3.6 * tip:.4g} km/h or {tip / 0.44704:.4g} mph."),
    )  # fmt: skip


def _checks(rope: RopeSolution) -> tuple[Readout, ...]:
    """Two numbers that would be zero in exact arithmetic; a wrong solution fails them."""
    spread, inertia = rope.diagnostics.invariant_spread, rope.diagnostics.inertia_residual
    return (
        Readout("invariant_spread", "Self-check: tension", spread, good=spread <= GOOD,
                help="How much T + ½ρω²y² varies along the rope, relative to itself: 0 if exact."),
        Readout("inertia_residual", "Self-check: inertia", inertia, good=inertia <= GOOD,
                help="How far the moment of inertia is from (2/3)(L·T − d·H)/ω²: 0 if exact."),
    )  # fmt: skip


def _local(rope: RopeSolution, probe: float) -> tuple[Readout, ...]:
    index = nearest_sample(rope, probe)
    d = rope.span
    force = rope.density * (rope.omega * d) ** 2
    s, tension = float(rope.s[index]), float(rope.tension[index])
    curvature = float(rope.curvature[index])
    return (
        Readout("probe_s", "Probe: along the rope", s, "m", "s", s / d, "d",
                help="Click the rope to read its local values there."),
        Readout("probe_tension", "Probe: tension", tension, "N", "T", tension / force, "ρω²d²"),
        Readout("probe_angle", "Probe: slope angle", math.degrees(rope.angle[index]), "°",
                r"\theta"),
        Readout("probe_curvature", "Probe: curvature", curvature, "1/m", r"\kappa",
                curvature * d, "1/d"),
    )  # fmt: skip


def tables(rope: RopeSolution) -> dict[str, Array]:
    """Return the columns of a data export, with their units in the names."""
    return {
        "x (m)": rope.x,
        "y (m)": rope.y,
        "z (m)": rope.z,
        "s (m)": rope.s,
        "tension (N)": rope.tension,
        "angle (rad)": rope.angle,
        "curvature (1/m)": rope.curvature,
    }
