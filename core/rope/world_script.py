"""The script that solves the rope in its world and prints its numbers, or why there is none."""

import textwrap

from zoetrope.core.rope.lab_parameters import RopeParameters
from zoetrope.core.rope.plain_script import NUMBERS, plain_call
from zoetrope.core.rope.world_rope import loads_of

UNITS = {
    "gravity": "  # m/s², along the axis",
    "air_density": "  # kg/m³",
    "drag_coefficient": "",
    "diameter": "  # m",
    "EA": "  # N",
    "phase": "  # degrees",
}
LOADED = """\
if hasattr(rope, "lag_deg"):
    print("lag", rope.lag_deg)
    print("curl", rope.curl)
    print("torque", rope.torque)
"""


def world_script(parameters: RopeParameters) -> str:
    """Return the script of the rope with its loads, which is called `rope` in it."""
    loads = loads_of(parameters)
    if not loads:
        return plain_call(parameters) + NUMBERS
    lines = "".join(f"    {name}={value!r},{UNITS[name]}\n" for name, value in loads.items())
    imports, call = plain_call(parameters, lines).split("\n\nrope = ")
    tried = textwrap.indent(f"rope = {call}{NUMBERS}{LOADED}", "    ")
    imports = imports.replace("rope import ", "rope import RopeError, ")
    return f"{imports}\n\ntry:\n{tried}except RopeError as error:\n" + textwrap.indent(
        f"print(error)\n{_instead(parameters)}", "    "
    )


def _instead(parameters: RopeParameters) -> str:
    """What is printed where there is no rope: the speed, or the hands, that are needed."""
    p = parameters
    on_axis = p.radius0 == 0 == p.radius1
    density = f"density={p.density!r} / 1000"
    if p.length is None:
        size = f"{p.given}={getattr(p, p.given)!r}"
        speed = f"omega={p.speed!r} * pi / 30"
        plain = (
            f"inverse({p.span!r}, {size}, {speed}, {density}, mode={p.mode!r}, "
            f"radius0={p.radius0!r}, radius1={p.radius1!r})"
        )
        length = f"from zoetrope.core.rope import inverse\n\nlength = {plain}.length\n"
    else:
        length = f"length = {p.length!r}\n"
    cases = []
    if on_axis and (p.upright_gravity or p.stretches):
        onset, law = "lift_off_speed", ""
        if p.stretches:
            onset, law = "whirl_onset", f"EA={p.stiffness!r}, {density}, "
        cases.append(f"""\
if error.code in ("collapsed", "taut"):
    from zoetrope.core.rope import {onset}

    onset = {onset}(
        length, {p.span!r}, {law}gravity={p.upright_gravity!r}, mode={p.mode!r}
    )
    print("opens above", onset * 30 / pi)
""")
    if p.drag:
        number = f"{p.air!r} * {p.drag_coefficient!r} * {p.diameter!r} * {p.span!r}"
        cases.append(f"""\
if error.code == "stalled":
    from zoetrope.core.rope import least_radius

    drag_number = {number} / (2 * {p.density!r})
    print("hands needed at", least_radius(length, {p.span!r}, drag_number=drag_number))
""")
    return (length + "".join(cases)) if cases else ""
