"""The parameters of the skipping page."""

from dataclasses import dataclass

from zoetrope.core.parameters import number

PAGES = ("skipping",)


@dataclass(frozen=True)
class SkippingParameters:
    """How high the hands are held, and how tall the one is who skips."""

    hand_height: float = number(
        1.0, "Hands above ground", 0.0, 20.0, unit="m", step=0.05, slider=(0.2, 3.0),
        group="Skipping", live=True, pages=PAGES,
        help="Height of the axis. The rope needs it to pass over a head and under feet.",
    )  # fmt: skip
    skipper: float = number(
        1.5, "Skipper's height", 0.1, 5.0, unit="m", step=0.05, slider=(0.8, 2.2),
        group="Skipping", live=True, pages=PAGES,
        help="From feet to crown, of the one who stands under the middle of the rope.",
    )  # fmt: skip
