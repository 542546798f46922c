"""The parameters that say which rope it is and how it spins."""

import math
from dataclasses import dataclass

from zoetrope.core.parameters import number, whole

STEADY = ("shape", "forces", "compare", "families")  # pages of the rope that turns steadily
HELD = (*STEADY, "limits", "skipping", "motion", "fit")  # pages of a rope with both ends held
SIZE = ("length", "sag", "end_angle", "axial_force", "slack")


@dataclass(frozen=True)
class ShapeParameters:
    """A rope between two ends on a spinning axis. Exactly one of the five sizes is given."""

    length: float | None = number(
        2.6, "Length", 0.02, 1000.0, unit="m", symbol="L", step=0.01, log=True, linked="size",
        slider=(0.1, 20.0), group="Rope",
        help="How long the rope is. It must be longer than the distance between its ends.",
    )  # fmt: skip
    sag: float | None = number(
        None, "Sag", 1e-6, 500.0, unit="m", symbol="h", step=0.01, log=True, linked="size",
        slider=(0.01, 10.0), group="Rope", pages=STEADY,
        help="How far the rope stands out from the axis at most. Drag the apex to set it.",
    )  # fmt: skip
    end_angle: float | None = number(
        None, "End angle", 0.001, 89.9999, unit="°", symbol=r"\theta", step=0.5, linked="size",
        slider=(1.0, 89.5), group="Rope", pages=STEADY,
        help="Between the rope and the axis where it is held, at the left end.",
    )  # fmt: skip
    axial_force: float | None = number(
        None, "End force", 1e-9, 1e9, unit="N", symbol="H", step=0.02, log=True, linked="size",
        slider=(0.01, 1000.0), group="Rope", pages=STEADY,
        help="The part of the pull on each end that points along the axis. It is the same at "
        "every point of the rope.",
    )  # fmt: skip
    slack: float | None = number(
        None, "Slack", 1e-12, 1e6, symbol="L/d - 1", step=0.05, log=True, linked="size",
        slider=(1e-4, 20.0), group="Rope", folded=True,
        help="Length over the straight distance between the ends, minus 1. The shape depends on "
        "this alone.",
    )  # fmt: skip
    span: float = number(
        0.9, "Span", 0.02, 100.0, unit="m", symbol="d", step=0.01, log=True,
        slider=(0.05, 10.0), group="Rope", pages=HELD,
        help="The distance between the ends along the axis. Drag the right end to set it.",
    )  # fmt: skip
    speed: float = number(
        120.0, "Speed", 0.0, 1e5, unit="rpm", symbol=r"\omega", step=5.0, slider=(1.0, 1200.0),
        group="Spin", pages=(*STEADY, "limits", "skipping", "free", "motion"),
        help="Turns a minute. Without gravity it changes the forces, not the shape.",
    )  # fmt: skip
    density: float = number(
        50.0, "Density", 1e-3, 1e5, unit="g/m", symbol=r"\rho", step=0.05, log=True,
        slider=(1.0, 1000.0), group="Spin", pages=(*STEADY, "limits", "skipping", "free"),
        help="Mass of a metre of rope. Without gravity it changes the forces, not the shape.",
    )  # fmt: skip
    mode: int = whole(
        1, "Mode", 1, 6, symbol="n", group="Ends and mode", folded=True, pages=HELD,
        help="How many lobes the rope has. All but the first are unstable: a real rope leaves "
        "them.",
    )  # fmt: skip
    radius0: float = number(
        0.0, "Left radius", -20.0, 50.0, unit="m", symbol="r_0", step=0.01, slider=(-2.0, 5.0),
        group="Ends and mode", folded=True, pages=HELD,
        help="How far from the axis the left end is held. Drag the left end up or down to set it.",
    )  # fmt: skip
    radius1: float = number(
        0.0, "Right radius", -20.0, 50.0, unit="m", symbol="r_1", step=0.01, slider=(-2.0, 5.0),
        group="Ends and mode", folded=True, pages=HELD,
        help="How far from the axis the right end is held.",
    )  # fmt: skip

    @property
    def omega(self) -> float:
        """Angular speed in rad/s."""
        return self.speed * math.pi / 30

    @property
    def given(self) -> str:
        """The name of the size that is given; the other four follow from it."""
        return next(name for name in SIZE if getattr(self, name) is not None)
