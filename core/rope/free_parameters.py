"""The parameters of the page of the rope with a free end."""

from dataclasses import dataclass

from zoetrope.core.parameters import number, whole

PAGES = ("free",)


@dataclass(frozen=True)
class FreeParameters:
    """Where the upper end is held, and which of the shapes is looked at."""

    support: float = number(
        0.0, "Hand's radius", 0.0, 50.0, unit="m", step=0.01, slider=(0.0, 2.0), group="Free end",
        pages=PAGES, help="How far from the upright axis the upper end is held. Drag it.",
    )  # fmt: skip
    shape: int = whole(
        1, "Shape drawn bold", 1, 80, group="Free end", live=True, pages=PAGES,
        help="Which of the shapes that coexist: 1 crosses the axis least. The last one stands for "
        "all numbers above it.",
    )  # fmt: skip
