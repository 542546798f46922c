"""The script that solves the rope in its world and prints its numbers."""

from zoetrope.core.rope.lab_parameters import RopeParameters
from zoetrope.core.rope.plain_script import NUMBERS, plain_call
from zoetrope.core.rope.world_rope import loads_of

LOADED = """\
print("lag", rope.lag_deg)
print("curl", rope.curl)
print("torque", rope.torque)
"""


def world_script(parameters: RopeParameters) -> str:
    """Return the script of the rope with its loads, which is called `rope` in it."""
    loads = loads_of(parameters)
    lines = "".join(
        f"    {name}={value!r},{UNITS.get(name, '')}\n" for name, value in loads.items()
    )
    return plain_call(parameters, lines) + NUMBERS + (LOADED if loads else "")


UNITS = {
    "gravity": "  # m/s², along the axis",
    "air_density": "  # kg/m³",
    "drag_coefficient": "",
    "diameter": "  # m",
    "EA": "  # N",
    "phase": "  # degrees",
}
