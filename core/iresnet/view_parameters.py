"""How the i-ResNet lab is looked at, and its playheads."""

from __future__ import annotations

from dataclasses import dataclass

from zoetrope.core.iresnet.lab_choices import (
    COLOURINGS,
    COMPARED,
    FLOW_PAGES,
    METHODS,
    SCALES,
    TRAINED_ON,
)
from zoetrope.core.iresnet.network_parameters import MOST_STEPS, USUAL_LENGTH
from zoetrope.core.parameters import (
    Parameters,
    choice,
    number,
    playhead,
    switch,
    table,
    whole,
)

MANY, SAMPLE_SEED = 600, 1  # Gaussian points that are sent backwards
DRAWN = 1200  # data points on their way to the Gaussian
SENT = 150  # data points that are sent there and back


@dataclass(frozen=True)
class ViewParameters(Parameters):
    """What is looked at, and how: nothing here changes the training."""

    density: str = choice(
        "plain", "Density scale", SCALES, group="View", live=True, folded=True,
        pages=FLOW_PAGES,
        help="Linear shows where the points are; logarithmic shows the filaments between them, "
        "which no invertible network can do without.",
    )  # fmt: skip
    compare: str = choice(
        "data", "Beside it", COMPARED, group="View", live=True, pages=("train",),
        help="What stands beside the learned density: the data, their true density, or how much "
        "the learned one is too high (red) or too low (blue).",
    )  # fmt: skip
    contours: bool = switch(
        False, "Contours", group="View", live=True, folded=True, pages=("train",),
        help="Lines over the learned density: what they enclose holds 50, 80 and 95 % of what the "
        "picture shows of it.",
    )  # fmt: skip
    colouring: str = choice(
        "angle", "Colour of points", COLOURINGS, group="View", live=True, folded=True,
        pages=("train", "transport", "inverse"),
        help="Points keep their colour on the way: by their direction from the middle of the data, "
        "or by the density learned there.",
    )  # fmt: skip
    best: bool = switch(
        False, "Best validated weights", group="View", live=True, folded=True,
        pages=FLOW_PAGES,
        help="Show the network as it was when its likelihood on the held-out points was best, and "
        "not as it is now. They are held out every 50 steps.",
    )  # fmt: skip
    grid: bool = switch(
        True, "Grid", group="Transport", live=True, pages=("transport",),
        help="Draw 25 by 25 lines over the data and bend them as the network bends the plane.",
    )  # fmt: skip
    latent_x: float = number(
        0.8, "Latent point, across", -4.0, 4.0, symbol="z_1", step=0.05, group="Transport",
        live=True, pages=("transport",),
        help="A point of the Gaussian that you can drag; Newton's method follows it to the data.",
    )  # fmt: skip
    latent_y: float = number(
        0.5, "Latent point, up", -4.0, 4.0, symbol="z_2", step=0.05, group="Transport",
        live=True, pages=("transport",), help="The other coordinate of that point.",
    )  # fmt: skip
    ring: float = number(
        0.3, "Ring about it", 0.0, 2.0, step=0.05, group="Transport", live=True, folded=True,
        pages=("transport",),
        help="Radius of a circle about the latent point, whose image shows how the plane is "
        "stretched there.",
    )  # fmt: skip
    probes: tuple[tuple[float, ...], ...] = table(
        "Latent points", ("z1", "z2"), low=-6.0, high=6.0, most_rows=400, live=True,
        group="Transport", folded=True, pages=("transport",),
        help="Latent points of your own instead of Gaussian ones: drag them, draw round some to "
        "move them together, double-click to add, Delete to remove.",
    )  # fmt: skip
    method: str = choice(
        "newton", "Solver", METHODS, group="Inverse", live=True, pages=("inverse",),
        help="What undoes each block on the way home. Picard is the paper's; Newton needs the 2 by "
        "2 Jacobian, which is closed form here; Anderson mixes the last three iterates.",
    )  # fmt: skip
    iterations: int = whole(
        60, "Iterations at most", 1, 400, group="Inverse", live=True, log=True, step=0.1,
        pages=("inverse",), help="Of each solver in each block.",
    )  # fmt: skip
    block: int = whole(
        1, "Block", 1, 64, group="Inverse", live=True, pages=("inverse",),
        help="Whose error curves are drawn.",
    )  # fmt: skip
    step: float = playhead(
        200.0, "Training step", 0.0, float(MOST_STEPS), slider=(0.0, float(USUAL_LENGTH)),
        until="length", unit="steps", step=1.0, hidden=True, driven=True, limit="speed_limit",
        pages=TRAINED_ON,
        help="How many steps the network has been trained. Play trains on, pause holds it, the "
        "left end begins anew, and going back shows the network as it was.",
    )  # fmt: skip
    layer: float = playhead(
        1.0, "Depth", 0.0, 1.0, step=1 / 64, hidden=True, swings=True, pages=("transport",),
        help="How far the points have come through the network, from the data at 0 to the "
        "Gaussian at 1. Between layers they are at x + τ g(x), which is invertible as well.",
    )  # fmt: skip
    home: float = playhead(
        0.7, "Way home", 0.0, 1.0, step=1 / 64, hidden=True, swings=True, pages=("inverse",),
        help="How far the points have come back, block by block and iteration by iteration.",
    )  # fmt: skip
