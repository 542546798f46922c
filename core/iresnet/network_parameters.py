"""The i-ResNet lab's network, and how it is trained."""

from __future__ import annotations

from dataclasses import dataclass

from zoetrope.core.iresnet.lab_choices import (
    ACTIVATIONS,
    BOUNDS,
    ESTIMATORS,
    FLOW_PAGES,
    SCHEDULES,
    TRAINED_ON,
)
from zoetrope.core.parameters import (
    Parameters,
    choice,
    data_file,
    number,
    switch,
    whole,
)

USUAL_LENGTH = 1500  # steps of a whole training
MOST_STEPS = 20_000  # of any training


@dataclass(frozen=True)
class NetworkParameters(Parameters):
    """Shape, bound, objective and optimiser."""

    n_blocks: int = whole(
        16, "Blocks", 0, 64, symbol="K", group="Network", live=True,
        pages=FLOW_PAGES,
        help="Residual blocks x + g(x). More may be added while it trains: a new block begins as "
        "nothing. Fewer begin anew.",
    )  # fmt: skip
    lip: float = number(
        0.97, "Lipschitz bound", 0.05, 1.5, symbol="c", step=0.01, group="Network", live=True,
        finest=(1.0, 0.02), warn_from=1.0,
        help="What no block's Lipschitz constant exceeds. Below 1 every block is invertible for "
        "sure; at 1 and above nothing is promised.",
    )  # fmt: skip
    bound: str = choice(
        "balanced", "Held by", BOUNDS, group="Network",
        pages=FLOW_PAGES,
        help="How the bound is kept. Norm of each layer is the paper's and wastes most of it; the "
        "balanced bound leaves the features free. None lets the network fold.",
    )  # fmt: skip
    activation: str = choice(
        "sin", "Activation", ACTIVATIONS, group="Network",
        pages=FLOW_PAGES,
        help="Slopes from −1 to 1 use the whole bound; slopes from 0 to 1 half of it.",
    )  # fmt: skip
    hidden: int = whole(
        64, "Neurons", 8, 256, symbol="H", log=True, step=0.1, group="Network", folded=True,
        pages=FLOW_PAGES,
        help="Of each block's one hidden layer.",
    )  # fmt: skip
    w1_scale: float = number(
        4.0, "Feature frequency", 0.1, 10.0, symbol="s", log=True, step=0.1, group="Network",
        folded=True,
        pages=FLOW_PAGES,
        help="Standard deviation of the first weights: how fine the features are. The strongest "
        "knob there is. With few points take 1.",
    )  # fmt: skip
    affine: bool = switch(
        True, "Affine layers", group="Network", folded=True,
        pages=FLOW_PAGES,
        help="Let a scale and a shift between the blocks be trained.",
    )  # fmt: skip
    network_file: str = data_file(
        "Trained network", group="Network", folded=True, endings=(".safetensors",),
        pages=FLOW_PAGES,
        help="A network that was exported before, to look at. While there is one, nothing trains.",
    )  # fmt: skip
    estimator: str = choice(
        "exact", "Log-determinant", ESTIMATORS, group="Training", live=True, folded=True,
        pages=FLOW_PAGES,
        help="What training takes for log |det|: in the plane the exact one is also the cheapest; "
        "the others are the papers'.",
    )  # fmt: skip
    terms: int = whole(
        10, "Terms", 1, 40, symbol="n", group="Training", live=True, folded=True,
        pages=FLOW_PAGES,
        help="Of the cut series. Few terms are biased, and training exploits the bias.",
    )  # fmt: skip
    n_exact: int = whole(
        2, "Sure terms", 0, 20, group="Training", live=True, folded=True,
        pages=FLOW_PAGES,
        help="Terms that Russian roulette always takes.",
    )  # fmt: skip
    stop: float = number(
        0.5, "Stopping chance", 0.05, 0.95, symbol="p", step=0.05, group="Training", live=True,
        folded=True, pages=FLOW_PAGES, help="That Russian roulette stops after each further term.",
    )  # fmt: skip
    lr: float = number(
        5e-3, "Learning rate", 1e-5, 0.1, log=True, step=0.1, group="Training", live=True,
        pages=FLOW_PAGES,
        help="Adam's, at its highest.",
    )  # fmt: skip
    batch: int = whole(
        512, "Batch", 64, 4096, symbol="B", log=True, step=0.1, group="Training", live=True,
        folded=True, pages=FLOW_PAGES, help="Points of a step.",
    )  # fmt: skip
    schedule: str = choice(
        "cosine", "Schedule", SCHEDULES, group="Training", live=True, folded=True,
        pages=FLOW_PAGES,
        help="Cosine lets the rate fall to 2 % by the end of the training; both rise for 50 steps "
        "first.",
    )  # fmt: skip
    length: int = whole(
        USUAL_LENGTH, "Training length", 100, MOST_STEPS, unit="steps", log=True, step=0.1,
        group="Training", live=True, folded=True, pages=FLOW_PAGES,
        help="How far playing trains, and where the cosine ends. A longer training comes closer to "
        "the density; where one has ended, play goes on once there is more to do.",
    )  # fmt: skip
    speed_limit: float = number(
        0.0, "Speed limit", 0.0, 1000.0, unit="steps/s", step=1.0, group="Training", live=True,
        folded=True, pages=TRAINED_ON,
        help="How many steps are taken in a second at most while you watch; 0 is no limit. Exports "
        "do not wait.",
    )  # fmt: skip
    again: int = whole(
        0, "Beginnings", 0, 2**31 - 1, hidden=True,
        pages=FLOW_PAGES,
        help="How often the training was begun anew by hand; it changes nothing else.",
    )  # fmt: skip
