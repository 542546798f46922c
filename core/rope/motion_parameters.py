"""The parameters of the motion page."""

from dataclasses import dataclass

from zoetrope.core.parameters import choice, number, playhead, whole

TURNS = 20.0
PAGES = ("motion",)


@dataclass(frozen=True)
class MotionParameters:
    """How the chain starts, what it is made of, and when its rod turns."""

    start: str = choice(
        "zigzag", "Starts as",
        {
            "zigzag": "A zigzag", "v_shape": "A V", "hanging": "A hanging rope",
            "mode_2": "Two lobes", "steady": "The steady curve",
        },
        group="Motion", pages=PAGES,
        help="The shape from which it is let go, at rest beside the rod. Two lobes balance, but "
        "the least push makes them one.",
    )  # fmt: skip
    damping: float = number(
        0.5, "Damping", 0.0, 5.0, symbol=r"\gamma/\omega", step=0.05, slider=(0.0, 3.0),
        group="Motion", pages=PAGES,
        help="How strongly motion relative to the rod is braked, in units of the speed. It does "
        "not change where the rope settles; at 0 it never does.",
    )  # fmt: skip
    spin_up: float = number(
        0.0, "Spin-up", 0.0, 20.0, unit="turns", step=0.25, slider=(0.0, 10.0), group="Motion",
        pages=PAGES, help="How long the rod takes to its full speed, in turns at full speed.",
    )  # fmt: skip
    stop_after: float = number(
        20.0, "Rod stops after", 0.0, 20.0, unit="turns", step=0.5, group="Motion", pages=PAGES,
        help="When the rod is brought to rest, within a turn. 20 is not at all.",
    )  # fmt: skip
    segments: int = whole(
        96, "Links", 8, 256, symbol="N", step=8, group="Motion", folded=True, pages=PAGES,
        help="Rigid links that the chain is made of. Twice as many bring it four times as close "
        "to the curve.",
    )  # fmt: skip
    jolt: float = number(
        1e-4, "Jolt", 0.0, 0.05, symbol=r"\varepsilon", step=1e-4, slider=(0.0, 0.01),
        group="Motion", folded=True, pages=PAGES,
        help="Random displacement of the links at the start, in spans: what tips two lobes over.",
    )  # fmt: skip
    jolt_seed: int = whole(
        1, "Jolt's seed", 0, 2**31 - 1, seed=True, group="Motion", folded=True, pages=PAGES,
        help="Which random jolt it is.",
    )  # fmt: skip
    turns: float = playhead(
        TURNS, "Time", 0.0, TURNS, unit="turns", step=1 / 60, hidden=True, pages=PAGES,
        help="Turns of the rod at full speed since the start.",
    )  # fmt: skip
