"""The parameters of how the rope is looked at: they solve nothing anew."""

from dataclasses import dataclass

from zoetrope.core.parameters import choice, number, playhead, switch, whole


@dataclass(frozen=True)
class ViewParameters:
    """The camera, what is drawn beside the rope, and where it is probed."""

    trail: str = choice(
        "trail", "Spinning view",
        {"trail": "Ghost trail", "strobe": "Strobe", "plain": "Rope only"},
        group="View", live=True, folded=True, pages=("shape",),
        help="What is drawn behind the rope: its last quarter turn, or twelve frozen positions.",
    )  # fmt: skip
    perspective: bool = switch(
        True, "Perspective", group="View", live=True, folded=True,
        pages=("shape", "free", "motion"),
        help="Draw near things larger in the spinning view.",
    )  # fmt: skip
    overlays: str = choice(
        "close", "Compare with",
        {"close": "The close ones", "all": "All six", "blades": "Blades of straight and arc"},
        group="View", live=True, pages=("compare",),
        help="Curves of the rope's length over its span. Blades are made of two straight parts and "
        "an arc, in three fits: same length and sag, least deviation, same end angle.",
    )  # fmt: skip
    magnification: float = number(
        1.0, "Magnify differences", 1.0, 50.0, unit="×", step=1.0, group="View", live=True,
        pages=("compare",),
        help="Draw the other curves this many times farther from the rope than they are.",
    )  # fmt: skip
    family: int = whole(
        24, "Ropes in the family", 2, 500, group="View", live=True, pages=("families",),
        help="How many ropes are drawn between the two slacks that the shaded strip spans.",
    )  # fmt: skip
    family_low: float = number(
        0.01, "Family from slack", 1e-4, 1e3, step=0.05, log=True, group="View", live=True,
        folded=True, pages=("families",), help="Slack of the shortest rope of the family.",
    )  # fmt: skip
    family_high: float = number(
        4.0, "Family to slack", 1e-4, 1e3, step=0.05, log=True, group="View", live=True,
        folded=True, pages=("families",), help="Slack of the longest rope of the family.",
    )  # fmt: skip
    universal: str = choice(
        "angle", "Lower plot",
        {"angle": "End angle", "forces": "Forces", "inertia": "Moment of inertia"},
        group="View", live=True, pages=("families",),
        help="What is drawn over the slack below the sag.",
    )  # fmt: skip
    probe: float = number(
        0.5, "Probe", 0.0, 1.0, step=0.01, group="View", live=True, folded=True,
        pages=("shape", "forces", "compare", "families"),
        help="Where along the rope its local values are read: 0 at the left end, 1 at the right. "
        "Click the rope to set it.",
    )  # fmt: skip
    phase: float = playhead(
        60.0, "Phase", 0.0, 360.0, unit="°", symbol=r"\psi", step=5.0, hidden=True,
        pages=("shape", "skipping", "free"), help="How far the rope has turned, or would have at "
        "an even speed.",
    )  # fmt: skip
    azimuth: float = number(
        -28.0, "Camera azimuth", -180.0, 180.0, unit="°", live=True, hidden=True,
        help="The spinning view's camera, about the vertical.",
    )  # fmt: skip
    elevation: float = number(
        18.0, "Camera elevation", -90.0, 90.0, unit="°", live=True, hidden=True,
        help="The spinning view's camera, above the horizon.",
    )  # fmt: skip
