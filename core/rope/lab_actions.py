"""What the lab offers to do beside what its controls do."""

from zoetrope.core.lab import Action, Animate
from zoetrope.core.rope.lab_parameters import RopeParameters


def speed_actions(parameters: RopeParameters) -> tuple[Action, ...]:
    """Offer to sweep the speed."""
    shape = "the curve stands still while every force grows with its square."
    if parameters.upright_gravity or parameters.stretches:
        shape = "here the shape follows it, and every force grows."
    return (
        Action(
            "speed",
            "What changes with the speed?",
            f"Sweeps the speed: {shape}",
            animate=Animate("speed", max(parameters.speed, 30.0), 600.0, seconds=3.0),
        ),
    )
