"""The script that solves the rope without gravity, air and stretch, and prints its numbers."""

from zoetrope.core.rope.lab_parameters import RopeParameters

NUMBERS = """\
print("length", rope.length)
print("sag", rope.sag)
print("end angle", rope.end_angle_deg[0])
print("axial force", rope.axial_force)
print("end tension", rope.end_tension[0])
print("inertia", rope.inertia)
"""


def plain_script(parameters: RopeParameters) -> str:
    """Return the script of the plain rope, which is called `rope` in it."""
    return plain_call(parameters) + NUMBERS


def plain_call(parameters: RopeParameters, more: str = "") -> str:
    """Return the lines that make `rope`, with `more` arguments a line each."""
    call = "solve" if parameters.length is not None else "inverse"
    size = f"{parameters.given}={getattr(parameters, parameters.given)!r}"
    return f"""\
from math import pi

from zoetrope.core.rope import {call}

rope = {call}(
    {size},
    span={parameters.span!r},  # m
    omega={parameters.speed!r} * pi / 30,  # rad/s
    density={parameters.density!r} / 1000,  # kg/m
    mode={parameters.mode!r},
    radius0={parameters.radius0!r},
    radius1={parameters.radius1!r},
{more})
"""
