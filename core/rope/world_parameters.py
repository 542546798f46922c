"""The parameters of the world that the rope turns in: gravity, air, stretch, and turned hands."""

import math
from dataclasses import dataclass

from zoetrope.core.parameters import choice, number, switch

PAGES = ("shape", "forces", "limits")
GROUP = "Gravity, air, stretch"
LEAST_DRAG = 1e-9  # kg/m³ · mm


@dataclass(frozen=True)
class WorldParameters:
    """What acts on the rope beside its own inertia; by default nothing does."""

    axis: str = choice(
        "none", "Axis",
        {
            "none": "In space, no gravity", "vertical": "Upright, left end below",
            "across": "Level, as in skipping",
        },
        group=GROUP, folded=True, pages=(*PAGES, "motion"),
        help="How the axis stands in gravity. Upright, the left end is the lower one. Level, "
        "gravity turns against the rope and nothing is steady: see the page Skipping.",
    )  # fmt: skip
    gravity: float = number(
        9.80665, "Gravity", 0.0, 1000.0, unit="m/s²", symbol="g", step=0.1, slider=(0.0, 25.0),
        group=GROUP, folded=True, pages=(*PAGES, "skipping", "free", "motion"),
        help="9.80665 on Earth, 3.72 on Mars, 1.62 on the Moon. It acts where the axis stands "
        "upright or level.",
    )  # fmt: skip
    air: float = number(
        0.0, "Air density", 0.0, 2000.0, unit="kg/m³", step=0.1, slider=(0.0, 5.0),
        group=GROUP, folded=True, pages=(*PAGES, "motion"),
        help="0 is none, 1.2 air, 1000 water. Drag needs hands off the axis: set the radii of the "
        "ends.",
    )  # fmt: skip
    drag_coefficient: float = number(
        1.1, "Drag coefficient", 0.0, 10.0, symbol="C_d", step=0.05, slider=(0.0, 2.0),
        group=GROUP, folded=True, pages=(*PAGES, "motion"),
        help="About 1.1 for a round rope at playground speeds. Only flow across the rope counts.",
    )  # fmt: skip
    diameter: float = number(
        5.0, "Diameter", 0.01, 1000.0, unit="mm", step=0.1, log=True, slider=(0.5, 50.0),
        group=GROUP, folded=True, pages=(*PAGES, "motion"),
        help="Of the rope, as the air meets it. Its mass is set by the density.",
    )  # fmt: skip
    stretches: bool = switch(
        False, "Stretches", group=GROUP, folded=True, pages=PAGES,
        help="Let the rope give: its tension is EA times its stretch. The length is then that of "
        "the rope at rest.",
    )  # fmt: skip
    stiffness: float = number(
        1000.0, "Stiffness", 1e-3, 1e9, unit="N", symbol="EA", step=0.05, log=True,
        slider=(1.0, 1e6), group=GROUP, folded=True, pages=PAGES,
        help="The tension that would double the rope's length. It acts where the rope stretches.",
    )  # fmt: skip
    end_phase: float = number(
        0.0, "End phase", -180.0, 180.0, unit="°", symbol=r"\varphi", step=1.0,
        group=GROUP, folded=True, pages=PAGES,
        help="How far the right end is turned about the axis ahead of the left one. It matters "
        "where both are off the axis.",
    )  # fmt: skip

    @property
    def upright_gravity(self) -> float:
        """Gravity along the axis in m/s²."""
        return self.gravity if self.axis == "vertical" else 0.0

    @property
    def EA(self) -> float:  # noqa: N802
        """The axial stiffness in newtons, infinite for a rope that does not stretch."""
        return self.stiffness if self.stretches else math.inf

    @property
    def drag(self) -> bool:
        """Whether there is air that holds the rope back by more than rounding does."""
        return self.air * self.drag_coefficient * self.diameter > LEAST_DRAG
