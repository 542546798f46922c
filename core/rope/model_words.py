"""What is solved and what is left out, in words above the picture."""

from zoetrope.core.rope.lab_parameters import RopeParameters
from zoetrope.core.rope.world_rope import loads_of

IN_SPACE = (
    "Drag the apex or an end. Here is no gravity and no air: speed and density change the forces, "
    "never the curve."
)
FORCES = (
    "All forces grow with the density and with the squares of speed and size. Click a curve to "
    "read its values there."
)

SHAPED = "Here the speed changes the shape."
UNSHAPED = "The speed changes the forces, not the shape."


def model_words(parameters: RopeParameters) -> str:
    """Say which rope is solved, naming every simplification that matters with these switches."""
    loads = loads_of(parameters)
    if parameters.axis == "across" and parameters.gravity > 0:
        return (
            "Shown without gravity: on a level axis it turns against the rope and nothing is "
            "steady. The page Skipping has the models for that. " + _parts(loads)
        ).rstrip()
    if not loads:
        return FORCES if parameters.page == "forces" else IN_SPACE
    return f"Solved: {_parts(loads)}"


def _parts(loads: dict[str, float]) -> str:
    if not loads:
        return ""
    acting, missing = ["its fling"], ["bending stiffness"]
    if "gravity" in loads:
        acting.append("gravity down the axis")
    if "air_density" in loads:
        acting.append("air drag by the square of the speed across the rope")
        missing += ["drag along it", "lift", "any change of C_d with speed"]
    else:
        missing.append("air")
    if "EA" in loads:
        acting.append("a tension of EA times the stretch")
    else:
        missing.append("stretch")
    if "phase" in loads:
        acting.append("hands that are turned against each other")
    missing.append("the ground")
    return f"a steady turn under {_listed(acting)}. Left out: {_listed(missing)}. " + (
        SHAPED if "gravity" in loads or "EA" in loads else UNSHAPED
    )


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
