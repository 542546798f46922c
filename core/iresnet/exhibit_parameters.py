"""What can be turned on the pages that show why: collapse, estimators, bounds, and the line."""

from __future__ import annotations

import math
from dataclasses import dataclass

from zoetrope.core.iresnet.lab_choices import ESTIMATORS
from zoetrope.core.parameters import Parameters, choice, number, playhead, whole

MOST_TERMS = 40  # of the series that are drawn
MOST_POINTS = 400  # whose estimates are taken
_MAP, _WIDE, _STRETCH = 112, 128, 96  # cells along a side in a network of the usual size
_USUAL_SIZE = 1024  # neurons
LINE_HIDDEN = 64  # neurons of the line's blocks
_FEATURES = 1 << 20  # of points and blocks whose Jacobians are taken in one step
RIVALS = {name: words for name, words in ESTIMATORS.items() if name != "exact"}


@dataclass(frozen=True)
class ExhibitParameters(Parameters):
    """Controls of one page each; all are live, as none of them is a setting of the network.

    They are declared folded, so that they take no place from the others, and each page unfolds its
    own.
    """

    asked_x: float = number(
        1.0, "Point asked about, across", -1e9, 1e9, symbol="x_1", step=0.1,
        slider=(-5.0, 5.0), group="Collapse", live=True, folded=True, pages=("collapse",),
        help="Where does this point go, and which others go to the same place? Click in a picture.",
    )  # fmt: skip
    asked_y: float = number(
        1.0, "Point asked about, up", -1e9, 1e9, symbol="x_2", step=0.1, slider=(-5.0, 5.0),
        group="Collapse", live=True, folded=True, pages=("collapse",),
        help="The other coordinate of it.",
    )  # fmt: skip
    rival_estimator: str = choice(
        "trace", "Estimate by", RIVALS, group="Estimate", live=True, folded=True,
        pages=("estimators",),
        help="How the papers get log |det|: this is what the points are coloured by, and what a "
        "second network is trained on.",
    )  # fmt: skip
    rival_terms: int = whole(
        2, "Its terms", 1, MOST_TERMS, symbol="n", group="Estimate", live=True, folded=True,
        pages=("estimators",),
        help="Length of the cut series. Click in a curve. Russian roulette has no such number.",
    )  # fmt: skip
    seen_point: int = whole(
        -1, "Point looked at", -1, 9999, group="Estimate", live=True, folded=True,
        pages=("estimators",),
        help="Which of the points the curves are of, the one under the mouse; −1 is the mean of "
        "all.",
    )  # fmt: skip
    seen_block: int = whole(
        1, "Block looked at", 1, 64, group="Bounds", live=True, folded=True, pages=("lipschitz",),
        help="Whose stretching is shown over the plane. Click on a bar.",
    )  # fmt: skip
    line_start: float = number(
        0.1, "Start followed", -2.0, 2.0, symbol="x_0", step=0.02, group="Line", live=True,
        folded=True, pages=("line",),
        help="Whose path is followed, with all others that are at the same place. Drag the point.",
    )  # fmt: skip
    line_half: int = whole(
        8, "Blocks to half depth", 1, 12, symbol="K/2", group="Line", live=True,
        folded=True, pages=("line",),
        help="x³ is learned after so many blocks, x after twice as many.",
    )  # fmt: skip
    line_steps: int = whole(
        300, "Steps of training", 0, 1000, step=50, slider=(0, 600), group="Line", live=True,
        folded=True, pages=("line",), help="Of both networks, in batches of 256 points.",
    )  # fmt: skip
    line_depth: float = playhead(
        1.0, "Depth", 0.0, 1.0, step=1 / 64, hidden=True, pages=("line",),
        help="How far the points have come through the two networks.",
    )  # fmt: skip


def other_bound(bound: str) -> str:
    """Return what bounds the network that stands beside one of that bound: none beside a held one,
    and a balanced one beside a plain ResNet.
    """
    return "balanced" if bound == "none" else "none"


def estimated_points(n_blocks: int, hidden: int) -> int:
    """Return at how many points the estimates are taken: at fewer in a large network."""
    return min(MOST_POINTS, max(16, _FEATURES // max(1, n_blocks * hidden)))


def map_cells(n_blocks: int, hidden: int) -> int:
    """Return how many cells the collapse page's maps have along a side."""
    return _fewer(_MAP, n_blocks, hidden)


def wide_cells(n_blocks: int, hidden: int) -> int:
    """Return how many cells its integrals have along a side."""
    return _fewer(_WIDE, n_blocks, hidden)


def stretch_cells(n_blocks: int, hidden: int) -> int:
    """Return how many cells the map of one block's stretching has along a side."""
    return _fewer(_STRETCH, n_blocks, hidden)


def _fewer(cells: int, n_blocks: int, hidden: int) -> int:
    """An even number of cells that takes no longer in a large network than the given one does in
    one of the usual size.
    """
    share = min(1.0, _USUAL_SIZE / max(1, n_blocks * hidden))
    return 2 * math.floor(cells * math.sqrt(share) / 2)
