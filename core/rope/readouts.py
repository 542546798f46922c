"""The numbers beside the rope's figure, and the columns that leave with it."""

from __future__ import annotations

import math

import numpy as np

from zoetrope.core.items import Array
from zoetrope.core.lab import Readout
from zoetrope.core.rope.outline import under_loads
from zoetrope.core.rope.solution import RopeSolution
from zoetrope.core.rope.steady_solution import SteadySolution

GOOD = 1e-9  # what a self-check may be off by, relative
GOOD_UNDER_LOADS = 1e-7  # where the solver goes on refining its grid until it is


def nearest_sample(rope: RopeSolution, probe: float) -> int:
    """Return the index of the sample nearest to the share `probe` of the rope's length."""
    return int(np.argmin(np.abs(rope.s - probe * rope.s[-1])))


def readouts(rope: RopeSolution, probe: float) -> tuple[Readout, ...]:
    """Return the rope's numbers, its self-checks, and the local values at `probe`."""
    loads = under_loads(rope)
    of_loads = load_readouts(loads) if loads is not None else ()
    return (*_shape(rope), *_forces(rope), *of_loads, *_checks(rope), *_local(rope, probe))


def _shape(rope: RopeSolution) -> tuple[Readout, ...]:
    d = rope.span
    modulus = (
        Readout("modulus", "Modulus", rope.modulus, symbol="k",
                help="Of the elliptic sine it follows; tan(θ/2) = k where it meets the axis."),
    )  # fmt: skip
    return (
        Readout("length_ratio", "Length ÷ span", rope.length / d, symbol="L/d"),
        *(modulus if under_loads(rope) is None else ()),
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


def _ratio(value: float, unit: float) -> float | None:
    """The value in a unit; a rope at rest has none of force, energy and speed."""
    return value / unit if unit else None


def _forces(rope: RopeSolution) -> tuple[Readout, ...]:
    d = rope.span
    force = rope.density * (rope.omega * d) ** 2
    inertia = rope.density * d**3
    energy = inertia * rope.omega**2
    tip = rope.tip_speed
    axial = "Along the axis; also the tension at the apex."
    if under_loads(rope) is not None:
        axial = "Along the axis, at the left end."
    best = " In mode 1 no rope of this length between these ends has more."
    return (
        Readout("axial_force", "Axial end force", rope.axial_force, "N", "H",
                _ratio(rope.axial_force, force), "ρω²d²", axial),
        Readout("end_tension", "Tension at the left end", rope.end_tension[0], "N", "T_0",
                _ratio(rope.end_tension[0], force), "ρω²d²",
                "The tension is largest nearest the axis."),
        Readout("radial_force", "Radial end force", rope.radial_force[0], "N", "F_r",
                _ratio(rope.radial_force[0], force), "ρω²d²",
                "Away from the axis, at the left end."),
        Readout("inertia", "Moment of inertia", rope.inertia, "kg·m²", "I",
                rope.inertia / inertia, "ρd³",
                "About the axis." + ("" if under_loads(rope) is not None else best)),
        Readout("kinetic_energy", "Kinetic energy", rope.kinetic_energy, "J", "E",
                _ratio(rope.kinetic_energy, energy), "ρω²d³"),
        Readout("tip_speed", "Tip speed", tip, "m/s", "v", _ratio(tip, rope.omega * d), "ωd",
                f"Of the point farthest out: {3.6 * tip:.4g} km/h or {tip / 0.44704:.4g} mph."),
    )  # fmt: skip


def load_readouts(rope: SteadySolution) -> tuple[Readout, ...]:
    """What gravity, air and stretch add; only of those that there are."""
    d, unit = rope.span, rope.density * (rope.omega * rope.span) ** 2
    shown = [
        Readout("end_tension1", "Tension at the right end", rope.end_tension[1], "N", "T_1",
                _ratio(rope.end_tension[1], unit), "ρω²d²"),
    ]  # fmt: skip
    if rope.gravity and rope.omega:
        shown.append(
            Readout("gravity_number", "Gravity number", rope.gravity_number, symbol="G",
                    help="Gravity against the fling, g/(ω²d).")
        )  # fmt: skip
    if rope.drag_number:
        shown.append(
            Readout("drag_number", "Drag number", rope.drag_number, symbol="D_g",
                    help="Air against the rope's mass, ρ_air C_d D d/(2ρ). The speed is not in it.")
        )  # fmt: skip
    if rope.elastic_number:
        shown += [
            Readout("elastic_number", "Elastic number", rope.elastic_number,
                    symbol=r"\varepsilon", help="The fling against the stiffness, ρω²d²/EA."),
            Readout("stretch_max", "Greatest stretch", 100 * rope.stretch_max, "%",
                    help="Where the tension is largest."),
            Readout("deformed_length", "Stretched length", rope.deformed_length, "m",
                    ratio=rope.deformed_length / d, ratio_unit="d"),
        ]  # fmt: skip
    if rope.z.any():
        shown += [
            Readout("lag", "Lag", rope.lag_deg, "°",
                    help="How far the middle of the rope trails the left hand."),
            Readout("curl", "Curl", rope.curl, "m", ratio=rope.curl / d, ratio_unit="d",
                    help="The rope's greatest distance from the plane through the axis and its "
                    "farthest point."),
            Readout("torque", "Torque", rope.torque, "N·m", ratio=_ratio(rope.torque, unit * d),
                    ratio_unit="ρω²d³", help="What both hands supply about the axis."),
            Readout("power", "Power", rope.power, "W",
                    ratio=_ratio(rope.power, unit * d * rope.omega), ratio_unit="ρω³d³",
                    help="Torque times speed: what the air takes."),
        ]  # fmt: skip
    return tuple(shown)


def _checks(rope: RopeSolution) -> tuple[Readout, ...]:
    """Two numbers that would be zero in exact arithmetic; a wrong solution fails them."""
    spread, inertia = rope.diagnostics.invariant_spread, rope.diagnostics.inertia_residual
    loads = under_loads(rope)
    if loads is None:
        parts, other = "T + ½ρω²y²", "Self-check: inertia"
        words = "How far the moment of inertia is from (2/3)(L·T − d·H)/ω²: 0 if exact."
    else:
        gravity = " − ρgx" if loads.gravity else ""
        stretch = " + T²/2EA" if loads.elastic_number else ""
        parts, other = f"T{stretch} + ½ρω²r²{gravity}", "Self-check: virial"
        words = "How far the pull at the ends is from what the rope between them asks for."
    good = GOOD if loads is None else GOOD_UNDER_LOADS
    return (
        Readout("invariant_spread", "Self-check: tension", spread, good=spread <= good,
                help=f"How much {parts} varies along the rope, relative to itself: 0 if exact."),
        Readout("inertia_residual", other, inertia, good=inertia <= good, help=words),
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
        Readout("probe_tension", "Probe: tension", tension, "N", "T", _ratio(tension, force),
                "ρω²d²"),
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
